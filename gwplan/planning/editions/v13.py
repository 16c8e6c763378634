"""Edition 13: THE vendor's table, row by row, and the words around it that replace a row.

The page is https://helpcenter.veeam.com/docs/vbr/userguide/gateway_server.html (2025-10-17, build 13.0.1.1071). The
conditions of the rows are disjoint.
"""

from __future__ import annotations

from gwplan.inventory.entries import BEHIND_GATEWAY
from gwplan.planning.table import (
    ALWAYS,
    APPLIANCE,
    BACKUP_SERVER,
    DEDUP,
    DIRECT,
    DISPUTED,
    DOCUMENTED,
    HARDENED,
    HOST,
    INFERRED,
    LEAST_LOADED_PROXY,
    MOUNT_SERVER,
    NONE_NEEDED,
    OBJECT_DIRECT,
    OBJECT_GATEWAY,
    OFF_HOST,
    OFF_HOST_ONLY,
    ON_HOST,
    PROXIES,
    RUNS_A_DATA_MOVER,
    SELECTED,
    SHARED,
    SOURCE_GATEWAY,
    SOURCE_MOUNT_SERVER,
    SOURCE_SERVER,
    TAPE_SERVER,
    WAN_ACCELERATOR,
    Chain,
    Choice,
    Edition,
    Line,
    Note,
    Row,
    When,
)

# --- conditions -------------------------------------------------------------------------------------------------------

COPIES = ("backup_copy", "file_backup_copy")
MOVES = ("move_backup", "copy_backup")
TWO_SIDED = (*COPIES, "offload", *MOVES)


def types(*names: str) -> When:
    """The job is of one of these types."""
    return When(" or ".join(names), lambda f: f.type in names)


def platform(name: str) -> When:
    """The workloads are of this platform."""
    return When(f"{name} workloads", lambda f: f.platform == name)


def target(*kinds: str) -> When:
    """This is the target side, of one of these kinds."""
    return When(f"to {' or '.join(kinds)}", lambda f: f.side == "target" and f.here in kinds)


def source(*kinds: str) -> When:
    """The source repository is of one of these kinds."""
    told = [kind for kind in kinds if kind != APPLIANCE or DIRECT not in kinds]
    return When(f"source {' or '.join(told)}", lambda f: f.source in kinds)


def here(*kinds: str) -> When:
    """This side's repository is of one of these kinds."""
    return When(f"of {' or '.join(kinds)}", lambda f: f.here in kinds)


def reading(*how: str) -> When:
    """A Hyper-V machine is read in one of these ways."""
    return When(" or ".join(how), lambda f: f.reading in how)


def plugin(name: str) -> When:
    """The backup is of this plug-in."""
    return When(name, lambda f: f.plugin == name)


_FOLDER_OR_DEDUP = (SHARED, DEDUP)
_GATEWAY_SOURCE = (SHARED, DEDUP, OBJECT_GATEWAY)
_DIRECT_SOURCE = (DIRECT, HARDENED)
_NEEDS_ONE = When("behind a gateway", lambda f: f.here not in RUNS_A_DATA_MOVER)
_LISTED = When("gateway servers are listed", lambda f: f.listed)
_AUTO = When(
    "automatic selection",
    lambda f: f.here in (SHARED, DEDUP, OBJECT_DIRECT) and not f.listed and f.operation != "synthetic",
)
_WAN = When("over WAN accelerators", lambda f: f.wan)
_NO_WAN = When("on the direct data path", lambda f: not f.wan)
_TAPE_DIRECT = When("connected directly to the tape device", lambda f: f.tape_direct)
_TAPE_NOT_DIRECT = When("not connected directly to the tape device", lambda f: not f.tape_direct)
_SYNTHETIC = When("synthetic operations, automatic selection", lambda f: (
    f.operation == "synthetic" and not f.listed and f.here in (SHARED, DEDUP, OBJECT_DIRECT)))  # fmt: skip
