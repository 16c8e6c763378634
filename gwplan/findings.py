"""One frozen type for every piece of news about an inventory, load errors included.

A finding speaks of places inside the inventory as paths (``("repositories", "dd-paris", "protocol")``); lines and
columns belong to the reader, which finds them when a finding is printed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

Path = tuple[str | int, ...]


class Severity(StrEnum):
    """How bad a finding is, worst first."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Rule:
    """What all findings of one code share: its name, its severity and the vendor's page (or the format's)."""

    code: str
    name: str
    severity: Severity
    reference: str


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


@dataclass(frozen=True, slots=True)
class Spot:
    """A place to look: the path of an entry, its key (``on_key``) or value, or a location that is already known."""

    path: Path
    on_key: bool = False
    label: str = ""
    location: Location | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One piece of news. ``message`` says what is, ``fix`` what would be right; both are prose and may change."""

    rule: Rule
    subject: Subject | None
    message: str
    fix: str
    spot: Spot | None = None
    related: tuple[Spot, ...] = ()

    @property
    def code(self) -> str:
        return self.rule.code

    @property
    def severity(self) -> Severity:
        return self.rule.severity


class InventoryError(Exception):
    """The inventory cannot be read; ``findings`` has everything that is wrong with it, in the order of the files."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("; ".join(f"{f.code} {f.message}" for f in self.findings))


class UsageError(ValueError):
    """A request that makes no sense for this inventory, such as a name to take down that nothing has."""


_FORM = "README.md#the-inventory"


def _form(code: str, name: str) -> Rule:
    return Rule(code, name, Severity.ERROR, _FORM)


# What makes an inventory unreadable. The codes of section "bad form" end here; every other code is a check.
UNKNOWN_REFERENCE = _form("GW001", "unknown-reference")
DUPLICATE_NAME = _form("GW002", "double-use")
EMPTY_GATEWAY_LIST = Rule("GW006", "empty-gateway-list", Severity.ERROR, "gateway_server.html#selection")
SYNTAX = _form("GW011", "syntax")
UNKNOWN_KEY = _form("GW012", "unknown-key")
BAD_VALUE = _form("GW013", "bad-value")
MISSING_KEY = _form("GW014", "missing-key")
DUPLICATE_KEY = _form("GW015", "duplicate-key")
BAD_NAME = _form("GW016", "bad-name")
TOO_LARGE = _form("GW017", "too-large")
UNREADABLE_FILE = _form("GW018", "unreadable-file")
CONTRADICTION = _form("GW019", "contradiction")
WAN_ON_FILE_COPY = Rule("GW058", "wan-accelerators-on-file-copy", Severity.ERROR, "gateway_server.html#auto")

BAD_FORM = (
    UNKNOWN_REFERENCE, DUPLICATE_NAME, EMPTY_GATEWAY_LIST, SYNTAX, UNKNOWN_KEY, BAD_VALUE, MISSING_KEY,
    DUPLICATE_KEY, BAD_NAME, TOO_LARGE, UNREADABLE_FILE, CONTRADICTION, WAN_ON_FILE_COPY,
)  # fmt: skip
