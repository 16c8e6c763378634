"""Repositories and scale-out repositories of CSV files: PowerShell's types, and the several places of gateways.

Where gateways are, best first: `_Gateways.csv` (a line for each), `gatewayHosts` (names with spaces between), `HostId`
(one host; the zero id is automatic selection).
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from gwplan.importers.draft import Draft, Ref, Thing
from gwplan.importers.rest_repositories import kind_of_repository, why_no_repository
from gwplan.importers.tables import Row, Tables
from gwplan.inventory.entries import SERVER_HOSTED

_UNKNOWN_HOSTS = ("", "none")


def read_repositories(tables: Tables) -> None:
    """Add repositories, extents, object storage, and the scale-out repositories made of them."""
    gateways = _gateways_of(tables)
    connections = _connections(tables)
    for table in ("repositories", "sobrextents"):
        for row in tables.of(table):
            _repository(row, tables.draft, gateways, connections)
    for table in ("captier", "archtier", "objectstoragerepos"):
        for row in tables.of(table):
            _object_storage(row, tables, connections)
    _scale_out(tables)


def _gateways_of(tables: Tables) -> dict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for row in tables.of("gateways"):
        server = row["gateway server"]
        if server.lower() not in _UNKNOWN_HOSTS:
            found[row["repository name"].casefold()].append(server)
    return found


def _connections(tables: Tables) -> dict[str, tuple[str, list[str]]]:
    """How object storage is reached, by id and by name: the way, and the gateways of a way through them."""
    found: dict[str, tuple[str, list[str]]] = {}
    for table, way, gateway in (
        ("objectstoragerepos", "connectiontype", "gateway"), ("captier", "connectiontype", "gatewayserver"),
        ("archtier", "gatewaymode", "gatewayserver"),
    ):  # fmt: skip
        for row in tables.of(table):
            if row[way]:
                servers = [name.strip() for name in row[gateway].split(";") if name.strip()]
                for key in (row.identifier("repoid"), row["name"].casefold()):
                    if key:
                        found.setdefault(key, (row[way].lower(), servers))
    return found


def _repository(row: Row, draft: Draft, gateways: dict[str, list[str]],
                connections: dict[str, tuple[str, list[str]]]) -> None:  # fmt: skip
    name = row["name"]
    kind = kind_of_repository(row["type"])
    if kind is None or row.flag("issansnapshotonly"):
        draft.left_out("repository", name, why_no_repository(row["type"]), row.origin)
        return
    keys: dict[str, Any] = {"description": row.description, "type": kind[0], "provider": kind[1] or None}
    thing = Thing("repository", row.identifier("id"), name, keys, row.origin, row["type"],
                  addresses=tuple(filter(None, (_host_of_path(row),))))  # fmt: skip
    listed = gateways.get(name.casefold()) or _split(row["gatewayhosts"], draft)
    if kind[0] == "object_storage":
        connect(thing, draft, *(connections.get(thing.id) or connections.get(name.casefold()) or ("", listed)))
    elif kind[0] in ("smb", "nfs", "data_domain", "storeonce"):
        _share(row, thing, listed, draft)
    else:
        os = "windows" if kind[0] == "windows" else "linux"
        host = row.first("host") or next(iter(_split(row["gatewayhosts"], draft)), "") or _host_of_path(row)
        if kind[0] in SERVER_HOSTED or row.identifier("hostid"):
            keys["server"] = Ref("server", row.identifier("hostid"), host, os)
    if row.identifier("mounthostid"):
        keys["mount_server"] = Ref("server", row.identifier("mounthostid"), "")
    _options(row, thing)
    draft.add(thing)


def _host_of_path(row: Row) -> str:
    """The host in front of a friendly path: `REPO01\\F:\\Backups`, `LINUX01:/backups`, `\\\\nas\\share`."""
    path = row["friendlypath"] or row["path"]
    if path.lower().startswith("ddboost://"):
        return path[len("ddboost://") :].partition(":")[0].removeprefix("DFC-")
    path = path.replace("\\", "/").lstrip("/")
    host = path.partition(":/")[0] if ":/" in path and "/" not in path.partition(":/")[0] else path.partition("/")[0]
    return host if len(host) > 1 and not host.endswith(":") else ""


def _split(text: str, draft: Draft) -> list[str]:
    """Names with spaces between. A name may have spaces itself: "This server" is taken as one."""
    known = [thing.name for thing in draft.of("server") if " " in thing.name]
    found = []
    for name in sorted([*known, "This server"], key=len, reverse=True):
        if name.casefold() in text.casefold():
            start = text.casefold().index(name.casefold())
            found.append(text[start : start + len(name)])
            text = f"{text[:start]} {text[start + len(name) :]}"
    return list(dict.fromkeys([*found, *text.replace(";", " ").split()]))


def _share(row: Row, thing: Thing, listed: list[str], draft: Draft) -> None:
    if row["path"].lower().startswith("ddboost://dfc-") or row["friendlypath"].lower().startswith("ddboost://dfc-"):
        thing.keys["protocol"] = "fc"
    host = row.identifier("hostid")
    if not host:
        if row.has("hostid"):
            if listed:
                why = "HostId is zero, which is automatic selection: the names are those that may serve"
                draft.left_out("repository", thing.name, why, row.origin, f"{len(listed)} gateway names")
            thing.guess("gateway_servers", "auto", "HostId is zero, which is how PowerShell shows automatic selection")
        elif listed:
            _list_gateways(thing, listed, draft)
    elif listed:
        _list_gateways(thing, listed, draft)
    else:
        thing.guess("gateway_servers", [Ref("server", host)], "HostId names one gateway; there may be more of them")


def _list_gateways(thing: Thing, listed: list[str], draft: Draft) -> None:
    thing.keys["gateway_servers"] = [Ref("server", "", name) for name in listed]
    if why := everyone(listed, draft):
        thing.guess("gateway_servers", "auto", why)


def everyone(listed: list[str], draft: Draft) -> str:
    """Why a list of gateways means nothing: it has every managed server, which is how PowerShell shows "any"."""
    servers = {thing.name.casefold() for thing in draft.of("server")}
    names = {name.casefold() for name in listed}
    short = {name.partition(".")[0] for name in servers}
    if len(servers) > 1 and (names == servers or {name.partition(".")[0] for name in names} == short):
        return f"the list has all {len(servers)} managed servers, which is how PowerShell shows an automatic choice"
    return ""


def connect(thing: Thing, draft: Draft, way: str, listed: list[str]) -> None:
    """Direct, through gateways, or a guess where no column says which."""
    if way == "direct":
        thing.keys["connection"] = "direct"
        if listed:
            draft.left_out("repository", thing.name, "the connection is direct: they have no effect", thing.origin,
                           f"{len(listed)} gateway names")  # fmt: skip
    elif way in ("gateway", "selectedgateway"):
        thing.keys["connection"] = "gateway"
        if listed:
            thing.keys["gateway_servers"] = [Ref("server", "", name) for name in listed]
        else:
            thing.guess("connection", "gateway", "through a gateway, and none is listed: the backup server serves")
    elif listed and not everyone(listed, draft):
        thing.keys["gateway_servers"] = [Ref("server", "", name) for name in listed]
        thing.guess("connection", "gateway", "no column says how it is reached, and gateways are listed")
    else:
        thing.guess("connection", "direct", everyone(listed, draft) or "no column says how it is reached")


def _options(row: Row, thing: Thing) -> None:
    unlimited = row.flag("options(unlimited tasks)")
    tasks = row.number("options(maxtasks)")
    if tasks is not None and 0 < tasks < 10_000 and not unlimited:
        thing.keys["max_concurrent_tasks"] = tasks
    per_machine = row.flag("options(onebackupfilepervm)")  # the health check itself puts this over SplitStoragesPerVm
    per_machine = row.flag("splitstoragespervm") if per_machine is None else per_machine
    if per_machine is False and thing.keys["type"] != "object_storage":
        thing.keys["per_machine"] = False
    if row.flag("isunavailable"):
        thing.guess("status", "offline", "was unavailable when it was read")
    elif row["status"].lower() in ("maintenance", "sealed"):
        thing.keys["status"] = row["status"].lower()
    free = row.number("cachedfreespace")
    if free is not None and 0 <= free < 10**9:
        thing.keys["free"] = f"{free} GiB"


def _object_storage(row: Row, tables: Tables, connections: dict[str, tuple[str, list[str]]]) -> None:
    """Object storage that only the tables of tiers know."""
    draft = tables.draft
    identifier, name = row.identifier("repoid"), row["name"] or row.identifier("repoid")
    same = draft.find("repository", identifier) if identifier else None
    if same or any(thing.name.casefold() == name.casefold() for thing in draft.of("repository")):
        return
    word = row.first("type", "archivetype")
    kind = kind_of_repository(word)
    if kind is None:
        draft.left_out("repository", name, why_no_repository(word), row.origin)
        return
    thing = Thing("repository", identifier, row["name"] or f"{word} {identifier[:8]}",
                  {"type": "object_storage", "provider": kind[1] or None}, row.origin, word)  # fmt: skip
    if not row["name"]:
        thing.guesses[""] = "the table of capacity tiers gives its id and type, not its name"
    connect(thing, draft, *(connections.get(identifier) or connections.get(name.casefold()) or ("", [])))
    if row["status"].lower() in ("maintenance", "sealed"):
        thing.keys["status"] = row["status"].lower()
    draft.add(thing)


# --- scale-out --------------------------------------------------------------------------------------------------------


def _scale_out(tables: Tables) -> None:
    draft = tables.draft
    by_whole: defaultdict[str, list[Ref]] = defaultdict(list)
    for row in tables.of("sobrextents"):
        by_whole[row["sobr_name"].casefold()].append(Ref("repository", row.identifier("id"), row["name"]))
    for row in tables.of("sobrs"):
        name = row["name"]
        extents = by_whole.get(name.casefold()) or [
            Ref("repository", "", part.strip())
            for part in row["extents"].replace(";", ",").split(",")
            if part.strip()
        ]
        keys: dict[str, Any] = {"description": row.description, "performance_tier": extents}
        thing = Thing("scale_out_repository", row.identifier("id"), name, keys, row.origin)
        if row.flag("enablecapacitytier"):
            _capacity_tier(row, thing, tables)
        if row.flag("archivetierenabled"):
            draft.left_out("scale_out_repository", name, "the inventory has no archive tier", row.origin,
                           "archive tier")  # fmt: skip
        if row["policytype"].lower() == "performance":
            keys["placement_policy"] = "performance"
        elif row["policytype"].lower() not in ("datalocality", ""):
            why = f"{row['policytype']!r} is no placement policy that is known: data locality"
            draft.left_out("scale_out_repository", name, why, row.origin, "placement policy")
        if row.flag("performfullwhenextentoffline"):
            keys["full_when_extent_offline"] = True
        if row.flag("usepervmbackupfiles") is False:
            keys["per_machine"] = False
        draft.add(thing)


def _capacity_tier(row: Row, thing: Thing, tables: Tables) -> None:
    tiers = [tier for tier in tables.of("captier") if tier.identifier("parentid") == thing.id and thing.id]
    extents = [Ref("repository", tier.identifier("repoid"), tier["name"]) for tier in tiers]
    if not extents and row["capacityextent"]:
        extents = [Ref("repository", "", name.strip()) for name in row["capacityextent"].split(",") if name.strip()]
    if not extents:
        tables.draft.left_out("scale_out_repository", thing.name, "it is enabled, and no table names its extent",
                              row.origin, "capacity tier")  # fmt: skip
        return
    thing.keys["capacity_tier"] = {
        "extents": extents,
        "copy": bool(row.flag("capacitytiercopypolicyenabled")),
        "move": bool(row.flag("capacitytiermovepolicyenabled")),
    }
