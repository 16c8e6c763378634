"""What is decided, and in which order: jobs and implied operations, their tasks, and the cases that tasks fall into.

Nothing here asks who serves. per_vm_backup_files.html, backup_repository_sobr.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from gwplan.inventory.any_job import Job
from gwplan.inventory.entries import BEHIND_GATEWAY, OBJECT_STORAGE, Workload
from gwplan.inventory.jobs import HealthCheck, Rescan
from gwplan.inventory.model import Inventory
from gwplan.inventory.names import natural
from gwplan.planning.chains import Placement


@dataclass(frozen=True, eq=False)
class Work:
    """A job or an implied operation.

    ``targets`` are the repositories that it may write to (or looks after): one, or the extents of a tier. ``whole`` is
    the scale-out repository whose performance extents they are. ``level`` is its distance from the jobs that create
    chains.
    """

    name: str
    job: Job
    level: int
    targets: tuple[str, ...]
    whole: str | None = None
    implied: bool = False

    @property
    def type(self) -> str:
        return self.job.type

    @cached_property
    def asks(self) -> tuple[object, ...]:
        """All that the rules ask of a job beyond the case: jobs that are equal in it are ruled alike."""
        job, pair = self.job, self.job.accelerators
        accelerators = (pair.source, pair.target) if pair else None
        proxies = job.listed_proxies, job.is_off_host, job.fails_over_to_host
        return type(job), job.type, accelerators, job.tape, job.reaches_directly, *proxies, job.of_plugin

    @property
    def operation(self) -> str:
        """The wave of its own operation."""
        return self.job.wave

    @property
    def has_choice(self) -> bool:
        """Whether its chains are placed on one of several extents."""
        return (len(self.targets) > 1 or self.whole is not None) and not self.job.in_place

    @property
    def tier(self) -> str:
        """Whose extents it chooses among: jobs of one tier find each other's chains there, and no others."""
        return self.whole or f"capacity of {self.targets[0]}"


class Case(NamedTuple):
    """What the rules can tell tasks of one job apart by: equal cases get one ruling."""

    platform: str
    site: str | None  # of the workload, None where it roams; of the target, for a restore or a replication
    hosts: tuple[str, ...]  # of a Hyper-V machine, or of its target
    source: str | None
    target: str | None
    offline: bool = False  # the extent that holds the chain is down


class Singly(NamedTuple):
    """One task for each machine, all its disks together; equal cases are one object."""

    machines: list[str]
    cases: list[Case]


class Together(NamedTuple):
    """One task for several machines, which may drop out one by one."""

    name: str
    rows: list[tuple[str, Case]]


class InPlace(NamedTuple):
    """One task within one repository."""

    case: Case
    name: str


Asked = Singly | Together | InPlace


def works(inventory: Inventory) -> tuple[Work, ...]:
    """Every job but those not covered, and every implied operation, in the order of placing."""
    found = [*_declared(inventory), *_implied(inventory)]
    return tuple(
        sorted(
            found,
            key=lambda w: (w.level, w.job.priority != "high", w.job.schedule.start or "~", natural(w.name)),
        )
    )


def asked(inventory: Inventory, work: Work, placement: Placement, baseline: Placement) -> Iterator[Asked]:
    """The tasks of one job or implied operation, in their order. Readers read where ``baseline`` placed the chains."""
    if work.job.in_place:
        for target in work.targets:
            yield InPlace(Case("", "", (), None, target), target)
    elif work.job.tape is not None:
        yield from _of_tape(inventory, work, baseline)
    elif is_whole_job(inventory, work):
        if rows := list(_rows(inventory, work, placement, baseline)):
            yield Together(work.name, rows)
    elif rows := list(_rows(inventory, work, placement, baseline)):
        yield Singly([machine for machine, _ in rows], [case for _, case in rows])


def is_whole_job(inventory: Inventory, work: Work) -> bool:
    """Whether one gateway serves the whole job: no per-machine chains, virtual machines, no object storage.

    per_vm_backup_files.html
    """
    if not work.job.one_chain or any(inventory.repositories[name].type == OBJECT_STORAGE for name in work.targets):
        return False
    if work.whole is not None:
        return not inventory.scale_out_repositories[work.whole].per_machine
    return not inventory.repositories[work.targets[0]].per_machine


