"""Items of a list or a mapping in brackets: some are taken out and others put in, the rest stays as it is laid out."""

from __future__ import annotations

import re
from bisect import bisect_left

from gwplan.inventory.edit.page import Page
from gwplan.inventory.edit.sketch import Child, ValueNode

_BARE_END = re.compile(r"[ \t]*(,?)[ \t]*(?:#[^\r\n]*)?(?=\r|\n|\Z)")
"""What may follow an item that is the last of its line."""


def in_brackets(page: Page, node: ValueNode, stays: list[bool], added: dict[int, list[str]]) -> None:
    """Take items out of a list or mapping in brackets and put others in: those of ``added``, each before its item."""
    children = node.children
    if not children:
        inner = ", ".join(item for items in added.values() for item in items)
        page.cut(node.end - 1, node.end - 1, inner)
        return
    kept = [at for at, stay in enumerate(stays) if stay]
    if not kept:
        inner = ", ".join(item for items in added.values() for item in items)
        page.cut(children[0].key_start, children[-1].value.end, inner)
        return
    for at, stay in enumerate(stays):
        if stay:
            continue
        child = children[at]
        if not page.is_json and _has_own_line(page, child, node):
            page.cut(page.line_start(child.key_start), page.next_line(child.value.end), "")
        elif at < kept[-1]:
            page.cut(child.key_start, children[at + 1].key_start, "")
        else:
            page.cut(children[at - 1].value.end, child.value.end, "")
    for at, items in added.items():
        before = bisect_left(kept, at)
        if before == 0:
            first = children[kept[0]]
            page.cut(first.key_start, first.key_start, "".join(f"{item}, " for item in items))
        elif items:
            after = kept[before - 1]
            _append(page, node, children[after], items, is_last=after == len(children) - 1)


def _append(page: Page, node: ValueNode, child: Child, items: list[str], *, is_last: bool) -> None:
    """Put items after one that stays; on lines of their own if that one has its own line."""
    end = child.value.end
    before = page.text[page.line_start(child.key_start) : child.key_start]
    if before.strip(" \t") or not (rest := _BARE_END.match(page.text, end)) or rest.end() >= node.end:
        page.cut(end, end, "".join(f", {item}" for item in items))
        return
    comma = rest.group(1)
    if not comma:
        page.cut(end, end, ",")
    lines = f",{page.eol}{before}".join(items)
    last = "," if comma or not is_last else ""
    at = page.next_line(end)
    page.cut(at, at, f"{before}{lines}{last}{page.eol}")


def _has_own_line(page: Page, child: Child, node: ValueNode) -> bool:
    before = page.text[page.line_start(child.key_start) : child.key_start]
    rest = _BARE_END.match(page.text, child.value.end)
    return not before.strip(" \t") and rest is not None and rest.end() < node.end
