"""The difference of two plans: what fails at once, what moves, what is lost or blocked, what comes back.

Two moments: *now*, tasks that run fail when a machine that they use is lost; at the *next start* the plan is made again
without it. gateway_server.html#requirements
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from gwplan.inventory.names import natural
from gwplan.network import Network
from gwplan.planning.decision import Decision, Served
from gwplan.planning.plan import Plan
from gwplan.planning.select import select
from gwplan.planning.trace import BAD, Stop

CHANGES = ("lost", "blocked", "moved", "restored", "rebalanced")


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

    def of(self, change: str) -> list[Change]:
        return [one for one in self.changes if one.change == change]

    def jobs(self, change: str) -> list[str]:
        """The jobs that a change hits, in natural order."""
        return sorted({one.decision.job for one in self.of(change)}, key=natural)

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
    def is_bad_news(self) -> bool:
        """Whether something is newly failed, or blocked other than because its source is down."""
        return any(c.change == "lost" or (c.change == "blocked" and not _only_source(c)) for c in self.changes)


def _only_source(change: Change) -> bool:
    return change.after is not None and change.after.reason == "source_down"


def compare(before: Plan, after: Plan) -> WhatIf:
    """What differs between two plans, each with its own world."""
    network = after.world.network
    changes = sorted(changes_of(before.decisions, after.decisions, network), key=lambda change: _place(change.decision))
    return WhatIf(before, after, tuple(changes), _running(before, after), _loads(before, after))


def _place(decision: Decision) -> tuple[object, ...]:
    return (
        natural(decision.job), decision.operation, decision.side, natural(decision.repository), natural(decision.task),
    )  # fmt: skip


Key = tuple[str, str, str, str]


def _key(decision: Decision) -> Key:
    ruling = decision.ruling
    return ruling.job, ruling.operation, ruling.side, decision.unit.name


def changes_of(before: Iterable[Decision], after: Iterable[Decision], network: Network) -> Iterator[Change]:
    """The decisions that differ; a machine that drops out of a whole task is held against that task."""
    old = {_key(decision): decision for decision in before}
    new = {_key(decision): decision for decision in after}
    for key, now in new.items():
        was = old.get(key)
        if was is not None and (was is now or _state(was) == _state(now)):
            continue
        if was is None:
            was = _whole_of(old, now)
        if change := _change(was, now, network):
            yield Change(change, was, now)
    for key, then in old.items():
        if key not in new:
            whole = _whole_of(new, then)
            if change := _change(then, whole, network):
                yield Change(change, then, whole)


def _state(decision: Decision) -> tuple[object, ...]:
    ruling = decision.ruling
    return ruling.outcome, decision.gateway, ruling.reason, ruling.repository, ruling.data_mover


def _whole_of(decisions: Mapping[Key, Decision], part: Decision) -> Decision | None:
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


def _change(was: Decision | None, now: Decision | None, network: Network) -> str | None:
    if now is None:  # no such operation is needed any more
        return None
    was_bad, now_bad = was is not None and was.outcome in BAD, now.outcome in BAD
    if now_bad:
        return None if was_bad else "lost" if now.outcome == "failed" else "blocked"
    if was is None:
        return None
    if was_bad:
        return "restored"
    mover = was.gateway or was.data_mover
    if _state(was) == _state(now):
        return None
    return "moved" if mover is not None and network.server_down(mover) else "rebalanced"


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


# --- now --------------------------------------------------------------------------------------------------------------


def _running(before: Plan, after: Plan) -> tuple[tuple[str, str, str], ...]:
    """The tasks that fail at once if all that is planned is running; one with a side that is not served never ran."""
    was, now = before.world.network, after.world.network
    backup_server = now.server_down(before.inventory.backup_server) is not None
    idle = {
        (served.ruling.job, served.ruling.operation, decision.unit.name)
        for served, decisions in before.groups
        if served.ruling.outcome in BAD
        for decision in decisions
    }
    failing = {served: backup_server or _fails(before, served, was, now) for served, _ in before.groups}
    tasks = (
        (decision.ruling.job, decision.ruling.operation, decision.unit.name)
        for decision in before.decisions
        if failing[decision.served]
    )
    return tuple(dict.fromkeys(task for task in tasks if task not in idle))


def _fails(plan: Plan, served: Served, was: Network, now: Network) -> bool:
    inventory, ruling = plan.inventory, served.ruling
    if any(name in inventory.servers and now.server_down(name) for name in served.way.machines):
        return True
    if served.proxy in inventory.proxies and now.role_down("proxy", served.proxy or ""):
        return True
    job = inventory.jobs.get(ruling.job)
    if job is not None and ruling.operation == "data":
        pair = job.accelerators
        roles = [("wan_accelerator", pair.source), ("wan_accelerator", pair.target)] if pair else []
        roles += [("tape_server", job.tape)] if job.tape is not None else []
        if any(now.role_down(*role) for role in roles):
            return True
    if now.repository_down(ruling.repository):
        return True
    return any(_is_cut(was, now, here, there) for here, there in pairwise(served.way.stops))


def _is_cut(was: Network, now: Network, here: Stop, there: Stop) -> bool:
    """Whether two that meet over the network lost their last route."""
    if here.over_fc or there.over_fc or here.site is None or there.site is None:
        return False
    return was.hops(here.site, there.site) is not None and now.hops(here.site, there.site) is None
