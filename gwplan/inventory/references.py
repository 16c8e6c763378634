"""Whether every name that an entry gives is known and, where one is not, what was probably meant."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from gwplan.findings import (
    DUPLICATE_NAME,
    UNKNOWN_REFERENCE,
    CertainFix,
    Edit,
    Finding,
    Path,
    Renamed,
    Rule,
    Spot,
    Subject,
)
from gwplan.inventory.form import KINDS, SECTION_OF, WORDS, kind_of
from gwplan.inventory.meant import key_meant
from gwplan.inventory.mentions import Column, Mention, columns
from gwplan.inventory.names import Guess, Guesses, group_of, member_meant
from gwplan.inventory.types import Names

Sections = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Checking:
    """An inventory that is being checked, and the findings so far."""

    data: Mapping[str, Any]
    """The inventory as its text has it, right or wrong: for names, places, and what is said at all. Models will do."""
    sections: Sections
    """Its well-formed entries, and what is well-formed of the others."""
    findings: list[Finding]
    guesses: dict[str, Guesses] = field(default_factory=dict)

    def guess(self, section: str, name: str) -> Guess | None:
        """The name of a section that was probably meant."""
        if section not in self.guesses:
            self.guesses[section] = Guesses(self.known(section))
        return self.guesses[section].nearest(name)

    def known(self, section: str) -> Mapping[str, Any]:
        """Every name of a section, those of entries with a bad form included."""
        entries = self.data.get(section)
        return entries if isinstance(entries, dict) else {}

    def has_names(self, section: str) -> bool:
        """Whether the names of a section are known: not if something other than a mapping stands in its place."""
        return isinstance(self.data.get(section) or {}, dict)

    def gives(self, section: str, name: str, *keys: str) -> bool:
        """Whether an entry says something under one of the keys or another word for it, rightly or wrongly."""
        entry = self.known(section).get(name)
        if not isinstance(entry, dict):
            return any(getattr(entry, key, None) is not None for key in keys)
        model = type(self.sections[section].get(name))
        meant = tuple(f"write `{key}`" for key in keys)
        return any(
            said is not None and (key in keys or (key_meant(model, str(key)) or "").startswith(meant))
            for key, said in entry.items()
        )

    def beside(self, path: Path) -> Collection[Any]:
        """The items of a list of names or the keys of a mapping, as the text has them."""
        found: Any = self.data
        for key in path:
            found = found.get(key) if isinstance(found, Mapping) else None
        return found if isinstance(found, (list, dict)) else ()

    def report(
        self, rule: Rule, path: Path, message: str, fix: str, *related: Spot,
        on_key: bool = False, remedy: CertainFix | None = None,
    ) -> None:  # fmt: skip
        subject = Subject(kind_of(path[0]), str(path[1])) if path[0] in KINDS else None
        self.findings.append(Finding(rule, subject, message, fix, Spot(path, on_key), related, remedy=remedy))


def check_references(checking: Checking, entries: Mapping[str, Any]) -> None:
    """Report every name in some entries that is unknown or ambiguous."""
    known = {kind: checking.known(section) for section, kind in KINDS.items()}
    told: set[tuple[Path, str]] = set()
    for column in columns(entries):
        if _all_known(column, known):
            continue
        for mention in column.mentions():
            is_member = mention.names.members and group_of(mention.name, checking.sections["workloads"])
            if (mention.key, mention.name) not in told and not is_member:
                told.add((mention.key, mention.name))
                _resolve(checking, mention, known)


def _all_known(column: Column, known: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether all names are known, decided in one step for what may be a hundred thousand of them."""
    only = column.names_only()
    if only is None or only[0].may_say_kind:
        return False
    names, found = only
    if len(names.kinds) == 1:
        return known[names.kinds[0]].keys() >= found
    return all(any(name in known[kind] for kind in names.kinds) for name in found)


def kind_and_name(reference: str, names: Names, sections: Mapping[str, Any]) -> tuple[str, str]:
    """What a reference that may be of several kinds means: ``kind:name``, or the first kind that has the name."""
    kind, colon, name = reference.partition(":")
    if colon and names.may_say_kind and kind in names.kinds:
        return kind, name
    having = (kind for kind in names.kinds if reference in sections[SECTION_OF[kind]])
    return next(having, names.kinds[0]), reference


def _resolve(checking: Checking, mention: Mention, known: Mapping[str, Mapping[str, Any]]) -> None:
    name, kinds = mention.name, mention.names.kinds
    kind, colon, rest = name.partition(":")
    if colon and mention.names.may_say_kind and kind in kinds:
        name, kinds = rest, (kind,)
    having = [kind for kind in kinds if name in known[kind]]
    if len(having) == 1 or (having and mention.names.apart):  # a shared name is reported where it is given
        return
    if not all(checking.has_names(SECTION_OF[kind]) for kind in kinds):
        return  # reported once, for the whole section
    owner = _owner(mention.key)
    if having:
        choices = " or ".join(f"{kind}:{name}" for kind in having)
        message = f"{owner} names {name}, which is {_a(*having)}"
        checking.report(DUPLICATE_NAME, mention.path, message, f"write {choices}")
        return
    elsewhere = [kind for kind, entries in known.items() if name in entries]
    message = f"{owner} names {' or '.join(WORDS[kind] for kind in kinds)} {name!r}, which is not in the inventory"
    if elsewhere:
        message = f"{owner} names {name!r}, which is {_a(*elsewhere)}, not {_a(*kinds)}"
    guesses = [guess for kind in kinds if (guess := checking.guess(SECTION_OF[kind], name))]
    if mention.names.members and (member := member_meant(name, checking.sections["workloads"])):
        guesses = [Guess(member, is_sole=True)]
    sections = " or ".join(f"`{SECTION_OF[kind]}`" for kind in kinds)
    fix = f"did you mean {guesses[0].name!r}?" if guesses else f"add it under {sections}, or name one that is there"
    checking.report(UNKNOWN_REFERENCE, mention.path, message, fix, remedy=_remedy(checking, mention, guesses))


def _remedy(checking: Checking, mention: Mention, guesses: list[Guess]) -> CertainFix | None:
    """The fix that puts the one name that is near in place of the wrong one; None if it stands beside it already."""
    if len(guesses) != 1 or not guesses[0].is_sole or guesses[0].name in checking.beside(mention.key):
        return None
    name = guesses[0].name
    is_key = mention.path != mention.key and isinstance(mention.path[-1], str)
    if mention.name.partition(":")[0] in mention.names.kinds and mention.names.may_say_kind:
        name = f"{mention.name.partition(':')[0]}:{name}"
    return CertainFix((Edit(mention.path, Renamed(name) if is_key else name),), is_safe=True)


def _owner(key: Path) -> str:
    """The key and its entry; the key alone where it belongs to the inventory itself."""
    return f"`{key[-1]}` of {key[1]}" if key[0] in KINDS else f"`{'.'.join(map(str, key))}`"


def _a(*kinds: str) -> str:
    return " and ".join(f"a {WORDS[kind]}" for kind in kinds)
