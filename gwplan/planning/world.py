"""A world: an inventory under failures and an edition of the vendor's rules, with what was asked of it already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from gwplan.findings import UsageError
from gwplan.inventory.entries import BEHIND_GATEWAY, DEDUPLICATING, SHARED_FOLDERS
from gwplan.inventory.form import SECTION_OF
from gwplan.inventory.model import Inventory
from gwplan.network import Element, Network, elements
from gwplan.planning import table
from gwplan.planning.editions import edition_of
from gwplan.planning.filters import Ask, judge
from gwplan.planning.rank import Loads
from gwplan.planning.table import Edition
from gwplan.planning.tasks import Work
from gwplan.planning.trace import Candidate, Stop, Tier


class ReadyProxy(NamedTuple):
    """A proxy that can run tasks while it is up: its machine, where that stands, how its transport mode ranks and how
    many tasks it takes."""

    name: str
    machine: str
    site: str
    transport: int
    tasks: int


Groups = Mapping[tuple[object, ...], Mapping[str, Sequence[ReadyProxy]]]
"""Proxies by what comes before their site, least first, and by their site."""


class World:
    """``base`` is a world of the same inventory and edition with nothing down: what no failure touches is asked there.

    ``kinds`` has the kind of each repository, in the words of the table.
    """

    def __init__(
        self,
        inventory: Inventory,
        down: frozenset[Element] = frozenset(),
        edition: Edition | None = None,
        base: World | None = None,
    ) -> None:
        self.inventory = inventory
        self.edition: Edition = edition or (base.edition if base else edition_of(inventory.product_version))
        self.network: Network = Network(inventory, down, base.network if base else None)
        self.kinds: dict[str, str] = (
            base.kinds if base else {name: _kind(inventory, name) for name in inventory.repositories}
        )
        self.usable: dict[tuple[object, ...], Any] = {}
        """Usable proxies that were found already, for jobs that ask the same."""
        self.ready: dict[tuple[object, ...], tuple[ReadyProxy, ...]] = base.ready if base else {}
        """The same of the proxies that are ready wherever the workload stands, whatever is down."""
        self.ready_by_place: dict[tuple[object, ...], Groups] = base.ready_by_place if base else {}
        self.reading: dict[tuple[object, ...], dict[frozenset[str], frozenset[str]]] = {}
        """The machines of usable proxies, for workloads that reach the same sites."""
        self.filled: dict[tuple[str, str, str], Stop] = {}
        """Machines as stops of the data, by kind, name and side."""
        self.tiers: dict[tuple[object, ...], Tier] = {}
        """Tiers with their candidates, for jobs that ask the same."""
        self.ruled: dict[tuple[object, ...], Any] = {}
        """What was ruled already, by work and case."""
        self.alike: dict[tuple[object, ...], Any] = {}
        """The same by all that the rules ask of a job, for jobs that ask the same."""
        self.machine_of: Mapping[str, str] = (
            base.machine_of if base else {name: self.network.role_server("proxy", name) for name in inventory.proxies}
        )
        """The server of each proxy."""
        self.idle = Loads()
        """No load at all: who stands in line then."""
        self._base = base if base and not any(kind == "fabric" for kind, _ in down) else None
        self._candidates: dict[Ask, Candidate] = {}
        self._connected: dict[tuple[str, str], bool] = base._connected if base else {}

    @property
    def down(self) -> frozenset[Element]:
        return self.network.down

    def without(self, down: Iterable[str]) -> World:
        """This world with these down, named as ``--down`` does; a text is one name.

        Raises UsageError for a name that nothing has.
        """
        names = (down,) if isinstance(down, str) else tuple(down)
        for name in names:
            if not isinstance(name, str):
                raise UsageError(f"{name!r} is no name: names are texts, such as 'gw01' or 'site:paris'")
        fallen = elements(self.inventory, names)
        return World(self.inventory, fallen, base=self) if fallen else self

    def has(self, kind: str, name: str) -> bool:
        """Whether its inventory has something of this kind and name."""
        return name in getattr(self.inventory, SECTION_OF[kind])

    def site_of(self, stop: Stop) -> str | None:
        """Where a stop stands in this world, or where it stood if this world does not have it."""
        if stop.kind == "repository" and self.has("repository", stop.name or ""):
            return self.inventory.site_of_repository(stop.name or "")
        if stop.is_machine and self.has("server", stop.name or ""):
            return self.inventory.site_of_server(stop.name or "")
        return stop.site

    def candidate(self, ask: Ask) -> Candidate:
        """A server with every verdict; equal questions share the answer."""
        found = self._candidates.get(ask)
        if found is None:
            if self._base is not None and self._judges_alike(ask):
                found = self._base.candidate(ask)
            else:
                found = Candidate(ask.server, judge(self.network, self.edition, ask))
            self._candidates[ask] = found
        return found

    def _judges_alike(self, ask: Ask) -> bool:
        """Whether the base judges a server alike: it is up and still reaches all that it has to. No verdict depends on
        anything else that can fail."""
        network, inventory = self.network, self.inventory
        if network.server_down(ask.server):
            return False
        if not network.changes_routes:
            return True
        places = [inventory.site_of_server(inventory.backup_server), inventory.site_of_repository(ask.repository)]
        if ask.far is not None:
            places.append(ask.far.site)
        here = inventory.site_of_server(ask.server)
        return all(place is None or network.hops(here, place) is not None for place in places)

    def tape_is_direct(self, work: Work, repository: str) -> bool:
        """Whether the tape server itself reaches the repository, judged with everything up where nobody says."""
        told = work.job.reaches_directly
        if told is not None:
            return told
        server = self.network.role_server("tape_server", work.job.tape or "")
        if (server, repository) not in self._connected:
            everything = Network(self.inventory, everything_up=True)
            verdicts = judge(everything, self.edition, Ask(server, repository))
            self._connected[server, repository] = all(verdict.ok for verdict in verdicts)
        return self._connected[server, repository]


def _kind(inventory: Inventory, name: str) -> str:
    repository = inventory.repositories[name]
    if repository.type == "hardened":
        return table.HARDENED
    if repository.type in SHARED_FOLDERS:
        return table.SHARED
    if repository.type in DEDUPLICATING:
        return table.DEDUP
    if repository.type in BEHIND_GATEWAY:
        return table.OBJECT_DIRECT if repository.connection == "direct" else table.OBJECT_GATEWAY
    return table.DIRECT if repository.server is not None else table.APPLIANCE
