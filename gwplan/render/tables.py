"""Tables for other programs: CSV that a spreadsheet opens without running a cell, and Markdown."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO

from gwplan.render.escape import markdown, visible

Cell = str | int | float
_TAKEN = ("=", "+", "-", "@", "::")


def csv_table(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """Comma-separated, quoted where needed.

    A text that a spreadsheet would take for a formula, or a workflow's log for a command, begins with an apostrophe;
    JSON has every text as it is.
    """
    yield _csv_line(columns)
    for row in rows:
        yield _csv_line([cell if isinstance(cell, (int, float)) else _inert(cell) for cell in row])


def markdown_table(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """A table of a page on which every word shows as it is."""
    yield _markdown_line([column.replace("_", " ") for column in columns])
    yield _markdown_line(["---"] * len(columns))
    for row in rows:
        yield _markdown_line([markdown(str(cell)) for cell in row])


def flat(value: object) -> Cell:
    """A value as a cell: what is a list is joined by semicolons, what is not there is empty."""
    if isinstance(value, (tuple, list)):
        return "; ".join(value)
    return value if isinstance(value, (int, float)) else "" if value is None else str(value)


def _inert(text: str) -> str:
    shown = visible(text)
    return f"'{shown}" if shown.lstrip().startswith(_TAKEN) else shown


def _csv_line(cells: Sequence[Cell]) -> str:
    line = StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue()


def _markdown_line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |\n"
