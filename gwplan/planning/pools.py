"""Where the servers of a tier come from: one small function per pool of the table."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from gwplan.inventory.entries import BEHIND_GATEWAY
from gwplan.network import Network
from gwplan.planning import table
from gwplan.planning.readers import Readers, live_host
from gwplan.planning.table import Pool
from gwplan.planning.tasks import Case, Work
from gwplan.planning.trace import Tier
from gwplan.planning.world import World


class Side(NamedTuple):
    """One side of one case: what a pool may ask about."""

    world: World
    work: Work
    case: Case
    side: str
    operation: str
    readers: Readers | None = None
    source_tiers: tuple[Tier, ...] = ()

    @property
    def network(self) -> Network:
        return self.world.network

    @property
    def repository(self) -> str:
        """The repository of this side."""
        return (self.case.source if self.side == "source" else self.case.target) or ""


def servers(pool: Pool, side: Side) -> tuple[str, ...] | None:
    """The servers of a pool; None where the inventory names none for this side at all."""
    return _SOURCES[pool.id](side)


def _selected(side: Side) -> tuple[str, ...]:
    return tuple(dict.fromkeys(side.world.inventory.repositories[side.repository].gateway_servers or ()))


def _proxies(side: Side) -> tuple[str, ...]:
    role_server = side.network.role_server
    proxies = side.readers.proxies if side.readers else ()
    return tuple(dict.fromkeys(role_server("proxy", member.name) for member in proxies))


def _host(side: Side) -> tuple[str, ...]:
    host = live_host(side.network, side.case)
    return (host,) if host else ()


def _mount_server(side: Side) -> tuple[str, ...] | None:
    return side.world.inventory.mount_servers(side.repository) or None


def _source_mount_server(side: Side) -> tuple[str, ...] | None:
    return side.world.inventory.mount_servers(side.case.source or "") or None


def _backup_server(side: Side) -> tuple[str, ...]:
    return (side.world.inventory.backup_server,)


def _source_server(side: Side) -> tuple[str, ...] | None:
    repository = side.world.inventory.repositories[side.case.source or ""]
    return (repository.server,) if repository.type not in BEHIND_GATEWAY and repository.server else None


def _source_gateway(side: Side) -> tuple[str, ...]:
    return tuple(dict.fromkeys(c.server for tier in side.source_tiers for c in tier.candidates))


def _wan_accelerator(side: Side) -> tuple[str, ...] | None:
    pair = side.work.job.accelerators
    name = pair and (pair.source if side.side == "source" else pair.target)
    return (side.network.role_server("wan_accelerator", name),) if name else None


def _tape_server(side: Side) -> tuple[str, ...] | None:
    return (side.network.role_server("tape_server", side.work.job.tape),) if side.work.job.tape else None


_SOURCES: dict[str, Callable[[Side], tuple[str, ...] | None]] = {
    table.SELECTED.id: _selected,
    table.PROXIES.id: _proxies,
    table.LEAST_LOADED_PROXY.id: _proxies,
    table.HOST.id: _host,
    table.MOUNT_SERVER.id: _mount_server,
    table.SOURCE_MOUNT_SERVER.id: _source_mount_server,
    table.BACKUP_SERVER.id: _backup_server,
    table.SOURCE_SERVER.id: _source_server,
    table.SOURCE_GATEWAY.id: _source_gateway,
    table.WAN_ACCELERATOR.id: _wan_accelerator,
    table.TAPE_SERVER.id: _tape_server,
}
