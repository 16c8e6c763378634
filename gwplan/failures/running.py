"""What fails now: the running tasks of a plan that lose a machine, a role or a way that they use.

gateway_server.html#requirements: a lost connection fails the job
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

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
        self._meeting: defaultdict[tuple[object, ...], list[Served]] = defaultdict(list)
        self._pairs: dict[tuple[object, ...], tuple[Stop, Stop]] = {}
        self._tasks: dict[Served, list[tuple[str, str]]] = {}
        idle = _idle(plan)
        for served, decisions in plan.groups:
            job, operation = served.ruling.job, served.ruling.operation
            names = [decision.unit.name for decision in decisions]
            self._tasks[served] = [(job, name) for name in names if not idle or (job, operation, name) not in idle]
            for element in dict.fromkeys(_needs(plan.inventory, served)):
                self._needing[element].append(served)
            for here, there in _meetings(plan, served):
                over_fc = here.over_fc or there.over_fc
                pair = (here, there) if over_fc else (plan.world.site_of(here), plan.world.site_of(there))
                self._pairs.setdefault(pair, (here, there))
                self._meeting[pair].append(served)

    def failing(self, now: World) -> set[tuple[str, str]]:
        """The tasks, as (job, task), that fail at once when things of this inventory are lost."""
        tasks: set[tuple[str, str]] = set()
        for element, needing in self._needing.items():
            if _is_down(now, *element):
                tasks.update(task for served in needing for task in self._tasks[served])
        for pair, stops in self._pairs.items() if now.network.changes_routes else ():
            if _is_cut(self._world, now, *stops):
                tasks.update(task for served in self._meeting[pair] for task in self._tasks[served])
        return tasks


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
