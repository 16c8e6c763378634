"""The proxy that reads: which ones are usable for a case, and in which order they come."""

from __future__ import annotations

from typing import NamedTuple

from gwplan.inventory.names import natural
from gwplan.network import Network
from gwplan.planning.rank import Member
from gwplan.planning.units import Case, Work

READING_TYPES = frozenset({"backup", "file_backup", "restore", "replication_from_backup"})
"""The types that read or write workload data through a proxy."""

_TRANSPORT = {"direct_storage": 0, "auto": 1, "virtual_appliance": 1, "network": 2}  # transport_modes.html


class Readers(NamedTuple):
    """Who can read: proxies, each with what orders it, or the Hyper-V host. Neither: the task cannot run."""

    proxies: tuple[Member, ...] = ()
    host: str | None = None


Known = dict[tuple[object, ...], tuple[Member, ...]]
"""Usable proxies that were found already, for jobs that ask the same."""


def readers(network: Network, work: Work, case: Case, known: Known) -> Readers | None:
    """None for types that need no proxy."""
    if work.type not in READING_TYPES:
        return None
    if case.platform != "hyperv":
        return Readers(_usable(network, work, case, known))
    if work.type == "backup" and work.job.mode == "off_host":
        proxies = _usable(network, work, case, known)
        return Readers(proxies, None if proxies or not work.job.off_host_failover else live_host(network, case))
    return Readers(host=live_host(network, case))


def live_host(network: Network, case: Case) -> str | None:
    """The first host that is up. onhost_backup.html"""
    return next((host for host in case.hosts if network.server_down(host) is None), None)


def _usable(network: Network, work: Work, case: Case, known: Known) -> tuple[Member, ...]:
    """Enabled, up, managed, of the right type, with a route; ordered by affinity, transport mode, site, share,
    distance, name. backup_job_storage_vm.html, proxy_affinity.html"""
    inventory = network.inventory
    listed = work.job.target_proxies if work.type == "replication_from_backup" else work.job.proxies
    kind = {"vmware": "vmware", "hyperv": "hyperv_off_host"}.get(case.platform, "general_purpose")
    for_vmware = case.platform == "vmware" and work.type in ("backup", "restore")
    repository = case.target if work.type == "backup" else case.source
    affinity = inventory.repositories[repository].proxy_affinity if for_vmware and repository else ()
    key = (listed, kind, for_vmware, affinity, case.site)
    if key in known:
        return known[key]
    found = []
    for name in sorted(set(inventory.proxies if listed is None else listed), key=natural):
        proxy = inventory.proxies[name]
        if not proxy.enabled or proxy.type != kind or network.role_down("proxy", name):
            continue
        server = network.role_server("proxy", name)
        site = inventory.site_of_server(server)
        hops = network.hops(case.site, site)
        if hops is None or not inventory.servers[server].managed:
            continue
        same_site = (site != case.site,)
        before = (name not in affinity, _TRANSPORT[proxy.transport_mode], *same_site) if for_vmware else same_site
        found.append(Member(name, before, proxy.max_concurrent_tasks, (hops.distance,)))
    known[key] = tuple(found)
    return known[key]
