"""What would help, as Markdown for a merge request or a ticket: no word of the inventory becomes markup."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gwplan.remedies.changes import ProposedEdit
from gwplan.render.escape import markdown
from gwplan.render.remedies.words import costs, gains, names_of, not_helped, smallest_line, to_tell, verdict, written
from gwplan.render.sheet import some
from gwplan.render.tables import markdown_table
from gwplan.render.things import Recommended

_SHOWN = 8


def recommend_markdown(told: Recommended) -> Iterator[str]:
    """A headline, the smallest set, a row for each suggestion and for what cannot be helped."""
    found = told.found
    yield f"### gwplan: {markdown(verdict(found, told.kinds))}\n"
    smallest = found.smallest_set
    if smallest is not None and smallest.changes:
        yield f"\n**Smallest set**: {markdown(smallest_line(found))}\n\n"
        yield from (f"- {_told(change)}\n" for change in smallest.changes)
        if effect := found.smallest_effect:
            yield f"- measured: {markdown('; '.join((', '.join(gains(effect)), *costs(effect, smallest.changes))))}\n"
        yield from (f"- {markdown(condition)}\n" for condition in _conditions(smallest.conditions))
    if to_tell(found):
        names = names_of(found)
        yield "\n"
        rows = [
            (
                _texts(one.changes), some([names[name] for name in one.removes], _SHOWN), ", ".join(gains(one.effect)),
                "; ".join((*costs(one.effect, one.changes), *_conditions(one.conditions))),
            )
            for one in to_tell(found)
        ]  # fmt: skip
        yield from markdown_table(("suggestion", "removes", "measured", "what it costs"), rows)
    if left := [*not_helped(found)]:
        yield "\n"
        rows_left = [(some(problems, _SHOWN), why) for problems, why in left]
        yield from markdown_table(("cannot be helped", "why"), rows_left)


def _texts(changes: Iterable[ProposedEdit]) -> str:
    return "; ".join(change.text for change in changes)


def _conditions(conditions: Iterable[str]) -> list[str]:
    return [f"make sure first: {condition}" for condition in conditions]


def _told(change: ProposedEdit) -> str:
    return f"{markdown(change.text)} ({markdown(written(change))})"
