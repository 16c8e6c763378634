"""A text that is edited: its lines, how a value is written in it, and what has been cut out and put in so far."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Any

from gwplan.inventory.edit.difference import Splice
from gwplan.inventory.edit.sketch import ValueNode
from gwplan.inventory.edit.wording import flow, scalar
from gwplan.inventory.source import Source

_LINE_END = re.compile(r"\r\n?|\n")


class NotSo(ValueError):
    """The text cannot be edited at its places; the message says why."""


class Page:
    def __init__(self, source: Source) -> None:
        self.text, self.is_json = source.text, source.is_json
        self.found: list[Splice] = []
        first = _LINE_END.search(self.text)
        self.eol = first.group() if first else "\n"
        self.starts = [0, *(end.end() for end in _LINE_END.finditer(self.text))]

    def line_start(self, at: int) -> int:
        return self.starts[bisect_right(self.starts, at) - 1]

    def next_line(self, end: int) -> int:
        if self.text[end - 1 : end] in ("\n", "\r"):  # a block of text ends with its last line
            return end
        number = bisect_right(self.starts, end)
        return self.starts[number] if number < len(self.starts) else len(self.text)

    def cut(self, start: int, end: int, text: str) -> None:
        if start < end or text:
            self.found.append(Splice(start, end, text))

    def flow(self, value: Any, quote: str = "") -> str:
        return flow(value, is_json=self.is_json, quote=quote)

    def scalar(self, value: Any, quote: str = "") -> str:
        return scalar(value, is_json=self.is_json, quote=quote)

    def quote(self, node: ValueNode) -> str:
        return node.text if node.text in ("'", '"') else ""
