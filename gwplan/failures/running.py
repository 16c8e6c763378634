"""What fails now: the running tasks of a plan that lose a machine, a role or a way that they use.

gateway_server.html#requirements: a lost connection fails the job
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from gwplan.inventory.model import Inventory
from gwplan.network import Element
from gwplan.planning.decision import Served
from gwplan.planning.legs import meetings
from gwplan.planning.plan import Plan
from gwplan.planning.trace import BAD, Stop
from gwplan.planning.world import World


def failing_tasks(running: Plan, now: World) -> tuple[tuple[str, str, str], ...]:
    """The tasks, as (job, operation, task), that fail at once if all that is planned is running when the world becomes
    this one. One with a side that is not served never ran."""
    idle = _idle(running)
    failing = {served: _fails(running, served, now) for served, _ in running.groups}
    tasks = (
        (decision.ruling.job, decision.ruling.operation, decision.unit.name)
        for decision in running.decisions
        if failing[decision.served]
    )
    return tuple(dict.fromkeys(task for task in tasks if task not in idle))


class Running:
    """The running tasks of a plan by what they need, to be asked about many losses: each costs only what it takes."""

    def __init__(self, plan: Plan) -> None:
        self._world = plan.world
        self._needing: defaultdict[Element, list[Served]] = defaultdict(list)
        self._meeting: defaultdict[_Pair, list[Served]] = defaultdict(list)
        self._stops: dict[_Pair, tuple[Stop, Stop]] = {}
        self._pairs: defaultdict[Element, dict[_Pair, None]] = defaultdict(dict)
        self._tasks: dict[Served, list[tuple[str, str]]] = {}
        self._never_up: set[tuple[str, str]] = set()
        idle = _idle(plan)
        for served, decisions in plan.groups:
            job, operation = served.ruling.job, served.ruling.operation
            names = [decision.unit.name for decision in decisions]
            self._tasks[served] = [(job, name) for name in names if not idle or (job, operation, name) not in idle]
            for element in dict.fromkeys(_needs(plan.inventory, served)):
                self._need(element, served)
            for here, there in _meetings(plan, served):
                self._meet(here, there, served)

    def _need(self, element: Element, served: Served) -> None:
        kind, name = element
        if _is_down(self._world, kind, name):
            self._never_up.update(self._tasks[served])
            return
        self._needing[element].append(served)
        if kind != "server":
            self._needing["server", self._world.network.role_server(kind, name)].append(served)

    def _meet(self, here: Stop, there: Stop, served: Served) -> None:
        over_fc = here.over_fc or there.over_fc
        pair = (here, there) if over_fc else (self._world.site_of(here), self._world.site_of(there))
        if pair not in self._stops:
            self._stops[pair] = here, there
            for stop in (here, there):
                if (site := self._world.site_of(stop)) is not None:
                    self._pairs["site", site][pair] = None
                if over_fc and stop.name is not None:
                    self._pairs["server" if stop.is_machine else "repository", stop.name][pair] = None
        self._meeting[pair].append(served)

    def failing(self, now: World, taken: Iterable[Element], apart: Iterable[Element]) -> set[tuple[str, str]]:
        """The tasks, as (job, task), that fail at once when things of this inventory are lost: ``taken``, with all that
        falls with them. ``apart``: the sites that no longer reach the others, the members of fabrics that are lost."""
        failing = [served for element in taken for served in self._needing.get(element, ())]
        for pair in {pair for element in (*taken, *apart) for pair in self._pairs.get(element, ())}:
            if _is_cut(self._world, now, *self._stops[pair]):
                failing += self._meeting[pair]
        return self._never_up.union(task for served in failing for task in self._tasks[served])


_Pair = tuple[object, object]
"""Two that meet: their sites, or over Fibre Channel themselves."""


def _idle(running: Plan) -> set[tuple[str, str, str]]:
    """The tasks, as (job, operation, task), that never ran, because a side of them is not served."""
    return {
        (served.ruling.job, served.ruling.operation, decision.unit.name)
        for served, decisions in running.groups
        if served.ruling.outcome in BAD
        for decision in decisions
    }


def _fails(running: Plan, served: Served, now: World) -> bool:
    if _is_lost(running.world, now, served.ruling.repository):
        return True
    if any(_is_down(now, *element) for element in _needs(running.inventory, served)):
        return True
    return any(_is_cut(running.world, now, *pair) for pair in _meetings(running, served))


def _meetings(running: Plan, served: Served) -> Iterator[tuple[Stop, Stop]]:
    """The stops that have to reach each other for a task to go on."""
    yield from meetings(served.way, Stop("backup server", "", running.inventory.backup_server, None))


def _needs(inventory: Inventory, served: Served) -> Iterator[Element]:
    """What has to be up for a task to go on, beside its repository."""
    ruling, job = served.ruling, inventory.jobs.get(served.ruling.job)
    yield "server", inventory.backup_server
    yield from (("server", name) for name in served.way.machines)
    if served.proxy in inventory.proxies:
        yield "proxy", served.proxy or ""
    if job is not None and ruling.operation != "synthetic":
        if job.accelerators is not None:
            yield "wan_accelerator", job.accelerators.source
            yield "wan_accelerator", job.accelerators.target
        if job.tape is not None:
            yield "tape_server", job.tape


def _is_down(now: World, kind: str, name: str) -> bool:
    """Whether it is down, or gone from the inventory."""
    if not now.has(kind, name):
        return True
    if kind == "server":
        return now.network.server_down(name) is not None
    return now.network.role_down(kind, name) is not None


def _is_lost(was: World, now: World, repository: str) -> bool:
    """Whether a repository went down since: one that stays in maintenance goes on being evacuated."""
    if not now.has("repository", repository):
        return True
    down = now.network.repository_down(repository)
    return down is not None and down != was.network.repository_down(repository)


def _is_cut(was: World, now: World, here: Stop, there: Stop) -> bool:
    """Whether two that meet lost what they met by: their last route, or the last fabric that they had in common."""
    return _meet(was, here, there) and not _meet(now, here, there)


def _meet(world: World, here: Stop, there: Stop) -> bool:
    for one, other in ((here, there), (there, here)):
        if one.over_fc and other.is_machine and one.name is not None and other.name is not None:
            return world.network.shares_fabric(other.name, one.name) is not False
    a, b = world.site_of(here), world.site_of(there)
    return a is None or b is None or world.network.hops(a, b) is not None
