"""One frozen type for every piece of news about an inventory, load errors included.

A finding speaks of places inside the inventory as paths (``("repositories", "dd-paris", "protocol")``); lines and
columns belong to the reader, which finds them when a finding is printed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Path = tuple[str | int, ...]


class Severity(StrEnum):
    """How bad a finding is, worst first."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Rule:
    """What all findings of one code share: its name, its severity, the vendor's page (or the format's), why it matters
    and what to do."""

    code: str
    name: str
    severity: Severity
    reference: str
    why: str
    fix: str


@dataclass(frozen=True, slots=True)
class Subject:
    """The thing a finding is about: its kind (``repository``, ``job`` …) and its name."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Location:
    """A stretch of a file. Lines and columns count characters from 1; ``file`` is None for standard input."""

    file: str | None
    line: int
    column: int
    end_line: int
    end_column: int
    source_line: str = ""

    def __str__(self) -> str:
        return f"{self.file or '<stdin>'}:{self.line}:{self.column}"

    def to_dict(self) -> dict[str, Any]:
        keys = ("file", "line", "column", "end_line", "end_column")
        return {key: getattr(self, key) for key in keys}


@dataclass(frozen=True, slots=True)
class Spot:
    """A place to look: the path of an entry, its key (``on_key``) or value, or a location that is already known."""

    path: Path
    on_key: bool = False
    label: str = ""
    location: Location | None = None


class Removed(StrEnum):
    """The value of an edit that takes a key or an item away."""

    REMOVED = "removed"


REMOVED = Removed.REMOVED


@dataclass(frozen=True, slots=True)
class Renamed:
    """The value of an edit that gives a key another name; its place and its own value stay."""

    key: str


@dataclass(frozen=True, slots=True)
class Edit:
    """An edit of one place. ``value`` is what stands there from now on, whether or not anything stood there before:
    plain data (mappings, lists, texts, integers, booleans), ``REMOVED``, or ``Renamed``."""

    path: Path
    value: Any


@dataclass(frozen=True, slots=True)
class CertainFix:
    """Edits that are certain to make a finding go away; ``is_safe`` if they change no decision that anybody made."""

    edits: tuple[Edit, ...]
    is_safe: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """One piece of news. ``message`` says what is, ``fix`` what would be right; both are prose and may change."""

    rule: Rule
    subject: Subject | None
    message: str
    fix: str
    spot: Spot | None = None
    related: tuple[Spot, ...] = ()
    weight: Severity | None = None
    """Its own severity, where it is worse or better than most findings of its rule."""
    remedy: CertainFix | None = None

    @property
    def fixable(self) -> str | None:
        """``safe`` or ``unsafe`` where a fix is certain; None elsewhere."""
        return None if self.remedy is None else "safe" if self.remedy.is_safe else "unsafe"

    @property
    def advice(self) -> str:
        """The fix, followed by the command that makes it where there is one."""
        mark = {"safe": " (`gwplan validate --fix` does it)", "unsafe": " (`gwplan validate --unsafe-fixes` does it)"}
        return f"{self.fix}{mark[self.fixable]}" if self.fixable else self.fix

    def __repr__(self) -> str:
        where = f"{self.location}: " if self.location else ""
        return f"<{where}{self.severity}[{self.code}] {self.message}>"

    @property
    def code(self) -> str:
        return self.rule.code

    @property
    def severity(self) -> Severity:
        return self.weight or self.rule.severity

    def to_dict(self) -> dict[str, Any]:
        """Plain data: the keys and values of the JSON."""
        return {
            "code": self.code,
            "name": self.rule.name,
            "severity": str(self.severity),
            "subject": {"kind": self.subject.kind, "name": self.subject.name} if self.subject else None,
            "message": self.message,
            "fix": self.fix,
            "reference": self.rule.reference,
            "location": self.location.to_dict() if self.location else None,
            "related": [
                {"message": spot.label, "location": spot.location.to_dict() if spot.location else None}
                for spot in self.related
            ],
            "fixable": self.fixable,
        }

    @property
    def location(self) -> Location | None:
        """Where it is, once it is placed in a text."""
        return self.spot.location if self.spot else None


class InventoryError(Exception):
    """The inventory cannot be read; ``findings`` has everything that is wrong with it, in the order of the files."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(self.findings)

    def __str__(self) -> str:
        places = (f"{finding.location}: " if finding.location else "" for finding in self.findings)
        return "; ".join(f"{place}{f.code} {f.message}" for place, f in zip(places, self.findings, strict=True))


