"""The network: sites with their servers by role and their repositories, and the links between sites."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from gwplan.inventory.entries import Link
from gwplan.inventory.names import natural
from gwplan.inventory.quantities import LATENCY_UNITS, RATE_UNITS
from gwplan.network import Element
from gwplan.pictures.model import LINKS, OFFLINE, Drawn, Edge, Node
from gwplan.pictures.sketch import Sketch
from gwplan.planning.plan import Plan

_SITE, _OTHER, _PROXY, _GATEWAY, _REPOSITORY = 0, 2, 3, 4, 5
_COLUMNS = {
    _SITE: "Sites", LINKS: "Links", _OTHER: "Servers", _PROXY: "Proxies", _GATEWAY: "Gateway and mount servers",
    _REPOSITORY: "Repositories",
}  # fmt: skip
_SERVES = {"selected gateway server", "mount server"}
_STATUS = {"online": (), "offline": (OFFLINE,), "maintenance": ("in maintenance",), "sealed": ("sealed",)}
_MOST_PAIRS = 10_000
"""Of a server and a repository, that the fabrics of a picture are drawn as."""


def sites(plan: Plan) -> Drawn:
    """What an inventory says of its sites, as it is in the plan's world."""
    inventory, sketch = plan.inventory, Sketch(plan)
    roles, fabrics, domains = _roles(plan), _groups(inventory.fabrics), _groups(inventory.failure_domains)

    def told(node: Node, what: str, name: str, words: Iterable[str], status: str) -> Node:
        zoned, together = fabrics.get((what, name), []), domains.get((what, name), [])
        groups = (*(f"fabric {one}" for one in zoned), *(f"failure domain {one}" for one in together))
        return replace(node.saying(*words, *groups, *_STATUS[status]), domains=tuple(together))

    nodes = [*_site_nodes(sketch)]
    drawn: dict[Element, str] = {}
    for name, server in inventory.servers.items():
        met = _met(sketch, name, roles[name])
        drawn["server", name] = met
        nodes.append(told(sketch.nodes[met], "server", name, roles[name], server.status))
    for name, repository in inventory.repositories.items():
        node = sketch.nodes[sketch.repository(name, _REPOSITORY)]
        drawn["repository", name] = node.id
        nodes.append(told(node, "repository", name, node.words, repository.status))
    down = "" if not plan.down else f" with {', '.join(plan.down)} down"
    pairs = sum(len(some) * len(others) for some, others in map(_sides, inventory.fabrics.values()))
    zones = [*_zones(plan, drawn)] if pairs <= _MOST_PAIRS else []
    notes = () if pairs <= _MOST_PAIRS else ("The fabrics join too many to be drawn as lines: the boxes name them.",)
    return Drawn(f"The network{down}", nodes, [*_links(plan), *zones], _COLUMNS, notes)


def _met(sketch: Sketch, name: str, roles: Iterable[str]) -> str:
    """A server in the column of what it does for gateways."""
    if any(role.endswith("proxy") for role in roles):
        return sketch.proxy_server(name, _PROXY)
    return sketch.gateway(name, _GATEWAY if not _SERVES.isdisjoint(roles) or sketch.serves(name) else _OTHER)


def _site_nodes(sketch: Sketch) -> Iterator[Node]:
    for name in sketch.inventory.sites:
        state = "down" if sketch.network.site_down(name) else "ok"
        yield Node(f"site:{name}", "site", name, _SITE, name, (name,), state=state)


def _links(plan: Plan) -> Iterator[Edge]:
    network = plan.world.network
    for name, link in sorted(plan.inventory.links.items(), key=lambda item: natural(item[0])):
        here, there = link.between
        down = ("link", name) in plan.world.down or any(network.site_down(site) for site in link.between)
        hops = int(link.kind == "wan")
        yield Edge(f"site:{here}", f"site:{there}", "link", 0, hops, label=_told(name, link), down=down)


def _zones(plan: Plan, drawn: Mapping[Element, str]) -> Iterator[Edge]:
    """A line for each server and repository that are zoned together, with the names of their fabrics."""
    found: dict[tuple[str, str], list[str]] = {}
    for name in sorted(plan.inventory.fabrics, key=natural):
        servers, repositories = _sides(plan.inventory.fabrics[name])
        for server in servers:
            for repository in repositories:
                found.setdefault((drawn["server", server], drawn["repository", repository]), []).append(name)
    for (server, repository), names in found.items():
        down = all(("fabric", name) in plan.world.down for name in names)
        yield Edge(server, repository, "fabric", label=", ".join(names), down=down)


def _sides(fabric: Iterable[Element]) -> tuple[list[str], list[str]]:
    """The servers and the repositories of a fabric."""
    members = sorted(fabric, key=lambda member: natural(member[1]))
    servers, repositories = ([name for kind, name in members if kind == one] for one in ("server", "repository"))
    return servers, repositories


def _told(name: str, link: Link) -> str:
    known = [link.kind.upper()]
    known += [_quantity(link.bandwidth, RATE_UNITS)] if link.bandwidth is not None else []
    known += [_quantity(link.latency, LATENCY_UNITS)] if link.latency is not None else []
    return f"{name}: {', '.join(known)}"


def _quantity(amount: int, units: dict[str, int]) -> str:
    """An amount in the largest unit of which it is at least one."""
    sizes = sorted((size, unit) for unit, size in units.items())
    size, unit = max((one for one in sizes if one[0] <= amount), default=sizes[0])
    return f"{amount / size:.10g} {unit}"


def _roles(plan: Plan) -> dict[str, list[str]]:
    """What each server is, in the order in which it is told."""
    inventory = plan.inventory
    found: dict[str, dict[str, None]] = {name: {} for name in inventory.servers}
    found[inventory.backup_server]["backup server"] = None
    for section, role in (("proxies", ""), ("wan_accelerators", "WAN accelerator"), ("tape_servers", "tape server")):
        for name, entry in getattr(inventory, section).items():
            told = role or {"vmware": "VMware backup proxy", "hyperv_off_host": "Hyper-V off-host backup proxy"}.get(
                entry.type, "general-purpose backup proxy"
            )
            found[entry.server or name][told] = None
    for name, repository in inventory.repositories.items():
        for server in repository.gateway_servers or ():
            found[server]["selected gateway server"] = None
        for server in inventory.mount_servers(name):
            found[server]["mount server"] = None
        if repository.server is not None:
            found[repository.server]["repository server"] = None
    for name, entry in inventory.servers.items():
        if entry.os == "hyperv":
            found[name]["Hyper-V host"] = None
        if not found[name]:
            found[name]["server"] = None
    return {name: list(roles) for name, roles in found.items()}


def _groups(groups: Mapping[str, Iterable[Element]]) -> dict[Element, list[str]]:
    """The groups that each server and repository is in."""
    found: dict[Element, list[str]] = {}
    for name, members in groups.items():
        for member in members:
            found.setdefault(member, []).append(name)
    return found
