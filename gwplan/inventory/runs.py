"""The fast path of the reader: long runs of plain entries are read by one regular expression, not event by event.

A run is cut out of the text and a marker entry stands in its place. If the parser then gives the marker back as a key
of a block mapping, the run was what it looked like, and its entries take the marker's place. If not, or if anything
else is wrong anywhere, the whole text is read event by event. Both ways give equal data, which a test holds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable
from typing import Any, NamedTuple

_NAME = r"[A-Za-z][A-Za-z0-9_.-]*"
_VALUE = r"[A-Za-z0-9][A-Za-z0-9_./]*(?:[ -][A-Za-z0-9_./]+)*"
_PAIR = rf"[a-z_]+: {_VALUE}"
_ENTRY = rf"  {_NAME}:(?: \{{{_PAIR}(?:, {_PAIR})*\}}|(?:\n    {_PAIR})+)\n(?=  ?[^ \n]|[^ \n]|\Z)"
_RUN = re.compile(rf"^(?:{_ENTRY}){{32,}}", re.MULTILINE)
_NAMED = re.compile(rf"^  ({_NAME}):", re.MULTILINE)
_PARTS = re.compile(rf"  ({_NAME}):(?: \{{(.*)\}}|\n    ((?:.|\n    )*))\n")

MARKER = "gwplan marker "
WORTH_IT = 20_000
"""Characters below which there is nothing to gain."""


class Runs(NamedTuple):
    """A text with markers, the entries that each marker stands for, and where they stood."""

    text: str
    entries: dict[str, dict[str, dict[str, Any]]]
    places: list[tuple[int, int]]


class _Read(dict[str, Any]):
    """What texts mean, so that each distinct text is read once."""

    def __init__(self, read: Callable[[str], Any]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, text: str) -> Any:
        value = self[text] = self._read(text)
        return value


def cut(text: str, typed: Callable[[str], Any]) -> Runs | None:
    """Cut the runs out of a text; None where there are none or where one has equal keys. ``typed`` types a scalar."""
    if len(text) < WORTH_IT or MARKER in text:
        return None
    found: dict[str, dict[str, dict[str, Any]]] = {}
    kept: list[str] = []
    places: list[tuple[int, int]] = []
    end = 0
    values = _Read(typed)
    bodies = _Read(lambda body: _entry(body, values))
    for match in _RUN.finditer(text):
        entries = _entries(match.group(), bodies)
        if entries is None:
            return None
        marker = f"{MARKER}{len(found)}"
        found[marker] = entries
        kept += (text[end : match.start()], f"  {marker}: 0\n")
        end = match.end()
        places.append(match.span())
    return Runs("".join((*kept, text[end:])), found, places) if found else None


def excerpt(
    text: str, places: Iterable[tuple[int, int]], names: Container[object]
) -> tuple[str, list[tuple[int, int]]]:
    """A text whose runs keep only the named entries, and the first entry of each run, so that it is still a run.

    The list has one pair for each stretch that is kept: where it begins in the excerpt, and where in the text.
    """
    kept: list[str] = []
    begins: list[tuple[int, int]] = []
    end = length = 0
    for start, stop in places:
        entries = [(match.start(), match.group(1)) for match in _NAMED.finditer(text, start, stop)]
        ends = [*(at for at, _ in entries[1:]), stop]
        wanted = [(at, after) for (at, name), after in zip(entries, ends, strict=True) if at == start or name in names]
        for at, after in ((end, start), *wanted):
            begins.append((length, at))
            kept.append(text[at:after])
            length += after - at
        end = stop
    return "".join((*kept, text[end:])), [*begins, (length, end)]


def _entries(run: str, bodies: _Read) -> dict[str, dict[str, Any]] | None:
    """The entries of a run; those that say the same are one object."""
    parts = _PARTS.findall(run)
    entries = {name: bodies[flow or block] for name, flow, block in parts}
    return entries if len(entries) == len(parts) and None not in entries.values() else None


def _entry(body: str, values: _Read) -> dict[str, Any] | None:
    pairs = body.replace("\n    ", ", ").split(", ")
    entry = {key: values[value] for key, _, value in (pair.partition(": ") for pair in pairs)}
    return entry if len(entry) == len(pairs) else None
