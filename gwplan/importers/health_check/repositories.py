"""What CSV files say of repositories: PowerShell's types, and the several places of gateways.

Where gateways are, best first: `_Gateways.csv` (a line for each), `gatewayHosts` (names separated by spaces), `HostId`
(one host; the zero id is automatic selection).
"""

from __future__ import annotations

from collections import defaultdict

from gwplan.importers.draft import THIS_SERVER, Ref
from gwplan.importers.facts import Repository, ScaleOut
from gwplan.importers.health_check.tables import Row, Tables
from gwplan.importers.judge import Judge, kind_of_repository

_NO_HOST = ("", "none")
_TIERS = (
    ("objectstoragerepos", "connectiontype", "gateway"), ("captier", "connectiontype", "gatewayserver"),
    ("archtier", "gatewaymode", "gatewayserver"),
)  # fmt: skip
"""Tables that say how object storage is reached, with their columns for the way and for its gateways."""


def read_repositories(tables: Tables, judge: Judge) -> None:
    """Judge repositories, extents, object storage, and the scale-out repositories made of them."""
    reader = _Reader(tables)
    for table in ("repositories", "sobrextents"):
        for row in tables.of(table):
            judge.repository(reader.repository(row))
    for table in ("captier", "archtier", "objectstoragerepos"):
        for row in tables.of(table):
            identifier = row.identifier("repoid")
            if not judge.has_repository(identifier, row["name"] or identifier):
                judge.repository(reader.object_storage(row))
    for whole in _scale_out(tables):
        judge.scale_out(whole)


class _Reader:
    """What other tables say of a repository: its gateways, and how object storage is reached, by id and by name."""

    def __init__(self, tables: Tables) -> None:
        self.gateways: defaultdict[str, list[str]] = defaultdict(list)
        for row in tables.of("gateways"):
            if row["gateway server"].lower() not in _NO_HOST:
                self.gateways[row["repository name"].casefold()].append(row["gateway server"])
        self.connections: dict[str, tuple[str, list[str]]] = {}
        for table, way, gateway in _TIERS:
            for row in tables.of(table):
                if row[way]:
                    servers = [name.strip() for name in row[gateway].split(";") if name.strip()]
                    for key in filter(None, (row.identifier("repoid"), row["name"].casefold())):
                        self.connections.setdefault(key, (row[way], servers))
        self.names = _Names(tables)

    def repository(self, row: Row) -> Repository:
        name, identifier, host = row["name"], row.identifier("id"), row.identifier("hostid")
        beside = self.names.split(row["gatewayhosts"])
        listed = self.gateways.get(name.casefold()) or beside
        way, listed = self._connection(identifier, name, listed)
        zero = row.has("hostid") and not host
        address = _host_of_path(row)
        tasks, unlimited = row.tasks("options(maxtasks)"), row.flag("options(unlimited tasks)")
        per_machine = row.flag("options(onebackupfilepervm)")  # the health check puts it above SplitStoragesPerVm
        mount = row.identifier("mounthostid")
        return Repository(
            id=identifier, name=name, origin=row.origin, description=row.description,
            word="SanSnapshotOnly" if row.flag("issansnapshotonly") else row["type"],
            host=Ref("server", host, row.first("host") or next(iter(beside), "") or address),
            gateways=_servers(listed) or ((Ref("server", host),) if host else ()),
            gateways_why="" if listed else "HostId names one gateway; there may be more of them",
            automatic=zero or None,
            automatic_why="HostId is zero, which is how PowerShell shows automatic selection",
            connection=way,
            fibre_channel=any(row[path].lower().startswith("ddboost://dfc-") for path in ("path", "friendlypath")),
            mount_server=Ref("server", mount) if mount else None,
            limit=(tasks, not unlimited) if tasks else None,
            per_machine=row.flag("splitstoragespervm") if per_machine is None else per_machine,
            state="unavailable" if row.flag("isunavailable") else row["status"].lower(),
            free=row.number("cachedfreespace"),
            addresses=(address,) if address else (),
        )  # fmt: skip

    def object_storage(self, row: Row) -> Repository:
        """Object storage that only the tables of tiers know."""
        identifier, name, word = row.identifier("repoid"), row["name"], row.first("type", "archivetype")
        way, listed = self._connection(identifier, name or identifier, [])
        return Repository(
            id=identifier, origin=row.origin, word=word,
            name=name or (f"{word} {identifier[:8]}" if kind_of_repository(word)[0] else identifier),
            why="" if name else "the table of capacity tiers gives its id and type, not its name",
            connection=way, gateways=_servers(listed), state=row["status"].lower(),
        )  # fmt: skip

    def _connection(self, identifier: str, name: str, listed: list[str]) -> tuple[str, list[str]]:
        return self.connections.get(identifier) or self.connections.get(name.casefold()) or ("", listed)


