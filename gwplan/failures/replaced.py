"""Chains that a loss places otherwise: only those of the tiers that it reaches, and what becomes of their tasks, told
from rulings alone, without serving anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gwplan.failures.compare import may_still_serve, mover
from gwplan.failures.effect import Taken, Tally
from gwplan.failures.lost import Lost
from gwplan.failures.needs import Kind
from gwplan.failures.tiers import Placed
from gwplan.planning.chains import Placement
from gwplan.planning.decision import Decision, Served
from gwplan.planning.one_job import chains_of
from gwplan.planning.rulings import may_serve
from gwplan.planning.tasks import Asked, Case, InPlace, Singly, Work
from gwplan.planning.trace import BAD, NOWHERE, Ruling, Task

_SOMEBODY = Task("", (), 0)


def placed_again(loss: Lost) -> dict[str, Placed]:
    """Where the chains of the tiers that a loss reaches are then, by the tier."""

    def serves(work: Work, case: Case, kind: Kind | None) -> bool:
        if kind is None:
            return may_serve(loss.world, work, case)
        if not loss.hits(kind):
            return kind.is_served
        return not _is_refused(loss, kind) and loss.now(kind).sides[-1].is_served

    return {name: loss.base.placed.placed(name, loss.world, serves) for name in sorted(loss.tiers)}


def with_placed(before: Placement, placed: Iterable[Placed]) -> Placement:
    """All chains, with those of some tiers elsewhere."""
    chosen, offline = dict(before.chosen), set(before.offline)
    for one in placed:
        chosen.update(one.chosen)
        offline = {pair for pair in offline if pair[0] not in one.chosen} | one.offline
    return Placement(chosen, offline, before.machines, before.order)


def _is_refused(loss: Lost, kind: Kind) -> bool:
    """Whether it is known already that the target of a case is not served."""
    side = kind.ruled.sides[-1]
    over_fc = loss.base.inventory.repositories[side.repository].is_over_fc
    if side.outcome == "assigned" and not over_fc and ("repository", side.repository) in loss.unreached:
        return True  # the backup server is elsewhere
    if kind.hosts:  # another Hyper-V host may take over; else taking more away only turns a yes into a no
        return False
    return any(not less.now(kind).sides[-1].is_served for less in loss.less)


def cases_of(loss: Lost, work: Work) -> list[Case]:
    """The cases that a job's tasks fall into after a loss."""
    return [*dict.fromkeys(case for task in loss.tasks_of(work) for case in cases_in(task))]


class Now(NamedTuple):
    """What the rules say of a case now, and what it needs."""

    case: Case
    sides: tuple[Ruling, ...]
    kind: Kind

    @classmethod
    def of(cls, loss: Lost, work: Work, case: Case, *, synthetic: bool = False) -> Now:
        known = loss.base.kind_of(work, case, synthetic=synthetic)
        if known is None:
            new = loss.kind_of(work, case, synthetic=synthetic)
            return cls(case, new.ruled.sides, new)
        return cls(case, loss.now(known).sides, known)


def all_now(loss: Lost, work: Work, case: Case) -> Iterator[Now]:
    """What is said of a case and of the chains that it makes."""
    yield Now.of(loss, work, case)
    chains = chains_of(loss.world, work, case)
    if chains is not None:
        yield Now.of(loss, work, chains, synthetic=True)


def bad_tasks(loss: Lost, work: Work) -> set[tuple[str, str, str]]:
    """(operation, side, machine) of the tasks that cannot be served, of a job whose tasks hold a machine each."""
    bad: dict[int, list[tuple[str, str]]] = {}
    found: set[tuple[str, str, str]] = set()
    for machine, case in _each(loss, work):
        sides = bad.get(id(case))  # of one job, equal cases are one object
        if sides is None:
            now = all_now(loss, work, case)
            sides = bad[id(case)] = [(s.operation, s.side) for one in now for s in one.sides if s.outcome in BAD]
        found.update((*side, machine) for side in sides)
    return found


def count(loss: Lost, work: Work, tally: Tally) -> bool:
    """Count what becomes of a job's tasks. False where nothing but load says whether another server takes one over."""
    stood = loss.base.stood.of(work.name)
    known: dict[int, list[Now]] = {}
    machines: dict[tuple[int, int], list[str]] = {}
    cases: dict[int, Case] = {}
    for machine, case in _each(loss, work):  # of one job, equal cases are one object
        cases[id(case)] = case
        machines.setdefault((id(stood[machine]), id(case)), []).append(machine)
    for (_, number_of_case), alike in machines.items():
        before = stood[alike[0]]
        if number_of_case not in known:
            known[number_of_case] = [*all_now(loss, work, cases[number_of_case])]
        for number, now in enumerate(known[number_of_case]):
            for side, ruling in enumerate(now.sides):
                was = before[number][side] if before[number] else None
                change = _change(loss, was, now, side)
                if change is None:
                    return False
                if change == "moved":
                    tally.moved += len(alike)
                elif change:
                    bad_news = change == "failed" or ruling.reason != "source_down"
                    for machine in alike:
                        hit = Taken(work.name, ruling.operation, ruling.side, ruling.repository, machine, 1, bad_news)
                        tally.take(change, hit)
    return True


def cases_in(task: Asked) -> Iterable[Case]:
    """The cases of a task's machines."""
    if isinstance(task, InPlace):
        return (task.case,)
    return task.cases if isinstance(task, Singly) else (case for _, case in task.rows)


def _each(loss: Lost, work: Work) -> Iterator[tuple[str, Case]]:
    """Each machine with its case, of a job whose tasks hold a machine each."""
    for item in loss.tasks_of(work):
        assert isinstance(item, Singly)  # of others, each task is looked at
        yield from zip(item.machines, item.cases, strict=True)


def _change(loss: Lost, was: Served | None, then: Now, side: int) -> str | None:
    """``failed``, ``blocked`` or ``moved``; empty for nothing of these, None where load alone says it."""
    now = then.sides[side]
    was_bad = was is not None and was.ruling.outcome in BAD
    if now.outcome in BAD:
        return "" if was_bad else now.outcome
    if was is None or was_bad:
        return ""
    if now.outcome == "assigned" and was.gateway is not None and was.gateway in loss.servers:
        return "moved"
    before, after = (Decision(served, _SOMEBODY) for served in (was, Served(now, None, (), None, NOWHERE)))
    who = mover(before)
    if now.outcome != "assigned":
        return "moved" if who != mover(after) and not may_still_serve(before, after, loss.world) else ""
    if may_still_serve(before, after, loss.world):
        return ""
    leading = loss.then(then.kind).leading[side]
    if who not in leading:
        return "moved"
    return "" if len(leading) == 1 else None
