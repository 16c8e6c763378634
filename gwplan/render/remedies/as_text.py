"""What would help, for people: the verdict first, then the smallest set, the suggestions, and what cannot be helped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gwplan.nouns import counted
from gwplan.remedies.changes import ProposedEdit
from gwplan.remedies.recommend import Recommendation
from gwplan.render.remedies.words import (
    costs,
    gains,
    is_told,
    names_of,
    not_helped,
    smallest_line,
    to_tell,
    tried,
    verdict,
    written,
)
from gwplan.render.sheet import Block, Branch, Cell, some, under
from gwplan.render.things import Recommended

_SHOWN = 8
_CHANGES = 16
"""Changes of the smallest set that are told one by one."""


def recommend_blocks(told: Recommended) -> Iterator[Block]:
    """``gwplan recommend``."""
    found = told.found
    line = verdict(found, told.kinds)
    yield from under(told.edition)
    yield Cell(line, "bad" if found.problems else "good")
    if not found.problems or not (found.is_whole or found.helped):
        return
    yield ""
    yield from _smallest(found)
    yield from _suggestions(found)
    yield from _left(found)
    yield tried(found)
    yield Cell(line, "bad")


def _smallest(found: Recommendation) -> Iterator[Block]:
    smallest = found.smallest_set
    if smallest is None or not smallest.changes:
        return
    yield Cell(f"smallest set: {smallest_line(found)}", "head")
    yield from _changes(smallest.changes[:_CHANGES])
    if rest := smallest.changes[_CHANGES:]:
        yield Branch(1, f"and {counted(len(rest), 'more change')} (--diff shows all of them)")
    yield Branch(1, f"removes: {_some(found, (problem.id for problem in smallest.removes))}")
    if smallest.leaves:
        yield Branch(1, f"leaves: {_some(found, (problem.id for problem in smallest.leaves))}")
    if found.smallest_effect is not None:
        yield Branch(1, f"measured: {', '.join(gains(found.smallest_effect))}")
        yield from (Branch(1, f"but {worse}", "warn") for worse in costs(found.smallest_effect, smallest.changes))
    yield from _conditions(smallest.conditions)
    yield ""


def _suggestions(found: Recommendation) -> Iterator[Block]:
    for number, suggestion in enumerate(to_tell(found), 1):
        head = "; ".join(change.text for change in suggestion.changes)
        if is_told(found, suggestion):
            yield Cell(f"{number}. the smallest set: {head}", "head")
            yield ""
            continue
        yield Cell(f"{number}. {head}", "head")
        yield from (Branch(1, f"write {written(change)}") for change in suggestion.changes)
        yield Branch(1, f"removes: {_some(found, suggestion.removes)}")
        yield Branch(1, f"measured: {', '.join(gains(suggestion.effect))}")
        yield from (Branch(1, f"but {worse}", "warn") for worse in costs(suggestion.effect, suggestion.changes))
        yield from _conditions(suggestion.conditions)
        yield ""
    if found.found > len(found.suggestions):
        yield Cell(f"{counted(found.found - len(found.suggestions), 'more suggestion')} (--top shows more)", "dim")
        yield ""


def _changes(changes: Iterable[ProposedEdit]) -> Iterator[Block]:
    for change in changes:
        yield Branch(1, change.text)
        yield Branch(2, f"write {written(change)}")


def _some(found: Recommendation, ids: Iterable[str]) -> str:
    names = names_of(found)
    return some([names[one] for one in ids], _SHOWN)


def _conditions(conditions: Iterable[str]) -> Iterator[Block]:
    yield from (Branch(1, f"make sure first: {condition}", "warn") for condition in conditions)


def _left(found: Recommendation) -> Iterator[Block]:
    left = [*not_helped(found)]
    if not left:
        return
    yield Cell("cannot be helped", "head")
    for problems, why in left:
        yield Branch(1, f"{some(problems, _SHOWN)}: {why}")
    yield ""
