"""The data wave of a plan job by job, and what a loss makes of it: tasks are served again only if their own rulings
differ, or if they find another load, which may lead them elsewhere.

Each job finds the load of those before it. Under a loss, that is the load with nothing lost plus the difference that
the jobs served again have made so far. Tasks of a job that no load leads into each other's way are apart, and as good
as jobs of their own: machines that lie on extents in turn, each extent behind its own gateways.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from itertools import groupby
from typing import NamedTuple

from gwplan.failures.heights import Heights
from gwplan.failures.needs import Kind, Load, Needs
from gwplan.failures.weighing import Counted, Weighed, Weighing, together
from gwplan.inventory.components import components
from gwplan.planning.carried import Carried
from gwplan.planning.chains import Placement
from gwplan.planning.rulings import Ruled
from gwplan.planning.serving import Serving
from gwplan.planning.tasks import Asked, Case, Singly, Together, Work, asked
from gwplan.planning.world import World

Kept = Callable[[Work, Case], Ruled | None]
"""What is still ruled of a case as with nothing lost, None where it has to be ruled again."""


class Asking(NamedTuple):
    """What a job asks for in a loss: what the cases need that rule otherwise, and all its tasks where chains are placed
    otherwise."""

    kinds: Mapping[Case, Kind]
    tasks: tuple[Asked, ...] | None = None


_Tasks = Sequence[tuple[int, Case, int]]
"""How many tasks of which case, with their place in the job's order."""


class _Part(NamedTuple):
    """Tasks of one job that are apart from its others; the loads that they ask for, those that may lead them elsewhere,
    and what they add with nothing lost."""

    tasks: _Tasks
    cases: frozenset[Case]
    asks: frozenset[Load]
    led: frozenset[Load]
    weighed: Weighed


class _Step(NamedTuple):
    """One job. ``reads``: who reads its tasks matters, so that they are served in their order, all in one part."""

    work: Work
    tasks: tuple[Asked, ...]
    reads: bool
    kinds: Mapping[Case, Kind]
    parts: tuple[_Part, ...]
    weighed: Weighed
    """What all of it adds with nothing lost."""


@dataclass(slots=True)
class DataWave:
    """The jobs that move data, in their order. ``heeded`` are the proxies whose load may decide about a gateway."""

    spread: bool
    heeded: Container[str]
    steps: list[_Step] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    """Where each job stands."""
    heights: Heights[Load] = field(default_factory=Heights)
    led_by: defaultdict[Load, list[int]] = field(default_factory=lambda: defaultdict(list))
    """The jobs that a load may lead elsewhere."""

    def reads(self, job: str) -> bool:
        """Whether it is kept of a job who reads its tasks."""
        place = self.places.get(job)
        return place is not None and self.steps[place].reads

    def add(self, step: _Step) -> None:
        at = len(self.steps)
        self.steps.append(step)
        self.places[step.work.name] = at
        for load in frozenset[Load]().union(*(part.led for part in step.parts)):
            self.led_by[load].append(at)
        self.heights.add(at, step.weighed.loads)


def data_wave(
    world: World, todo: Iterable[Work], placement: Placement, of_job: Mapping[str, Iterable[Needs]],
    heeded: Container[str], *, spread: bool,
) -> DataWave:  # fmt: skip
    """Serve the data wave with nothing lost."""
    made = DataWave(spread, heeded)
    weighing = Weighing(Serving(world, spread=spread, operations=("data",)))
    for work in todo:
        if work.job.enabled and work.operation == "data":
            tasks = tuple(asked(world.inventory, work, placement, placement))
            kinds = {one.ruled.case: one.kind for one in of_job.get(work.name, ())}
            reads = _reads(kinds.values(), tasks, heeded)
            parts = tuple(_parts(weighing, work, tasks, kinds, reads=reads))
            made.add(_Step(work, tasks, reads, kinds, parts, together(part.weighed for part in parts)))
    return made


