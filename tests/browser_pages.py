"""What tests in a browser share: inventories with a name of any kind or with many jobs, and where axe-core is."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

AXE = Path(os.environ.get("GWPLAN_CONSUMERS", Path.home() / ".cache/gwplan"), "node_modules/axe-core/axe.min.js")
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def estate_of(name: str) -> dict[str, Any]:
    """A little of everything, all of it called so as far as names may be shared."""
    return {
        "backup_server": "vbr",
        "sites": {name: {}},
        "servers": {"vbr": {"os": "windows", "site": name}, name: {"os": "windows", "site": name, "tags": [name]}},
        "proxies": {name: {"type": "vmware"}},
        "repositories": {f"{name[:250]} r": {"type": "smb", "site": name, "gateway_servers": [name]}},
        "workloads": {name: {"platform": "vmware", "site": name}},
        "jobs": {name: {"type": "backup", "repository": f"{name[:250]} r", "workloads": [name]}},
    }


def many_jobs(number: int) -> dict[str, Any]:
    """As many jobs of one machine each."""
    return {
        "backup_server": "vbr",
        "servers": {"vbr": {"os": "windows"}, "gw1": {"os": "windows"}, "gw2": {"os": "linux"}},
        "proxies": {"gw1": {"type": "vmware"}},
        "repositories": {"smb": {"type": "smb", "gateway_servers": ["gw1", "gw2"]}},
        "workloads": {f"vm{i}": {"platform": "vmware"} for i in range(number)},
        "jobs": {
            f"job-{i}": {"type": "backup", "repository": "smb", "workloads": [f"vm{i}"]} for i in range(number)
        },
    }
