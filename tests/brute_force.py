"""Every change of one or two places that may be tried, planned from scratch: what it removes and whether it does harm.

Nothing here is taken from what searches for remedies: the changes are listed anew, and each plan is made whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
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

Task = tuple[str, str, str, str]
Tasks = frozenset[Task]
Change = Mapping[str, Mapping[str, Any]]
Place = str
_FIXED = {"backup_server_down", "target_down", "tape_server_down", "wan_accelerator_down"}
"""Reasons that no change can do anything about, unless load chooses between extents."""


class State:
    """What fails, and what hangs on each element, machine by machine. Each plan is made when it is asked for."""

    def __init__(self, inventory: Inventory) -> None:
        self.inventory = inventory
        self._plans: dict[str, Plan] = {}
        self._bad: dict[str, dict[Task, str]] = {}

    def plan(self, element: str = "") -> Plan:
        if element not in self._plans:
            self._plans[element] = plan(self.inventory, down=[element] if element else [])
        return self._plans[element]

    def bad(self, element: str = "") -> dict[Task, str]:
        """What is not served, and the reason."""
        if element not in self._bad:
            self._bad[element] = {
                (d.job, d.operation, d.side, machine): d.reason or ""
                for d in self.plan(element).decisions
                if d.outcome in BAD
                for machine in (d.workloads or (d.task,))
            }
        return self._bad[element]

    def hanging(self, element: str) -> dict[Task, str]:
        """What is served with nothing lost, and not without an element."""
        return {task: reason for task, reason in self.bad(element).items() if task not in self.bad()}

    @cached_property
    def points(self) -> frozenset[str]:
        """Single points of failure."""
        return frozenset(sweep(self.inventory).single_points)

    @cached_property
    def keys(self) -> frozenset[Task]:
        return frozenset(d.key for d in self.plan().decisions if d.outcome in BAD)

    @cached_property
    def crossing(self) -> frozenset[Task]:
        """What crosses a WAN link."""
        return frozenset(d.key for d in self.plan().decisions if d.outcome not in BAD and d.wan_hops)

    @cached_property
    def overloaded(self) -> frozenset[str]:
        """Gateways with more tasks at once than slots, with nothing or any one thing lost."""
        made = (self.plan(element) for element in ("", *self.elements))
        return frozenset(load.server for one in made for load in one.gateways if load.at_once > load.slots)

    @property
    def elements(self) -> list[str]:
        return [":".join(element) for element in elements_of(self.inventory)]

    @cached_property
    def errors(self) -> list[str]:
        return sorted(f"{f.code} {f.subject}" for f in check(self.plan()) if f.severity is Severity.ERROR)

    def is_harmed_by(self, after: State) -> bool:
        if after.bad().keys() - self.bad().keys():
            return True
        known = {*self.elements}
        for element in after.elements:
            before = self.hanging(element).keys() if element in known else frozenset()
            if after.hanging(element).keys() - before - self.bad().keys():
                return True
        left = [*after.errors]
        for error in self.errors:
            if error in left:
                left.remove(error)
        return bool(left)

    def is_fixed(self, element: str) -> bool:
        """Whether no change can do anything about a loss: what it takes is no matter of who serves."""
        reasons = {reason for reason in self.hanging(element).values() if reason != "source_down"}
        fixed = {"backup_server_down"} if self.inventory.scale_out_repositories else _FIXED
        return bool(reasons & fixed)

    def has(self, problem: str, keys: frozenset[Task], before: State) -> bool:
        """Whether a problem of another inventory is one of this, too, or something that ran there does not."""
        kind, _, element = problem.partition(":")
        if kind == "loss":
            news = {task for task, reason in self.bad(element).items() if reason != "source_down"}
            return bool(news - before.bad().keys()) or element in self.points
        if kind == "overload":
            return element.partition(":")[2] in self.overloaded
        return not (keys.isdisjoint(self.keys) and (kind == "failing" or keys.isdisjoint(self.crossing)))


class Changed:
    """An inventory with every set of so many changes, each of them looked at once."""

    def __init__(self, before: State, *, only: str = "", base: Inventory | None = None) -> None:
        self.before, self.base = before, base or before.inventory
        self.singles = [
            one for one in single_changes(self.base, limits=only == "limit") if one[0].startswith(only)
        ]
        self._states: dict[tuple[int, ...], State] = {}
        self._harm: dict[tuple[int, ...], bool] = {}
        self._removes: dict[tuple[tuple[str, ...], tuple[int, ...]], bool] = {}
        self.grows = not before.inventory.scale_out_repositories

    def sets(self, size: int) -> Iterator[tuple[int, ...]]:
        """Changes of so many places."""
        for chosen in combinations(range(len(self.singles)), size):
            if len({self.singles[number][0] for number in chosen}) == size:
                yield chosen

    def widest(self, chosen: tuple[int, ...]) -> tuple[int, ...]:
        """The same with all names in lists and fabrics."""
        return tuple(self._widened[number] for number in chosen)

    @cached_property
    def _widened(self) -> list[int]:
        widest: dict[str, int] = {}
        for number, (place, names, *_) in enumerate(self.singles):
            if place not in widest or names > self.singles[widest[place]][1]:
                widest[place] = number
        return [
            widest[place] if place.startswith(("list", "zone")) else number
            for number, (place, *_) in enumerate(self.singles)
        ]

    def state(self, chosen: tuple[int, ...]) -> State:
        if chosen not in self._states:
            changes = [self.singles[number][2] for number in chosen]
            self._states[chosen] = State(made(self.base, *changes))
        return self._states[chosen]

    def is_harmless(self, chosen: tuple[int, ...]) -> bool:
        if chosen not in self._harm:
            self._harm[chosen] = not self.before.is_harmed_by(self.state(chosen))
        return self._harm[chosen]

    def names(self, chosen: Iterable[int]) -> int:
        """How many names some changes add."""
        return sum(self.singles[number][1] for number in chosen)

    def told(self, chosen: Iterable[int]) -> str:
        return " and ".join(f"{self.singles[n][0]} {self.singles[n][3]}" for n in chosen)

    def removing(self, problems: Mapping[str, frozenset[Task]], size: int) -> Iterator[tuple[int, ...]]:
        """Sets of so many changes that remove all of some problems and do no harm."""
        for chosen in self.sets(size):
            if self.grows and not self.may_remove(problems, self.widest(chosen)):
                continue
            if self.may_remove(problems, chosen) and self.is_harmless(chosen):
                yield chosen

    def may_remove(self, problems: Mapping[str, frozenset[Task]], chosen: tuple[int, ...]) -> bool:
        """Whether some changes remove all of some problems: who serves grows with the names of a list or a fabric, so
        that what the widest ones do not remove, narrower ones need not be asked; but where load chooses extents."""
        key = tuple(problems), chosen
        if key not in self._removes:
            after = self.state(chosen)
            self._removes[key] = not any(after.has(problem, keys, self.before) for problem, keys in problems.items())
        return self._removes[key]


def single_changes(inventory: Inventory, *, limits: bool = False) -> Iterator[tuple[Place, int, Change, str]]:
    """Each change of a place, with the number of names that it adds; those of mount servers replace them, too."""
    for name, entry in inventory.repositories.items():
        behind = entry.type in ("smb", "nfs", "data_domain", "storeonce", "object_storage")
        if behind and not (entry.type == "object_storage" and entry.connection == "direct"):
            old = entry.gateway_servers or ()
            for more in _subsets([server for server in inventory.servers if server not in old]):
                changed = entry.model_copy(update={"gateway_servers": (*old, *more)})
                yield f"list {name}", len(more), {"repositories": {name: changed}}, f"{more}"
        for pair, added in _pairs(inventory, _mounted(inventory, name)):
            changed = entry.model_copy(update={"mount_server": pair})
            yield f"mount {name}", added, {"repositories": {name: changed}}, f"{pair}"
        for limit in range(1, 9) if limits else ():
            if limit < (entry.max_concurrent_tasks or 9):
                changed = entry.model_copy(update={"max_concurrent_tasks": limit})
                yield f"limit {name}", 0, {"repositories": {name: changed}}, f"{limit}"
    for pair, added in _pairs(inventory, _pair_of(inventory.default_mount_servers), only_free=True):
        yield "mount", added, {"default_mount_servers": pair}, f"{pair}"  # type: ignore[dict-item]
    for name, job in inventory.jobs.items():
        if job.listed_proxies is not None and job.through_proxies:
            for more in _subsets([proxy for proxy in inventory.proxies if proxy not in job.listed_proxies]):
                listed = job.model_copy(update={job.through_proxies: (*job.listed_proxies, *more)})
                yield f"proxy {name}", len(more), {"jobs": {name: listed}}, f"{more}"
    for name, members in inventory.listed_fabrics.items():
        for more in _subsets([s for s in inventory.servers if ("server", s) not in inventory.fabrics[name]]):
            yield f"zone {name}", len(more), {"fabrics": {name: (*members, *more)}}, f"{more}"


Slots = Mapping[str, str | None]


def _mounted(inventory: Inventory, repository: str) -> Slots:
    """The mount servers that count: a repository's own, of either system, else the default ones."""
    given = inventory.repositories[repository].mount_server
    if isinstance(given, str):
        own = _system(inventory, given)
        return {"windows": given if own == "windows" else None, "linux": given if own == "linux" else None}
    own_pair = _pair_of(given)
    return own_pair if any(own_pair.values()) else _pair_of(inventory.default_mount_servers)


def _pair_of(given: MountServerPair | None) -> Slots:
    return {"windows": given.windows if given else None, "linux": given.linux if given else None}


def _system(inventory: Inventory, server: str) -> str:
    return "linux" if inventory.servers[server].os == "linux" else "windows"


def _pairs(inventory: Inventory, now: Slots, *, only_free: bool = False) -> Iterator[tuple[MountServerPair, int]]:
    """Other mount servers, at most one a system, and how many names are new."""
    options = []
    for slot in ("windows", "linux"):
        others = [s for s in inventory.servers if _system(inventory, s) == slot and s not in now.values()]
        options.append([now[slot], *([] if only_free and now[slot] else others)])
    for windows, linux in product(*options):
        if (windows, linux) != (now["windows"], now["linux"]):
            added = (windows != now["windows"]) + (linux != now["linux"])
            yield MountServerPair(**{k: v for k, v in (("windows", windows), ("linux", linux)) if v}), added


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
