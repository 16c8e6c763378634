"""What a command tells as text, for a page: its tables as tables, all lines between two of them as one list."""

from __future__ import annotations

from collections.abc import Iterable

from gwplan.render.report.scrub import Tell
from gwplan.render.report.tables import Column, Item, Row, Table, told
from gwplan.render.sheet import Block, Branch, Cell, Sheet


def parts(blocks: Iterable[Block], name: str, tell: Tell) -> list[Table | list[Branch]]:
    """Blocks as tables and lists of lines. ``name`` begins the ids of the tables."""
    found: list[Table | list[Branch]] = []
    for block in blocks:
        if isinstance(block, Sheet):
            if block.rows:
                found.append(told(_table(block, f"{name}-{len(found)}"), tell))
            continue
        line = _line(block)
        if not line.text:
            continue
        if not found or isinstance(found[-1], Table):
            found.append([])
        last = found[-1]
        assert isinstance(last, list)
        last.append(Branch(line.depth, tell(line.text), line.style))
    return found


def _line(block: Branch | Cell | str) -> Branch:
    if isinstance(block, Branch):
        return block
    return Branch(0, block, "") if isinstance(block, str) else Branch(0, block.text, block.style)


def _table(sheet: Sheet, name: str) -> Table:
    columns = tuple(Column(title.capitalize(), title in sheet.right) for title in sheet.columns)
    rows = tuple(Row(tuple(_item(cell) for cell in row)) for row in sheet.rows)
    return Table(name, ", ".join(sheet.columns).capitalize(), columns, rows, "gwplan diff")


def _item(cell: Cell | str) -> Item:
    return Item(cell) if isinstance(cell, str) else Item(cell.text, cell.style)
