"""Comments behind keys that are there already."""

from __future__ import annotations

import re
from collections.abc import Mapping

from gwplan.findings import Path
from gwplan.inventory.build import parse
from gwplan.inventory.edit.page import Page
from gwplan.inventory.edit.sketch import Child, Node, sketch
from gwplan.inventory.source import Source

_COLON = re.compile(r"[ \t]*:")
_NOTHING_MORE = re.compile(r"[ \t]*(?=[\r\n]|\Z)")


def commented(source: Source, comments: Mapping[Path, str]) -> Source | None:
    """The text with a comment at the end of the line of each key; None where there is no room for one."""
    prefixes = {path[:length] for path in comments for length in range(len(path) + 1)}
    root, _ = sketch(source, prefixes.__contains__)
    page = Page(source)
    places: dict[int, str] = {}
    for path, comment in comments.items():
        child = _child(root, path)
        if child is None or source.is_json or not comment.isprintable():
            return None
        in_lines = child.value.kind in ("map", "list") and not child.value.flow
        colon = _COLON.match(page.text, child.key_end)
        at = colon.end() if in_lines and colon else child.value.end
        if at in places or not _NOTHING_MORE.match(page.text, at):
            return None
        places[at] = f"  # {comment}"
    text, done = [], 0
    for at, told in sorted(places.items()):
        text += [page.text[done:at], told]
        done = at
    new = Source(source.name, "".join([*text, page.text[done:]]))
    return new if parse(new) == parse(source) else None


def _child(node: Node | None, path: Path) -> Child | None:
    found: Child | None = None
    for key in path:
        found = next((child for child in node.children if child.key == key), None) if node else None
        node = found.value if found else None
    return found
