"""The extent that takes a chain, and the repository that a job reads each machine from.

Extents are chosen before anything else, for disabled jobs too. Readers read where the plan with nothing down placed
the chain. backup_repository_sobr_placement.html
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from functools import partial
from itertools import groupby, repeat
from typing import NamedTuple

from gwplan.inventory.model import Inventory
from gwplan.planning.chains import Placement
from gwplan.planning.rank import Loads, Member, Standing
from gwplan.planning.rulings import as_asked, may_serve
from gwplan.planning.tasks import Case, Work, cases, is_whole_job
from gwplan.planning.trace import Ranks
from gwplan.planning.world import World

Asking = tuple[tuple[object, ...], Case]
"""What the rules can tell questions about the extents of a tier apart by."""
Qualified = Callable[[Work, Case], tuple[str, ...]]
"""The extents that qualify for a case, which has no target yet."""

UNLIMITED = 128
"""What an extent without a task limit counts as. repository_load_control.html"""


def place_chains(
    world: World, works: tuple[Work, ...], baseline: Placement | None = None, trace: Container[str] = (),
    rows: Mapping[str, list[ToPlace]] | None = None, qualified: Qualified | None = None,
) -> Placement:  # fmt: skip
    """Choose the extents of every job. ``baseline`` is the placement with nothing down, None while it is made;
    ``trace`` has the jobs whose machines keep the rank of each extent; ``rows`` and ``qualified`` say what is known
    already of every job's machines, and of what the rules would be asked."""
    order = {work.name: number for number, work in enumerate(works)}
    made = Placement(order=order, machines=dict(baseline.machines) if baseline else {})
    read_from = baseline or made
    tiers = _Tiers(world, qualified or partial(_qualified, world))
    inventory = world.inventory
    waiting = {work.name for work in works if work.has_choice}
    for work in works:
        if work.job.has_source and baseline is None:
            _keep_what_stands(inventory, made, work, waiting)
        waiting.discard(work.name)
        if work.has_choice:
            ranks = made.ranks if work.name in trace else None
            extents = _Extents(world, work, tiers.of(work), ranks)
            made.chosen.setdefault(work.name, {})
            to_place = rows[work.name] if rows is not None else rows_of(inventory, work, read_from)
            _place_job(inventory, work, made, to_place, extents)
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


class ToPlace(NamedTuple):
    """A machine of a job that is placed: its case but for the extent, and the extent that holds its chain."""

    machine: str
    case: Case
    held: str | None


def rows_of(inventory: Inventory, work: Work, read_from: Placement) -> list[ToPlace]:
    """The machines of a job, in its order, whatever is down."""
    rows: list[tuple[str, str | None]]
    if work.job.has_source:
        rows = [*read_from.sources(inventory, work.name, work.job)]
    else:
        rows = [(machine, None) for machine in read_from.machines_of(inventory, work.name)]
    held: Mapping[str, str] = inventory.held_on[work.whole] if work.whole else {}
    if work.implied:
        held = inventory.held_in_capacity[inventory.extent_of[work.job.source or ""]]
    if rows and is_whole_job(inventory, work):
        first = next((machine for machine, _ in rows if machine in held), rows[0][0])
        case = next(cases(inventory, work, [(rows[0][0], None, None, False)]))
        return [ToPlace(machine, case, held.get(first)) for machine, _ in rows]
    of_rows = cases(inventory, work, ((machine, source, None, False) for machine, source in rows))
    return [ToPlace(machine, case, held.get(machine)) for (machine, _), case in zip(rows, of_rows, strict=True)]


def _place_job(inventory: Inventory, work: Work, made: Placement, rows: list[ToPlace], extents: _Extents) -> None:
    chosen = made.chosen[work.name]
    if rows and is_whole_job(inventory, work):  # one chain for all of them
        ((_, extent, offline),) = extents.place(rows[:1])
        chosen.update((row.machine, extent) for row in rows)
        made.offline.update((work.name, row.machine) for row in rows if offline)
        return
    for machine, extent, offline in extents.place(rows):
        chosen[machine] = extent
        if offline:
            made.offline.add((work.name, machine))


def asking(work: Work, case: Case) -> Asking:
    """The same for all cases, which have no target yet, for which the same extents qualify."""
    return work.asks, as_asked(work, case._replace(target=""))


