"""What a reader of a source hands over: things with the inventory's keys, references as the source has them, and news.

Nothing is decided here: estate/ joins the references and names the things.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from gwplan.findings import Subject

ZERO_ID = "00000000-0000-0000-0000-000000000000"
"""How VBR writes "none": automatic selection, no job, no credentials."""
BUILT_IN_SERVER = "6745a759-2205-4cd2-b172-8ec8f7e60ef8"
"""The id of "This server", the backup server's own entry, in every installation."""
THIS_SERVER = "this server"


class ImportFailed(Exception):
    """The source cannot be read. The text says where, what is there, and what would be right."""


@dataclass(frozen=True, slots=True)
class Ref:
    """A reference to a thing as the source has it: an id, a name, or both. ``hint`` is the os of an unlisted server."""

    kind: str
    id: str = ""
    name: str = ""
    hint: str = "windows"

    def __bool__(self) -> bool:
        return self.id not in ("", ZERO_ID) or bool(self.name)

    def __str__(self) -> str:
        return self.name or self.id


@dataclass(slots=True)
class Thing:
    """An entry of the future inventory. ``keys`` are the inventory's own; their values may hold Refs at any depth."""

    kind: str
    id: str
    name: str
    keys: dict[str, Any]
    origin: str
    vendor_type: str = ""
    guesses: dict[str, str] = field(default_factory=dict)
    """Why a key has its value, for every key that the source did not state; "" is for the whole entry."""
    aliases: tuple[str, ...] = ()
    """Other ids and names of the same thing."""
    addresses: tuple[str, ...] = ()
    """Host names and addresses that say where it stands."""
    source: ReadsFrom | None = None

    def guess(self, key: str, value: Any, why: str) -> None:
        """Set a key that the source does not state, with the reason."""
        self.keys[key] = value
        self.guesses[key] = why


@dataclass(frozen=True, slots=True)
class ReadsFrom:
    """What a job reads from: jobs, repositories, or both."""

    jobs: tuple[Ref, ...] = ()
    repositories: tuple[Ref, ...] = ()


class Kind(StrEnum):
    """What a piece of news says, in the order of the report."""

    GUESSED = "guessed"
    CANNOT_TELL = "cannot_tell"
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True)
class News:
    """One thing that is not in the inventory as it is in the source. ``key`` is the inventory's key for it, if any."""

    kind: Kind
    subject: Subject | None
    text: str
    why: str
    origin: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class TrafficRule:
    """Two ranges of addresses, and the limit between them."""

    source: tuple[str, str]
    target: tuple[str, str]
    limit: str = ""


@dataclass(slots=True)
class Draft:
    """Everything that was read from one source, in the order of reading."""

    source: str
    where: str
    revision: str = ""
    product_version: str = ""
    backup_server: Ref | None = None
    default_mount_servers: dict[str, Ref] = field(default_factory=dict)
    things: list[Thing] = field(default_factory=list)
    traffic_rules: list[TrafficRule] = field(default_factory=list)
    news: list[News] = field(default_factory=list)
    read: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How many things of each kind came from each origin."""
    _seen: dict[tuple[str, str], Thing] = field(default_factory=dict)

    def add(self, thing: Thing) -> Thing:
        """Add a thing. Two with one id are one thing; if they differ, the first one counts and the second is news."""
        known = self.find(thing.kind, thing.id)
        if known is None:
            if thing.id:
                self._seen[thing.kind, thing.id.lower()] = thing
            self.things.append(thing)
            return thing
        if known.name != thing.name or known.keys != thing.keys:
            why = f"has the id of {known.name} ({known.origin}) and other settings: the first one counts"
            self.left_out(thing.kind, thing.name, why, thing.origin)
        return known

    def find(self, kind: str, identifier: str) -> Thing | None:
        """The thing of this id. What has no id is found by none, not even by an empty one."""
        return self._seen.get((kind, identifier.lower()))

    def left_out(self, kind: str, name: str, why: str, origin: str = "", what: str = "") -> None:
        """Something of the source that is not in the inventory; ``what`` is the part, where it is only a part."""
        self.news.append(News(Kind.LEFT_OUT, Subject(kind, name), what or name, why, origin))

    def cannot_tell(self, what: str, why: str, origin: str = "") -> None:
        """Something that the inventory has room for and this source is silent about."""
        self.news.append(News(Kind.CANNOT_TELL, None, what, why, origin))

    def of(self, kind: str) -> list[Thing]:
        return [thing for thing in self.things if thing.kind == kind]