def served_again(
    base: DataWave, world: World, changed: Mapping[str, Asking], kept: Kept
) -> Iterator[tuple[Carried, Carried]]:
    """What is served again carried, and carries now; ``changed`` are the jobs that rule otherwise."""
    again = _Again(base, world, changed, kept)
    line = [base.places[name] for name in changed if name in base.places]
    heapify(line)
    spoken: set[Load] = set()
    done = -1
    while line:
        at = heappop(line)
        if at == done:
            continue
        done = at
        pairs = [*again.job(at)]
        yield from ((was.carried, now.carried) for was, now in pairs)
        for load in again.differ(pairs):
            if load not in spoken and (load[0] == "g" or load[1] in base.heeded):
                spoken.add(load)
                jobs = base.led_by.get(load, ())
                for later in jobs[bisect_right(jobs, at) :]:
                    heappush(line, later)


class _Again:
    """Jobs served again in a loss, in their order. ``more`` is what a load is higher than with nothing lost."""

    def __init__(self, base: DataWave, world: World, changed: Mapping[str, Asking], kept: Kept) -> None:
        self._base, self._changed, self._kept = base, changed, kept
        self._weighing = Weighing(Serving(world, spread=base.spread, operations=("data",)))
        self._wave = dict(zip("gp", self._weighing.serving.waves["data"], strict=True))
        self._more: dict[Load, int] = {}

    def job(self, at: int) -> Iterator[tuple[Weighed, Weighed]]:
        """What parts of a job added, and add now."""
        step = self._base.steps[at]
        asking = self._changed.get(step.work.name)
        if asking is not None and asking.tasks is not None:
            self._find(at, frozenset[Load]().union(*(_loads(kind, step.reads) for kind in {*asking.kinds.values()})))
            yield step.weighed, self._all(step, asking.tasks, asking.kinds)
            return
        changed = asking.kinds if asking is not None else {}
        kinds = step.kinds if not changed else {**step.kinds, **changed}
        for parts, asks in self._together(step, changed):
            self._find(at, asks)
            tasks = parts[0].tasks if len(parts) == 1 else sorted(task for part in parts for task in part.tasks)
            now = self._weigh(step, step.tasks, kinds) if step.reads else self._weighing.unread(_counted(tasks, kinds))
            yield together(part.weighed for part in parts), now

    def _all(self, step: _Step, tasks: tuple[Asked, ...], kinds: Mapping[Case, Kind]) -> Weighed:
        """All of a job whose chains lie elsewhere."""
        if step.reads:
            return self._weigh(step, tasks, kinds)
        parts = _apart(tasks, _components(kinds))
        return self._weighing.unread([counted for part in parts for counted in _counted(part, kinds)])

    def _weigh(self, step: _Step, tasks: tuple[Asked, ...], kinds: Iterable[Case]) -> Weighed:
        self._keep(step.work, kinds)
        return self._weighing.read(step.work, tasks)

    def differ(self, pairs: Iterable[tuple[Weighed, Weighed]]) -> list[Load]:
        """The loads that are others now."""
        differences: dict[Load, int] = {}
        for was, now in pairs:
            for load, number in was.loads.items():
                differences[load] = differences.get(load, 0) - number
            for load, number in now.loads.items():
                differences[load] = differences.get(load, 0) + number
        found = [load for load, difference in differences.items() if difference]
        for load in found:
            self._more[load] = self._more.get(load, 0) + differences[load]
        return found

    def _together(
        self, step: _Step, changed: Mapping[Case, Kind]
    ) -> Iterator[tuple[list[_Part], frozenset[Load]]]:
        """The parts that are served again, those together that a load leads into each other's way by now."""
        asks: list[frozenset[Load]] = []
        contested: set[Load] = set()
        again: set[int] = set()
        for number, part in enumerate(step.parts):
            kinds = {changed[case] for case in part.cases if case in changed} if changed else ()
            asks.append(part.asks.union(*(_loads(kind, step.reads) for kind in kinds)))
            contested |= part.led.union(*(_contested(kind, step.reads) for kind in kinds))
            if kinds or any(map(self._more.get, part.led)):
                again.add(number)
        if not again:
            return
        for numbers in components(range(len(step.parts)), lambda at: asks[at] & contested):
            if not again.isdisjoint(numbers):
                yield [step.parts[at] for at in numbers], frozenset[Load]().union(*(asks[at] for at in numbers))

    def _find(self, at: int, loads: Iterable[Load]) -> None:
        """Let a job find these loads as they are now."""
        for load in loads:
            kind, name = load
            wave = self._wave[kind]
            if lacking := self._base.heights.before(load, at) + self._more.get(load, 0) - wave.counts.get(name, 0):
                wave.add(name, lacking)

    def _keep(self, work: Work, cases: Iterable[Case]) -> None:
        """Of a case that nothing touches, no server that may come first and no distance to one is another."""
        ruled = self._weighing.serving.world.ruled
        for case in cases:
            if (work, case) not in ruled and (known := self._kept(work, case)) is not None:
                ruled[work, case] = known