def cases(
    inventory: Inventory, work: Work, rows: Iterable[tuple[str, str | None, str | None, bool]]
) -> Iterator[Case]:
    """The case of each machine, with its source, its target and whether that is offline. Equal ones are one object."""
    machines, wanted = inventory.machines, work.job.target_hosts
    places: dict[tuple[object, ...], tuple[str, str | None, tuple[str, ...]]] = {}
    known: dict[tuple[object, ...], Case] = {}
    for machine, source, target, offline in rows:
        workload = machines[machine]
        hosts = inventory.hosts(wanted, inventory.turn_of(machine)) if wanted else workload.host
        key = (workload.platform, workload.site, hosts, source, target, offline)
        case = known.get(key)
        if case is None:
            where = places.get(key[:3]) or places.setdefault(key[:3], _place(inventory, work, workload, hosts))
            case = known[key] = Case(*where, source, target, offline)
        yield case


def _place(
    inventory: Inventory, work: Work, workload: Workload, hosts: tuple[str, ...]
) -> tuple[str, str | None, tuple[str, ...]]:
    """Platform, site and hosts of a machine's case: where it is, or where a restore or a replication puts it."""
    if workload.platform == "hyperv":
        site = inventory.site_of_server(hosts[0]) if hosts else inventory.site_of_workload(workload)
        return "hyperv", site, hosts
    return workload.platform, work.job.puts_in_site or inventory.site_of_workload(workload), ()


# --- jobs and implied operations --------------------------------------------------------------------------------------


def _declared(inventory: Inventory) -> Iterator[Work]:
    for name, job in inventory.jobs.items():
        if job.outside_table:
            continue
        level = 1 if job.in_place else inventory.holdings.levels[name]
        whole = inventory.scale_out_repositories.get(job.target or "")
        targets = tuple(sorted(whole.performance_tier, key=natural)) if whole else (job.target,) if job.target else ()
        yield Work(name, job, level, targets, job.target if whole else None)


def _implied(inventory: Inventory) -> Iterator[Work]:
    """The operations that nobody declares: rescan and health check behind a gateway, offload per extent."""
    looked_after: set[tuple[str, str]] = set()
    for job in inventory.jobs.values():
        if job.in_place and job.target is not None:
            whole = inventory.scale_out_repositories.get(job.target)
            looked_after.update((job.type, name) for name in (whole.performance_tier if whole else [job.target]))
    for name, repository in inventory.repositories.items():
        for made in (Rescan(type="rescan", repository=name), HealthCheck(type="health_check", repository=name)):
            if repository.type in BEHIND_GATEWAY and (made.type, name) not in looked_after:
                yield Work(f"{made.type}:{name}", made, 1, (name,), implied=True)
    for name, offload in inventory.holdings.offloads.items():
        yield Work(name, offload.job, inventory.holdings.levels[name], offload.targets, implied=True)


# --- tasks ------------------------------------------------------------------------------------------------------------


def _rows(
    inventory: Inventory, work: Work, placement: Placement, baseline: Placement
) -> Iterable[tuple[str, Case]]:
    """Each machine with its case."""
    read = _machines(inventory, work, placement, baseline)
    chosen, offline = placement.chosen.get(work.name), placement.offline
    if chosen is None:
        target = work.targets[0] if work.targets else None
        placed = [(machine, source, target, False) for machine, source in read]
    else:
        placed = [(machine, source, chosen[machine], (work.name, machine) in offline) for machine, source in read]
    return zip((row[0] for row in placed), cases(inventory, work, placed), strict=True)


def _machines(
    inventory: Inventory, work: Work, placement: Placement, baseline: Placement
) -> Iterable[tuple[str, str | None]]:
    if work.job.has_source:
        return baseline.sources(inventory, work.name, work.job)
    return ((machine, None) for machine in placement.machines_of(inventory, work.name))


def _of_tape(inventory: Inventory, work: Work, baseline: Placement) -> Iterator[Together]:
    """One task per source job, or one for the source repository; it reads the extent of its first machine."""
    if work.job.source is not None:
        if rows := baseline.sources(inventory, work.name, work.job):
            yield _tape_task(work.job.source, rows)
        return
    listed = baseline.machines_of(inventory, work.name)
    for source in dict.fromkeys(work.job.feeds_on):
        if inventory.jobs[source].writes:
            held = set(baseline.machines_of(inventory, source))
            machines = (machine for machine in listed if machine in held)
            if rows := [(machine, baseline.repository_of(inventory, source, machine)) for machine in machines]:
                yield _tape_task(source, rows)


def _tape_task(name: str, rows: list[tuple[str, str]]) -> Together:
    return Together(name, [(machine, Case("", "", (), source, None)) for machine, source in rows])
