"""The models of jobs, one per type: its keys, and all that is true of a job of the type.

What a type is (what it reads and writes, on which sides it moves data, in which wave it counts) is said here and
nowhere else. Which server serves it is for the table of ``gwplan.planning``.
"""

# Without `from __future__ import annotations`: pydantic would evaluate each text anew for every model that inherits it.
from typing import Annotated, ClassVar, Literal, Self, get_args

from pydantic import ConfigDict, Field, model_validator

from gwplan.inventory.any_job import Job, WanAcceleratorPair
from gwplan.inventory.frozen import Frozen, frozen
from gwplan.inventory.types import (
    Count,
    HostName,
    JobName,
    OneOrMore,
    ProxyName,
    RepositoryName,
    Selection,
    SiteName,
    SomeOf,
    TapeServerName,
    Text,
    WorkloadName,
)

VMS = ("vmware", "hyperv")


class Sourced(Job):
    """A job that reads from a repository, or from the chains of other jobs: exactly one of the two."""

    source_repository: RepositoryName | None = None
    source_jobs: SomeOf[JobName] | None = None
    workloads: SomeOf[WorkloadName] | None = Field(None, description="Default: all that the source holds.")


class Backup(Job):
    from_workloads: ClassVar = True
    takes: ClassVar = VMS
    one_chain: ClassVar = True
    through_proxies: ClassVar = "proxies"
    type: Literal["backup"]
    workloads: SomeOf[WorkloadName]
    repository: RepositoryName
    proxies: Selection[ProxyName] = None
    mode: Literal["on_host", "off_host"] = "on_host"
    off_host_failover: bool = True


class FileBackup(Job):
    from_workloads: ClassVar = True
    takes: ClassVar = ("file_share",)
    through_proxies: ClassVar = "proxies"
    type: Literal["file_backup"]
    workloads: SomeOf[WorkloadName]
    repository: RepositoryName
    proxies: Selection[ProxyName] = None
    cache_repository: RepositoryName | None = Field(
        None, description="The repository that keeps the cache of the shares; for checks only."
    )


class BackupCopy(Sourced):
    sides: ClassVar = ("source", "target")
    type: Literal["backup_copy"]
    repository: RepositoryName
    wan_accelerators: WanAcceleratorPair | None = None


class FileBackupCopy(Sourced):
    sides: ClassVar = ("source", "target")
    type: Literal["file_backup_copy"]
    repository: RepositoryName


class Tape(Sourced):
    sides: ClassVar = ("source",)
    writes: ClassVar = False
    type: Literal["tape"]
    tape_server: TapeServerName
    direct_connection: bool | None = Field(None, description="Absent: judged from the inventory.")


class AgentBackup(Job):
    from_workloads: ClassVar = True
    takes: ClassVar = ("agent",)
    type: Literal["agent_backup"]
    workloads: SomeOf[WorkloadName]
    repository: RepositoryName
    managed_by: Literal["backup_server", "agent"] | None = Field(
        None, description="Who runs the job; `agent` is a backup policy. For checks only."
    )


class PluginBackup(Job):
    from_workloads: ClassVar = True
    takes: ClassVar = ("plugin",)
    type: Literal["plugin_backup"]
    workloads: SomeOf[WorkloadName]
    repository: RepositoryName
    plugin: Literal["oracle_rman", "sap_hana", "sap_on_oracle", "mssql", "db2"]
    channels: Count | None = Field(None, description="Channels of each workload, a task each; for checks only.")


class Restore(Sourced):
    takes: ClassVar = VMS
    sides: ClassVar = ("source",)
    wave: ClassVar = "restore"
    writes: ClassVar = False
    to_workloads: ClassVar = True
    through_proxies: ClassVar = "proxies"
    type: Literal["restore"]
    proxies: Selection[ProxyName] = None
    target_site: SiteName | None = None
    target_host: OneOrMore[HostName] = ()
    restore_mode: Literal["instant_recovery", "publish", "file_level"] | None = Field(
        None, description="A restore that the vendor's table has no row for: kept, not planned."
    )

    @property
    def outside_table(self) -> str | None:
        return f"restore ({self.restore_mode})" if self.restore_mode else None


class ReplicationFromBackup(Sourced):
    takes: ClassVar = VMS
    sides: ClassVar = ("source",)
    writes: ClassVar = False
    to_workloads: ClassVar = True
    through_proxies: ClassVar = "target_proxies"
    type: Literal["replication_from_backup"]
    target_proxies: Selection[ProxyName] = None
    target_site: SiteName | None = None
    target_host: OneOrMore[HostName] = ()


class Offload(Job):
    needs_object_storage: ClassVar = True
    sides: ClassVar = ("source", "target")
    wave: ClassVar = "maintenance"
    type: Literal["offload"]
    source_repository: RepositoryName
    repository: RepositoryName
    workloads: SomeOf[WorkloadName] | None = None


class MoveBackup(Job):
    reads_in_maintenance: ClassVar = True
    sides: ClassVar = ("source", "target")
    type: Literal["move_backup"]
    source_repository: RepositoryName
    repository: RepositoryName
    workloads: SomeOf[WorkloadName] | None = None


class CopyBackup(Job):
    reads_in_maintenance: ClassVar = True
    sides: ClassVar = ("source", "target")
    type: Literal["copy_backup"]
    source_repository: RepositoryName
    repository: RepositoryName
    workloads: SomeOf[WorkloadName] | None = None


class Rescan(Job):
    writes: ClassVar = False
    wave: ClassVar = "maintenance"
    in_place: ClassVar = True
    type: Literal["rescan"]
    repository: RepositoryName


class HealthCheck(Job):
    writes: ClassVar = False
    wave: ClassVar = "maintenance"
    in_place: ClassVar = True
    type: Literal["health_check"]
    repository: RepositoryName


class Other(Job):
    """A job that the vendor's page is silent about: kept, reported as not covered, not planned."""

    @model_validator(mode="before")
    @classmethod
    def _freeze_free_keys(cls, value: object) -> object:
        if isinstance(value, dict):
            return {key: item if key in cls.model_fields else frozen(item) for key, item in value.items()}
        return value

    @model_validator(mode="after")
    def _freeze_them_together(self) -> Self:
        object.__setattr__(self, "__pydantic_extra__", Frozen(self.__pydantic_extra__ or {}))
        return self

    model_config = ConfigDict(extra="allow")
    writes: ClassVar = False
    type: Literal["other"]
    vendor_type: Text

    @property
    def outside_table(self) -> str | None:
        return self.vendor_type


AnyJob = Annotated[
    Backup | FileBackup | BackupCopy | FileBackupCopy | Tape | AgentBackup | PluginBackup | Restore
    | ReplicationFromBackup | Offload | MoveBackup | CopyBackup | Rescan | HealthCheck | Other,
    Field(discriminator="type"),
]  # fmt: skip

JOB_TYPES: dict[str, type[Job]] = {
    get_args(model.model_fields["type"].annotation)[0]: model for model in get_args(get_args(AnyJob)[0])
}
