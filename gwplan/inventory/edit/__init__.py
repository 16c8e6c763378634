"""Edits of an inventory's own text: every byte outside of an edit stays, and the new text says exactly what was meant.

An edit that cannot be made like this is refused, with the text to write by hand. Nothing is written to files here.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from gwplan.findings import REMOVED, Edit, Finding, InventoryError, Path, Renamed
from gwplan.inventory.build import parse
from gwplan.inventory.edit.changes import Changes, Conflict, applied, gather, leaves, same
from gwplan.inventory.edit.difference import Splice, unified
from gwplan.inventory.edit.page import NotSo
from gwplan.inventory.edit.splices import splices
from gwplan.inventory.edit.wording import block, flow, scalar
from gwplan.inventory.source import Source

_SHARED = "it would change what was not meant, as an anchor or a merge key shares the text"
_UNEVEN = "the text is written in a way that the edit would not leave as it is"


@dataclass(frozen=True, slots=True)
class Edited:
    """Texts with the edits made. ``sources`` are all texts of the inventory, in their order, ready to be loaded."""

    sources: tuple[Source, ...]
    splices: tuple[tuple[Splice, ...], ...]
    """What was replaced in each source, in the order of its text."""
    before: tuple[Source, ...]

    @property
    def rewritten(self) -> tuple[tuple[Source, Source], ...]:
        """The sources that differ: before and after."""
        return tuple((old, new) for old, new in zip(self.before, self.sources, strict=True) if old.text != new.text)

    @property
    def diff(self) -> str:
        """A unified diff; empty if nothing differs."""
        pairs = zip(self.before, self.splices, strict=True)
        return "".join(line for source, cuts in pairs for line in unified(source, cuts))


@dataclass(frozen=True, slots=True)
class Refused:
    """Why an edit is not made, and what to write by hand instead."""

    reason: str
    by_hand: str


def edited(sources: tuple[Source, ...], edits: Iterable[Edit]) -> Edited | Refused:
    """The texts with some edits made, all of them or none. An inventory that cannot be read for other reasons than
    its syntax can be edited, too."""
    edits = tuple(edits)
    texts: list[Source] = []
    cuts: list[tuple[Splice, ...]] = []
    try:
        documents = [_data(source) for source in sources]
        for source, data, mine in zip(sources, documents, _at_home(edits, documents), strict=True):
            new, made = _rewritten(source, data, gather(mine)) if mine else (source, ())
            texts.append(new)
            cuts.append(made)
    except (NotSo, Conflict) as refusal:
        return Refused(str(refusal), by_hand(sources, edits))
    return Edited(tuple(texts), tuple(cuts), sources)


def overlay(sources: tuple[Source, ...], edits: Iterable[Edit]) -> str:
    """The edits as a partial inventory to be laid over this one. Raises ValueError if they cannot be made."""
    return _layer(_differences(sources, edits))


def by_hand(sources: tuple[Source, ...], edits: Iterable[Edit]) -> str:
    """What to write where, and what to leave out."""
    edits = tuple(edits)
    try:
        found = _differences(sources, edits)
    except (NotSo, Conflict):
        return "".join(f"# {_told(edit)}\n" for edit in edits)
    gone = "".join(f"# leave out {_dotted(path)}\n" for path, value in found if value is None)
    written = [(path, value) for path, value in found if value is not None]
    return gone + (_layer(written) if written else "")


def _differences(sources: tuple[Source, ...], edits: Iterable[Edit]) -> list[tuple[Path, Any]]:
    """Every place whose value would change, and its new value; None for what is removed."""
    documents = [_data(source) for source in sources]
    found: list[tuple[Path, Any]] = []
    for data, mine in zip(documents, _at_home(edits, documents), strict=True):
        changes = gather(mine)
        found += leaves(data, applied(data, changes))
    return found


def _layer(places: Iterable[tuple[Path, Any]]) -> str:
    layer: dict[str, Any] = {}
    for path, value in places:
        within = layer
        for key in path[:-1]:
            within = within.setdefault(str(key), {})
        within[str(path[-1])] = value
    return block(layer)


def _told(edit: Edit) -> str:
    if edit.value is REMOVED:
        return f"leave out {_dotted(edit.path)}"
    if isinstance(edit.value, Renamed):
        return f"write {scalar(edit.value.key)} for {_dotted(edit.path)}"
    return f"{_dotted(edit.path)}: {flow(edit.value)}"


def _dotted(path: Path) -> str:
    return ".".join(map(str, path))


def _data(source: Source) -> Any:
    try:
        return parse(source)[0]
    except InventoryError as error:
        last: Finding = error.findings[-1]
        raise NotSo(f"the text cannot be read: {last.message}") from None


def _at_home(edits: Iterable[Edit], documents: list[Any]) -> list[list[Edit]]:
    """The edits of each document."""
    found: list[list[Edit]] = [[] for _ in documents]
    for edit in edits:
        found[_home(edit.path, documents)].append(edit)
    return found


def _home(path: Path, documents: list[Any]) -> int:
    """The document that an edit belongs to: the one that has most of its path, of several the last; the main one if
    none has any of it."""
    depths = [_depth(path, data) for data in documents]
    most = max(depths)
    return len(depths) - 1 - depths[::-1].index(most) if most else _main(documents)


def _depth(path: Path, data: Any) -> int:
    for depth, key in enumerate(path):
        if isinstance(data, dict) and key in data:
            data = data[str(key)]
        elif isinstance(data, list) and isinstance(key, int) and key < len(data):
            data = data[key]
        else:
            return depth
    return len(path)


def _main(documents: list[Any]) -> int:
    """The document that names the backup server; the first one where none does."""
    having = (number for number, data in enumerate(documents) if isinstance(data, dict) and "backup_server" in data)
    return next(having, 0)


def _rewritten(source: Source, data: Any, changes: Changes) -> tuple[Source, tuple[Splice, ...]]:
    """The text with its changes made. Raises NotSo if it would not say exactly what was meant."""
    meant = applied(data, changes)
    shares = not source.is_json and "&" in source.text
    if shares:
        with suppress(NotSo):
            return _proven(source, tuple(splices(source, data, meant, changes, at_origin=True)), meant, changes)
    try:
        return _proven(source, tuple(splices(source, data, meant, changes, at_origin=False)), meant, changes)
    except _Unproven:
        raise NotSo(_SHARED if shares else _UNEVEN) from None


class _Unproven(NotSo):
    """The new text does not say what was meant."""


def _proven(
    source: Source, cuts: tuple[Splice, ...], meant: Any, changes: Changes
) -> tuple[Source, tuple[Splice, ...]]:
    """The text with some stretches replaced, if it then says what was meant."""
    text, done = [], 0
    for cut in cuts:
        text += [source.text[done : cut.start], cut.text]
        done = cut.end
    new = Source(source.name, "".join([*text, source.text[done:]]), source.is_json)
    try:
        found, _ = parse(new)
    except InventoryError:
        raise _Unproven from None
    if not _agrees(_ours(found, changes), _ours(meant, changes), changes):
        raise _Unproven
    return new, cuts


def _ours(data: Any, changes: Changes) -> Any:
    """The data without the ``x-`` keys that no edit names: an anchor in one may be edited for all that share it."""
    if not isinstance(data, dict):
        return data
    return {key: value for key, value in data.items() if not key.startswith("x-") or key in changes.below}


def _agrees(found: Any, meant: Any, changes: Changes | None, depth: int = 0) -> bool:
    """Whether two documents say the same; at the changes, exactly the same. An empty entry counts as `{}`, an empty key
    of an entry as absent."""
    if changes is None:
        return bool(found == meant)
    if depth in (1, 2):
        found, meant = {} if found is None else found, {} if meant is None else meant
    if not isinstance(found, dict) or not isinstance(meant, dict):
        return same(found, meant)
    if depth == 2:
        found, meant = _without_null(found), _without_null(meant)
    below = {change.renamed or key: change for key, change in changes.below.items()}
    inner = changes if changes.has_value else None
    return found.keys() == meant.keys() and all(
        _agrees(value, meant[key], below.get(key, inner), depth + 1) for key, value in found.items()
    )


def _without_null(entry: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if value is not None}
