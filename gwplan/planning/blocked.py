"""Whether a task can run at all: the first reason that holds, in the order of REASONS, with its words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from gwplan.network import Network
from gwplan.planning.legs import exchanges
from gwplan.planning.readers import Readers, reading
from gwplan.planning.table import ON_HOST
from gwplan.planning.tasks import Case, Work
from gwplan.planning.trace import Stop

Block = tuple[str, str]
"""A reason and its words."""


class Question(NamedTuple):
    """What a reason may ask about."""

    network: Network
    work: Work
    case: Case
    readers: Readers | None
    stops: Sequence[Stop]


def blocked(question: Question) -> Block | None:
    """Why the task of a case cannot run, or None. For data, restore and maintenance operations."""
    for reason, why in _REASONS.items():
        words = why(question)
        if words is not None:
            return reason, words
    return None


def synthetic_blocked(network: Network, work: Work, case: Case) -> Block | None:
    """The same for a synthetic operation, which knows only its repository and the backup server."""
    question = Question(network, work, case, None, ())
    if words := _backup_server_down(question):
        return "backup_server_down", words
    if case.source is not None:
        down = network.repository_down(case.source)
        return ("source_down", f"{case.source} {down}") if down else None
    if words := _target_down(question):
        return "target_down", words
    words = _extent_offline(question)
    return ("extent_offline", words) if words else None


def _backup_server_down(q: Question) -> str | None:
    down = q.network.server_down(q.network.inventory.backup_server)
    return f"the backup server {q.network.inventory.backup_server} {down}" if down else None


def _source_down(q: Question) -> str | None:
    case, network = q.case, q.network
    if case.source is not None:
        down = network.repository_down(case.source, in_maintenance=not q.work.job.reads_in_maintenance)
        return f"the source {case.source} {down}" if down else None
    if q.work.job.in_place:
        return None
    if case.hosts:
        return _all_down("host", case.hosts, network)
    return f"the workload {down}" if (down := network.site_down(case.site)) else None


def _all_down(what: str, hosts: Sequence[str], network: Network) -> str | None:
    """A Hyper-V machine goes to its next host, wherever that stands: it is down when all of them are."""
    down = all(network.server_down(host) for host in hosts)
    return f"every {what} is down: {', '.join(hosts)}" if down else None


def _target_down(q: Question) -> str | None:
    case, network = q.case, q.network
    if q.work.job.to_workloads:
        if case.hosts:
            return _all_down("target host", case.hosts, network)
        return f"the target {down}" if (down := network.site_down(case.site)) else None
    if case.target is None or case.offline:
        return None
    if down := network.repository_down(case.target):
        return f"{case.target} {down}"
    if network.sealed(case.target) and not q.work.job.in_place:
        return f"{case.target} is sealed: it can be read, not written"
    return None


def _extent_offline(q: Question) -> str | None:
    if not q.case.offline or q.case.target is None:
        return None
    return f"the chain is on the extent {q.case.target}, which {q.network.repository_down(q.case.target)}"


def _no_proxy(q: Question) -> str | None:
    if q.readers is None or q.readers.proxies or q.readers.host:
        return None
    if reading(q.work, q.case) == ON_HOST:
        return "the workload names no host that is up"
    kind = {"vmware": "VMware", "hyperv": "off-host"}.get(q.case.platform, "general-purpose")
    return f"no {kind} proxy of the job is usable: enabled, up, managed, with a route"


def _wan_accelerator_down(q: Question) -> str | None:
    pair = q.work.job.accelerators
    for name in (pair.source, pair.target) if pair else ():
        if down := q.network.role_down("wan_accelerator", name):
            return f"the WAN accelerator {name} {down}"
    return None


def _tape_server_down(q: Question) -> str | None:
    server = q.work.job.tape
    down = q.network.role_down("tape_server", server) if server is not None else None
    return f"the tape server {server} {down}" if down else None


def _no_route(q: Question) -> str | None:
    """Accelerators are asked about first; of two that meet, a repository is named first."""
    for here, there in sorted(exchanges(q.stops), key=lambda pair: {stop.kind for stop in pair} != {"accelerator"}):
        if here.site is not None and there.site is not None and q.network.hops(here.site, there.site) is None:
            if there.kind == "mover" and here.kind != "mover":
                here, there = there, here
            one, other = (stop.name if stop.kind == "accelerator" else stop.what for stop in (here, there))
            return f"{one} has no route to {other}"
    return None


_REASONS: dict[str, Callable[[Question], str | None]] = {
    "backup_server_down": _backup_server_down,
    "source_down": _source_down,
    "target_down": _target_down,
    "extent_offline": _extent_offline,
    "no_proxy": _no_proxy,
    "wan_accelerator_down": _wan_accelerator_down,
    "tape_server_down": _tape_server_down,
    "no_route": _no_route,
}
REASONS = tuple(_REASONS)
PER_MACHINE = frozenset({"source_down", "no_proxy", "no_route"})
"""Reasons that stop one machine of a task for several, not the others."""
