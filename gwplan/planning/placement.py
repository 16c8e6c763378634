"""The extent that takes a chain, and the repository that a job reads each machine from.

Extents are chosen before anything else, for disabled jobs too. Readers read where the plan with nothing down placed
the chain. backup_repository_sobr_placement.html
"""

from __future__ import annotations

from collections.abc import Container, Mapping

from gwplan.inventory.model import Inventory
from gwplan.planning.chains import Placement
from gwplan.planning.rank import Loads, Member, Standing
from gwplan.planning.rulings import may_serve
from gwplan.planning.tasks import Case, Work, is_whole_job, place_of
from gwplan.planning.trace import Ranks
from gwplan.planning.world import World

UNLIMITED = 128
"""What an extent without a task limit counts as. repository_load_control.html"""


def place_chains(
    world: World, works: tuple[Work, ...], baseline: Placement | None = None, trace: Container[str] = ()
) -> Placement:
    """Choose the extents of every job. ``baseline`` is the placement with nothing down, None while it is made;
    ``trace`` has the jobs whose machines keep the rank of each extent."""
    order = {work.name: number for number, work in enumerate(works)}
    made = Placement(order=order, machines=dict(baseline.machines) if baseline else {})
    read_from = baseline or made
    loads: dict[str, Loads] = {}
    inventory = world.inventory
    waiting = {work.name for work in works if work.has_choice}
    for work in works:
        if work.job.has_source and baseline is None:
            _keep_what_stands(inventory, made, work, waiting)
        waiting.discard(work.name)
        if work.has_choice:
            tier = work.whole or f"capacity of {work.targets[0]}"
            ranks = made.ranks if work.name in trace else None
            _place_job(world, work, made, read_from, _Extents(world, work, loads.setdefault(tier, Loads()), ranks))
    return made


def _keep_what_stands(inventory: Inventory, made: Placement, work: Work, waiting: Container[str]) -> None:
    """Keep of the machines that a job may read those that stand where it reads: an extent holds what was placed on it,
    and a copy of it what the extent was given. In a circle, what is placed later brings nothing."""
    source = work.job.source
    if source is None:
        writers = [name for name in work.job.feeds_on if inventory.jobs[name].writes]
    else:
        writers = [*inventory.holdings.writers.get(source, ())]
    if not any(writer in made.chosen or writer in made.machines or writer in waiting for writer in writers):
        return
    of_extent = source in inventory.extent_of
    standing: set[str] = set()
    for writer in writers:
        chosen = made.chosen.get(writer)
        if writer in waiting:
            continue
        if chosen is None and of_extent and inventory.jobs[writer].target != source:
            continue  # a circle: the job reads this extent itself, and is placed after it
        if chosen is None or source is None or source in inventory.scale_out_repositories:
            standing.update(made.machines_of(inventory, writer))
        else:
            standing.update(machine for machine, place in chosen.items() if place == source)
    listed = inventory.holdings.workloads[work.name]
    if not standing.issuperset(listed):
        made.machines[work.name] = tuple(machine for machine in listed if machine in standing)


def _place_job(world: World, work: Work, made: Placement, read_from: Placement, extents: _Extents) -> None:
    inventory = world.inventory
    chosen = made.chosen.setdefault(work.name, {})
    rows: list[tuple[str, str | None]]
    if work.job.has_source:
        rows = [*read_from.sources(inventory, work.name, work.job)]
    else:
        rows = [(machine, None) for machine in made.machines_of(inventory, work.name)]
    if not rows:
        return
    held: Mapping[str, str] = inventory.held_on[work.whole] if work.whole else {}
    if work.implied:
        held = inventory.held_in_capacity[inventory.extent_of[work.job.source or ""]]
    if is_whole_job(inventory, work):
        first = next((machine for machine, _ in rows if machine in held), rows[0][0])
        case = Case(*place_of(inventory, work, rows[0][0]), None, None)
        extent, offline = extents.choose(case, held.get(first), first)
        chosen.update((machine, extent) for machine, _ in rows)
        made.offline.update((work.name, machine) for machine, _ in rows if offline)
        return
    for machine, source in rows:
        case = Case(*place_of(inventory, work, machine), source, None)
        chosen[machine], offline = extents.choose(case, held.get(machine), machine)
        if offline:
            made.offline.add((work.name, machine))


class _Extents:
    """The extents that a job chooses among; the order of those that qualify is kept per kind of case."""

    def __init__(
        self, world: World, work: Work, loads: Loads, ranks: dict[tuple[str, str], Ranks] | None
    ) -> None:
        self._world, self._work, self._loads, self._ranks = world, work, loads, ranks
        self._qualified: dict[Case, Standing] = {}
        whole = world.inventory.scale_out_repositories.get(work.whole or "")
        self._full_elsewhere = bool(whole and whole.full_when_extent_offline)

    def choose(self, case: Case, holding: str | None, machine: str) -> tuple[str, bool]:
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
            if self._ranks is not None:
                self._ranks[self._work.name, machine] = standing.ranks()
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
