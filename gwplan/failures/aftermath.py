"""What one loss of a sweep changes in full, as ``what_if`` says it: who takes over, which loads rise, what fails now.

Only the jobs that the loss may lead elsewhere are served again; a property test holds the answer against planning from
scratch.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from gwplan.failures.all_waves import AllWaves
from gwplan.failures.compare import Change, changes_of, mover
from gwplan.failures.loss import Loss
from gwplan.failures.running import Running
from gwplan.failures.survey import Survey
from gwplan.inventory.names import natural
from gwplan.network import Element
from gwplan.planning.carried import Carried
from gwplan.planning.decision import Decision, Served
from gwplan.planning.ledger import Batch, Entry, Sides, by_job, carried_of, unsorted
from gwplan.planning.tasks import Work
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
        self._waves = AllWaves(base)
        self._running = Running(base.plan)
        self._entries = base.plan.decisions.by_job
        self._carried: dict[str, Carried] = {}

    def of(self, down: Iterable[Element]) -> Aftermath:
        """The aftermath of losing these together."""
        loss = Loss(self._base, frozenset(down))
        works, entries = self._waves.after(loss)
        more = carried_of(entries)
        for work in works:
            more.subtract(self._carried_by(work.name))
        named = tuple(sorted((f"{kind}:{name}" for kind, name in loss.down), key=natural))
        fallen = (tuple(sorted(names, key=natural)) for names in (loss.fallen, loss.repositories))
        return Aftermath(named, self._steps(loss, works, entries), self._loads(more), self._failing(loss), *fallen)

    def _carried_by(self, job: str) -> Carried:
        """What a job makes the gateways carry with nothing lost."""
        if job not in self._carried:
            self._carried[job] = carried_of(self._entries.get(job, ()))
        return self._carried[job]

    def _steps(self, loss: Loss, works: Iterable[Work], entries: Iterable[Entry]) -> dict[str, Counter[Step]]:
        after = by_job(entries)
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

    def _loads(self, more: Carried) -> tuple[LoadThen, ...]:
        """The gateways that carry more than with nothing lost, or less."""
        was, room = self._base.loads.tasks, self._base.peaks.room
        changed = sorted((name for name, tasks in more.tasks.items() if tasks), key=natural)
        together = self._base.peaks.together(changed, more)
        return tuple(
            LoadThen(name, was[name], was[name] + more.tasks[name], room[name], together.get(name, 0) / room[name])
            for name in changed
        )

    def _failing(self, loss: Loss) -> dict[str, int]:
        apart = [*(("site", name) for name in loss.cut_off), *loss.unzoned]
        numbers = Counter(job for job, _ in self._running.failing(loss.world, loss.lost, apart))
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