def _servers(names: list[str]) -> tuple[Ref, ...]:
    return tuple(Ref("server", "", name) for name in names)


class _Names:
    """Splits names that are separated by spaces. A name may have spaces itself: "This server" is taken as one."""

    def __init__(self, tables: Tables) -> None:
        names = [row["name"] for row in tables.of("servers") if " " in row["name"]]
        spaced = dict.fromkeys(tuple(name.casefold().split()) for name in (*names, THIS_SERVER))
        self.places = {words: place for place, words in enumerate(spaced)}
        self.lengths = sorted({len(words) for words in spaced}, reverse=True)

    def split(self, text: str) -> list[str]:
        """The names in a text: first those with spaces, the longest first, then the others."""
        words = text.replace(";", " ").split()
        folded = text.casefold().replace(";", " ").split()
        spaced: list[tuple[int, int, str]] = []
        single: list[str] = []
        at = 0
        while at < len(words):
            length = next((n for n in self.lengths if tuple(folded[at : at + n]) in self.places), 0)
            name = " ".join(words[at : at + (length or 1)])
            if length:
                spaced.append((-len(name), self.places[tuple(folded[at : at + length])], name))
            else:
                single.append(name)
            at += length or 1
        return list(dict.fromkeys([*(name for _, _, name in sorted(spaced)), *single]))


def _host_of_path(row: Row) -> str:
    """The host in front of a friendly path: `REPO01\\F:\\Backups`, `LINUX01:/backups`, `\\\\nas\\share`."""
    path = row["friendlypath"] or row["path"]
    if path.lower().startswith("ddboost://"):
        return path[len("ddboost://") :].partition(":")[0].removeprefix("DFC-")
    path = path.replace("\\", "/").lstrip("/")
    host = path.partition(":/")[0] if ":/" in path and "/" not in path.partition(":/")[0] else path.partition("/")[0]
    return host if len(host) > 1 and not host.endswith(":") else ""


# --- scale-out --------------------------------------------------------------------------------------------------------


def _scale_out(tables: Tables) -> list[ScaleOut]:
    extents: defaultdict[str, list[Ref]] = defaultdict(list)
    for row in tables.of("sobrextents"):
        extents[row["sobr_name"].casefold()].append(Ref("repository", row.identifier("id"), row["name"]))
    tiers: defaultdict[str, list[Ref]] = defaultdict(list)
    for row in tables.of("captier"):
        tiers[row.identifier("parentid")].append(Ref("repository", row.identifier("repoid"), row["name"]))
    return [
        ScaleOut(
            id=row.identifier("id"), name=row["name"], origin=row.origin, description=row.description,
            extents=tuple(extents.get(row["name"].casefold()) or _listed(row["extents"].replace(";", ","))),
            capacity_tier=row.flag("enablecapacitytier"),
            capacity_extents=tuple((row.identifier("id") and tiers.get(row.identifier("id")))
                                   or _listed(row["capacityextent"])),
            copy=row.flag("capacitytiercopypolicyenabled"), move=row.flag("capacitytiermovepolicyenabled"),
            archive_tier=row.flag("archivetierenabled"),
            policy=row["policytype"],
            full_when_extent_offline=row.flag("performfullwhenextentoffline"),
            per_machine=row.flag("usepervmbackupfiles"),
        )
        for row in tables.of("sobrs")
    ]  # fmt: skip


def _listed(text: str) -> list[Ref]:
    return [Ref("repository", "", name.strip()) for name in text.split(",") if name.strip()]
