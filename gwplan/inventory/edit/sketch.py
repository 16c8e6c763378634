"""Where things stand in a text: every key and value along some paths; beside them, only the ends of each value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from gwplan.findings import Path
from gwplan.inventory.source import Event, Source, events


@dataclass(slots=True)
class ValueNode:
    """One value. ``end`` is where its last visible character ends, whatever style it is in."""

    kind: Literal["scalar", "alias", "map", "list"]
    start: int
    end: int
    flow: bool = False
    text: str = ""
    """The name of an alias; the quotation mark or block sign (``|``, ``>``) of a scalar."""
    anchor: str | None = None
    children: list[Child] = field(default_factory=list)
    """In the order of the text; none for what lies beside the paths."""


@dataclass(slots=True)
class Child:
    """One key with its value, or one item of a list (then the key's stretch is the item's start)."""

    key: str | None
    key_start: int
    key_end: int
    key_quote: str
    is_merge: bool
    value: ValueNode


Anchors = dict[str, Child]
"""What each anchor names, with its key."""


def sketch(source: Source, is_wanted: Callable[[Path], bool]) -> tuple[ValueNode | None, Anchors]:
    """The root of a text that can be parsed, None if it is empty; and everything that has an anchor, in full."""
    top = ValueNode("list", 0, 0)
    anchors: Anchors = {}
    stack = [_Open(top, (), None, False)]
    for event in events(source):
        kind = type(event)
        frame = stack[-1]
        if kind is MappingEndEvent or kind is SequenceEndEvent:
            done = stack.pop().node
            if done.flow:
                done.end = event.end_mark.index
            stack[-1].node.end = max(stack[-1].node.end, done.end)
            continue
        if kind not in (ScalarEvent, AliasEvent, MappingStartEvent, SequenceStartEvent):
            continue
        if frame.node.kind == "map" and frame.key is None and kind in (ScalarEvent, AliasEvent):
            frame.key = event
            continue
        node = _node(event, kind)
        path = () if len(stack) == 1 else frame.below()
        child = _child(frame.key, node)
        if path is not None or frame.is_whole:
            frame.node.children.append(child)
        if node.anchor is not None:
            anchors[node.anchor] = child
        frame.node.end = max(frame.node.end, node.end)
        frame.key = None
        if node.kind in ("map", "list"):
            inside = path is not None and is_wanted(path)
            whole = frame.is_whole or node.anchor is not None or child.is_merge
            stack.append(_Open(node, path if inside else None, None, whole))
    return (top.children[0].value if top.children else None), anchors


@dataclass(slots=True)
class _Open:
    """A collection that is being walked; ``path`` is None beside the paths."""

    node: ValueNode
    path: Path | None
    key: Event | None
    is_whole: bool

    def below(self) -> Path | None:
        if self.path is None:
            return None
        if self.node.kind == "map":
            return (*self.path, str(getattr(self.key, "value", "*")))  # an alias as a key is on no path
        return (*self.path, len(self.node.children))


def _node(event: Event, kind: type) -> ValueNode:
    start, end = event.start_mark.index, event.end_mark.index
    if kind is AliasEvent:
        return ValueNode("alias", start, end, text=event.anchor)
    if kind is ScalarEvent:
        return ValueNode("scalar", start, end, text=event.style or "", anchor=event.anchor)
    flow = bool(event.flow_style)
    return ValueNode(
        "map" if kind is MappingStartEvent else "list", start, end if flow else start, flow, anchor=event.anchor
    )


def _child(key: Event | None, value: ValueNode) -> Child:
    if key is None:
        return Child(None, value.start, value.start, "", False, value)
    text = getattr(key, "value", None)
    plain = type(key) is ScalarEvent and key.implicit[0]
    quote = "" if type(key) is not ScalarEvent else key.style or ""
    return Child(text, key.start_mark.index, key.end_mark.index, quote, plain and text == "<<", value)
