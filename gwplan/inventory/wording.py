"""A parser's error in our own words: what is wrong, where, and what would be right."""

from __future__ import annotations

import re

import yaml

from gwplan.findings import SYNTAX, TOO_LARGE, Finding, Location, Spot
from gwplan.inventory.json_events import JsonError
from gwplan.inventory.places import locate_index
from gwplan.inventory.source import MAX_DEPTH, Source

_NOT_YAML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ufffe\uffff]")
_CONFLICT = re.compile(r"^(?:<{7}|>{7})(?= |$)", re.MULTILINE)
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


def syntax_finding(source: Source, error: yaml.YAMLError | JsonError) -> Finding:
    """What stopped the parser."""
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
        return too_deep(Spot((), location=where))
    if source.text[mark.index : mark.index + 1] == "\t":
        problem = "tab character"
    for needle, message, fix in _WORDING:
        if needle in problem:
            return Finding(SYNTAX, None, message, fix, Spot((), location=where))
    return Finding(SYNTAX, None, f"this is not YAML: {problem}", "correct the syntax", Spot((), location=where))


def _character_finding(source: Source, error: Exception) -> Finding:
    bad = _NOT_YAML.search(source.text)
    if bad is None:
        top = Spot((), location=Location(source.name, 1, 1, 1, 1))
        return Finding(SYNTAX, None, f"this is not YAML: {error}", "correct the syntax", top)
    where = locate_index(source, bad.start(), bad.end())
    message = f"the control character U+{ord(bad.group()):04X} cannot stand in a text"
    return Finding(SYNTAX, None, message, "remove it", Spot((), location=where))


def too_deep(spot: Spot) -> Finding:
    fix = "an inventory needs five; look for a bracket that is never closed"
    return Finding(TOO_LARGE, None, f"this nests deeper than {MAX_DEPTH} levels", fix, spot)
