"""Tables of the page: the first rows stand in it; from the others, its script makes rows when they are shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
    """The cells, and what opens below them: a summary and the lines of a story. ``own`` are the names that make its
    texts differ from those of other rows."""

    cells: tuple[Item, ...]
    summary: str = ""
    story: tuple[Branch, ...] = ()
    own: tuple[str, ...] = ()


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
        """The other rows as plain data. A row has its cells, its summary, the lines of its story, and its own names.

        A text is told once, in ``texts``, and meant by its number; where it has names of its row, it is a list in which
        their numbers stand for them. A line of a story is told once, too, in ``lines``, as [depth, style, text]. A cell
        is a text, or [text, style, order, share, address] up to the last that it has.
        """
        texts: dict[str | tuple[str | int, ...], int] = {}
        lines: dict[tuple[int, str, int], int] = {}

        def text(told: str, own: Sequence[str]) -> int:
            return texts.setdefault(_without(told, own), len(texts))

        def cell(item: Item, own: Sequence[str]) -> Any:
            found: list[Any] = [text(item.text, own), *item[1:]]
            while len(found) > 1 and (found[-1] is None or found[-1] == ""):
                found.pop()
            return found[0] if len(found) == 1 else found

        def line(branch: Branch, own: Sequence[str]) -> int:
            return lines.setdefault((branch.depth, branch.style, text(branch.text, own)), len(lines))

        rows = [
            [[cell(item, row.own) for item in row.cells], text(row.summary, row.own),
             [line(branch, row.own) for branch in row.story], list(row.own)]
            for row in self.rows[MOST_ROWS:]
        ]  # fmt: skip
        told = [one if isinstance(one, str) else list(one) for one in texts]
        return {"rows": rows, "lines": [list(one) for one in lines], "texts": told}


def _without(text: str, own: Sequence[str]) -> str | tuple[str | int, ...]:
    """A text with the numbers of some names in their places."""
    parts: list[str | int] = [text]
    for number, name in enumerate(own):
        if name in text:
            parts = [piece for part in parts for piece in _split(part, name, number)]
    return text if len(parts) == 1 else tuple(part for part in parts if part != "")


def _split(part: str | int, name: str, number: int) -> list[str | int]:
    if isinstance(part, int):
        return [part]
    first, *others = part.split(name)
    return [first, *(piece for other in others for piece in (number, other))]


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
            tuple(map(once, row.own)),
        )