# --- parts of a job ---------------------------------------------------------------------------------------------------


def _reads(kinds: Iterable[Kind], tasks: Iterable[Asked], heeded: Container[str]) -> bool:
    """Whether who reads a job's tasks may decide about a gateway, or some task holds several machines."""
    return any(isinstance(task, Together) for task in tasks) or any(
        name in heeded for kind in {*kinds} for name in kind.reading
    )


def _parts(
    weighing: Weighing, work: Work, tasks: tuple[Asked, ...], kinds: Mapping[Case, Kind], *, reads: bool
) -> Iterator[_Part]:
    """The tasks of a job in parts that no load leads into each other's way, each with what it adds."""
    parts = [[*kinds]] if reads else _components(kinds)
    for cases, some in zip(parts, _apart(tasks, parts), strict=True):
        found = {kinds[case] for case in cases}
        asks = frozenset[Load]().union(*(_loads(kind, reads) for kind in found))
        led = frozenset[Load]().union(*(_contested(kind, reads) for kind in found))
        weighed = weighing.read(work, tasks) if reads else weighing.unread(_counted(some, kinds))
        yield _Part(some, frozenset(cases), asks, led, weighed)


def _components(kinds: Mapping[Case, Kind]) -> list[list[Case]]:
    """Cases that no load leads into each other's way, where nobody asks who reads."""
    contested = frozenset[Load]().union(*(kind.contested_gateways for kind in {*kinds.values()}))
    return components(kinds, lambda case: kinds[case].gateways & contested)


def _apart(tasks: Iterable[Asked], parts: Sequence[Iterable[Case]]) -> list[_Tasks]:
    """The tasks of a job that hold a machine each, by the parts that their cases belong to."""
    found: list[list[tuple[int, Case, int]]] = [[] for _ in parts]
    into = {case: some for cases, some in zip(parts, found, strict=True) for case in cases}
    each = (case for task in tasks if isinstance(task, Singly) for case in task.cases)
    for at, (case, alike) in enumerate(groupby(each)):
        into[case].append((at, case, sum(1 for _ in alike)))
    return [*found]


def _loads(kind: Kind, reads: bool) -> frozenset[Load]:
    """Those of proxies only where it matters who reads."""
    return kind.loads if reads else kind.gateways


def _contested(kind: Kind, reads: bool) -> frozenset[Load]:
    return kind.contested if reads else kind.contested_gateways


def _counted(tasks: _Tasks, kinds: Mapping[Case, Kind]) -> list[Counted]:
    """Tasks that are apart from others, as they weigh where nobody asks who reads them."""
    if len({id(case) for _, case, _ in tasks}) == 1:
        return [(kinds[tasks[0][1]], sum(number for *_, number in tasks))]
    return [(kinds[case], number) for _, case, number in tasks]
