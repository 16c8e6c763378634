"""Where things stand in a text: lines and columns, found only for what is reported, by walking its events once more.

In the runs of plain entries that the first reading found, only the entries that are asked for are walked.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from gwplan.findings import Finding, Location, Path, Spot
from gwplan.inventory.json_events import JsonError
from gwplan.inventory.runs import excerpt
from gwplan.inventory.source import Source, events

_LINE_END = re.compile(r"\r\n?|\n")


def locate_index(source: Source, start: int, end: int) -> Location:
    """The place of a stretch of characters, given by their indexes in the text."""
    starts = _line_starts(source.text)
    start = min(start, len(source.text))
    line, end_line = bisect_right(starts, start), bisect_right(starts, max(start, min(end, len(source.text))))
    begin = starts[line - 1]
    return Location(
        source.name,
        line,
        start - begin + 1,
        end_line,
        max(start, min(end, len(source.text))) - starts[end_line - 1] + 1,
        _line_at(source.text, begin),
    )


@lru_cache(maxsize=4)
def _line_starts(text: str) -> list[int]:
    return [0, *(match.end() for match in _LINE_END.finditer(text))]


@lru_cache(maxsize=64)
def _line_at(text: str, begin: int) -> str:
    """A line of the text. Cached, so that all that is in one line shares one string: it may be as long as the text."""
    end = _LINE_END.search(text, begin)
    return text[begin : end.start() if end else len(text)]


def locate(sources: Iterable[Source], spots: Iterable[Spot]) -> dict[Spot, Location]:
    """The place of each spot, or of the nearest thing around it. One walk over the events of each source."""
    wanted = {spot for spot in spots if spot.location is None}
    prefixes = {spot.path[:length] for spot in wanted for length in range(len(spot.path) + 1)}
    best: dict[Path, tuple[Source, tuple[int, int] | None, tuple[int, int]]] = {}
    for source in sources if wanted else ():
        for path, key, value in _walk_excerpt(source, prefixes) if source.runs else _walk(source, prefixes):
            best.setdefault(path, (source, key, value))
    found = {}
    for spot in wanted:
        nearest = (spot.path[:length] for length in range(len(spot.path), -1, -1))
        path = next((path for path in nearest if path in best), ())
        if path not in best:
            continue
        source, key, value = best[path]
        on_key = spot.on_key or len(path) < len(spot.path)
        start, end = key if key and on_key else value
        found[spot] = locate_index(source, start, end)
    return found


def place(findings: Iterable[Finding], text: tuple[Source, ...]) -> tuple[Finding, ...]:
    """The same findings with the lines and columns of what they speak of, in the order of the text."""
    findings = list(findings)
    spots = [spot for finding in findings for spot in (finding.spot, *finding.related) if spot is not None]
    found = locate(text, spots)
    files = {source.name: number for number, source in enumerate(text)}

    def placed(spot: Spot) -> Spot:
        return replace(spot, location=spot.location or found.get(spot))

    def order(finding: Finding) -> tuple[int, int, int, str, str]:
        where: Location | None = finding.location
        if where is None:
            return len(files), 0, 0, finding.code, finding.message
        return files.get(where.file, 0), where.line, where.column, finding.code, finding.message

    return tuple(
        sorted(
            (
                replace(f, spot=f.spot and placed(f.spot), related=tuple(placed(spot) for spot in f.related))
                for f in findings
            ),
            key=order,
        )
    )


_Stretch = tuple[int, int]
_Found = tuple[Path, _Stretch | None, _Stretch]


def _walk_excerpt(source: Source, prefixes: set[Path]) -> Iterator[_Found]:
    """What ``_walk`` finds in the whole text."""
    text, begins = excerpt(source.text, source.runs, {path[1] for path in prefixes if len(path) == 2})
    starts = [here for here, _ in begins]

    def in_text(stretch: _Stretch) -> _Stretch:
        here, there = begins[bisect_right(starts, stretch[0]) - 1]
        return stretch[0] - here + there, stretch[1] - here + there

    for path, key, value in _walk(Source(source.name, text), prefixes):
        yield path, key and in_text(key), in_text(value)


def _walk(source: Source, prefixes: set[Path]) -> Iterator[_Found]:
    """Each wanted path with the stretch of its key (None for an item) and of its value (its key, for a collection)."""
    stack: list[list[Any]] = []  # [path or None where nothing below is wanted, next key or index, stretch of the key]
    seen: set[Path] = set()
    sections = {path for path in prefixes if len(path) == 1}
    try:
        for event in events(source):
            kind = type(event)
            if kind is MappingEndEvent or kind is SequenceEndEvent:
                stack.pop()
                continue
            if kind not in (ScalarEvent, AliasEvent, MappingStartEvent, SequenceStartEvent):
                continue
            stretch = (event.start_mark.index, event.end_mark.index)
            frame = stack[-1] if stack else None
            if frame is not None and frame[1] is None:
                if len(stack) == 1 and sections and sections <= seen:
                    return  # every section that holds something wanted has been passed
                frame[1], frame[2] = getattr(event, "value", None), stretch
                if kind in (MappingStartEvent, SequenceStartEvent):
                    return
                continue
            path: Path | None = ()
            key = None
            if frame is not None:
                path = None if frame[0] is None else (*frame[0], frame[1])
                key = frame[2]
                frame[1], frame[2] = (frame[1] + 1, None) if isinstance(frame[1], int) else (None, None)
            if path not in prefixes or path in seen:
                path = None
            else:
                assert path is not None
                seen.add(path)
                yield path, key, stretch if kind in (ScalarEvent, AliasEvent) or key is None else key
            if kind is MappingStartEvent:
                stack.append([path, None, None])
            elif kind is SequenceStartEvent:
                stack.append([path, 0, None])
    except (yaml.YAMLError, JsonError):
        return
