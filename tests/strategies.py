"""Random inventories, small and sound, with something of everything that a plan can meet."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

OS = ("windows", "linux", "hyperv")
KINDS = ("smb", "nfs", "data_domain", "storeonce", "object_storage", "windows", "hardened", "exagrid", "cloud")


def _some(draw: Any, names: list[str], least: int = 1, most: int = 3) -> list[str]:
    return draw(st.lists(st.sampled_from(names), min_size=least, max_size=most, unique=True))


@st.composite
def inventories(draw: Any, *, scale_out: bool = True) -> dict[str, Any]:
    """An inventory as plain data; every reference resolves."""
    sites = [f"s{i}" for i in range(draw(st.integers(1, 3)))]
    servers = {"vbr": {"os": "windows", "site": sites[0]}}
    for i in range(draw(st.integers(3, 7))):
        servers[f"m{i}"] = {
            "os": draw(st.sampled_from(OS)),
            "site": draw(st.sampled_from(sites)),
            "status": draw(st.sampled_from(("online",) * 5 + ("offline", "maintenance"))),
            "managed": draw(st.sampled_from((True,) * 6 + (False,))),
            **({"cores": draw(st.integers(1, 4))} if draw(st.booleans()) else {}),
            **({"appliance": "software"} if draw(st.integers(0, 5)) == 0 else {}),
        }
    names = list(servers)
    links = {
        f"l{i}": {"between": draw(st.permutations(sites))[:2], "kind": draw(st.sampled_from(("lan", "wan")))}
        for i in range(draw(st.integers(0, 3)) if len(sites) > 1 else 0)
    }
    repositories = {f"r{i}": _repository(draw, names, sites) for i in range(draw(st.integers(2, 5)))}
    data: dict[str, Any] = {
        "backup_server": "vbr",
        "product_version": draw(st.sampled_from(("12", "13", "13"))),
        "sites": {name: {} for name in sites},
        "links": links,
        "servers": servers,
        "proxies": {
            name: {
                "type": draw(st.sampled_from(("vmware", "vmware", "hyperv_off_host", "general_purpose"))),
                "max_concurrent_tasks": draw(st.integers(1, 4)),
            }
            for name in _some(draw, names, 1, 4)
        },
        "wan_accelerators": {name: {} for name in _some(draw, names, 2, 2)},
        "tape_servers": {name: {} for name in _some(draw, names, 1, 1)},
        "repositories": repositories,
        "workloads": {
            "vm": {"platform": "vmware", "site": draw(st.sampled_from(sites)), "disks": 2, "count": 3},
            "sql": {"platform": "vmware", "site": draw(st.sampled_from(sites))},
            "hv": {"platform": "hyperv", "host": _some(draw, names, 1, 2)},
            "share": {"platform": "file_share", "site": draw(st.sampled_from(sites))},
            "pc": {"platform": "agent", "site": draw(st.sampled_from(sites)), "count": 2},
            "ora": {"platform": "plugin", "site": draw(st.sampled_from(sites))},
        },
    }
    if draw(st.booleans()):
        data["clusters"] = {"cl": _some(draw, names, 2, 3)}
        hosts = draw(st.sampled_from(("cl", [names[-1], "cl"])))
        data["workloads"]["hv"] = {"platform": "hyperv", "host": hosts, "count": 3}
    if draw(st.booleans()):
        data["default_mount_servers"] = {"windows": draw(st.sampled_from(names)), "linux": draw(st.sampled_from(names))}
    if draw(st.booleans()):
        data["fabrics"] = {"fab": [*_some(draw, names), *_some(draw, list(repositories))]}
    if draw(st.booleans()):
        data["failure_domains"] = {"rack": _some(draw, names)}
    targets = list(repositories)
    if scale_out and draw(st.booleans()):
        extents = _some(draw, targets, 1, 2)
        data["scale_out_repositories"] = {
            "whole": {
                "performance_tier": {extents[0]: {"holds": ["sql"]}, **{name: {} for name in extents[1:]}},
                "full_when_extent_offline": draw(st.booleans()),
                "per_machine": draw(st.booleans()),
            }
        }
        objects = [name for name, entry in repositories.items() if entry["type"] == "object_storage"]
        capacity = [name for name in objects if name not in extents]
        if capacity and draw(st.booleans()):
            data["scale_out_repositories"]["whole"]["capacity_tier"] = capacity
        targets = ["whole", *(name for name in targets if name not in extents)]
    data["jobs"] = _jobs(draw, data, targets)
    return data


def _repository(draw: Any, names: list[str], sites: list[str]) -> dict[str, Any]:
    kind = draw(st.sampled_from(KINDS))
    entry: dict[str, Any] = {"type": kind}
    if kind in ("windows", "hardened"):
        return {**entry, "server": draw(st.sampled_from(names))}
    entry["site"] = draw(st.sampled_from(sites))
    entry["status"] = draw(st.sampled_from(("online",) * 6 + ("sealed", "offline", "maintenance")))
    if draw(st.booleans()):
        entry["gateway_servers"] = _some(draw, names)
    if draw(st.booleans()):
        entry["mount_server"] = draw(st.sampled_from(names))
    if draw(st.integers(0, 3)) == 0:
        entry["accessible_from"] = _some(draw, [*names, *sites], 1, 4)
    if kind == "object_storage":
        entry["connection"] = draw(st.sampled_from(("direct", "gateway")))
    if kind in ("data_domain", "storeonce"):
        entry["protocol"] = draw(st.sampled_from(("ip", "ip", "fc")))
        entry["source_side_dedup"] = draw(st.booleans())
    if kind == "nfs":
        entry["nfs"] = {"squash": draw(st.sampled_from(("all_squash", "root_squash"))),
                        "security": draw(st.sampled_from(("sys", "krb5p")))}  # fmt: skip
    if draw(st.integers(0, 2)) == 0:
        entry["per_machine"] = False
    return entry


def _jobs(draw: Any, data: dict[str, Any], targets: list[str]) -> dict[str, Any]:
    target = st.sampled_from(targets)
    proxies = st.one_of(st.just("auto"), st.just(list(data["proxies"])[:1]))
    accelerators = list(data["wan_accelerators"])
    jobs: dict[str, Any] = {
        "vms": {"type": "backup", "workloads": ["vm", "sql"], "repository": draw(target), "proxies": draw(proxies)},
        "more": {"type": "backup", "workloads": ["sql", "vm-02"], "repository": draw(target), "priority": "high"},
        "hv": {"type": "backup", "workloads": ["hv"], "repository": draw(target),
               "mode": draw(st.sampled_from(("on_host", "off_host"))), "off_host_failover": draw(st.booleans())},
        "files": {"type": "file_backup", "workloads": ["share"], "repository": draw(target)},
        "pcs": {"type": "agent_backup", "workloads": ["pc"], "repository": draw(target)},
        "ora": {"type": "plugin_backup", "workloads": ["ora"], "repository": draw(target), "plugin": "mssql"},
        "copy": {"type": "backup_copy", "source_jobs": ["vms"], "repository": draw(target)},
        "copy2": {"type": "backup_copy", "source_repository": draw(target), "repository": draw(target)},
        "tape": {"type": "tape", "source_jobs": ["vms", "copy"], "tape_server": next(iter(data["tape_servers"]))},
        "drill": {"type": "restore", "source_jobs": ["vms"], "proxies": draw(proxies)},
        "replica": {"type": "replication_from_backup", "source_jobs": ["hv"]},
        "move": {"type": draw(st.sampled_from(("move_backup", "copy_backup"))), "source_repository": draw(target),
                 "repository": draw(target)},
    }  # fmt: skip
    if draw(st.booleans()):
        jobs["copy"]["wan_accelerators"] = {"source": accelerators[0], "target": accelerators[1]}
    if "clusters" in data and draw(st.booleans()):
        jobs["replica"]["target_host"] = "cl"
    return jobs


def losses(data: dict[str, Any]) -> st.SearchStrategy[list[str]]:
    """Names of things that can be down, one or two at a time."""
    sections = {
        "server": "servers", "site": "sites", "link": "links", "fabric": "fabrics", "repository": "repositories",
        "failure_domain": "failure_domains", "proxy": "proxies", "wan_accelerator": "wan_accelerators",
        "tape_server": "tape_servers",
    }  # fmt: skip
    names = [f"{kind}:{name}" for kind, section in sections.items() for name in data.get(section, {})]
    return st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True)
