"""Edits gathered into a tree of places, and plain data with these edits made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from gwplan.findings import REMOVED, Edit, Path, Renamed


class Conflict(ValueError):
    """Two edits to one place, or an edit to a place that is not there."""


class _Nothing:
    """No value, not even null."""


_NOTHING = _Nothing()


@dataclass(slots=True)
class Changes:
    """What changes at one place and below it."""

    path: Path = ()
    value: Any = _NOTHING
    renamed: str | None = None
    below: dict[str | int, Changes] = field(default_factory=dict)

    @property
    def has_value(self) -> bool:
        return self.value is not _NOTHING


def gather(edits: Iterable[Edit]) -> Changes:
    """All edits as a tree. Raises Conflict if two speak of one place; an edit that is given twice counts once."""
    root = Changes()
    for edit in edits:
        if not edit.path:
            raise Conflict("an edit of the whole inventory is none")
        here = root
        for number, key in enumerate(edit.path):
            if here.has_value:
                raise _two(edit.path)
            here = here.below.setdefault(key, Changes(edit.path[: number + 1]))
        if isinstance(edit.value, Renamed):
            if here.has_value or here.renamed not in (None, edit.value.key):
                raise _two(edit.path)
            here.renamed = edit.value.key
        elif here.below or here.renamed or (here.has_value and not same(here.value, edit.value)):
            raise _two(edit.path)
        else:
            here.value = edit.value
    return root


def applied(data: Any, changes: Changes) -> Any:
    """New data with the changes in it; nothing of the old is touched. Raises Conflict."""
    if changes.has_value:
        return changes.value
    if not changes.below:
        return data
    if isinstance(data, list):
        return _applied_to_list(data, changes)
    if data is not None and not isinstance(data, dict):
        raise _not_there(changes)
    return _applied_to_mapping(data or {}, changes)


def _applied_to_mapping(data: dict[str, Any], changes: Changes) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key, value in data.items():
        change = changes.below.get(key)
        if change is None:
            made[key] = value
        elif change.value is not REMOVED:
            made[change.renamed or key] = applied(value, change)
            if change.renamed in data:
                raise Conflict(f"`{change.renamed}` is there already, beside `{key}`")
    for step, change in changes.below.items():
        if step in data:
            continue
        if change.value is REMOVED or change.renamed or isinstance(step, int):
            raise _not_there(change)
        if step in made:
            raise _two(change.path)
        made[step] = applied(None, change)
    return made


def _applied_to_list(data: list[Any], changes: Changes) -> list[Any]:
    missing = [change for step, change in changes.below.items() if not isinstance(step, int) or step >= len(data)]
    if missing:
        raise _not_there(missing[0])
    pairs = ((item, changes.below.get(number)) for number, item in enumerate(data))
    return [
        applied(item, change) if change else item for item, change in pairs if not change or change.value is not REMOVED
    ]


def leaves(old: Any, new: Any, at: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every place where data differs, with its new value; None for what is removed. A list is one place."""
    if not isinstance(old, dict) or not isinstance(new, dict):
        if not same(old, new):
            yield at, new
        return
    for key in old:
        if key not in new:
            yield (*at, key), None
    for key, value in new.items():
        if key in old:
            yield from leaves(old[key], value, (*at, key))
        else:
            yield (*at, key), value


def same(one: Any, other: Any) -> bool:
    """Whether data says the same: a text that looks like a number is not that number, and `true` is not 1."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one is other or (
            one.keys() == other.keys() and all(same(value, other[key]) for key, value in one.items())
        )
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and bool(one == other)


def _two(path: Path) -> Conflict:
    return Conflict(f"two edits speak of one place: {'.'.join(map(str, path))}")


def _not_there(change: Changes) -> Conflict:
    return Conflict(f"nothing stands at {'.'.join(map(str, change.path))}")
