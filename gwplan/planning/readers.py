"""Who reads a workload (or writes it, for a restore): the usable proxies in their order, or the Hyper-V host."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from functools import cached_property, partial
from typing import NamedTuple

from gwplan.inventory.names import natural
from gwplan.network import Hops, Network
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

    ``groups`` has those that are ready wherever it stands, by affinity and transport mode. The leading are known at
    once; how far the others are costs a way each, and mostly nobody asks.
    """

    def __init__(self, hops: Callable[[str], Hops | None], site: str | None, groups: Groups) -> None:
        self._hops, self._site, self._groups = hops, site, groups

    def __bool__(self) -> bool:
        return bool(self.leading)

    def __iter__(self) -> Iterator[Member]:
        return iter(self._all)

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
            hops = self._hops(site)
            if hops is not None:
                before = (*group, site != self._site)
                found += [Member(one.name, before, one.tasks, (hops.distance,)) for one in self._groups[group][site]]
        return tuple(sorted(found, key=lambda member: natural(member.name)))


NO_PROXIES = Usable(lambda _site: None, None, {})


class Readers(NamedTuple):
    """Who can read: proxies, each with what orders it, or the Hyper-V host. Neither: the task cannot run."""

    proxies: Usable = NO_PROXIES
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
    """Enabled, up, managed, of the right type, with a route."""
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
        found = world.usable[key] = Usable(partial(_way, world.network, case.site), case.site, groups)
    return found


def _way(network: Network, here: str | None, there: str) -> Hops | None:
    """None where nobody says where a workload stands."""
    return None if here is None else network.hops(here, there)


def _grouped(ready: Iterable[ReadyProxy], affinity: Container[str] | None) -> Groups:
    """``affinity`` is None where neither that nor the transport mode counts."""
    found: dict[tuple[object, ...], dict[str, list[ReadyProxy]]] = {}
    for proxy in ready:
        group = () if affinity is None else (proxy.name not in affinity, proxy.transport)
        found.setdefault(group, {}).setdefault(proxy.site, []).append(proxy)
    return dict(sorted(found.items()))


def _ready(world: World, listed: tuple[str, ...] | None, kind: str) -> tuple[ReadyProxy, ...]:
    """The proxies that are ready for any site: enabled, up, managed, of the right type."""
    found = world.ready.get((listed, kind))
    if found is None:
        inventory, network = world.inventory, world.network
        ready = []
        for name in sorted(set(inventory.proxies if listed is None else listed), key=natural):
            proxy, server = inventory.proxies[name], network.role_server("proxy", name)
            is_usable = proxy.enabled and proxy.type == kind and inventory.servers[server].managed
            if is_usable and not network.role_down("proxy", name):
                transport = _TRANSPORT[proxy.transport_mode]
                ready.append(
                    ReadyProxy(name, inventory.site_of_server(server), transport, proxy.max_concurrent_tasks)
                )
        found = world.ready[listed, kind] = tuple(ready)
    return found
