"""How a side picks its server while load grows: one small class per way of standing in line.

What may serve is settled before (``Ruling.eligible``); a pick only orders it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import repeat
from typing import NamedTuple, Protocol

from gwplan.inventory.entries import DEDUPLICATING
from gwplan.planning import table
from gwplan.planning.orders import NOBODY, Chosen, Known
from gwplan.planning.rank import (
    Loads,
    Member,
    Nearness,
    Standing,
    Turns,
    near_repository,
    near_server,
    near_site,
    slots,
)
from gwplan.planning.readers import ProxyPool, live_host
from gwplan.planning.rulings import Ruled
from gwplan.planning.trace import Rank, Ranks, Ruling
from gwplan.planning.world import World


class Wave(NamedTuple):
    """Load within one wave: gateways count tasks, proxies disks."""

    gateways: Loads
    proxies: Loads


class Pick(Protocol):
    """How one side picks its server. What may serve is settled before; a pick only orders it."""

    def choose(self, machine: str | None, source: Chosen) -> Chosen:
        """``machine`` is the one that reads the task, ``source`` what its source side chose."""

    def runs_apart(self, readers: frozenset[str], other: Ruling | None) -> bool:
        """Whether the order of a run follows from its own choices alone, whoever of ``readers`` reads which task and
        whatever the other side chooses."""

    def run(self, tasks: int, reading: Turns | None, source: list[Chosen]) -> list[Chosen]:
        """What ``choose`` would say of each task of a run, one after the other, if it runs apart."""

    def run_first(self, tasks: int, reading: Turns | None, source: list[str | None]) -> list[str | None]:
        """Only who serves, of what ``run`` says; ``source`` has who serves the other side."""

    def heeds(self, readers: frozenset[str]) -> bool:
        """Whether it may change the server which of these machines reads a task."""

    def ranks(self, machine: str | None) -> Ranks:
        """Each ranked server with its rank right now."""

    def leaders(self, machines: Iterable[str | None]) -> tuple[str, ...]:
        """The servers that may come first under some load, for tasks read by any of these machines."""


class FixedOrder:
    """The same servers in the same order for every task: hosts, mount servers, accelerators, single servers."""

    def __init__(self, ruling: Ruling) -> None:
        served = ruling.outcome == "assigned"
        self._chosen = Chosen(ruling.eligible[0], ruling.eligible[1:]) if served else NOBODY

    def choose(self, machine: str | None, source: Chosen) -> Chosen:
        return self._chosen

    def runs_apart(self, readers: frozenset[str], other: Ruling | None) -> bool:
        return True

    def run(self, tasks: int, reading: Turns | None, source: list[Chosen]) -> list[Chosen]:
        return [self._chosen] * tasks

    def run_first(self, tasks: int, reading: Turns | None, source: list[str | None]) -> list[str | None]:
        return [self._chosen.gateway] * tasks

    def heeds(self, readers: frozenset[str]) -> bool:
        return False

    def ranks(self, machine: str | None) -> Ranks:
        return ()

    def leaders(self, machines: Iterable[str | None]) -> tuple[str, ...]:
        return (self._chosen.gateway,) if self._chosen.gateway else ()


class FollowSource:
    """The gateway of the source repository: its choice first, then its others, as far as they may serve here."""

    def __init__(self, ruling: Ruling) -> None:
        self._may = frozenset(ruling.eligible)
        self._known = Known()
        self._after: dict[Chosen, Chosen] = {}

    def choose(self, machine: str | None, source: Chosen) -> Chosen:
        chosen = self._after.get(source)
        if chosen is None:
            order = (source.gateway, *source.fallbacks)
            chosen = self._after[source] = self._known[tuple(name for name in order if name in self._may and name)]
        return chosen

    def runs_apart(self, readers: frozenset[str], other: Ruling | None) -> bool:
        """If not, it may choose another server than its source does, whose load the source side would then see."""
        return other is not None and self._may.issuperset(other.eligible)

    def run(self, tasks: int, reading: Turns | None, source: list[Chosen]) -> list[Chosen]:
        return [self.choose(None, chosen) for chosen in source]

    def run_first(self, tasks: int, reading: Turns | None, source: list[str | None]) -> list[str | None]:
        return source

    def heeds(self, readers: frozenset[str]) -> bool:
        return False  # no more than its source does

    def ranks(self, machine: str | None) -> Ranks:
        return ()

    def leaders(self, machines: Iterable[str | None]) -> tuple[str, ...]:
        return tuple(sorted(self._may))


class ByGatewayLoad:
    """The best of a list: nearest first, evenly among the equally near; ``spread``: the least loaded first."""

    def __init__(self, world: World, ruled: Ruled, ruling: Ruling, loads: Loads, *, spread: bool) -> None:
        self._world, self._case, self._loads, self._spread = world, ruled.case, loads, spread
        self._servers = ruling.eligible
        self._repository = ruling.repository
        entry = world.inventory.repositories[ruling.repository]
        self._near_source = (  # dell_dd.html, deduplicating_appliance_storeonce.html
            entry.type in DEDUPLICATING
            and entry.source_side_dedup
            and ruling.operation == "data"
            and ruled.work.job.from_workloads
        )
        self._standings: dict[str | None, Standing] = {}
        self._known = Known()

    def choose(self, machine: str | None, source: Chosen) -> Chosen:
        standing = self._standings.get(machine if self._near_source else None) or self._standing(machine)
        return self._known[tuple(standing.names_for(machine))]

    def runs_apart(self, readers: frozenset[str], other: Ruling | None) -> bool:
        """Readers matter where they are nearer than others, or gateways themselves."""
        if self.heeds(readers):
            return False
        return other is None or _follows(other) or set(self._servers).isdisjoint(other.eligible)

    def run(self, tasks: int, reading: Turns | None, source: list[Chosen]) -> list[Chosen]:
        standing = self._standing(None)
        turns = standing.turns(repeat(1, tasks))
        return self._known.of_run(turns.first, standing.after(turns))

    def run_first(self, tasks: int, reading: Turns | None, source: list[str | None]) -> list[str | None]:
        return [*self._standing(None).turns(repeat(1, tasks)).first]

    def heeds(self, readers: frozenset[str]) -> bool:
        return bool(readers) and (self._near_source or not readers.isdisjoint(self._servers))

    def ranks(self, machine: str | None) -> Ranks:
        standing = self._standing(machine)
        return tuple((name, (*standing.rank(name), name != machine)) for name in standing.names_for(machine))

    def leaders(self, machines: Iterable[str | None]) -> tuple[str, ...]:
        origins = {*machines} if self._near_source else {None}
        return tuple({name: None for origin in origins for name in self._standing(origin).leaders()})

    def _standing(self, machine: str | None) -> Standing:
        origin = machine if self._near_source else None
        standing = self._standings.get(origin)
        if standing is None:
            place = (origin, self._case.site, self._case.hosts) if self._near_source else None
            line = (self._repository, self._servers, place, self._spread)
            standing = self._standings[origin] = self._loads.standing(line, map(self._member(origin), self._servers))
        return standing

    def _member(self, origin: str | None) -> Callable[[str], Member]:
        inventory = self._world.inventory

        def member(server: str) -> Member:
            near = self._near(server, origin)
            before, after = ((), near) if self._spread else (near, ())
            return Member(server, before, slots(inventory, server), after)

        return member

    def _near(self, server: str, origin: str | None) -> Nearness:
        """Nearness to the repository; with source-side deduplication to the proxy or, without one, to the workload.

        A workload that roams is near to nothing: then the repository counts again.
        """
        network = self._world.network
        if not self._near_source:
            return near_repository(network, server, self._repository)
        origin = origin or live_host(network, self._case)
        if origin:
            return near_server(network, server, origin)
        if self._case.site is None:
            return near_repository(network, server, self._repository)
        return near_site(network, server, self._case.site)


class ByReadingOrder:
    """The proxy that reads, then the job's other proxies in their order, then what later tiers have."""

    def __init__(self, world: World, ruling: Ruling, standing: Standing) -> None:
        self._standing = standing
        lead = ruling.tiers[0]
        may = frozenset(lead.eligible)
        self._tail = tuple(server for server in ruling.eligible if server not in may)
        self._server_of = {
            name: server
            for name in standing.members
            if (server := world.network.role_server("proxy", name)) in may
        }
        self._plain = self._server_of == {name: name for name in standing.members}
        self._known = Known()

    def choose(self, machine: str | None, source: Chosen) -> Chosen:
        names = self._standing.names()
        if not self._plain:
            names = list(dict.fromkeys(self._server_of[name] for name in names if name in self._server_of))
        return self._known[(*names, *self._tail)]

    def runs_apart(self, readers: frozenset[str], other: Ruling | None) -> bool:
        """Only if each server has a single proxy, so that nothing else moves it in the order."""
        return len({*self._server_of.values()}) == len(self._server_of)

    def run(self, tasks: int, reading: Turns | None, source: list[Chosen]) -> list[Chosen]:
        assert reading is not None  # a pick in the order of the readers has readers
        after = tuple(self._server_of[name] for name in self._standing.after(reading) if name in self._server_of)
        return self._known.of_run(map(self._server_of.get, reading.first), (*after, *self._tail))

    def run_first(self, tasks: int, reading: Turns | None, source: list[str | None]) -> list[str | None]:
        return [chosen.gateway for chosen in self.run(tasks, reading, [])]

    def heeds(self, readers: frozenset[str]) -> bool:
        return True

    def ranks(self, machine: str | None) -> Ranks:
        return ()

    def leaders(self, machines: Iterable[str | None]) -> tuple[str, ...]:
        leading = self._standing.leaders(self._server_of)
        return tuple(dict.fromkeys(self._server_of[name] for name in leading))


