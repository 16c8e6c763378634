"""What the checks look at: the inventory, its plan, and what several of them ask of the two, each asked once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from gwplan.inventory.any_job import Job
from gwplan.inventory.entries import BEHIND_GATEWAY, OBJECT_STORAGE
from gwplan.inventory.model import Inventory
from gwplan.network import Hops
from gwplan.planning.carried import Carried
from gwplan.planning.decision import Key
from gwplan.planning.plan import Plan, plan_in
from gwplan.planning.trace import BAD, Ruling, Verdict
from gwplan.planning.world import World


class Flow(NamedTuple):
    """Tasks of one ruling with the same proxy and the same gateway."""

    ruling: Ruling
    proxy: str | None
    gateway: str
    tasks: int
    disks: int


@dataclass(slots=True)
class Candidacy:
    """A server that the table names for a repository on automatic selection: where, for which jobs, what refuses it."""

    tiers: dict[str, None] = field(default_factory=dict)
    jobs: dict[str, None] = field(default_factory=dict)
    refusals: dict[str, Verdict] = field(default_factory=dict)
    lost: dict[str, str] = field(default_factory=dict)
    """Jobs that nobody else could serve either, even with every server online, and which part of them, in words."""


def lost_with(candidacies: Iterable[Candidacy]) -> list[str]:
    """What nobody can serve, in words: a job, or its synthetic operations alone."""
    found: dict[str, str] = {}
    for one in candidacies:
        found |= {job: what for job, what in one.lost.items() if what == job or job not in found}
    return list(found.values())


class ProxyChoice(NamedTuple):
    """The proxies that some jobs may use: those that can, those that are disabled or down."""

    usable: list[str]
    out: list[str]
    jobs: list[str]


class View:
    """A plan, and what several checks ask of its world."""

    def __init__(self, plan: Plan) -> None:
        self.inventory, self.plan = plan.inventory, plan
        self.network = plan.world.network
        self.version = int(plan.world.edition.id.partition("@")[0])
        """The major version whose rules the plan follows, which need not be that of the inventory."""
        self._places: dict[str, dict[str, int]] = {}

    # --- of the plan --------------------------------------------------------------------------------------------------

    @cached_property
    def flows(self) -> tuple[Flow, ...]:
        """Who serves what; the decisions are walked once for all checks."""
        counts: dict[tuple[Ruling, str | None, str], list[int]] = {}
        for served, decisions in self.plan.groups:
            if served.gateway is not None:
                count = counts.setdefault((served.ruling, served.proxy, served.gateway), [0, 0])
                count[0] += len(decisions)
                count[1] += decisions.disks
        return tuple(Flow(*key, *count) for key, count in counts.items())

    @cached_property
    def automatic(self) -> dict[tuple[str, str], Candidacy]:
        """Every candidate of the table's chains, by repository and server."""
        found: dict[tuple[str, str], Candidacy] = {}
        for ruling in self.plan.rulings:
            if ruling.selection not in ("automatic", "direct"):
                continue
            is_lost = ruling in self._lost
            for tier in ruling.tiers:
                for candidate in tier.candidates:
                    key = (ruling.repository, candidate.server)
                    one = found.get(key) or found.setdefault(key, Candidacy())
                    one.tiers[tier.name] = one.jobs[ruling.job] = None
                    if not candidate.eligible:
                        one.refusals.update({v.check: v for v in candidate.verdicts if not v.ok})
                    if is_lost:
                        if ruling.operation == "synthetic":
                            one.lost.setdefault(ruling.job, f"synthetic operations of {ruling.job}")
                        else:
                            one.lost[ruling.job] = ruling.job
        return found

    @cached_property
    def _lost(self) -> frozenset[Ruling]:
        """Rulings by which nobody could serve even with every server online."""
        return frozenset(
            served.ruling
            for served, decisions in self.plan.groups
            if served.ruling.outcome == "failed" and any(decision.key in self.hopeless for decision in decisions)
        )

    @cached_property
    def candidates_of(self) -> dict[str, dict[str, Candidacy]]:
        """The same by repository: its candidates by server."""
        found: dict[str, dict[str, Candidacy]] = {}
        for (repository, server), one in self.automatic.items():
            found.setdefault(repository, {})[server] = one
        return found

    @cached_property
    def certain_flows(self) -> tuple[Flow, ...]:
        """The flows that count as load. Of others, another page of the vendor says that another machine moves them."""
        return tuple(flow for flow in self.flows if not flow.ruling.load_is_disputed)

    def carried(self, operation: str) -> Carried:
        """What each gateway carries of one operation; for data this is what the plan says, without what is disputed."""
        return self._carried.get(operation) or Carried()

    @cached_property
    def _carried(self) -> dict[str, Carried]:
        found: dict[str, Carried] = {}
        for flow in self.certain_flows:
            carried = found.setdefault(flow.ruling.operation, Carried())
            carried.add(flow.gateway, flow.ruling.repository, flow.tasks)
        return found

    @cached_property
    def hopeless(self) -> frozenset[Key]:
        """The keys of decisions that would fail or be blocked even with every status online and every proxy enabled."""
        if self.plan.is_well:
            return frozenset()
        online, world = _all_online(self.inventory), self.plan.world
        same = online is self.inventory and not world.down
        made = self.plan if same else plan_in(World(online, edition=world.edition), (), self.plan.strategy)
        return frozenset(
            decision.key for served, found in made.groups if served.ruling.outcome in BAD for decision in found
        )

    # --- of the inventory ---------------------------------------------------------------------------------------------

    def listed(self, repository: str) -> tuple[str, ...]:
        """The gateway servers that are selected explicitly; nothing where a list is ignored."""
        entry = self.inventory.repositories[repository]
        if entry.type not in BEHIND_GATEWAY or self.inventory.is_direct_object(repository):
            return ()
        return tuple(dict.fromkeys(entry.gateway_servers or ()))

    def places_in_list(self, repository: str) -> dict[str, int]:
        """The first place of each gateway server in a repository's list."""
        found = self._places.get(repository)
        if found is None:
            given = self.inventory.repositories[repository].gateway_servers or ()
            found = self._places[repository] = {server: at for at, server in reversed(list(enumerate(given)))}
        return found

    def is_automatic(self, repository: str) -> bool:
        return self.inventory.repositories[repository].type in BEHIND_GATEWAY and not self.listed(repository)

    def behind_gateway(self) -> Iterable[str]:
        return (name for name, entry in self.inventory.repositories.items() if entry.type in BEHIND_GATEWAY)

    def is_let_in(self, server: str, repository: str) -> bool:
        """Whether a repository's ``accessible_from`` has a server or its site; yes where it has no such list."""
        allowed = self.inventory.allowed.get(repository)
        site = self.inventory.servers[server].site
        return allowed is None or ("server", server) in allowed or ("site", site) in allowed

    def is_per_machine(self, repository: str) -> bool:
        """The option that counts: an extent has it from its scale-out repository. per_vm_backup_files.html"""
        entry = self.inventory.repositories[repository]
        if entry.type == OBJECT_STORAGE:
            return True
        whole = self.inventory.extent_of.get(repository)
        return self.inventory.scale_out_repositories[whole].per_machine if whole else entry.per_machine

    def size_of(self, machines: Iterable[str]) -> int:
        """How much data some machines hold, as far as that is given."""
        return sum(self.inventory.machines[name].size or 0 for name in machines)

    @cached_property
    def domains_of(self) -> dict[str, dict[str, None]]:
        """The failure domains of each server, in their order."""
        found: dict[str, dict[str, None]] = {}
        for domain, members in self.inventory.failure_domains.items():
            for kind, name in members:
                if kind == "server":
                    found.setdefault(name, {})[domain] = None
        return found

    def jobs(self, *types: str) -> Iterable[tuple[str, Any]]:
        """The enabled jobs of these types."""
        return ((n, job) for n, job in self.inventory.jobs.items() if job.enabled and job.type in types)

    def writing_jobs(self) -> Iterable[tuple[str, Any]]:
        """The enabled jobs that write to a repository."""
        return ((name, job) for name, job in self.inventory.jobs.items() if job.enabled and job.writes)

    def targets(self, job: Job) -> tuple[str, ...]:
        """The repositories that a job may write to: one, or the extents of a scale-out repository."""
        return self.repositories_of(getattr(job, "repository", None) if job.writes else None)

    def sources(self, job: Job) -> tuple[str, ...]:
        """The repositories that a job may read from."""
        if source := getattr(job, "source_repository", None):
            return self.repositories_of(source)
        feeders = getattr(job, "source_jobs", None) or ()
        found = (name for feeder in feeders for name in self.targets(self.inventory.jobs[feeder]))
        return tuple(dict.fromkeys(found))

    def repositories_of(self, name: str | None) -> tuple[str, ...]:
        if name is None:
            return ()
        whole = self.inventory.scale_out_repositories.get(name)
        return tuple(whole.performance_tier) if whole else (name,)

    def proxy_kind(self, name: str, job: Job) -> str | None:
        """The type of proxy that a job reads or writes workloads through; None where it needs none."""
        first = next(iter(self.inventory.holdings.workloads[name]), None) if job.through_proxies else None
        platform = None if first is None else self.inventory.machines[first].platform
        if platform == "hyperv":
            return "hyperv_off_host" if job.is_off_host else None
        return {None: None, "vmware": "vmware"}.get(platform, "general_purpose")

    @cached_property
    def proxy_choices(self) -> tuple[ProxyChoice, ...]:
        """Each set of proxies that jobs choose from, with its jobs."""
        proxies = self.inventory.proxies
        by_kind: dict[str, list[str]] = {}
        for name, proxy in proxies.items():
            by_kind.setdefault(proxy.type, []).append(name)
        jobs: dict[tuple[str, tuple[str, ...] | None], list[str]] = {}
        for name, job in self.inventory.jobs.items():
            if job.enabled and (kind := self.proxy_kind(name, job)):
                jobs.setdefault((kind, job.listed_proxies), []).append(name)
        found = []
        for (kind, listed), names in jobs.items():
            named = by_kind.get(kind, ()) if listed is None else dict.fromkeys(listed)
            among = [name for name in named if proxies[name].type == kind]
            is_off = {p: not proxies[p].enabled or self.network.role_down("proxy", p) is not None for p in among}
            found.append(ProxyChoice([p for p in among if not is_off[p]], [p for p in among if is_off[p]], names))
        return tuple(found)

    def machine_of(self, proxy: str | None) -> str | None:
        """The server of the proxy that reads; a Hyper-V host is one itself."""
        if proxy is None or proxy not in self.inventory.proxies:
            return proxy
        return self.network.role_server("proxy", proxy)

    def way(self, server: str, repository: str) -> Hops | None:
        """The cheapest way from a server to a repository; None without one, or where nobody says where it stands."""
        site = self.inventory.site_of_repository(repository)
        return None if site is None else self.network.hops(self.inventory.site_of_server(server), site)

    def in_site_of(self, server: str, repository: str) -> bool:
        """Whether a server stands with a repository; yes where nobody says where that is."""
        site = self.inventory.site_of_repository(repository)
        return site is None or self.inventory.site_of_server(server) == site

    def has_servers_near(self, repository: str) -> bool:
        """Whether something closer could be named: not for object storage in a site where no server stands."""
        site = self.inventory.site_of_repository(repository)
        return self.inventory.repositories[repository].type != OBJECT_STORAGE or site in self._inhabited

    @cached_property
    def _inhabited(self) -> frozenset[str | None]:
        return frozenset(self.inventory.site_of_server(server) for server in self.inventory.servers)

    def crosses_wan(self, server: str, other: str) -> bool:
        """Whether the cheapest way between two servers has a WAN link."""
        way = self.network.hops(self.inventory.site_of_server(server), self.inventory.site_of_server(other))
        return way is not None and way.wan > 0

    def is_over_wan(self, server: str, repository: str) -> bool:
        way = self.way(server, repository)
        return way is not None and way.wan > 0


def _all_online(inventory: Inventory) -> Inventory:
    online = {"status": "online"}
    servers = {name: e.model_copy(update=online) for name, e in inventory.servers.items() if e.status != "online"}
    repositories = {
        name: e.model_copy(update=online) for name, e in inventory.repositories.items() if e.status != "online"
    }
    proxies = {name: e.model_copy(update={"enabled": True}) for name, e in inventory.proxies.items() if not e.enabled}
    if not servers and not repositories and not proxies:
        return inventory
    return inventory.changed(servers=servers, repositories=repositories, proxies=proxies)