def _qualified(world: World, work: Work, case: Case) -> tuple[str, ...]:
    """Those that are ready and served; where none is, those that are ready, and at last all."""
    network = world.network
    ready = [name for name in work.targets if network.repository_down(name) is None and not network.sealed(name)]
    serving = [name for name in ready if may_serve(world, work, case._replace(target=name))]
    return tuple(serving or ready or work.targets)


class _Tiers:
    """The tiers whose extents jobs choose among, each with what was placed there so far."""

    def __init__(self, world: World, qualified: Qualified) -> None:
        self._world, self._qualified = world, qualified
        self._loads: dict[str, Loads] = {}
        self._known: dict[tuple[str, tuple[str, ...]], _Tier] = {}

    def of(self, work: Work) -> _Tier:
        key = (work.tier, work.targets)
        if key not in self._known:
            loads = self._loads.setdefault(work.tier, Loads())
            self._known[key] = _Tier(self._world, self._qualified, loads)
        return self._known[key]


class _Tier:
    """The extents of a tier. The order of those that qualify is kept for all jobs that ask the same of the rules."""

    def __init__(self, world: World, qualified: Qualified, loads: Loads) -> None:
        self.loads, self._repositories, self._qualified = loads, world.inventory.repositories, qualified
        self._known: dict[Asking, Standing] = {}
        self._standings: dict[tuple[str, ...], Standing] = {}

    def standing(self, work: Work, case: Case) -> Standing:
        """Those that qualify for a case, which has no target yet."""
        key = asking(work, case)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._of(self._qualified(work, case))
        return found

    def _of(self, names: tuple[str, ...]) -> Standing:
        """Cases for which the same extents qualify share one."""
        found = self._standings.get(names)
        if found is None:
            entries = ((name, self._repositories[name]) for name in names)
            members = [
                Member(name, (), entry.max_concurrent_tasks or UNLIMITED, (-(entry.free or 0),))
                for name, entry in entries
            ]
            found = self._standings[names] = Standing(self.loads, members)
        return found


class _Extents:
    """The extents that a job chooses among."""

    def __init__(self, world: World, work: Work, tier: _Tier, ranks: dict[tuple[str, str], Ranks] | None) -> None:
        self._world, self._work, self._tier, self._loads, self._ranks = world, work, tier, tier.loads, ranks
        self._qualified: dict[int, Standing] = {}
        whole = world.inventory.scale_out_repositories.get(work.whole or "")
        self._full_elsewhere = bool(whole and whole.full_when_extent_offline)

    def place(self, rows: Iterable[ToPlace]) -> Iterator[tuple[str, str, bool]]:
        """Each machine with its extent, and whether that holds the chain and is down."""
        for standing, run in groupby(rows, key=self._standing_for):
            if standing is None:
                for row in run:
                    extent = row.held or ""
                    self._loads.add(extent, 1)
                    yield row.machine, extent, self._world.network.repository_down(extent) is not None
            else:
                yield from ((machine, extent, False) for machine, extent in self._choose(standing, [*run]))

    def _standing_for(self, row: ToPlace) -> Standing | None:
        """Those that a chain may go to, None for one that stays where it is."""
        network, held = self._world.network, row.held
        if held is not None and not network.sealed(held):
            is_lost = self._full_elsewhere and network.repository_down(held) is not None
            if not is_lost:
                return None
        standing = self._qualified.get(id(row.case))  # equal ones of a job are one object
        if standing is None:
            standing = self._qualified[id(row.case)] = self._tier.standing(self._work, row.case)
        return standing

    def _choose(self, standing: Standing, rows: list[ToPlace]) -> Iterator[tuple[str, str]]:
        """The extents of chains that go to the same ones, one after the other."""
        if len(rows) > 1 and self._ranks is None:
            first = standing.turns(repeat(1, len(rows))).first
            for name, number in Counter(first).items():
                self._loads.add(name, number)
            yield from zip((row.machine for row in rows), first, strict=True)
            return
        for row in rows:
            name = standing.names()[0]
            if self._ranks is not None:
                self._ranks[self._work.name, row.machine] = standing.ranks()
            self._loads.add(name, 1)
            yield row.machine, name
