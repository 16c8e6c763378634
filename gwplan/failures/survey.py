"""What a sweep knows of the plan with nothing lost: each ruling with what it depends on, and which jobs share servers.

Outcomes follow from sets of servers, never from load: a loss that leaves a server, a reader and every hard dependency
changes no outcome. Load only says who serves; jobs influence each other's choice only through servers and proxies that
load could let serve, so they fall into groups that are folded by themselves.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from typing import TypeVar

from gwplan.inventory.components import components
from gwplan.inventory.model import Inventory
from gwplan.network import Element, Network
from gwplan.planning.carried import Carried
from gwplan.planning.chains import Placement
from gwplan.planning.decision import Decision
from gwplan.planning.ledger import tallies
from gwplan.planning.picks import ByProxyLoad, Wave, pick_for
from gwplan.planning.placement import place_chains
from gwplan.planning.plan import Plan, decide
from gwplan.planning.rank import Loads, Standing
from gwplan.planning.rulings import Ruled
from gwplan.planning.serving import Serving
from gwplan.planning.tasks import Work, is_whole_job, works
from gwplan.planning.trace import Ruling
from gwplan.planning.world import World

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Needs:
    """What the rulings of one case need.

    ``servers`` has for each side that is served by a gateway who may serve it; ``readers`` the machines of the proxies
    (None where none is needed or a host reads); ``hosts`` the Hyper-V hosts; ``hard`` what no other replaces, as
    elements; ``leaders`` the servers among which load decides, ``reading`` the proxies that could read.
    """

    ruled: Ruled
    servers: tuple[frozenset[str] | None, ...]
    readers: frozenset[str] | None
    hosts: frozenset[str]
    hard: frozenset[Element]
    leaders: frozenset[str]
    reading: frozenset[str]
    over_fc: bool

    @property
    def job(self) -> str:
        return self.ruled.work.name


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
    numbers: Mapping[Ruling, int]
    """Decisions of each ruling."""
    movers: dict[Ruling, Counter[str]]
    """Who moves the data of each ruling's decisions, with their number."""
    lumped: frozenset[str]
    """Jobs whose tasks hold several machines, which may drop out one by one."""
    decisions: dict[str, list[Decision]]
    """Of lumped jobs only."""
    loads: Carried
    parts: dict[str, Carried]
    """Data tasks of each gateway, and what each job adds to them."""
    groups: dict[str, int]
    """The group of each job that moves data."""
    touching: dict[tuple[str, str], frozenset[int]]
    """The groups whose load is on each gateway (``g``) and proxy (``p``)."""

    @property
    def has_choice(self) -> bool:
        """Whether jobs choose between extents, which load decides."""
        return bool(self.placement.chosen)


def survey(inventory: Inventory, strategy: str) -> Survey:
    """Make the plan with nothing lost and take it apart."""
    world = World(inventory)
    todo = works(inventory)
    placement = place_chains(world, todo)
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
    groups, touching_it = _groups(cases)
    return Survey(
        inventory, strategy, world, todo, placement, made, cases, made.rulings, dict(movers), lumped, dict(decisions),
        fold.data, _parts(fold), groups, touching_it,
    )  # fmt: skip


def needs_of(world: World, ruled: Ruled, strategy: str) -> Needs:
    """What a ruling depends on in a world."""
    inventory, network, case = world.inventory, world.network, ruled.case
    hard: set[Element] = {("server", inventory.backup_server)}
    for repository in (case.source, case.target):
        if repository is not None:
            hard.add(("repository", repository))
            hard.add(("site", inventory.site_of_repository(repository) or ""))
            if server := inventory.repositories[repository].server:
                hard.add(("server", server))
    hard |= {("server", stop.name) for stop in ruled.stops if stop.kind in ("accelerator", "tape") and stop.name}
    if case.site:
        hard.add(("site", case.site))
    proxies = ruled.readers.proxies if ruled.readers else ()
    machines = {member.name: network.role_server("proxy", member.name) for member in proxies}
    standing = Standing(Loads(), proxies) if proxies else None
    reading = standing.leaders() if standing else []
    host = ruled.readers.host if ruled.readers else None
    readers_of: list[str | None] = [machines[name] for name in reading] if reading else [host]
    leaders: set[str] = set()
    for side in ruled.sides:
        wave = Wave(Loads(), Loads())
        pick = pick_for(world, ruled, side, wave, standing, spread=strategy == "spread")
        leaders.update(pick.leaders(readers_of))
        if isinstance(pick, ByProxyLoad):  # which proxy serves depends on the load of them all
            reading = list(machines)
    repositories = [inventory.repositories[name] for name in (case.source, case.target) if name is not None]
    return Needs(
        ruled,
        tuple(frozenset(side.eligible) if side.outcome == "assigned" else None for side in ruled.sides),
        frozenset(machines.values()) if machines else None,
        frozenset(case.hosts),
        frozenset(hard),
        frozenset(leaders),
        frozenset(reading),
        any(entry.is_over_fc for entry in repositories),
    )


def machines_of_readers(world: World, ruled: Ruled) -> frozenset[str]:
    """The machines of the proxies that may read."""
    proxies = ruled.readers.proxies if ruled.readers else ()
    return frozenset(world.network.role_server("proxy", member.name) for member in proxies)


def _parts(fold: Serving) -> dict[str, Carried]:
    """Data tasks that each job adds to each gateway; both sides of a task on one server count once."""
    parts: defaultdict[str, Carried] = defaultdict(Carried)
    for sides, tasks, _ in tallies(fold.entries):
        moving = [served for served in sides if served.gateway is not None and served.ruling.operation == "data"]
        for served in moving:
            parts[served.ruling.job].on[served.gateway or "", served.ruling.repository] += tasks
        for job, gateway in {(served.ruling.job, served.gateway or "") for served in moving}:
            parts[job].tasks[gateway] += tasks
    return dict(parts)


def _groups(cases: Iterable[Needs]) -> tuple[dict[str, int], dict[tuple[str, str], frozenset[int]]]:
    touched: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    contested: set[tuple[str, str]] = set()
    for needs in cases:
        if needs.ruled.is_data:
            touched[needs.job].update(touching(needs))
            if len(needs.leaders) > 1:
                contested |= {("g", name) for name in needs.leaders}
            if len(needs.reading) > 1:
                contested |= {("p", name) for name in needs.reading}
    return groups_of(touched, contested)


def groups_of(touched: Mapping[str, Set[T]], contested: Set[T]) -> tuple[dict[str, int], dict[T, frozenset[int]]]:
    """Jobs that share a server or a proxy that load may or may not let serve are one group: the number of each job's,
    and the groups on each server and proxy."""
    parts = components(touched, lambda job: touched[job] & contested)
    groups = {job: number for number, part in enumerate(parts) for job in part}
    on: defaultdict[T, set[int]] = defaultdict(set)
    for job, names in touched.items():
        for name in names:
            on[name].add(groups[job])
    return groups, {name: frozenset(found) for name, found in on.items()}


def touching(needs: Needs) -> Iterator[tuple[str, str]]:
    """The gateways and proxies through which a job's load may reach others."""
    yield from (("g", name) for name in needs.leaders)
    yield from (("p", name) for name in needs.reading)


def parts_of_sites(network: Network, sites: Iterable[str]) -> dict[str, frozenset[str]]:
    """For each site that is up, the sites that it reaches."""
    alive = [site for site in sites if network.site_down(site) is None]
    found: dict[str, frozenset[str]] = {}
    for site in alive:
        if site not in found:
            part = frozenset(other for other in alive if network.hops(site, other) is not None)
            found.update(dict.fromkeys(part, part))
    return found
