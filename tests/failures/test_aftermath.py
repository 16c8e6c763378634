"""The aftermath of a loss says what planning without it says: whole changes, loads and what fails at once."""

from __future__ import annotations

from collections import Counter

import hypothesis.strategies as st
import pytest
from hypothesis import given
from strategies import inventories, losses
from support import ROOT, inventory_of

import gwplan
from gwplan.failures.aftermath import Aftermath, Aftermaths
from gwplan.failures.all_waves import AllWaves
from gwplan.failures.compare import CHANGES, WhatIf, mover, what_if
from gwplan.failures.loss import Loss
from gwplan.failures.survey import survey
from gwplan.failures.sweep import SWEPT, elements_of
from gwplan.inventory.model import Inventory
from gwplan.network import elements
from gwplan.planning.decision import Decision
from gwplan.planning.plan import plan
from gwplan.planning.trace import BAD

SHIPPED = ("small", "two-sites", "fibre-channel", "object-storage", "scale-out", "pharmax-lab")


def who(decision: Decision | None) -> str:
    if decision is None:
        return ""
    return decision.reason or "" if decision.outcome in BAD else mover(decision)


def same(found: Aftermath, asked: WhatIf) -> None:
    """Holds one against the other."""
    for change in CHANGES:
        steps = Counter((c.decision.job, c.decision.operation, who(c.before), who(c.after)) for c in asked.of(change))
        assert found.steps.get(change, Counter()) == steps, change
    shares = {load.server: load.share for load in asked.after.gateways}
    changed = [load for load in asked.loads if load.tasks_before != load.tasks_after]
    assert [(load.server, load.tasks_before, load.tasks_after, load.slots) for load in found.loads] == [
        tuple(load) for load in changed
    ]
    for load in found.loads:
        assert load.share_after == shares.get(load.server, 0)
    declared = {job: number for job, number in found.failing.items() if asked.is_declared(job)}
    assert declared == dict(asked.failing)
    assert [job for job in found.failing if job not in declared] == asked.failing_operations


def all_of(inventory: Inventory, strategy: str) -> None:
    before, told = plan(inventory, strategy=strategy), Aftermaths(survey(inventory, strategy))
    for element in elements_of(inventory):
        same(told.of({element}), what_if(before, down=[":".join(element)]))


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("strategy", ["nearest", "spread"])
def test_of_every_loss_in_the_shipped_inventories(name: str, strategy: str) -> None:
    all_of(gwplan.load(ROOT / "inventories" / f"{name}.yaml"), strategy)


@given(inventories(), st.data(), st.sampled_from(["nearest", "spread"]))
def test_of_random_losses(data: dict[str, object], more: st.DataObject, strategy: str) -> None:
    inventory = inventory_of(data)
    down = [name for name in more.draw(losses(data)) if name.partition(":")[0] in SWEPT]
    before = plan(inventory, strategy=strategy)

    found = Aftermaths(survey(inventory, strategy)).of(elements(inventory, down))

    same(found, what_if(before, down=down))


def test_a_job_that_finds_no_other_load_is_not_served_again() -> None:
    inventory = inventory_of({
        "backup_server": "vbr",
        "servers": {name: {"os": "windows"} for name in ("vbr", "p1", "p2", "a1", "a2", "b1", "b2")},
        "proxies": {"p1": {"type": "vmware"}, "p2": {"type": "vmware"}},
        "repositories": {
            "ra": {"type": "smb", "gateway_servers": ["a1", "a2"]},
            "rb": {"type": "smb", "gateway_servers": ["b1", "b2"]},
        },
        "workloads": {"vm": {"platform": "vmware", "count": 5}},
        "jobs": {
            "ja": {"type": "backup", "repository": "ra", "workloads": ["vm"]},
            "jb": {"type": "backup", "repository": "rb", "workloads": ["vm"]},
        },
    })  # fmt: skip
    base = survey(inventory, "nearest")

    again = AllWaves(base).after(Loss(base, elements(inventory, ["a1"])))

    assert {work.name for work in again.works} == {"ja", "health_check:ra", "rescan:ra"}
