"""The loads so far, wave by wave, and what was decided."""

from __future__ import annotations

from collections.abc import Container

from gwplan.planning.carried import Carried
from gwplan.planning.decision import Decision
from gwplan.planning.ledger import Entry, carried_of, unsorted
from gwplan.planning.picks import Wave
from gwplan.planning.rank import Loads
from gwplan.planning.readers import ProxyPool, Readers
from gwplan.planning.rulings import Ruled
from gwplan.planning.world import World

WAVES = ("data", "maintenance", "restore", "synthetic")


class Serving:
    """The loads so far, wave by wave, and the decisions made. ``operations`` has the waves that are decided, ``trace``
    the jobs whose decisions keep the ranks."""

    def __init__(
        self, world: World, *, spread: bool, trace: Container[str] = (), operations: Container[str] = WAVES
    ) -> None:
        self.world, self.spread, self.trace, self.operations = world, spread, trace, operations
        self.waves = {name: Wave(Loads(), Loads()) for name in WAVES}
        self.disks: dict[str, int] = {}
        """Disks of the data tasks of each gateway."""
        self.entries: list[Entry] = []
        self._pools: dict[tuple[int, int], ProxyPool] = {}
        self.ruled: list[Ruled] = []
        """The cases, in the order in which they were met."""

    @property
    def decisions(self) -> list[Decision]:
        """The decisions made so far, in the order in which they were met."""
        return [*unsorted(self.entries)]

    @property
    def data(self) -> Carried:
        """What the gateways carry in the data wave."""
        return carried_of(self.entries)

    def pool(self, wave: Wave, readers: Readers | None) -> ProxyPool | None:
        """The proxies of some readers with their load in a wave; jobs with the same readers share it."""
        if readers is None or not readers.proxies:
            return None
        key = (id(wave), id(readers.proxies))  # neither dies before this, as it and the world keep them
        found = self._pools.get(key)
        if found is None:
            found = self._pools[key] = ProxyPool(wave.proxies, readers.proxies, self.world.machine_of)
        return found
