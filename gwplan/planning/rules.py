"""THE vendor's table of automatic gateway selection, row by row, and the words around it that replace a row.

The page is https://helpcenter.veeam.com/docs/vbr/userguide/gateway_server.html (2025-10-17, build 13.0.1.1071). The
same rows are executed, printed by ``gwplan rules`` and quoted by ``gwplan explain``. Their conditions are disjoint.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple


class Facts(NamedTuple):
    """All that decides which row speaks: one side of one operation."""

    type: str
    operation: str  # data | synthetic | maintenance | restore
    side: str  # source | target
    here: str  # the kind of this side's repository, see KINDS
    listed: bool = False  # its gateway servers are a list
    platform: str = ""  # of the workload: vmware | hyperv | …
    source: str = ""  # the kind of the source repository, for jobs that have one
    wan: bool = False  # works over WAN accelerators
    tape_direct: bool = False  # the repository and the tape device are connected directly


DIRECT, HARDENED, SHARED, DEDUP = "direct attached", "hardened", "shared folder", "deduplicating appliance"
OBJECT_DIRECT, OBJECT_GATEWAY = "object storage (direct)", "object storage (gateway)"
KINDS = (DIRECT, HARDENED, SHARED, DEDUP, OBJECT_DIRECT, OBJECT_GATEWAY)

COPIES = ("backup_copy", "file_backup_copy")
MOVES = ("move_backup", "copy_backup")
TWO_SIDED = (*COPIES, "offload", *MOVES)
BACKUPS = ("backup", "file_backup", "agent_backup", "plugin_backup")


@dataclass(frozen=True, slots=True)
class When:
    """A condition: its words and its test."""

    text: str
    test: Callable[[Facts], bool]

    def __and__(self, other: When) -> When:
        return When(f"{self.text}, {other.text}", lambda f: self.test(f) and other.test(f))


@dataclass(frozen=True, slots=True)
class Pool:
    """Where the servers of a tier come from. A ranked tier takes its best server, an ordered one its first."""

    id: str
    tier: str
    text: str
    ranked: bool = False


SELECTED = Pool("selected", "selected", "the selected gateway servers", ranked=True)
PROXIES = Pool("proxies", "proxy", "the proxy that reads, then the job's other usable proxies")
LEAST_LOADED_PROXY = Pool("least-loaded-proxy", "proxy", "the least loaded of the job's usable proxies", ranked=True)
HOST = Pool("host", "hyperv-host", "the Hyper-V host")
MOUNT_SERVER = Pool("mount-server", "mount-server", "the repository's mount server")
SOURCE_MOUNT_SERVER = Pool("source-mount-server", "mount-server", "the source repository's mount server")
BACKUP_SERVER = Pool("backup-server", "backup-server", "backup server")
SOURCE_SERVER = Pool("source-server", "source-repository", "the source repository itself")
SOURCE_GATEWAY = Pool("source-gateway", "source-gateway", "the gateway of the source repository")
WAN_ACCELERATOR = Pool("wan-accelerator", "wan-accelerator", "this side's WAN accelerator")
TAPE_SERVER = Pool("tape-server", "tape-server", "tape server")

Chain = tuple[Pool, ...]
MOUNT_THEN_BACKUP: Chain = (MOUNT_SERVER, BACKUP_SERVER)
SOURCE_MOUNT_THEN_BACKUP: Chain = (SOURCE_MOUNT_SERVER, BACKUP_SERVER)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: when it speaks, which servers it names in which order, and where the vendor says so.

    ``synthetic`` is the vendor's second column for the same type of job, None where the page has a dash.
    ``edition12`` replaces the chain where the older edition has another one for a hardened source (inferred).
    """

    id: str
    job: str
    when: When
    chain: Chain
    synthetic: Chain | None
    certainty: str
    reference: str
    edition12: Chain | None = None
    cases: str = ""
    """In words, where the pools of the chain are for different cases and not one after the other."""

    @property
    def text(self) -> str:
        """The servers in words."""
        return self.cases or ", then ".join(pool.text for pool in self.chain) or "none needed"


def _type(*types: str) -> When:
    return When(" or ".join(types), lambda f: f.type in types)


def _platform(platform: str) -> When:
    return When(f"{platform} workloads", lambda f: f.platform == platform)


def _target(*kinds: str) -> When:
    return When(f"to {' or '.join(kinds)}", lambda f: f.side == "target" and f.here in kinds)


def _source(*kinds: str) -> When:
    return When(f"source {' or '.join(kinds)}", lambda f: f.source in kinds)


