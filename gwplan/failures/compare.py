"""The difference of two plans, each with its own world: what fails at once, moves, is lost or blocked, comes back.

Two moments: *now*, tasks that run fail when something that they use is lost; at the *next start* the plan is made again
without it. A name is looked up in the world of the plan that it belongs to: the other one may not have it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from gwplan.failures.running import failing_tasks
from gwplan.inventory.model import Inventory
from gwplan.inventory.names import natural
from gwplan.inventory.notebook import html_table
from gwplan.planning.decision import Decision, Key
from gwplan.planning.filters import Ask
from gwplan.planning.plan import Plan, plan
from gwplan.planning.select import select
from gwplan.planning.trace import BAD
from gwplan.planning.world import World

CHANGES = ("lost", "blocked", "moved", "restored", "rebalanced")
_NAMES_A_TASK = ("job", "type", "operation", "side", "repository", "task")


class Change(NamedTuple):
    """One task that is served differently. ``change`` is one of CHANGES; a side may be None for a task that only one
    of the plans has."""

    change: str
    before: Decision | None
    after: Decision | None

    @property
    def decision(self) -> Decision:
        """The one that names it: after, unless it is gone."""
        found = self.after or self.before
        assert found is not None
        return found

    def to_dict(self) -> dict[str, Any]:
        """The values of a change in ``gwplan.whatif/1``, in their order."""
        decision = {key: getattr(self.decision, key) for key in _NAMES_A_TASK}
        return {**decision, "before": _outcome(self.before), "after": _outcome(self.after), "change": self.change}


def _outcome(decision: Decision | None) -> dict[str, Any] | None:
    return {key: getattr(decision, key) for key in ("outcome", "gateway", "reason")} if decision else None


class Load(NamedTuple):
    """The tasks of one gateway before and after, in the data wave."""

    server: str
    tasks_before: int
    tasks_after: int
    slots: int


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What a loss (or a return) changes. ``running`` has the tasks that fail at once, as (job, operation, task)."""

    before: Plan
    after: Plan
    changes: tuple[Change, ...]
    running: tuple[tuple[str, str, str], ...]
    loads: tuple[Load, ...]

    def __repr__(self) -> str:
        numbers = [f"{len(self.of(change))} {change}" for change in CHANGES if self.of(change)]
        down = f", down: {', '.join(self.after.down)}" if self.after.down else ""
        failing = sum(self.failing.values())
        return f"<WhatIf{down}: {', '.join(numbers) or 'nothing changes'}; {failing} running tasks fail>"

    def _repr_html_(self) -> str:
        columns = ("change", "job", "operation", "side", "repository", "task")
        told = (change.to_dict() for change in self.changes)
        return html_table(repr(self), columns, ([row[column] for column in columns] for row in told))

    def of(self, change: str) -> list[Change]:
        return [one for one in self.changes if one.change == change]

    def jobs(self, change: str) -> list[str]:
        """The declared jobs that a change hits, in natural order."""
        return [name for name in self._names(change) if self.is_declared(name)]

    def operations(self, change: str) -> list[str]:
        """The implied maintenance operations that a change hits, in natural order."""
        return [name for name in self._names(change) if not self.is_declared(name)]

    def _names(self, change: str) -> list[str]:
        return sorted({one.decision.job for one in self.of(change)}, key=natural)

    def is_declared(self, name: str) -> bool:
        """Whether this is a job of either inventory, and not maintenance that nobody declares."""
        return name in self.before.inventory.jobs or name in self.after.inventory.jobs

    @property
    def failing(self) -> Mapping[str, int]:
        """The declared jobs whose tasks fail at once, in natural order, each with the number of these tasks.

        A task counts once, whether its data, the synthetic operation after it or both would fail.
        """
        tasks = {(job, task) for job, _, task in self.running if self.is_declared(job)}
        numbers = Counter(job for job, _ in tasks)
        return {job: numbers[job] for job in sorted(numbers, key=natural)}

    @property
    def failing_operations(self) -> list[str]:
        """The implied maintenance operations that fail at once, in natural order."""
        return sorted({job for job, _, _ in self.running if not self.is_declared(job)}, key=natural)

    def narrowed(self, jobs: Collection[str]) -> WhatIf:
        """Only these jobs. Raises UsageError for one that neither plan decides anything about."""
        known = {decision.job for decision in self.before.decisions}
        for name in jobs:
            if name not in known:
                select(self.after, name)
        return replace(
            self,
            changes=tuple(change for change in self.changes if change.decision.job in jobs),
            running=tuple(task for task in self.running if task[0] in jobs),
        )

    @property
    def asks_nothing(self) -> bool:
        """Whether the two plans are of one world: nothing was lost, came back or was added."""
        return self.before.inventory is self.after.inventory and self.before.world.down == self.after.world.down

    @property
    def has_jobs(self) -> bool:
        return bool(self.before.inventory.jobs or self.after.inventory.jobs)

    @property
    def is_bad_news(self) -> bool:
        """Whether something is newly failed, or blocked other than because its source is down."""
        return any(map(is_bad_news, self.changes))


