"""Who serves first: a tuple compared left to right, never a weighted sum; and the order kept while load changes."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Container, Hashable, Iterable
from heapq import heapify, heapreplace
from typing import Any, NamedTuple

from gwplan.inventory.model import Inventory
from gwplan.inventory.names import natural
from gwplan.network import Network

GIB = 1024**3
DEFAULT_SLOTS = 4
"""Twice the vendor's minimum of two cores. system_requirements_gateway.html"""

FAR = float("inf")
Nearness = tuple[int, float]


def slots(inventory: Inventory, server: str) -> int:
    """How many tasks a server takes at once: two a core, or one for each GiB beyond four if that is less, as far as the
    two are given."""
    entry = inventory.servers[server]
    if entry.max_gateway_tasks is not None:
        return entry.max_gateway_tasks
    limits = []
    if entry.cores is not None:
        limits.append(2 * entry.cores)
    if entry.memory is not None:
        limits.append((entry.memory - 4 * GIB) // GIB)
    return max(1, min(limits)) if limits else DEFAULT_SLOTS


def near_repository(network: Network, server: str, repository: str) -> Nearness:
    """Connectivity class and distance of a server to a repository: 1 in its site or fabric, 2 over LAN, 3 over WAN."""
    site = network.inventory.site_of_repository(repository)
    zoned = network.shares_fabric(server, repository) is True
    return _near(network, network.inventory.site_of_server(server), site, zoned)


def near_server(network: Network, server: str, other: str) -> Nearness:
    """The same to a machine; 0 is the machine itself."""
    if server == other:
        return 0, 0
    inventory = network.inventory
    zoned = network.servers_share_fabric(server, other)
    return _near(network, inventory.site_of_server(server), inventory.site_of_server(other), zoned)


def near_site(network: Network, server: str, site: str) -> Nearness:
    """The same to something that stands in a site."""
    return _near(network, network.inventory.site_of_server(server), site, False)


def _near(network: Network, here: str, there: str | None, zoned: bool) -> Nearness:
    hops = network.hops(here, there) if there is not None else None
    distance: float = FAR if hops is None else hops.distance
    if zoned or (hops is not None and here == there):
        return 1, distance
    return (3, FAR) if hops is None else (2 if hops.wan == 0 else 3, distance)


class Loads:
    """Tasks so far of each name within one wave, the order of the changes, and who stands in line by them."""

    __slots__ = ("_standings", "counts", "log")

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self.log: list[str] = []
        self._standings: dict[Hashable, Standing] = {}

    def standing(self, line: Hashable, members: Iterable[Member]) -> Standing:
        """Those who stand in a line; whoever names the same line shares it."""
        found = self._standings.get(line)
        if found is None:
            found = self._standings[line] = Standing(self, members)
        return found

    def add(self, name: str, tasks: int) -> None:
        self.counts[name] = self.counts.get(name, 0) + tasks
        self.log.append(name)

    def release(self, name: str, tasks: int) -> None:
        """Take off tasks that have ended, to follow a night hour by hour."""
        self.add(name, -tasks)


class Member(NamedTuple):
    """One name of a standing: what compares before its share of load, its capacity, what compares after."""

    name: str
    before: tuple[Any, ...]
    capacity: int
    after: tuple[Any, ...]


Key = tuple[Any, ...]


class Turns(NamedTuple):
    """Who stands first for each of several tasks, and the order of the leaders after them."""

    first: list[str]
    leading: tuple[str, ...]


_FEW = 8
"""So many names are sorted anew faster than those that changed are moved."""


class _Line(NamedTuple):
    """What the place of a name is made of, but for its load. ``before`` and ``after`` are numbers that compare as what
    they stand for; lines are kept in the order (after, name)."""

    before: int
    capacity: int
    after: int
    name: str


_Key = tuple[int, float, int, str]
"""Before, share, the place of the line, and the name."""


class Standing:
    """Names in the order (before, share, after, name), kept as their load changes: a step moves only who changed."""

    __slots__ = ("_counts", "_keys", "_leading", "_lines", "_log", "_names", "_seen", "_sorted", "members")

    def __init__(self, loads: Loads, members: Iterable[Member]) -> None:
        self._counts, self._log = loads.counts, loads.log
        self.members = {member.name: member for member in members}
        self._lines: list[_Line] = []
        self._leading: list[_Line] = []
        self._keys: dict[str, _Key] = {}
        self._sorted: list[_Key] = []
        self._names: list[str] = []
        self._seen = -1

    def names(self) -> list[str]:
        """Everyone, first to last. The list is the standing's own: copy it to keep it."""
        log = self._log
        fresh = len(log) - self._seen
        if not fresh:
            return self._names
        many = len(self.members)
        if many <= _FEW or self._seen < 0 or fresh > 16 or 1 < fresh > many // 4:  # cheaper than to move so many
            get = self._counts.get
            self._sorted = sorted([
                (before, get(name, 0) / capacity, at, name)
                for at, (before, capacity, _, name) in enumerate(self._lines or self._in_line())
            ])  # fmt: skip
            self._names = [key[3] for key in self._sorted]
            if many > _FEW:
                self._keys = dict(zip(self._names, self._sorted, strict=True))
        else:
            for name in log[self._seen :] if fresh == 1 else set(log[self._seen :]):
                if name in self._keys:
                    self._move(name)
        self._seen = len(log)
        return self._names

    def names_for(self, own: str | None) -> list[str]:
        """The same, but among those that only their name tells apart, a task's own machine first."""
        names = self.names()
        if own is None or own not in self.members:
            return names
        places = [(before, share, self._lines[at].after) for before, share, at, _ in self._sorted]
        at = names.index(own)
        start = places.index(places[at])
        return [*names[:start], own, *names[start:at], *names[at + 1 :]] if start < at else names

    def turns(self, weights: Iterable[int]) -> Turns:
        """Who stands first for each of several tasks, if each weighs on whoever takes it and nothing else changes.

        The loads stay as they are. Only leaders are ever first: like water, tasks fill up the least share.
        """
        if not self._leading:
            self._leading = [line for line in self._lines or self._in_line() if line.before == 0]
        leaders = [line.name for line in self._leading]
        capacity = [line.capacity for line in self._leading]
        load = [self._counts.get(name, 0) for name in leaders]
        line = [(load[i] / capacity[i], i) for i in range(len(leaders))]
        heapify(line)
        first = []
        for weight in weights:
            at = line[0][1]
            first.append(leaders[at])
            load[at] += weight
            heapreplace(line, (load[at] / capacity[at], at))
        return Turns(first, tuple(leaders[at] for _, at in sorted(line)))

    def after(self, turns: Turns) -> tuple[str, ...]:
        """Everyone's order after the tasks. Nobody but the first moves, so each order is the next one with its first
        put in front."""
        if len(turns.leading) == len(self.members):
            return turns.leading
        leading = set(turns.leading)
        return (*turns.leading, *(name for name in self.names() if name not in leading))

    def leaders(self, among: Container[str] | None = None) -> list[str]:
        """Those that no load can put behind the others: of all, or of some, the least in what precedes the share."""
        some = [member for member in self.members.values() if among is None or member.name in among]
        least = min((member.before for member in some), default=())
        return [member.name for member in some if member.before == least]

    def ranks(self) -> tuple[tuple[str, Key], ...]:
        """Everyone with their place, first to last."""
        return tuple((name, self.rank(name)) for name in self.names())

    def rank(self, name: str) -> Key:
        """Its place as a tuple: before, share, after."""
        member = self.members[name]
        return (*member.before, self._counts.get(name, 0) / member.capacity, *member.after)

    def _in_line(self) -> list[_Line]:
        """Everyone, by what never changes."""
        members = sorted(self.members.values(), key=lambda member: (member.after, natural(member.name)))
        before = {part: number for number, part in enumerate(sorted({member.before for member in members}))}
        after = {part: number for number, part in enumerate(dict.fromkeys(member.after for member in members))}
        self._lines = [_Line(before[m.before], m.capacity, after[m.after], m.name) for m in members]
        return self._lines

    def _move(self, name: str) -> None:
        order, names = self._sorted, self._names
        old = self._keys[name]
        at = bisect_left(order, old)
        share = self._counts.get(name, 0) / self.members[name].capacity
        key = self._keys[name] = (old[0], share, old[2], name)
        if (at == 0 or order[at - 1] < key) and (at + 1 == len(order) or key < order[at + 1]):
            order[at] = key
            return
        del order[at], names[at]
        to = bisect_left(order, key)
        order.insert(to, key)
        names.insert(to, name)
