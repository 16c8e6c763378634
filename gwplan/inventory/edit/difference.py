"""What splices change, as a unified diff. Where the splices are known it is made from them, so that it costs no more
than they do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import accumulate

from gwplan.inventory.source import Source

_LINES = re.compile(r"[^\n]*\n|[^\n]+\Z")
_CONTEXT = 3


@dataclass(frozen=True, slots=True)
class Splice:
    """A stretch of a text, and what stands there from now on."""

    start: int
    end: int
    text: str


@dataclass(slots=True)
class _Hunk:
    """Lines of the old text from ``first`` to ``last``, and what they become."""

    first: int
    last: int
    new: list[str]


def compared(before: Source, after: Source) -> Iterator[str]:
    """The unified diff of two texts."""
    old, new = _LINES.findall(before.text), _LINES.findall(after.text)
    starts = [0, *accumulate(map(len, old))]
    same = next((at for at, (one, other) in enumerate(zip(old, new, strict=False)) if one != other), None)
    first = min(len(old), len(new)) if same is None else same
    matcher = SequenceMatcher(None, old[first:], new[first:], autojunk=len(old) > _LONG)
    yield from unified(
        before,
        tuple(
            Splice(starts[first + at], starts[first + to], "".join(new[first + begin : first + end]))
            for tag, at, to, begin, end in matcher.get_opcodes()
            if tag != "equal"
        ),
    )


_LONG = 5000
"""The number of lines above which a line that occurs often is not used to align two texts."""


def unified(source: Source, splices: tuple[Splice, ...]) -> Iterator[str]:
    """The lines of a unified diff; none without splices. The splices are in the order of the text."""
    if not splices:
        return
    name = source.name or "-"
    yield f"--- {name}\n+++ {name}\n"
    lines: list[str] = _LINES.findall(source.text)
    shift = 0
    for group in _grouped(_hunks(source.text, lines, splices)):
        first, last = max(group[0].first - _CONTEXT, 0), min(group[-1].last + _CONTEXT, len(lines))
        grown = sum(len(hunk.new) - (hunk.last - hunk.first) for hunk in group)
        old, new = _range(first, last - first), _range(first + shift, last - first + grown)
        yield f"@@ -{old} +{new} @@\n"
        shift += grown
        at = first
        for hunk in group:
            yield from _told(" ", lines[at : hunk.first])
            yield from _told("-", lines[hunk.first : hunk.last])
            yield from _told("+", hunk.new)
            at = hunk.last
        yield from _told(" ", lines[at:last])


def _hunks(text: str, lines: list[str], splices: tuple[Splice, ...]) -> list[_Hunk]:
    """The lines that change; splices that share a line make one hunk."""
    starts = [0]
    for text_of_line in lines:
        starts.append(starts[-1] + len(text_of_line))
    hunks: list[_Hunk] = []
    held: list[Splice] = []
    line = 0
    for number, splice in enumerate(splices):
        held.append(splice)
        while line + 1 < len(lines) and starts[line + 1] <= held[0].start:
            line += 1
        stop = line
        while stop < len(lines) and starts[stop] < max(splice.end, splice.start + 1):
            stop += 1
        following = splices[number + 1] if number + 1 < len(splices) else None
        if following is not None and (following.start < starts[stop] or stop == len(lines)):
            continue
        _add(hunks, _trimmed(lines, line, stop, _joined(text, starts[line], starts[stop], held)))
        held = []
    return [hunk for hunk in hunks if hunk.new != lines[hunk.first : hunk.last]]


def _add(hunks: list[_Hunk], hunk: _Hunk) -> None:
    """Add a hunk; one that begins where the last one ends is joined to it."""
    if hunks and hunks[-1].last == hunk.first:
        hunks[-1] = _Hunk(hunks[-1].first, hunk.last, hunks[-1].new + hunk.new)
    else:
        hunks.append(hunk)


def _joined(text: str, start: int, end: int, splices: list[Splice]) -> list[str]:
    parts = []
    for splice in splices:
        parts += [text[start : splice.start], splice.text]
        start = splice.end
    return _LINES.findall("".join([*parts, text[start:end]]))


def _trimmed(lines: list[str], first: int, last: int, new: list[str]) -> _Hunk:
    """A hunk without the lines at both ends that stay as they are."""
    while first < last and new and lines[first] == new[0]:
        first, new = first + 1, new[1:]
    while first < last and new and lines[last - 1] == new[-1]:
        last, new = last - 1, new[:-1]
    return _Hunk(first, last, new)


def _grouped(hunks: list[_Hunk]) -> list[list[_Hunk]]:
    groups: list[list[_Hunk]] = []
    for hunk in hunks:
        if groups and hunk.first - groups[-1][-1].last <= 2 * _CONTEXT:
            groups[-1].append(hunk)
        else:
            groups.append([hunk])
    return groups


def _range(first: int, count: int) -> str:
    start = first + 1 if count else first
    return f"{start}" if count == 1 else f"{start},{count}"


def _told(sign: str, lines: list[str]) -> Iterator[str]:
    for line in lines:
        yield f"{sign}{line}" if line.endswith("\n") else f"{sign}{line}\n\\ No newline at end of file\n"
