"""The names of an inventory replaced by stable ones of their kind, in whatever text they stand: a page that is safe to
post. The numbers follow the natural order of the names, so that the same inventory always gives the same names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from gwplan.inventory.document import SECTIONS
from gwplan.inventory.form import kind_of
from gwplan.inventory.model import Inventory
from gwplan.inventory.names import members, natural

Tell = Callable[[str], str]
"""How a text is told."""


def as_it_is(text: str) -> str:
    """Names stay."""
    return text


def scrubbing(inventories: Iterable[Inventory]) -> Tell:
    """A function that replaces each name, tag and other free word of these inventories in a text.

    What several things are called is replaced by one name, so that a text says the same of them as a table.
    """
    known: dict[str, str] = {}
    for inventory in inventories:
        files = (source.name for source in inventory.text if source.name)
        for name, new in (*_renamed(inventory), *_numbered("file", files)):
            known.setdefault(name, new)
            known.setdefault(repr(name)[1:-1], new)
    by_first: dict[str, list[int]] = {}
    for name in known:
        by_first.setdefault(name[0], []).append(len(name))
    lengths = {first: sorted(set(found), reverse=True) for first, found in by_first.items()}
    return lambda text: _replaced(text, known, lengths)


def _renamed(inventory: Inventory) -> Iterator[tuple[str, str]]:
    """Each name with its new one, those first that others may share."""
    first = ("servers", "sites", "repositories", "scale_out_repositories", "jobs")
    fields = {"fabrics": "listed_fabrics", "failure_domains": "listed_failure_domains"}
    for section in (*first, *(section for section in SECTIONS if section not in first)):
        entries: Mapping[str, Any] = getattr(inventory, fields.get(section, section))
        kind = kind_of(section).replace("_", "-")
        for name, new in _numbered(kind, entries):
            yield name, new
            if section == "workloads" and entries[name].count > 1:
                count = entries[name].count
                yield from zip(members(name, count), members(new, count), strict=True)
    entries_of_all = [entry for section in SECTIONS for entry in getattr(inventory, section).values()]
    for key in ("tags", "os_version", "version", "vendor_type", "description", "id"):
        found = (getattr(entry, key, None) or () for entry in entries_of_all)
        words = {word for value in found for word in ((value,) if isinstance(value, str) else value)}
        yield from _numbered(key.removesuffix("s").replace("_", "-"), words)


def _numbered(kind: str, names: Iterable[str]) -> Iterator[tuple[str, str]]:
    for number, name in enumerate(sorted(names, key=natural), 1):
        yield name, f"{kind}-{number:02d}"


def _replaced(text: str, known: Mapping[str, str], lengths: Mapping[str, list[int]]) -> str:
    """The longest name at each place where a word may begin. A name that is part of a longer word is none."""
    parts: list[str] = []
    at = kept = 0
    while at < len(text):
        name = _name_at(text, at, known, lengths.get(text[at], ()))
        if name is None:
            at += 1
            continue
        parts += (text[kept:at], known[name])
        at = kept = at + len(name)
    return "".join((*parts, text[kept:]))


def _name_at(text: str, at: int, known: Mapping[str, str], lengths: Iterable[int]) -> str | None:
    if at and text[at].isalnum() and text[at - 1].isalnum():
        return None
    for length in lengths:
        name, end = text[at : at + length], at + length
        whole = end >= len(text) or not (text[end].isalnum() and text[end - 1].isalnum())
        if whole and name in known:
            return name
    return None
