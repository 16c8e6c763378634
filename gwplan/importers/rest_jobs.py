"""Jobs of the REST API: what each type backs up, from where, to where, through which proxies.

A type that gwplan does not plan stays in the inventory as `other` under the vendor's name.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gwplan.importers import rest_shapes as shapes
from gwplan.importers.draft import KEPT, Ref, Source, Thing
from gwplan.importers.item import Item
from gwplan.importers.machines import Machines
from gwplan.importers.rest import Answers

_PLATFORMS = {"vsphere": "vmware", "clouddirector": "vmware", "hyperv": "hyperv", "agent": "agent"}
_SINGLE = frozenset({"virtualmachine", "windowscomputer", "linuxcomputer", "windowscluster", ""})
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::[0-9]{2}(?:\.[0-9]+)?)?\s*([AaPp][Mm])?")
_NOT_PLANNED = {
    "vspherereplica": "replication from production storage uses no gateway",
    "clouddirectorreplica": "replication from production storage uses no gateway",
    "legacybackupcopy": "the API shows no settings of it",
}
_NO_ROW = "the vendor's gateway page has no row for jobs of type {}"


def read_jobs(answers: Answers, clusters: dict[str, list[str]]) -> None:
    """Add every job, then those that only their states know."""
    hosts = {thing.name.casefold(): thing for thing in answers.draft.of("server") if thing.keys["os"] == "hyperv"}
    reader = _Reader(answers, Machines(answers.draft), clusters, hosts)
    for item in answers.of(shapes.JOB):
        reader.job(item)
    for state in answers.of(shapes.JOB_STATE):
        if state.id not in answers.items[shapes.JOB]:
            reader.only_a_state(state)
    if not answers.items[shapes.JOB]:
        answers.draft.cannot_tell("jobs", "no answer of /jobs is there")


@dataclass(frozen=True, slots=True)
class _Reader:
    answers: Answers
    machines: Machines
    clusters: dict[str, list[str]]
    hosts: dict[str, Thing]
    """Hyper-V hosts by name."""

    def job(self, item: Item) -> None:
        keys: dict[str, Any] = {"description": item.description, "type": "other", "vendor_type": item.type or "unknown"}
        thing = Thing("job", item.id, item.name, keys, item.origin, item.type)
        word = item.type.lower()
        read = self._reader_of(word)
        if read is not None:
            keys["type"] = ""
            read(item, thing)
            if keys["type"] != "other":
                keys.pop("vendor_type", None)
        else:
            thing.guesses["type"] = _NOT_PLANNED.get(word) or _NO_ROW.format(item.type)
            keys["repository"] = _target(item, ("storage", "backupRepositoryId"))
        if item.flag("isDisabled"):
            keys["enabled"] = False
        _settings(item, keys)
        self.answers.draft.add(thing)
        if keys["type"] == "other":
            self.answers.draft.left_out("job", item.name, f"{thing.guesses['type']}; {KEPT}", item.origin)

    def _reader_of(self, word: str) -> Callable[[Item, Thing], None] | None:
        if "agentbackup" in word:
            return self._agent
        return {
            "vspherebackup": self._virtual, "backup": self._virtual, "clouddirectorbackup": self._virtual,
            "hypervbackup": self._virtual, "backupcopy": self._copy, "filebackup": self._unstructured,
            "objectstoragebackup": self._unstructured, "filebackupcopy": self._file_copy,
            "vspherereplica": self._replica,
        }.get(word)  # fmt: skip

    # --- one kind of job each -----------------------------------------------------------------------------------------

    def _virtual(self, item: Item, thing: Thing) -> None:
        hyperv = item.type.lower() == "hypervbackup"
        thing.keys.update(
            type="backup",
            workloads=self._includes(item, "hyperv" if hyperv else "vmware"),
            repository=_target(item, ("storage", "backupRepositoryId")),
        )
        proxies: tuple[str, ...] = ("storage", "backupProxies")
        if item.text(*proxies, "proxyType").lower() == "offhost":
            thing.keys["mode"] = "off_host"
            proxies = (*proxies, "offHostSettings")
            if item.flag(*proxies, "failoverToOnHostBackup") is False:
                thing.keys["off_host_failover"] = False
        _proxies(item, thing, proxies, "proxies")

    def _includes(self, item: Item, platform: str) -> list[Ref]:
        found = []
        for part in item.items("virtualMachines", "includes"):
            part = part if part.text("name") else _inner(part)
            own = _PLATFORMS.get(part.text("platform").lower(), platform)
            if own != platform:
                item.draft.left_out("job", item.name, f"it is a {own} object in a {platform} job", item.origin,
                                    f"workload {part.name}")  # fmt: skip
                continue
            single = part.type.lower() in _SINGLE
            host = part.text("hostName")
            found.append(
                self.machines.one(
                    platform, part.name, host, part.text("objectId") or part.name, origin=item.origin,
                    size=part.text("size"), inside="" if single else f"{part.type} {part.name}",
                    hosts=self._nodes(host) if platform == "hyperv" else (), address=host,
                )
            )
        return found

    def _nodes(self, host: str) -> tuple[Ref, ...]:
        """Where a Hyper-V machine runs: its host, or the nodes of its cluster; only hosts that are listed."""
        names = self.clusters.get(host.casefold(), [host])
        found = [self.hosts[name.casefold()] for name in names if name.casefold() in self.hosts]
        return tuple(Ref("server", thing.id, thing.name) for thing in found)

    def _copy(self, item: Item, thing: Thing) -> None:
        includes = ("sourceObjects", "includes")
        jobs = [Ref("job", part.id, part.text("name")) for part in item.items(*includes, "jobs")]
        repositories = [
            Ref("repository", part.id, part.text("name")) for part in item.items(*includes, "repositories")
        ]
        for part in item.items(*includes, "backups"):
            backup = self.answers.items[shapes.BACKUP].get(part.id)
            if backup and (job := backup.identifier("jobId")):
                jobs.append(Ref("job", job, backup.text("name")))
            elif backup and (repository := backup.identifier("repositoryId")):
                repositories.append(Ref("repository", repository, backup.text("repositoryName")))
            else:
                item.draft.left_out("job", item.name, "no answer of /backups says which job wrote it", item.origin,
                                    f"source backup {part.name}")  # fmt: skip
        thing.source = Source(tuple(jobs), tuple(repositories))
        thing.keys.update(type="backup_copy", repository=_target(item, ("target", "backupRepositoryId")))
        _wan(item, thing)

    def _file_copy(self, item: Item, thing: Thing) -> None:
        thing.source = Source((Ref("job", item.identifier("primaryJobId")),))
        thing.keys.update(type="file_backup_copy", repository=_target(item, ("backupRepositoryId",)))

    def _unstructured(self, item: Item, thing: Thing) -> None:
        servers = self.answers.items[shapes.DATA_SERVER]
        workloads = []
        proxies: dict[str, Ref] = {}
        for part in item.items("objects"):
            identifier = part.identifier("fileServerId") or part.identifier("objectStorageServerId")
            server, path = servers.get(identifier), part.text("path") or part.text("container")
            name = server.text("name") or server.text("path") if server else ""
            if not server:
                why = f"`fileServerId` {identifier or 'none'} is not among the unstructured data servers"
                item.draft.left_out("job", item.name, why, item.origin, f"server of {path or 'an object'}")
            elif not server.flag("processing", "backupProxies", "autoSelectEnabled"):
                ids = server.identifiers("processing", "backupProxies", "proxyIds")
                proxies |= {proxy: Ref("proxy", proxy) for proxy in ids}
            share = path if not name or path.startswith(("\\\\", "//")) else f"{name} {path}".strip()
            share = name if server and server.type.lower().endswith("share") else share
            workloads.append(self.machines.one("file_share", share or identifier, identifier, share, origin=item.origin,
                                               address=name))  # fmt: skip
        thing.keys.update(type="file_backup", workloads=workloads, proxies=list(proxies.values()) or None,
                          repository=_target(item, ("backupRepository", "backupRepositoryId")))  # fmt: skip
        if item.identifier("archiveRepository", "archiveRepositoryId"):
            why = "the inventory has no archive target"
            item.draft.left_out("job", item.name, why, item.origin, "archive repository")
        jobs = self.answers.items[shapes.JOB].values()
        copies = [job.identifier("primaryJobId") for job in jobs if job.type.lower() == "filebackupcopy"]
        if item.items("secondaryTargets") and item.id not in copies:
            item.draft.left_out("job", item.name, "no file backup copy job of it is listed", item.origin,
                                "secondary targets")  # fmt: skip

    def _agent(self, item: Item, thing: Thing) -> None:
        destination = ("storage", "destination")
        path: tuple[str, ...] = ("storage", "backupRepositoryId")
        if item.type.lower().endswith("policy") and item.has(*destination):
            path = (*destination, "backupRepositoryId")
            kind = item.text(*destination, "destinationType")
            if kind and kind.lower() != "backuprepository":
                thing.keys["type"] = "other"
                thing.guesses["type"] = f"its destination is {kind}, no repository of this installation"
                return
            path = path if item.identifier(*path) else (*destination, "backupRepository", "backupRepositoryId")
        workloads = [
            self.machines.one("agent", part.name, part.id or part.name, origin=item.origin, size=part.text("size"),
                              inside="" if part.type.lower() in _SINGLE else f"{part.type} {part.name}",
                              address=part.name)
            for part in item.items("computers")
        ]  # fmt: skip
        thing.keys.update(type="agent_backup", workloads=workloads, repository=_target(item, path))

    def _replica(self, item: Item, thing: Thing) -> None:
        sources = item.identifiers("virtualMachines", "sourceRepositories", "repositoryIds")
        kind = item.text("virtualMachines", "sourceRepositories", "sourceType").lower()
        if not sources or kind not in ("backupfiles", ""):
            thing.keys["type"] = "other"
            thing.guesses["type"] = _NOT_PLANNED["vspherereplica"]
            return
        thing.source = Source((), tuple(Ref("repository", identifier) for identifier in sources))
        thing.keys.update(type="replication_from_backup", workloads=self._includes(item, "vmware"))
        _proxies(item, thing, ("dataTransfer", "targetProxies"), "target_proxies")

    def only_a_state(self, state: Item) -> None:
        keys: dict[str, Any] = {"type": "other", "vendor_type": state.type or "unknown"}
        keys["repository"] = Ref("repository", state.identifier("repositoryId"), state.text("repositoryName"))
        if state.flag("highPriority"):
            keys["priority"] = "high"
        why = "the list of jobs does not have it; its state does"
        thing = Thing("job", state.id, state.name, keys, state.origin, state.type, guesses={"type": why})
        self.answers.draft.add(thing)
        self.answers.draft.left_out("job", state.name, f"{why}; {KEPT}", state.origin)


def _inner(part: Item) -> Item:
    """Revision 1.1 wraps each object: `{"inventoryObject": {...}}`."""
    inner = part.data.get("inventoryObject")
    return Item(inner, part.origin, part.draft, part.kind) if isinstance(inner, dict) else part


# --- what jobs share --------------------------------------------------------------------------------------------------


def _target(item: Item, path: tuple[str, ...]) -> Ref:
    return Ref("repository", item.identifier(*path))


def _proxies(item: Item, thing: Thing, path: tuple[str, ...], key: str) -> None:
    listed = item.identifiers(*path, "proxyIds")
    automatic = item.flag(*path, "autoSelectEnabled")
    if listed and automatic:
        item.draft.left_out("job", item.name, "the selection is automatic: the ids have no effect", item.origin,
                            f"{len(listed)} proxy ids")  # fmt: skip
    elif listed:
        thing.keys[key] = [Ref("proxy", identifier) for identifier in listed]
    elif automatic is False:
        thing.guess(key, "auto", "the selection is not automatic, and no proxy is listed")


def _wan(item: Item, thing: Thing) -> None:
    path = ("dataTransfer", "wanAcceleratorSettings")
    if item.text(*path, "transferMode").lower() != "wanaccelerator":
        return
    thing.keys["wan_accelerators"] = {
        side: Ref("wan_accelerator", item.identifier(*path, f"{side}WANAcceleratorId")) for side in ("source", "target")
    }


def _settings(item: Item, keys: dict[str, Any]) -> None:
    """What the checks and the order of placing look at."""
    if item.flag("isHighPriority"):
        keys["priority"] = "high"
    if start := _start(item):
        keys["schedule"] = {"start": start}
    if keys["type"] == "other":
        return
    if item.flag("schedule", "retry", "isEnabled") and (count := item.number("schedule", "retry", "retryCount")):
        keys["retries"] = max(count, 0)
    for part in ("storage", "target"):
        if item.flag(part, "gfsPolicy", "isEnabled"):
            keys["gfs"] = True
        advanced = (part, "advancedSettings")
        if item.flag(*advanced, "storageData", "encryption", "isEnabled"):
            keys["encryption"] = True
        block = re.fullmatch(r"([0-9]{1,4}) ?([KM])B", item.text(*advanced, "storageData", "storageOptimization"))
        if block and int(block[1]):
            keys["block_size"] = f"{block[1]} {block[2]}iB"
    if keys["type"] == "backup":
        _method(item, keys)


def _method(item: Item, keys: dict[str, Any]) -> None:
    advanced = ("storage", "advancedSettings")
    mode = item.text(*advanced, "backupModeType").lower()
    synthetic = item.flag(*advanced, "syntheticFulls", "isEnabled")
    active = item.flag(*advanced, "activeFulls", "isEnabled")
    if mode == "reverseincremental":
        keys["backup_method"] = "reverse_incremental"
    elif mode == "transformforeverincremental" or (mode == "incremental" and not synthetic and not active):
        keys["backup_method"] = "forever_forward"
    elif mode in ("incremental", "full"):
        keys["backup_method"] = "forward_incremental"
        if not synthetic:
            keys["synthetic"] = False


def _start(item: Item) -> str:
    """When a job starts, where it has a time of day."""
    if item.flag("schedule", "runAutomatically") is False:
        return ""
    for kind in ("daily", "monthly"):
        if item.flag("schedule", kind, "isEnabled"):
            return time_of_day(item.text("schedule", kind, "localTime"))
    return ""


def time_of_day(text: str) -> str:
    """`4:00`, `22:00:00`, `10:00 PM` or a date with one of them, as HH:MM; nothing for anything else."""
    match = next((found for found in _TIME.finditer(text)), None)
    if match is None:
        return ""
    hour, half = int(match[1]), (match[3] or "").lower()
    hour = hour % 12 + (12 if half == "pm" else 0) if half else hour
    return f"{hour:02d}:{match[2]}" if hour < 24 and int(match[2]) < 60 else ""
