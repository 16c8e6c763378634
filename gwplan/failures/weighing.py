"""What one job adds to gateways and proxies in the data wave, without making a decision."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from gwplan.failures.needs import Kind, Load
from gwplan.planning.carried import Carried
from gwplan.planning.one_job import OneJob
from gwplan.planning.orders import NOBODY
from gwplan.planning.picks import Pick, Wave, pick_for
from gwplan.planning.rank import Loads
from gwplan.planning.rulings import Ruled, rule
from gwplan.planning.serving import Serving
from gwplan.planning.tasks import Asked, Singly, Work
from gwplan.planning.world import World

Counted = tuple[Kind, int]
"""So many alike tasks, one after the other."""


class Weighed(NamedTuple):
    """What tasks add to loads, and what the gateways carry of it."""

    loads: Mapping[Load, int]
    carried: Carried


def together(some: Iterable[Weighed]) -> Weighed:
    """What several add."""
    each = [*some]
    if len(each) == 1:
        return each[0]
    loads: dict[Load, int] = {}
    carried = Carried()
    for weighed in each:
        for load, number in weighed.loads.items():
            loads[load] = loads.get(load, 0) + number
        carried.update(weighed.carried)
    return Weighed(loads, carried)


class Weighing:
    """Tasks that weigh on the loads of a serving, one job after the other."""

    def __init__(self, serving: Serving) -> None:
        self.serving = serving
        self._unread: dict[Kind, _Unread] = {}

    def read(self, work: Work, items: Iterable[Asked]) -> Weighed:
        """Tasks with who reads them, because readers matter or because a task holds several machines."""
        world = self.serving.world
        loads, machines = self.serving.waves["data"], world.inventory.machines
        marks = [(kind, wave, len(wave.log), dict(wave.counts)) for kind, wave in zip("gp", loads, strict=True)]
        job, carried = OneJob(self.serving, work), Carried()
        for item in items:
            if isinstance(item, Singly):
                item = _served(world, work, item)
                job.weigh(item, [machines[name].disks for name in item.machines], carried)
            else:
                job.weigh(item, [], carried)
        added = {
            (kind, name): wave.counts[name] - before.get(name, 0)
            for kind, wave, mark, before in marks
            for name in {*wave.log[mark:]}
        }
        return Weighed(added, carried)

    def unread(self, items: Iterable[Counted]) -> Weighed:
        """Tasks of which nobody asks who reads them: the loads of gateways alone say who serves."""
        carried = Carried()
        for kind, tasks in items:
            found = self._unread.get(kind)
            if found is None:
                found = self._unread[kind] = _Unread(self.serving, kind.ruled)
            found.weigh(tasks, carried)
        return Weighed({("g", name): tasks for name, tasks in carried.tasks.items()}, carried)


def _served(world: World, work: Work, asked: Singly) -> Singly:
    """The tasks of which some side is served: the others weigh on nobody, so nobody has to know who would read them."""
    served = {
        case for case in {*asked.cases} if any(side.is_served for side in rule(world, work, case).sides)
    }
    rows = [row for row in zip(asked.machines, asked.cases, strict=True) if row[1] in served]
    return Singly([machine for machine, _ in rows], [case for _, case in rows])


class _Unread:
    """The tasks of one kind."""

    def __init__(self, serving: Serving, ruled: Ruled) -> None:
        self._gateways = serving.waves["data"].gateways
        self._repositories = [side.repository for side in ruled.sides]
        self._host = ruled.readers.host if ruled.readers and not ruled.readers.proxies else None
        wave = Wave(self._gateways, Loads())
        self._picks: list[Pick] = [
            pick_for(serving.world, ruled, side, wave, None, spread=serving.spread) for side in ruled.sides
        ]
        readers = frozenset({self._host}) if self._host else frozenset[str]()
        others = [*ruled.sides[::-1]] if len(ruled.sides) == 2 else [None]
        self._runs_apart = all(
            pick.runs_apart(readers, other) for pick, other in zip(self._picks, others, strict=True)
        )

    def weigh(self, tasks: int, carried: Carried) -> None:
        for gateways, number in self._served(tasks).items():
            for gateway, repository in zip(gateways, self._repositories, strict=True):
                if gateway is not None:
                    carried.on[gateway, repository] += number
            for gateway in dict.fromkeys(gateways):
                if gateway is not None:
                    carried.tasks[gateway] += number

    def _served(self, tasks: int) -> Counter[tuple[str | None, ...]]:
        """The gateways of the sides of tasks, which weigh on them."""
        if not self._runs_apart or tasks == 1:
            found: Counter[tuple[str | None, ...]] = Counter()
            for _ in range(tasks):
                gateways = self._next()
                found[gateways] += 1
                self._count(gateways, 1)
            return found
        served = [self._picks[0].run_first(tasks, None, [])]
        if len(self._picks) == 2:
            served.append(self._picks[1].run_first(tasks, None, served[0]))
        found = Counter(zip(*served, strict=True))
        for gateways, number in found.items():
            self._count(gateways, number)
        return found

    def _next(self) -> tuple[str | None, ...]:
        first = chosen = self._picks[0].choose(self._host, NOBODY)
        if len(self._picks) == 1:
            return (first.gateway,)
        chosen = self._picks[1].choose(self._host, first)
        return first.gateway, chosen.gateway

    def _count(self, gateways: tuple[str | None, ...], number: int) -> None:
        """A server that serves both sides counts a task once."""
        for gateway in dict.fromkeys(gateways):
            if gateway is not None:
                self._gateways.add(gateway, number)
