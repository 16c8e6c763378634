"""YAML or JSON text to plain data, bounded in size, depth and expansion; and the place of any path in it.

Data is built straight from parser events: no node tree, no marks kept. When there is news to print, ``locate`` walks
the events once more. Scalars are ``true``, ``false``, ``null``, decimal integers, and text as written for all else.
"""

from __future__ import annotations

import gc
import re
import stat
import sys
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path as File
from typing import Any, BinaryIO, NoReturn

import yaml
from yaml.cyaml import CParser  # type: ignore[attr-defined]
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from gwplan.findings import (
    BAD_VALUE,
    DUPLICATE_KEY,
    SYNTAX,
    TOO_LARGE,
    UNREADABLE_FILE,
    Finding,
    InventoryError,
    Location,
    Path,
    Rule,
    Spot,
)
from gwplan.inventory.json_events import JsonError, json_events
from gwplan.inventory.runs import cut

MAX_BYTES = 256_000_000
MAX_DEPTH = 50
MAX_NODES = 10_000_000
MAX_DIGITS = 15

Event = Any  # the library's events, whose published types leave out half of their attributes

_TOO_DEEP = f"this nests deeper than {MAX_DEPTH} levels"
_TOO_DEEP_FIX = "an inventory needs five; look for a bracket that is never closed"

_INTEGER = re.compile(r"-?[1-9][0-9]*|0")
_NUMERIC = frozenset("-0123456789")
_WORDS = {"true": True, "false": False, "null": None, "": None}
_NOT_YAML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ufffe\uffff]")
_CONFLICT = re.compile(r"^(?:<{7}|>{7})(?= |$)", re.MULTILINE)
_LINE_END = re.compile(r"\r\n?|\n")
_SUFFIXES = (".yaml", ".yml", ".json")


@dataclass(frozen=True, slots=True)
class Source:
    """One file's text. ``name`` is the file as given by the user, None for standard input."""

    name: str | None
    text: str
    is_json: bool = False


def read_sources(where: str, stdin: BinaryIO | None = None) -> tuple[Source, ...]:
    """The texts behind INVENTORY: a file, a directory of files, or ``-``. Raises InventoryError."""
    if where == "-":
        return (_decode(None, (stdin or sys.stdin.buffer).read(MAX_BYTES + 1), is_json=False),)
    try:
        if not stat.S_ISDIR(File(where).stat().st_mode):
            return (_read_file(where, File(where)),)
        files = sorted(_inventory_files(File(where)), key=lambda file: file.relative_to(where).parts)
    except (OSError, ValueError) as error:
        raise InventoryError([_unreadable(where, error)]) from None
    if not files:
        fix = "name a directory that holds *.yaml, *.yml or *.json files"
        raise InventoryError([Finding(UNREADABLE_FILE, None, f"{where} holds no inventory", fix, _spot_of_file(where))])
    found: list[Source] = []
    errors: list[Finding] = []
    for file in files:
        try:
            found.append(_read_file(str(file), file))
        except InventoryError as error:
            errors += error.findings
    if errors:
        raise InventoryError(errors)
    return tuple(found)


def _inventory_files(folder: File) -> Iterator[File]:
    """Every inventory file under a folder; hidden files and folders are passed over, as a shell's ``*`` does."""
    for entry in folder.iterdir():
        if entry.name.startswith("."):
            continue
        if entry.is_dir() and not entry.is_symlink():
            yield from _inventory_files(entry)
        elif entry.suffix in _SUFFIXES and entry.is_file():
            yield entry


def _read_file(name: str, file: File) -> Source:
    try:
        with file.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise InventoryError([_unreadable(name, error)]) from None
    return _decode(name, data, is_json=file.suffix == ".json")


def _decode(name: str | None, data: bytes, *, is_json: bool) -> Source:
    if len(data) > MAX_BYTES:
        message = f"the file is larger than {MAX_BYTES // 1_000_000} MB"
        fix = "split it into a directory of files, or describe equal workloads as a group with `count`"
        raise InventoryError([Finding(TOO_LARGE, None, message, fix, _spot_of_file(name))])
    try:
        return Source(name, data.decode("utf-8-sig"), is_json)
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace")
        where = locate_index(Source(name, before), len(before), len(before) + 1)
        guess = "; it looks like UTF-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ""
        message = f"the text is not UTF-8: byte 0x{data[error.start]:02x}{guess}"
        spot = Spot((), location=where)
        raise InventoryError([Finding(UNREADABLE_FILE, None, message, "save the file as UTF-8", spot)]) from None


def _unreadable(name: str, error: Exception) -> Finding:
    message = getattr(error, "strerror", None) or str(error)
    return Finding(UNREADABLE_FILE, None, f"cannot read {name}: {message}", "name a readable file", _spot_of_file(name))


