"""Who reads a workload (or writes it, for a restore): the usable proxies in their order, or the Hyper-V host."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from gwplan.inventory.names import natural
from gwplan.network import Network
from gwplan.planning.rank import Loads, Member, Standing
from gwplan.planning.table import OFF_HOST, OFF_HOST_ONLY, ON_HOST
from gwplan.planning.tasks import Case, Work
from gwplan.planning.world import Groups, ReadyProxy, World

_TRANSPORT = {"direct_storage": 0, "auto": 1, "virtual_appliance": 1, "network": 2}  # transport_modes.html
_PROXY_FOR = {"vmware": "vmware", "hyperv": "hyperv_off_host"}
_OTHER_PROXY = "general_purpose"


class Usable:
    """The proxies that may read a workload, by name, each with what orders it: affinity, transport mode, site, share,
    distance, name. backup_job_storage_vm.html, proxy_affinity.html

    ``groups`` has those that are ready wherever it stands, by affinity and transport mode. How far one is costs a way,
    and mostly nobody asks. ``alike`` keeps the machines of all of them for other workloads that reach the same sites.
    """

    def __init__(
        self, network: Network, site: str | None, groups: Groups, alike: dict[frozenset[str], frozenset[str]]
    ) -> None:
        self._network, self._site, self._groups, self._alike = network, site, groups, alike

    def __bool__(self) -> bool:
        return self._is_any

    def __iter__(self) -> Iterator[Member]:
        return iter(self._all)

    @cached_property
    def machines(self) -> frozenset[str]:
        """The machines of all."""
        reached = self._reached
        if reached not in self._alike:
            self._alike[reached] = frozenset(
                one.machine
                for by_site in self._groups.values()
                for site, some in by_site.items()
                if site in reached
                for one in some
                if self._is_up(one)
            )
        return self._alike[reached]

    @cached_property
    def _is_any(self) -> bool:
        reached = self._reached
        return any(
            self._is_up(one)
            for by_site in self._groups.values()
            for site, some in by_site.items()
            if site in reached
            for one in some
        )

    @cached_property
    def leading(self) -> tuple[Member, ...]:
        """Those that no load can put behind the others."""
        for group, by_site in self._groups.items():
            here = [self._site] if self._site is not None and self._site in by_site else []
            found = self._of(group, here) or self._of(group, by_site)
            if found:
                return found
        return ()

    @cached_property
    def _all(self) -> tuple[Member, ...]:
        found = [member for group, by_site in self._groups.items() for member in self._of(group, by_site)]
        return tuple(sorted(found, key=lambda member: natural(member.name)) if len(self._groups) > 1 else found)

    def _of(self, group: tuple[object, ...], sites: Iterable[str]) -> tuple[Member, ...]:
        """Those of a group that stand in some sites and have a route."""
        found = []
        for site in sites:
            hops = self._network.hops(self._site, site) if self._site is not None else None
            if hops is not None:
                before, up = (*group, site != self._site), filter(self._is_up, self._groups[group][site])
                found += [Member(one.name, before, one.tasks, (hops.distance,)) for one in up]
        return tuple(sorted(found, key=lambda member: natural(member.name)))

    @property
    def _reached(self) -> frozenset[str]:
        """Nothing where nobody says where a workload stands."""
        return self._network.reached(self._site) if self._site is not None else frozenset()

    def _is_up(self, proxy: ReadyProxy) -> bool:
        return self._network.role_down("proxy", proxy.name) is None


class Readers(NamedTuple):
    """Who can read: proxies, each with what orders it, or the Hyper-V host. Neither: the task cannot run."""

    proxies: Usable | tuple[()] = ()
    host: str | None = None


class ProxyPool:
    """The proxies that may read, in their order under the load of a wave."""

    def __init__(self, loads: Loads, usable: Usable, machine_of: Mapping[str, str]) -> None:
        self._loads, self._usable = loads, usable
        self.leading = Standing(loads, usable.leading)
        """Those of whom one comes first, whatever the load."""
        self.machine_of = machine_of
        self.machines = frozenset([machine_of[member.name] for member in usable.leading])
        """Those of the leading."""

    @cached_property
    def everyone(self) -> Standing:
        return Standing(self._loads, self._usable)


def readers(world: World, work: Work, case: Case) -> Readers | None:
    """Who can read the tasks of a case; None for types of job that need no proxy."""
    if work.job.through_proxies is None:
        return None
    how = reading(work, case)
    if how == ON_HOST:
        return Readers(host=live_host(world.network, case))
    proxies = _usable(world, work, case)
    return Readers(proxies, live_host(world.network, case) if how == OFF_HOST and not proxies else None)


def reading(work: Work, case: Case) -> str:
    """How a Hyper-V machine is read, in the words of the table; empty for other platforms. onhost_backup.html"""
    if case.platform != "hyperv" or work.job.through_proxies is None:
        return ""
    if not work.job.is_off_host:
        return ON_HOST
    return OFF_HOST if work.job.fails_over_to_host else OFF_HOST_ONLY


def live_host(network: Network, case: Case) -> str | None:
    """The first host that is up. onhost_backup.html"""
    return next((host for host in case.hosts if network.server_down(host) is None), None)


def _usable(world: World, work: Work, case: Case) -> Usable:
    """Enabled, managed, of the right type; those of them that are up and have a route may read."""
    listed, kind = work.job.listed_proxies, _PROXY_FOR.get(case.platform, _OTHER_PROXY)
    prefers = case.platform == "vmware" and not (work.job.to_workloads and work.job.wave == "data")
    repository = case.target if work.job.from_workloads else case.source
    affinity = world.inventory.repositories[repository].proxy_affinity if prefers and repository else ()
    key = (listed, kind, prefers, affinity, case.site)
    found = world.usable.get(key)
    if found is None:
        groups = world.ready_by_place.get(key[:4])
        if groups is None:
            groups = _grouped(_ready(world, listed, kind), affinity if prefers else None)
            world.ready_by_place[key[:4]] = groups
        alike = world.reading.setdefault(key[:4], {})
        found = world.usable[key] = Usable(world.network, case.site, groups, alike)
    return found


def _grouped(ready: Iterable[ReadyProxy], affinity: Container[str] | None) -> Groups:
    """``affinity`` is None where neither that nor the transport mode counts."""
    found: dict[tuple[object, ...], dict[str, list[ReadyProxy]]] = {}
    for proxy in ready:
        group = () if affinity is None else (proxy.name not in affinity, proxy.transport)
        found.setdefault(group, {}).setdefault(proxy.site, []).append(proxy)
    return dict(sorted(found.items()))


def _ready(world: World, listed: tuple[str, ...] | None, kind: str) -> tuple[ReadyProxy, ...]:
    """The proxies that are ready for any site, while they are up: enabled, managed, of the right type."""
    found = world.ready.get((listed, kind))
    if found is None:
        inventory = world.inventory
        ready = []
        for name in sorted(set(inventory.proxies if listed is None else listed), key=natural):
            proxy, server = inventory.proxies[name], world.machine_of[name]
            if proxy.enabled and proxy.type == kind and inventory.servers[server].managed:
                site, transport = inventory.site_of_server(server), _TRANSPORT[proxy.transport_mode]
                ready.append(ReadyProxy(name, server, site, transport, proxy.max_concurrent_tasks))
        found = world.ready[listed, kind] = tuple(ready)
    return found