_NEEDS_ONE = When("behind a gateway", lambda f: f.here not in (DIRECT, HARDENED))
_LISTED = When("gateway servers are listed", lambda f: f.listed)
_AUTO = When(
    "automatic selection",
    lambda f: f.here in (SHARED, DEDUP, OBJECT_DIRECT) and not f.listed and f.operation != "synthetic",
)
_WAN = When("over WAN accelerators", lambda f: f.wan)
_NO_WAN = When("on the direct data path", lambda f: not f.wan)
_FOLDER_OR_DEDUP = (SHARED, DEDUP)
_GATEWAY_SOURCE = (SHARED, DEDUP, OBJECT_GATEWAY)
_TAPE_DIRECT = When("connected directly to the tape device", lambda f: f.tape_direct)
_TAPE_NOT_DIRECT = When("not connected directly to the tape device", lambda f: not f.tape_direct)
_SYNTHETIC = When("synthetic operations, automatic selection", lambda f: (
    f.operation == "synthetic" and not f.listed and f.here in (SHARED, DEDUP, OBJECT_DIRECT)))  # fmt: skip
_OWN_MOVER = When("the repository runs a data mover", lambda f: f.here in (DIRECT, HARDENED))
_DEFAULT = When("object storage through a gateway, none listed", lambda f: f.here == OBJECT_GATEWAY and not f.listed)
_READS = When("source side of a copy, an offload or a move", lambda f: f.side == "source" and f.type in TWO_SIDED)

BACKUP = "Backup job / File backup job"
COPY = "Backup copy job / File backup copy job"
TAPE = "Tape job"
AGENT = "Veeam Agent backup job"
PLUGIN = "Backup job created by Veeam Plug-In for Oracle RMAN/SAP HANA/SAP on Oracle/Microsoft SQL Server/DB2"
RESTORE = "Restore operations"
REPLICATION = "Replication from backup"
RESCAN = "Repository rescan"
OFFLOAD = "Offload job"
MOVE = "Move and copy operations"
HEALTH = "Health check operation"
ANY = "Any type of job"

_AUTO_PAGE = "gateway_server.html#auto"
_SELECTION_PAGE = "gateway_server.html#selection"
DOC, INF = "documented", "inferred"
_SYN = MOUNT_THEN_BACKUP

