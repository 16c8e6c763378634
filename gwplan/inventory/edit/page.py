"""A text that is edited: its lines, how a value is written in it, and what is cut out and put in so far."""

from __future__ import annotations

import re
from typing import Any

from gwplan.inventory.edit.difference import Splice
from gwplan.inventory.edit.sketch import Node
from gwplan.inventory.edit.wording import flow, scalar
from gwplan.inventory.source import Source

_LINE_END = re.compile(r"\r\n|\r|\n|\Z")


class NotSo(ValueError):
    """The text cannot be edited at its places; the message says why."""


class Page:
    def __init__(self, source: Source) -> None:
        self.text, self.is_json = source.text, source.is_json
        self.found: list[Splice] = []
        first = _LINE_END.search(self.text)
        self.eol = first.group() if first and first.group() else "\n"

    def line_start(self, at: int) -> int:
        return max(self.text.rfind("\n", 0, at), self.text.rfind("\r", 0, at)) + 1

    def next_line(self, end: int) -> int:
        if self.text[end - 1 : end] in ("\n", "\r"):  # a block of text ends with its last line
            return end
        found = _LINE_END.search(self.text, end)
        return found.end() if found else len(self.text)

    def cut(self, start: int, end: int, text: str) -> None:
        if start < end or text:
            self.found.append(Splice(start, end, text))

    def flow(self, value: Any, quote: str = "") -> str:
        return flow(value, is_json=self.is_json, quote=quote)

    def scalar(self, value: Any, quote: str = "") -> str:
        return scalar(value, is_json=self.is_json, quote=quote)

    def quote(self, node: Node) -> str:
        return node.text if node.text in ("'", '"') else ""
