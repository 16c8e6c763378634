"""JSON text as the events a YAML parser gives, so that one builder reads both under the same rules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from json.decoder import scanstring  # type: ignore[attr-defined]  # the C scanner of the standard library, which has no public name

from yaml.error import Mark
from yaml.events import (
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

_SPACE = re.compile(r"[ \t\r\n]*")
_BARE = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null")
_HALF = re.compile(r"[\ud800-\udfff]")


def _mark(index: int) -> Mark:
    return Mark("", index, 0, 0, None, 0)


class JsonError(Exception):
    """The text is not JSON: where, what, and what would be right."""

    def __init__(self, index: int, message: str, fix: str) -> None:
        super().__init__(message)
        self.index, self.message, self.fix = index, message, fix


def json_events(text: str) -> Iterator[Event]:
    """The events of one JSON document. Raises JsonError at the first character that is wrong."""
    yield DocumentStartEvent(_mark(0), _mark(0))
    closers: list[str] = []  # the bracket that closes each open collection
    at = _past_space(text, 0)
    expect_key = fresh = False  # fresh: the last thing was an opening bracket
    while True:
        char = text[at : at + 1]
        if fresh and char == closers[-1]:
            fresh = False
        elif expect_key:
            if char != '"':
                raise JsonError(at, "a key is expected here", 'write the key in double quotes: "key": value')
            at, event = _string(text, at)
            yield event
            at = _past(text, at, ":", "a colon is missing after the key", "write `:` between key and value")
            expect_key = fresh = False
            continue
        elif char in ("{", "["):
            opening = MappingStartEvent if char == "{" else SequenceStartEvent
            yield opening(None, None, True, _mark(at), _mark(at + 1), flow_style=True)
            closers.append("}" if char == "{" else "]")
            at, fresh, expect_key = _past_space(text, at + 1), True, char == "{"
            continue
        else:
            at, event = _string(text, at) if char == '"' else _bare(text, at)
            yield event
            fresh = False
        at = _past_space(text, at)
        while closers and text[at : at + 1] == closers[-1]:
            closing = SequenceEndEvent if closers.pop() == "]" else MappingEndEvent
            yield closing(_mark(at), _mark(at + 1))
            at = _past_space(text, at + 1)
        if not closers:
            if at < len(text):
                raise JsonError(at, "something follows the end of the document", "remove it, or the bracket before it")
            return
        closer = closers[-1]
        at = _past(text, at, ",", f"a comma or `{closer}` is missing", f"write `,` or `{closer}`")
        expect_key = closer == "}"
        if text[at : at + 1] == closer:
            raise JsonError(at, f"a comma stands before `{closer}`", "remove the comma")


def _string(text: str, at: int) -> tuple[int, ScalarEvent]:
    try:
        value, end = scanstring(text, at + 1, True)
    except ValueError as error:
        where = min(getattr(error, "pos", at), len(text))
        raise JsonError(where, "a text is not closed or holds a bad character", "close the quote") from None
    if not value.isascii() and (half := _HALF.search(value)):
        what = f"a text holds \\u{ord(half[0]):04x}, one half of a character"
        raise JsonError(at, what, "write both halves, or the character itself")
    return end, ScalarEvent(None, None, (False, True), value, _mark(at), _mark(end))


def _bare(text: str, at: int) -> tuple[int, ScalarEvent]:
    bare = _BARE.match(text, at)
    if bare is None:
        raise JsonError(at, "a value is expected here", "write a text in double quotes, a number, true or null")
    return bare.end(), ScalarEvent(None, None, (True, False), bare.group(), _mark(at), _mark(bare.end()))


def _past(text: str, at: int, char: str, message: str, fix: str) -> int:
    """The next thing after ``char``, which must stand here."""
    at = _past_space(text, at)
    if text[at : at + 1] != char:
        raise JsonError(at, message, fix)
    return _past_space(text, at + 1)


def _past_space(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    assert match is not None  # the pattern matches the empty string, too
    return match.end()