class ByProxyLoad(ByReadingOrder):
    """Object storage in direct mode: the least loaded of the job's proxies, then the nearest to the repository."""

    def __init__(self, world: World, ruling: Ruling, reading: Standing, loads: Loads) -> None:
        network = world.network
        members = (
            Member(
                name,
                (),
                member.capacity,
                near_repository(network, network.role_server("proxy", name), ruling.repository),
            )
            for name, member in reading.members.items()
        )
        super().__init__(world, ruling, Standing(loads, members))

    def runs_apart(self, readers: frozenset[str], other: Ruling | None) -> bool:
        return False  # the proxy that reads need not be the first of this order, and its load still moves it there

    def ranks(self, machine: str | None) -> Ranks:
        ranked: dict[str, Rank] = {}
        for name in self._standing.names():
            if name in self._server_of:
                ranked.setdefault(self._server_of[name], self._standing.rank(name))
        return tuple(ranked.items())


def _follows(ruling: Ruling) -> bool:
    return bool(ruling.tiers) and ruling.tiers[0].name == table.SOURCE_GATEWAY.tier


def pick_for(
    world: World, ruled: Ruled, ruling: Ruling, wave: Wave, pool: ProxyPool | None, *, spread: bool
) -> Pick:
    """The pick of one side: by the first tier where that depends on load or on the source, else fixed."""
    lead = ruling.tiers[0] if ruling.outcome == "assigned" else None
    if lead is None or not lead.eligible:
        return FixedOrder(ruling)
    if lead.name == table.SOURCE_GATEWAY.tier:
        return FollowSource(ruling)
    if lead.name == table.SELECTED.tier:
        return ByGatewayLoad(world, ruled, ruling, wave.gateways, spread=spread)
    if lead.name == table.PROXIES.tier and pool is not None:
        by_load = ByProxyLoad(world, ruling, pool.everyone, wave.proxies) if lead.ranked else None
        return by_load or ByReadingOrder(world, ruling, pool.everyone)
    return FixedOrder(ruling)
