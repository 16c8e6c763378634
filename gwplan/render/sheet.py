"""Tables as values, and how they look: with colour and lines on a terminal, aligned text anywhere else.

Both pass every text through ``visible``, so that no name can move the cursor, hide or reorder. Names are never cut.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import zip_longest
from typing import TYPE_CHECKING, Literal

from gwplan.render.escape import visible

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

_LONG = 500
"""Rows beyond which a table has no frame and no colour on a terminal either: rich takes seconds for a few thousand."""

STYLES = {"bad": "bold red", "warn": "yellow", "good": "green", "dim": "dim", "head": "bold"}


def under(edition: str | None) -> Iterator[Block]:
    """What a text says at its head where an edition was asked for."""
    if edition is not None:
        yield f"under the rules of edition {edition}, whatever the inventory says"


def some(names: Sequence[str], most: int) -> str:
    """The first names of a list, and how many more there are."""
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


@dataclass(frozen=True, slots=True)
class Cell:
    """A text with a style of STYLES. ``whole``: never wrapped, as a line below it points into it."""

    text: str
    style: str = ""
    whole: bool = False


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
    """Text with colour and box drawing, fitted to a width by wrapping between words, never by cutting."""
    from rich.console import Console

    out = StringIO()
    console = Console(
        file=out, width=width, force_terminal=True, no_color=not colour, markup=False, highlight=False, emoji=False,
        color_system="standard" if colour else None, legacy_windows=False,
    )  # fmt: skip
    for block in _with_guides(list(blocks)):
        if isinstance(block, _Line):
            _print_line(console, block, width)
        elif block.rows:
            _rich_sheet(console, block, width)
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of text. ``guide`` stands before it, ``hang`` before what is wrapped of it."""

    cell: Cell
    guide: str
    hang: str


def _with_guides(blocks: list[Block]) -> list[Sheet | _Line]:
    """Branches as lines that show what hangs on what."""
    shown: list[Sheet | _Line] = []
    open_below: set[int] = set()  # depths at which a later line hangs on the same stem; filled from the end
    for block in reversed(blocks):
        if not isinstance(block, Branch):
            open_below.clear()
            shown.append(block if isinstance(block, Sheet) else _line(block))
            continue
        stems = "".join("│  " if depth in open_below else "   " for depth in range(1, block.depth))
        goes_on = block.depth in open_below
        knot, stem = ("", "") if not block.depth else ("├─ ", "│  ") if goes_on else ("└─ ", "   ")
        below = "│ " if block.depth + 1 in open_below else "  "
        shown.append(_Line(Cell(block.text, block.style), stems + knot, stems + stem + below))
        open_below = {depth for depth in open_below if depth < block.depth} | {block.depth}
    return shown[::-1]


def _line(block: Cell | str) -> _Line:
    """A line by itself; what is wrapped of it stands two steps further in."""
    cell = Cell(block) if isinstance(block, str) else block
    indent = " " * (len(cell.text) - len(cell.text.lstrip(" ")))
    return _Line(Cell(cell.text[len(indent) :], cell.style, cell.whole), indent, indent + "  ")


def _print_line(console: Console, line: _Line, width: int) -> None:
    from rich.text import Text

    style = STYLES.get(line.cell.style, "")
    text = visible(line.cell.text)
    parts = [text] if line.cell.whole else _wrapped(text, max(width - len(line.hang), 12))
    for number, part in enumerate(parts):
        console.print(Text((line.hang if number else line.guide) + part, style=style), soft_wrap=True)


