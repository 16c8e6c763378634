"""Comments that speak to gwplan: ``# gwplan: ignore[GW050] why`` and ``# gwplan: ignore-file[GW093] why``.

Only comments count: a hash inside a text, quoted or in a block, is text. JSON has none.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

import yaml
from yaml.events import ScalarEvent

from gwplan.findings import Location
from gwplan.inventory.places import locate_index
from gwplan.inventory.source import Source, events

_COMMENT = re.compile(
    r"(?:^|(?<=\s))#[ \t]*gwplan:[ \t]*(ignore(?:-file)?)\b[ \t]*(?:\[([^\]\n]*)\])?([^\n]*)", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Ignore:
    """What a comment asks to be ignored: codes or prefixes of codes, why, and the line that it is about."""

    codes: tuple[str, ...]
    reason: str
    location: Location
    line: int | None
    """None: the whole file."""


def ignores(sources: Iterable[Source]) -> tuple[Ignore, ...]:
    """Every such comment of some texts, in their order."""
    return tuple(found for source in sources if not source.is_json for found in _of(source))


def _of(source: Source) -> Iterable[Ignore]:
    hits = list(_COMMENT.finditer(source.text)) if "gwplan:" in source.text else []
    if not hits:
        return
    starts, ends = _scalars(source)
    speaks_of = _lines_spoken_of(source.text.split("\n"))
    for hit in hits:
        before = bisect_right(starts, hit.start()) - 1
        if before >= 0 and hit.start() < ends[before]:
            continue
        kind, codes, rest = hit.groups()
        location = locate_index(source, hit.start(), hit.end() - (len(rest) - len(rest.rstrip())))
        yield Ignore(
            tuple(code.strip() for code in (codes or "").split(",") if code.strip()),
            rest.strip(),
            location,
            None if kind == "ignore-file" else speaks_of[location.line],
        )


def _lines_spoken_of(lines: list[str]) -> list[int]:
    """For each line (from 1), the line that a comment on it is about: itself or, where it is only a comment, the next
    that is not."""
    found = list(range(len(lines) + 2))
    for number in range(len(lines), 0, -1):
        if not (bare := lines[number - 1].strip()) or bare.startswith("#"):
            found[number] = found[number + 1]
    return found


def _scalars(source: Source) -> tuple[list[int], list[int]]:
    """Where texts begin and end."""
    starts: list[int] = []
    ends: list[int] = []
    try:
        for event in events(source):
            start, end = event.start_mark.index, event.end_mark.index
            if type(event) is ScalarEvent and end > start:
                starts.append(start)
                ends.append(end)
    except yaml.YAMLError:
        pass
    return starts, ends
