"""What is alike is asked once: the rules of jobs that ask the same, and the chains of losses that answer the same."""

from __future__ import annotations

from typing import Any

import pytest
from support import inventory_of

from gwplan.failures.loss import Loss
from gwplan.failures.survey import survey
from gwplan.network import Element

EXTENTS = 4


def estate(jobs: int) -> dict[str, Any]:
    """Jobs that differ in nothing but their machines, on extents that have a gateway and a site each."""
    extents = [f"r{n}" for n in range(EXTENTS)]
    return {
        "backup_server": "vbr",
        "sites": {"s": {}, **{f"s{n}": {} for n in range(EXTENTS)}},
        "links": {f"l{n}": {"between": ["s", f"s{n}"]} for n in range(EXTENTS)},
        "servers": {"vbr": {"os": "windows", "site": "s"}}
        | {f"gw{n}": {"os": "linux", "site": f"s{n}"} for n in range(EXTENTS)},
        "repositories": {
            f"r{n}": {"type": "smb", "site": f"s{n}", "gateway_servers": [f"gw{n}"]} for n in range(EXTENTS)
        },
        "scale_out_repositories": {"whole": {"performance_tier": extents}},
        "failure_domains": {"rack": ["gw1"]},
        "workloads": {f"pcs{n}": {"platform": "agent", "site": "s", "count": 5} for n in range(jobs)},
        "jobs": {
            f"j{n}": {"type": "agent_backup", "workloads": [f"pcs{n}"], "repository": "whole"} for n in range(jobs)
        }
        | {f"copy{n}": {"type": "backup_copy", "source_jobs": [f"j{n}"], "repository": "whole"} for n in range(jobs)},
    }


@pytest.mark.parametrize("element", [("server", "gw1"), ("site", "s1"), ("link", "l1"), ("server", "vbr")])
def test_a_loss_asks_the_rules_no_more_of_many_alike_jobs_than_of_a_few(element: Element) -> None:
    def asked(jobs: int) -> tuple[int, int]:
        base = survey(inventory_of(estate(jobs)), "nearest")
        loss = Loss(base, frozenset({element}))
        loss.result()
        return len(base.kinds), len(loss.world.alike)

    assert asked(12) == asked(6)


def test_chains_are_placed_once_for_all_losses_that_answer_alike() -> None:
    base = survey(inventory_of(estate(3)), "nearest")
    gateway, rack, other = (
        Loss(base, frozenset({element}))
        for element in (("server", "gw1"), ("failure_domain", "rack"), ("server", "gw2"))
    )

    assert gateway.placed["whole"] is rack.placed["whole"]
    assert gateway.placed["whole"] is not other.placed["whole"]
    assert gateway.replaced == {f"{kind}{n}" for kind in ("j", "copy") for n in range(3)}