# fmt: off
ROWS: tuple[Row, ...] = (
    Row("manual-selection",       ANY,  _NEEDS_ONE & _LISTED,                                  (SELECTED,),       (SELECTED,), DOC, _SELECTION_PAGE),
    Row("object-gateway-default", ANY,  _DEFAULT,                                              (BACKUP_SERVER,),  (BACKUP_SERVER,), INF, "amazon_repository_account.html"),

    Row("backup-object-direct", BACKUP, _AUTO & _type("backup", "file_backup") & _target(OBJECT_DIRECT),           (LEAST_LOADED_PROXY, HOST), _SYN, DOC, _AUTO_PAGE,
        cases="the least loaded of the job's usable proxies; Hyper-V: on-host the host, off-host the host after them"),
    Row("backup-vmware",        BACKUP, _AUTO & _type("backup") & _platform("vmware") & _target(*_FOLDER_OR_DEDUP), (PROXIES,),                _SYN, DOC, _AUTO_PAGE),
    Row("backup-hyperv",        BACKUP, _AUTO & _type("backup") & _platform("hyperv") & _target(*_FOLDER_OR_DEDUP), (PROXIES, HOST),           _SYN, DOC, _AUTO_PAGE,
        cases="on-host: the host; off-host: the off-host proxies, then the host"),
    Row("file-backup",          BACKUP, _AUTO & _type("file_backup") & _target(*_FOLDER_OR_DEDUP),                 (PROXIES,),                 _SYN, DOC, _AUTO_PAGE),

    Row("copy-wan",                COPY, _AUTO & _type("backup_copy") & _WAN,                                                   (WAN_ACCELERATOR,),              _SYN, DOC, _AUTO_PAGE),
    Row("copy-object-direct",      COPY, _AUTO & _type(*COPIES) & _NO_WAN & _target(OBJECT_DIRECT),                             (SOURCE_SERVER, SOURCE_GATEWAY), _SYN, DOC, _AUTO_PAGE, SOURCE_MOUNT_THEN_BACKUP,
        cases="the source repository itself where it is direct attached, else the gateway of the source repository"),
    Row("copy-direct-attached",    COPY, _AUTO & _type(*COPIES) & _NO_WAN & _target(*_FOLDER_OR_DEDUP) & _source(DIRECT, HARDENED),  MOUNT_THEN_BACKUP,          _SYN, DOC, _AUTO_PAGE),
    Row("copy-behind-gateway",     COPY, _AUTO & _type(*COPIES) & _NO_WAN & _target(*_FOLDER_OR_DEDUP) & _source(*_GATEWAY_SOURCE),  (SOURCE_GATEWAY,),          _SYN, DOC, _AUTO_PAGE),
    Row("copy-from-object-direct", COPY, _AUTO & _type(*COPIES) & _NO_WAN & _target(*_FOLDER_OR_DEDUP) & _source(OBJECT_DIRECT),     SOURCE_MOUNT_THEN_BACKUP,   _SYN, INF, _AUTO_PAGE),

    Row("tape-direct",    TAPE, _AUTO & _type("tape") & _TAPE_DIRECT,      (TAPE_SERVER,),    _SYN, DOC, _AUTO_PAGE),
    Row("tape-otherwise", TAPE, _AUTO & _type("tape") & _TAPE_NOT_DIRECT,  (BACKUP_SERVER,),  _SYN, DOC, _AUTO_PAGE),

    Row("agent-backup",            AGENT,       _AUTO & _type("agent_backup"),             MOUNT_THEN_BACKUP,  _SYN, DOC, _AUTO_PAGE),
    Row("plugin-backup",           PLUGIN,      _AUTO & _type("plugin_backup"),            (BACKUP_SERVER,),   None, DOC, _AUTO_PAGE),
    Row("restore",                 RESTORE,     _AUTO & _type("restore"),                  (PROXIES, HOST),    None, DOC, _AUTO_PAGE,
        cases="the proxies usable for it, in their order; Hyper-V: the target host"),
    Row("replication-from-backup", REPLICATION, _AUTO & _type("replication_from_backup"),  (PROXIES, HOST),    None, DOC, _AUTO_PAGE,
        cases="the target proxies, in their order; Hyper-V: the target host"),
    Row("rescan",                  RESCAN,      _AUTO & _type("rescan"),                   (MOUNT_SERVER,),    None, DOC, _AUTO_PAGE),

    Row("offload-direct-attached", OFFLOAD, _AUTO & _type("offload") & _target(OBJECT_DIRECT) & _source(DIRECT),         (SOURCE_SERVER,),          None, DOC, _AUTO_PAGE),
    Row("offload-hardened",        OFFLOAD, _AUTO & _type("offload") & _target(OBJECT_DIRECT) & _source(HARDENED),       (SOURCE_SERVER,),          None, DOC, _AUTO_PAGE, SOURCE_MOUNT_THEN_BACKUP),
    Row("offload-behind-gateway",  OFFLOAD, _AUTO & _type("offload") & _target(OBJECT_DIRECT) & _source(SHARED, DEDUP),  (SOURCE_GATEWAY,),         None, DOC, _AUTO_PAGE),
    Row("offload-object-direct",   OFFLOAD, _AUTO & _type("offload") & _target(OBJECT_DIRECT) & _source(OBJECT_DIRECT),  SOURCE_MOUNT_THEN_BACKUP,  None, DOC, _AUTO_PAGE),
    Row("offload-object-gateway",  OFFLOAD, _AUTO & _type("offload") & _target(OBJECT_DIRECT) & _source(OBJECT_GATEWAY), (SOURCE_GATEWAY,),         None, DOC, _AUTO_PAGE),

    Row("move-direct-attached", MOVE, _AUTO & _type(*MOVES) & _target(OBJECT_DIRECT) & _source(DIRECT),         (SOURCE_SERVER,),          None, DOC, _AUTO_PAGE),
    Row("move-hardened",        MOVE, _AUTO & _type(*MOVES) & _target(OBJECT_DIRECT) & _source(HARDENED),       (SOURCE_SERVER,),          None, DOC, _AUTO_PAGE, SOURCE_MOUNT_THEN_BACKUP),
    Row("move-behind-gateway",  MOVE, _AUTO & _type(*MOVES) & _target(OBJECT_DIRECT) & _source(SHARED, DEDUP),  (SOURCE_GATEWAY,),         None, DOC, _AUTO_PAGE),
    Row("move-object-direct",   MOVE, _AUTO & _type(*MOVES) & _target(OBJECT_DIRECT) & _source(OBJECT_DIRECT),  SOURCE_MOUNT_THEN_BACKUP,  None, DOC, _AUTO_PAGE),
    Row("move-object-gateway",  MOVE, _AUTO & _type(*MOVES) & _target(OBJECT_DIRECT) & _source(OBJECT_GATEWAY), (SOURCE_GATEWAY,),         None, DOC, _AUTO_PAGE),
    Row("move-to-gateway-repository", MOVE, _AUTO & _type(*MOVES) & _target(*_FOLDER_OR_DEDUP),                  MOUNT_THEN_BACKUP,         None, DOC, _AUTO_PAGE),

    Row("health-check", HEALTH, _AUTO & _type("health_check"),  (MOUNT_SERVER,),    None, DOC, _AUTO_PAGE),

    Row("synthetic",  ANY,  _SYNTHETIC,                MOUNT_THEN_BACKUP,  MOUNT_THEN_BACKUP, DOC, _AUTO_PAGE),
    Row("read-side",  ANY,  _AUTO & _READS & _NO_WAN,  MOUNT_THEN_BACKUP,  None, INF, "backup_copy_path.html"),
    Row("data-mover", ANY,  _OWN_MOVER,                (),                 None, DOC, "backup_repository.html"),
)
# fmt: on

BY_ID = {row.id: row for row in ROWS}


@cache
def row_for(facts: Facts) -> Row:
    """The one row that speaks of a side."""
    (row,) = (row for row in ROWS if row.when.test(facts))
    return row
