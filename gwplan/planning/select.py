"""The decisions that somebody asked for by name."""

from __future__ import annotations

from collections.abc import Iterable

from gwplan.findings import UsageError
from gwplan.inventory.names import natural, nearest
from gwplan.planning.decision import Decision
from gwplan.planning.plan import Plan
from gwplan.planning.tasks import works

_WAVES = ("data", "synthetic", "maintenance", "restore")


def select(
    plan: Plan, job: str, task: str | None = None, *, operation: str | None = None, side: str | None = None,
    members: Iterable[str] = (),
) -> tuple[Decision, ...]:  # fmt: skip
    """The decisions of a job, in the plan's order; ``members`` are the machines of ``task`` where it names a group.

    Raises UsageError where there are none.
    """
    wanted = {task, *members}
    of_job = plan.decisions.of_job(job)
    if not of_job:
        raise UsageError(_no_job(plan, job))
    found = [
        decision
        for decision in of_job
        if (task is None or decision.task in wanted or not wanted.isdisjoint(decision.workloads))
        and (operation is None or decision.operation == operation)
        and (side is None or decision.side == side)
    ]
    if not found:
        tasks = sorted({decision.task for decision in of_job}, key=natural)
        guess = nearest(task, tasks) if task else None
        asked = " ".join(filter(None, (task, operation and f"--operation {operation}", side and f"--side {side}")))
        hint = f"did you mean {guess!r}?" if guess else f"it has {_some(tasks)}"
        raise UsageError(f"{job} has no decision for {asked}; {hint}")
    return tuple(found)


def about_machines(plan: Plan, machines: Iterable[str]) -> tuple[Decision, ...]:
    """What every job decides about some machines, in the order of the night: wave by wave, as jobs are placed."""
    wanted = set(machines)
    order = {work.name: number for number, work in enumerate(works(plan.inventory))}
    found = [decision for decision in plan.decisions if not wanted.isdisjoint(decision.workloads)]
    return tuple(sorted(found, key=lambda decision: (_WAVES.index(decision.operation), order[decision.job])))


def _no_job(plan: Plan, job: str) -> str:
    names = {ruling.job for ruling in plan.rulings}
    if job in plan.not_covered:
        kind = plan.inventory.jobs[job].type
        what = kind if kind == "other" else f"{kind} with a restore_mode"
        return f"{job} is a job of type {what}: the vendor's page is silent about it, so nothing is decided"
    idle = dict(plan.idle)
    if job in idle:
        return f"{job} reads from {idle[job]}, which holds nothing for it, so nothing is decided"
    guess = nearest(job, names)
    hint = f"did you mean {guess!r}?" if guess else f"there are {_some(sorted(names, key=natural))}"
    return f"no job called {job!r} is planned (it may be disabled); {hint}"


def _some(names: list[str]) -> str:
    return ", ".join(names[:8]) + (f" … ({len(names)} in all)" if len(names) > 8 else "") if names else "none"
