"""The places of an inventory where a change may be made, and the names that may be added there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from gwplan.inventory.entries import BEHIND_GATEWAY, ScaleOutRepository
from gwplan.inventory.model import Inventory

CHANGE_KINDS = ("list", "mount", "proxy", "limit", "zone", "server")


class Place(NamedTuple):
    """One key of the inventory: its kind of change, and whose key it is (empty for the default mount servers)."""

    kind: str
    name: str


DEFAULT_MOUNT = Place("mount", "")
Atom = tuple[Place, str]
"""A name at a place."""
Bundle = frozenset[Atom]
"""Names that help together."""
Requirement = frozenset[Bundle]
"""Bundles of which one is needed."""


def is_listable(inventory: Inventory, repository: str) -> bool:
    """Whether a list of gateway servers counts there."""
    return inventory.repositories[repository].type in BEHIND_GATEWAY and not inventory.is_direct_object(repository)


def slot_of(inventory: Inventory, server: str) -> str:
    """The place of a mount server that a machine may take."""
    return "linux" if inventory.servers[server].os == "linux" else "windows"


def mount_slots(inventory: Inventory, repository: str) -> dict[str, str | None]:
    """The mount servers that count for a repository, by slot."""
    given = inventory.repositories[repository].mount_server
    if isinstance(given, str):
        other = "windows" if slot_of(inventory, given) == "linux" else "linux"
        return {slot_of(inventory, given): given, other: None}
    pair = given if given and (given.windows or given.linux) else inventory.default_mount_servers
    return {"windows": pair.windows if pair else None, "linux": pair.linux if pair else None}


def default_slots(inventory: Inventory) -> dict[str, str | None]:
    """The default mount servers, by slot."""
    pair = inventory.default_mount_servers
    return {"windows": pair.windows if pair else None, "linux": pair.linux if pair else None}


def has_own_mount_server(inventory: Inventory, repository: str) -> bool:
    given = inventory.repositories[repository].mount_server
    return isinstance(given, str) or bool(given and (given.windows or given.linux))


def extents_of(whole: ScaleOutRepository) -> tuple[str, ...]:
    """Those of the performance and of the capacity tier."""
    return (*whole.performance_tier, *(whole.capacity_tier.extents if whole.capacity_tier else ()))


def places_of(atoms: Iterable[Atom]) -> frozenset[Place]:
    return frozenset(place for place, _ in atoms)
