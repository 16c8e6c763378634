"""What people write for what is meant: other words for keys and values, by place, with the right one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import BaseModel

_Table = dict[str, str]

_KEYS: dict[str, _Table] = {
    "Server": {
        "ram": "memory", "mem": "memory", "cpu": "cores", "cpus": "cores", "vcpu": "cores", "vcpus": "cores",
        "nic": "network", "free_space": "free",
        "location": "site", "type": "os", "version": "os_version", "state": "status",
        "tasks": "max_gateway_tasks", "max_concurrent_tasks": "max_gateway_tasks", "slots": "max_gateway_tasks",
        "role": ":leave it out; a role is an entry of its own under `proxies`, `tape_servers` or `wan_accelerators`",
    },
    "Proxy": {
        "tasks": "max_concurrent_tasks", "max_tasks": "max_concurrent_tasks", "slots": "max_concurrent_tasks",
        "concurrent_tasks": "max_concurrent_tasks", "host": "server", "platform": "type", "transport": "transport_mode",
        "servers": ":write one entry for each server: `NAME: {type: …, server: NAME}`",
        "site": ":leave it out; the site is that of its server",
    },
    "Repository": {
        "gateway": "gateway_servers", "gateways": "gateway_servers", "gateway_server": "gateway_servers",
        "tasks": "max_concurrent_tasks", "max_tasks": "max_concurrent_tasks", "slots": "max_concurrent_tasks",
        "mount_servers": "mount_server", "mount": "mount_server", "host": "server", "location": "site",
        "folder": "path",
        "mode": "connection", "per_vm": "per_machine", "affinity": "proxy_affinity", "free_space": "free",
        "fabric": ":name it under `fabrics` instead: `FABRIC: [SERVER, REPOSITORY]`",
    },
    "ScaleOutRepository": {
        "extents": "performance_tier", "performance_extents": "performance_tier", "performance": "performance_tier",
        "capacity": "capacity_tier", "capacity_extents": "capacity_tier", "policy": "placement_policy",
    },
    "CapacityTier": {"extent": "extents", "repository": "extents", "copy_mode": "copy", "move_mode": "move"},
    "Workload": {
        "type": "platform", "hypervisor": "platform", "hosts": "host", "server": "host", "cluster": "host",
        "vms": "count", "machines": "count", "quantity": "count", "disk": "disks", "capacity": "size",
        "location": "site",
    },
    "Link": {"sites": "between", "type": "kind", "speed": "bandwidth", "rtt": "latency", "delay": "latency"},
    "WanAccelerator": {"host": "server", "site": ":leave it out; the site is that of its server"},
    "TapeServer": {"host": "server", "site": ":leave it out; the site is that of its server"},
    "Head": {
        "vbr": "backup_server", "vbr_server": "backup_server", "version": "product_version",
        "mount_servers": "default_mount_servers", "sobr": "scale_out_repositories", "vms": "workloads",
        "hosts": "servers", "gateways": "servers", "repos": "repositories",
    },
    "Schedule": {"time": "start", "at": "start", "start_time": "start"},
    "WanAcceleratorPair": {"from": "source", "to": "target"},
}  # fmt: skip
_JOB_KEYS: _Table = {
    "vms": "workloads", "machines": "workloads", "objects": "workloads", "workload": "workloads",
    "target": "repository", "target_repository": "repository", "repo": "repository", "destination": "repository",
    "source": "source_repository", "source_job": "source_jobs", "jobs": "source_jobs", "proxy": "proxies",
    "start": ":write `schedule: {start: \"22:00\"}`", "time": ":write `schedule: {start: \"22:00\"}`",
    "retry": "retries", "restore_points": "retention", "wan_accelerator": "wan_accelerators", "tape": "tape_server",
}  # fmt: skip

_HYPERV = {"hyper-v": "hyperv", "hyper_v": "hyperv", "microsoft_hyperv": "hyperv"}
_VMWARE = {"vsphere": "vmware", "esx": "vmware", "esxi": "vmware", "vm": "vmware"}
_VALUES: dict[tuple[str, str], _Table] = {
    ("Server", "os"): {**_HYPERV, "win": "windows", "windows_server": "windows", "ubuntu": "linux", "rhel": "linux",
                       "rocky": "linux", "suse": "linux", "debian": "linux",
                       "vsa": ":write `os: linux, appliance: software`"},
    ("Proxy", "type"): {
        **_VMWARE, "hyperv": "hyperv_off_host", "hyper-v": "hyperv_off_host", "off_host": "hyperv_off_host",
        "hyperv_on_host": ":leave the entry out; on-host processing needs no proxy, the Hyper-V hosts do it",
        "on_host": ":leave the entry out; on-host processing needs no proxy, the Hyper-V hosts do it",
        "file": "general_purpose", "file_share": "general_purpose", "nas": "general_purpose",
    },
    ("Repository", "type"): {
        "s3": ":write `type: object_storage` with `provider: amazon_s3` or `s3_compatible`",
        "aws": ":write `type: object_storage` with `provider: amazon_s3`",
        "amazon_s3": ":write `type: object_storage` with `provider: amazon_s3`",
        "s3_compatible": ":write `type: object_storage` with `provider: s3_compatible`",
        "minio": ":write `type: object_storage` with `provider: s3_compatible`",
        "azure": ":write `type: object_storage` with `provider: azure_blob`",
        "azure_blob": ":write `type: object_storage` with `provider: azure_blob`",
        "wasabi": ":write `type: object_storage` with `provider: wasabi`",
        "object": "object_storage", "datadomain": "data_domain", "dd": "data_domain", "ddboost": "data_domain",
        "cifs": "smb", "share": "smb", "catalyst": "storeonce", "hp_storeonce": "storeonce", "quantum": "quantum_dxi",
        "immutable": "hardened", "linux_hardened": "hardened", "win": "windows", "local": "windows",
        "sobr": ":move it to `scale_out_repositories`", "scale_out": ":move it to `scale_out_repositories`",
    },
    ("Repository", "protocol"): {"fibre_channel": "fc", "fiber_channel": "fc", "fibre": "fc", "tcp": "ip", "lan": "ip"},
    ("Workload", "platform"): {
        **_HYPERV, **_VMWARE, "nas": "file_share", "file": "file_share", "smb": "file_share", "nfs": "file_share",
        "physical": "agent", "windows": "agent", "linux": "agent", "laptop": "agent", "oracle": "plugin",
        "rman": "plugin", "sap_hana": "plugin", "mssql": "plugin", "sql": "plugin",
    },
    ("Link", "kind"): {"internet": "wan", "vpn": "wan", "mpls": "wan", "metro": "lan", "campus": "lan", "local": "lan"},
    ("", "type"): {
        "agent": "agent_backup", "plugin": "plugin_backup", "copy": "backup_copy", "vm_backup": "backup",
        "nas": "file_backup", "nas_backup": "file_backup", "file_share": "file_backup", "file": "file_backup",
        "file_copy": "file_backup_copy", "replica": "replication_from_backup",
        "replication": ":write `replication_from_backup` where it reads from backups; else `type: other`",
        "tape_backup": "tape", "backup_to_tape": "tape", "move": "move_backup", "healthcheck": "health_check",
        "instant_recovery": "restore", "surebackup": ":write `type: other` with `vendor_type: SureBackup`",
    },
}  # fmt: skip

ADDED = {
    "gwplan": "gwplan: 1",
    "workloads": "workloads: [NAME]",
    "between": "between: [SITE, SITE]",
    "performance_tier": "performance_tier: [REPOSITORY]",
    "extents": "extents: [REPOSITORY]",
    "vendor_type": "vendor_type: TEXT",
}
"""What to add for a key that is missing, where it takes no name alone."""


def _pair(value: Any) -> str:
    source, target = value if isinstance(value, list) and len(value) == 2 else ("NAME", "NAME")
    return f"{{source: {source}, target: {target}}}"


def _tier(value: Any) -> str:
    return f"{{extents: [{value if isinstance(value, str) and len(value) < 60 else 'NAME'}], move: true}}"


def _schedule(value: Any) -> str:
    is_time = isinstance(value, str) and len(value) == 5 and value[2] == ":"
    return f'{{start: "{value if is_time else "22:00"}"}}'


EXAMPLES: dict[str, Callable[[Any], str]] = {
    "schedule": _schedule,
    "wan_accelerators": _pair,
    "capacity_tier": _tier,
    "nfs": lambda _: "{squash: no_root_squash, security: sys}",
    "default_mount_servers": lambda _: "{windows: SERVER, linux: SERVER}",
}
"""A mapping as it is written in the place of a value that is none, with what is known of it."""


def key_meant(model: type[BaseModel] | None, written: str) -> str | None:
    """What to write instead of a key that a model does not have."""
    if model is None:
        return None
    name = "Head" if model.__name__ == "Document" else model.__name__
    table = _KEYS.get(name, _JOB_KEYS if "enabled" in model.model_fields and name != "Proxy" else {})
    meant = table.get(_plain(written))
    keys = {field.alias or key for key, field in model.model_fields.items()}
    return _advice(meant) if meant and (meant[0] == ":" or meant in keys or name == "Head") else None


def value_meant(model: type[BaseModel] | None, key: tuple[str | int, ...], written: str) -> str | None:
    """What to write instead of a value that a key does not take."""
    table = _VALUES.get((model.__name__ if model else "", str(key[-1])), {}) if key else {}
    meant = table.get(_plain(written))
    return _advice(meant) if meant else None


def _plain(written: str) -> str:
    return written.lower().replace(" ", "_")


def _advice(meant: str) -> str:
    return meant[1:] if meant[0] == ":" else f"write `{meant}`"
