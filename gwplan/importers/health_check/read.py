"""A folder of the Veeam Health Check (`*_Servers.csv`, `*_Repositories.csv` …) or of its predecessor, `Get-VBRConfig`.

Both write what PowerShell shows: the ids to join by are not always there, names are in any case, gateways are a list
of names. A missing file means "none" only where the collection's manifest says that it was collected.
"""

from __future__ import annotations

from gwplan.importers.draft import THIS_SERVER, Draft, ImportFailed, Ref
from gwplan.importers.facts import Phrases, Role, Server
from gwplan.importers.folder import Folder
from gwplan.importers.health_check.jobs import read_jobs
from gwplan.importers.health_check.repositories import read_repositories
from gwplan.importers.health_check.tables import Row, Tables, read_rows
from gwplan.importers.judge import Judge

_PHRASES = Phrases(
    unknown_proxy=" is not known",
    gateway="gateway name",
    no_effect_automatic="HostId is zero, which is automatic selection: the names are those that may serve",
    no_effect_direct="the connection is direct: they have no effect",
    everyone="which is how PowerShell shows an automatic choice",
    no_connection="no column says how it is reached",
    no_capacity_extent="it is enabled, and no table names its extent",
)
_TABLES = (
    "Servers", "Repositories", "SOBRExtents", "SOBRs", "capTier", "archTier", "ObjectStorageRepos", "Gateways",
    "Proxies", "HvProxy", "NasProxy", "CdpProxy", "WanAcc", "TapeServers", "Jobs", "AgentBackupJob", "EndpointJob",
    "nasBackup", "nasBCJ", "TapeJobs", "pluginjobs", "catCopyjob", "catalystJob", "cdpjobs", "vcdjobs", "ReplicaJobs",
    "SureBackupJob", "entraTenantJob", "entraLogJob", "trafficRules", "vbrinfo", "CollectionManifest",
    "VeeamSessionReport",
)  # fmt: skip
_BY_ENDING = {table.lower(): table for table in _TABLES}
_COLLECTORS = {
    "servers": "Server", "repositories": "Repository", "sobrs": "Repository", "sobrextents": "Repository",
    "captier": "CapacityTier", "archtier": "ArchiveTier", "trafficrules": "TrafficRules",
    "proxies": "ConcurrencyData", "hvproxy": "ConcurrencyData", "nasproxy": "ConcurrencyData",
    "gateways": "ConcurrencyData", "wanacc": "WanAccelerator", "jobs": "Jobs", "agentbackupjob": "Jobs",
    "nasbackup": "Jobs", "nasbcj": "Jobs", "tapejobs": "Jobs", "tapeservers": "Jobs", "pluginjobs": "Jobs",
    "veeamsessionreport": "SessionReport", "vbrinfo": "VbrInfo",
}  # fmt: skip
"""The collector of the manifest that writes each table."""
_WORDS = {
    "servers": "servers", "repositories": "repositories", "sobrs": "scale-out repositories",
    "sobrextents": "extents of scale-out repositories", "captier": "capacity tiers", "archtier": "archive tiers",
    "proxies": "VMware proxies", "hvproxy": "Hyper-V off-host proxies", "nasproxy": "general-purpose proxies",
    "wanacc": "WAN accelerators", "tapeservers": "tape servers", "jobs": "backup jobs", "tapejobs": "tape jobs",
    "agentbackupjob": "agent jobs", "nasbackup": "file share jobs", "nasbcj": "file share copies",
    "pluginjobs": "plug-in jobs", "gateways": "gateways of each repository",
}  # fmt: skip
_SILENT = (
    ("sites and links", "CSV files have no locations: give --sites FILE, or traffic rules that hold the servers"),
    ("proxies of jobs", "no CSV file lists them: every job has `proxies: auto`"),
    ("sources and WAN accelerators of backup copies", "no CSV file names them"),
    ("mount servers of repositories", "`_Repositories.csv` has no mount host; extents have theirs"),
    ("default mount servers", "no CSV file names them: the backup server acts for repositories without one"),
    ("disks of machines", "no CSV file counts them: each machine has one disk until somebody says more"),
    ("what reaches what", "`accessible_from`, fabrics and failure domains are for people to add"),
)  # fmt: skip


def read_health_check(folder: Folder) -> Draft:
    """The draft of a folder. Raises ImportFailed where it has no list of servers."""
    draft = Draft("health-check", str(folder.path))
    tables = _tables(folder, draft)
    folder.tell_unread(".csv", draft)
    servers = tables.of("servers")
    if not servers:
        raise ImportFailed(
            f"{folder.path}: no *_Servers.csv with servers in it: give the folder that the health check has written, "
            r"C:\temp\vHC\Original\VBR\<server>\<time>"
        )
    if not any(row.has("cores") or row.has("osinfo") for row in servers):
        draft.source = "get-vbrconfig"
    _version(tables)
    judge = Judge(draft, _PHRASES)
    own = _own(servers)
    for row in servers:
        judge.server(_server(row, is_own=row is own))
    _proxies(tables, judge)
    for table, kind in (("wanacc", "wan_accelerator"), ("tapeservers", "tape_server")):
        for row in tables.of(table):
            judge.role(_role(row, kind))
    read_repositories(tables, judge)
    read_jobs(tables)
    for row in tables.of("trafficrules"):
        judge.traffic_rule(
            (row["sourceipstart"], row["sourceipend"]), (row["targetipstart"], row["targetipend"]),
            row.flag("throttlingenabled"), row.number("throttlingvalue"), row["throttlingunit"],
        )  # fmt: skip
    _missing(tables)
    for what, why in _SILENT:
        draft.cannot_tell(what, why)
    return draft


