"""Other words that people use for keys and values, by model and key: each with the right word or, after a colon, with
advice."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

_Table = dict[str, str]

_KEYS: dict[str, _Table] = {
    "Server": {
        "ram": "memory", "mem": "memory", "cpu": "cores", "cpus": "cores", "vcpu": "cores", "vcpus": "cores",
        "nic": "network", "free_space": "free",
        "location": "site", "type": "os", "version": "os_version", "state": "status",
        "tasks": "max_gateway_tasks", "max_concurrent_tasks": "max_gateway_tasks", "slots": "max_gateway_tasks",
        "maintenance": ":write `status: maintenance`", "offline": ":write `status: offline`",
        "enabled": ":write `status: offline` for one that is off", "disabled": ":write `status: offline`",
        "role": ":leave it out; a role is an entry of its own under `proxies`, `tape_servers` or `wan_accelerators`",
    },
    "Proxy": {
        "tasks": "max_concurrent_tasks", "max_tasks": "max_concurrent_tasks", "slots": "max_concurrent_tasks",
        "concurrent_tasks": "max_concurrent_tasks", "host": "server", "platform": "type", "transport": "transport_mode",
        "mode": "transport_mode", "disabled": ":write `enabled: false`",
        "status": ":write `enabled: false` for one that is off, or `status:` at its server",
        "servers": ":write one entry for each server: `NAME: {type: …, server: NAME}`",
        "site": ":leave it out; the site is that of its server",
    },
    "Repository": {
        "gateway": "gateway_servers", "gateways": "gateway_servers", "gateway_server": "gateway_servers",
        "tasks": "max_concurrent_tasks", "max_tasks": "max_concurrent_tasks", "slots": "max_concurrent_tasks",
        "mount_servers": "mount_server", "mount": "mount_server", "host": "server", "location": "site",
        "folder": "path", "dedup": "source_side_dedup", "source_side_deduplication": "source_side_dedup",
        "squash": ":write it under `nfs`: `nfs: {squash: all_squash}`",
        "security": ":write it under `nfs`: `nfs: {security: krb5}`",
        "version": ":write it under `nfs`: `nfs: {version: \"4.1\"}`",
        "encryption": ":write `ddboost_encryption` of a Data Domain; of jobs, `encryption: true` at the job",
        "maintenance": ":write `status: maintenance`", "offline": ":write `status: offline`",
        "task_limit": "max_concurrent_tasks", "limit": "max_concurrent_tasks",
        "mode": "connection", "per_vm": "per_machine", "affinity": "proxy_affinity", "free_space": "free",
        "fabric": ":name it under `fabrics` instead: `FABRIC: [SERVER, REPOSITORY]`",
    },
    "ScaleOutRepository": {
        "extents": "performance_tier", "performance_extents": "performance_tier", "performance": "performance_tier",
        "capacity": "capacity_tier", "capacity_extents": "capacity_tier", "policy": "placement_policy",
        "archive_tier": ":leave it out, or call it `x-archive_tier`; gwplan does not plan an archive tier",
    },
    "CapacityTier": {"extent": "extents", "repository": "extents", "copy_mode": "copy", "move_mode": "move"},
    "Workload": {
        "type": "platform", "hypervisor": "platform", "hosts": "host", "server": "host", "cluster": "host",
        "vms": "count", "machines": "count", "number": "count",
        "quantity": "count", "disk": "disks", "capacity": "size",
        "location": "site",
    },
    "Link": {"sites": "between", "from": "between", "to": "between", "endpoints": "between",
             "type": "kind", "speed": "bandwidth", "rtt": "latency", "delay": "latency"},
    "WanAccelerator": {"host": "server", "site": ":leave it out; the site is that of its server"},
    "TapeServer": {"host": "server", "site": ":leave it out; the site is that of its server"},
    "Head": {
        "vbr": "backup_server", "vbr_server": "backup_server",
        "version": ":write `gwplan: 1` for the format, `product_version` for the release of VBR",
        "mount_servers": "default_mount_servers", "sobr": "scale_out_repositories", "vms": "workloads",
        "hosts": "servers", "gateways": "servers", "repos": "repositories",
        "gateway_servers": ":leave it out; a gateway server is a server that a repository lists as `gateway_servers`",
        "mount_server": "default_mount_servers", "default_mount_server": "default_mount_servers",
    },
    "Schedule": {"time": "start", "at": "start", "start_time": "start"},
    "WanAcceleratorPair": {"from": "source", "to": "target"},
}  # fmt: skip
_JOB_KEYS: _Table = {
    "vms": "workloads", "machines": "workloads", "objects": "workloads", "workload": "workloads",
    "target": "repository", "target_repository": "repository", "repo": "repository", "destination": "repository",
    "source": ":write `source_repository` for a repository, `source_jobs: [JOB]` for jobs",
    "source_job": "source_jobs", "jobs": "source_jobs", "proxy": "proxies",
    "start": ":write `schedule: {start: \"22:00\"}`", "time": ":write `schedule: {start: \"22:00\"}`",
    "retry": "retries", "restore_points": "retention", "disabled": ":write `enabled: false`",
    "method": "backup_method", "wan_accelerator": "wan_accelerators", "tape": "tape_server",
}  # fmt: skip

_HYPERV = {"hyper_v": "hyperv", "hv": "hyperv", "microsoft_hyperv": "hyperv"}
_VMWARE = {"vsphere": "vmware", "esx": "vmware", "esxi": "vmware", "vm": "vmware"}
_UNLIMITED = dict.fromkeys(("unlimited", "none", "no_limit", "0"), ":leave the key out; without it there is no limit")
_STATUS = {"up": "online", "ok": "online", "on": "online", "available": "online", "down": "offline", "off": "offline",
           "unavailable": "offline", "disabled": "offline", "maint": "maintenance", "maintenance_mode": "maintenance"}
_VALUES: dict[tuple[str, str], _Table] = {
    ("Server", "os"): {
        **_HYPERV, "win": "windows", "windows_": ":write `windows`, and its release as `os_version`",
        **dict.fromkeys(("ubuntu_", "rhel_", "red_", "redhat_", "rocky_", "oracle_", "suse_", "sles_", "debian_",
                         "centos_"), ":write `linux`, and its release as `os_version`"),
        "vsa": ":write `os: linux, appliance: software`",
    },
    ("Server", "status"): _STATUS,
    ("Repository", "status"): _STATUS,
    ("Proxy", "transport_mode"): {
        "nbd": "network", "nbdssl": "network", "hotadd": "virtual_appliance", "hot_add": "virtual_appliance",
        "san": "direct_storage", "direct_san": "direct_storage", "nfs": "direct_storage",
        "direct_nfs": "direct_storage", "automatic": "auto",
    },
    ("Proxy", "type"): {
        **_VMWARE, "hyperv": "hyperv_off_host", "hyper_v": "hyperv_off_host", "off_host": "hyperv_off_host",
        "hyperv_on_host": ":leave the entry out; on-host processing needs no proxy, the Hyper-V hosts do it",
        "on_host": ":leave the entry out; on-host processing needs no proxy, the Hyper-V hosts do it",
        "file": "general_purpose", "file_share": "general_purpose", "nas": "general_purpose",
        "file_proxy": "general_purpose", "general": "general_purpose", "gp": "general_purpose",
        "agent": ":leave the entry out; agents read their machines themselves",
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
        "object": "object_storage", "dell_data_domain": "data_domain", "dell_dd": "data_domain",
        "dell_emc_data_domain": "data_domain", "emc_data_domain": "data_domain", "hpe_storeonce": "storeonce",
        "nas": ":write `smb` or `nfs`", "dedup": ":write `data_domain`, `storeonce` or the type of the appliance",
        "refs": "windows", "xfs": "linux", "gcs": ":write `type: object_storage` with `provider: google_cloud`",
        "datadomain": "data_domain", "dd": "data_domain", "ddboost": "data_domain",
        "cifs": "smb", "share": "smb", "catalyst": "storeonce", "hp_storeonce": "storeonce", "quantum": "quantum_dxi",
        "immutable": "hardened", "linux_hardened": "hardened", "win": "windows", "local": "windows",
        "sobr": ":move it to `scale_out_repositories`", "scale_out": ":move it to `scale_out_repositories`",
    },
    ("Repository", "provider"): {
        "aws": "amazon_s3", "amazon": "amazon_s3", "s3": "amazon_s3", "aws_s3": "amazon_s3", "azure": "azure_blob",
        "blob": "azure_blob", "microsoft_azure": "azure_blob", "google": "google_cloud", "gcs": "google_cloud",
        "gcp": "google_cloud", "ibm": "ibm_cloud", "minio": "s3_compatible", "ceph": "s3_compatible",
        "cloudian": "s3_compatible", "vdc": "data_cloud_vault", "veeam": "data_cloud_vault",
        "vault": "data_cloud_vault",
    },
    ("Repository", "connection"): {
        "direct_mode": "direct", "via_gateway": "gateway", "through_gateway": "gateway", "gateway_server": "gateway",
        "gateway_servers": "gateway",
    },
    ("Repository", "gateway_servers"): {"automatic": "auto", "any": "auto", "all": "auto"},
    ("Repository", "max_concurrent_tasks"): _UNLIMITED,
    ("Repository", "protocol"): {"fibre_channel": "fc", "fiber_channel": "fc", "fibre": "fc", "tcp": "ip", "lan": "ip"},
    ("Workload", "platform"): {
        **_HYPERV, **_VMWARE, "nas": "file_share", "file": "file_share", "smb": "file_share", "nfs": "file_share",
        "physical": "agent", "endpoint": "agent", "server": "agent", "desktop": "agent",
        "windows": "agent", "linux": "agent", "laptop": "agent", "oracle": "plugin",
        "rman": "plugin", "sap_hana": "plugin", "mssql": "plugin", "sql": "plugin",
    },
    ("", "priority"): {"low": "normal", "medium": "normal", "critical": "high"},
    ("Link", "kind"): {"internet": "wan", "vpn": "wan", "mpls": "wan", "metro": "lan", "campus": "lan", "local": "lan"},
    ("", "type"): {
        "agent": "agent_backup", "plugin": "plugin_backup", "copy": "backup_copy", "vm_backup": "backup",
        "vm": "backup", "vmware": "backup", "hyperv": "backup", "hyper_v": "backup", "vmware_backup": "backup",
        "copy_job": "backup_copy", "backup_copy_job": "backup_copy",
        "file_to_tape": ":write `type: other` with `vendor_type`",
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
"""What to write for a missing key, where its value is not simply a name."""


def key_meant(model: type[Any] | None, written: str) -> str | None:
    """What to write instead of a key that a model does not have."""
    if model is None or not issubclass(model, BaseModel):
        return None
    name = "Head" if model.__name__ == "Document" else model.__name__
    table = _JOB_KEYS if _is_job(model) else _KEYS.get(name, {})
    meant = table.get(_plain(written))
    keys = {field.alias or key for key, field in model.model_fields.items()}
    return _advice(meant) if meant and (meant[0] == ":" or meant in keys or name == "Head") else None


def value_meant(model: type[BaseModel] | None, key: tuple[str | int, ...], written: str) -> str | None:
    """What to write instead of a value that a key does not take."""
    name = "" if model is None or _is_job(model) else model.__name__
    table = _VALUES.get((name, str(key[-1])), {}) if key else {}
    plain = _plain(written)
    meant = table.get(plain) or table.get(plain.partition("_")[0] + "_")  # "windows_": the first of several words
    return _advice(meant) if meant else None


def job_type_meant(written: str) -> str | None:
    """The type of job that a word stands for; None where the advice is more than a type."""
    meant = _VALUES["", "type"].get(_plain(written), ":")
    return None if meant[0] == ":" else meant


def _is_job(model: type[BaseModel]) -> bool:
    return "priority" in model.model_fields


def _plain(written: str) -> str:
    return written.lower().replace(" ", "_").replace("-", "_")


def _advice(meant: str) -> str:
    return meant[1:] if meant[0] == ":" else f"write `{meant}`"
