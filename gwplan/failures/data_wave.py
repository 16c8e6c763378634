"""The data wave of a plan job by job, and what a loss makes of it: tasks are served again only if their own rulings
differ, or if they find another load, which may lead them elsewhere.

Each job finds the load of those before it. Under a loss, that is the load with nothing lost plus the difference that
the jobs served again have made so far. Tasks of a job that no load leads into each other's way are apart, and as good
as jobs of their own: machines that lie on extents in turn, each extent behind its own gateways.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from itertools import groupby
from typing import NamedTuple

from gwplan.failures.heights import Heights
from gwplan.failures.needs import Load, Needs
from gwplan.failures.weighing import Weighed, weigh, weigh_unread
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

    needs: Mapping[Case, Needs]
    tasks: tuple[Asked, ...] | None = None


class _Part(NamedTuple):
    """Tasks of one job that are apart from its others: how many of which case, with their place in the job's order; the
    loads that they ask for, those that may lead them elsewhere, and what they add with nothing lost."""

    tasks: tuple[tuple[int, Case, int], ...]
    cases: frozenset[Case]
    asks: frozenset[Load]
    led: frozenset[Load]
    weighed: Weighed


class _Step(NamedTuple):
    """One job. ``reads``: who reads its tasks matters, so that they are served in their order, all in one part."""

    work: Work
    tasks: tuple[Asked, ...]
    reads: bool
    parts: tuple[_Part, ...]


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
        added: Counter[Load] = Counter()
        for part in step.parts:
            added.update(part.weighed.loads)
        self.heights.add(at, added)


def data_wave(
    world: World, todo: Iterable[Work], placement: Placement, of_job: Mapping[str, Iterable[Needs]],
    heeded: Container[str], *, spread: bool,
) -> DataWave:  # fmt: skip
    """Serve the data wave with nothing lost."""
    made = DataWave(spread, heeded)
    serving = Serving(world, spread=spread, operations=("data",))
    for work in todo:
        if work.job.enabled and work.operation == "data":
            tasks = tuple(asked(world.inventory, work, placement, placement))
            needs = {one.ruled.case: one for one in of_job.get(work.name, ())}
            reads = _reads(needs.values(), tasks, heeded)
            parts = _parts(serving, work, tasks, needs, reads=reads)
            made.add(_Step(work, tasks, reads, tuple(parts)))
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


_NOTHING = Weighed({}, Carried())


class _Again:
    """Jobs served again in a loss, in their order. ``more`` is what a load is higher than with nothing lost."""

    def __init__(self, base: DataWave, world: World, changed: Mapping[str, Asking], kept: Kept) -> None:
        self._base, self._changed, self._kept = base, changed, kept
        self._serving = Serving(world, spread=base.spread, operations=("data",))
        self._wave = dict(zip("gp", self._serving.waves["data"], strict=True))
        self._more: dict[Load, int] = {}

    def job(self, at: int) -> Iterator[tuple[Weighed, Weighed]]:
        """What parts of a job added, and add now."""
        step = self._base.steps[at]
        asking = self._changed.get(step.work.name)
        if asking is not None and asking.tasks is not None:
            for part in step.parts:
                yield part.weighed, _NOTHING
            self._find(at, {load for needs in asking.needs.values() for load in _heeded(needs.loads, step.reads)})
            self._keep(step.work, asking.needs)
            for part in _parts(self._serving, step.work, asking.tasks, asking.needs, reads=step.reads):
                yield _NOTHING, part.weighed
            return
        for parts, asks in self._together(step, asking.needs if asking is not None else {}):
            self._find(at, asks)
            for part in parts:
                self._keep(step.work, part.cases)
                yield part.weighed, _NOTHING
            tasks = [*parts[0].tasks] if len(parts) == 1 else sorted(task for part in parts for task in part.tasks)
            yield _NOTHING, _weigh(self._serving, step, tasks)

    def differ(self, pairs: Iterable[tuple[Weighed, Weighed]]) -> list[Load]:
        """The loads that are others now."""
        differences: Counter[Load] = Counter()
        for was, now in pairs:
            differences.subtract(was.loads)
            differences.update(now.loads)
        found = [load for load, difference in differences.items() if difference]
        for load in found:
            self._more[load] = self._more.get(load, 0) + differences[load]
        return found

    def _together(
        self, step: _Step, changed: Mapping[Case, Needs]
    ) -> Iterator[tuple[list[_Part], frozenset[Load]]]:
        """The parts that are served again, those together that a load leads into each other's way by now."""
        asks: list[frozenset[Load]] = []
        contested: set[Load] = set()
        again: set[int] = set()
        for number, part in enumerate(step.parts):
            needs = [changed[case] for case in part.cases if case in changed] if changed else []
            asks.append(part.asks.union(*(_heeded(one.loads, step.reads) for one in needs)))
            contested |= part.led.union(*(_heeded(one.contested, step.reads) for one in needs))
            if needs or any(self._more.get(load) for load in part.led):
                again.add(number)
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
        ruled = self._serving.world.ruled
        for case in cases:
            if (work, case) not in ruled and (known := self._kept(work, case)) is not None:
                ruled[work, case] = known


# --- parts of a job ---------------------------------------------------------------------------------------------------


def _reads(needs: Iterable[Needs], tasks: Iterable[Asked], heeded: Container[str]) -> bool:
    """Whether who reads a job's tasks may decide about a gateway, or some task holds several machines."""
    return any(isinstance(task, Together) for task in tasks) or any(
        name in heeded for one in needs for name in one.reading
    )


def _parts(
    serving: Serving, work: Work, tasks: tuple[Asked, ...], needs: Mapping[Case, Needs], *, reads: bool
) -> Iterator[_Part]:
    """The tasks of a job in parts that no load leads into each other's way, each with what it adds."""
    loads = {case: _heeded(one.loads, reads) for case, one in needs.items()}
    led = {case: _heeded(one.contested, reads) for case, one in needs.items()}
    contested = frozenset[Load]().union(*led.values())
    together = [[*needs]] if reads else components(needs, lambda case: loads[case] & contested)
    number = {case: at for at, cases in enumerate(together) for case in cases}
    tasks_of: list[list[tuple[int, Case, int]]] = [[] for _ in together]
    each = (case for task in tasks if isinstance(task, Singly) for case in task.cases)
    for at, (case, alike) in enumerate(groupby(each)):
        tasks_of[number[case]].append((at, case, sum(1 for _ in alike)))
    step = _Step(work, tasks, reads, ())
    for cases, some in zip(together, tasks_of, strict=True):
        asks, leading = (frozenset[Load]().union(*(of[case] for case in cases)) for of in (loads, led))
        yield _Part(tuple(some), frozenset(cases), asks, leading, _weigh(serving, step, some))


def _heeded(loads: Iterable[Load], reads: bool) -> frozenset[Load]:
    """Those of proxies only where it matters who reads."""
    return frozenset(load for load in loads if reads or load[0] == "g")


def _weigh(serving: Serving, step: _Step, tasks: Sequence[tuple[int, Case, int]]) -> Weighed:
    """What some tasks add; where readers matter, all of the job."""
    if step.reads:
        return weigh(serving, step.work, step.tasks)
    if len({case for _, case, _ in tasks}) == 1:
        return weigh_unread(serving, step.work, [(tasks[0][1], sum(number for *_, number in tasks))])
    return weigh_unread(serving, step.work, [(case, number) for _, case, number in tasks])
