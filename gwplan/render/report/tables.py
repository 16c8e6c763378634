"""Tables of the page: the first rows stand in it, of the others its script makes rows as they are shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from gwplan.render.report.scrub import Tell
from gwplan.render.sheet import Branch

MOST_ROWS = 500
"""That stand in the page: what one can still scroll through without a script."""


class Column(NamedTuple):
    """``is_number``: aligned to the right, and sorted by what the number is."""

    title: str
    is_number: bool = False


class Item(NamedTuple):
    """One cell. ``order`` sorts it where the text does not; ``share`` is drawn as a bar, 1 is full."""

    text: str
    style: str = ""
    order: float | None = None
    share: float | None = None
    href: str | None = None


class Row(NamedTuple):
    """The cells, and what opens below them: a summary and the lines of a story."""

    cells: tuple[Item, ...]
    summary: str = ""
    story: tuple[Branch, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """``id`` names it in the page; ``more`` is the command that tells all rows."""

    id: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    more: str = ""

    @property
    def shown(self) -> tuple[Row, ...]:
        return self.rows[:MOST_ROWS]

    @property
    def is_long(self) -> bool:
        return len(self.rows) > MOST_ROWS

    @property
    def rest(self) -> dict[str, Any]:
        """The other rows as plain data; a line that several stories tell is there once."""
        lines: dict[str, int] = {}
        rows = [
            [
                [_item(item) for item in row.cells],
                row.summary,
                [[branch.depth, branch.style, lines.setdefault(branch.text, len(lines))] for branch in row.story],
            ]
            for row in self.rows[MOST_ROWS:]
        ]
        return {"rows": rows, "lines": list(lines)}


def told(table: Table, tell: Tell) -> Table:
    """The same with its texts told so."""
    return Table(table.id, table.caption, table.columns, tuple(_told_rows(table.rows, tell)), table.more)


def _told_rows(rows: Iterable[Row], tell: Tell) -> Iterable[Row]:
    known: dict[str, str] = {}

    def once(text: str) -> str:
        found = known.get(text)
        if found is None:
            found = known[text] = tell(text)
        return found

    for row in rows:
        yield Row(
            tuple(item._replace(text=once(item.text)) for item in row.cells),
            once(row.summary),
            tuple(Branch(branch.depth, once(branch.text), branch.style) for branch in row.story),
        )


def _item(item: Item) -> Any:
    found = list(item)
    while len(found) > 1 and not found[-1]:
        found.pop()
    return found[0] if len(found) == 1 else found