def _spot_of_file(name: str | None) -> Spot:
    return Spot((), location=Location(name, 1, 1, 1, 1))


# --- text to data -----------------------------------------------------------------------------------------------------


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


def _typed(text: str) -> Any:
    """A plain scalar's value. Raises ValueError for a number that is too long."""
    if text in _WORDS:
        return _WORDS[text]
    if not _INTEGER.fullmatch(text):
        return text
    if (digits := len(text.lstrip("-"))) > MAX_DIGITS:
        raise ValueError(f"the number has {digits} digits; {MAX_DIGITS} are read")
    return int(text)


_NO_KEY = _Unique()
_MERGE = _Unique()


def parse(source: Source) -> tuple[Any, tuple[Finding, ...]]:
    """The document of one source, and what is wrong with its form. Raises InventoryError where nothing can be built."""
    was_enabled = gc.isenabled()
    gc.disable()  # a million young containers and no garbage: the collector alone would double the time
    try:
        if (data := _parse_runs(source)) is not None:
            return data, ()
        build = _Builder(source)
        data = build.document()
    except (yaml.YAMLError, JsonError) as error:
        raise InventoryError([*build.findings, _syntax_finding(source, error)]) from None
    except _Refused as refusal:
        raise InventoryError([*build.findings, refusal.finding]) from None
    finally:
        if was_enabled:
            gc.enable()
    return data, tuple(build.findings)


def _parse_runs(source: Source) -> Any:
    """The document by the fast path; None where the text is not as plain as it looks, or anything is wrong with it."""
    try:
        runs = None if source.is_json else cut(source.text, _typed)
    except ValueError:  # a number that is too long
        return None
    if runs is None:
        return None
    build = _Builder(Source(source.name, runs.text), runs.entries)
    try:
        data = build.document()
    except (yaml.YAMLError, _Refused):
        return None
    return data if not build.findings and not build.runs else None


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
        words, numeric, no_key = _WORDS, _NUMERIC, _NO_KEY
        documents = 0
        for event in _events(self.source):
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
            return _typed(event.value)
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

    def _refuse_depth(self, event: Event) -> None:
        self._refuse(TOO_LARGE, event, _TOO_DEEP, _TOO_DEEP_FIX)

    def _refuse_nodes(self, event: Event) -> None:
        message = f"the inventory has more than {MAX_NODES:,} nodes once its aliases are expanded"
        self._refuse(TOO_LARGE, event, message, "describe equal workloads as a group with `count`")

    def _refuse(self, rule: Rule, event: Event, message: str, fix: str) -> NoReturn:
        raise _Refused(Finding(rule, None, message, fix, self._here(event)))

    def _here(self, event: Event) -> Spot:
        return Spot((), location=locate_index(self.source, event.start_mark.index, event.end_mark.index))


def _events(source: Source) -> Iterator[Event]:
    if source.is_json:
        yield from json_events(source.text)
        return
    get = CParser(source.text.encode()).get_event
    while True:
        event = get()
        yield event
        if type(event) is StreamEndEvent:
            return


# --- syntax errors in our own words -----------------------------------------------------------------------------------

_WORDING = (
    ("tab character", "a tab stands where YAML takes spaces only", "indent with spaces"),
    ("that cannot start any token", "a text cannot begin with this character", "put the text in quotes"),
    ("mapping values are not allowed", "a colon begins a mapping where none can be",
     "put a text with a colon in quotes, or check the indentation"),
    ("could not find expected ':'", "a key without a colon", "write `key: value`"),
    ("did not find expected key", "the indentation fits no mapping that is open here", "align it with its siblings"),
    ("did not find expected '-' indicator", "a list goes on with something that is no item", "begin items with `- `"),
    ("expected ',' or ']'", "a list in brackets is not closed", "add a comma or the bracket"),
    ("expected ',' or '}'", "a mapping in braces is not closed", "add a comma or the brace"),
    ("unexpected end of stream", "a quoted text is not closed", "add the closing quote"),
    ("unknown escape character", "this escape means nothing", "use single quotes for a text with backslashes"),
    ("did not find expected hexdecimal number", "this escape means nothing",
     "use single quotes for a text with backslashes"),
)  # fmt: skip


