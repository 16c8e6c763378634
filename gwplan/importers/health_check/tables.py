"""CSV files of PowerShell's Export-Csv, read by header: every cell as text, without what guards it in a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from pathlib import Path

from gwplan.importers.draft import ZERO_ID, Draft
from gwplan.importers.folder import LARGEST
from gwplan.nouns import numbered

_LONGEST_CELL = 1_000_000
_ARMOUR = re.compile(r"'(?=[=+\-@\t\r])")
"""The apostrophe that newer collectors put before what a spreadsheet would run."""
_DUMPED = re.compile(r"(System\.(Object|String|Collections)|Veeam\.Backup\.)[\w.`\[\],+ ]*")
"""A nested object: its .NET type stands where its value would."""
_TELLING = frozenset({"'", "S", "V", *(char for char in map(chr, range(0x3001)) if char.isspace())})
"""What a cell begins with that is more than its text."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line. Columns are found by name, in any case; a column that is not there is an empty text."""

    cells: dict[str, str]
    origin: str

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column.lower(), "")

    def first(self, *columns: str) -> str:
        """The first of some columns that has a value: their names differ from version to version."""
        return next((value for column in columns if (value := self[column])), "")

    def has(self, column: str) -> bool:
        return column.lower() in self.cells

    def identifier(self, *columns: str) -> str:
        value = self.first(*columns).lower()
        return "" if value == ZERO_ID else value

    def flag(self, *columns: str) -> bool | None:
        return {"true": True, "false": False}.get(self.first(*columns).lower())

    @property
    def description(self) -> str | None:
        """What people wrote; VBR's own "Created by …" says nothing and names accounts."""
        text = self["description"]
        return text if text and "created by" not in text.lower() else None

    def number(self, *columns: str) -> int | None:
        value = self.first(*columns)
        return int(value) if re.fullmatch(r"-?[0-9]{1,18}", value) else None

    def tasks(self, *columns: str) -> int | None:
        """A number of tasks; None for unlimited, which is shown as a negative or a huge number."""
        count = self.number(*columns)
        return count if count is not None and 0 < count < 10_000 else None


@dataclass(slots=True)
class Tables:
    """The tables of a folder by what they hold (``servers`` …), and what the manifest of the collection says."""

    draft: Draft
    rows: dict[str, list[Row]] = field(default_factory=dict)
    manifest: dict[str, tuple[bool, str]] = field(default_factory=dict)
    """Collector → whether it worked, and its error."""

    def of(self, table: str) -> list[Row]:
        return self.rows.get(table.lower(), [])

    def present(self, table: str) -> bool:
        return table.lower() in self.rows


def read_rows(file: Path, origin: str, draft: Draft) -> list[Row]:
    """The lines of a file; a file that is no CSV or cannot be read is reported and left out."""
    try:
        if file.stat().st_size > LARGEST:
            draft.left_out("file", origin, f"is larger than {LARGEST // 1_000_000} MB", origin)
            return []
        text = _text(file.read_bytes())
    except OSError as error:
        draft.left_out("file", origin, str(error.strerror), origin)
        return []
    if text is None:
        draft.left_out("file", origin, "is binary, or no text in UTF-8 or UTF-16: no CSV file", origin)
        return []
    if text.startswith("#TYPE"):  # Export-Csv without -NoTypeInformation
        text = text.partition("\n")[2]
    try:
        return _rows(text, origin, draft)
    except csv.Error as error:
        draft.left_out("file", origin, f"is no CSV: {error}", origin)
        return []


def _text(data: bytes) -> str | None:
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                return None
    if b"\x00" in data[:10_000]:
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace") if not data.startswith(b"PK") else None


def _rows(text: str, origin: str, draft: Draft) -> list[Row]:
    csv.field_size_limit(_LONGEST_CELL)
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    header = [cell.strip().lower() for cell in next(lines, [])]
    doubled = {name for name in header if header.count(name) > 1} if len(header) < 1000 else set()
    if len(header) >= 1000 or not any(header):
        draft.left_out("file", origin, f"its first line has {len(header)} columns: no header", origin)
        return []
    for name in sorted(doubled):
        draft.left_out("file", origin, "is there more than once: the first one counts", origin, f"column {name}")
    rows, ragged = [], 0
    for line in lines:
        if not line:
            continue
        ragged += len(line) != len(header)
        values = map(_value, line)
        cells = dict(zip(header, values, strict=False)) if not doubled else {}
        for name, value in zip(header, values, strict=False) if doubled else ():
            cells.setdefault(name, value)
        rows.append(Row(cells, origin))
    if ragged:
        why = f"{numbered(ragged, 'line')} without the {numbered(len(header), 'cell')} of the header"
        draft.left_out("file", origin, why, origin, "cells of ragged lines")
    return rows


def _value(cell: str) -> str:
    if cell[:1] not in _TELLING:
        return cell.rstrip()
    cell = (cell[1:] if _ARMOUR.match(cell) else cell).strip()
    return "" if _DUMPED.fullmatch(cell) else cell
