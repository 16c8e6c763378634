"""The comments by which an import marks what it guessed, in a text that people keep: found, written and taken away."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Set

from gwplan.findings import Path
from gwplan.importers.estate.write import short
from gwplan.inventory.build import parse
from gwplan.inventory.edit.sketch import Child, ValueNode, sketch
from gwplan.inventory.source import Source

_MARK = "# guessed:"
_BEHIND = re.compile(r"[ \t]*(#[^\r\n]*)?(?=[\r\n]|\Z)")
"""What stands behind a value, where its line has nothing more than a comment."""


def guessed(source: Source) -> Set[Path]:
    """The places whose values an import guessed, and nobody corrected: a correction takes the comment away."""
    if source.is_json or _MARK not in source.text:
        return frozenset()
    return {
        path
        for path, child in _children(source, lambda path: len(path) < 3)
        if (said := _BEHIND.match(source.text, child.value.end)) and (said[1] or "").startswith(_MARK)
    }


def marked(source: Source, notes: Mapping[Path, str]) -> Source:
    """The text with a note beside each guessed value; an empty note takes an older one away.

    People's own comments stay, and so does a line that has something else in it.
    """
    if source.is_json or not (any(notes.values()) or _MARK in source.text):
        return source
    wanted = {path[:depth] for path in notes for depth in range(len(path))}
    text, done = [], 0
    for start, end, note in sorted(_notes(source, notes, lambda path: path in wanted)):
        text += [source.text[done:start], note]
        done = end
    made = Source(source.name, "".join([*text, source.text[done:]]))
    return made if parse(made)[0] == parse(source)[0] else source


def _notes(
    source: Source, notes: Mapping[Path, str], is_wanted: Callable[[Path], bool]
) -> Iterator[tuple[int, int, str]]:
    text = source.text
    for path, child in _children(source, is_wanted):
        if path not in notes:
            continue
        note = short(notes[path])
        if child.value.kind == "map" and not child.value.flow and child.value.children:
            line = max(text.rfind("\n", 0, child.key_start), text.rfind("\r", 0, child.key_start)) + 1
            if note and not text[line : child.key_start].strip():
                yield line, line, f"{text[line : child.key_start]}# {note}{_ending(text)}"
            continue
        behind = _BEHIND.match(text, child.value.end)
        if behind is None or (behind[1] and not behind[1].startswith(_MARK)):
            continue
        if note or behind[1]:
            yield child.value.end, behind.end(), f"  # {note}" if note else ""


def _children(source: Source, is_wanted: Callable[[Path], bool]) -> Iterator[tuple[Path, Child]]:
    """Every key below the wanted places."""
    root, _ = sketch(source, is_wanted)

    def below(node: ValueNode, path: Path) -> Iterator[tuple[Path, Child]]:
        for child in node.children:
            if child.key is not None:
                yield (*path, child.key), child
                yield from below(child.value, (*path, child.key))

    return below(root, ()) if root is not None else iter(())


def _ending(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"
