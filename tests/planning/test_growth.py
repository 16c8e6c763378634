"""An estate twice as large is at most two and a half times the work to plan or to check, counted in lines run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from growing import MOST, lines_run
from support import inventory_of

from gwplan.checks import capacity
from gwplan.checks.view import View
from gwplan.planning.plan import plan

Data = dict[str, Any]


def ring_of_sites(size: int) -> Data:
    """Each site has its own repository, gateway, proxy, machine and job."""
    sites = [f"site-{n:03d}" for n in range(size)]
    here = {name: sites[n] for n in range(size) for name in (f"gw-{n:03d}", f"prx-{n:03d}")}
    return {
        "backup_server": "vbr",
        "sites": {site: {} for site in sites},
        "links": {f"l-{n:03d}": {"between": [sites[n - 1], sites[n]], "kind": "wan"} for n in range(size)},
        "servers": {
            "vbr": {"os": "windows", "site": sites[0]},
            **{name: {"os": "windows", "site": site} for name, site in here.items()},
        },
        "proxies": {f"prx-{n:03d}": {"type": "vmware"} for n in range(size)},
        "repositories": {
            f"smb-{n:03d}": {"type": "smb", "site": sites[n], "gateway_servers": [f"gw-{n:03d}"]} for n in range(size)
        },
        "workloads": {f"vm-{n:03d}": {"platform": "vmware", "site": sites[n]} for n in range(size)},
        "jobs": {
            f"job-{n:03d}": {"type": "backup", "workloads": [f"vm-{n:03d}"], "repository": f"smb-{n:03d}"}
            for n in range(size)
        },
    }


def scale_out(size: int) -> Data:
    """Jobs whose machines are placed on extents in turn, with gateways that extents have in common."""
    return {
        "backup_server": "vbr",
        "servers": {"vbr": {"os": "windows"}, **{f"gw-{n}": {"os": "windows", "cores": 4} for n in range(6)}},
        "proxies": {"vbr": {"type": "vmware"}},
        "repositories": {
            f"extent-{n}": {"type": "smb", "gateway_servers": [f"gw-{n}", f"gw-{n + 1}"]} for n in range(5)
        },
        "scale_out_repositories": {"whole": {"performance_tier": [f"extent-{n}" for n in range(5)]}},
        "workloads": {"vm": {"platform": "vmware", "count": 10 * size}},
        "jobs": {
            "daily": {"type": "backup", "workloads": ["vm"], "repository": "whole"},
            "copy": {"type": "backup_copy", "source_jobs": ["daily"], "repository": "whole"},
        },
    }


def chain_of_copies(size: int) -> Data:
    """Copies of copies, whose two sides share their gateways."""
    jobs: Data = {"job-000": {"type": "backup", "workloads": ["vm"], "repository": "smb-0"}}
    for n in range(1, size):
        source, target = f"job-{n - 1:03d}", f"smb-{n % 3}"
        jobs[f"job-{n:03d}"] = {"type": "backup_copy", "source_jobs": [source], "repository": target}
    return {
        "backup_server": "vbr",
        "servers": {"vbr": {"os": "windows"}, **{f"gw-{n}": {"os": "windows", "cores": 4} for n in range(4)}},
        "proxies": {"vbr": {"type": "vmware"}},
        "repositories": {f"smb-{n}": {"type": "smb", "gateway_servers": [f"gw-{n}", f"gw-{n + 1}"]} for n in range(3)},
        "workloads": {"vm": {"platform": "vmware", "count": 10}},
        "jobs": jobs,
    }


def overloaded_gateways(size: int) -> Data:
    """Each gateway is too small for what it has to take, which is a finding that names its repositories."""
    return {
        "backup_server": "vbr",
        "servers": {"vbr": {"os": "windows"}, **{f"gw-{n:03d}": {"os": "windows", "cores": 2} for n in range(size)}},
        "proxies": {"vbr": {"type": "vmware"}},
        "repositories": {f"smb-{n:03d}": {"type": "smb", "gateway_servers": [f"gw-{n:03d}"]} for n in range(size)},
        "workloads": {f"vm-{n:03d}": {"platform": "vmware", "count": 9} for n in range(size)},
        "jobs": {
            f"job-{n:03d}": {"type": "backup", "workloads": [f"vm-{n:03d}"], "repository": f"smb-{n:03d}"}
            for n in range(size)
        },
    }


@pytest.mark.parametrize("estate", [ring_of_sites, scale_out, chain_of_copies])
def test_twice_the_estate_is_at_most_two_and_a_half_times_the_work(estate: Callable[[int], Data]) -> None:
    def work(size: int) -> int:
        loaded = inventory_of(estate(size))
        return lines_run(lambda: plan(loaded))

    work(2)  # what is imported and kept at first use

    assert work(120) <= MOST * work(60)


def test_twice_the_overloaded_gateways_are_at_most_two_and_a_half_times_the_work_to_check() -> None:
    def work(size: int) -> int:
        view = View(plan(inventory_of(overloaded_gateways(size))))
        return lines_run(lambda: [*capacity.gateway_oversubscribed(view)])

    work(2)

    assert work(400) <= MOST * work(200)
