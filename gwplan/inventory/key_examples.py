"""One value of each key of the inventory format as people write it: for editors and for docs/inventory.md."""

from __future__ import annotations

from typing import Any

EXAMPLES: dict[str, Any] = {
    "description": "the old building",
    "tags": ["production", "tier-1"],
    "id": "6745a759-2205-4cd2-b172-8ec8f7e60ef8",
    # the top of the file
    "product_version": "13",
    "backup_server": "vbr01",
    "default_mount_servers": {"windows": "mnt01", "linux": "mnt02"},
    "sites": {"paris": {}, "lyon": {}},
    "links": {"mpls": {"between": ["paris", "lyon"], "latency": "12 ms"}},
    "fabrics": {"fab-a": ["gw01", "dd-paris"]},
    "failure_domains": {"rack-1": ["gw01", "nas-paris"]},
    "clusters": {"hv-paris": ["hv01", "hv02"]},
    "servers": {"gw01": {"os": "windows", "site": "paris"}},
    "proxies": {"prx01": {"type": "vmware"}},
    "wan_accelerators": {"wan-paris": {"server": "gw01"}},
    "tape_servers": {"tape01": {"server": "gw01"}},
    "repositories": {"smb-paris": {"type": "smb", "site": "paris"}},
    "scale_out_repositories": {"sobr": {"performance_tier": ["smb-paris", "smb-lyon"]}},
    "workloads": {"web": {"platform": "vmware", "site": "paris", "count": 40}},
    "jobs": {"vm-daily": {"type": "backup", "workloads": ["web"], "repository": "smb-paris"}},
    # entries
    "windows": "mnt01",
    "linux": "mnt02",
    "between": ["paris", "lyon"],
    "bandwidth": "1 Gbps",
    "latency": "12 ms",
    "site": "paris",
    "server": "gw01",
    "host": ["hv01", "hv02"],
    "os_version": "2022",
    "memory": "64 GiB",
    "size": "500 GiB",
    "free": "20 TiB",
    "block_size": "1 MiB",
    "version": "4.1",
    "nfs": {"squash": "all_squash"},
    "gateway_servers": ["gw01", "gw02"],
    "mount_server": "mnt01",
    "accessible_from": ["paris", "gw03"],
    "proxy_affinity": ["prx01"],
    "extents": ["s3-paris"],
    "performance_tier": ["smb-paris", "smb-lyon"],
    "capacity_tier": {"extents": ["s3-paris"], "move": True},
    "holds": ["web", "sql01"],
    "disks": 3,
    "count": 40,
    # jobs
    "workloads of a job": ["web", "sql01"],
    "repository": "smb-paris",
    "source_repository": "smb-paris",
    "source_jobs": ["vm-daily"],
    "proxies of a job": ["prx01", "prx02"],
    "target_proxies": ["prx03"],
    "target_site": "lyon",
    "target_host": "hv-lyon",
    "schedule": {"start": "22:00"},
    "wan_accelerators of a job": {"source": "wan-paris", "target": "wan-lyon"},
    "source": "wan-paris",
    "target": "wan-lyon",
    "tape_server": "tape01",
    "vendor_type": "EntraIDTenantBackup",
    "restore_points_between_fulls": 7,
    "retries": 3,
}


def example(model: str, key: str) -> Any:
    """A value of a key of a model; None where its type says enough."""
    of_a_job = None if model == "Document" else EXAMPLES.get(f"{key} of a job")
    return EXAMPLES.get(key) if of_a_job is None else of_a_job
