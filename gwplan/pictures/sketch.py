"""A picture while it is made: the nodes of an inventory as they are met, and edges whose tasks add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container
from dataclasses import replace

from gwplan.inventory.entries import Workload
from gwplan.inventory.model import THE_SITE
from gwplan.inventory.names import natural
from gwplan.pictures.model import Edge, Node
from gwplan.planning.decision import Served
from gwplan.planning.plan import GatewayLoad, Plan
from gwplan.planning.rank import slots

SOURCE, PROXY, GATEWAY, REPOSITORY, SECOND_GATEWAY, SECOND_REPOSITORY, LAST = range(7)
"""The columns of the flow."""
PLATFORM = {
    "vmware": "VMware", "hyperv": "Hyper-V", "file_share": "file shares", "agent": "agents", "plugin": "plug-ins",
}  # fmt: skip
KIND = {
    "windows": "Windows", "linux": "Linux", "hardened": "hardened", "exagrid": "ExaGrid", "quantum_dxi": "Quantum DXi",
    "infinidat": "Infinidat", "fujitsu": "Fujitsu", "smb": "SMB share", "nfs": "NFS share",
    "data_domain": "Dell Data Domain", "storeonce": "HPE StoreOnce", "object_storage": "object storage",
    "cloud": "cloud repository",
}  # fmt: skip
FLOWS = ("data", "offload")
"""The kinds of edges that are held against the plain plan."""
_BUSY = 0.8


class Sketch:
    """``site`` of a node is None where the inventory has no sites, or does not say."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.inventory, self.network = plan, plan.inventory, plan.world.network
        self.nodes: dict[str, Node] = {}
        self.machines: dict[str, set[str]] = {}
        self.tasks: Counter[str] = Counter()
        self.offloads: dict[str, Counter[str]] = {"source": Counter(), "target": Counter()}
        """The offloads of each node, by side: who serves both sides counts a task once."""
        self.kept: set[str] = set()
        """Nodes that are drawn even if nothing is joined with them."""
        self.moved: Counter[tuple[str, str, str]] = Counter()
        self._edges: Counter[tuple[str, str, str]] = Counter()
        self._jobs: dict[tuple[str, str, str], set[str]] = {}
        self._loads = {load.server: load for load in plan.gateways}

    # --- nodes --------------------------------------------------------------------------------------------------------

    def source(self, workload: Workload) -> str:
        """Where a machine's data comes from: its site and platform."""
        return self.workloads(workload.platform, self.inventory.site_of_workload(workload), SOURCE)

    def workloads(self, platform: str, where: str | None, column: int) -> str:
        """Machines of a platform in a site, where data comes from or goes to."""
        site = self._site(where)
        name = platform if site is None else f"{site}/{platform}"
        words = PLATFORM[platform]
        return self._meet(Node(f"source:{name}", "source", words if site is None else f"{words}, {site}", column, site,
                               (name,), machines=0))  # fmt: skip

    def proxy(self, name: str, column: int = PROXY) -> str:
        key = f"proxy:{name}"
        if key not in self.nodes:
            role = "proxy" if name in self.inventory.proxies else None
            server = self.network.role_server("proxy", name) if role else name
            known = server in self.inventory.servers
            down = self.network.role_down("proxy", name) if role else known and self.network.server_down(server)
            site = self._site(self.inventory.site_of_server(server)) if known else None
            words = () if role else ("on-host proxy",)
            self._meet(Node(key, "proxy", name, column, site, (name,), state="down" if down else "ok", words=words))
        return key

    def proxy_server(self, name: str, column: int) -> str:
        """A server that is a proxy, with what it carries as a gateway server."""
        gateway = self.nodes[self.gateway(name, column)]
        return self._meet(replace(gateway, id=f"proxy:{name}", kind="proxy"))

    def reader(self, served: Served, column: int = PROXY) -> str | None:
        """The proxy, or the Hyper-V host, that reads or writes the workloads."""
        name = served.proxy or next((stop.name for stop in served.way.stops if stop.kind == "reader"), None)
        return None if name is None else self.proxy(name, column)

    def gateway(self, name: str, column: int = GATEWAY) -> str:
        key = f"gateway:{name}"
        if key not in self.nodes:
            load = self._loads.get(name) or GatewayLoad(name, 0, 0, 0, slots(self.inventory, name))
            site = self._site(self.inventory.site_of_server(name))
            state = "down" if self.network.server_down(name) else _state(load)
            numbers = (load.tasks, load.at_once, load.slots)
            self._meet(Node(key, "gateway", name, column, site, (name,), *numbers, state=state))
        return key

    def repository(self, name: str, column: int = REPOSITORY) -> str:
        key = f"repository:{name}"
        if key not in self.nodes:
            entry = self.inventory.repositories[name]
            words = KIND[entry.type] + (" over Fibre Channel" if entry.is_over_fc else "")
            whole = self.inventory.extent_of.get(name)
            told = (words, f"extent of {whole}") if whole else (words,)
            down = self.network.repository_down(name, in_maintenance=False)
            site = self._site(self.inventory.site_of_repository(name))
            self._meet(Node(key, "repository", name, column, site, (name,), state="down" if down else "ok", words=told))
        return key

    def stub(self, outcome: str, reason: str, at: str) -> str:
        """Where tasks end that are not served, beside the node that they reach."""
        here = self.nodes[at]
        name = f"{here.kind}/{outcome}/{reason}"
        name = f"{here.site}/{name}" if here.site else name
        label = f"{outcome}: {reason.replace('_', ' ')}"
        return self._meet(Node(f"stub:{name}", "stub", label, here.column + 1, here.site, (name,), state=outcome))

    def _meet(self, node: Node) -> str:
        self.nodes.setdefault(node.id, node)
        return node.id

    def _site(self, site: str | None) -> str | None:
        return None if site == THE_SITE else site

    # --- edges --------------------------------------------------------------------------------------------------------

    def join(self, source: str, target: str, kind: str, tasks: int, job: str) -> tuple[str, str, str] | None:
        """Add tasks between two nodes. A server that serves both ends is not joined with itself."""
        if source == target:
            return None
        key = (source, target, kind)
        self._edges[key] += tasks
        self._jobs.setdefault(key, set()).add(job)
        return key

    def edges(self, plain: Sketch | None = None) -> list[Edge]:
        """All edges; held against a plain plan, also those that only it has."""
        keys = dict.fromkeys((*self._edges, *(key for key in plain._edges if key[2] in FLOWS)) if plain
                             else self._edges)  # fmt: skip
        found = []
        for key in keys:
            source, target, kind = key
            jobs = self._jobs.get(key) or (plain._jobs[key] if plain else set())
            hops = self._wan_hops(source, target)
            before = plain._edges[key] if plain and kind in FLOWS else None
            found.append(Edge(source, target, kind, self._edges[key], hops, tuple(sorted(jobs, key=natural)),
                              self.moved[key], before))  # fmt: skip
        return found

    def _wan_hops(self, source: str, target: str) -> int:
        """The WAN links between two nodes: none over Fibre Channel, where no site is crossed."""
        here, there = self.nodes[source], self.nodes[target]
        for node in (here, there):
            if node.kind == "repository" and self.inventory.repositories[node.members[0]].is_over_fc:
                return 0
        if here.site is None or there.site is None:
            return 0
        hops = self.network.hops(here.site, there.site)
        return hops.wan if hops else 0

    def finished(self, plain: Sketch | None = None) -> list[Node]:
        """The nodes that something is joined with; held against a plain plan, also those that only it has."""
        for node in plain.nodes.values() if plain else ():
            if node.id not in self.nodes and node.kind != "stub":
                self._meet_again(node)
        shown = [*self._edges, *(key for key in (plain._edges if plain else ()) if key[2] in FLOWS)]
        joined = self.kept | {end for key in shown for end in key[:2]}
        busy = {end for key, tasks in self._edges.items() if tasks for end in key[:2]}
        return [self._counted(node, busy) for node in self.nodes.values() if node.id in joined]

    def _meet_again(self, node: Node) -> None:
        """A node of the plain plan, as it stands in this one."""
        name = node.members[0]
        if node.kind == "source":
            self._meet(replace(node, machines=0, state="idle"))
        elif node.kind == "proxy":
            self.proxy(name, node.column)
        elif node.kind == "gateway":
            self.gateway(name, node.column)
        else:
            self.repository(name, node.column)

    def _counted(self, node: Node, busy: Container[str]) -> Node:
        tasks = node.tasks if node.kind == "gateway" else self.tasks[node.id]
        machines = len(self.machines.get(node.id, ())) if node.machines is not None else None
        down = node.kind == "source" and node.site is not None and self.network.site_down(node.site)
        idle = node.state == "ok" and node.id not in busy and not tasks
        state = "down" if down else "idle" if idle else node.state
        offloads = max(numbers[node.id] for numbers in self.offloads.values())
        return replace(node, tasks=tasks, machines=machines, offloads=offloads, state=state)


def _state(load: GatewayLoad) -> str:
    return "over" if load.at_once > load.slots else "busy" if load.share >= _BUSY else "ok"
