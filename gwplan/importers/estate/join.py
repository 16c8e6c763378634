"""References of a source to the names of the inventory: by id, then by name, then by a short name that is unique."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from gwplan.importers.draft import BUILT_IN_SERVER, THIS_SERVER, ZERO_ID, Draft, Ref, Thing
from gwplan.importers.words import clean_name
from gwplan.inventory.form import SECTION_OF, WORDS
from gwplan.inventory.names import natural

_SHOWN = 8
"""How many of the things that an ambiguous reference may mean are named."""
_SHARED = {"scale_out_repository": "repository"}
"""Kinds whose names live in one space: a repository and a scale-out repository may not share one."""


@dataclass(slots=True)
class JoinedNames:
    """The inventory's name of each thing. A dangling reference to a server adds it; all others resolve to None."""

    draft: Draft
    by_id: dict[tuple[str, str], Thing] = field(default_factory=dict)
    by_name: defaultdict[tuple[str, str], list[Thing]] = field(default_factory=lambda: defaultdict(list))
    by_short_name: defaultdict[tuple[str, str], list[Thing]] = field(default_factory=lambda: defaultdict(list))
    given: dict[int, str] = field(default_factory=dict)
    taken: set[tuple[str, str]] = field(default_factory=set)
    numbers: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How many of one name have been told apart by a number."""
    uses: defaultdict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    """The keys under which each thing is referred to."""

    def take_in(self, thing: Thing) -> None:
        """Give a thing its name in the inventory, and index it under all of its ids and names."""
        self.given[id(thing)] = self._free_name(thing)
        for identifier in (thing.id, *thing.aliases):
            if identifier and identifier != ZERO_ID:
                self.by_id.setdefault((thing.kind, identifier.lower()), thing)
        for name in {word.casefold() for word in (thing.name, *thing.aliases) if word}:
            self.by_name[thing.kind, name].append(thing)
            short = name.partition(".")[0]
            if short != name and not short.isdigit():  # the first number of an address is no name
                self.by_short_name[thing.kind, short].append(thing)

    def of(self, thing: Thing) -> str:
        return self.given[id(thing)]

    def resolve(self, ref: Ref, user: str, key: str) -> Thing | None:
        """What a reference means; a dangling or ambiguous one is reported with who uses it."""
        found = self._find(ref)
        if isinstance(found, Thing):
            self.uses[id(found)].add(key)
            return found
        kinds = WORDS[ref.kind]
        if len(found) > 1:
            rivals = ", ".join(sorted((self.of(thing) for thing in found[:_SHOWN]), key=natural))
            rivals += f" … ({len(found)} in all)" if len(found) > _SHOWN else ""
            why = f"`{key}` of {user} names {kinds} {ref}, which may be {rivals}"
        else:
            why = f"`{key}` of {user} names {kinds} {ref}, which is not in what was read"
        if ref.kind == "server" and len(found) <= 1:
            thing = self._stand_in(ref, why)
            self.uses[id(thing)].add(key)
            return thing
        self.draft.left_out(ref.kind, str(ref), why)
        return None

    def _find(self, ref: Ref) -> Thing | list[Thing]:
        kinds = (ref.kind, "scale_out_repository") if ref.kind == "repository" else (ref.kind,)
        for kind in kinds:
            if ref.id and (thing := self.by_id.get((kind, ref.id.lower()))):
                return thing
        if ref.kind == "server" and (ref.id == BUILT_IN_SERVER or ref.name.casefold().startswith(THIS_SERVER)):
            server = self.draft.backup_server
            return self._find(server) if server and server != ref else []
        name = ref.name.casefold()
        for word in dict.fromkeys((name, name.partition(".")[0])):
            found = self._called(self.by_name, kinds, word) or self._called(self.by_short_name, kinds, word)
            if found and word.partition(".")[0].isdigit() <= (word == name):
                return found[0] if len(found) == 1 else found
        return []

    def _called(self, index: Mapping[tuple[str, str], list[Thing]], kinds: Iterable[str], word: str) -> list[Thing]:
        """The things of some kinds under a word. A single list is the index's own, not copied, as it may be long."""
        found = [index[kind, word] for kind in kinds if word and (kind, word) in index]
        return found[0] if len(found) == 1 else [thing for one in found for thing in one]

    def _stand_in(self, ref: Ref, why: str) -> Thing:
        name = ref.name or f"server-{ref.id[:8]}"
        guesses = {"": why, "os": "by the kind of what names it"}
        thing = Thing("server", ref.id, name, {"os": ref.hint}, "", guesses=guesses)
        self.draft.things.append(thing)
        self.take_in(thing)
        return thing

    def _free_name(self, thing: Thing) -> str:
        """The thing's own name; with its type or a part of its id where another thing has it already."""
        space = _SHARED.get(thing.kind, thing.kind)
        name = clean_name(thing.name)
        if name != thing.name:
            thing.guesses[""] = f"its name {thing.name[:80]!r} cannot be a name of the inventory"
        if (space, name) not in self.taken:
            self.taken.add((space, name))
            return name
        detail = str(thing.keys.get("type") or thing.keys.get("platform") or SECTION_OF[thing.kind]).replace("_", " ")
        choices = [name, f"{name[:200]} ({detail})", clean_name(f"{name[:200]} ({thing.id[:8] or detail})")]
        free = next((word for word in choices if (space, word) not in self.taken), "")
        while not free:
            self.numbers[space, name[:200]] += 1
            word = f"{name[:200]} ({self.numbers[space, name[:200]] + 1})"
            free = word if (space, word) not in self.taken else ""
        if free != name:
            thing.guesses.setdefault("", f"another {WORDS[thing.kind]} is called {name}")
        self.taken.add((space, free))
        return free


def named(value: Any, names: JoinedNames, user: str, key: str) -> Any:
    """A value with a name for every Ref in it: None for one that resolves to nothing, and lists without it."""
    if isinstance(value, Ref):
        if not value:
            return None
        thing = names.resolve(value, user, key)
        return names.of(thing) if thing else None
    if isinstance(value, (list, tuple)):
        found = [named(item, names, user, key) for item in value]
        return list(dict.fromkeys(item for item in found if item is not None))
    if isinstance(value, dict):
        found_in = {inner: named(item, names, user, key) for inner, item in value.items()}
        return {inner: item for inner, item in found_in.items() if item not in (None, [])}
    return value
