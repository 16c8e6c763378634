"""A folder of the Veeam Health Check (`*_Servers.csv`, `*_Repositories.csv` …) or of its elder, `Get-VBRConfig`.

Both write what PowerShell shows: joins on ids that are not always there, names in any case, gateways as a list of
names. A file that is missing means "none" only where the collection's manifest says that it was collected.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from gwplan.importers.draft import BUILT_IN_SERVER, THIS_SERVER, Draft, ImportFailed, Ref, Thing, TrafficRule, mapped
from gwplan.importers.health_check_repositories import read_repositories
from gwplan.importers.machines import bytes_text
from gwplan.importers.tables import Row, Tables, csv_files, read_rows
from gwplan.importers.unread import tell_unread
from gwplan.importers.words import PROXY_TYPES, SERVER_OS, TRANSPORT_MODES

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
"""Which collector of the manifest writes a table."""
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


def read_health_check(folder: Path) -> Draft:
    """The draft of a folder. Raises ImportFailed where it has no list of servers."""
    from gwplan.importers.health_check_jobs import read_jobs

    draft = Draft("health-check", str(folder))
    tables = _tables(folder, draft)
    tell_unread(folder, ".csv", draft)
    if not tables.of("servers"):
        raise ImportFailed(
            f"{folder}: no *_Servers.csv with servers in it: give the folder that the health check has written, "
            r"C:\temp\vHC\Original\VBR\<server>\<time>"
        )
    if not any(row.has("cores") or row.has("osinfo") for row in tables.of("servers")):
        draft.source = "get-vbrconfig"
    _version(tables)
    _servers(tables)
    _proxies(tables)
    for row in tables.of("wanacc"):
        _role(draft, row, "wan_accelerator")
    for row in tables.of("tapeservers"):
        _role(draft, row, "tape_server")
    read_repositories(tables)
    read_jobs(tables)
    _traffic_rules(tables)
    _missing(tables)
    for what, why in _SILENT:
        draft.cannot_tell(what, why)
    return draft


def _tables(folder: Path, draft: Draft) -> Tables:
    """Files by the end of their names: `localhost_Servers.csv`, `_Servers.csv`, `VeeamSessionReport.csv`."""
    tables = Tables(draft)
    origins: dict[str, str] = {}
    for file in csv_files(folder):
        name = file.relative_to(folder).as_posix()
        ending = file.stem.rpartition("_")[2].lower()
        if ending not in _BY_ENDING:
            draft.left_out("file", name, "not a table that an inventory is made of", name)
        elif ending in tables.rows and ending != "veeamsessionreport":
            both = f"{origins[ending]} and {name}"
            raise ImportFailed(f"{folder}: has {both}: give the folder of one server and collection")
        else:
            rows = read_rows(file, name, draft)
            origins.setdefault(ending, name)
            tables.rows.setdefault(ending, []).extend(rows)
            draft.read[f"{_BY_ENDING[ending]} line", name] += len(rows)
    for row in tables.of("collectionmanifest"):
        tables.manifest[row["name"].lower()] = row.flag("success") is not False, row["error"]
    return tables


def _missing(tables: Tables) -> None:
    """A table without a file: none, failed, or nobody knows."""
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


def _servers(tables: Tables) -> None:
    draft = tables.draft
    for row in tables.of("servers"):
        kind, name = row["type"], row["name"]
        local = kind.lower() == "local" or name.casefold().startswith(THIS_SERVER)
        os = _os(row) if local else mapped(SERVER_OS, kind)
        if not name or os is None:
            why = f"a {kind or 'thing without type'}: it takes no role and is no gateway"
            draft.left_out("server", name or row["id"], why, row.origin)
            continue
        thing = Thing("server", row.identifier("id"), name, {"os": os}, row.origin, kind, addresses=(name,))
        if local and os == "windows" and "windows" not in row["osinfo"].lower():
            thing.guesses["os"] = "the type is Local, and the system is not told"
        if row["osinfo"]:
            thing.keys["os_version"] = row["osinfo"]
        if (cores := row.number("cores")) and cores > 0:
            thing.keys["cores"] = cores
        if (memory := row.number("ram")) and memory > 0:
            thing.keys["memory"] = bytes_text(memory)
        if row.flag("isunavailable"):
            thing.guess("status", "offline", "was unavailable when it was read")
        if local and (draft.backup_server is None or kind.lower() == "local"):
            own = _inner_name(name) or name
            draft.backup_server = Ref("server", thing.id or BUILT_IN_SERVER, own, os)
        draft.add(thing)


def _os(row: Row) -> str:
    words = f"{row['osinfo']} {row['platform']} {row['info']}".lower()
    linux = any(word in words for word in ("linux", "rocky", "ubuntu", "debian", "red hat", "suse"))
    return "linux" if linux else "windows"


def _inner_name(name: str) -> str:
    """`This server (vbr01.lab.local)` is vbr01.lab.local."""
    match = re.fullmatch(r"this server\s*\((.+)\)", name, re.IGNORECASE)
    return match[1].strip() if match else ""


def host_of(row: Row, *names: str, hint: str = "windows") -> Ref:
    """The host of a line: by id, and by the name that stands beside it."""
    name = row.first(*names)
    return Ref("server", row.identifier("hostid", "serverid"), "" if name.lower() == "none" else name, hint)


def _role(draft: Draft, row: Row, kind: str) -> None:
    name = row["name"] or row["host"] or row["id"]
    host = host_of(row, "host", "hostname", "servername")
    host = Ref("server", host.id, host.name or name)
    thing = Thing(kind, row.identifier("id"), name, {"description": row.description, "server": host}, row.origin)
    if row.flag("isavailable") is False:
        draft.left_out(kind, name, "was not available when it was read: give its server a status to plan so",
                       row.origin, "availability")  # fmt: skip
    draft.add(thing)


def _proxies(tables: Tables) -> None:
    draft = tables.draft
    for table, usual in (("proxies", "vmware"), ("hvproxy", "hyperv_off_host"), ("nasproxy", "general_purpose")):
        for row in tables.of(table):
            kind = mapped(PROXY_TYPES, row["type"]) if row["type"] and table != "nasproxy" else usual
            name = row.first("name", "host")
            if kind is None:
                draft.left_out("proxy", name, f"a proxy of type {row['type']} is not known", row.origin)
                continue
            host = host_of(row, "host")
            keys: dict[str, Any] = {"description": row.description, "type": kind}
            keys["server"] = Ref("server", host.id, host.name or name)
            thing = Thing("proxy", row.identifier("id"), name, keys, row.origin, row["type"])
            if (tasks := row.number("maxtaskscount", "concurrenttasknumber")) and 0 < tasks < 10_000:
                keys["max_concurrent_tasks"] = tasks
            if kind == "vmware" and row["transportmode"]:
                keys["transport_mode"] = mapped(TRANSPORT_MODES, row["transportmode"])
                if keys["transport_mode"] is None:
                    why = f"{row['transportmode']!r} is not known: auto"
                    draft.left_out("proxy", name, why, row.origin, "transport mode")
            if row.flag("isdisabled"):
                keys["enabled"] = False
            if table == "hvproxy" and draft.find("proxy", thing.id):
                continue  # `_Proxies.csv` of newer collectors has the Hyper-V proxies too
            draft.add(thing)
    for row in tables.of("cdpproxy"):
        why = "a CDP proxy: it moves replicas, and the vendor's gateway page does not speak of it"
        draft.left_out("proxy", row["name"], why, row.origin)


def _traffic_rules(tables: Tables) -> None:
    units = {"mbitpersec": ("Mbps", 1), "mbitperspec": ("Mbps", 1), "mbps": ("Mbps", 8), "mbytepersec": ("Mbps", 8),
             "kbytepersec": ("kbps", 8)}  # fmt: skip
    for row in tables.of("trafficrules"):
        unit, value = units.get(row["throttlingunit"].lower()), row.number("throttlingvalue")
        limited = row.flag("throttlingenabled") and unit and value and value > 0
        tables.draft.traffic_rules.append(
            TrafficRule(
                row["name"],
                (row["sourceipstart"], row["sourceipend"]),
                (row["targetipstart"], row["targetipend"]),
                f"{value * unit[1]} {unit[0]}" if limited and unit and value else "",
            )
        )
