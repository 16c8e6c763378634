"""The inventory format, version 1, as models: every key with its type, its default and what it means.

The same models check an inventory, give ``gwplan schema`` its JSON Schema, and are what the planner reads. They know
one entry at a time; what entries say of each other is in ``load.py``.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from gwplan.inventory import quantities

MAX_MEMBERS = 1_000_000
AUTO = "auto"


def _text(value: object) -> object:
    """A text or a reference as written: the reader has made ``true``, ``null`` and integers of some."""
    if type(value) is str:
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    return str(value) if isinstance(value, int) else value


def _tuple(value: object) -> object:
    if isinstance(value, list):
        return tuple(value)
    raise PydanticCustomError("gwplan_list", "must be a list")


def _one_or_list(value: object) -> object:
    return tuple(value) if isinstance(value, list) else (value,)


def _non_empty(value: object) -> object:
    if value in ([], {}, ()):
        raise PydanticCustomError("gwplan_empty", "must not be empty")
    return value


def _auto_or_list(value: object) -> object:
    if value == AUTO:
        return None
    if isinstance(value, list):
        return _tuple(_non_empty(value))
    raise PydanticCustomError("gwplan_auto", "must be `auto` or a list of names")


def _names_to_settings(value: object) -> object:
    """A plain list is short for a mapping of empty settings."""
    if isinstance(value, list) and len({_text(item) for item in value if not isinstance(item, (list, dict))}) == len(
        value
    ):
        return {_text(item): {} for item in value}
    return value


_AS_TEXT = WithJsonSchema({"type": ["string", "number", "boolean"]})
_LIST = {"type": "array", "items": {"type": ["string", "number", "boolean"]}}
_AUTO_OR_LIST = {"anyOf": [{"const": AUTO}, {**_LIST, "minItems": 1}]}

Text = Annotated[str, BeforeValidator(_text), _AS_TEXT]
Reference = Annotated[str, BeforeValidator(_text), _AS_TEXT]
References = Annotated[tuple[Reference, ...], BeforeValidator(_tuple), WithJsonSchema(_LIST)]
SomeReferences = Annotated[
    tuple[Reference, ...],
    BeforeValidator(_tuple),
    BeforeValidator(_non_empty),
    WithJsonSchema({**_LIST, "minItems": 1}),
]
OneOrMore = Annotated[
    tuple[Reference, ...],
    BeforeValidator(_one_or_list),
    BeforeValidator(_non_empty),
    WithJsonSchema({"anyOf": [{"type": ["string", "number", "boolean"]}, {**_LIST, "minItems": 1}]}),
]
Selection = Annotated[tuple[Reference, ...] | None, BeforeValidator(_auto_or_list), WithJsonSchema(_AUTO_OR_LIST)]
"""``auto`` (None) or a non-empty list of names."""


def _or_a_list(schema: dict[str, Any]) -> None:
    """A plain list of names is short for the mapping."""
    mapping = dict(schema)
    schema.clear()
    schema["anyOf"] = [*mapping.pop("anyOf", [mapping]), {**_LIST, "minItems": 1}]


def _unit_pattern(units: dict[str, int], example: str) -> WithJsonSchema:
    pattern = f"^{quantities.NUMBER} ?({'|'.join(units)})$"
    return WithJsonSchema({"type": "string", "pattern": pattern, "examples": [example]})


Size = Annotated[int, BeforeValidator(quantities.size), _unit_pattern(quantities.SIZE_UNITS, "500 GiB")]
Rate = Annotated[int, BeforeValidator(quantities.rate), _unit_pattern(quantities.RATE_UNITS, "1 Gbps")]
Latency = Annotated[int, BeforeValidator(quantities.latency), _unit_pattern(quantities.LATENCY_UNITS, "12 ms")]
TimeOfDay = Annotated[
    str,
    BeforeValidator(quantities.time_of_day),
    WithJsonSchema({"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$", "examples": ["22:00"]}),
]
Count = Annotated[int, Field(ge=1)]
ServerStatus = Literal["online", "offline", "maintenance"]


class Keys(BaseModel):
    """A mapping with fixed keys: an absent key, an empty one and ``null`` are the same; ``x-`` keys are free."""

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
        if type(value) is dict and (None in value.values() or any(key[:2] == "x-" for key in value)):
            return {key: item for key, item in value.items() if item is not None and key[:2] != "x-"}
        return value


class Entry(Keys):
    """Anything with a name."""

    description: Text | None = None
    tags: References = ()
    id: Text | None = Field(None, description="VBR's own id, for round trips; it never decides.")


class Site(Entry):
    """A place: what stands in one site reaches everything else in it at no cost."""


class Link(Entry):
    """A connection between two sites."""

    between: Annotated[
        tuple[Reference, Reference],
        BeforeValidator(_tuple),
        WithJsonSchema({**_LIST, "minItems": 2, "maxItems": 2}),
    ]
    kind: Literal["wan", "lan"] = "wan"
    bandwidth: Rate | None = None
    latency: Latency | None = None


class Server(Entry):
    """A machine. Offline and in maintenance it cannot serve."""

    os: Literal["windows", "linux", "hyperv"]
    os_version: Text | None = None
    site: Reference | None = None
    cores: Count | None = None
    memory: Size | None = None
    managed: bool = Field(True, description="Added to the backup infrastructure as a managed server.")
    status: ServerStatus = "online"
    appliance: Literal["software", "infrastructure"] | None = Field(
        None, description="Veeam Software Appliance or Veeam Infrastructure Appliance."
    )
    max_gateway_tasks: Count | None = Field(None, description="Overrides the slots computed from cores and memory.")


class Proxy(Entry):
    """A backup proxy. Its ``server`` defaults to the entry's own name."""

    type: Literal["vmware", "hyperv_off_host", "general_purpose"]
    server: Reference | None = None
    max_concurrent_tasks: Count = 2
    enabled: bool = True
    transport_mode: Literal["auto", "direct_storage", "virtual_appliance", "network"] = "auto"


