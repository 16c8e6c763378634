"""Every decision and every load that differs between the plans of two inventories, also what is new and what is gone.

``compare.py`` says what a loss changes, and this uses its words. An edit can change more: jobs may come, go, and write
elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from gwplan.failures.compare import Change, may_still_serve, mover, place_of, whole_of
from gwplan.inventory.model import Inventory
from gwplan.inventory.names import natural
from gwplan.planning.decision import Decision, Key, Served
from gwplan.planning.plan import Plan
from gwplan.planning.rank import slots
from gwplan.planning.trace import BAD
from gwplan.planning.world import World

DIFFERENCES = ("lost", "blocked", "restored", "moved", "rebalanced", "appeared", "gone")


class LoadChange(NamedTuple):
    """The data tasks and the slots of one gateway on both sides; no slots where a side does not have the server."""

    server: str
    tasks_before: int
    tasks_after: int
    slots_before: int | None
    slots_after: int | None


def differences(before: Plan, after: Plan) -> tuple[Change, ...]:
    """Every decision that differs in outcome, reason, gateway, proxy, data mover or repository, in the plan's order."""
    old, new = _by_job(before), _by_job(after)
    same = _Same()
    found = (
        change
        for job in dict.fromkeys([*old, *new])
        if not same.all(old.get(job, []), new.get(job, []))
        for change in _changes(old.get(job, []), new.get(job, []), after.world)
    )
    return tuple(sorted(found, key=lambda change: place_of(change.decision)))


def load_changes(before: Plan, after: Plan) -> tuple[LoadChange, ...]:
    """The gateways whose tasks or slots differ."""
    old = {load.server: load.tasks for load in before.gateways}
    new = {load.server: load.tasks for load in after.gateways}
    found = (
        LoadChange(
            name, old.get(name, 0), new.get(name, 0), _slots(before.inventory, name), _slots(after.inventory, name)
        )
        for name in sorted(old.keys() | new.keys(), key=natural)
    )
    return tuple(one for one in found if (one.tasks_before, one.slots_before) != (one.tasks_after, one.slots_after))


def _slots(inventory: Inventory, server: str) -> int | None:
    return slots(inventory, server) if server in inventory.servers else None


def _by_job(plan: Plan) -> dict[str, list[Decision]]:
    return {job: list(found) for job, found in groupby(plan.decisions, lambda d: d.served.ruling.job)}


class _Same:
    """Whether decisions are alike, asked once for all that are served alike."""

    def __init__(self) -> None:
        self._known: dict[tuple[Served, Served], bool] = {}

    def all(self, old: list[Decision], new: list[Decision]) -> bool:
        """Whether two jobs decide the same, task by task."""
        return len(old) == len(new) and all(
            was.unit.name == now.unit.name and self._alike(was.served, now.served)
            for was, now in zip(old, new, strict=True)
        )

    def _alike(self, was: Served, now: Served) -> bool:
        found = self._known.get((was, now))
        if found is None:
            sides = (was.ruling.operation, was.ruling.side), (now.ruling.operation, now.ruling.side)
            found = self._known[was, now] = sides[0] == sides[1] and _state(was) == _state(now)
        return found


def _state(served: Served) -> tuple[object, ...]:
    ruling = served.ruling
    return ruling.outcome, ruling.reason, served.gateway, served.proxy, ruling.data_mover, ruling.repository


def _changes(before: Iterable[Decision], after: Iterable[Decision], world: World) -> Iterator[Change]:
    """Those of one job. A machine that drops out of a whole task, or comes back, is held against that task."""
    old: dict[Key, Decision] = {decision.key: decision for decision in before}
    new: dict[Key, Decision] = {decision.key: decision for decision in after}
    for key, now in new.items():
        was = old.get(key) or (whole_of(old, now) if now.outcome in BAD else None)
        if change := _change(was, now, world):
            yield Change(change, was, now)
    for key, then in old.items():
        if key not in new:
            whole = whole_of(new, then) if then.outcome in BAD else None
            if change := _change(then, whole, world):
                yield Change(change, then, whole)


def _change(was: Decision | None, now: Decision | None, world: World) -> str | None:
    if now is None:
        return "gone"
    was_bad = was is not None and was.outcome in BAD
    if now.outcome in BAD:
        return None if was_bad else "lost" if now.outcome == "failed" else "blocked"
    if was is None:
        return "appeared"
    if was_bad:
        return "restored"
    if _state(was.served) == _state(now.served):
        return None
    return "rebalanced" if _is_by_load(was, now, world) else "moved"


def _is_by_load(was: Decision, now: Decision, world: World) -> bool:
    """Whether all that served before could still do so, and the load alone lets something else serve."""
    if was.repository != now.repository and not _is_a_choice(was.repository, now.repository, world.inventory):
        return False
    if was.proxy != now.proxy and not (was.proxy and now.proxy and _may_still_read(was, now, world)):
        return False
    return mover(was) == mover(now) or may_still_serve(was, now, world)


def _is_a_choice(one: str, other: str, inventory: Inventory) -> bool:
    """Whether two repositories are extents of one tier, among which a chain is placed."""
    return any(
        {one, other} <= tier.keys()
        for whole in inventory.scale_out_repositories.values()
        for tier in (whole.performance_tier, whole.capacity_tier.extents if whole.capacity_tier else {})
    )


def _may_still_read(was: Decision, now: Decision, world: World) -> bool:
    """Whether the proxy that read a task still may."""
    inventory, network, name = world.inventory, world.network, was.proxy or ""
    job, proxy = inventory.jobs.get(now.job), inventory.proxies.get(name)
    if job is None or proxy is None or not proxy.enabled or network.role_down("proxy", name):
        return False
    if job.listed_proxies is not None and name not in job.listed_proxies:
        return False
    server = network.role_server("proxy", name)
    machine = next((inventory.machines[m] for m in now.workloads if m in inventory.machines), None)
    site = job.puts_in_site or (inventory.site_of_workload(machine) if machine else None)
    reaches = site is None or network.hops(site, inventory.site_of_server(server)) is not None
    return reaches and inventory.servers[server].managed
