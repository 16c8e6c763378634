"""Tables of the page: the first rows stand in it; from the others, its script makes rows when they are shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from gwplan.render.report.scrub import Tell
from gwplan.render.sheet import Branch

MOST_ROWS = 500
"""The most rows that stand in the page: as many as one can still scroll through without a script."""


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
        """The other rows as plain data. A text is told once, in ``texts``, and meant by its number; so is a line of a
        story, in ``lines``, as [depth, style, text]. A row has its cells, its summary and the lines of its story; a
        cell is a text, or [text, style, order, share, address] up to the last that it has."""
        texts: dict[str, int] = {}
        lines: dict[tuple[int, str, int], int] = {}

        def text(told: str) -> int:
            return texts.setdefault(told, len(texts))

        def cell(item: Item) -> Any:
            found: list[Any] = [text(item.text), *item[1:]]
            while len(found) > 1 and (found[-1] is None or found[-1] == ""):
                found.pop()
            return found[0] if len(found) == 1 else found

        def line(branch: Branch) -> int:
            return lines.setdefault((branch.depth, branch.style, text(branch.text)), len(lines))

        rows = [
            [[cell(item) for item in row.cells], text(row.summary), [line(branch) for branch in row.story]]
            for row in self.rows[MOST_ROWS:]
        ]
        return {"rows": rows, "lines": list(lines), "texts": list(texts)}


def told(table: Table, tell: Tell) -> Table:
    """The same table with each of its texts told by ``tell``."""
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
