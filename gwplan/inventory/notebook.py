"""How a value shows itself in a notebook: a small table in which every word is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from itertools import islice

_MOST = 20
"""The most rows that are shown: a cell of a notebook is no report."""


def html_table(caption: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """The first rows, and a last one of dots where there are more."""
    shown = list(islice(rows, _MOST + 1))
    body = "".join(_row("td", row) for row in shown[:_MOST])
    if len(shown) > _MOST:
        body += _row("td", ["…"] * len(columns))
    return f"<table><caption>{escape(caption)}</caption>{_row('th', columns)}{body}</table>"


def _row(tag: str, cells: Iterable[object]) -> str:
    return f"<tr>{''.join(f'<{tag}>{escape(str(cell))}</{tag}>' for cell in cells)}</tr>"
