"""Whether a task can run at all: the first reason that holds, in the order of REASONS, with its words."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gwplan.inventory.entries import BEHIND_GATEWAY
from gwplan.network import Network
from gwplan.planning.pools import accelerator_server
from gwplan.planning.readers import READING_TYPES, Readers, live_host
from gwplan.planning.rules import TWO_SIDED
from gwplan.planning.units import Case, Work

REASONS = (
    "backup_server_down",
    "source_down",
    "target_down",
    "extent_offline",
    "no_proxy",
    "wan_accelerator_down",
    "tape_server_down",
    "no_route",
)
PER_MACHINE = frozenset({"source_down", "no_proxy", "no_route"})
"""Reasons that stop one machine of a whole-job task, not the others."""

Block = tuple[str, str]
"""A reason and its words."""

_TARGETS_A_PLACE = ("restore", "replication_from_backup")


def blocked(network: Network, work: Work, case: Case, reading: Readers | None) -> Block | None:
    """Why the task of a case cannot run, or None. For data, restore and maintenance operations."""
    for reason, why in zip(REASONS, _QUESTIONS, strict=True):
        words = why(network, work, case, reading)
        if words is not None:
            return reason, words
    return None


def synthetic_blocked(network: Network, work: Work, case: Case) -> Block | None:
    """The same for a synthetic operation, which knows only its repository and the backup server."""
    if words := _backup_server_down(network, work, case, None):
        return "backup_server_down", words
    if work.type == "tape":
        down = network.repository_down(case.source) if case.source else None
        return ("source_down", f"{case.source} {down}") if down else None
    if words := _target_down(network, work, case, None):
        return "target_down", words
    words = _extent_offline(network, work, case, None)
    return ("extent_offline", words) if words else None


def _backup_server_down(network: Network, _work: Work, _case: Case, _reading: Readers | None) -> str | None:
    down = network.server_down(network.inventory.backup_server)
    return f"the backup server {network.inventory.backup_server} {down}" if down else None


def _source_down(network: Network, work: Work, case: Case, _reading: Readers | None) -> str | None:
    if case.source is not None:
        down = network.repository_down(case.source)
        return f"the source {case.source} {down}" if down else None
    if work.type in ("rescan", "health_check"):
        return None
    if case.hosts and all(network.server_down(host) for host in case.hosts):
        return f"every host is down: {', '.join(case.hosts)}"
    return f"the workload {down}" if (down := network.site_down(case.site)) else None


def _target_down(network: Network, work: Work, case: Case, _reading: Readers | None) -> str | None:
    if work.type in _TARGETS_A_PLACE:
        if case.hosts:
            all_down = all(network.server_down(host) for host in case.hosts)
            return f"every target host is down: {', '.join(case.hosts)}" if all_down else None
        return f"the target {down}" if (down := network.site_down(case.site)) else None
    if case.target is None or case.offline:
        return None
    if down := network.repository_down(case.target):
        return f"{case.target} {down}"
    if network.sealed(case.target) and work.type not in ("rescan", "health_check"):
        return f"{case.target} is sealed: it can be read, not written"
    return None


def _extent_offline(network: Network, _work: Work, case: Case, _reading: Readers | None) -> str | None:
    if not case.offline or case.target is None:
        return None
    return f"the chain is on the extent {case.target}, which {network.repository_down(case.target)}"


def _no_proxy(_network: Network, work: Work, case: Case, reading: Readers | None) -> str | None:
    if work.type not in READING_TYPES or reading is None or reading.proxies or reading.host:
        return None
    if case.platform == "hyperv" and not (work.type == "backup" and work.job.mode == "off_host"):
        return "the workload names no host that is up"
    kind = {"vmware": "VMware", "hyperv": "off-host"}.get(case.platform, "general-purpose")
    return f"no {kind} proxy of the job is usable: enabled, up, managed, with a route"


def _wan_accelerator_down(network: Network, work: Work, _case: Case, _reading: Readers | None) -> str | None:
    pair = getattr(work.job, "wan_accelerators", None)
    for name in (pair.source, pair.target) if pair else ():
        if down := network.role_down("wan_accelerator", name):
            return f"the WAN accelerator {name} {down}"
    return None


def _tape_server_down(network: Network, work: Work, _case: Case, _reading: Readers | None) -> str | None:
    down = network.role_down("tape_server", work.job.tape_server) if work.type == "tape" else None
    return f"the tape server {work.job.tape_server} {down}" if down else None


def _no_route(network: Network, work: Work, case: Case, reading: Readers | None) -> str | None:
    for here, here_site, there, there_site in _exchanges(network, work, case, reading):
        if here_site is not None and there_site is not None and network.hops(here_site, there_site) is None:
            return f"{here} has no route to {there}"
    return None


_QUESTIONS: tuple[Callable[[Network, Work, Case, Readers | None], str | None], ...] = (
    _backup_server_down,
    _source_down,
    _target_down,
    _extent_offline,
    _no_proxy,
    _wan_accelerator_down,
    _tape_server_down,
    _no_route,
)


def _exchanges(
    network: Network, work: Work, case: Case, reading: Readers | None
) -> Iterator[tuple[str, str | None, str, str | None]]:
    """The pairs that exchange data without a gateway between them, with their sites."""
    inventory = network.inventory
    if work.type in TWO_SIDED:
        yield from _copy_exchanges(network, work, case)
        return
    if work.type in ("rescan", "health_check"):
        return
    here = case.target if case.target is not None else case.source
    if here is None or inventory.repositories[here].type in BEHIND_GATEWAY:
        return
    site = inventory.site_of_repository(here)
    if work.type == "tape":
        server = network.role_server("tape_server", work.job.tape_server)
        yield here, site, f"the tape server {work.job.tape_server}", inventory.site_of_server(server)
    else:
        host = reading.host if reading else live_host(network, case)
        there = inventory.site_of_server(host) if host else case.site
        yield here, site, "the proxy" if reading else "the workload", there


def _copy_exchanges(
    network: Network, work: Work, case: Case
) -> Iterator[tuple[str, str | None, str, str | None]]:
    inventory = network.inventory
    source, target = case.source, case.target
    assert source is not None and target is not None
    sites = {name: inventory.site_of_repository(name) for name in (source, target)}
    own_mover = [name for name in (source, target) if inventory.repositories[name].type not in BEHIND_GATEWAY]
    if getattr(work.job, "wan_accelerators", None):
        pair = [accelerator_server(network, work, side) for side in ("source", "target")]
        yield pair[0], inventory.site_of_server(pair[0]), pair[1], inventory.site_of_server(pair[1])
        for name, accelerator in zip((source, target), pair, strict=True):
            if name in own_mover:
                yield name, sites[name], accelerator, inventory.site_of_server(accelerator)
    elif len(own_mover) == 2 or (source in own_mover and moves_itself(network, work, case)):
        yield source, sites[source], target, sites[target]


def moves_itself(network: Network, work: Work, case: Case) -> bool:
    """Whether a source that names no server writes to object storage in direct mode by itself."""
    assert case.source is not None and case.target is not None
    source = network.inventory.repositories[case.source]
    return (
        work.type in TWO_SIDED
        and not getattr(work.job, "wan_accelerators", None)
        and source.type not in BEHIND_GATEWAY
        and source.server is None
        and network.inventory.is_direct_object(case.target)
    )
