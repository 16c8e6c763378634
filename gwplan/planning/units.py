"""What is decided at once, and in which order: jobs, implied operations, and the cases that their tasks fall into."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from gwplan.inventory.entries import BEHIND_GATEWAY, OBJECT_STORAGE, Workload
from gwplan.inventory.jobs import HealthCheck, Offload, Rescan
from gwplan.inventory.model import Inventory
from gwplan.inventory.names import natural

SYNTHETIC_TYPES = frozenset({"backup", "file_backup", "backup_copy", "file_backup_copy", "agent_backup", "tape"})
MAINTENANCE = frozenset({"offload", "rescan", "health_check"})


@dataclass(frozen=True, slots=True)
class Work:
    """A job or an implied operation.

    ``targets`` are the repositories that it may write to (or looks after): one, or the extents of a tier. ``whole`` is
    the scale-out repository whose performance extents they are. ``level`` is its distance from the jobs that create
    chains.
    """

    name: str
    job: Any
    level: int
    targets: tuple[str, ...]
    whole: str | None = None
    implied: bool = False
    type: str = field(init=False)
    operation: str = field(init=False)

    def __post_init__(self) -> None:
        kind = self.job.type
        operation = "maintenance" if kind in MAINTENANCE else "restore" if kind == "restore" else "data"
        object.__setattr__(self, "type", kind)  # looked up for every task, so kept
        object.__setattr__(self, "operation", operation)

    @property
    def has_source(self) -> bool:
        return bool(getattr(self.job, "source_repository", None) or getattr(self.job, "source_jobs", None))


class Case(NamedTuple):
    """What the rules can tell tasks of one job apart by: equal cases get one ruling."""

    platform: str
    site: str  # of the workload; of the target, for a restore or a replication
    hosts: tuple[str, ...]  # of a Hyper-V machine, or of its target
    source: str | None
    target: str | None
    offline: bool = False  # the extent that holds the chain is down


def works(inventory: Inventory) -> tuple[Work, ...]:
    """Every job but those not covered, and every implied operation, in the order of placing."""
    found = [*_declared(inventory), *_implied(inventory)]
    return tuple(
        sorted(
            found,
            key=lambda w: (w.level, w.job.priority != "high", w.job.schedule.start or "~", natural(w.name)),
        )
    )


def is_whole_job(inventory: Inventory, work: Work) -> bool:
    """Whether one gateway serves the whole job: no per-machine chains, virtual machines, no object storage.

    per_vm_backup_files.html
    """
    if work.type != "backup" or any(inventory.repositories[name].type == OBJECT_STORAGE for name in work.targets):
        return False
    if work.whole is not None:
        return not inventory.scale_out_repositories[work.whole].per_machine
    return not inventory.repositories[work.targets[0]].per_machine


def place_of(inventory: Inventory, work: Work, workload: Workload) -> tuple[str, str, tuple[str, ...]]:
    """Platform, site and hosts of a workload's case: where it is, or where a restore or a replication puts it."""
    platform = workload.platform
    if work.type not in ("restore", "replication_from_backup"):
        return platform, inventory.site_of_workload(workload), workload.host
    if platform == "hyperv":
        hosts = work.job.target_host or workload.host
        return platform, inventory.site_of_server(hosts[0]) if hosts else inventory.site_of_workload(workload), hosts
    return platform, work.job.target_site or inventory.site_of_workload(workload), ()


def _declared(inventory: Inventory) -> Iterator[Work]:
    for name, job in inventory.jobs.items():
        if job.type == "other":
            continue
        level = inventory.holdings.levels[name]
        if job.type in ("rescan", "health_check"):
            level = 1
        repository = getattr(job, "repository", None)
        whole = inventory.scale_out_repositories.get(repository or "")
        targets = tuple(sorted(whole.performance_tier, key=natural)) if whole else (repository,) if repository else ()
        yield Work(name, job, level, targets, repository if whole else None)


def _implied(inventory: Inventory) -> Iterator[Work]:
    """The operations that nobody declares: rescan and health check behind a gateway, offload per extent."""
    jobs = inventory.jobs.values()
    looked_after: dict[str, set[str]] = {"rescan": set(), "health_check": set()}
    offloaded = set()
    for job in jobs:
        kind = job.type
        if kind in looked_after:
            whole = inventory.scale_out_repositories.get(job.repository)  # type: ignore[attr-defined]
            looked_after[kind].update(whole.performance_tier if whole else [job.repository])  # type: ignore[attr-defined]
        elif kind == "offload":
            offloaded.add((job.source_repository, job.repository))  # type: ignore[attr-defined]
    for name, repository in inventory.repositories.items():
        if repository.type not in BEHIND_GATEWAY:
            continue
        if name not in looked_after["rescan"]:
            yield Work(f"rescan:{name}", Rescan(type="rescan", repository=name), 1, (name,), implied=True)
        if name not in looked_after["health_check"]:
            job = HealthCheck(type="health_check", repository=name)
            yield Work(f"health_check:{name}", job, 1, (name,), implied=True)
    for name, whole in inventory.scale_out_repositories.items():
        if whole.capacity_tier is None:
            continue
        capacity = tuple(sorted(dict.fromkeys(whole.capacity_tier.extents), key=natural))
        for extent in whole.performance_tier:
            if any((extent, target) in offloaded for target in capacity):
                continue
            feeders = inventory.holdings.writers.get(extent, ())
            level = 1 + max((inventory.holdings.levels[feeder] for feeder in feeders), default=0)
            offload = Offload(type="offload", source_repository=extent, repository=capacity[0])
            yield Work(f"offload:{name}/{extent}", offload, level, capacity, implied=True)