class UsageError(ValueError):
    """A request that makes no sense for this inventory, such as a name to take down that nothing has."""


_FORM = "docs/inventory.md#form"

# What makes an inventory unreadable. These are all the codes of the section "bad form"; every other code is a check.
UNKNOWN_REFERENCE = Rule(
    "GW001", "unknown-reference", Severity.ERROR, _FORM,
    why="An entry names something that the inventory does not have.",
    fix="Correct the name, or add what it names.",
)  # fmt: skip
DUPLICATE_NAME = Rule(
    "GW002", "double-use", Severity.ERROR, _FORM,
    why="A name stands for two things, or a repository is in two scale-out repositories. A job that writes straight "
    "to an extent is the same mistake, in an inventory that can be read.",
    fix="Rename one of the two, or let the job write to the scale-out repository.",
)  # fmt: skip
EMPTY_GATEWAY_LIST = Rule(
    "GW006", "empty-gateway-list", Severity.ERROR, "gateway_server.html#selection",
    why="An explicit selection of no server is a contradiction.",
    fix="List servers, or say `gateway_servers: auto`.",
)  # fmt: skip
SYNTAX = Rule(
    "GW011", "syntax", Severity.ERROR, _FORM,
    why="The text is not YAML (or JSON), so nothing in it can be trusted.",
    fix="Correct the text at the place.",
)  # fmt: skip
UNKNOWN_KEY = Rule(
    "GW012", "unknown-key", Severity.ERROR, _FORM,
    why="A key that the format does not have would be ignored in silence; it is mostly a slip of the pen.",
    fix="Correct the key; keys of your own begin with `x-`.",
)  # fmt: skip
BAD_VALUE = Rule(
    "GW013", "bad-value", Severity.ERROR, _FORM,
    why="The value is not of the kind that the key takes.",
    fix="Write a value as the message says.",
)  # fmt: skip
MISSING_KEY = Rule(
    "GW014", "missing-key", Severity.ERROR, _FORM,
    why="The entry cannot be understood without this key.",
    fix="Add the key.",
)  # fmt: skip
DUPLICATE_KEY = Rule(
    "GW015", "duplicate-key", Severity.ERROR, _FORM,
    why="A mapping gives the same key twice, mostly by copy and paste: one of the two would be lost.",
    fix="Remove or rename one of the two.",
)  # fmt: skip
BAD_NAME = Rule(
    "GW016", "bad-name", Severity.ERROR, _FORM,
    why="A name with invisible characters, or with a space at its end, looks like another one.",
    fix="Rename it.",
)  # fmt: skip
TOO_LARGE = Rule(
    "GW017", "too-large", Severity.ERROR, _FORM,
    why="The inventory is larger or deeper than what is read.",
    fix="Split it, or describe equal workloads as a group with `count`.",
)  # fmt: skip
UNREADABLE_FILE = Rule(
    "GW018", "unreadable-file", Severity.ERROR, _FORM,
    why="The file is not there, may not be read, or is not UTF-8.",
    fix="Name a readable file, saved as UTF-8.",
)  # fmt: skip
CONTRADICTION = Rule(
    "GW019", "contradiction", Severity.ERROR, _FORM,
    why="Two facts of the inventory cannot both be true.",
    fix="Correct one of the two.",
)  # fmt: skip
WAN_ON_FILE_COPY = Rule(
    "GW058", "wan-accelerators-on-file-copy", Severity.ERROR, "gateway_server.html#auto",
    why="A file backup copy job cannot use WAN accelerators.",
    fix="Leave `wan_accelerators` out.",
)  # fmt: skip

BAD_FORM = (
    UNKNOWN_REFERENCE, DUPLICATE_NAME, EMPTY_GATEWAY_LIST, SYNTAX, UNKNOWN_KEY, BAD_VALUE, MISSING_KEY,
    DUPLICATE_KEY, BAD_NAME, TOO_LARGE, UNREADABLE_FILE, CONTRADICTION, WAN_ON_FILE_COPY,
)  # fmt: skip
