"""What a source says of the things in it, whatever its own names for that are. Nothing is decided here: judge.py does.

A value that the source does not state is None, an empty text or an empty tuple. ``word`` is the vendor's type.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from gwplan.importers.draft import Ref

NONE = Ref("server")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What everything has."""

    id: str
    name: str
    origin: str
    word: str = ""
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Server(Fact):
    """A managed server."""

    local_os: str = ""
    """The system of a server whose type does not tell it, such as PowerShell's `Local`."""
    os_version: str = ""
    cores: int | None = None
    memory: int | None = None
    """In bytes."""
    appliance: str = ""
    is_backup_server: bool = False
    is_default_mount_server: bool = False
    available: bool = True
    components: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Role(Fact):
    """A proxy, a WAN accelerator or a tape server; ``tasks`` and the fields after it are of proxies only."""

    kind: str
    host: Ref
    state: str = ""
    """Its state when it was read, if that keeps it from working: "offline" or "not available"."""
    state_origin: str = ""
    tasks: int | None = None
    transport_mode: str = ""
    disabled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository(Fact):
    """A backup repository, object storage too."""

    why: str = ""
    """Why the entry is there at all, where the list of repositories does not have it."""
    host: Ref = NONE
    gateways: tuple[Ref, ...] = ()
    gateways_why: str = ""
    """Why the list of gateways may be incomplete."""
    automatic: bool | None = None
    automatic_why: str = ""
    """How the source shows an automatic choice, where it does not plainly say so."""
    connection: str | None = ""
    """How object storage is reached, in the source's word; None where this source never says it."""
    fibre_channel: bool | None = False
    wan_link: bool | None = False
    mount_server: Ref | dict[str, Ref] | None = None
    limit: tuple[int, bool | None] | None = None
    """A number of tasks, and whether it is a limit where the source says so."""
    per_machine: bool | None = None
    state: str = ""
    """ "offline" or "unavailable", as it was read, or the state that somebody has put it in."""
    free: float | None = None
    """In GiB."""
    addresses: tuple[str, ...] = ()
    has_proxy_appliance: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleOut(Fact):
    """A scale-out repository."""

    extents: tuple[Ref, ...]
    states: dict[str, list[str]] = field(default_factory=dict)
    """The states of its extents by their ids."""
    capacity_tier: bool | None = False
    capacity_extents: tuple[Ref, ...] = ()
    copy: bool | None = False
    move: bool | None = False
    archive_tier: bool | None = False
    policy: str = ""
    full_when_extent_offline: bool | None = False
    per_machine: bool | None = None


@dataclass(frozen=True, slots=True)
class Phrases:
    """The words in which the judge reports on one source."""

    unknown_proxy: str
    gateway: str
    """What a gateway list is made of."""
    no_effect_automatic: str
    no_effect_direct: str
    everyone: str
    no_connection: str
    no_capacity_extent: str
