"""What a sweep knows of the plan with nothing lost: each ruling with what it depends on, and who finds whose load.

Outcomes follow from sets of servers, never from load: a loss that leaves a server, a reader and every hard dependency
changes no outcome. Load only says who serves.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from gwplan.failures.data_wave import DataWave, data_wave
from gwplan.failures.needs import Needs, needs_of
from gwplan.failures.parts import Neighbours, neighbours_of, parts_of_sites
from gwplan.failures.peak import Peak, Peaks
from gwplan.failures.stood import Stood, ask_where_held, chains_elsewhere
from gwplan.failures.touched import Index, index_of
from gwplan.inventory.model import Inventory
from gwplan.planning.carried import Carried
from gwplan.planning.chains import Placement
from gwplan.planning.decision import Decision
from gwplan.planning.placement import ToPlace, place_chains
from gwplan.planning.plan import Plan, decide
from gwplan.planning.rank import slots
from gwplan.planning.rulings import Ruled
from gwplan.planning.tasks import Case, Work, is_whole_job, works
from gwplan.planning.trace import Ruling
from gwplan.planning.world import World


@dataclass(frozen=True)
class Survey:
    """The plan with nothing lost, taken apart."""

    inventory: Inventory
    strategy: str
    world: World
    todo: tuple[Work, ...]
    placement: Placement
    plan: Plan
    cases: tuple[Needs, ...]
    index: Index
    parts: Mapping[str, frozenset[str]]
    """The sites that each site reaches."""
    neighbours: Neighbours
    is_tree: bool
    """Whether there is never a second way from site to site."""
    placing: tuple[Needs, ...]
    placing_index: Index
    """What is asked to place chains, which are placed alike where every answer is the same, and the synthetic
    operations on those chains."""
    placing_of: Mapping[str, Sequence[Needs]]
    """The questions of each tier."""
    tiers_of: Mapping[str, frozenset[str]]
    """The tiers that each extent belongs to."""
    known: Mapping[tuple[Work, Case, bool], Needs]
    """All of these, by work and case, the synthetic operations apart."""
    works: Mapping[str, Work]
    rows: dict[str, list[ToPlace]]
    """The machines of each job whose chains a loss placed otherwise, kept for the next one."""
    stood: Stood
    of_job: Mapping[str, Sequence[Needs]]
    """The cases of each job whose data moves."""
    numbers: Mapping[Ruling, int]
    """Decisions of each ruling."""
    movers: dict[Ruling, Counter[str]]
    """Who moves the data of each ruling's decisions, with their number."""
    lumped: frozenset[str]
    """Jobs whose tasks hold several machines, which may drop out one by one."""
    decisions: dict[str, list[Decision]]
    """The decisions of lumped jobs only."""
    loads: Carried
    """Data tasks of each gateway."""
    wave: DataWave
    heeded: frozenset[str]
    """The proxies whose load may decide about a gateway."""
    peaks: Peaks

    @property
    def peak(self) -> Peak | None:
        """The most loaded gateway with nothing lost."""
        return self.peaks.after(Carried())

    @property
    def extents(self) -> frozenset[str]:
        """What chains may be placed on."""
        return frozenset(self.tiers_of)

    @cached_property
    def wave_of_all(self) -> DataWave:
        """The data wave where the load of every proxy matters."""
        spread = self.strategy == "spread"
        return data_wave(self.world, self.todo, self.placement, self.of_job, self.inventory.proxies, spread=spread)


def survey(inventory: Inventory, strategy: str) -> Survey:
    """Make the plan with nothing lost and take it apart."""
    world = World(inventory)
    todo = works(inventory)
    placement = place_chains(world, todo)
    ask_where_held(world, todo, placement)
    asked: list[Ruled] = [*world.ruled.values()]
    made, fold = decide(world, todo, placement, placement, strategy)
    asked += chains_elsewhere(world, asked, fold.ruled)
    known = {ruled: needs_of(world, ruled, strategy) for ruled in (*asked, *fold.ruled)}
    placing, cases = tuple(map(known.__getitem__, asked)), tuple(map(known.__getitem__, fold.ruled))
    movers, of_job = _movers(made), _of_jobs(cases)
    lumped = frozenset(w.name for w in todo if w.job.tape is not None or is_whole_job(inventory, w))
    decisions: defaultdict[str, list[Decision]] = defaultdict(list)
    for entry in fold.entries:
        if isinstance(entry, tuple) and entry[0].ruling.job in lumped:
            decisions[entry[0].ruling.job] += entry
    heeded, parts = _heeded(cases), parts_of_sites(inventory)

    return Survey(
        inventory=inventory,
        strategy=strategy,
        world=world,
        todo=todo,
        placement=placement,
        plan=made,
        cases=cases,
        index=index_of(world, cases, movers),
        parts=parts,
        is_tree=len(inventory.links) == len(inventory.sites) - len({*parts.values()}),
        neighbours=neighbours_of(inventory),
        placing=placing,
        placing_index=index_of(world, placing, {}),
        placing_of=_questions_of_tiers(placing),
        tiers_of=_tiers_of(todo),
        known={(ruled.work, ruled.case, ruled.synthetic): needs for ruled, needs in known.items()},
        works={work.name: work for work in todo},
        rows={},
        stood=Stood(fold.entries, frozenset(work.name for work in todo if work.has_choice) - lumped),
        of_job=of_job,
        numbers=made.rulings,
        movers=movers,
        lumped=lumped,
        decisions=dict(decisions),
        loads=fold.data,
        wave=data_wave(world, todo, placement, of_job, heeded, spread=strategy == "spread"),
        heeded=heeded,
        peaks=Peaks(inventory, fold.data, {name: slots(inventory, name) for name in inventory.servers}),
    )


def _movers(made: Plan) -> dict[Ruling, Counter[str]]:
    movers: dict[Ruling, Counter[str]] = {}
    for served, alike in made.groups:
        mover = served.gateway or served.ruling.data_mover
        if mover is not None:
            movers.setdefault(served.ruling, Counter())[mover] += len(alike)
    return movers


def _of_jobs(cases: Iterable[Needs]) -> dict[str, list[Needs]]:
    """The cases of each job whose data moves."""
    found: dict[str, list[Needs]] = {}
    for needs in cases:
        if needs.ruled.is_data:
            found.setdefault(needs.job, []).append(needs)
    return found


def _questions_of_tiers(placing: Iterable[Needs]) -> dict[str, list[Needs]]:
    found: dict[str, list[Needs]] = {}
    for needs in placing:
        found.setdefault(needs.ruled.work.tier, []).append(needs)
    return found


def _tiers_of(todo: Iterable[Work]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for work in todo:
        for name in work.targets if work.has_choice else ():
            found[name] = found.get(name, frozenset()) | {work.tier}
    return found


def _heeded(cases: Iterable[Needs]) -> frozenset[str]:
    """Proxies that load chooses among matter to each other; all of them, if one may decide about a gateway."""
    heeded: set[str] = set()
    pools: defaultdict[str, set[frozenset[str]]] = defaultdict(set)
    for needs in cases:
        if needs.ruled.is_data:
            if needs.heeds_reader:
                heeded |= needs.reading
            for name in needs.reading:
                pools[name].add(needs.reading)
    line = [*heeded]
    while line:
        for pool in pools.pop(line.pop(), ()):
            line += pool - heeded
            heeded |= pool
    return frozenset(heeded)
