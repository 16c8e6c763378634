"""Tables as values, and how they look: with colour and lines on a terminal, aligned text anywhere else.

Both pass every text through ``visible``, so that no name can move the cursor, hide or reorder. Names are never cut.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING, Literal

from gwplan.render.escape import visible

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

_LONG = 500
"""Rows beyond which a table is plain text on a terminal too: rich takes seconds for a few thousand."""

STYLES = {"bad": "bold red", "warn": "yellow", "good": "green", "dim": "dim", "head": "bold"}


def counted(number: int, noun: str) -> str:
    """``1 job``, ``1,200 jobs``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def some(names: Sequence[str], most: int) -> str:
    """The first names of a list, and how many more there are."""
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


@dataclass(frozen=True, slots=True)
class Cell:
    """A text with a style of STYLES."""

    text: str
    style: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table. ``optional`` columns go first where the terminal is too narrow, the last of them first."""

    columns: tuple[str, ...]
    rows: Sequence[Sequence[Cell | str]]
    right: frozenset[str] = frozenset()
    optional: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Branch:
    """A line of a tree, ``depth`` steps below its root: indented, and with guides on a terminal."""

    depth: int
    text: str
    style: str = ""


Block = Sheet | Branch | Cell | str
"""What a command shows: tables, trees and lines."""


def plain(blocks: Iterable[Block]) -> str:
    """Aligned text, as wide as it needs."""
    lines: list[str] = []
    for block in blocks:
        if isinstance(block, Sheet):
            lines += _plain_sheet(block)
        elif isinstance(block, Branch):
            lines.append("  " * block.depth + visible(block.text))
        else:
            lines.append(visible(_text(block)))
    return "\n".join(lines) + "\n"


def terminal(blocks: Iterable[Block], width: int, *, colour: bool) -> str:
    """Text with colour and box drawing, fitted to a width by wrapping, never by cutting."""
    from rich.console import Console
    from rich.text import Text

    out = StringIO()
    console = Console(
        file=out, width=width, force_terminal=True, no_color=not colour, markup=False, highlight=False, emoji=False,
        color_system="standard" if colour else None, legacy_windows=False,
    )  # fmt: skip
    for block in _with_guides(list(blocks)):
        if isinstance(block, Sheet):
            if len(block.rows) > _LONG:
                out.write("\n".join(_plain_sheet(block)) + "\n")
            elif block.rows:
                _rich_sheet(console, block, width)
        else:
            cell = Cell(block) if isinstance(block, str) else block
            console.print(Text(visible(cell.text), style=STYLES.get(cell.style, "")), soft_wrap=True)
    return out.getvalue()


def _with_guides(blocks: list[Block]) -> list[Sheet | Cell | str]:
    """Branches as lines that show what hangs on what."""
    shown: list[Sheet | Cell | str] = []
    open_below: set[int] = set()  # depths at which a later line hangs on the same stem; filled from the end
    for block in reversed(blocks):
        if not isinstance(block, Branch):
            open_below.clear()
            shown.append(block)
            continue
        stems = "".join("│  " if depth in open_below else "   " for depth in range(1, block.depth))
        knot = "" if not block.depth else "├─ " if block.depth in open_below else "└─ "
        shown.append(Cell(stems + knot + block.text, block.style))
        open_below = {depth for depth in open_below if depth < block.depth} | {block.depth}
    return shown[::-1]


def _text(cell: Cell | str) -> str:
    return cell if isinstance(cell, str) else cell.text


def _plain_sheet(sheet: Sheet) -> list[str]:
    if not sheet.rows:
        return []
    rows = [[visible(_text(cell)) for cell in row] for row in sheet.rows]
    widths = [max(map(_width, column)) for column in zip(sheet.columns, *rows, strict=True)]
    lines = []
    for row in (sheet.columns, *rows):
        cells = [
            _pad(cell, width, right=name in sheet.right)
            for cell, width, name in zip(row, widths, sheet.columns, strict=True)
        ]
        lines.append("  ".join(cells).rstrip())
    return [*lines, ""]


def _pad(text: str, width: int, *, right: bool) -> str:
    space = " " * (width - _width(text))
    return space + text if right else text + space


def _width(text: str) -> int:
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def _rich_sheet(console: Console, sheet: Sheet, width: int) -> None:
    from rich.text import Text

    widths = _fitting(sheet, width)
    console.print(_rich_table(sheet, widths))
    dropped = [name for name in sheet.columns if name not in widths]
    if dropped:
        hint = f"not shown at this width: {', '.join(dropped)} (a wider terminal or a pipe shows all)"
        console.print(Text(hint, style="dim"), soft_wrap=True)
    console.print()


def _fitting(sheet: Sheet, width: int) -> dict[str, int]:
    """The columns that fit, each with its width: every cell may wrap at its spaces, no word is broken if it can be."""
    columns = {name: [name, *(visible(_text(row[i])) for row in sheet.rows)] for i, name in enumerate(sheet.columns)}
    least = {name: max(_longest_word(text) for text in texts) for name, texts in columns.items()}
    for name in reversed(sheet.optional):
        if _framed(least.values()) <= width:
            break
        del least[name]
    whole = {name: max(map(_width, columns[name])) for name in least}
    spare = width - _framed(least.values())
    while spare > 0 and (short := [name for name in least if least[name] < whole[name]]):
        name = min(short, key=lambda name: (least[name] / whole[name], sheet.columns.index(name)))
        least[name] += 1
        spare -= 1
    return least


def _framed(widths: Iterable[int]) -> int:
    """How wide a table of columns is with its frame."""
    return sum(width + 3 for width in widths) + 1


def _longest_word(text: str) -> int:
    return max((_width(word) for word in text.split(" ")), default=0)


def _rich_table(sheet: Sheet, widths: dict[str, int]) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.ROUNDED)
    for name, width in widths.items():
        justify: Literal["right", "left"] = "right" if name in sheet.right else "left"
        table.add_column(name, justify=justify, overflow="fold", header_style="bold", width=width)
    indexes = [sheet.columns.index(name) for name in widths]
    for row in sheet.rows:
        cells = [cell if isinstance(cell := row[i], Cell) else Cell(cell) for i in indexes]
        table.add_row(*(Text(visible(cell.text), style=STYLES.get(cell.style, "")) for cell in cells))
    return table
