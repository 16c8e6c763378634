"""The extent that takes a chain, and the repository that a job reads each machine from.

Extents are chosen before anything else, for disabled jobs too. Readers read where the plan with nothing down placed
the chain. backup_repository_sobr_placement.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from gwplan.inventory.names import natural
from gwplan.planning.rank import Loads, Member, Standing
from gwplan.planning.rulings import World, may_serve
from gwplan.planning.units import Case, Work, is_whole_job, place_of

UNLIMITED = 128


@dataclass(frozen=True, slots=True)
class Placement:
    """``chosen``: the repository of each machine, for each job that has a choice. ``offline``: where the extent that
    holds the chain is down. ``machines``: of each job that reads an extent, those that stand on it."""

    chosen: dict[str, dict[str, str]] = field(default_factory=dict)
    offline: set[tuple[str, str]] = field(default_factory=set)
    machines: dict[str, tuple[str, ...]] = field(default_factory=dict)
    order: dict[str, int] = field(default_factory=dict)


def place(world: World, works: tuple[Work, ...], baseline: Placement | None = None) -> Placement:
    """Choose the extents of every job. ``baseline`` is the placement with nothing down, None while it is made."""
    made = Placement(order={work.name: number for number, work in enumerate(works)})
    read_from = baseline or made
    loads: dict[str, Loads] = {}
    inventory = world.inventory
    for work in works:
        if work.implied and work.type == "offload":
            made.machines[work.name] = _on_extent(world, read_from, work.job.source_repository)
        elif getattr(work.job, "source_repository", None) in inventory.extent_of:
            listed = inventory.holdings.workloads[work.name]
            standing = set(_on_extent(world, read_from, work.job.source_repository))
            made.machines[work.name] = tuple(machine for machine in listed if machine in standing)
        has_choice = len(work.targets) > 1 or work.whole is not None
        if has_choice and work.type not in ("rescan", "health_check"):
            tier = work.whole or f"capacity of {work.targets[0]}"
            _place_job(world, work, made, read_from, loads.setdefault(tier, Loads()))
    return made


def machines_of(world: World, placement: Placement, name: str) -> tuple[str, ...]:
    """The machines of a job or an implied operation, in its order."""
    found = placement.machines.get(name)
    return world.inventory.holdings.workloads[name] if found is None else found


def sources_of(world: World, placement: Placement, work: Work) -> list[tuple[str, str]]:
    """Each machine of a job that has a source, with the repository or extent that it is read from."""
    inventory = world.inventory
    machines = machines_of(world, placement, work.name)
    source = getattr(work.job, "source_repository", None)
    if source is not None and source not in inventory.scale_out_repositories:
        return [(machine, source) for machine in machines]
    if source is not None:
        writers: Iterable[str] = sorted(inventory.holdings.writers.get(source, ()), key=placement.order.__getitem__)
    else:
        writers = (name for name in work.job.source_jobs if inventory.jobs[name].writes)
    found: dict[str, str] = {}
    for writer in writers:
        for machine in machines_of(world, placement, writer):
            if machine not in found:
                found[machine] = repository_of(world, placement, writer, machine)
    return [(machine, found[machine]) for machine in machines if machine in found]


def repository_of(world: World, placement: Placement, job: str, machine: str) -> str:
    """Where a job's chain of one machine is."""
    chosen = placement.chosen.get(job)
    return chosen[machine] if chosen is not None else world.inventory.jobs[job].repository  # type: ignore[attr-defined]


def _on_extent(world: World, placement: Placement, extent: str) -> tuple[str, ...]:
    """The machines that stand on an extent: written to it by name, or placed on it. By name."""
    inventory = world.inventory
    found: dict[str, None] = {}
    for writer in inventory.holdings.writers.get(extent, ()):
        chosen = placement.chosen.get(writer)
        if chosen is None:
            if inventory.jobs[writer].repository == extent:  # type: ignore[attr-defined]
                found.update(dict.fromkeys(machines_of(world, placement, writer)))
        else:
            found.update((machine, None) for machine, place in chosen.items() if place == extent)
    return tuple(sorted(found, key=natural))


def _place_job(world: World, work: Work, made: Placement, read_from: Placement, loads: Loads) -> None:
    inventory = world.inventory
    chosen = made.chosen.setdefault(work.name, {})
    if work.has_source:
        rows = sources_of(world, read_from, work)
    else:
        rows = [(machine, "") for machine in machines_of(world, made, work.name)]
    if not rows:
        return
    chooser = _Chooser(world, work, loads)
    held: Mapping[str, str] = inventory.held_on[work.whole] if work.whole else {}
    if is_whole_job(inventory, work):
        first = next((machine for machine, _ in rows if machine in held), rows[0][0])
        case = Case(*place_of(inventory, work, inventory.machines[rows[0][0]]), None, None)
        extent, offline = chooser.choose(case, held.get(first))
        for machine, _ in rows:
            chosen[machine] = extent
            if offline:
                made.offline.add((work.name, machine))
        return
    for machine, source in rows:
        case = Case(*place_of(inventory, work, inventory.machines[machine]), source or None, None)
        extent, offline = chooser.choose(case, held.get(machine))
        chosen[machine] = extent
        if offline:
            made.offline.add((work.name, machine))


class _Chooser:
    """Chooses among the extents of one job; the order of the extents that qualify is kept per kind of case."""

    def __init__(self, world: World, work: Work, loads: Loads) -> None:
        self._world, self._work, self._loads = world, work, loads
        self._qualified: dict[Case, Standing] = {}
        whole = world.inventory.scale_out_repositories.get(work.whole or "")
        self._full_elsewhere = bool(whole and whole.full_when_extent_offline)

    def choose(self, case: Case, holding: str | None) -> tuple[str, bool]:
        """The extent, and whether it holds the chain and is down."""
        network = self._world.network
        offline = False
        if holding is not None and not network.sealed(holding):
            offline = network.repository_down(holding) is not None
            if offline and self._full_elsewhere:
                holding, offline = None, False
        else:
            holding = None
        if holding is None:
            standing = self._qualified.get(case)
            if standing is None:
                standing = self._qualified[case] = self._standing(case)
            holding = standing.names()[0]
        self._loads.add(holding, 1)
        return holding, offline

    def _standing(self, case: Case) -> Standing:
        network, repositories = self._world.network, self._world.inventory.repositories
        ready = [
            name for name in self._work.targets if network.repository_down(name) is None and not network.sealed(name)
        ]
        serving = [name for name in ready if may_serve(self._world, self._work, case._replace(target=name))]
        return Standing(
            self._loads,
            (
                Member(name, (), entry.max_concurrent_tasks or UNLIMITED, (-(entry.free or 0),))
                for name, entry in ((name, repositories[name]) for name in serving or ready or self._work.targets)
            ),
        )
