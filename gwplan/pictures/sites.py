"""The network: sites with their servers by role and their repositories, and the links between sites."""

from __future__ import annotations

from collections.abc import Iterator

from gwplan.inventory.entries import Link
from gwplan.inventory.model import Inventory
from gwplan.inventory.names import natural
from gwplan.inventory.quantities import LATENCY_UNITS, RATE_UNITS
from gwplan.pictures.model import LINKS, Drawn, Edge, Node
from gwplan.pictures.sketch import Sketch
from gwplan.planning.plan import Plan

_SITE, _PROXY, _SERVER, _REPOSITORY = 0, 2, 3, 4
_COLUMNS = {_SITE: "Sites", LINKS: "Links", _PROXY: "Proxies", _SERVER: "Servers", _REPOSITORY: "Repositories"}
_STATUS = {"online": (), "offline": ("offline",), "maintenance": ("in maintenance",), "sealed": ("sealed",)}


def sites(plan: Plan) -> Drawn:
    """What an inventory says of its sites, as it is in the plan's world."""
    inventory, sketch = plan.inventory, Sketch(plan)
    roles, groups = _roles(plan), _groups(inventory)
    nodes = [*_site_nodes(sketch)]
    for name in inventory.servers:
        is_proxy = any(role.endswith("proxy") for role in roles[name])
        met = sketch.proxy_server(name, _PROXY) if is_proxy else sketch.gateway(name, _SERVER)
        status = _STATUS[inventory.servers[name].status]
        nodes.append(sketch.nodes[met].saying(*roles[name], *status, *groups.get(("server", name), ())))
    for name in inventory.repositories:
        node = sketch.nodes[sketch.repository(name, _REPOSITORY)]
        status = _STATUS[inventory.repositories[name].status]
        nodes.append(node.saying(*node.words, *status, *groups.get(("repository", name), ())))
    down = "" if not plan.down else f" with {', '.join(plan.down)} down"
    return Drawn(f"The network{down}", nodes, [*_links(plan)], _COLUMNS, ())


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


def _groups(inventory: Inventory) -> dict[tuple[str, str], list[str]]:
    """The fabrics and the failure domains that each server and repository is in."""
    found: dict[tuple[str, str], list[str]] = {}
    for what, groups in (("fabric", inventory.fabrics), ("failure domain", inventory.failure_domains)):
        for name, members in groups.items():
            for member in members:
                found.setdefault(member, []).append(f"{what} {name}")
    return found
