"""The network when some things are down: what is up, what reaches what, how far and over which kind of link.

Sites are the nodes, links the edges; what stands in a site reaches all of it. Failures are an argument, never a
change: another set of failures is another ``Network`` of the same inventory.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

from gwplan.findings import UsageError
from gwplan.inventory.form import SECTION_OF
from gwplan.inventory.model import Inventory
from gwplan.inventory.names import NaturalKey, natural, nearest
from gwplan.search import Search

DOWN_KINDS = (
    "server", "site", "link", "fabric", "failure_domain", "repository", "proxy", "wan_accelerator", "tape_server",
)  # fmt: skip
_LINK_COST = {"lan": 10, "wan": 100}
_WAN_UNIT = 1 << 20  # a path's cost and its number of WAN links make one integer, so that fewer WAN links break a tie

Element = tuple[str, str]
"""``(kind, name)`` of something that can be down."""


class Hops(NamedTuple):
    """The cheapest way between two sites: its cost, and its number of WAN links (the fewest of equally cheap ways)."""

    distance: int
    wan: int


_HERE = Hops(0, 0)


def elements(inventory: Inventory, names: Iterable[str]) -> frozenset[Element]:
    """What ``--down NAME`` means. Raises UsageError for a name that nothing has, or that two things have."""
    return frozenset(_element(inventory, name) for name in names)


def _element(inventory: Inventory, name: str) -> Element:
    kind, colon, rest = name.partition(":")
    if colon and kind in DOWN_KINDS:
        if rest in getattr(inventory, SECTION_OF[kind]):
            return kind, rest
        raise UsageError(f"there is no {kind.replace('_', ' ')} {rest!r}{_guess(inventory, rest, (kind,))}")
    having = [kind for kind in DOWN_KINDS if name in getattr(inventory, SECTION_OF[kind])]
    if "server" in having or len(having) == 1:
        return having[0], name
    if having:
        choices = " or ".join(f"{kind}:{name}" for kind in having)
        raise UsageError(f"{name!r} is the name of {len(having)} things: say {choices}")
    if name in inventory.scale_out_repositories:
        extents = ", ".join(inventory.scale_out_repositories[name].performance_tier)
        raise UsageError(f"{name!r} is a scale-out repository, which stands nowhere itself: name its extents {extents}")
    raise UsageError(f"nothing is called {name!r}{_guess(inventory, name, DOWN_KINDS)}")


def _guess(inventory: Inventory, name: str, kinds: Iterable[str]) -> str:
    guess = next((found for kind in kinds if (found := nearest(name, getattr(inventory, SECTION_OF[kind])))), None)
    return f"; did you mean {guess!r}?" if guess else ""


class Network:
    """``inventory`` without what is ``down``. ``everything_up`` disregards the statuses of entries. ``base`` is a
    network of the same inventory with nothing down, whose answers are reused wherever the failures do not matter."""

    def __init__(
        self,
        inventory: Inventory,
        down: frozenset[Element] = frozenset(),
        base: Network | None = None,
        *,
        everything_up: bool = False,
    ) -> None:
        self.inventory = inventory
        self.down = down
        self._statuses = not everything_up
        fallen: dict[Element, str] = dict.fromkeys(down, "is down")
        for domain in sorted((name for kind, name in down if kind == "failure_domain"), key=natural):
            for member in inventory.failure_domains[domain]:
                fallen.setdefault(member, f"is down with the failure domain {domain}")
        self._fallen = fallen
        self._servers: dict[str, str | None] = {}
        self._base = base
        self._cut = [element for element in fallen if element[0] in ("site", "link")]
        self._known: defaultdict[str, dict[str, Hops | None]] = defaultdict(dict)
        self._searches: dict[str, Search] = {}
        self._asked: Counter[str] = Counter()
        self._neighbours: dict[str, list[tuple[int, str]]] = {}
        self._reached: dict[str, frozenset[str]] = {}
        if base is not None and not self._cut:
            self._known, self._searches, self._neighbours = base._known, base._searches, base._neighbours
            self._asked, self._reached = base._asked, base._reached
        self._zones: dict[Element, frozenset[str]] = {}
        self._zoned = {name for zoned in inventory.fabrics.values() for kind, name in zoned if kind == "repository"}
        for fabric, zoned in inventory.fabrics.items():
            if ("fabric", fabric) not in fallen:
                for member in zoned:
                    self._zones[member] = self._zones.get(member, frozenset()) | {fabric}

    @property
    def changes_routes(self) -> bool:
        """Whether something is down over which others reach each other: a site, a link or a fabric."""
        return any(kind in ("site", "link", "fabric") for kind, _ in self._fallen)

    # --- what is up: each answer is None, or says why the thing is down -----------------------------------------------

    def site_down(self, site: str | None) -> str | None:
        return f"is down with its site {site}" if ("site", site) in self._fallen else None

    def server_down(self, name: str) -> str | None:
        if name not in self._servers:
            server = self.inventory.servers[name]
            why = self._fallen.get(("server", name)) or self.site_down(server.site)
            if why is None and self._statuses and server.status != "online":
                why = "is in maintenance" if server.status == "maintenance" else "is offline"
            self._servers[name] = why
        return self._servers[name]

    def repository_down(self, name: str, *, in_maintenance: bool = True) -> str | None:
        """``in_maintenance``: whether maintenance mode counts."""
        repository = self.inventory.repositories[name]
        why = self._fallen.get(("repository", name)) or self.site_down(self.inventory.site_of_repository(name))
        if why is None and repository.server is not None and self.server_down(repository.server):
            why = f"is down: its server {repository.server} {self.server_down(repository.server)}"
        if why is None and self._statuses:
            if repository.status == "offline":
                why = "is offline"
            elif repository.status == "maintenance" and in_maintenance:
                why = "is in maintenance"
        return why

    def sealed(self, name: str) -> bool:
        return self._statuses and self.inventory.repositories[name].status == "sealed"

    def role_down(self, kind: str, name: str) -> str | None:
        """Why a proxy, a WAN accelerator or a tape server is down, by itself or with its server."""
        if why := self._fallen.get((kind, name)):
            return why
        server = self.role_server(kind, name)
        why = self.server_down(server)
        return f"is down: its server {server} {why}" if why and server != name else why

    def role_server(self, kind: str, name: str) -> str:
        entry = getattr(self.inventory, SECTION_OF[kind])[name]
        return entry.server or name

    # --- what reaches what --------------------------------------------------------------------------------------------

    def hops(self, a: str, b: str) -> Hops | None:
        """The cheapest way from one site to another; None if there is none."""
        if a == b:
            return _HERE if ("site", a) not in self._fallen else None
        known = self._known[a]
        if b not in known:
            cost = self._cost(a, b)
            known[b] = self._known[b][a] = None if cost is None else Hops(*divmod(cost, _WAN_UNIT))
        return known[b]

    def reached(self, site: str) -> frozenset[str]:
        """All sites to which there is a way, itself too unless it is down; the same set for each of them."""
        if site not in self._reached:
            found = Search(site, is_up=("site", site) not in self._fallen).all(self._steps)
            self._reached.update(dict.fromkeys((site, *found), found))
        return self._reached[site]

    def route(self, a: str, b: str) -> list[str]:
        """The sites and links of the cheapest way, ``[a, link, site, …, b]``; among equals the one with the
        smallest names, so that the answer never depends on the order of the file."""
        if self.hops(a, b) is None:
            return []
        if a == b:
            return [a]
        way, here = [a], a
        left = self._cost(a, b) or 0
        while here != b:
            steps = ((there, link) for there, links in self._graph[here].items() if (link := self._up(there, links)))
            here, (cost, _, name) = min(
                (step for step in steps if self._cost(step[0], b) == left - step[1][0]),
                key=lambda step: (natural(step[0]), step[1][1]),
            )
            left -= cost
            way += [name, here]
        return way

    def shares_fabric(self, server: str, repository: str) -> bool | None:
        """Whether a server is zoned with a repository; None where the inventory does not zone the repository."""
        if repository not in self._zoned:
            return None
        mine = self._zones.get(("server", server), frozenset())
        return not mine.isdisjoint(self._zones.get(("repository", repository), frozenset()))

    def servers_share_fabric(self, a: str, b: str) -> bool:
        return not self._zones.get(("server", a), frozenset()).isdisjoint(self._zones.get(("server", b), frozenset()))

    # --- how far: a pair of sites is asked once, and in a network with failures only where they may matter ------------

    def _cost(self, a: str, b: str) -> int | None:
        """The cost of the cheapest way in ``_WAN_UNIT``, plus its number of WAN links; None if there is no way."""
        if a == b:
            return None if ("site", a) in self._fallen else 0
        base = self._base
        if self._cut and base is not None:
            whole = base._cost(a, b)
            if whole is None or not any(base._is_passed(element, a, b, whole) for element in self._cut):
                return whole
        self._asked.update((a, b))
        if self._asked[b] > self._asked[a]:
            a, b = b, a  # links lead both ways, and the search from where many are asked about serves them all
        if a not in self._searches:
            self._searches[a] = Search(a, is_up=("site", a) not in self._fallen)
        return self._searches[a].cost(b, self._steps)

    def _is_passed(self, element: Element, a: str, b: str, whole: int) -> bool:
        """Whether a way from a to b that costs no more than ``whole`` leads over a site or link."""
        kind, name = element
        ends = (name, name) if kind == "site" else self.inventory.links[name].between
        price = 0 if kind == "site" else _price(self.inventory, name)
        for here, there in (ends, ends[::-1]):
            to, onward = self._cost(a, here), self._cost(there, b)
            if to is not None and onward is not None and to + price + onward <= whole:
                return True
        return False

    @cached_property
    def _graph(self) -> _Graph:
        """The sites and links, whatever is down. All networks share it."""
        return _graph_of(self.inventory) if self._base is None else self._base._graph

    def _steps(self, here: str) -> list[tuple[int, str]]:
        """The neighbours that a site reaches, nearest first, with the cost of the cheapest link to each."""
        found = self._neighbours.get(here)
        if found is None:
            there = self._graph.get(here, {})
            found = sorted((link[0], site) for site, links in there.items() if (link := self._up(site, links)))
            self._neighbours[here] = found
        return found

    def _up(self, there: str, links: tuple[_Link, ...]) -> _Link | None:
        """The cheapest of the links to a neighbour that are up, among equals the one with the smallest name."""
        if not self._cut:
            return links[0]
        if ("site", there) in self._fallen:
            return None
        return next((link for link in links if ("link", link[2]) not in self._fallen), None)


_Link = tuple[int, NaturalKey, str]
"""A link's cost, its name as it sorts, and its name."""
_Graph = dict[str, dict[str, tuple[_Link, ...]]]
"""The links from each site to each neighbour, the cheapest first."""


def _graph_of(inventory: Inventory) -> _Graph:
    graph: _Graph = {}
    for name, link in inventory.links.items():
        here, there = link.between
        step = (_price(inventory, name), natural(name), name)
        links = tuple(sorted((*graph.get(here, {}).get(there, ()), step)))
        graph.setdefault(here, {})[there] = graph.setdefault(there, {})[here] = links
    return graph


def _price(inventory: Inventory, link: str) -> int:
    entry = inventory.links[link]
    return (_LINK_COST[entry.kind] + (entry.latency or 0) // 1000) * _WAN_UNIT + (entry.kind == "wan")
