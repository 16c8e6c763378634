"""What every job may have, and what can be asked of every job whatever its type."""

# Without `from __future__ import annotations`: pydantic would evaluate each text anew for every model that inherits it.
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field

from gwplan.inventory.entries import Entry, Keys
from gwplan.inventory.types import (
    Count,
    Percentage,
    Size,
    TimeOfDay,
    WanAcceleratorName,
)

Side = Literal["source", "target"]
Wave = Literal["data", "maintenance", "restore"]


class Schedule(Keys):
    """When a job starts."""

    start: TimeOfDay | None = None


class WanAcceleratorPair(Keys):
    """The accelerator at the source and the one at the target."""

    source: WanAcceleratorName
    target: WanAcceleratorName


class Job(Entry):
    """What every job may have, and what can be asked of every job whatever its type."""

    takes: ClassVar[tuple[str, ...]] = ()
    """The platforms that the type can protect; empty for types that take all."""
    sides: ClassVar[tuple[Side, ...]] = ("target",)
    """The sides on which it moves data to or from a repository, source first."""
    wave: ClassVar[Wave] = "data"
    """The wave within which its load counts."""
    writes: ClassVar[bool] = True
    """Whether it writes backup data to its repository."""
    from_workloads: ClassVar[bool] = False
    """Whether it reads from workloads and begins chains; all others read what such jobs wrote."""
    to_workloads: ClassVar[bool] = False
    """Whether its data goes to a site or a host, as a restore's does."""
    in_place: ClassVar[bool] = False
    """Whether it works within one repository and moves no data elsewhere."""
    one_chain: ClassVar[bool] = False
    """Whether a repository without per-machine backup files keeps one chain for the whole job."""
    through_proxies: ClassVar[str | None] = None
    """The key that lists the proxies through which it reads or writes workload data; None where it needs none."""
    needs_object_storage: ClassVar[bool] = False
    """Whether the repository that it writes to must be object storage."""
    reads_in_maintenance: ClassVar[bool] = False
    """Whether it reads a repository that is in maintenance mode, as an evacuation does. sobr_evacuate.html"""

    if TYPE_CHECKING:
        type: str  # each type declares its own, so that in messages and the JSON Schema it follows the common keys

    enabled: bool = True
    priority: Literal["high", "normal"] = "normal"
    schedule: Schedule = Schedule()
    synthetic: bool = True
    backup_method: Literal["forward_incremental", "forever_forward", "reverse_incremental"] | None = None
    encryption: bool | None = None
    transport_encryption: bool | None = None
    block_size: Size | None = None
    gfs: bool | None = None
    restore_points_between_fulls: Count | None = None
    compact: bool | None = None
    full_chains: Count | None = None
    change_rate: Percentage | None = None
    retention: Count | None = None
    retries: Annotated[int, Field(ge=0)] | None = None

    def _declared(self, key: str) -> Any | None:
        """The value of a key of the type; None where the type has no such key, even if a free key has that name."""
        return self.__dict__.get(key)

    @property
    def outside_table(self) -> str | None:
        """What kind of job it is if the vendor's table does not cover it: it is kept, and not planned. Else None."""
        return None

    @property
    def target(self) -> str | None:
        """The repository that it writes to or looks after."""
        return self._declared("repository")

    @property
    def source(self) -> str | None:
        """The repository that it reads from."""
        return self._declared("source_repository")

    @property
    def feeds_on(self) -> tuple[str, ...]:
        """The jobs whose chains it reads."""
        return self._declared("source_jobs") or ()

    @property
    def has_source(self) -> bool:
        """Whether it reads what other jobs wrote."""
        return self.source is not None or bool(self.feeds_on)

    @property
    def listed(self) -> tuple[str, ...]:
        """The workloads that it names itself, groups by their own names."""
        return self._declared("workloads") or ()

    @property
    def listed_proxies(self) -> tuple[str, ...] | None:
        """The proxies that it names; None for automatic selection."""
        return self._declared(self.through_proxies) if self.through_proxies else None

    @property
    def puts_in_site(self) -> str | None:
        """The site that its data goes to; None where that is the workload's."""
        return self._declared("target_site")

    @property
    def target_hosts(self) -> tuple[str, ...]:
        """The Hyper-V hosts that its data goes to; empty where they are the machine's own."""
        return self._declared("target_host") or ()

    @property
    def is_off_host(self) -> bool:
        """Whether a Hyper-V machine is read by off-host proxies."""
        return self._declared("mode") == "off_host"

    @property
    def fails_over_to_host(self) -> bool:
        """Whether off-host processing goes on on the host where no proxy is usable. backup_job_storage_hv.html"""
        return bool(self._declared("off_host_failover"))

    @property
    def accelerators(self) -> WanAcceleratorPair | None:
        """The WAN accelerators that it works over."""
        return self._declared("wan_accelerators")

    @property
    def tape(self) -> str | None:
        """The tape server that it writes to."""
        return self._declared("tape_server")

    @property
    def reaches_directly(self) -> bool | None:
        """Whether its tape server reaches the repository itself; None where nobody says."""
        return self._declared("direct_connection")

    @property
    def of_plugin(self) -> str:
        """The plug-in that writes its backups; empty for other types."""
        return self._declared("plugin") or ""
