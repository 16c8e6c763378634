"""What a sweep knows of the plan with nothing lost: each ruling with what it depends on, and who finds whose load.

Outcomes follow from sets of servers, never from load: a loss that leaves a server, a reader and every hard dependency
changes no outcome. Load only says who serves.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

from gwplan.failures.data_wave import DataWave, data_wave
from gwplan.failures.needs import Kind, Needs, kind_of
from gwplan.failures.parts import Neighbours, neighbours_of, parts_of_sites
from gwplan.failures.peak import Peak, Peaks
from gwplan.failures.stood import Stood, ask_where_held, chains_elsewhere
from gwplan.failures.tiers import Tiers
from gwplan.failures.touched import Index, index_of
from gwplan.inventory.model import Inventory
from gwplan.planning.carried import Carried
from gwplan.planning.chains import Placement
from gwplan.planning.decision import Decision
from gwplan.planning.placement import place_chains
from gwplan.planning.plan import Plan, decide
from gwplan.planning.rank import slots
from gwplan.planning.rulings import Ruled, as_asked
from gwplan.planning.tasks import Case, Work, is_whole_job, works
from gwplan.planning.trace import Ruling
from gwplan.planning.world import World

Known = Mapping[tuple[tuple[object, ...], Case, bool], Kind]


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
    cases_of: Mapping[Kind, Sequence[int]]
    """The numbers of the cases of each kind."""
    kinds: tuple[Kind, ...]
    index: Index
    parts: Mapping[str, frozenset[str]]
    """The sites that each site reaches."""
    neighbours: Neighbours
    is_tree: bool
    """Whether there is never a second way from site to site."""
    placing: frozenset[Kind]
    """What is asked to place chains, which are placed alike where every answer is the same, and the synthetic
    operations on those chains."""
    tiers_of: Mapping[str, frozenset[str]]
    """The tiers that each extent belongs to."""
    known: Known
    """All of these and those of the cases, by what the rules ask of a job, the case and whether that is the one of the
    synthetic operations."""
    works: Mapping[str, Work]
    placed: Tiers
    """Where losses place chains."""
    stood: Stood
    of_job: Mapping[str, Sequence[Needs]]
    """The cases of each job whose data moves."""
    numbers: Mapping[Ruling, int]
    """Decisions of each ruling."""
    movers: dict[Ruling, Counter[str]]
    """Who moves the data of each ruling's decisions, with their number."""
    lumped: frozenset[str]
    """Jobs whose tasks hold several machines, which may drop out one by one."""
    lumped_kinds: frozenset[Kind]
    """Kinds of cases that such a job has, or may have where its chains are placed otherwise."""
    decisions: dict[str, list[Decision]]
    """The decisions of lumped jobs only."""
    loads: Carried
    """Data tasks of each gateway."""
    wave: DataWave
    heeded: frozenset[str]
    """The proxies whose load may decide about a gateway."""
    peaks: Peaks

    def kind_of(self, work: Work, case: Case, *, synthetic: bool = False) -> Kind | None:
        """The kind of a case, None where nothing has asked for one like it."""
        return _kind_of(self.known, work, case, synthetic=synthetic)

    @property
    def peak(self) -> Peak | None:
        """The most loaded gateway with nothing lost."""
        return self.peaks.after(Carried())

    @property
    def extents(self) -> frozenset[str]:
        """What chains may be placed on."""
        return frozenset(self.tiers_of)

    @cached_property
    def jobs_of(self) -> Mapping[Kind, frozenset[str]]:
        """The jobs that have a case of each kind."""
        return {kind: frozenset(self.cases[at].job for at in numbers) for kind, numbers in self.cases_of.items()}

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
    asked: list[Ruled] = [*world.alike.values()]
    made, fold = decide(world, todo, placement, placement, strategy)
    asked += chains_elsewhere(world, todo, asked)
    kinds = {ruled.kind: kind_of(world, ruled, strategy) for ruled in [*world.alike.values()]}
    cases = tuple(Needs(ruled, kinds[ruled.kind]) for ruled in fold.ruled)
    placing = frozenset(kinds[ruled.kind] for ruled in asked)
    movers, of_job = _movers(made), _of_jobs(cases)
    lumped = frozenset(w.name for w in todo if w.job.tape is not None or is_whole_job(inventory, w))
    decisions: defaultdict[str, list[Decision]] = defaultdict(list)
    for entry in fold.entries:
        if isinstance(entry, tuple) and entry[0].ruling.job in lumped:
            decisions[entry[0].ruling.job] += entry
    heeded, parts = _heeded(kinds.values()), parts_of_sites(inventory)
    movers_of: defaultdict[Kind, set[str]] = defaultdict(set)
    cases_of: defaultdict[Kind, list[int]] = defaultdict(list)
    for number, needs in enumerate(cases):
        cases_of[needs.kind].append(number)
        movers_of[needs.kind].update(name for side in needs.ruled.sides for name in movers.get(side, ()))
    known = {
        (kind.ruled.work.asks, as_asked(kind.ruled.work, kind.ruled.case), kind.ruled.synthetic): kind
        for kind in kinds.values()
    }
    lumped_asks = {work.asks for work in todo if work.name in lumped}

    return Survey(
        inventory=inventory,
        strategy=strategy,
        world=world,
        todo=todo,
        placement=placement,
        plan=made,
        cases=cases,
        cases_of=cases_of,
        kinds=tuple(kinds.values()),
        index=index_of(world, kinds.values(), movers_of),
        parts=parts,
        is_tree=len(inventory.links) == len(inventory.sites) - len({*parts.values()}),
        neighbours=neighbours_of(inventory),
        placing=placing,
        tiers_of=_tiers_of(todo),
        known=known,
        works={work.name: work for work in todo},
        placed=Tiers(world, todo, placement, partial(_kind_of, known)),
        stood=Stood(fold.entries, frozenset(work.name for work in todo if work.has_choice) - lumped),
        of_job=of_job,
        numbers=made.rulings,
        movers=movers,
        lumped=lumped,
        lumped_kinds=frozenset(kind for kind in kinds.values() if kind.ruled.work.asks in lumped_asks),
        decisions=dict(decisions),
        loads=fold.data,
        wave=data_wave(world, todo, placement, of_job, heeded, spread=strategy == "spread"),
        heeded=heeded,
        peaks=Peaks(inventory, fold.data, {name: slots(inventory, name) for name in inventory.servers}),
    )


def _kind_of(known: Known, work: Work, case: Case, *, synthetic: bool = False) -> Kind | None:
    return known.get((work.asks, as_asked(work, case), synthetic))


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


def _tiers_of(todo: Iterable[Work]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for work in todo:
        for name in work.targets if work.has_choice else ():
            found[name] = found.get(name, frozenset()) | {work.tier}
    return found


def _heeded(kinds: Iterable[Kind]) -> frozenset[str]:
    """Proxies that load chooses among matter to each other; all of them, if one may decide about a gateway."""
    heeded: set[str] = set()
    pools: defaultdict[str, set[frozenset[str]]] = defaultdict(set)
    for kind in kinds:
        if kind.ruled.is_data:
            if kind.heeds_reader:
                heeded |= kind.reading
            for name in kind.reading:
                pools[name].add(kind.reading)
    line = [*heeded]
    while line:
        for pool in pools.pop(line.pop(), ()):
            line += pool - heeded
            heeded |= pool
    return frozenset(heeded)
