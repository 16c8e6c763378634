"""The data wave of a plan job by job, and what a loss makes of it: a job is served again only if its own rulings
differ, or if it finds another load, which may lead it elsewhere.

Each job finds the load of those before it. Under a loss, that is the load with nothing lost plus the difference that
the jobs served again have made so far.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from typing import NamedTuple

from gwplan.failures.needs import Load, Needs
from gwplan.planning.carried import Carried
from gwplan.planning.chains import Placement
from gwplan.planning.one_job import OneJob
from gwplan.planning.serving import Serving
from gwplan.planning.tasks import Alike, Asked, Work, asked
from gwplan.planning.world import World


class _Step(NamedTuple):
    """One job: its tasks, with the disks of alike machines, the loads that it asks for, what it adds to loads and to
    gateways."""

    work: Work
    items: tuple[tuple[Asked, list[int]], ...]
    asks: frozenset[Load]
    weights: Mapping[Load, int]
    carried: Carried


@dataclass(slots=True)
class DataWave:
    """The jobs that move data, in their order."""

    spread: bool
    steps: list[_Step] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    """Where each job stands."""
    known: dict[Load, tuple[list[int], list[int]]] = field(default_factory=dict)
    """The jobs that add to a load, and its height after each."""
    led: list[frozenset[Load]] = field(default_factory=list)
    """For each job, the loads that may lead it elsewhere."""
    led_by: defaultdict[Load, list[int]] = field(default_factory=lambda: defaultdict(list))
    """For each load, the jobs that it may lead elsewhere."""

    def carried_by(self, job: str) -> Carried:
        """What a job adds to the gateways."""
        place = self.places.get(job)
        return Carried() if place is None else self.steps[place].carried

    def height(self, load: Load, at: int) -> int:
        """The height of a load as a job finds it."""
        if load not in self.known:
            return 0
        jobs, heights = self.known[load]
        before = bisect_left(jobs, at)
        return heights[before - 1] if before else 0

    def add(self, step: _Step, led: frozenset[Load]) -> None:
        at = len(self.steps)
        self.steps.append(step)
        self.led.append(led)
        self.places[step.work.name] = at
        for load in led:
            self.led_by[load].append(at)
        for load, weight in step.weights.items():
            jobs, heights = self.known.setdefault(load, ([], []))
            jobs.append(at)
            heights.append(weight + (heights[-1] if heights else 0))


def data_wave(
    world: World, todo: Iterable[Work], placement: Placement, cases: Iterable[Needs], *, spread: bool
) -> DataWave:
    """Serve the data wave with nothing lost."""
    made = DataWave(spread)
    serving = Serving(world, spread=spread, operations=("data",))
    machines = world.inventory.machines
    led: defaultdict[str, set[Load]] = defaultdict(set)
    asks: defaultdict[str, set[Load]] = defaultdict(set)
    for needs in cases:
        if needs.ruled.is_data:
            led[needs.job].update(needs.contested)
            asks[needs.job].update(needs.loads)
    for work in todo:
        if work.job.enabled and work.operation == "data":
            items = tuple(
                (item, [machines[name].disks for name in item.machines] if isinstance(item, Alike) else [])
                for item in asked(world.inventory, work, placement, placement)
            )
            weights, carried = _serve(serving, work, items)
            made.add(
                _Step(work, items, frozenset(asks[work.name]), weights, carried), frozenset(led[work.name])
            )
    return made


def _serve(
    serving: Serving, work: Work, items: Iterable[tuple[Asked, list[int]]]
) -> tuple[dict[Load, int], Carried]:
    """Serve one job, and say what it adds to loads and to gateways."""
    loads = serving.waves["data"]
    marks = [(kind, wave, len(wave.log), dict(wave.counts)) for kind, wave in zip("gp", loads, strict=True)]
    job, carried = OneJob(serving, work), Carried()
    for item, disks in items:
        job.weigh(item, disks, carried)
    weights = {
        (kind, name): wave.counts[name] - before.get(name, 0)
        for kind, wave, mark, before in marks
        for name in {*wave.log[mark:]}
    }
    return weights, carried


def served_again(
    base: DataWave,
    world: World,
    changed: Mapping[str, Iterable[Load]],
    heeded: Container[str],
) -> Iterable[tuple[Carried, Carried]]:
    """What each job that is served again carried, and carries now.

    ``changed`` are the jobs whose rulings differ, with the loads that they ask for now; ``heeded`` are the proxies
    whose load may decide about a gateway.
    """
    serving = Serving(world, spread=base.spread, operations=("data",))
    wave = dict(zip("gp", serving.waves["data"], strict=True))
    more: dict[Load, int] = {}
    spoken: set[Load] = set()
    line = [base.places[name] for name in changed if name in base.places]
    heapify(line)
    done = -1
    while line:
        at = heappop(line)
        step = base.steps[at]
        name = step.work.name
        if at == done or (name not in changed and not any(more.get(load) for load in base.led[at])):
            continue
        done = at
        for load in {*changed.get(name, step.asks)}:
            kind, of = load
            found = wave[kind].counts.get(of, 0)
            if lacking := base.height(load, at) + more.get(load, 0) - found:
                wave[kind].add(of, lacking)
        weights, carried = _serve(serving, step.work, step.items)
        yield step.carried, carried
        for load in weights.keys() | step.weights.keys():
            if difference := weights.get(load, 0) - step.weights.get(load, 0):
                more[load] = more.get(load, 0) + difference
                if load not in spoken and (load[0] == "g" or load[1] in heeded):
                    spoken.add(load)
                    jobs = base.led_by.get(load, ())
                    for later in jobs[bisect_right(jobs, at) :]:
                        heappush(line, later)
