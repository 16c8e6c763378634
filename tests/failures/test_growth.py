"""Twice the estate costs a sweep at most 2.5 times the work, along axes that a loss touches little of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from growing import MEASURES, MOST
from support import inventory_of

from gwplan.failures.aftermath import Aftermaths
from gwplan.failures.loss import Loss
from gwplan.failures.survey import Survey, survey
from gwplan.failures.sweep import elements_of
from gwplan.network import Element

SMALL, LARGE = 16, 32
Estate = dict[str, Any]


def estate(size: int, sites: int, **more: Any) -> Estate:
    """As many gateways, shares and jobs, which stand in sites in turn; each share has two gateways."""
    return {
        "backup_server": "vbr",
        "sites": {f"s{n}": {} for n in range(sites)},
        "servers": {"vbr": {"os": "windows", "site": "s0"}}
        | {f"gw{n}": {"os": "linux", "site": f"s{n % sites}"} for n in range(size)},
        "repositories": {
            f"r{n}": {"type": "data_domain", "site": f"s{n % sites}", "gateway_servers": [f"gw{n}", f"gw{n ^ 1}"]}
            for n in range(size)
        },
        "workloads": {f"pc{n}": {"platform": "agent", "site": f"s{n % sites}"} for n in range(size)},
        "jobs": {
            f"j{n}": {"type": "agent_backup", "workloads": [f"pc{n}"], "repository": f"r{n}"} for n in range(size)
        },
        **more,
    }


def fabrics(size: int) -> Estate:
    """Each appliance in a fabric with its gateways."""
    made = estate(size, 1, fabrics={f"f{n}": [f"r{n}", f"gw{n}", f"gw{n ^ 1}"] for n in range(size)})
    for entry in made["repositories"].values():
        entry["protocol"] = "fc"
    return made


def star_of_sites(size: int) -> Estate:
    """Each loss of a link cuts one site off."""
    return estate(size, size, links={f"l{n}": {"between": ["s0", f"s{n}"], "kind": "wan"} for n in range(1, size)})


def star_with_proxies(size: int) -> Estate:
    """Any of very many proxies may read any machine, and each loss takes one of them."""
    made = star_of_sites(size)
    made["servers"] |= {f"gw{n}": {"os": "windows", "site": f"s{n}"} for n in range(size)}
    made["proxies"] = {f"gw{n}": {"type": "vmware"} for n in range(size)}
    for n in range(size):
        made["repositories"][f"r{n}"] = {"type": "smb", "site": f"s{n}", "gateway_servers": [f"gw{n}"]}
        made["workloads"][f"pc{n}"]["platform"] = "vmware"
        made["jobs"][f"j{n}"]["type"] = "backup"
    return made


def tiers(size: int) -> Estate:
    """Each loss of a gateway moves the chains of one scale-out repository of two extents."""
    made = estate(size, 1)
    for n in range(size):
        made["repositories"][f"r{n}"]["gateway_servers"] = [f"gw{n}"]
    made["scale_out_repositories"] = {
        f"whole{n}": {"performance_tier": [f"r{n}", f"r{n + 1}"]} for n in range(0, size, 2)
    }
    for n in range(size):
        made["jobs"][f"j{n}"]["repository"] = f"whole{n & ~1}"
    return made


def result_of(base: Survey) -> Callable[[Element], object]:
    return lambda element: Loss(base, frozenset({element})).result()


def aftermath_of(base: Survey) -> Callable[[Element], object]:
    aftermaths = Aftermaths(base)
    return lambda element: aftermaths.of([element])


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize(
    ("asking", "shape"),
    [(result_of, shape) for shape in (fabrics, star_of_sites, star_with_proxies, tiers)]
    + [(aftermath_of, shape) for shape in (fabrics, star_of_sites, tiers)],
)
def test_of_all_single_losses(
    asking: Callable[[Survey], Callable[[Element], object]],
    shape: Callable[[int], Estate],
    measure: Callable[[Any], int],
) -> None:
    def swept(size: int) -> int:
        inventory = inventory_of(shape(size))
        ask = asking(survey(inventory, "nearest"))
        losses = [element for element in elements_of(inventory) if element not in (("server", "vbr"), ("site", "s0"))]

        def lose() -> None:  # but for what takes everything, and is asked of everything
            for element in losses:
                ask(element)

        return measure(lose)

    assert swept(LARGE) <= MOST * swept(SMALL)
