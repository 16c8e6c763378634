"""The inventory as it would be: what is in maintenance back online."""

from __future__ import annotations

from collections.abc import Collection

from gwplan.findings import UsageError
from gwplan.inventory.entries import Repository, Server
from gwplan.inventory.form import SECTION_OF
from gwplan.inventory.model import Inventory
from gwplan.network import elements


def raised(inventory: Inventory, names: Collection[str]) -> Inventory:
    """The inventory with these servers and repositories online. Raises UsageError for what has no status."""
    online: dict[str, dict[str, Server | Repository]] = {"servers": {}, "repositories": {}}
    for kind, name in sorted(elements(inventory, names)):
        section = SECTION_OF[kind]
        if section not in online:
            raise UsageError(f"{name!r} is a {kind.replace('_', ' ')}, which has no status to come back from")
        online[section][name] = getattr(inventory, section)[name].model_copy(update={"status": "online"})
    return inventory.changed(**online) if names else inventory
