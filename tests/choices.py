"""Random estates whose chains have a choice of extents, on networks of more sites and fabrics than two."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st


@st.composite
def estates(draw: Any) -> dict[str, Any]:
    """An inventory as plain data: extents that share gateways or do not, copies of copies, offloads, held chains."""
    sites = [f"s{i}" for i in range(draw(st.integers(1, 6)))]
    site = st.sampled_from(sites)
    links = {f"l{i}": {"between": [sites[draw(st.integers(0, i - 1))], sites[i]], "kind": draw(_KIND)}
             for i in range(1, len(sites)) if draw(st.integers(0, 7))}  # fmt: skip
    for i in range(draw(st.integers(0, 2)) if len(sites) > 1 else 0):
        links[f"more{i}"] = {"between": draw(st.permutations(sites))[:2], "kind": draw(_KIND)}
    names = ["vbr", *(f"m{i}" for i in range(draw(st.integers(2, 6))))]
    servers: dict[str, Any] = {
        name: {"os": draw(st.sampled_from(("windows", "windows", "linux"))), "site": draw(site),
               "max_gateway_tasks": draw(st.integers(1, 4))}
        for name in names
    }  # fmt: skip
    some = st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True)
    extents = [f"r{i}" for i in range(draw(st.integers(3, 7)))]
    repositories = {name: _extent(draw, names, site, some) for name in extents}
    repositories |= {
        f"obj{i}": {"type": "object_storage", "connection": draw(st.sampled_from(("direct", "gateway"))),
                    "site": draw(site)} for i in range(2)
    }  # fmt: skip
    at = draw(st.integers(1, len(extents)))
    whole = {"one": extents[:at], "two": extents[at:]}
    scale_out = {name: _scale_out(draw, held) for name, held in whole.items() if held}
    if draw(st.booleans()):
        scale_out["one"]["capacity_tier"] = ["obj0", "obj1"]
    data: dict[str, Any] = {
        "backup_server": "vbr",
        "sites": {name: {} for name in sites},
        "links": links,
        "servers": servers,
        "proxies": {name: {"type": "vmware", "max_concurrent_tasks": draw(st.integers(1, 3))} for name in draw(some)},
        "repositories": repositories,
        "scale_out_repositories": scale_out,
        "workloads": {
            f"{kind}{i}": {"platform": kind, "site": draw(site), "count": draw(st.integers(2, 5))}
            for kind in ("vmware", "agent") for i in range(2)
        },
    }  # fmt: skip
    if draw(st.booleans()):
        member = st.sampled_from([*names, *extents])
        data["fabrics"] = {
            f"f{i}": draw(st.lists(member, min_size=2, max_size=5, unique=True)) for i in range(draw(st.integers(1, 3)))
        }
    if draw(st.integers(0, 2)) == 0:
        data["failure_domains"] = {"rack": draw(some)}
    data["jobs"] = _jobs(draw, [*scale_out, "r0", "obj0"][: len(scale_out) + draw(st.integers(0, 1))], extents)
    return data


_KIND = st.sampled_from(("lan", "wan"))


def _extent(draw: Any, names: list[str], site: Any, some: Any) -> dict[str, Any]:
    kind = draw(st.sampled_from(("smb", "smb", "nfs", "data_domain", "windows")))
    entry: dict[str, Any] = {"type": kind, "free": f"{draw(st.integers(1, 3))} TiB"}
    if draw(st.booleans()):
        entry["max_concurrent_tasks"] = draw(st.integers(1, 3))
    if kind == "windows":
        return entry | {"server": draw(st.sampled_from(names))}
    entry["site"] = draw(site)
    entry["status"] = draw(st.sampled_from(("online",) * 8 + ("sealed", "offline")))
    if draw(st.integers(0, 3)):
        entry["gateway_servers"] = draw(some)
    else:
        entry["mount_server"] = draw(st.sampled_from(names))
    if kind == "data_domain":
        entry |= {"protocol": draw(st.sampled_from(("ip", "fc"))), "source_side_dedup": draw(st.booleans())}
    return entry


def _scale_out(draw: Any, extents: list[str]) -> dict[str, Any]:
    holding = draw(st.sampled_from(([], [], ["vmware0-01"], ["vmware1", "agent0-02"])))
    tier: dict[str, Any] = {name: {} for name in extents}
    tier[extents[0]] = {"holds": holding} if holding else {}
    return {
        "performance_tier": tier,
        "full_when_extent_offline": draw(st.booleans()),
        "per_machine": draw(st.integers(0, 3)) > 0,
    }


def _jobs(draw: Any, targets: list[str], extents: list[str]) -> dict[str, Any]:
    target, synthetic = st.sampled_from(targets), st.booleans()
    jobs: dict[str, Any] = {
        "vms": {"type": "backup", "workloads": ["vmware0", "vmware1"], "synthetic": draw(synthetic)},
        "more": {"type": "backup", "workloads": ["vmware1", "vmware0"], "synthetic": draw(synthetic)},
        "pcs": {"type": "agent_backup", "workloads": ["agent0"], "synthetic": draw(synthetic)},
        "laptops": {"type": "agent_backup", "workloads": ["agent1", "agent0"], "enabled": draw(st.booleans())},
        "copy": {"type": "backup_copy", "source_jobs": ["vms"], "synthetic": draw(synthetic)},
        "again": {"type": "backup_copy", "source_jobs": ["copy", "pcs"]},
        "mirror": {"type": "backup_copy", "source_repository": draw(st.sampled_from([*targets, *extents]))},
    }
    for name in [*jobs]:
        jobs[name]["repository"] = draw(target)
    jobs["tape"] = {"type": "restore", "source_jobs": ["vms", "copy"]} if draw(st.booleans()) else {
        "type": "restore", "source_jobs": ["pcs"]}  # fmt: skip
    return {name: job for name, job in jobs.items() if name in ("vms", "pcs", "copy") or draw(st.integers(0, 3))}
