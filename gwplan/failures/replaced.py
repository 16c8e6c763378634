"""Chains that a loss places otherwise: only those of the tiers that it reaches, and what becomes of their tasks, told
from rulings alone, without serving anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from gwplan.failures.compare import may_still_serve, mover
from gwplan.failures.effect import Taken, Tally
from gwplan.failures.lost import Lost
from gwplan.failures.needs import Needs
from gwplan.planning.chains import Placement
from gwplan.planning.decision import Decision, Served
from gwplan.planning.one_job import chains_of
from gwplan.planning.placement import place_chains
from gwplan.planning.rulings import Ruled
from gwplan.planning.tasks import Asked, Case, InPlace, Singly, Work
from gwplan.planning.trace import BAD, NOWHERE, Task

_SOMEBODY = Task("", (), 0)


def placed_again(loss: Lost) -> tuple[Placement, frozenset[str]]:
    """Where the chains are then, and the jobs that have one elsewhere, or one whose extent is newly down."""
    base, world = loss.base, loss.world
    before = base.placement
    touched = frozenset(loss.placing)
    known: dict[tuple[object, ...], Ruled] = {}
    for needs in (needs for tier in loss.tiers for needs in base.placing_of.get(tier, ())):
        ruled = needs.ruled if needs not in touched or not loss.touches(needs) else _refused(loss, needs)
        if ruled is not None:
            known[needs.ruled.work, needs.ruled.case] = ruled
    own = world.ruled
    world.ruled = {**known, **own}  # for the choice, which asks nothing but whether a case is served
    works = tuple(work for work in base.todo if work.has_choice and work.tier in loss.tiers)
    made = place_chains(world, works, before, rows=base.rows)
    world.ruled = own | {key: ruled for key, ruled in world.ruled.items() if key not in known}
    kept = {pair for pair in before.offline if pair[0] not in made.chosen}
    moved = {name for name, chosen in made.chosen.items() if chosen != before.chosen[name]}
    moved |= {name for name, _ in (before.offline - kept) ^ made.offline}
    if not moved:
        return before, frozenset()
    chosen, offline = before.chosen | made.chosen, kept | made.offline
    return Placement(chosen, offline, before.machines, before.order), frozenset(moved)


def _refused(loss: Lost, needs: Needs) -> Ruled | None:
    """A ruling that refuses the target of a case, where that is known already; None where it has to be asked."""
    *others, side = needs.ruled.sides
    over_fc = loss.base.inventory.repositories[side.repository].is_over_fc
    if side.outcome == "assigned" and not over_fc and ("repository", side.repository) in loss.unreached:
        return replace(needs.ruled, sides=(*others, replace(side, outcome="failed")))  # the backup server is elsewhere
    if needs.hosts:  # another Hyper-V host may take over; else taking more away only turns a yes into a no
        return None
    found = (less.ruled(needs) for less in loss.less)
    return next((ruled for ruled in found if not ruled.sides[-1].is_served), None)


def cases_of(loss: Lost, work: Work) -> list[Case]:
    """The cases that a job's tasks fall into after a loss."""
    return [*dict.fromkeys(case for task in loss.tasks_of(work) for case in cases_in(task))]


def rulings_of(loss: Lost, work: Work, case: Case) -> Iterator[Ruled]:
    """What is ruled of a case and of the chains that it makes."""
    yield loss.ruled_of(work, case)
    chains = chains_of(loss.world, work, case)
    if chains is not None:
        yield loss.ruled_of(work, chains, synthetic=True)


def bad_tasks(loss: Lost, work: Work) -> set[tuple[str, str, str]]:
    """(operation, side, machine) of the tasks that cannot be served, of a job whose tasks hold a machine each."""
    bad: dict[Case, list[tuple[str, str]]] = {}
    found: set[tuple[str, str, str]] = set()
    for machine, case in _each(loss, work):
        if case not in bad:
            ruled = rulings_of(loss, work, case)
            bad[case] = [(s.operation, s.side) for one in ruled for s in one.sides if s.outcome in BAD]
        found.update((*side, machine) for side in bad[case])
    return found


def count(loss: Lost, work: Work, tally: Tally) -> bool:
    """Count what becomes of a job's tasks. False where nothing but load says whether another server takes one over."""
    stood = loss.base.stood.of(work.name)
    machines: dict[tuple[int, Case], list[str]] = {}
    for machine, case in _each(loss, work):
        machines.setdefault((id(stood[machine]), case), []).append(machine)
    for (_, case), alike in machines.items():
        before = stood[alike[0]]
        for number, ruled in enumerate(rulings_of(loss, work, case)):
            for side, now in enumerate(ruled.sides):
                was = before[number][side] if before[number] else None
                change = _change(loss, was, ruled, side)
                if change is None:
                    return False
                if change == "moved":
                    tally.moved += len(alike)
                elif change:
                    bad_news = change == "failed" or now.reason != "source_down"
                    for machine in alike:
                        hit = Taken(now.job, now.operation, now.side, now.repository, machine, 1, bad_news)
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


def _change(loss: Lost, was: Served | None, ruled: Ruled, side: int) -> str | None:
    """``failed``, ``blocked`` or ``moved``; empty for nothing of these, None where load alone says it."""
    now = ruled.sides[side]
    was_bad = was is not None and was.ruling.outcome in BAD
    if now.outcome in BAD:
        return "" if was_bad else now.outcome
    if was is None or was_bad:
        return ""
    before, after = (Decision(served, _SOMEBODY) for served in (was, Served(now, None, (), None, NOWHERE)))
    who = mover(before)
    if now.outcome != "assigned":
        return "moved" if who != mover(after) and not may_still_serve(before, after, loss.world) else ""
    if was.gateway is not None and was.gateway in loss.servers:
        return "moved"
    if may_still_serve(before, after, loss.world):
        return ""
    leading = loss.leading(ruled, side)
    if who not in leading:
        return "moved"
    return "" if len(leading) == 1 else None


