"""What a round trip changes, laid into the text that people wrote: every line that was not meant stays to the byte."""

from __future__ import annotations

import re
from bisect import bisect_left
from difflib import SequenceMatcher
from typing import Any

from gwplan.findings import REMOVED, Edit, Path
from gwplan.importers.draft import ImportFailed
from gwplan.importers.report import Change
from gwplan.inventory.build import parse
from gwplan.inventory.edit import Edited, edited
from gwplan.inventory.edit.remarks import commented
from gwplan.inventory.source import Source

_LINES = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
_NOT_MEANT = "the change would reach entries that were not meant, as an alias or a merge key shares them"


def splice(text: str, before: str, after: str, changes: list[Change]) -> str:
    """The text with what differs from ``before`` to ``after``, which are the text as the library writes it, unchanged
    and changed. Raises ImportFailed where that is not possible, or says something else than the changes.
    """
    written = _LINES.findall(text)
    ending = "\r\n" if text.count("\r\n") * 2 > text.count("\n") else "\n"
    old, new = before.splitlines(), after.splitlines()
    place = _places(old, [line.rstrip("\r\n") for line in written])
    made, done = [], 0
    for tag, first, last, begin, end in SequenceMatcher(None, old, new).get_opcodes():
        if tag == "equal":
            continue
        start, stop = place(first, last)
        made += written[done:start]
        if made and not made[-1].endswith(("\n", "\r")):
            made[-1] += ending
        made += [line + ending for line in new[begin:end]]
        done = stop
    result = "".join(made + written[done:])
    _check(text, result, changes)
    return result


def edited_at_places(text: str, changes: list[Change], comments: dict[Path, str]) -> str | None:
    """The text with the changes made at their places, where a round trip would lay it out anew; None where that cannot
    be."""
    removed = {"remove": REMOVED}
    made = edited(
        (Source(None, text),),
        [
            Edit(change.path, removed.get(change.what, {} if change.after is None else change.after))
            for change in changes
            if change.what != "gone"
        ],
    )
    told = commented(made.sources[0], comments) if isinstance(made, Edited) else None
    return told.text if told else None


def _places(old: list[str], written: list[str]) -> Any:
    """A function from lines as the library writes them to the lines that people wrote."""
    blocks = SequenceMatcher(None, old, written).get_matching_blocks()
    starts = [block.a + block.size for block in blocks]

    def same(first: int, last: int) -> int | None:
        """Where some lines stand in the text, if they stand there as they are."""
        block = blocks[bisect_left(starts, first + 1)] if first < len(old) else blocks[-1]
        inside = block.a <= first and last <= block.a + block.size
        return first - block.a + block.b if inside else None

    def place(first: int, last: int) -> tuple[int, int]:
        if first < last:
            start = same(first, last)
        elif first == 0:
            start = 0
        else:  # behind the line before, or else before the line behind
            line = same(first - 1, first)
            start = same(first, first + 1) if line is None else line + 1
        if start is None:
            why = "is written in a way that would not stay: write it in block style, with two spaces for each level"
            told = old[min(first, len(old) - 1) if first < last else first - 1].strip()
            raise ImportFailed(f"--into: nothing is written: the line {told[:80]!r} {why}")
        return start, start + last - first

    return place


def _check(text: str, result: str, changes: list[Change]) -> None:
    """The new text says what the old one said, and the changes."""
    meant = _data(text)
    for change in changes:
        if change.what != "gone":
            _apply(meant, change)
    if _words(meant) != _words(_data(result)):
        raise ImportFailed(f"--into: nothing is written: {_NOT_MEANT}: write these entries out")


def _data(text: str) -> Any:
    return _owned(parse(Source(None, text))[0])


def _owned(value: Any) -> Any:
    """A copy that shares nothing, though the text does."""
    if isinstance(value, dict):
        return {str(key): _owned(item) for key, item in value.items()}
    return [_owned(item) for item in value] if isinstance(value, list) else value


def _apply(data: dict[str, Any], change: Change) -> None:
    holder = data
    for key in map(str, change.path[:-1]):
        if holder.get(key) is None:
            holder[key] = {}
        holder = holder[key]
    if change.what == "remove":
        holder.pop(str(change.path[-1]), None)
    else:
        holder[str(change.path[-1])] = {} if change.after is None else _owned(change.after)


def _words(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _words(item) for key, item in value.items()}
    return [_words(item) for item in value] if isinstance(value, list) else str(value)
