"""What differs between two inventories, entry by entry: added, removed, changed, renamed, and the keys that differ.

Entries are matched by ``id`` where both have one, else by kind and name. If exactly one entry that is left on each side
says the same, it is taken for renamed, and marked as guessed. References that only follow a rename are no difference.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from pydantic import BaseModel

from gwplan.inventory.document import SECTIONS, Head
from gwplan.inventory.form import KINDS
from gwplan.inventory.mentions import mentions_of
from gwplan.inventory.model import Inventory
from gwplan.inventory.names import natural
from gwplan.inventory.references import kind_and_name
from gwplan.inventory.renames import ROLES, Renames, renamed
from gwplan.inventory.written import written


class KeyChange(NamedTuple):
    """A key whose value differs, with the two values as a text would have them: plain data."""

    key: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class EntryEdit:
    """One entry that differs. ``change`` is added, removed, changed or renamed; ``was`` is the name before a rename,
    ``guessed`` where no id says that the two are one."""

    kind: str
    name: str
    change: str
    was: str | None = None
    keys: tuple[KeyChange, ...] = ()
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """All edits from one inventory to another, and the earlier one under the names of the later."""

    edits: tuple[EntryEdit, ...]
    before: Inventory
    renames: Renames


HEAD = tuple(key for key in ("product_version", "backup_server", "default_mount_servers") if key in Head.model_fields)


def difference(old: Inventory, new: Inventory) -> Difference:
    """What differs, in the order of the sections and of names."""
    if old is new:
        return Difference((), old, Renames(old))
    pairs = _Pairs(old, new)
    pairs.match()
    pairs.guess()
    pairs.keep_apart()
    before = renamed(old, pairs.renames)
    return Difference((*_head(before, new), *_edits(pairs, before)), before, pairs.renames)


class _Pairs:
    """Which entry of one inventory is which of the other, section by section."""

    def __init__(self, old: Inventory, later: Inventory) -> None:
        self.later = later
        self.old, self.new = old.sections, later.sections
        self.renames = Renames(old)
        self.guessed: set[tuple[str, str]] = set()
        """Section and new name."""
        self.gone: dict[str, dict[str, Any]] = {}
        self.come: dict[str, dict[str, Any]] = {}

    def match(self) -> None:
        """By ids, then by names."""
        for section in SECTIONS:
            old, new = self.old[section], self.new[section]
            ids, new_ids = _by_id(old), _by_id(new)
            same = {ids[one]: new_ids[one] for one in ids.keys() & new_ids.keys()}
            taken = set(same.values())
            same.update({name: name for name in old if name not in same and name in new and name not in taken})
            self.renames.names[section].update({was: name for was, name in same.items() if was != name})
            taken = set(same.values())
            self.gone[section] = {name: entry for name, entry in old.items() if name not in same}
            self.come[section] = {name: entry for name, entry in new.items() if name not in taken}

    def guess(self) -> None:
        """Take for renamed what is otherwise equal, one on each side. A rename may make entries that refer to it equal,
        too, so they are compared again until nothing new is found."""
        come = {
            section: _by_content((name, _content(section, name, entry, self.later)) for name, entry in found.items())
            for section, found in self.come.items()
            if found and self.gone[section]
        }
        waiting = {section: set(self.gone[section]) for section in come}
        contents: dict[str, dict[str, str]] = {section: {} for section in come}
        while any(waiting.values()):
            found: dict[str, set[str]] = {}
            for section, names in waiting.items():
                for name in names & self.gone[section].keys():
                    entry = self.renames.entry(section, name, self.gone[section][name])
                    contents[section][name] = _content(section, name, entry, self.later, self.renames)
                gone = _by_content((name, contents[section][name]) for name in self.gone[section])
                for content, ours in gone.items():
                    theirs = [name for name in come[section].get(content, ()) if name in self.come[section]]
                    if len(ours) == len(theirs) == 1 and self._may_be_one(section, ours[0], theirs[0]):
                        self._take(section, ours[0], theirs[0])
                        found.setdefault(section, set()).add(ours[0])
            waiting = {section: self._naming(section, found) for section in come} if found else {}

    def _may_be_one(self, section: str, was: str, name: str) -> bool:
        """Whether two entries can be the same thing: two that both have an id would have been matched by it."""
        return None in (_id(self.gone[section][was]), _id(self.come[section][name]))

    def _take(self, section: str, was: str, name: str) -> None:
        self.renames.names[section][was] = name
        self.guessed.add((section, name))
        del self.gone[section][was], self.come[section][name]

    def _naming(self, section: str, found: Mapping[str, set[str]]) -> set[str]:
        """The entries that are left and name something that was just renamed."""
        just = {name for names in found.values() for name in names}
        groups = tuple(f"{name}-" for name in found.get("workloads", ()))
        return {
            name
            for name, entry in self.gone[section].items()
            if (section in ROLES and name in just)
            or any(
                m.name in just or m.name.partition(":")[2] in just or (groups and m.name.startswith(groups))
                for m in mentions_of(section, name, entry)
            )
        }

    def keep_apart(self) -> None:
        """Give what is gone another name where something else has taken its own."""
        for section, gone in self.gone.items():
            twin = _APART.get(section, section)
            taken = {*self.renames.names[section].values(), *self.renames.names[twin].values()}
            for name in gone.keys() & taken:
                apart = f"{name} (before)"
                while apart in self.old[section] or apart in self.new[section]:
                    apart += "'"
                self.renames.names[section][name] = apart


_APART = {
    "repositories": "scale_out_repositories",
    "scale_out_repositories": "repositories",
    "servers": "clusters",
    "clusters": "servers",
}
"""Sections of which no two entries share a name."""


def _id(entry: Any) -> str | None:
    return getattr(entry, "id", None)


def _by_id(entries: Mapping[str, Any]) -> dict[str, str]:
    """Names by id; an id that several entries share is left out."""
    numbers = Counter(given for entry in entries.values() if (given := _id(entry)) is not None)
    return {_id(entry) or "": name for name, entry in entries.items() if numbers.get(_id(entry) or "") == 1}


def _by_content(names: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, content in names:
        found.setdefault(content, []).append(name)
    return found


def _content(section: str, name: str, entry: Any, inventory: Inventory, renames: Renames | None = None) -> str:
    """Everything that an entry says except its name and id, as a text to compare."""
    said = _meant(section, name, entry, inventory)
    if isinstance(said, BaseModel):
        server = {"server": (renames.new("servers", name) if renames else name)} if section in ROLES else {}
        own = {key: value for key, value in said.__dict__.items() if key != "id"}
        if server and own["server"] is None:
            own |= server
        return f"{type(said).__name__} {sorted(own.items())!r} {said.__pydantic_extra__!r}"
    return repr(said if section == "clusters" else sorted(said))


def _meant(section: str, name: str, entry: Any, inventory: Inventory) -> Any:
    """An entry with every reference that may name several kinds in full: ``gw01`` and ``server:gw01`` are the same."""
    if section not in _AMBIGUOUS:
        return entry
    if isinstance(entry, tuple):
        return tuple(dict.fromkeys(_in_full(m.name, m.names, inventory) for m in mentions_of(section, name, entry)))
    places = entry.accessible_from
    if places is None:
        return entry
    full = [_in_full(m.name, m.names, inventory) for m in mentions_of(section, name, entry) if m.names.may_say_kind]
    return entry.model_copy(update={"accessible_from": tuple(full)})


_AMBIGUOUS = ("fabrics", "failure_domains", "repositories")


def _in_full(reference: str, names: Any, inventory: Inventory) -> str:
    kind, name = kind_and_name(reference, names, inventory.sections)
    return f"{kind}:{name}"


# --- the edits --------------------------------------------------------------------------------------------------------


def _head(old: Inventory, new: Inventory) -> Iterator[EntryEdit]:
    for key in HEAD:
        before, after = getattr(old, key), getattr(new, key)
        if before != after:
            change = KeyChange(key, written(Head, key, before), written(Head, key, after))
            yield EntryEdit("inventory", key, "changed", keys=(change,))


def _edits(pairs: _Pairs, before: Inventory) -> Iterator[EntryEdit]:
    earlier = before.sections
    for section, kind in KINDS.items():
        names = pairs.renames.names[section]
        was = {new: old for old, new in names.items() if old not in pairs.gone[section]}
        found = [EntryEdit(kind, name, "removed") for name in pairs.gone[section]]
        for name, entry in pairs.new[section].items():
            if name in pairs.come[section]:
                found.append(EntryEdit(kind, name, "added"))
                continue
            old = earlier[section][name]
            is_named_anew = bool(pairs.renames)
            if old is entry or (name not in was and old == entry):
                continue
            keys = _keys(section, name, old, entry, (before, pairs.later) if is_named_anew else None)
            if name in was:
                guessed = (section, name) in pairs.guessed
                found.append(EntryEdit(kind, name, "renamed", was[name], keys, guessed))
            elif keys:
                found.append(EntryEdit(kind, name, "changed", keys=keys))
        yield from sorted(found, key=lambda edit: (natural(edit.name), edit.change))


def _keys(
    section: str, name: str, old: Any, new: Any, worlds: tuple[Inventory, Inventory] | None
) -> tuple[KeyChange, ...]:
    """The keys whose values differ. After a rename, names are compared by what they mean."""
    one, other = old, new
    if worlds is not None:
        one, other = _meant(section, name, old, worlds[0]), _meant(section, name, new, worlds[1])
    if not isinstance(old, BaseModel) or not isinstance(new, BaseModel):
        is_same = one == other if section == "clusters" else set(one) == set(other)  # the order of hosts counts
        return () if is_same else (KeyChange("members", list(old), list(new)),)
    keys = dict.fromkeys([*type(old).model_fields, *type(new).model_fields, *_free(old), *_free(new)])
    changes = []
    for key in keys:
        before, after = getattr(one, key, None), getattr(other, key, None)
        if section in ROLES and key == "server":
            before, after = before or name, after or name
        if before != after and not (_is_default(one, key) and _is_default(other, key)):
            values = (written(type(entry), key, getattr(entry, key, None)) for entry in (old, new))
            changes.append(KeyChange(_called(type(new), key), *values))
    return tuple(changes)


def _is_default(entry: BaseModel, key: str) -> bool:
    """Whether an entry says no more under a key than one that has no such key."""
    field = type(entry).model_fields.get(key)
    return getattr(entry, key, None) == (field.default if field else None)


def _free(entry: BaseModel) -> Iterable[str]:
    return entry.__pydantic_extra__ or ()


def _called(model: type[BaseModel], key: str) -> str:
    field = model.model_fields.get(key)
    return field.alias or key if field else key
