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
    """What all findings of one code share: its name, its severity and the vendor's page (or the format's).

    The rest is for ``gwplan rule``: why it matters, what to do, and an entry of an inventory that is wrong and right.
    """

    code: str
    name: str
    severity: Severity
    reference: str
    why: str = ""
    fix: str = ""
    wrong: str = ""
    right: str = ""


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
    weight: Severity | None = None
    """Its own severity, where it is worse or better than most findings of its rule."""

    @property
    def code(self) -> str:
        return self.rule.code

    @property
    def severity(self) -> Severity:
        return self.weight or self.rule.severity

    @property
    def location(self) -> Location | None:
        """Where it is, once it is placed in a text."""
        return self.spot.location if self.spot else None


class InventoryError(Exception):
    """The inventory cannot be read; ``findings`` has everything that is wrong with it, in the order of the files."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("; ".join(f"{f.code} {f.message}" for f in self.findings))


class UsageError(ValueError):
    """A request that makes no sense for this inventory, such as a name to take down that nothing has."""


_FORM = "README.md#the-inventory"


def _form(code: str, name: str, why: str, fix: str, wrong: str, right: str) -> Rule:
    return Rule(code, name, Severity.ERROR, _FORM, why, fix, wrong, right)


# What makes an inventory unreadable. The codes of section "bad form" end here; every other code is a check.
UNKNOWN_REFERENCE = _form(
    "GW001", "unknown-reference",
    "An entry names something that the inventory does not have.",
    "Correct the name, or add what it names.",
    "repositories: {smb-paris: {mount_server: mnt1}}", "repositories: {smb-paris: {mount_server: mnt01}}",
)  # fmt: skip
DUPLICATE_NAME = _form(
    "GW002", "double-use",
    "A name stands for two things, or a repository is in two scale-out repositories. A job that writes straight to an "
    "extent is the same mistake, in an inventory that can be read.",
    "Rename one of the two, or let the job write to the scale-out repository.",
    """scale_out_repositories: {sobr: {performance_tier: [smb-lyon]}}
jobs: {straight: {type: backup, workloads: [sql01], repository: smb-lyon}}""",
    """scale_out_repositories: {sobr: {performance_tier: [smb-lyon]}}
jobs: {straight: {type: backup, workloads: [sql01], repository: smb-paris}}""",
)  # fmt: skip
EMPTY_GATEWAY_LIST = Rule(
    "GW006", "empty-gateway-list", Severity.ERROR, "gateway_server.html#selection",
    "An explicit selection of no server is a contradiction.",
    "List servers, or say `gateway_servers: auto`.",
    "repositories: {smb-paris: {gateway_servers: []}}", "repositories: {smb-paris: {gateway_servers: auto}}",
)  # fmt: skip
SYNTAX = _form(
    "GW011", "syntax",
    "The text is not YAML (or JSON), so nothing in it can be trusted.",
    "Correct the text at the place.",
    "servers: {gw01: [}", "servers: {gw01: {os: windows}}",
)  # fmt: skip
UNKNOWN_KEY = _form(
    "GW012", "unknown-key",
    "A key that the format does not have would be ignored in silence; it is mostly a slip of the pen.",
    "Correct the key; keys of your own begin with `x-`.",
    "repositories: {smb-paris: {gateway_server: [gw01]}}", "repositories: {smb-paris: {x-owner: storage team}}",
)  # fmt: skip
BAD_VALUE = _form(
    "GW013", "bad-value",
    "The value is not of the kind that the key takes.",
    "Write a value as the message says.",
    "servers: {gw01: {memory: 32}}", "servers: {gw01: {memory: 32 GiB}}",
)  # fmt: skip
MISSING_KEY = _form(
    "GW014", "missing-key",
    "The entry cannot be understood without this key.",
    "Add the key.",
    "repositories: {win: {type: windows}}", "repositories: {win: {type: windows, server: repo01}}",
)  # fmt: skip
DUPLICATE_KEY = _form(
    "GW015", "duplicate-key",
    "A mapping gives the same key twice, mostly by copy and paste: one of the two would be lost.",
    "Remove or rename one of the two.",
    "servers: {gw01: {os: windows, os: linux}}", "servers: {gw01: {os: windows}}",
)  # fmt: skip
BAD_NAME = _form(
    "GW016", "bad-name",
    "A name with invisible characters, or with a space at its end, looks like another one.",
    "Rename it.",
    'servers: {"gw09 ": {os: windows, site: paris}}', 'servers: {"gw 09": {os: windows, site: paris}}',
)  # fmt: skip
TOO_LARGE = _form(
    "GW017", "too-large",
    "The inventory is larger or deeper than what is read.",
    "Split it, or describe equal workloads as a group with `count`.",
    f"x-deep: {'[' * 60}{']' * 60}", "x-deep: [[1]]",
)  # fmt: skip
UNREADABLE_FILE = Rule(
    "GW018", "unreadable-file", Severity.ERROR, _FORM,
    "The file is not there, may not be read, or is not UTF-8.",
    "Name a readable file, saved as UTF-8.",
)  # fmt: skip
CONTRADICTION = _form(
    "GW019", "contradiction",
    "Two facts of the inventory cannot both be true.",
    "Correct one of the two.",
    "jobs: {copy: {type: backup_copy, source_repository: smb-paris, source_jobs: [vm-daily], repository: smb-lyon}}",
    "jobs: {copy: {type: backup_copy, source_jobs: [vm-daily], repository: smb-lyon}}",
)  # fmt: skip
WAN_ON_FILE_COPY = Rule(
    "GW058", "wan-accelerators-on-file-copy", Severity.ERROR, "gateway_server.html#auto",
    "A file backup copy job cannot use WAN accelerators.",
    "Leave `wan_accelerators` out.",
    """wan_accelerators: {wan-paris: {server: gw01}, wan-lyon: {server: gw03}}
proxies: {nas01: {type: general_purpose, server: prx01}, nas02: {type: general_purpose, server: prx02}}
workloads: {share: {platform: file_share, site: paris}}
jobs:
  files: {type: file_backup, workloads: [share], repository: smb-paris}
  copy: {type: file_backup_copy, source_jobs: [files], repository: smb-lyon, wan_accelerators: {source: wan-paris, target: wan-lyon}}""",
    """proxies: {nas01: {type: general_purpose, server: prx01}, nas02: {type: general_purpose, server: prx02}}
workloads: {share: {platform: file_share, site: paris}}
jobs:
  files: {type: file_backup, workloads: [share], repository: smb-paris}
  copy: {type: file_backup_copy, source_jobs: [files], repository: smb-lyon}""",
)  # fmt: skip

BAD_FORM = (
    UNKNOWN_REFERENCE, DUPLICATE_NAME, EMPTY_GATEWAY_LIST, SYNTAX, UNKNOWN_KEY, BAD_VALUE, MISSING_KEY,
    DUPLICATE_KEY, BAD_NAME, TOO_LARGE, UNREADABLE_FILE, CONTRADICTION, WAN_ON_FILE_COPY,
)  # fmt: skip
