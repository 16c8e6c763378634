"""A text to plain data, bounded in size, depth and expansion.

Data is built straight from parser events: no node tree, no marks kept. Of two ways to the same data the faster one,
``runs.py``, is tried first.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NoReturn

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from gwplan.findings import BAD_VALUE, DUPLICATE_KEY, SYNTAX, TOO_LARGE, Finding, InventoryError, Path, Rule, Spot
from gwplan.inventory.collector import collector_paused
from gwplan.inventory.json_events import JsonError
from gwplan.inventory.places import locate_index
from gwplan.inventory.runs import cut
from gwplan.inventory.scalars import NUMERIC, WORDS, typed
from gwplan.inventory.source import MAX_DEPTH, MAX_NODES, Event, Source, events
from gwplan.inventory.wording import syntax_finding, too_deep


class _Unique:
    """A key that no text equals: the second of two equal keys, or a merge."""

    __slots__ = ()


@dataclass(slots=True)
class _Frame:
    """A collection that is being built. ``height`` is how deep it nests, ``first`` the node count at its start."""

    node: Any
    key: Any = None
    anchor: str | None = None
    height: int = 1
    first: int = 0
    merges: list[Any] = field(default_factory=list)
    twins: bool = False
    flow: bool = False


@dataclass(frozen=True, slots=True)
class _Anchored:
    value: Any
    text: str | None  # as written, for a scalar
    size: int
    height: int


_NO_KEY = _Unique()
_MERGE = _Unique()


def parse(source: Source) -> tuple[Any, tuple[Finding, ...]]:
    """The document of one source, and what is wrong with its form. Raises InventoryError where nothing can be built."""
    with collector_paused():
        if (data := _parse_runs(source)) is not None:
            return data, ()
        build = _Builder(source)
        try:
            data = build.document()
        except (yaml.YAMLError, JsonError) as error:
            raise InventoryError([*build.findings, syntax_finding(source, error)]) from None
        except _Refused as refusal:
            raise InventoryError([*build.findings, refusal.finding]) from None
    return data, tuple(build.findings)


def _parse_runs(source: Source) -> Any:
    """The document by the fast path; None where the text is not as plain as it looks, or anything is wrong with it."""
    try:
        runs = None if source.is_json else cut(source.text, typed)
    except ValueError:  # a number that is too long
        return None
    if runs is None:
        return None
    build = _Builder(Source(source.name, runs.text), runs.entries)
    try:
        data = build.document()
    except (yaml.YAMLError, _Refused):
        return None
    if build.findings or build.runs:
        return None
    source.runs[:] = runs.places
    return data


class _Refused(Exception):
    """Reading stops here; the reason is a finding."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding


