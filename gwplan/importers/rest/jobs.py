"""Jobs of the REST API: what each type backs up, from where, to where, through which proxies."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from gwplan.importers.draft import ReadsFrom, Ref, Thing
from gwplan.importers.jobs import keep_as_other, set_method, why_not_planned
from gwplan.importers.machines import Machines
from gwplan.importers.rest import shapes
from gwplan.importers.rest.answers import Answers
from gwplan.importers.rest.item import Item
from gwplan.importers.sizes import time_of_day

_PLATFORMS = {"vsphere": "vmware", "clouddirector": "vmware", "hyperv": "hyperv", "agent": "agent"}
_FILE_COPY = "filebackupcopy"
_SINGLE = frozenset({"virtualmachine", "windowscomputer", "linuxcomputer", "windowscluster", ""})


def read_jobs(answers: Answers) -> None:
    """Add every job, then those of which there is only a state."""
    clusters = {item.name.casefold(): [child.name for child in item.items("childServers")]
                for item in answers.of(shapes.SERVER) if item.type.lower() == "hvcluster"}  # fmt: skip
    hosts = {thing.name.casefold(): thing for thing in answers.draft.of("server") if thing.keys["os"] == "hyperv"}
    copied = {item.identifier("primaryJobId") for item in answers.of(shapes.JOB) if item.type.lower() == _FILE_COPY}
    reader = _Reader(answers, Machines(answers.draft), clusters, hosts, copied)
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
    copied: set[str]
    """File backup jobs that have a copy job."""

    def job(self, item: Item) -> None:
        thing = Thing("job", item.id, item.name, {"description": item.description}, item.origin, item.type)
        read = self._reader_of(item.type.lower())
        if read is not None:
            why = read(item, thing)
        else:
            why = why_not_planned(item.type, item.type)
            thing.keys["repository"] = _target(item, ("storage", "backupRepositoryId"))
        if item.flag("isDisabled"):
            thing.keys["enabled"] = False
        _settings(item, thing, planned=not why)
        if why:
            keep_as_other(self.answers.draft, thing, why)
        else:
            self.answers.draft.add(thing)

    def _reader_of(self, word: str) -> Callable[[Item, Thing], str] | None:
        """What reads jobs of a type: it fills in the keys, and returns why the job is not planned, if it is not."""
        if "agentbackup" in word:
            return self._agent
        return {
            "vspherebackup": self._virtual, "backup": self._virtual, "clouddirectorbackup": self._virtual,
            "hypervbackup": self._virtual, "backupcopy": self._copy, "filebackup": self._unstructured,
            "objectstoragebackup": self._unstructured, _FILE_COPY: self._file_copy,
            "vspherereplica": self._replica,
        }.get(word)  # fmt: skip

    # --- one kind of job each -----------------------------------------------------------------------------------------

    def _virtual(self, item: Item, thing: Thing) -> str:
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
        return ""

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

    def _copy(self, item: Item, thing: Thing) -> str:
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
        thing.source = ReadsFrom(tuple(jobs), tuple(repositories))
        thing.keys.update(type="backup_copy", repository=_target(item, ("target", "backupRepositoryId")))
        _wan(item, thing)
        return ""

    def _file_copy(self, item: Item, thing: Thing) -> str:
        thing.source = ReadsFrom((Ref("job", item.identifier("primaryJobId")),))
        thing.keys.update(type="file_backup_copy", repository=_target(item, ("backupRepositoryId",)))
        return ""

    def _unstructured(self, item: Item, thing: Thing) -> str:
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
        if item.items("secondaryTargets") and item.id not in self.copied:
            item.draft.left_out("job", item.name, "no file backup copy job of it is listed", item.origin,
                                "secondary targets")  # fmt: skip
        return ""

    def _agent(self, item: Item, thing: Thing) -> str:
        destination = ("storage", "destination")
        path: tuple[str, ...] = ("storage", "backupRepositoryId")
        if item.type.lower().endswith("policy") and item.has(*destination):
            path = (*destination, "backupRepositoryId")
            kind = item.text(*destination, "destinationType")
            if kind and kind.lower() != "backuprepository":
                return f"its destination is {kind}, no repository of this installation"
            path = path if item.identifier(*path) else (*destination, "backupRepository", "backupRepositoryId")
        workloads = [
            self.machines.one("agent", part.name, part.id or part.name, origin=item.origin, size=part.text("size"),
                              inside="" if part.type.lower() in _SINGLE else f"{part.type} {part.name}",
                              address=part.name)
            for part in item.items("computers")
        ]  # fmt: skip
        thing.keys.update(type="agent_backup", workloads=workloads, repository=_target(item, path))
        return ""

    def _replica(self, item: Item, thing: Thing) -> str:
        sources = item.identifiers("virtualMachines", "sourceRepositories", "repositoryIds")
        kind = item.text("virtualMachines", "sourceRepositories", "sourceType").lower()
        if not sources or kind not in ("backupfiles", ""):
            return why_not_planned(item.type, item.type)
        thing.source = ReadsFrom((), tuple(Ref("repository", identifier) for identifier in sources))
        thing.keys.update(type="replication_from_backup", workloads=self._includes(item, "vmware"))
        _proxies(item, thing, ("dataTransfer", "targetProxies"), "target_proxies")
        return ""

    def only_a_state(self, state: Item) -> None:
        target = Ref("repository", state.identifier("repositoryId"), state.text("repositoryName"))
        thing = Thing("job", state.id, state.name, {"repository": target}, state.origin, state.type)
        if state.flag("highPriority"):
            thing.keys["priority"] = "high"
        keep_as_other(self.answers.draft, thing, "the list of jobs does not have it; its state does")


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


def _settings(item: Item, thing: Thing, planned: bool) -> None:
    """Set what the checks and the order of placing look at."""
    keys = thing.keys
    if item.flag("isHighPriority"):
        keys["priority"] = "high"
    if start := _start(item):
        keys["schedule"] = {"start": start}
    if not planned:
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
        advanced = ("storage", "advancedSettings")
        mode = item.text(*advanced, "backupModeType")
        active = mode.lower() == "full" or bool(item.flag(*advanced, "activeFulls", "isEnabled"))
        set_method(thing, mode, bool(item.flag(*advanced, "syntheticFulls", "isEnabled")), active)


def _start(item: Item) -> str:
    """When a job starts, where it has a time of day."""
    if item.flag("schedule", "runAutomatically") is False:
        return ""
    for kind in ("daily", "monthly"):
        if item.flag("schedule", kind, "isEnabled"):
            return time_of_day(item.text("schedule", kind, "localTime"))
    return ""
