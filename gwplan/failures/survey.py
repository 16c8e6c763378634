"""What a sweep knows of the plan with nothing lost: each ruling with what it depends on, and who finds whose load.

Outcomes follow from sets of servers, never from load: a loss that leaves a server, a reader and every hard dependency
changes no outcome. Load only says who serves.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gwplan.failures.data_wave import DataWave, data_wave
from gwplan.failures.needs import Needs, needs_of
from gwplan.failures.parts import parts_of_sites
from gwplan.failures.touched import Index, index_of
from gwplan.inventory.model import Inventory
from gwplan.inventory.names import natural
from gwplan.planning.carried import Carried, at_once
from gwplan.planning.chains import Placement
from gwplan.planning.decision import Decision
from gwplan.planning.placement import place_chains
from gwplan.planning.plan import Plan, decide
from gwplan.planning.rank import slots
from gwplan.planning.tasks import Work, is_whole_job, works
from gwplan.planning.trace import Ruling
from gwplan.planning.world import World


@dataclass(frozen=True, slots=True)
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
    placing: tuple[Needs, ...]
    placing_index: Index
    """The questions that were asked to place chains: where every answer is the same, chains are placed alike."""
    extents: frozenset[str]
    """What chains may be placed on."""
    of_job: Mapping[str, tuple[Needs, ...]]
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
    slots: Mapping[str, int]
    """The slots of each server."""
    wave: DataWave
    heeded: frozenset[str]
    """The proxies whose load may decide about a gateway."""
    peak: tuple[str, float] | None
    """The most loaded gateway."""


def survey(inventory: Inventory, strategy: str) -> Survey:
    """Make the plan with nothing lost and take it apart."""
    world = World(inventory)
    todo = works(inventory)
    placement = place_chains(world, todo)
    placing = tuple(needs_of(world, ruled, strategy) for ruled in world.ruled.values())
    made, fold = decide(world, todo, placement, placement, strategy)
    cases = tuple(needs_of(world, ruled, strategy) for ruled in fold.ruled)
    movers: defaultdict[Ruling, Counter[str]] = defaultdict(Counter)
    for served, alike in made.groups:
        mover = served.gateway or served.ruling.data_mover
        if mover is not None:
            movers[served.ruling][mover] += len(alike)
    lumped = frozenset(w.name for w in todo if w.job.tape is not None or is_whole_job(inventory, w))
    decisions: defaultdict[str, list[Decision]] = defaultdict(list)
    for entry in fold.entries:
        if isinstance(entry, tuple) and entry[0].ruling.job in lumped:
            decisions[entry[0].ruling.job] += entry
    of_job: defaultdict[str, tuple[Needs, ...]] = defaultdict(tuple)
    for needs in cases:
        if needs.ruled.is_data:
            of_job[needs.job] += (needs,)
    room = {name: slots(inventory, name) for name in inventory.servers}
    return Survey(
        inventory=inventory,
        strategy=strategy,
        world=world,
        todo=todo,
        placement=placement,
        plan=made,
        cases=cases,
        index=index_of(world, cases, movers),
        parts=parts_of_sites(inventory),
        placing=placing,
        placing_index=index_of(world, placing, {}),
        extents=frozenset(name for work in todo if work.has_choice for name in work.targets),
        of_job=of_job,
        numbers=made.rulings,
        movers=dict(movers),
        lumped=lumped,
        decisions=dict(decisions),
        loads=fold.data,
        slots=room,
        wave=data_wave(world, todo, placement, cases, spread=strategy == "spread"),
        heeded=_heeded(cases),
        peak=peak_of(inventory, fold.data, room),
    )


def peak_of(inventory: Inventory, loads: Carried, room: Mapping[str, int]) -> tuple[str, float] | None:
    """The gateway with the largest share of its slots."""
    shares = [(tasks / room[name], name) for name, tasks in at_once(inventory, loads).items()]
    if not shares:
        return None
    most = max(share for share, _ in shares)
    return min((name for share, name in shares if share == most), key=natural), most


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
