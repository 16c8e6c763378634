"""What the rulings of a case need: who may serve and read, what no other replaces, and among whom load decides. Cases
that the rules cannot tell apart, whichever jobs have them, need the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from gwplan.network import Element
from gwplan.planning.picks import ByProxyLoad, FollowSource, Wave, pick_for
from gwplan.planning.readers import ProxyPool
from gwplan.planning.rulings import Ruled, as_asked
from gwplan.planning.world import World

Load = tuple[str, str]
"""The load of a gateway (``g``) or of a proxy (``p``), by its name."""


@dataclass(frozen=True, eq=False)
class Kind:
    """What all cases need that the rules cannot tell apart.

    ``ruled`` is the ruling of one of them; ``servers`` has for each side that is served by a gateway who may serve it;
    ``hosts`` the Hyper-V hosts; ``hard`` what no other replaces, as elements; ``leading`` for each side the servers
    among which load decides, ``reading`` the proxies that could read what runs.
    """

    ruled: Ruled
    servers: tuple[frozenset[str] | None, ...]
    hosts: frozenset[str]
    hard: frozenset[Element]
    leading: tuple[frozenset[str], ...]
    reading: frozenset[str]
    over_fc: bool
    heeds_reader: bool
    """Whether who reads may decide which gateway serves."""

    @property
    def is_served(self) -> bool:
        """Whether its last side is: what the choice of an extent asks."""
        return self.ruled.sides[-1].is_served

    @property
    def readers(self) -> frozenset[str] | None:
        """The machines of the proxies that may read, None where none is needed, none is left or a host reads."""
        proxies = self.ruled.readers.proxies if self.ruled.readers else ()
        return proxies.machines if proxies else None

    @cached_property
    def leaders(self) -> frozenset[str]:
        """The servers that may come first on any side."""
        return frozenset[str]().union(*self.leading)

    @cached_property
    def everyone(self) -> frozenset[str]:
        """The machines that may serve any side or read."""
        return frozenset[str]().union(*(some for some in (*self.servers, self.readers) if some))

    @cached_property
    def gateways(self) -> frozenset[Load]:
        """The gateways through which its load may reach others."""
        return frozenset([("g", name) for name in self.leaders])

    @cached_property
    def loads(self) -> frozenset[Load]:
        """The same, and the proxies."""
        return self.gateways.union([("p", name) for name in self.reading])

    @cached_property
    def contested_gateways(self) -> frozenset[Load]:
        """The gateways among which load decides."""
        return frozenset([("g", name) for names in self.leading if len(names) > 1 for name in names])

    @cached_property
    def contested(self) -> frozenset[Load]:
        """The same, and the proxies."""
        return self.contested_gateways.union([("p", name) for name in self.reading] if len(self.reading) > 1 else ())


@dataclass(frozen=True, slots=True, eq=False)
class Needs:
    """A case of a job with its ruling, and what that needs."""

    ruled: Ruled
    kind: Kind

    @property
    def job(self) -> str:
        return self.ruled.work.name


def kind_of(world: World, ruled: Ruled, strategy: str) -> Kind:
    """What a ruling depends on in a world."""
    inventory, case = world.inventory, as_asked(ruled.work, ruled.case)
    hard: set[Element] = {("server", inventory.backup_server)}
    for repository in (case.source, case.target):
        if repository is not None:
            hard.add(("repository", repository))
            hard.add(("site", inventory.site_of_repository(repository) or ""))
            if server := inventory.repositories[repository].server:
                hard.add(("server", server))
    hard |= {("server", stop.name) for stop in ruled.stops if stop.kind in ("accelerator", "tape") and stop.name}
    if case.site:
        hard.add(("site", case.site))
    proxies = ruled.readers.proxies if ruled.readers and any(side.is_served for side in ruled.sides) else ()
    wave = Wave(world.idle, world.idle)
    pool = ProxyPool(world.idle, proxies, world.machine_of) if proxies else None
    reading = [member.name for member in proxies.leading] if proxies else []
    host = ruled.readers.host if ruled.readers else None
    readers_of: list[str | None] = [world.machine_of[name] for name in reading] if reading else [host]
    leading: list[frozenset[str]] = []
    heeds_reader = False
    for side in ruled.sides:
        pick = pick_for(world, ruled, side, wave, pool, spread=strategy == "spread")
        first = frozenset(pick.leaders(readers_of))
        if isinstance(pick, FollowSource) and leading and leading[0] and leading[0] <= first:
            first = leading[0]  # whoever serves the source serves here, too
        leading.append(first)
        heeds_reader |= pick.heeds(proxies.machines) if proxies else False
        if isinstance(pick, ByProxyLoad):  # which proxy serves depends on the load of them all
            reading = [member.name for member in proxies]
    repositories = [inventory.repositories[name] for name in (case.source, case.target) if name is not None]
    return Kind(
        ruled,
        tuple(frozenset(side.eligible) if side.outcome == "assigned" else None for side in ruled.sides),
        frozenset(case.hosts),
        frozenset(hard),
        tuple(leading),
        frozenset(reading),
        any(entry.is_over_fc for entry in repositories),
        heeds_reader,
    )
