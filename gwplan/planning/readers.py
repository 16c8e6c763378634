"""Who reads a workload (or writes it, for a restore): the usable proxies in their order, or the Hyper-V host."""

from __future__ import annotations

from typing import NamedTuple

from gwplan.inventory.names import natural
from gwplan.network import Hops, Network
from gwplan.planning.rank import Member
from gwplan.planning.table import OFF_HOST, OFF_HOST_ONLY, ON_HOST
from gwplan.planning.tasks import Case, Work
from gwplan.planning.world import ReadyProxy, World

_TRANSPORT = {"direct_storage": 0, "auto": 1, "virtual_appliance": 1, "network": 2}  # transport_modes.html
_PROXY_FOR = {"vmware": "vmware", "hyperv": "hyperv_off_host"}
_OTHER_PROXY = "general_purpose"


class Readers(NamedTuple):
    """Who can read: proxies, each with what orders it, or the Hyper-V host. Neither: the task cannot run."""

    proxies: tuple[Member, ...] = ()
    host: str | None = None


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


def _usable(world: World, work: Work, case: Case) -> tuple[Member, ...]:
    """Enabled, up, managed, of the right type, with a route; ordered by affinity, transport mode, site, share,
    distance, name. backup_job_storage_vm.html, proxy_affinity.html"""
    inventory, network = world.inventory, world.network
    listed, kind = work.job.listed_proxies, _PROXY_FOR.get(case.platform, _OTHER_PROXY)
    prefers = case.platform == "vmware" and not (work.job.to_workloads and work.job.wave == "data")
    repository = case.target if work.job.from_workloads else case.source
    affinity = inventory.repositories[repository].proxy_affinity if prefers and repository else ()
    key = (listed, kind, prefers, affinity, case.site)
    found = world.usable.get(key)
    if found is not None:
        return found
    usable: list[Member] = []
    away: dict[str, Hops | None] = {}
    for name, site, transport, tasks in _ready(world, listed, kind):
        if site not in away:
            away[site] = None if case.site is None else network.hops(case.site, site)
        if (hops := away[site]) is not None:
            elsewhere = site != case.site
            before = (name not in affinity, transport, elsewhere) if prefers else (elsewhere,)
            usable.append(Member(name, before, tasks, (hops.distance,)))
    world.usable[key] = tuple(usable)
    return world.usable[key]


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