_DEFAULT = When("object storage through a gateway, none listed", lambda f: f.here == OBJECT_GATEWAY and not f.listed)
_READS = When("source side of a copy, an offload or a move", lambda f: f.side == "source" and f.type in TWO_SIDED)
_APPLIANCE_WRITES = When(
    "an appliance that names no server writes to object storage (direct)",
    lambda f: f.source == APPLIANCE and f.side == "target" and f.here == OBJECT_DIRECT and f.type in TWO_SIDED
    and not f.wan and f.operation != "synthetic",
)  # fmt: skip
_OWN_MOVER = When(
    "the repository runs a data mover, or an appliance that names no server writes to object storage (direct)",
    lambda f: f.here in RUNS_A_DATA_MOVER or _APPLIANCE_WRITES.test(f),
)
_SERVER_OR_GATEWAY = When("", lambda f: f.source != APPLIANCE)  # an appliance without a server moves the data itself
_HYPERV = When("Hyper-V", lambda f: bool(f.reading))
_NOT_HYPERV = When("VMware and file shares", lambda f: not f.reading)
_VMWARE = When("VMware", lambda f: not f.reading)

# --- chains -----------------------------------------------------------------------------------------------------------

MOUNT_THEN_BACKUP: Chain = (MOUNT_SERVER, BACKUP_SERVER)
SOURCE_MOUNT_THEN_BACKUP: Chain = (SOURCE_MOUNT_SERVER, BACKUP_SERVER)


def _first(*pools: Chain) -> tuple[Choice, ...]:
    return tuple(Choice(ALWAYS, chain) for chain in pools)


_HYPERV_BACKUP = (
    Choice(reading(ON_HOST), (HOST,)),
    Choice(reading(OFF_HOST), (PROXIES, HOST)),
    Choice(reading(OFF_HOST_ONLY), (PROXIES,)),
)
_OBJECT_DIRECT_BACKUP = (
    Choice(_NOT_HYPERV, (LEAST_LOADED_PROXY,)),
    Choice(reading(ON_HOST), (HOST,)),
    Choice(reading(OFF_HOST), (LEAST_LOADED_PROXY, HOST)),
    Choice(reading(OFF_HOST_ONLY), (LEAST_LOADED_PROXY,)),
)
_PROXY_OR_HOST = (Choice(_VMWARE, (PROXIES,)), Choice(_HYPERV, (HOST,)))
OBJECT_DIRECT_COPY = (
    Choice(source(*_DIRECT_SOURCE), (SOURCE_SERVER,)),
    Choice(source(*_GATEWAY_SOURCE, OBJECT_DIRECT), (SOURCE_GATEWAY,)),
)

# --- the vendor's lines -----------------------------------------------------------------------------------------------

BACKUP = Line("Backup job / File backup job", ("backup", "file_backup"), MOUNT_THEN_BACKUP)
COPY = Line("Backup copy job / File backup copy job", COPIES, MOUNT_THEN_BACKUP)
TAPE = Line("Tape job", ("tape",), MOUNT_THEN_BACKUP)
AGENT = Line("Veeam Agent backup job", ("agent_backup",), MOUNT_THEN_BACKUP)
PLUGIN = Line(
    "Backup job created by Veeam Plug-In for Oracle RMAN/SAP HANA/SAP on Oracle/Microsoft SQL Server/DB2",
    ("plugin_backup",),
)
RESTORE = Line("Restore operations", ("restore",))
REPLICATION = Line("Replication from backup", ("replication_from_backup",))
RESCAN = Line("Repository rescan", ("rescan",))
OFFLOAD = Line("Offload job", ("offload",))
MOVE = Line("Move and copy operations", MOVES)
HEALTH = Line("Health check operation", ("health_check",))
ANY = Line("Any type of job")
LINES = (BACKUP, COPY, TAPE, AGENT, PLUGIN, RESTORE, REPLICATION, RESCAN, OFFLOAD, MOVE, HEALTH, ANY)

# --- what other pages say ---------------------------------------------------------------------------------------------

_S3_COMPATIBLE = When("S3-compatible", lambda f: f.provider == "s3_compatible")
_NOT_S3_COMPATIBLE = When("not S3-compatible", lambda f: f.provider != "s3_compatible")
_PLUGIN_PAGES = {
    "oracle_rman": "plugins_rman_hana_object_storage.html",
    "sap_hana": "plugins_sap_hana_object_storage.html",
    "sap_on_oracle": "plugins_sap_orcl_object_storage.html",
    "mssql": "plugins_mssql_object_storage.html",
    "db2": "plugins_db2_object_storage.html",
}
_RESCAN_NOTE = Note(ALWAYS, (
    "the table names nothing after the mount server; gateway_server.html#auto says elsewhere that "
    "selection fails over to the next available option, without naming one here"))  # fmt: skip
