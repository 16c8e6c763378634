"""What one loss of a sweep changes in full, as ``what_if`` says it: who takes over, which loads rise, what fails now.

Only the jobs that the loss reaches are served again, with all that share a server or a proxy with them; a property test
holds the answer against planning from scratch.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from gwplan.failures.compare import Change, changes_of, mover
from gwplan.failures.loss import Loss
from gwplan.failures.needs import Needs
from gwplan.failures.running import Running
from gwplan.failures.survey import Survey
from gwplan.inventory.components import components
from gwplan.inventory.names import natural
from gwplan.network import Element
from gwplan.planning.carried import Carried, at_once
from gwplan.planning.decision import Decision, Served
from gwplan.planning.ledger import Batch, Entry, Sides, by_job, unsorted
from gwplan.planning.one_job import OneJob
from gwplan.planning.rank import slots
from gwplan.planning.serving import Serving
from gwplan.planning.tasks import Asked, Work, asked
from gwplan.planning.trace import BAD, Task

Step = tuple[str, str, str, str]
"""A change of decisions that are alike: job, operation, who moved the data before, who moves it then, or why nobody."""


@dataclass(frozen=True, slots=True)
class LoadThen:
    """The data tasks of one gateway before and after a loss, and the share of its slots that run at once then."""

    server: str
    tasks_before: int
    tasks_after: int
    slots: int
    share_after: float


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What a loss changes. ``steps`` counts decisions by kind of change; ``loads`` has the gateways whose load changes;
    ``failing`` the tasks of each job, or implied maintenance operation, that fail at once; ``servers`` and
    ``repositories`` what falls with what is down."""

    down: tuple[str, ...]
    steps: Mapping[str, Counter[Step]]
    loads: tuple[LoadThen, ...]
    failing: Mapping[str, int]
    servers: tuple[str, ...]
    repositories: tuple[str, ...]

    def number(self, change: str) -> int:
        """How many decisions change in this way."""
        return self.steps[change].total() if change in self.steps else 0

    def jobs(self, change: str) -> list[str]:
        """The jobs and operations that a change hits, in natural order."""
        return sorted({step[0] for step in self.steps.get(change, ())}, key=natural)


class Aftermaths:
    """The aftermaths of the losses of one survey."""

    def __init__(self, base: Survey) -> None:
        self._base = base
        self._groups, self._on = _groups(base.cases)
        self._running = Running(base.plan)
        self._entries = base.plan.decisions.by_job
        self._asked: dict[str, tuple[Asked, ...]] = {}

    def of(self, down: Iterable[Element]) -> Aftermath:
        """The aftermath of losing these together."""
        base, loss = self._base, Loss(self._base, frozenset(down))
        works = [work for work in base.todo if work.job.enabled]
        if not loss.replaced:
            groups = self._reached(loss)
            works = [work for work in works if self._groups.get(work.name) in groups]
        serving = Serving(loss.world, spread=base.strategy == "spread")
        for work in works:
            job = OneJob(serving, work)
            for task in self._tasks(loss, work):
                job.serve(task)
        loads = Carried(base.loads.tasks, base.loads.on)
        for work in works:
            loads.subtract(base.wave.carried_by(work.name))
        loads.update(serving.data)
        named = tuple(sorted((f"{kind}:{name}" for kind, name in loss.down), key=natural))
        fallen = (tuple(sorted(names, key=natural)) for names in (loss.fallen, loss.repositories))
        return Aftermath(named, self._steps(loss, works, serving), self._loads(loads), self._failing(loss), *fallen)

    def _tasks(self, loss: Loss, work: Work) -> tuple[Asked, ...]:
        """Those of a job, which are the same in every loss that places its chains alike."""
        base = self._base
        if loss.placement is not base.placement:
            return loss.tasks_of(work)
        if work.name not in self._asked:
            self._asked[work.name] = tuple(asked(base.inventory, work, base.placement, base.placement))
        return self._asked[work.name]

    def _reached(self, loss: Loss) -> set[int]:
        """The groups in which a job may be served otherwise."""
        reached: set[str] = set()
        changed: list[Needs] = []
        for needs in loss.touched:
            now = loss.ruled(needs)
            if now is not needs.ruled or loss.changes_who(needs, now.sides):
                reached.add(needs.job)
                changed.append(needs)
        groups = {self._groups[job] for job in reached}
        for needs in changed:
            for name in _touched(loss.needs_now(needs)):
                groups |= self._on.get(name, frozenset())
        return groups

    def _steps(self, loss: Loss, works: Iterable[Work], serving: Serving) -> dict[str, Counter[Step]]:
        after = by_job(serving.entries)
        steps: dict[str, Counter[Step]] = {}
        alike: dict[tuple[object, ...], tuple[Decision, Decision, int]] = {}
        for work in works:
            was, now = self._entries.get(work.name, []), after.get(work.name, [])
            pairs = _pairs(was, now)
            if pairs is None:  # a machine dropped out of a whole task, or came back to it
                _count(steps, changes_of(unsorted(was), unsorted(now), loss.world), 1)
                continue
            for one, other, task, number in pairs:  # whoever reads: what changes follows from ruling and server
                key = (one.ruling, one.gateway, other.ruling, other.gateway)
                known = alike.get(key)
                first = known[:2] if known else (Decision(one, task), Decision(other, task))
                alike[key] = (*first, number + (known[2] if known else 0))
        for before, then, number in alike.values():
            _count(steps, changes_of((before,), (then,), loss.world), number)
        return steps

    def _loads(self, loads: Carried) -> tuple[LoadThen, ...]:
        base = self._base
        before, together = base.loads.tasks, at_once(base.inventory, loads)
        changed = [name for name in before.keys() | loads.tasks.keys() if before[name] != loads.tasks[name]]
        return tuple(
            LoadThen(name, before[name], loads.tasks[name], most, together.get(name, 0) / most)
            for name in sorted(changed, key=natural)
            for most in (slots(base.inventory, name),)
        )

    def _failing(self, loss: Loss) -> dict[str, int]:
        numbers = Counter(job for job, _ in self._running.failing(loss.world))
        return {job: numbers[job] for job in sorted(numbers, key=natural)}


