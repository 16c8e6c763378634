"""Random estates so small that every change of one or two places can be tried, with something of all that may help."""

from __future__ import annotations

from random import Random
from typing import Any


def estate(seed: int, servers: int = 4) -> dict[str, Any]:
    """Plain data; every reference resolves."""
    draw = Random(seed)
    sites = ["a", "b"][: draw.choice((1, 2, 2))]
    names = ["vbr", *(f"m{i}" for i in range(1, servers))]
    data: dict[str, Any] = {
        "backup_server": "vbr",
        "product_version": draw.choice(("12", "13", "13")),
        "sites": {name: {} for name in sites},
        "servers": {name: _server(draw, name, sites) for name in names},
        "proxies": {name: {"type": "vmware"} for name in draw.sample(names, draw.choice((1, 2)))},
        "repositories": {f"r{i}": _repository(draw, names, sites) for i in range(draw.choice((1, 2)))},
        "workloads": {
            "vm": {"platform": "vmware", "site": draw.choice(sites), "count": draw.choice((1, 2))},
            "pc": {"platform": "agent", "site": draw.choice(sites)},
        },
    }
    if len(sites) == 2:
        data["links"] = {"l": {"between": sites, "kind": draw.choice(("lan", "wan", "wan"))}}
    if draw.random() < 0.5:
        slots = draw.sample(("windows", "linux"), draw.choice((1, 2)))
        data["default_mount_servers"] = {slot: draw.choice(names) for slot in slots}
    if draw.random() < 0.4:
        data["failure_domains"] = {"rack": draw.sample(names[1:], 2)}
    if any(entry.get("protocol") == "fc" for entry in data["repositories"].values()) and draw.random() < 0.8:
        data["fabrics"] = {"fab": [*draw.sample(names, draw.choice((1, 2))), *data["repositories"]]}
    data["jobs"] = _jobs(draw, data)
    if draw.random() < 0.3:
        _join(draw, data)
    return data


def _join(draw: Random, data: dict[str, Any]) -> None:
    """Let one task hold several machines, which may drop out one by one."""
    for entry in data["repositories"].values():
        if entry["type"] != "object_storage":
            entry["per_machine"] = False
    data["workloads"]["far"] = {"platform": "vmware", "site": [*data["sites"]][-1]}
    data["jobs"]["vms"]["workloads"] = ["vm", "far"]
    if draw.random() < 0.5:
        data["tape_servers"] = {"vbr": {}}
        data["jobs"]["tape"] = {"type": "tape", "source_jobs": ["vms"], "tape_server": "vbr"}


def _server(draw: Random, name: str, sites: list[str]) -> dict[str, Any]:
    up = name == "vbr" or draw.random() < 0.9
    return {
        "os": "windows" if name == "vbr" else draw.choice(("windows", "windows", "linux")),
        "site": sites[0] if name == "vbr" else draw.choice(sites),
        "status": "online" if up else "offline",
        **({"cores": draw.choice((1, 2))} if draw.random() < 0.5 else {}),
    }


def _repository(draw: Random, names: list[str], sites: list[str]) -> dict[str, Any]:
    kind = draw.choice(("smb", "smb", "nfs", "data_domain", "object_storage", "windows"))
    if kind == "windows":
        return {"type": kind, "server": draw.choice(names)}
    entry: dict[str, Any] = {"type": kind, "site": draw.choice(sites)}
    if draw.random() < 0.6:
        entry["gateway_servers"] = draw.sample(names, draw.choice((1, 1, 2)))
    if draw.random() < 0.4:
        entry["mount_server"] = draw.choice(names)
    if draw.random() < 0.2:
        entry["accessible_from"] = draw.sample([*names, *sites], 3)
    if kind == "data_domain":
        entry["protocol"] = draw.choice(("ip", "fc"))
    if kind == "object_storage":
        entry["connection"] = draw.choice(("direct", "gateway"))
    if kind == "nfs" and draw.random() < 0.4:
        entry["nfs"] = {"security": "krb5p"}
    if draw.random() < 0.2:
        entry["per_machine"] = False
    if draw.random() < 0.2:
        entry["max_concurrent_tasks"] = 2
    return entry


def _jobs(draw: Random, data: dict[str, Any]) -> dict[str, Any]:
    targets, proxies = [*data["repositories"]], [*data["proxies"]]
    listed = draw.choice(("auto", [draw.choice(proxies)]))
    jobs: dict[str, Any] = {
        "vms": {"type": "backup", "workloads": ["vm"], "repository": draw.choice(targets), "proxies": listed},
        "pcs": {"type": "agent_backup", "workloads": ["pc"], "repository": draw.choice(targets)},
        "copy": {"type": "backup_copy", "source_jobs": ["vms"], "repository": draw.choice(targets)},
        "drill": {"type": "restore", "source_jobs": ["vms"], "proxies": listed},
    }
    return {name: job for name, job in jobs.items() if name == "vms" or draw.random() < 0.5}
