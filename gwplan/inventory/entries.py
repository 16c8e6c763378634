"""The models of everything in an inventory but its jobs: every key with its type, its default and what it means.

The same models check an inventory, give ``gwplan schema`` its JSON Schema, and are what the planner reads. They know
one entry at a time, and say which of its keys name other entries; whether those are there is for ``references.py``.
"""

# Without `from __future__ import annotations`: pydantic would evaluate each text anew for every model that inherits it.
from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    WithJsonSchema,
    model_validator,
)

from gwplan.inventory.frozen import Frozen
from gwplan.inventory.types import (
    LIST_SCHEMA,
    MAX_MEMBERS,
    Count,
    ExtentName,
    HostName,
    Latency,
    Listed,
    OneOrMore,
    PlaceName,
    ProxyName,
    Rate,
    Selection,
    ServerName,
    ServerStatus,
    SiteName,
    Size,
    Text,
    WorkloadName,
    as_tuple,
    each_once,
    names_to_settings,
    non_empty,
    or_a_list,
)


class Keys(BaseModel):
    """A mapping with fixed keys: an absent key, an empty one and ``null`` are the same; ``x-`` keys are free."""

    plain_list: ClassVar[str | None] = None
    """The key whose value a plain list in the place of the mapping stands for."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        hide_input_in_errors=True,
        defer_build=True,  # an inventory uses few of the models: each is built when the first entry asks for it
    )

    @model_validator(mode="before")
    @classmethod
    def _drop_nulls_and_free_keys(cls, value: object) -> object:
        if value is None:
            return {}
        if type(value) is dict and (None in value.values() or "x-" in " ".join(value)):  # quick to rule out for most
            return {key: item for key, item in value.items() if item is not None and key[:2] != "x-"}
        return value


class Entry(Keys):
    """Anything with a name."""

    description: Text | None = None
    tags: Listed[Text] = ()
    id: Text | None = Field(None, description="VBR's own id, for round trips; it never decides.")


class Site(Entry):
    """A place: what stands in one site reaches everything else in it at no cost."""

    location: Text | None = Field(None, description="The location that VBR has for it, such as `EU`; for checks only.")


class Link(Entry):
    """A connection between two sites."""

    between: Annotated[
        tuple[SiteName, SiteName],
        BeforeValidator(as_tuple),
        WithJsonSchema({**LIST_SCHEMA, "minItems": 2, "maxItems": 2}),
    ]
    kind: Literal["wan", "lan"] = "wan"
    bandwidth: Rate | None = None
    latency: Latency | None = None
    egress: bool = Field(False, description="What leaves over it is paid for; for checks only.")


class Server(Entry):
    """A machine. Offline and in maintenance it cannot serve."""

    os: Literal["windows", "linux", "hyperv"]
    os_version: Text | None = Field(
        None, description="The operating system's version, such as `2019` or `RHEL 9.4`; for checks only."
    )
    site: SiteName | None = None
    cores: Count | None = None
    memory: Size | None = None
    free: Size | None = Field(None, description="The space that is free on its system drive; for checks only.")
    network: Rate | None = Field(None, description="What its network adapter carries; for checks only.")
    managed: bool = Field(True, description="Added to the backup infrastructure as a managed server.")
    status: ServerStatus = "online"
    appliance: Literal["software", "infrastructure"] | None = Field(
        None, description="Veeam Software Appliance or Veeam Infrastructure Appliance."
    )
    max_gateway_tasks: Count | None = Field(None, description="Overrides the slots computed from cores and memory.")


class Proxy(Entry):
    """A backup proxy. Its ``server`` defaults to the entry's own name."""

    type: Literal["vmware", "hyperv_off_host", "general_purpose"]
    server: ServerName | None = None
    max_concurrent_tasks: Count = 2
    enabled: bool = True
    transport_mode: Literal["auto", "direct_storage", "virtual_appliance", "network"] = "auto"
    network_failover: bool = Field(
        True, description="It reads over the network where its transport mode fails; for checks only."
    )


class WanAccelerator(Entry):
    """A WAN accelerator. Its ``server`` defaults to the entry's own name."""

    server: ServerName | None = None


class TapeServer(Entry):
    """A tape server. Its ``server`` defaults to the entry's own name."""

    server: ServerName | None = None


class MountServerPair(Keys):
    """A Windows and a Linux mount server; one of the two is enough."""

    windows: ServerName | None = None
    linux: ServerName | None = None

    @model_validator(mode="before")
    @classmethod
    def _at_least_one(cls, value: object) -> object:
        return non_empty(value)


MountServers = Annotated[
    Annotated[ServerName, Tag("name")] | Annotated[MountServerPair, Tag("pair")],
    Discriminator(lambda value: "pair" if isinstance(value, (dict, MountServerPair)) else "name"),
]


class Nfs(Keys):
    """How an NFS share is exported."""

    squash: Literal["all_squash", "root_squash", "no_root_squash"] | None = None
    version: Text | None = None
    security: Literal["sys", "krb5", "krb5i", "krb5p"] | None = None


