"""Where the servers of a tier come from: one small function per pool of the table."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from gwplan.inventory.entries import BEHIND_GATEWAY
from gwplan.network import Network
from gwplan.planning import rules
from gwplan.planning.readers import Readers, live_host
from gwplan.planning.rules import Pool
from gwplan.planning.units import Case, Work


class Side(NamedTuple):
    """One side of one case: what a pool may ask about."""

    network: Network
    work: Work
    case: Case
    side: str
    repository: str
    readers: Readers | None
    source_candidates: tuple[str, ...]  # of the source side, tier by tier


def servers(pool: Pool, side: Side) -> tuple[str, ...] | None:
    """The servers of a pool; None where the pool does not apply to this side at all."""
    return _SOURCES[pool.id](side)


def _selected(side: Side) -> tuple[str, ...]:
    return tuple(dict.fromkeys(side.network.inventory.repositories[side.repository].gateway_servers or ()))


def _proxies(side: Side) -> tuple[str, ...] | None:
    if side.readers is None or (side.case.platform == "hyperv" and not _is_off_host(side)):
        return None
    role_server = side.network.role_server
    return tuple(dict.fromkeys(role_server("proxy", member.name) for member in side.readers.proxies))


def _host(side: Side) -> tuple[str, ...] | None:
    """Off-host processing fails over to the host unless the job forbids it. backup_job_storage_hv.html"""
    if side.case.platform != "hyperv" or (_is_off_host(side) and not side.work.job.off_host_failover):
        return None
    host = live_host(side.network, side.case)
    return (host,) if host else ()


def _is_off_host(side: Side) -> bool:
    return side.work.type == "backup" and side.work.job.mode == "off_host"


def _mount_server(side: Side) -> tuple[str, ...] | None:
    return side.network.inventory.mount_servers(side.repository) or None


def _source_mount_server(side: Side) -> tuple[str, ...] | None:
    assert side.case.source is not None
    return side.network.inventory.mount_servers(side.case.source) or None


def _backup_server(side: Side) -> tuple[str, ...]:
    return (side.network.inventory.backup_server,)


def _source_server(side: Side) -> tuple[str, ...] | None:
    assert side.case.source is not None
    repository = side.network.inventory.repositories[side.case.source]
    return (repository.server,) if repository.type not in BEHIND_GATEWAY and repository.server else None


def _source_gateway(side: Side) -> tuple[str, ...] | None:
    assert side.case.source is not None
    behind = side.network.inventory.repositories[side.case.source].type in BEHIND_GATEWAY
    return side.source_candidates if behind else None


def _wan_accelerator(side: Side) -> tuple[str, ...]:
    return (accelerator_server(side.network, side.work, side.side),)


def accelerator_server(network: Network, work: Work, side: str) -> str:
    """The machine of the WAN accelerator at one side of a copy job."""
    return network.role_server("wan_accelerator", getattr(work.job.wan_accelerators, side))


def _tape_server(side: Side) -> tuple[str, ...]:
    return (side.network.role_server("tape_server", side.work.job.tape_server),)


_SOURCES: dict[str, Callable[[Side], tuple[str, ...] | None]] = {
    rules.SELECTED.id: _selected,
    rules.PROXIES.id: _proxies,
    rules.LEAST_LOADED_PROXY.id: _proxies,
    rules.HOST.id: _host,
    rules.MOUNT_SERVER.id: _mount_server,
    rules.SOURCE_MOUNT_SERVER.id: _source_mount_server,
    rules.BACKUP_SERVER.id: _backup_server,
    rules.SOURCE_SERVER.id: _source_server,
    rules.SOURCE_GATEWAY.id: _source_gateway,
    rules.WAN_ACCELERATOR.id: _wan_accelerator,
    rules.TAPE_SERVER.id: _tape_server,
}