def _wrapped(text: str, width: int) -> list[str]:
    """A text in lines that are broken between words; a word that is longer than a line stays whole."""
    lines, here = [""], 0
    for number, word in enumerate(text.split(" ")):
        wide = _width(word)
        if number and here and here + 1 + wide > width:
            lines.append(word)
            here = wide
        elif number:
            lines[-1] += f" {word}"
            here += 1 + wide
        else:
            lines[-1], here = word, wide
    return lines


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
    """Print a table in a frame; where that would cost a column, with only a line under the head."""
    widths = _fitting(sheet, width, _FRAME)
    if len(sheet.rows) > _LONG:
        widths = _fitting(sheet, width, _OPEN)
        for line in _open_lines(sheet, widths, width):
            console.file.write("".join(text for text, _ in line).rstrip() + "\n")
    elif len(widths) < len(sheet.columns) or not _fits(widths, width, _FRAME):
        widths = _fitting(sheet, width, _OPEN)
        _print_open(console, sheet, widths)
    else:
        console.print(_rich_table(sheet, widths))
    dropped = [name for name in sheet.columns if name not in widths]
    if dropped:
        hint = f"not shown at this width: {', '.join(dropped)} (a wider terminal or a pipe shows all)"
        _print_line(console, _line(Cell(hint, "dim")), width)
    _print_line(console, _line(""), width)


_FRAME, _OPEN = (3, 1), (2, -2)
"""What a table needs beside its cells: for each column, and once."""


def _fitting(sheet: Sheet, width: int, extra: tuple[int, int]) -> dict[str, int]:
    """The columns that fit, each with its width: every cell may wrap at its spaces, no word is broken if it can be."""
    columns = {name: [name, *(visible(_text(row[i])) for row in sheet.rows)] for i, name in enumerate(sheet.columns)}
    least = {name: max(_longest_word(text) for text in texts) for name, texts in columns.items()}
    for name in reversed(sheet.optional):
        if _fits(least, width, extra):
            break
        del least[name]
    whole = {name: max(map(_width, columns[name])) for name in least}
    spare = width - _needed(least, extra)
    while spare > 0 and (short := [name for name in least if least[name] < whole[name]]):
        name = min(short, key=lambda name: (least[name] / whole[name], sheet.columns.index(name)))
        least[name] += 1
        spare -= 1
    return least


def _fits(widths: dict[str, int], width: int, extra: tuple[int, int]) -> bool:
    return _needed(widths, extra) <= width


def _needed(widths: dict[str, int], extra: tuple[int, int]) -> int:
    return sum(width + extra[0] for width in widths.values()) + extra[1]


def _longest_word(text: str) -> int:
    return max((_width(word) for word in text.split(" ")), default=0)


def _print_open(console: Console, sheet: Sheet, widths: dict[str, int]) -> None:
    from rich.text import Text

    for line in _open_lines(sheet, widths, console.width):
        shown = Text.assemble(*line)
        shown.rstrip()
        console.print(shown, soft_wrap=True)


def _open_lines(sheet: Sheet, widths: dict[str, int], width: int) -> Iterator[list[tuple[str, str]]]:
    """The lines of a table without a frame, each as texts with their styles."""
    indexes = [sheet.columns.index(name) for name in widths]
    head = [Cell(name, "head") for name in sheet.columns]
    for number, row in enumerate((head, *sheet.rows)):
        cells = [cell if isinstance(cell := row[i], Cell) else Cell(cell) for i in indexes]
        parts = [_folded(visible(cell.text), room) for cell, room in zip(cells, widths.values(), strict=True)]
        for line in zip_longest(*parts, fillvalue=""):
            yield [
                (_pad(text, room, right=name in sheet.right) + "  ", STYLES.get(cell.style, ""))
                for text, cell, (name, room) in zip(line, cells, widths.items(), strict=True)
            ]
        if not number:
            yield [("─" * min(_needed(widths, _OPEN), width), "")]


def _folded(text: str, width: int) -> list[str]:
    """A text in lines of a width: a word that is longer than that goes on in the next line."""
    if _width(text) <= width:
        return [text]
    from rich.cells import chop_cells

    return [piece for line in _wrapped(text, width) for piece in (chop_cells(line, width) or [""])]


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
