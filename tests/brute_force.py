"""Every change of one place that may be tried, and what an inventory is like from scratch, planned for each loss."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import combinations, product
from typing import Any

from gwplan.checks import check
from gwplan.failures.sweep import elements_of, sweep
from gwplan.findings import Severity
from gwplan.inventory.entries import MountServerPair
from gwplan.inventory.model import Inventory
from gwplan.planning.plan import Plan, plan
from gwplan.planning.trace import BAD
from gwplan.remedies.places import is_listable, mount_slots, slot_of

Task = tuple[str, str, str, str]
Tasks = frozenset[Task]
Change = Mapping[str, Mapping[str, Any]]


class State:
    """What fails, and what hangs on each element, machine by machine."""

    def __init__(self, inventory: Inventory) -> None:
        made = plan(inventory)
        self.failing = _bad(made)
        self.keys = frozenset(d.key for d in made.decisions if d.outcome in BAD)
        self._made = made
        self.hanging: dict[str, Tasks] = {}
        for element in elements_of(inventory):
            name = ":".join(element)
            self.hanging[name] = _bad(plan(inventory, down=[name])) - self.failing

    @cached_property
    def points(self) -> frozenset[str]:
        """Single points of failure."""
        return frozenset(sweep(self._made.inventory).single_points)

    @property
    def errors(self) -> list[str]:
        return sorted(f"{f.code} {f.subject}" for f in check(self._made) if f.severity is Severity.ERROR)

    def is_harmed_by(self, after: State) -> bool:
        if after.failing - self.failing:
            return True
        for name, tasks in after.hanging.items():
            if tasks - self.hanging.get(name, frozenset()) - self.failing:
                return True
        left = [*after.errors]
        for error in self.errors:
            if error in left:
                left.remove(error)
        return bool(left)


def _bad(made: Plan) -> Tasks:
    return frozenset(
        (d.job, d.operation, d.side, machine)
        for d in made.decisions
        if d.outcome in BAD
        for machine in (d.workloads or (d.task,))
    )


def single_changes(inventory: Inventory) -> Iterator[tuple[str, Change]]:
    """Each change with its place; those of mount servers replace them, too."""
    for name, entry in inventory.repositories.items():
        if is_listable(inventory, name):
            old = entry.gateway_servers or ()
            for more in _subsets([server for server in inventory.servers if server not in old]):
                changed = entry.model_copy(update={"gateway_servers": (*old, *more)})
                yield f"list {name}", {"repositories": {name: changed}}
        for pair in _pairs(inventory, mount_slots(inventory, name)):
            changed = entry.model_copy(update={"mount_server": pair})
            yield f"mount {name}", {"repositories": {name: changed}}
    default = inventory.default_mount_servers
    slots = {"windows": default.windows if default else None, "linux": default.linux if default else None}
    for pair in _pairs(inventory, slots, only_free=True):
        yield "mount", {"default_mount_servers": pair}  # type: ignore[misc]
    for name, job in inventory.jobs.items():
        if job.listed_proxies is not None and job.through_proxies:
            for more in _subsets([proxy for proxy in inventory.proxies if proxy not in job.listed_proxies]):
                listed = job.model_copy(update={job.through_proxies: (*job.listed_proxies, *more)})
                yield f"proxy {name}", {"jobs": {name: listed}}
    for name, members in inventory.listed_fabrics.items():
        for more in _subsets([s for s in inventory.servers if ("server", s) not in inventory.fabrics[name]]):
            yield f"zone {name}", {"fabrics": {name: (*members, *more)}}


def _pairs(
    inventory: Inventory, now: Mapping[str, str | None], *, only_free: bool = False
) -> Iterator[MountServerPair]:
    """Other mount servers, at most one a system."""
    options = []
    for slot in ("windows", "linux"):
        others = [s for s in inventory.servers if slot_of(inventory, s) == slot and s not in now.values()]
        options.append([now[slot], *([] if only_free and now[slot] else others)])
    for windows, linux in product(*options):
        if (windows, linux) != (now["windows"], now["linux"]):
            yield MountServerPair(**{k: v for k, v in (("windows", windows), ("linux", linux)) if v})


def _subsets(names: list[str]) -> Iterator[tuple[str, ...]]:
    for size in range(1, len(names) + 1):
        yield from combinations(names, size)


def made(inventory: Inventory, *changes: Change) -> Inventory:
    """The inventory with changes of different places."""
    both: dict[str, Any] = {}
    for change in changes:
        for section, entries in change.items():
            if section == "default_mount_servers":
                both[section] = entries
                continue
            for name, entry in entries.items():
                known = both.setdefault(section, {}).get(name)
                if known is not None:  # the list and the mount server of one repository
                    old = getattr(inventory, section)[name]
                    keys = [key for key in type(entry).model_fields if getattr(entry, key) != getattr(old, key)]
                    both[section][name] = known.model_copy(update={key: getattr(entry, key) for key in keys})
                else:
                    both[section][name] = entry
    return inventory.changed(**both)


def harmless(inventory: Inventory, before: State, most: int) -> Iterator[State]:
    """What the inventory would be like with each set of changes of so many places that does no harm."""
    singles = [*single_changes(inventory)]
    for chosen in combinations(singles, most):
        if len({place for place, _ in chosen}) == most:
            after = State(made(inventory, *(change for _, change in chosen)))
            if not before.is_harmed_by(after):
                yield after