_HEALTH_NOTE = Note(ALWAYS, (
    "the table names the mount server and nothing after it; backup_health_check.html speaks of the "
    "gateway server"))  # fmt: skip
_TAPE_NOTE = Note(ALWAYS, "backup_to_tape_hiw.html names the tape server for automatic selection in every case")
_PLUGIN_NOTES = tuple(
    Note(here(OBJECT_DIRECT) & plugin(name), f"{page} names the mount server for object storage in direct mode")
    for name, page in _PLUGIN_PAGES.items()
)
_AGENT_NOTES = (
    Note(
        here(OBJECT_DIRECT) & _NOT_S3_COMPATIBLE,
        "agents_object_storage.html lets the agent itself move the data to object storage in direct mode",
    ),
    Note(
        here(OBJECT_DIRECT) & _S3_COMPATIBLE,
        "access_permissions.html names the mount server for S3-compatible storage in direct mode, unless the agent has "
        "access permissions of its own; then agents_object_storage.html lets it move the data itself",
    ),
)

# --- the rows ---------------------------------------------------------------------------------------------------------

_TABLE = "gateway_server.html#auto"
_SELECTION = "gateway_server.html#selection"
_DOC, _INF, _DIS = DOCUMENTED, INFERRED, DISPUTED
_ELSEWHERE = here(OBJECT_DIRECT)
_OF_COPIES = When("copies", types(*COPIES).test)
_NO_FOLDER = When("appliances and object storage (direct)", here(DEDUP, OBJECT_DIRECT).test)
_DISPUTED_DIRECT = ((_ELSEWHERE, _DIS),)
_TO_OBJECT = target(OBJECT_DIRECT)
_TO_OTHERS = target(*_FOLDER_OR_DEDUP)
_COPY = _AUTO & types(*COPIES) & _NO_WAN
_OFFLOAD = _AUTO & types("offload") & _TO_OBJECT
_MOVE = _AUTO & types(*MOVES) & _TO_OBJECT

