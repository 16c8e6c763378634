"""The decisions that somebody asked for by name."""

from __future__ import annotations

from collections.abc import Iterable

from gwplan.findings import UsageError
from gwplan.inventory.model import Inventory
from gwplan.inventory.names import members_of, natural, nearest
from gwplan.planning.decision import Decision
from gwplan.planning.plan import EVERY_JOB, Plan, plan
from gwplan.planning.tasks import works

_WAVES = ("data", "synthetic", "maintenance", "restore")


def explained(
    inventory: Inventory, name: str, task: str | None = None, *, operation: str | None = None, side: str | None = None,
    down: Iterable[str] = (), strategy: str = "nearest",
) -> tuple[Plan, tuple[Decision, ...]]:  # fmt: skip
    """A plan, and the decisions of it that are asked for, with the rank of each server.

    ``name`` is a job, the id of an implied operation, or a machine: then what each job decides about it. ``task`` is a
    machine or a group of them. Raises UsageError where nothing so called is decided.
    """
    machines = members_of(name, inventory.workloads) if name not in inventory.jobs and task is None else ()
    made = plan(inventory, down=down, strategy=strategy, trace=EVERY_JOB if machines else {name})
    about = about_machines(made, machines)
    if not about:
        members = members_of(task, inventory.workloads) if task else ()
        return made, select(made, name, task, operation=operation, side=side, members=members)
    found = _only(about, operation, side)
    if not found:
        raise UsageError(f"no job decides such a thing about {name}; leave {_options(operation, side)} out")
    return made, found


def select(
    made: Plan, job: str, task: str | None = None, *, operation: str | None = None, side: str | None = None,
    members: Iterable[str] = (),
) -> tuple[Decision, ...]:  # fmt: skip
    """The decisions of a job, in the plan's order; ``members`` are the machines of ``task`` where it names a group.

    Raises UsageError where there are none.
    """
    wanted = {task, *members}
    of_job = made.decisions.of_job(job)
    if not of_job:
        raise UsageError(_no_job(made, job))
    about = [d for d in of_job if task is None or d.task in wanted or not wanted.isdisjoint(d.workloads)]
    found = _only(about, operation, side)
    if not found:
        asked = " ".join(filter(None, (task, _options(operation, side))))
        raise UsageError(f"{job} has no decision for {asked}; {_instead(of_job, about, task)}")
    return found


def about_machines(made: Plan, machines: Iterable[str]) -> tuple[Decision, ...]:
    """What every job decides about some machines, in the order of the night: wave by wave, as jobs are placed."""
    wanted = set(machines)
    order = {work.name: number for number, work in enumerate(works(made.inventory))}
    found = [decision for decision in made.decisions if not wanted.isdisjoint(decision.workloads)]
    return tuple(sorted(found, key=lambda decision: (_WAVES.index(decision.operation), order[decision.job])))


def _only(decisions: Iterable[Decision], operation: str | None, side: str | None) -> tuple[Decision, ...]:
    return tuple(d for d in decisions if operation in (None, d.operation) and side in (None, d.side))


def _instead(of_job: Iterable[Decision], about: Iterable[Decision], task: str | None) -> str:
    """What to ask for: another task, or what is decided of this one."""
    there = dict.fromkeys(_options(decision.operation, decision.side) for decision in about)
    if there:
        return f"there is {' and '.join(there)}"
    tasks = sorted({decision.task for decision in of_job}, key=natural)
    guess = nearest(task or "", tasks)
    return f"did you mean {guess!r}?" if guess else f"it has {_some(tasks)}"


def _options(operation: str | None, side: str | None) -> str:
    return " ".join(filter(None, (operation and f"--operation {operation}", side and f"--side {side}")))


def _no_job(made: Plan, job: str) -> str:
    names = {ruling.job for ruling in made.rulings}
    if job in made.not_covered:
        kind = made.inventory.jobs[job].type
        what = kind if kind == "other" else f"{kind} with a restore_mode"
        return f"{job} is a job of type {what}: the vendor's page is silent about it, so nothing is decided"
    idle = dict(made.idle)
    if job in idle:
        return f"{job} reads from {idle[job]}, which holds nothing for it, so nothing is decided"
    guess = nearest(job, names)
    hint = f"did you mean {guess!r}?" if guess else f"there are {_some(sorted(names, key=natural))}"
    return f"no job called {job!r} is planned (it may be disabled); {hint}"


def _some(names: list[str]) -> str:
    return ", ".join(names[:8]) + (f" … ({len(names)} in all)" if len(names) > 8 else "") if names else "none"
