"""What is recommended, held against brute force: every change of one or two, made and planned from scratch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations, product
from typing import Any

from hypothesis import given, settings
from strategies import inventories
from support import inventory_of

from gwplan.checks import check
from gwplan.failures.sweep import elements_of, sweep
from gwplan.findings import InventoryError
from gwplan.inventory.model import Inventory
from gwplan.planning.plan import plan
from gwplan.planning.trace import BAD
from gwplan.remedies.changes import changed
from gwplan.remedies.places import is_listable, mount_slots, slot_of
from gwplan.remedies.recommend import Recommendation, recommend

Task = tuple[str, str, str, str]
Tasks = frozenset[Task]


class State:
    """An inventory from scratch: what fails, and what hangs on each element, machine by machine."""

    def __init__(self, inventory: Inventory) -> None:
        made = plan(inventory)
        self.failing = _bad(inventory)
        self.keys = frozenset(d.key for d in made.decisions if d.outcome in BAD)
        self.errors = sorted((f.code, str(f.subject)) for f in check(made) if f.severity == "error")
        self.hanging = {
            f"{kind}:{name}": _bad(inventory, f"{kind}:{name}") - self.failing for kind, name in elements_of(inventory)
        }
        self.points = frozenset(sweep(inventory).single_points)

    def is_harmed_by(self, after: State) -> bool:
        errors = [*after.errors]
        for error in self.errors:
            if error in errors:
                errors.remove(error)
        return bool(
            after.keys - self.keys
            or errors
            or any(tasks - self.hanging.get(name, frozenset()) - self.failing for name, tasks in after.hanging.items())
        )


def _bad(inventory: Inventory, *down: str) -> Tasks:
    return frozenset(
        (d.job, d.operation, d.side, machine)
        for d in plan(inventory, down=down).decisions
        if d.outcome in BAD
        for machine in (d.workloads or (d.task,))
    )


def single_changes(inventory: Inventory) -> Iterator[dict[str, Any]]:
    """Every change of one place that brings names: what the contract lets be tried, all names at once included."""
    servers = [*inventory.servers]
    for name, entry in inventory.repositories.items():
        if is_listable(inventory, name):
            old = entry.gateway_servers or ()
            for more in _subsets([server for server in servers if server not in old]):
                new = entry.model_copy(update={"gateway_servers": (*old, *more)})
                yield {"repositories": {name: new}}
        slots = mount_slots(inventory, name)
        for windows, linux in product(*(_options(inventory, slots[slot], slot) for slot in ("windows", "linux"))):
            pair = {slot: value for slot, value in (("windows", windows), ("linux", linux)) if value}
            if pair and pair != {slot: value for slot, value in slots.items() if value}:
                from gwplan.inventory.entries import MountServerPair

                new = entry.model_copy(update={"mount_server": MountServerPair(**pair)})
                yield {"repositories": {name: new}}
    for name, job in inventory.jobs.items():
        if job.listed_proxies is not None:
            for more in _subsets([proxy for proxy in inventory.proxies if proxy not in job.listed_proxies]):
                new = job.model_copy(update={job.through_proxies: (*job.listed_proxies, *more)})
                yield {"jobs": {name: new}}
    for name, members in inventory.listed_fabrics.items():
        inside = {member for kind, member in inventory.fabrics[name] if kind == "server"}
        for more in _subsets([server for server in servers if server not in inside]):
            yield {"fabrics": {name: (*members, *more)}}


def _options(inventory: Inventory, now: str | None, slot: str) -> list[str | None]:
    return [now, *(s for s in inventory.servers if slot_of(inventory, s) == slot and s != now)]


def _subsets(names: list[str]) -> Iterator[tuple[str, ...]]:
    for size in range(1, len(names) + 1):
        yield from combinations(names, size)


def made(inventory: Inventory, *changes: Mapping[str, Mapping[str, Any]]) -> Inventory:
    both: dict[str, dict[str, Any]] = {}
    for change in changes:
        for section, entries in change.items():
            both.setdefault(section, {}).update(entries)
    return inventory.changed(**both)


def removed_by_one(inventory: Inventory, before: State) -> tuple[frozenset[str], frozenset[str]]:
    """The single points, and the failing decisions, that some single harmless change removes."""
    points: set[str] = set()
    keys: set[Any] = set()
    for change in single_changes(inventory):
        after = State(made(inventory, change))
        if not before.is_harmed_by(after):
            points |= before.points - after.points
            keys |= before.keys - after.keys
    return frozenset(points), frozenset(keys)


def small(data: dict[str, Any]) -> Inventory:
    """Fewer servers and jobs, so that all subsets can be tried."""
    keep = [*data["servers"]][:4]
    text = data
    del keep
    return inventory_of(text)