# fmt: off
ROWS: tuple[Row, ...] = (
    Row("manual-selection",       ANY, _NEEDS_ONE & _LISTED,  _first((SELECTED,)),       _DOC, _SELECTION),
    Row("object-gateway-default", ANY, _DEFAULT,              _first((BACKUP_SERVER,)),  _INF, "amazon_repository_account.html"),

    Row("backup-object-direct", BACKUP, _AUTO & types("backup", "file_backup") & _TO_OBJECT,           _OBJECT_DIRECT_BACKUP,  _DOC, _TABLE),
    Row("backup-vmware",        BACKUP, _AUTO & types("backup") & platform("vmware") & _TO_OTHERS,     _first((PROXIES,)),     _DOC, _TABLE),
    Row("backup-hyperv",        BACKUP, _AUTO & types("backup") & platform("hyperv") & _TO_OTHERS,     _HYPERV_BACKUP,         _DOC, _TABLE),
    Row("file-backup",          BACKUP, _AUTO & types("file_backup") & _TO_OTHERS,                     _first((PROXIES,)),     _DOC, _TABLE),

    Row("copy-wan",                COPY, _AUTO & types("backup_copy") & _WAN,                   _first((WAN_ACCELERATOR,)),         _DOC, _TABLE, unless=((_NO_FOLDER, _INF),)),
    Row("copy-object-direct",      COPY, _COPY & _TO_OBJECT & _SERVER_OR_GATEWAY,  OBJECT_DIRECT_COPY,                 _DOC, _TABLE),
    Row("copy-direct-attached",    COPY, _COPY & _TO_OTHERS & source(*RUNS_A_DATA_MOVER),       _first(MOUNT_THEN_BACKUP),          _DOC, _TABLE),
    Row("copy-behind-gateway",     COPY, _COPY & _TO_OTHERS & source(*_GATEWAY_SOURCE),         _first((SOURCE_GATEWAY,)),          _DOC, _TABLE),
    Row("copy-from-object-direct", COPY, _COPY & _TO_OTHERS & source(OBJECT_DIRECT),            _first(SOURCE_MOUNT_THEN_BACKUP),   _INF, _TABLE),

    Row("tape-direct",    TAPE, _AUTO & types("tape") & _TAPE_DIRECT,      _first((TAPE_SERVER,)),    _DOC, _TABLE, notes=(_TAPE_NOTE,)),
    Row("tape-otherwise", TAPE, _AUTO & types("tape") & _TAPE_NOT_DIRECT,  _first((BACKUP_SERVER,)),  _DIS, _TABLE, notes=(_TAPE_NOTE,)),

    Row("agent-backup",            AGENT,       _AUTO & types("agent_backup"),             _first(MOUNT_THEN_BACKUP),  _DOC, _TABLE, unless=_DISPUTED_DIRECT, load_elsewhere=_ELSEWHERE, notes=_AGENT_NOTES),
    Row("plugin-backup",           PLUGIN,      _AUTO & types("plugin_backup"),            _first((BACKUP_SERVER,)),   _DOC, _TABLE, unless=_DISPUTED_DIRECT, load_elsewhere=_ELSEWHERE, notes=_PLUGIN_NOTES),
    Row("restore",                 RESTORE,     _AUTO & types("restore"),                  _PROXY_OR_HOST,             _DOC, _TABLE),
    Row("replication-from-backup", REPLICATION, _AUTO & types("replication_from_backup"),  _PROXY_OR_HOST,             _DOC, _TABLE),
    Row("rescan",                  RESCAN,      _AUTO & types("rescan"),                   _first((MOUNT_SERVER,)),    _DOC, _TABLE, notes=(_RESCAN_NOTE,)),

    Row("offload-direct-attached", OFFLOAD, _OFFLOAD & source(DIRECT),          _first((SOURCE_SERVER,)),          _DOC, _TABLE),
    Row("offload-hardened",        OFFLOAD, _OFFLOAD & source(HARDENED),        _first((SOURCE_SERVER,)),          _DOC, _TABLE),
    Row("offload-behind-gateway",  OFFLOAD, _OFFLOAD & source(SHARED, DEDUP),   _first((SOURCE_GATEWAY,)),         _DOC, _TABLE),
    Row("offload-object-direct",   OFFLOAD, _OFFLOAD & source(OBJECT_DIRECT),   _first(SOURCE_MOUNT_THEN_BACKUP),  _DOC, _TABLE),
    Row("offload-object-gateway",  OFFLOAD, _OFFLOAD & source(OBJECT_GATEWAY),  _first((SOURCE_GATEWAY,)),         _DOC, _TABLE),

    Row("move-direct-attached", MOVE, _MOVE & source(DIRECT),          _first((SOURCE_SERVER,)),          _DOC, _TABLE),
    Row("move-hardened",        MOVE, _MOVE & source(HARDENED),        _first((SOURCE_SERVER,)),          _DOC, _TABLE),
    Row("move-behind-gateway",  MOVE, _MOVE & source(SHARED, DEDUP),   _first((SOURCE_GATEWAY,)),         _DOC, _TABLE),
    Row("move-object-direct",   MOVE, _MOVE & source(OBJECT_DIRECT),   _first(SOURCE_MOUNT_THEN_BACKUP),  _DOC, _TABLE),
    Row("move-object-gateway",  MOVE, _MOVE & source(OBJECT_GATEWAY),  _first((SOURCE_GATEWAY,)),         _DOC, _TABLE),
    Row("move-to-gateway-repository", MOVE, _AUTO & types(*MOVES) & _TO_OTHERS,  _first(MOUNT_THEN_BACKUP),  _DOC, _TABLE),

    Row("health-check", HEALTH, _AUTO & types("health_check"),  _first((MOUNT_SERVER,)),  _DOC, _TABLE, notes=(_HEALTH_NOTE,)),

    Row("synthetic",  ANY, _SYNTHETIC,                (Choice(ALWAYS, None),),    _DOC, _TABLE),
    Row("read-side",  ANY, _AUTO & _READS & _NO_WAN,  _first(MOUNT_THEN_BACKUP),  _INF, "backup_copy_path.html", unless=((_OF_COPIES, _DOC),)),
    Row("data-mover", ANY, _OWN_MOVER,                NONE_NEEDED,                _DOC, "backup_repository.html"),
)
# fmt: on

V13 = Edition(
    id="13",
    page="gateway_server.html",
    date="2025-10-17",
    build="13.0.1.1071",
    rows=ROWS,
    lines=LINES,
    systems=dict.fromkeys(BEHIND_GATEWAY, frozenset({"windows", "linux", "hyperv"})),
    systems_page="gateway_server.html#requirements",
    hardened_serves=frozenset({SOURCE_SERVER.id}),
)