def is_bad_news(change: Change) -> bool:
    """Whether it is a loss that another source would not undo."""
    if change.change == "blocked":
        return change.after is None or change.after.reason != "source_down"
    return change.change == "lost"


def what_if(before: Plan, *, inventory: Inventory | None = None, down: Iterable[str] = ()) -> WhatIf:
    """Compare a plan with the one made without what is ``down``, for another inventory where one is given.

    Raises UsageError for a name that nothing has.
    """
    return compare(before, plan(inventory or before.inventory, down=down, strategy=before.strategy))


def compare(before: Plan, after: Plan) -> WhatIf:
    """What differs between two plans."""
    changes = changes_of(before.decisions, after.decisions, after.world)
    in_order = sorted(changes, key=lambda change: place_of(change.decision))
    return WhatIf(before, after, tuple(in_order), failing_tasks(before, after.world), _loads(before, after))


def place_of(decision: Decision) -> tuple[object, ...]:
    """Where a decision stands in the order of a plan."""
    return (
        natural(decision.job), decision.operation, decision.side, natural(decision.repository), natural(decision.task),
    )  # fmt: skip


def _loads(before: Plan, after: Plan) -> tuple[Load, ...]:
    old = {load.server: load for load in before.gateways}
    new = {load.server: load for load in after.gateways}
    return tuple(
        Load(
            name,
            old[name].tasks if name in old else 0,
            new[name].tasks if name in new else 0,
            (new.get(name) or old[name]).slots,
        )
        for name in sorted(old.keys() | new.keys(), key=natural)
    )


# --- next start -------------------------------------------------------------------------------------------------------


def changes_of(before: Iterable[Decision], after: Iterable[Decision], world: World) -> Iterator[Change]:
    """The decisions that differ; ``world`` is that of the later ones. A machine that drops out of a whole task is held
    against that task."""
    old = {decision.key: decision for decision in before}
    new = {decision.key: decision for decision in after}
    for key, now in new.items():
        was = old.get(key)
        if was is not None and (was is now or _state(was) == _state(now)):
            continue
        if was is None:
            was = whole_of(old, now)
        if change := _change(was, now, world):
            yield Change(change, was, now)
    for key, then in old.items():
        if key not in new:
            whole = whole_of(new, then)
            if change := _change(then, whole, world):
                yield Change(change, then, whole)


def _state(decision: Decision) -> tuple[object, ...]:
    ruling = decision.ruling
    return ruling.outcome, decision.gateway, ruling.reason, ruling.repository, ruling.data_mover


def whole_of(decisions: Mapping[Key, Decision], part: Decision) -> Decision | None:
    """The decision of a whole job that one machine dropped out of, or came back to."""
    ruling = part.ruling
    for name in (ruling.job, *_source_names(decisions, part)):
        whole = decisions.get((ruling.job, ruling.operation, ruling.side, name))
        if whole is not None and set(part.workloads) <= set(whole.workloads):
            return whole
    return None


def _source_names(decisions: Mapping[Key, Decision], part: Decision) -> list[str]:
    """The tasks of a tape job, which are called by their sources."""
    if part.type != "tape":
        return []
    return [key[3] for key in decisions if key[:3] == (part.job, part.operation, part.side)]


def _change(was: Decision | None, now: Decision | None, world: World) -> str | None:
    if now is None:  # no such operation is needed any more
        return None
    was_bad, now_bad = was is not None and was.outcome in BAD, now.outcome in BAD
    if now_bad:
        return None if was_bad else "lost" if now.outcome == "failed" else "blocked"
    if was is None or _state(was) == _state(now):
        return None
    if was_bad:
        return "restored"
    return "moved" if mover(was) != mover(now) and not may_still_serve(was, now, world) else "rebalanced"


def mover(decision: Decision) -> str:
    """Who moves the data of a side that is served: an appliance without a server does so itself."""
    return decision.gateway or decision.data_mover or decision.repository


def may_still_serve(was: Decision, now: Decision, world: World) -> bool:
    """Whether who served a task still may, so that load alone makes another one serve."""
    if was.repository == now.repository:
        return mover(was) in now.ruling.eligible
    server, repository, inventory = mover(was), was.repository, world.inventory
    if repository not in inventory.repositories or world.network.repository_down(repository):
        return False
    if was.gateway is None:  # another extent of the same standing was chosen
        return server == repository or server == inventory.repositories[repository].server
    return server in inventory.servers and world.candidate(Ask(server, repository)).eligible