def _pairs(was: Sequence[Entry], now: Sequence[Entry]) -> list[tuple[Served, Served, Task, int]] | None:
    """How each side of each task was served and is served now, with one such task and their number; None where the
    tasks are others, or in another order."""
    if len(was) != len(now):
        return None
    found: list[tuple[Served, Served, Task, int]] = []
    for one, other in zip(was, now, strict=True):
        sides: Iterable[tuple[Sides, Sides, int]]
        if isinstance(one, Batch) and isinstance(other, Batch):
            if one.machines != other.machines:
                return None
            task = one.task(0)
            sides = ((*pair, number) for pair, number in Counter(zip(one.sides, other.sides, strict=True)).items())
        elif isinstance(one, tuple) and isinstance(other, tuple) and one[0].unit == other[0].unit:
            task = one[0].unit
            sides = [(tuple(d.served for d in one), tuple(d.served for d in other), 1)]
        else:
            return None
        for before, then, number in sides:
            if [_side(served) for served in before] != [_side(served) for served in then]:
                return None
            found += ((a, b, task, number) for a, b in zip(before, then, strict=True))
    return found


def _side(served: Served) -> tuple[str, str]:
    return served.ruling.operation, served.ruling.side


def _count(steps: dict[str, Counter[Step]], changes: Iterable[Change], number: int) -> None:
    """Add changes, each of which stands for ``number`` decisions."""
    for change in changes:
        decision = change.decision
        step = (decision.job, decision.operation, _who(change.before), _who(change.after))
        steps.setdefault(change.change, Counter())[step] += number


def _who(decision: Decision | None) -> str:
    """Who moves the data, or why nobody does; empty for what the plan does not have."""
    if decision is None:
        return ""
    return decision.reason or "" if decision.outcome in BAD else mover(decision)


def _touched(needs: Needs) -> Iterator[tuple[str, str, str]]:
    """The servers and proxies through which the load of a case reaches others, in its wave."""
    wave = needs.ruled.sides[0].operation
    yield from ((wave, "gateway", name) for name in needs.leaders)
    yield from ((wave, "proxy", name) for name in needs.reading)


def _groups(cases: Iterable[Needs]) -> tuple[dict[str, int], dict[tuple[str, str, str], frozenset[int]]]:
    """Jobs are one group if they share a server or a proxy that serves or not depending on load. Returns the number of
    each job's group, and the groups on each server and proxy, wave by wave."""
    touched: defaultdict[str, set[tuple[str, str, str]]] = defaultdict(set)
    contested: set[tuple[str, str, str]] = set()
    for needs in cases:
        names = set(_touched(needs))
        touched[needs.job] |= names
        if len(needs.leaders) > 1 or len(needs.reading) > 1:
            contested |= names
    parts = components(touched, lambda job: touched[job] & contested)
    groups = {job: number for number, part in enumerate(parts) for job in part}
    on: defaultdict[tuple[str, str, str], set[int]] = defaultdict(set)
    for job, names in touched.items():
        for name in names:
            on[name].add(groups[job])
    return groups, {name: frozenset(found) for name, found in on.items()}