def _syntax_finding(source: Source, error: yaml.YAMLError | JsonError) -> Finding:
    if isinstance(error, JsonError):
        where = locate_index(source, error.index, error.index + 1)
        return Finding(SYNTAX, None, error.message, error.fix, Spot((), location=where))
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is None:
        return _character_finding(source, error)
    where = locate_index(source, mark.index, mark.index + 1)
    problem = str(getattr(error, "problem", "") or getattr(error, "context", ""))
    if conflict := _CONFLICT.search(source.text):
        where = locate_index(source, conflict.start(), conflict.end())
        return Finding(SYNTAX, None, "a merge conflict is left in the file", "resolve it", Spot((), location=where))
    if "nesting depth" in problem:  # libyaml 0.2.6 has a bound of its own and looks far ahead in brackets
        return Finding(TOO_LARGE, None, _TOO_DEEP, _TOO_DEEP_FIX, Spot((), location=where))
    if source.text[mark.index : mark.index + 1] == "\t":
        problem = "tab character"
    for needle, message, fix in _WORDING:
        if needle in problem:
            return Finding(SYNTAX, None, message, fix, Spot((), location=where))
    return Finding(SYNTAX, None, f"this is not YAML: {problem}", "correct the syntax", Spot((), location=where))


def _character_finding(source: Source, error: Exception) -> Finding:
    bad = _NOT_YAML.search(source.text)
    if bad is None:
        return Finding(SYNTAX, None, f"this is not YAML: {error}", "correct the syntax", _spot_of_file(source.name))
    where = locate_index(source, bad.start(), bad.end())
    message = f"the control character U+{ord(bad.group()):04X} cannot stand in a text"
    return Finding(SYNTAX, None, message, "remove it", Spot((), location=where))


# --- places -----------------------------------------------------------------------------------------------------------


def locate_index(source: Source, start: int, end: int) -> Location:
    """The place of a stretch of characters, given by their indexes in the text."""
    starts = _line_starts(source.text)
    start = min(start, len(source.text))
    line, end_line = bisect_right(starts, start), bisect_right(starts, max(start, min(end, len(source.text))))
    begin = starts[line - 1]
    line_end = _LINE_END.search(source.text, begin)
    return Location(
        source.name,
        line,
        start - begin + 1,
        end_line,
        max(start, min(end, len(source.text))) - starts[end_line - 1] + 1,
        source.text[begin : line_end.start() if line_end else len(source.text)],
    )


@lru_cache(maxsize=4)
def _line_starts(text: str) -> list[int]:
    return [0, *(match.end() for match in _LINE_END.finditer(text))]


def locate(sources: Iterable[Source], spots: Iterable[Spot]) -> dict[Spot, Location]:
    """The place of each spot, or of the nearest thing around it. One walk over the events of each source."""
    wanted = {spot for spot in spots if spot.location is None}
    prefixes = {spot.path[:length] for spot in wanted for length in range(len(spot.path) + 1)}
    best: dict[Path, tuple[Source, tuple[int, int] | None, tuple[int, int]]] = {}
    for source in sources if wanted else ():
        for path, key, value in _walk(source, prefixes):
            best.setdefault(path, (source, key, value))
    found = {}
    for spot in wanted:
        nearest = (spot.path[:length] for length in range(len(spot.path), -1, -1))
        path = next((path for path in nearest if path in best), ())
        if path not in best:
            continue
        source, key, value = best[path]
        on_key = spot.on_key or len(path) < len(spot.path)
        start, end = key if key and on_key else value
        found[spot] = locate_index(source, start, end)
    return found


def _walk(source: Source, prefixes: set[Path]) -> Iterator[tuple[Path, tuple[int, int] | None, tuple[int, int]]]:
    """Each wanted path with the stretch of its key (None for an item) and of its value (its key, for a collection)."""
    stack: list[list[Any]] = []  # [path or None where nothing below is wanted, next key or index, stretch of the key]
    seen: set[Path] = set()
    try:
        for event in _events(source):
            kind = type(event)
            if kind is MappingEndEvent or kind is SequenceEndEvent:
                stack.pop()
                continue
            if kind not in (ScalarEvent, AliasEvent, MappingStartEvent, SequenceStartEvent):
                continue
            stretch = (event.start_mark.index, event.end_mark.index)
            frame = stack[-1] if stack else None
            if frame is not None and frame[1] is None:
                frame[1], frame[2] = getattr(event, "value", None), stretch
                if kind in (MappingStartEvent, SequenceStartEvent):
                    return
                continue
            path: Path | None = ()
            key = None
            if frame is not None:
                path = None if frame[0] is None else (*frame[0], frame[1])
                key = frame[2]
                frame[1], frame[2] = (frame[1] + 1, None) if isinstance(frame[1], int) else (None, None)
            if path not in prefixes or path in seen:
                path = None
            else:
                assert path is not None
                seen.add(path)
                yield path, key, stretch if kind in (ScalarEvent, AliasEvent) or key is None else key
            if kind is MappingStartEvent:
                stack.append([path, None, None])
            elif kind is SequenceStartEvent:
                stack.append([path, 0, None])
    except (yaml.YAMLError, JsonError):
        return
