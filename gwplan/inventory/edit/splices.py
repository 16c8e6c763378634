"""The stretches of a text that an edit replaces: from what the text says to what it is to say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Any

from gwplan.findings import REMOVED, Path
from gwplan.inventory.edit.brackets import in_brackets
from gwplan.inventory.edit.changes import Changes, applied, same
from gwplan.inventory.edit.difference import Splice
from gwplan.inventory.edit.page import NotSo, Page
from gwplan.inventory.edit.sketch import Anchors, Child, ValueNode, sketch
from gwplan.inventory.edit.wording import block, flow
from gwplan.inventory.source import Source

_COLON = re.compile(r"[ \t]*:")


def splices(source: Source, old: Any, new: Any, changes: Changes, *, at_origin: bool) -> list[Splice]:
    """What to replace, in the order of the text. Raises NotSo.

    What an alias or a merge key brings is edited where it is written (``at_origin``), for all that share it, or
    overridden where it is brought.
    """
    root, anchors = sketch(source, lambda path: _is_near(path, changes))
    if root is None:
        raise NotSo("there is nothing in the text")
    page = Page(source)
    _Writer(page, anchors if at_origin else {}).node(root, old, new, changes, None)
    cuts = dict.fromkeys(page.found) if at_origin else page.found  # one origin is reached from several places
    found = sorted(cuts, key=lambda cut: (cut.start, cut.end))  # stable: insertions at one place keep their order
    if any(one.end > other.start for one, other in pairwise(found)):
        raise NotSo("two edits touch in the text")
    return found


def _is_near(path: Path, changes: Changes) -> bool:
    """Whether a change is at, above or below a place."""
    for key in path:
        if changes.has_value:
            return True
        if key not in changes.below:
            return False
        changes = changes.below[key]
    return True


class _Writer:
    def __init__(self, page: Page, anchors: Anchors) -> None:
        self.page, self.anchors = page, anchors

    def node(self, node: ValueNode, old: Any, new: Any, changes: Changes | None, child: Child | None) -> None:
        """Write one value; ``child`` is the key or item that has it."""
        renames = changes is not None and any(change.renamed or change.below for change in changes.below.values())
        if same(old, new) and not renames:
            return
        if node.kind == "alias" and node.text in self.anchors:
            origin = self.anchors[node.text]
            self.node(origin.value, old, new, changes, origin)
        elif node.kind == "alias":
            self._replace(node, self._beside_alias(node, old, new), child)
        elif node.kind == "map" and isinstance(new, dict) and new:
            self._mapping(node, old, new, changes)
        elif node.kind == "list" and isinstance(new, list) and new and isinstance(old, list):
            self._list(node, old, new, changes)
        else:
            self._replace(node, self.page.flow(new, self.page.quote(node)), child)

    # --- mappings -----------------------------------------------------------------------------------------------------

    def _mapping(self, node: ValueNode, old: dict[str, Any], new: dict[str, Any], changes: Changes | None) -> None:
        below = changes.below if changes is not None else {}
        renamed = {str(key): change.renamed for key, change in below.items() if change.renamed}
        own = self._own(node)
        added: dict[str, Any] = {}
        gone: dict[int, tuple[ValueNode, list[Child]]] = {}
        for key, value in old.items():
            now = renamed.get(key, key)
            if key not in own:  # it comes from a merge key, which stays as it is for all others
                if now not in new or now != key:
                    added[key] = None
                if now in new and (now != key or not same(value, new[now])):
                    added[now] = new[now]
                continue
            owner, child = own[key]
            if now not in new:
                gone.setdefault(id(owner), (owner, []))[1].append(child)
                continue
            if now != key:
                self.page.cut(child.key_start, child.key_end, self.page.scalar(now, child.key_quote))
            self.node(child.value, value, new[now], below.get(key), child)
        added |= {key: value for key, value in new.items() if key not in old and key not in renamed.values()}
        if added:
            gone.setdefault(id(node), (node, []))
        for owner, children in gone.values():
            self._rearrange(owner, children, added if owner is node else {})

    def _own(self, node: ValueNode) -> dict[str, tuple[ValueNode, Child]]:
        """Where each key of a mapping is written: in it, or where its merge keys take it from."""
        found: dict[str, tuple[ValueNode, Child]] = {}
        for child in node.children:
            if child.key is not None and not child.is_merge:
                found.setdefault(child.key, (node, child))
        for child in node.children:
            for value in (child.value, *(item.value for item in child.value.children)) if child.is_merge else ():
                origin = self.anchors.get(value.text) if value.kind == "alias" else None
                if origin is not None and origin.value.kind == "map":
                    found = {**self._own(origin.value), **found}
        return found

    def _rearrange(self, node: ValueNode, gone: list[Child], added: dict[str, Any]) -> None:
        """Take keys of a mapping out, and put others behind the rest."""
        if node.flow:
            items = [self._pair(key, value) for key, value in added.items()]
            leaving = set(map(id, gone))  # by identity: an equal key stays, and comparing would look into each value
            stays = [id(child) not in leaving for child in node.children]
            in_brackets(self.page, node, stays, {len(node.children): items})
            return
        for child in gone:
            self._remove_lines(node, child)
        self._add_lines(node, added)

    def _pair(self, key: str, value: Any) -> str:
        return f"{self.page.scalar(key)}: {self.page.flow(value)}"

    def _add_lines(self, node: ValueNode, added: dict[str, Any]) -> None:
        if not added:
            return
        first = node.children[0]
        column = first.key_start - self.page.line_start(first.key_start)
        indent = " " * column
        nested = [child.value for child in node.children if child.value.kind == "map"]
        in_block = not nested or any(not value.flow for value in nested)
        step = self._step(node, column)
        lines = (
            block({key: value}, indent, step, self.page.eol)
            if isinstance(value, dict) and value and in_block
            else f"{indent}{self._pair(key, value)}{self.page.eol}"
            for key, value in added.items()
        )
        self._insert_lines(node.end, "".join(lines))

    def _step(self, node: ValueNode, column: int) -> str:
        """How much deeper a level is, as its siblings have it."""
        for child in node.children:
            if child.value.kind == "map" and not child.value.flow and child.value.anchor is None:
                start = child.value.start  # of its first key
                return " " * max(start - self.page.line_start(start) - column, 1)
        return "  "

    # --- lists --------------------------------------------------------------------------------------------------------

    def _list(self, node: ValueNode, old: list[Any], new: list[Any], changes: Changes | None) -> None:
        """Change a list without touching the items that stay, nor what stands beside them."""
        if len(node.children) != len(old):
            raise NotSo("a list is not what it seems")
        quotes = {self.page.quote(child.value) for child in node.children}
        quote = quotes.pop() if len(quotes) == 1 else ""
        stays = [True] * len(old)
        added: dict[int, list[str]] = {}
        for first, last, items in _by_item(old, changes) if changes and changes.below else _by_likeness(old, new):
            if last - first == len(items):
                for at, item in zip(range(first, last), items, strict=True):
                    self.node(node.children[at].value, old[at], item, None, None)
                continue
            stays[first:last] = [False] * (last - first)
            if items:
                added[last] = [self.page.flow(item, quote) for item in items]
        if node.flow:
            in_brackets(self.page, node, stays, added)
        else:
            self._in_lines(node, stays, added)

    def _in_lines(self, node: ValueNode, stays: list[bool], added: dict[int, list[str]]) -> None:
        for child, stay in zip(node.children, stays, strict=True):
            if not stay:
                self._dash(child)
                self.page.cut(self.page.line_start(child.key_start), self.page.next_line(child.value.end), "")
        for at, items in added.items():
            near = node.children[max(at - 1, 0)]
            lines = "".join(f"{self._dash(near)}{item}{self.page.eol}" for item in items)
            if at == 0:
                self.page.cut(self.page.line_start(near.key_start), self.page.line_start(near.key_start), lines)
            elif items:
                self._insert_lines(near.value.end, lines)

    def _dash(self, child: Child) -> str:
        """What stands before an item in its line."""
        before = self.page.text[self.page.line_start(child.key_start) : child.key_start]
        if not re.fullmatch(r" *-[ \t]+", before):
            raise NotSo("an item of a list stands in a line with something else")
        return before

    # --- one value ----------------------------------------------------------------------------------------------------

    def _replace(self, node: ValueNode, new: str, child: Child | None) -> None:
        """Write one value in a line, instead of what stands there."""
        start, end = node.start, node.end
        if node.kind in ("map", "list") and not node.flow:
            if child is None or child.key is None:
                raise NotSo("a value that is no key's is written in lines")
            colon = _COLON.match(self.page.text, child.key_end)
            if colon is None or node.anchor is not None:
                raise NotSo("a key stands apart from its value")
            first = node.children[0].key_start if node.children else node.start
            self.page.cut(colon.end(), colon.end(), f" {new}")
            self.page.cut(self.page.line_start(first), self.page.next_line(end), "")
            return
        if node.anchor is not None:
            anchor = re.compile(r"&[^\s,\[\]{}]+[ \t]*").match(self.page.text, start)
            start = anchor.end() if anchor else start
            new = new if start == node.start or self.page.text[start - 1] in " \t" else f" {new}"
        elif start == end:  # nothing stands there
            new = f" {new}"
        if node.text in ("|", ">"):
            new += self.page.eol if self.page.text[end - 1 : end] in ("\r", "\n") else ""
        self.page.cut(start, end, new)

    def _beside_alias(self, node: ValueNode, old: Any, new: Any) -> str:
        """A mapping that merges what an alias names, with keys of its own for what differs."""
        if not isinstance(old, dict) or not isinstance(new, dict):
            return self.page.flow(new)
        own = {key: value for key, value in new.items() if key not in old or not same(old[key], value)}
        own |= {key: None for key in old if key not in new}
        return f"{{<<: *{node.text}, {', '.join(self._pair(key, value) for key, value in own.items())}}}"

    def _remove_lines(self, node: ValueNode, child: Child) -> None:
        start = self.page.line_start(child.key_start)
        if self.page.text[start : child.key_start].strip(" "):
            at = node.children.index(child) + 1
            if at == len(node.children):
                raise NotSo("a key stands in a line with something else")
            self.page.cut(child.key_start, node.children[at].key_start, "")
        else:
            self.page.cut(start, self.page.next_line(child.value.end), "")

    def _insert_lines(self, end: int, lines: str) -> None:
        """Put lines under the one where something ends."""
        at = self.page.next_line(end)
        if at == len(self.page.text) and self.page.text[at - 1 : at] not in ("\n", "\r"):
            lines = self.page.eol + lines.removesuffix(self.page.eol)
        self.page.cut(at, at, lines)


def _by_item(old: list[Any], changes: Changes) -> Iterator[tuple[int, int, list[Any]]]:
    """The stretches of a list to replace, and by which items, where the edits name single items."""
    for at, change in changes.below.items():
        if isinstance(at, int):
            yield at, at + 1, [] if change.value is REMOVED else [applied(old[at], change)]


def _by_likeness(old: list[Any], new: list[Any]) -> Iterator[tuple[int, int, list[Any]]]:
    """The same where the edit names the list as a whole: as many items as possible stay."""
    one, other = [flow(item) for item in old], [flow(item) for item in new]
    first = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    left = min(len(one), len(other)) - first
    last = next((at for at in range(left) if one[-1 - at] != other[-1 - at]), left)
    one, other = one[first : len(one) - last], other[first : len(other) - last]
    if len(one) * len(other) > _MOST:
        yield first, first + len(one), new[first : first + len(other)]
        return
    for tag, begin, end, start, stop in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if tag != "equal":
            yield first + begin, first + end, new[first + start : first + stop]


_MOST = 1_000_000
"""The most pairs of items that are compared; longer lists are rewritten from their first difference to their last."""