def _tables(folder: Folder, draft: Draft) -> Tables:
    """Files by the end of their names: `localhost_Servers.csv`, `_Servers.csv`, `VeeamSessionReport.csv`."""
    tables = Tables(draft)
    origins: dict[str, str] = {}
    for file in folder.files[".csv"]:
        name = folder.name(file)
        ending = file.stem.rpartition("_")[2].lower()
        if ending not in _BY_ENDING:
            draft.left_out("file", name, "not a table that an inventory is made of", name)
        elif ending in tables.rows and ending != "veeamsessionreport":
            both = f"{origins[ending]} and {name}"
            raise ImportFailed(f"{folder.path}: has {both}: give the folder of one server and collection")
        else:
            rows = read_rows(file, name, draft)
            origins.setdefault(ending, name)
            tables.rows.setdefault(ending, []).extend(rows)
            draft.read[f"{_BY_ENDING[ending]} line", name] += len(rows)
    for row in tables.of("collectionmanifest"):
        tables.manifest[row["name"].lower()] = row.flag("success") is not False, row["error"]
    return tables


def _missing(tables: Tables) -> None:
    """Report each table without a file, unless the manifest says that there is nothing of the kind."""
    for table, word in _WORDS.items():
        if tables.present(table):
            continue
        collected = tables.manifest.get(_COLLECTORS.get(table, "").lower())
        if collected is None:
            tables.draft.cannot_tell(word, f"no *_{_BY_ENDING[table]}.csv, and no manifest says that there are none")
        elif not collected[0]:
            tables.draft.cannot_tell(word, f"their collection failed: {collected[1] or 'the manifest gives no reason'}")


def _version(tables: Tables) -> None:
    row = next(iter(tables.of("vbrinfo")), None)
    tables.draft.product_version = row["version"] if row else ""
    if not tables.draft.product_version:
        tables.draft.cannot_tell("the version of the product", "no *_vbrinfo.csv says it: 13 is assumed")


# --- servers and roles ------------------------------------------------------------------------------------------------


def _own(servers: list[Row]) -> Row | None:
    """The backup server: the last of type `Local`, else the first that is called "This server"."""
    local = [row for row in servers if row["type"].lower() == "local" and row["name"]]
    return local[-1] if local else next((row for row in servers if _is_local(row) and row["name"]), None)


def _is_local(row: Row) -> bool:
    return row["type"].lower() == "local" or row["name"].casefold().startswith(THIS_SERVER)


def _server(row: Row, *, is_own: bool) -> Server:
    return Server(
        id=row.identifier("id"), name=row["name"], origin=row.origin, word=row["type"],
        local_os=_os(row) if _is_local(row) else "", os_version=row["osinfo"],
        cores=row.number("cores"), memory=row.number("ram"),
        available=not row.flag("isunavailable"),
        is_backup_server=is_own,
    )  # fmt: skip


def _os(row: Row) -> str:
    words = f"{row['osinfo']} {row['platform']} {row['info']}".lower()
    linux = any(word in words for word in ("linux", "rocky", "ubuntu", "debian", "red hat", "suse"))
    return "linux" if linux else "windows"


def _host(row: Row, otherwise: str, *columns: str) -> Ref:
    """The host of a line: by id, and by the name that stands beside it."""
    name = row.first(*columns)
    return Ref("server", row.identifier("hostid", "serverid"), otherwise if name.lower() in ("none", "") else name)


def _role(row: Row, kind: str) -> Role:
    name = row["name"] or row["host"] or row["id"]
    return Role(
        kind=kind, id=row.identifier("id"), name=name, origin=row.origin, description=row.description,
        host=_host(row, name, "host", "hostname", "servername"),
        state="not available" if row.flag("isavailable") is False else "",
    )  # fmt: skip


def _proxies(tables: Tables, judge: Judge) -> None:
    for table, usual in (("proxies", "Vi"), ("hvproxy", "HvProxy"), ("nasproxy", "GeneralPurposeProxy")):
        for row in tables.of(table):
            name, identifier = row.first("name", "host"), row.identifier("id")
            if table == "hvproxy" and tables.draft.find("proxy", identifier):
                continue  # `_Proxies.csv` of newer collectors has the Hyper-V proxies too
            judge.role(
                Role(
                    kind="proxy", id=identifier, name=name, origin=row.origin, description=row.description,
                    word=row["type"] if row["type"] and table != "nasproxy" else usual,
                    host=_host(row, name, "host"),
                    tasks=row.tasks("maxtaskscount", "concurrenttasknumber"), transport_mode=row["transportmode"],
                    disabled=bool(row.flag("isdisabled")),
                )
            )  # fmt: skip
    for row in tables.of("cdpproxy"):
        why = "a CDP proxy: it moves replicas, and the vendor's gateway page does not speak of it"
        tables.draft.left_out("proxy", row["name"], why, row.origin)
