"""The inventory as it would be: what is in maintenance back online."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from gwplan.findings import UsageError
from gwplan.inventory.model import Inventory
from gwplan.network import elements


def raised(inventory: Inventory, names: Iterable[str]) -> Inventory:
    """The inventory with these servers and repositories online. Raises UsageError for what has no status."""
    servers, repositories = dict(inventory.servers), dict(inventory.repositories)
    for kind, name in sorted(elements(inventory, names)):
        if kind == "server":
            servers[name] = servers[name].model_copy(update={"status": "online"})
        elif kind == "repository":
            repositories[name] = repositories[name].model_copy(update={"status": "online"})
        else:
            raise UsageError(f"{name!r} is a {kind.replace('_', ' ')}, which has no status to come back from")
    return replace(inventory, servers=servers, repositories=repositories)
