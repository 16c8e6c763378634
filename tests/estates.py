"""Random estates so small that every change of one or two places can be tried, with something of all that may help."""

from __future__ import annotations

from random import Random
from typing import Any


def estate(seed: int, servers: int = 4) -> dict[str, Any]:
    """Plain data; every reference resolves."""
    draw = Random(seed)
    sites = ["a", "b", "c"][: draw.choice((1, 2, 2, 2, 3))]
    names = ["vbr", *(f"m{i}" for i in range(1, servers))]
    data: dict[str, Any] = {
        "backup_server": "vbr",
        "product_version": draw.choice(("12", "13", "13")),
        "sites": {name: {} for name in sites},
        "servers": {name: _server(draw, name, sites) for name in names},
        "proxies": {name: {"type": "vmware"} for name in draw.sample(names, draw.choice((1, 2)))},
        "repositories": {f"r{i}": _repository(draw, names, sites) for i in range(draw.choice((1, 2, 2)))},
        "workloads": {
            "vm": {"platform": "vmware", "site": draw.choice(sites), "count": draw.choice((1, 2))},
            "pc": {"platform": "agent", "site": draw.choice(sites)},
        },
    }
    data["links"] = {
        f"l{at}": {"between": pair, "kind": draw.choice(("lan", "wan", "wan"))}
        for at, pair in enumerate((["a", "b"], ["b", "c"], ["a", "c"]))
        if {*pair} <= {*sites} and draw.random() < 0.9
    }
    if draw.random() < 0.5:
        slots = draw.sample(("windows", "linux"), draw.choice((1, 2)))
        data["default_mount_servers"] = {slot: draw.choice(names) for slot in slots}
    if draw.random() < 0.4:
        data["failure_domains"] = {"rack": draw.sample(names[1:], 2)}
    if any(entry.get("protocol") == "fc" for entry in data["repositories"].values()) and draw.random() < 0.8:
        data["fabrics"] = {"fab": [*draw.sample(names, draw.choice((1, 2))), *data["repositories"]]}
    targets = [*data["repositories"]]
    if draw.random() < 0.3:
        targets = _scaled_out(draw, data)
    data["jobs"] = _jobs(draw, data, targets)
    if draw.random() < 0.3 and "scale_out_repositories" not in data:
        _join(draw, data)
    return data


def _scaled_out(draw: Random, data: dict[str, Any]) -> list[str]:
    """Extents among which load chooses, now and then with a capacity tier; the names that jobs write to."""
    repositories = data["repositories"]
    tier: dict[str, Any] = {name: {} for name, entry in repositories.items() if entry["type"] != "object_storage"}
    if not tier:
        return [*repositories]
    if draw.random() < 0.3:
        tier[draw.choice([*tier])] = {"holds": ["vm"]}
    whole: dict[str, Any] = {"performance_tier": tier}
    others = [name for name in repositories if name not in tier]
    if others and draw.random() < 0.7:
        whole["capacity_tier"] = others
        others = []
    if draw.random() < 0.3:
        whole["full_when_extent_offline"] = True
    data["scale_out_repositories"] = {"whole": whole}
    return ["whole", *others]


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
    kind = draw.choice(("smb", "smb", "nfs", "data_domain", "data_domain", "object_storage", "windows"))
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


def _jobs(draw: Random, data: dict[str, Any], targets: list[str]) -> dict[str, Any]:
    proxies = [*data["proxies"]]
    listed = draw.choice(("auto", [draw.choice(proxies)]))
    jobs: dict[str, Any] = {
        "vms": {"type": "backup", "workloads": ["vm"], "repository": draw.choice(targets), "proxies": listed},
        "pcs": {"type": "agent_backup", "workloads": ["pc"], "repository": draw.choice(targets)},
        "copy": {"type": "backup_copy", "source_jobs": ["vms"], "repository": draw.choice(targets)},
        "drill": {"type": "restore", "source_jobs": ["vms"], "proxies": listed},
    }
    found = {name: job for name, job in jobs.items() if name == "vms" or draw.random() < 0.5}
    if "copy" in found and draw.random() < 0.4:
        found["again"] = {"type": "backup_copy", "source_jobs": ["copy"], "repository": draw.choice(targets)}
    if "copy" in found and draw.random() < 0.3:
        data["wan_accelerators"] = {name: {} for name in draw.sample([*data["servers"]], 2)}
        source, target = data["wan_accelerators"]
        found["copy"]["wan_accelerators"] = {"source": source, "target": target}
    return found