class _Builder:
    def __init__(self, source: Source, runs: dict[str, dict[str, dict[str, Any]]] | None = None) -> None:
        self.source = source
        self.runs = runs or {}
        """Entries that still wait for their marker."""
        self.findings: list[Finding] = []
        self.anchors: dict[str, _Anchored | None] = {}
        self.stack: list[_Frame] = []
        self.nodes = 0

    def document(self) -> Any:  # noqa: C901 - the loop over a million events: one call an event would cost half the time
        """Build the one document. A mapping's pending key is ``_NO_KEY`` while a key is expected."""
        stack, nodes, root = self.stack, 0, None
        frame = top = _Frame([])
        words, numeric, no_key = WORDS, NUMERIC, _NO_KEY
        documents = 0
        for event in events(self.source):
            kind = type(event)
            if kind is ScalarEvent:
                nodes += 1
                if nodes > MAX_NODES:
                    self._refuse_nodes(event)
                text = value = event.value
                plain = event.implicit[0]
                if event.tag is not None or event.anchor is not None:
                    self._refuse_tag(event)
                    if event.anchor is not None:
                        self.anchors[event.anchor] = _Anchored(self._typed(event), text, 1, 0)
                node = frame.node
                if frame.key is no_key and type(node) is dict:
                    frame.key = self._key(event, frame, text) if text in node or (text == "<<" and plain) else text
                    continue
                if plain:
                    if value in words:
                        value = words[value]
                    elif value[0] in numeric:
                        value = self._typed(event)
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                nodes += 1
                if event.tag is not None:
                    self._refuse_tag(event)
                if frame.key is no_key and type(frame.node) is dict:
                    self._refuse(SYNTAX, event, "a key is a mapping or a list", "write the key as text")
                if len(stack) >= MAX_DEPTH:
                    self._refuse_depth(event)
                stack.append(frame)
                is_map = kind is MappingStartEvent
                frame = _Frame({} if is_map else [], no_key if is_map else None, event.anchor, 1, nodes)
                frame.flow = event.flow_style
                if event.anchor is not None:
                    self.anchors[event.anchor] = None
                continue
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                done, frame = frame, stack.pop()
                value = self._merged(done) if done.merges or done.twins else done.node
                if done.height >= frame.height:
                    frame.height = done.height + 1
                if done.anchor is not None:
                    self.anchors[done.anchor] = _Anchored(value, None, nodes - done.first + 1, done.height)
            elif kind is AliasEvent:
                meant = self._alias(event)
                nodes += meant.size
                if nodes > MAX_NODES:
                    self._refuse_nodes(event)
                if len(stack) + meant.height > MAX_DEPTH:
                    self._refuse_depth(event)
                if meant.height >= frame.height:
                    frame.height = meant.height + 1
                value = meant.value
                if frame.key is no_key and type(frame.node) is dict:
                    text = meant.text
                    if text is None:
                        self._refuse(SYNTAX, event, "a key is a mapping or a list", "write the key as text")
                    frame.key = self._key(event, frame, text) if text in frame.node else text
                    continue
            elif kind is DocumentStartEvent:
                documents += 1
                if documents > 1:
                    message = "a second document begins here"
                    self._refuse(SYNTAX, event, message, "keep one document a file; a directory may hold several files")
                continue
            else:
                continue
            if type(frame.node) is dict:
                if self.runs and frame.key in self.runs:
                    nodes += self._place_run(frame, value)
                elif frame.key is _MERGE:
                    self._merge(event, frame, value)
                else:
                    frame.node[frame.key] = value
                frame.key = no_key
            else:
                frame.node.append(value)
        root = top.node
        return root[0] if root else None

    def _typed(self, event: Event) -> Any:
        if not event.implicit[0]:
            return event.value
        try:
            return typed(event.value)
        except ValueError as error:
            self.findings.append(Finding(TOO_LARGE, None, str(error), "write a smaller number", self._here(event)))
            return 1

    def _place_run(self, frame: _Frame, value: Any) -> int:
        """Put the entries of a run where its marker stood, and say how many nodes they are."""
        assert isinstance(frame.key, str)
        entries = self.runs.pop(frame.key)
        size = len(frame.node) + len(entries)
        frame.node.update(entries)
        if value != 0 or frame.flow or len(self.stack) != 2 or len(frame.node) != size:
            raise _Refused(Finding(SYNTAX, None, "not a run", "read event by event"))
        frame.height = max(frame.height, 2)
        return sum(map(len, entries.values())) * 2 + len(entries) * 2

    def _key(self, event: Event, frame: _Frame, text: str) -> Any:
        """A merge key, or the second of two equal keys; either is kept apart from the keys that are text."""
        if text not in frame.node:
            return _MERGE
        first = Spot((*self._path(frame), text), on_key=True, label="first given here")
        self.findings.append(
            Finding(
                DUPLICATE_KEY,
                None,
                f"the key {text!r} is given twice in one mapping",
                "keep one of the two, or rename one",
                self._here(event),
                (first,),
            )
        )
        frame.twins = True
        return _Unique()

    def _path(self, frame: _Frame) -> Path:
        keys = [outer.key if type(outer.node) is dict else len(outer.node) for outer in self.stack[1:]]
        return tuple(key for key in keys if not isinstance(key, _Unique)) if frame is not self.stack[0] else ()

    def _merge(self, event: Event, frame: _Frame, value: Any) -> None:
        parts = value if type(value) is list else [value]
        if not all(type(part) is dict for part in parts):
            message = "`<<` merges mappings, and this is none"
            self.findings.append(Finding(BAD_VALUE, None, message, "name an anchored mapping", self._here(event)))
            return
        frame.merges += parts

    def _merged(self, frame: _Frame) -> Any:
        node = frame.node
        if frame.twins:
            node = {key: value for key, value in node.items() if type(key) is str}
        for part in frame.merges:
            for key, value in part.items():
                node.setdefault(key, value)
        return node

    def _alias(self, event: Event) -> _Anchored:
        name = event.anchor
        if name not in self.anchors:
            fix = f"anchor it first, or write *{name} in quotes"
            self._refuse(SYNTAX, event, f"nothing is anchored as &{name}", fix)
        meant = self.anchors[name]
        if meant is None:
            self._refuse(SYNTAX, event, f"*{name} stands inside what it names", "an alias names something complete")
        return meant

    def _refuse_tag(self, event: Event) -> None:
        if event.tag is not None:
            message = f"tags are not read: {event.tag}"
            self.findings.append(Finding(SYNTAX, None, message, "leave the tag out", self._here(event)))

    def _refuse_depth(self, event: Event) -> NoReturn:
        raise _Refused(too_deep(self._here(event)))

    def _refuse_nodes(self, event: Event) -> NoReturn:
        message = f"the inventory has more than {MAX_NODES:,} nodes once its aliases are expanded"
        self._refuse(TOO_LARGE, event, message, "describe equal workloads as a group with `count`")

    def _refuse(self, rule: Rule, event: Event, message: str, fix: str) -> NoReturn:
        raise _Refused(Finding(rule, None, message, fix, self._here(event)))

    def _here(self, event: Event) -> Spot:
        return Spot((), location=locate_index(self.source, event.start_mark.index, event.end_mark.index))