class WanAccelerator(Entry):
    """A WAN accelerator. Its ``server`` defaults to the entry's own name."""

    server: Reference | None = None


class TapeServer(Entry):
    """A tape server. Its ``server`` defaults to the entry's own name."""

    server: Reference | None = None


class MountServerPair(Keys):
    """A Windows and a Linux mount server; one of the two is enough."""

    windows: Reference | None = None
    linux: Reference | None = None

    @model_validator(mode="before")
    @classmethod
    def _at_least_one(cls, value: object) -> object:
        return _non_empty(value)


MountServers = Annotated[
    Annotated[Reference, Tag("name")] | Annotated[MountServerPair, Tag("pair")],
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
    server: Reference | None = None
    site: Reference | None = None
    status: Literal["online", "sealed", "maintenance", "offline"] = "online"
    gateway_servers: Selection = None
    mount_server: MountServers | None = None
    per_machine: bool = Field(True, description="False: one backup chain for a whole backup job.")
    max_concurrent_tasks: Count | None = Field(None, description="Absent: unlimited.")
    accessible_from: References | None = Field(None, description="Allow-list of servers and sites.")
    proxy_affinity: References = Field((), description="Proxies preferred for this repository; no filter.")
    refs_fast_clone: bool = Field(False, description="The SMB share stands on ReFS and fast clone is wanted.")
    nfs: Nfs | None = None
    protocol: Literal["ip", "fc"] = "ip"
    source_side_dedup: bool = Field(
        False, description="DD Boost distributed segment processing; StoreOnce low bandwidth mode."
    )
    provider: Literal[
        "amazon_s3", "s3_compatible", "azure_blob", "google_cloud", "ibm_cloud", "wasabi", "data_cloud_vault", "other"
    ] = "other"
    connection: Literal["direct", "gateway"] = "direct"
    free: Size | None = None

    @property
    def is_over_fc(self) -> bool:
        """Whether it is reached over Fibre Channel: a matter of deduplicating appliances alone."""
        return self.protocol == "fc" and self.type in DEDUPLICATING


class Extent(Keys):
    """What a scale-out repository says of one performance extent."""

    holds: References = Field((), description="Workloads whose chain is already there.")


class CapacityTier(Keys):
    """The object storage that a scale-out repository offloads to. A plain list is short for extents that move."""

    extents: SomeReferences
    copies: bool = Field(False, alias="copy")
    moves: bool = Field(False, alias="move")

    @model_validator(mode="before")
    @classmethod
    def _plain_list(cls, value: object) -> object:
        return {"extents": value, "move": True} if isinstance(value, list) else value


class ScaleOutRepository(Entry):
    """A scale-out backup repository."""

    performance_tier: Annotated[
        dict[str, Extent],
        BeforeValidator(_names_to_settings),
        BeforeValidator(_non_empty),
        Field(json_schema_extra=_or_a_list),
    ]
    capacity_tier: Annotated[CapacityTier | None, Field(json_schema_extra=_or_a_list)] = None
    placement_policy: Literal["data_locality", "performance"] = "data_locality"
    full_when_extent_offline: bool = False
    per_machine: bool = Field(True, description="An extent's own flag does not count.")


class Workload(Entry):
    """A machine, a file share or a database host to protect; with ``count``, a group of equal ones."""

    platform: Literal["vmware", "hyperv", "file_share", "agent", "plugin"]
    site: Reference | None = None
    host: OneOrMore = Field((), description="Where a Hyper-V machine runs, then the other nodes of its cluster.")
    disks: Count = 1
    count: Annotated[int, Field(ge=1, le=MAX_MEMBERS)] = 1
    size: Size | None = None


# --- jobs: one model a type, as the table of the format has them ------------------------------------------------------

VMS = ("vmware", "hyperv")


class Schedule(Keys):
    """When a job starts."""

    start: TimeOfDay | None = None


class Job(Entry):
    """What every job may have."""

    takes: ClassVar[tuple[str, ...]] = ()
    """The platforms that the type can protect; empty for types that take all."""
    writes: ClassVar[bool] = True
    """Whether the type writes backup data to ``repository``."""

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
    retries: Annotated[int, Field(ge=0)] | None = None


class Sourced(Job):
    """A job that reads from a repository, or from the chains of other jobs: exactly one of the two."""

    source_repository: Reference | None = None
    source_jobs: SomeReferences | None = None
    workloads: SomeReferences | None = Field(None, description="Default: all that the source holds.")


class Backup(Job):
    takes: ClassVar = VMS
    type: Literal["backup"]
    workloads: SomeReferences
    repository: Reference
    proxies: Selection = None
    mode: Literal["on_host", "off_host"] = "on_host"
    off_host_failover: bool = True


class FileBackup(Job):
    takes: ClassVar = ("file_share",)
    type: Literal["file_backup"]
    workloads: SomeReferences
    repository: Reference
    proxies: Selection = None


class WanAcceleratorPair(Keys):
    """The accelerator at the source and the one at the target."""

    source: Reference
    target: Reference


class BackupCopy(Sourced):
    type: Literal["backup_copy"]
    repository: Reference
    wan_accelerators: WanAcceleratorPair | None = None


class FileBackupCopy(Sourced):
    takes: ClassVar = ()
    type: Literal["file_backup_copy"]
    repository: Reference


class Tape(Sourced):
    writes: ClassVar = False
    type: Literal["tape"]
    tape_server: Reference
    direct_connection: bool | None = Field(None, description="Absent: judged from the inventory.")


class AgentBackup(Job):
    takes: ClassVar = ("agent",)
    type: Literal["agent_backup"]
    workloads: SomeReferences
    repository: Reference


class PluginBackup(Job):
    takes: ClassVar = ("plugin",)
    type: Literal["plugin_backup"]
    workloads: SomeReferences
    repository: Reference
    plugin: Literal["oracle_rman", "sap_hana", "sap_on_oracle", "mssql", "db2"]


class Restore(Sourced):
    takes: ClassVar = VMS
    writes: ClassVar = False
    type: Literal["restore"]
    proxies: Selection = None
    target_site: Reference | None = None
    target_host: OneOrMore = ()


class ReplicationFromBackup(Sourced):
    takes: ClassVar = VMS
    writes: ClassVar = False
    type: Literal["replication_from_backup"]
    target_proxies: Selection = None
    target_site: Reference | None = None
    target_host: OneOrMore = ()


class Offload(Job):
    type: Literal["offload"]
    source_repository: Reference
    repository: Reference
    workloads: SomeReferences | None = None


class MoveBackup(Job):
    type: Literal["move_backup"]
    source_repository: Reference
    repository: Reference
    workloads: SomeReferences | None = None


class CopyBackup(Job):
    type: Literal["copy_backup"]
    source_repository: Reference
    repository: Reference
    workloads: SomeReferences | None = None


class Rescan(Job):
    writes: ClassVar = False
    type: Literal["rescan"]
    repository: Reference


class HealthCheck(Job):
    writes: ClassVar = False
    type: Literal["health_check"]
    repository: Reference


class Other(Job):
    """A job that the vendor's page is silent about: kept, reported as not covered, not planned."""

    model_config = ConfigDict(extra="allow")
    writes: ClassVar = False
    type: Literal["other"]
    vendor_type: Text


AnyJob = Annotated[
    Backup | FileBackup | BackupCopy | FileBackupCopy | Tape | AgentBackup | PluginBackup | Restore
    | ReplicationFromBackup | Offload | MoveBackup | CopyBackup | Rescan | HealthCheck | Other,
    Field(discriminator="type"),
]  # fmt: skip

JOB_TYPES: dict[str, type[Job]] = {
    "backup": Backup,
    "file_backup": FileBackup,
    "backup_copy": BackupCopy,
    "file_backup_copy": FileBackupCopy,
    "tape": Tape,
    "agent_backup": AgentBackup,
    "plugin_backup": PluginBackup,
    "restore": Restore,
    "replication_from_backup": ReplicationFromBackup,
    "offload": Offload,
    "move_backup": MoveBackup,
    "copy_backup": CopyBackup,
    "rescan": Rescan,
    "health_check": HealthCheck,
    "other": Other,
}


class Head(Entry):
    """What an inventory says of itself, beside its sections."""

    gwplan: Literal[1] = Field(description="Version of this format.")
    product_version: Annotated[
        str,
        BeforeValidator(_text),
        Field(pattern=r"^1[23](\.[0-9]{1,9}){0,3}$"),
        WithJsonSchema({"type": ["string", "number"], "pattern": r"^1[23](\.[0-9]{1,9}){0,3}$"}),
    ] = "13"
    backup_server: Reference
    default_mount_servers: MountServerPair | None = None


class Document(Head):
    """A whole inventory: one backup server's world."""

    sites: dict[str, Site] = {}
    links: dict[str, Link] = {}
    fabrics: dict[str, References] = {}
    failure_domains: dict[str, References] = {}
    servers: dict[str, Server] = {}
    proxies: dict[str, Proxy] = {}
    wan_accelerators: dict[str, WanAccelerator] = {}
    tape_servers: dict[str, TapeServer] = {}
    repositories: dict[str, Repository] = {}
    scale_out_repositories: dict[str, ScaleOutRepository] = {}
    workloads: dict[str, Workload] = {}
    jobs: dict[str, AnyJob] = {}


def json_schema() -> dict[str, Any]:
    """The format as a JSON Schema, draft 2020-12, for editors: what one file can be checked for by itself."""
    schema = Document.model_json_schema()
    schema["properties"]["jobs"]["additionalProperties"].pop("discriminator")  # OpenAPI's, not JSON Schema's
    for model in (schema, *schema["$defs"].values()):
        _open_to_null_and_free_keys(model)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "gwplan inventory, version 1"}


def _open_to_null_and_free_keys(model: dict[str, Any]) -> None:
    """An optional key may be null, an entry or a section empty, and keys that begin with ``x-`` are free."""
    required = model.get("required", [])
    for name, rule in model.get("properties", {}).items():
        rule.pop("title", None)
        values = rule.get("additionalProperties")
        if isinstance(values, dict) and "oneOf" not in values:
            rule["additionalProperties"] = {"anyOf": [values, {"type": "null"}]}
        if name not in required and {"type": "null"} not in rule.get("anyOf", []):
            kept = {key: rule.pop(key) for key in ("description", "default") if key in rule}
            model["properties"][name] = {**kept, "anyOf": [rule, {"type": "null"}]}
    if model.get("additionalProperties") is False:
        model["patternProperties"] = {"^x-": {}}
