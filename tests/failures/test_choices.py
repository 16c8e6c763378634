"""Sweeps of estates where chains have a choice of extents are exact, too: told without serving everybody again, they
are what planning from scratch says."""

from __future__ import annotations

from typing import Any

from choices import estates
from hypothesis import given, settings
from hypothesis import strategies as st
from scratch import from_scratch, pairs_from_scratch
from support import inventory_of

from gwplan.failures.sweep import elements_of, sweep
from gwplan.planning.plan import plan

EXAMPLES = settings().max_examples


@settings(max_examples=EXAMPLES // 4)
@given(estates(), st.sampled_from(("nearest", "spread")))
def test_of_every_single_loss(data: dict[str, Any], strategy: str) -> None:
    inventory = inventory_of(data)
    before = plan(inventory, strategy=strategy)
    found = {result.down: result for result in sweep(inventory, strategy=strategy).results}

    assert found == {
        (f"{kind}:{name}",): from_scratch(before, [f"{kind}:{name}"])
        for kind, name in elements_of(inventory)
    }


@settings(max_examples=EXAMPLES // 20)
@given(estates())
def test_of_every_pair(data: dict[str, Any]) -> None:
    inventory = inventory_of(data)

    assert {result.down: result for result in sweep(inventory, order=2).results} == pairs_from_scratch(inventory)
