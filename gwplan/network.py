"""The network when some things are down: what is up, what reaches what, how far and over which kind of link.

Sites are the nodes, links the edges; what stands in a site reaches all of it. Failures are an argument, never a
change: another set of failures is another ``Network`` of the same inventory.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, NamedTuple

from gwplan.findings import UsageError
from gwplan.inventory.form import SECTION_OF
from gwplan.inventory.model import Inventory
from gwplan.inventory.names import NaturalKey, natural, nearest

DOWN_KINDS = (
    "server", "site", "link", "fabric", "failure_domain", "repository", "proxy", "wan_accelerator", "tape_server",
)  # fmt: skip
_LINK_COST = {"lan": 10, "wan": 100}
_WAN_UNIT = 1 << 20  # a path's cost and its number of WAN links in one integer, so that the fewest break ties

Element = tuple[str, str]
"""``(kind, name)`` of something that can be down."""


class Hops(NamedTuple):
    """The cheapest way between two sites: its cost, and its WAN links (the fewest among the equally cheap)."""

    distance: int
    wan: int


def elements(inventory: Inventory, names: Iterable[str]) -> frozenset[Element]:
    """What ``--down NAME`` means. Raises UsageError for a name that nothing has, or that two things have."""
    listed = tuple(names)
    for name in listed:
        if not isinstance(name, str):
            raise UsageError(f"{name!r} is no name: names are texts, such as 'gw01' or 'site:paris'")
    return frozenset(_element(inventory, name) for name in listed)


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
    """``inventory`` without what is down. ``everything_up`` disregards statuses too. ``base`` is a network of the same
    inventory with nothing down, of which nothing is asked again that the failures do not touch."""

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
        self._tables: dict[str, Mapping[str, Hops]] = {}
        if base is not None and not self.changes_routes:
            self._tables = base._tables
        self._zones: dict[Element, frozenset[str]] = {}
        self._zoned = {name for zoned in inventory.fabrics.values() for kind, name in zoned if kind == "repository"}
        for fabric, zoned in inventory.fabrics.items():
            if ("fabric", fabric) not in fallen:
                for member in zoned:
                    self._zones[member] = self._zones.get(member, frozenset()) | {fabric}

    @property
    def changes_routes(self) -> bool:
        """Whether something is down that others reach each other by."""
        return any(kind in ("site", "link", "fabric") for kind, _ in self._fallen)

    # --- what is up: each answer is None, or what to say of the thing -------------------------------------------------

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
        """Of a proxy, a WAN accelerator or a tape server: down by itself or with its server."""
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
        """The cheapest way from site to site, None without any."""
        if a == b:
            return Hops(0, 0) if ("site", a) not in self._fallen else None
        return self._table(a).get(b)

    def route(self, a: str, b: str) -> list[str]:
        """The sites and links of the cheapest way, ``[a, link, site, …, b]``; among equals the one with the
        smallest names, so that the answer never depends on the order of the file."""
        if self.hops(a, b) is None:
            return []
        if a == b:
            return [a]
        graph, links = self._graph, self._cheapest
        way, here = [a], a
        left = self._cost(a, b)
        while here != b:
            steps = ((there, link) for there, edge in graph[here].items() if (link := links(here, there, edge)))
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

    def _cost(self, a: str, b: str) -> int:
        hops = self.hops(a, b)
        return -1 if hops is None else hops.distance * _WAN_UNIT + hops.wan

    def _table(self, site: str) -> Mapping[str, Hops]:
        """The ways from one site to every other: asked of the graph once a site."""
        if site not in self._tables:
            graph = self._graph
            costs: Mapping[str, int] = {} if ("site", site) in self._fallen else {site: 0}
            if costs and graph is not None and site in graph:
                import networkx as nx

                costs = nx.single_source_dijkstra_path_length(graph, site, weight=self._weight)
            self._tables[site] = {other: Hops(*divmod(cost, _WAN_UNIT)) for other, cost in costs.items()}
        return self._tables[site]

    @cached_property
    def _graph(self) -> Any:
        """The graph of sites and links, whatever is down; None where there is no link. All networks share it."""
        return _graph_of(self.inventory) if self._base is None else self._base._graph

    def _cheapest(self, _here: str, there: str, edge: Mapping[str, Any]) -> _Link | None:
        """Of the links between two sites the cheapest that is up, then the one with the smallest name."""
        if ("site", there) in self._fallen:
            return None
        return next((link for link in edge["links"] if ("link", link[2]) not in self._fallen), None)

    def _weight(self, here: str, there: str, edge: Mapping[str, Any]) -> int | None:
        """What networkx takes for a cost; None hides the edge."""
        link = self._cheapest(here, there, edge)
        return link[0] if link else None


_Link = tuple[int, NaturalKey, str]
"""A link's cost and its names."""


def _graph_of(inventory: Inventory) -> Any:
    if not inventory.links:
        return None
    import networkx as nx

    graph = nx.Graph()
    for name, link in inventory.links.items():
        cost = (_LINK_COST[link.kind] + (link.latency or 0) // 1000) * _WAN_UNIT + (link.kind == "wan")
        edge = graph.get_edge_data(*link.between) or {"links": []}
        graph.add_edge(*link.between, links=sorted([*edge["links"], (cost, natural(name), name)]))
    return graph
