"""One text, the bounds on what is read of it, and its parser events."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from yaml.cyaml import CParser  # type: ignore[attr-defined]
from yaml.events import StreamEndEvent

from gwplan.inventory.json_events import json_events

MAX_DEPTH = 50
MAX_NODES = 10_000_000

Event = Any  # the library's events, whose published types leave out half of their attributes


@dataclass(frozen=True, slots=True)
class Source:
    """One file's text. ``name`` is the file as given by the user, None for standard input."""

    name: str | None
    text: str
    is_json: bool = False
    runs: list[tuple[int, int]] = field(default_factory=list, compare=False, repr=False)
    """Where the first reading found runs of plain entries, each two spaces deep in a block mapping (``runs.py``)."""


def events(source: Source) -> Iterator[Event]:
    """The parser events of a text. Raises YAMLError or JsonError where it is malformed."""
    if source.is_json:
        yield from json_events(source.text)
        return
    get = CParser(source.text.encode()).get_event
    while True:
        event = get()
        yield event
        if type(event) is StreamEndEvent:
            return
