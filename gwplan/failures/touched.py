"""Which kinds of cases a loss may touch, looked up by what is lost instead of asked of every case."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from gwplan.failures.needs import Kind
from gwplan.inventory.model import Inventory
from gwplan.network import Element, Network
from gwplan.planning.rulings import as_asked
from gwplan.planning.world import World

Way = tuple[str, str]
"""Two sites whose distance matters."""


@dataclass(frozen=True, slots=True)
class Index:
    """Kinds of cases by number: those that each element may touch, and those that depend on the length of each way."""

    by_element: Mapping[Element, Collection[int]]
    by_way: Mapping[Way, Collection[int]]
    by_passed: Mapping[Element, Collection[Way]]
    """The ways that lead over a site or a link; where another way is as short, it may serve as well."""
    standing: Mapping[Element, Collection[Element]]
    """What falls with a site, and the repositories that fall with a server."""

    def of(self, elements: Iterable[Element]) -> set[int]:
        """Those that some elements may touch, if none of these changes a way."""
        return {number for element in elements for number in self.by_element.get(element, ())}

    def farther(self, was: Network, now: Network, lost: Iterable[Element]) -> set[int]:
        """Those that depend on a distance which has changed: of ways that led over something lost."""
        found: set[int] = set()
        for way in {way for element in lost for way in self.by_passed.get(element, ())}:
            if now.hops(*way) != was.hops(*way):
                found.update(self.by_way[way])
        return found

    def with_all(self, elements: Iterable[Element]) -> dict[Element, None]:
        """Some elements, and all that falls with them."""
        found: dict[Element, None] = {}
        line = [*elements]
        while line:
            element = line.pop()
            if element not in found:
                found[element] = None
                line += self.standing.get(element, ())
        return found


def index_of(world: World, kinds: Iterable[Kind], movers: Mapping[Kind, Iterable[str]]) -> Index:
    """Make the index, looking at each kind once. ``movers`` has who moves the data of some case of a kind."""
    by_element: defaultdict[Element, list[int]] = defaultdict(list)
    by_way: defaultdict[Way, list[int]] = defaultdict(list)
    for number, kind in enumerate(kinds):
        for element in {*_elements(world.network, kind, movers.get(kind, ()))}:
            by_element[element].append(number)
        if kind.ruled.is_data:
            for way in _ways(world, kind):
                by_way[way].append(number)
    return Index(by_element, by_way, _passed(world.network, by_way), _standing(world.inventory))


def _passed(network: Network, ways: Iterable[Way]) -> dict[Element, list[Way]]:
    found: defaultdict[Element, list[Way]] = defaultdict(list)
    for way in ways:
        for at, name in enumerate(network.route(*way)):
            found["link" if at % 2 else "site", name].append(way)
    return found


def _elements(network: Network, kind: Kind, movers: Iterable[str]) -> Iterator[Element]:
    """What a case cannot do without, who moves its data, who may come first; of a set that has to fall whole, one."""
    yield from kind.hard
    servers = [*kind.hosts, *kind.leaders, *(network.role_server("proxy", name) for name in kind.reading)]
    servers += (min(some) for some in (*kind.servers, kind.readers) if some)
    yield from (("server", name) for name in (*servers, *movers))


def _ways(world: World, kind: Kind) -> set[Way]:
    inventory, case = world.inventory, as_asked(kind.ruled.work, kind.ruled.case)
    places = {case.site} | {inventory.site_of_repository(n) for n in (case.source, case.target) if n is not None}
    machines = [world.network.role_server("proxy", name) for name in kind.reading]
    sites = {*places, *map(inventory.site_of_server, (*kind.leaders, *machines))}
    return {(here, there) for here in places for there in sites if here is not None and there is not None}


def _standing(inventory: Inventory) -> dict[Element, list[Element]]:
    found: defaultdict[Element, list[Element]] = defaultdict(list)
    for name, server in inventory.servers.items():
        found["site", server.site or ""].append(("server", name))
    for name, repository in inventory.repositories.items():
        found["site", inventory.site_of_repository(name) or ""].append(("repository", name))
        if repository.server is not None:
            found["server", repository.server].append(("repository", name))
    for name, members in inventory.failure_domains.items():
        found["failure_domain", name] += members
    return found