SERVER_HOSTED = frozenset({"windows", "linux", "hardened"})
APPLIANCES = frozenset({"exagrid", "quantum_dxi", "infinidat", "fujitsu"})
SHARED_FOLDERS = frozenset({"smb", "nfs"})
DEDUPLICATING = frozenset({"data_domain", "storeonce"})
OBJECT_STORAGE = "object_storage"
BEHIND_GATEWAY = SHARED_FOLDERS | DEDUPLICATING | {OBJECT_STORAGE}


class Repository(Entry):
    """A backup repository. Every key is accepted on every type; one without effect there is a note of `validate`."""

    type: Literal[
        "windows", "linux", "hardened", "exagrid", "quantum_dxi", "infinidat", "fujitsu",
        "smb", "nfs", "data_domain", "storeonce", "object_storage", "cloud",
    ]  # fmt: skip
    server: ServerName | None = None
    site: SiteName | None = None
    status: Literal["online", "sealed", "maintenance", "offline"] = "online"
    gateway_servers: Selection[ServerName] = None
    mount_server: MountServers | None = None
    per_machine: bool = Field(True, description="False: one backup chain for a whole backup job.")
    max_concurrent_tasks: Count | None = Field(None, description="Absent: unlimited.")
    accessible_from: Listed[PlaceName] | None = Field(None, description="Allow-list of servers and sites.")
    proxy_affinity: Listed[ProxyName] = Field((), description="Proxies preferred for this repository; no filter.")
    refs_fast_clone: bool = Field(False, description="The SMB share stands on ReFS and fast clone is wanted.")
    nfs: Nfs | None = None
    protocol: Literal["ip", "fc"] = "ip"
    source_side_dedup: bool = Field(
        False, description="DD Boost distributed segment processing; StoreOnce low bandwidth mode."
    )
    ddboost_encryption: Literal["none", "medium", "high"] | None = Field(
        None, description="How DD Boost encrypts what is sent to a Data Domain; for checks only."
    )
    provider: Literal[
        "amazon_s3", "s3_compatible", "azure_blob", "google_cloud", "ibm_cloud", "wasabi", "data_cloud_vault", "other"
    ] = "other"
    connection: Literal["direct", "gateway"] = "direct"
    free: Size | None = None
    path: Text | None = Field(
        None, description=r"The folder of its backups, such as `D:\Backups`, `\\nas\backup` or `nas:/backup`; for "
        "checks only.",
    )
    firmware: Text | None = Field(
        None, description="The version of a deduplicating appliance's system, such as `7.10`; for checks only."
    )
    windows_deduplication: bool = Field(
        False, description="Windows deduplicates the volume of the SMB share; for checks only."
    )

    @property
    def is_over_fc(self) -> bool:
        """Whether it is reached over Fibre Channel: a matter of deduplicating appliances alone."""
        return self.protocol == "fc" and self.type in DEDUPLICATING


class Extent(Keys):
    """What a scale-out repository says of one extent."""

    holds: Listed[WorkloadName] = Field((), description="Workloads whose chain is already there.")
    role: Literal["data", "metadata"] | None = Field(
        None, description="What of unstructured data backups it keeps; for checks only."
    )


class CapacityTier(Keys):
    """The object storage that a scale-out repository offloads to. A plain list is short for extents that move."""

    plain_list: ClassVar = "extents"

    extents: Annotated[
        Mapping[ExtentName, Extent],
        BeforeValidator(names_to_settings),
        BeforeValidator(each_once),
        BeforeValidator(non_empty),
        AfterValidator(Frozen),
        Field(json_schema_extra=or_a_list),
    ]
    copies: bool = Field(False, alias="copy")
    moves: bool = Field(False, alias="move")

    @model_validator(mode="before")
    @classmethod
    def _plain_list(cls, value: object) -> object:
        return {"extents": value, "move": True} if isinstance(value, list) else value


class ScaleOutRepository(Entry):
    """A scale-out backup repository."""

    performance_tier: Annotated[
        Mapping[ExtentName, Extent],
        BeforeValidator(names_to_settings),
        BeforeValidator(non_empty),
        AfterValidator(Frozen),
        Field(json_schema_extra=or_a_list),
    ]
    capacity_tier: Annotated[CapacityTier | None, Field(json_schema_extra=or_a_list)] = None
    placement_policy: Literal["data_locality", "performance"] = "data_locality"
    full_when_extent_offline: bool = False
    per_machine: bool = Field(True, description="An extent's own flag does not count.")


class Workload(Entry):
    """A machine, a file share or a database host to protect; with ``count``, a group of equal ones."""

    platform: Literal["vmware", "hyperv", "file_share", "agent", "plugin"]
    site: SiteName | None = None
    host: OneOrMore[HostName] = Field(
        (), description="Where a Hyper-V machine runs: a host and those it goes to when that is down, or a cluster."
    )
    disks: Count = 1
    count: Annotated[int, Field(ge=1, le=MAX_MEMBERS)] = 1
    size: Size | None = None
