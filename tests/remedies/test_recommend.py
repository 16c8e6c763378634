"""What is recommended, held against brute force: every change of one or two places, made and planned from scratch."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import jsonschema
from brute_force import State
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import inventories
from support import ROOT, inventory_of

from gwplan.checks import check
from gwplan.failures.sweep import sweep
from gwplan.inventory.load import load
from gwplan.inventory.model import Inventory
from gwplan.planning.plan import plan
from gwplan.remedies.changes import changed, limited
from gwplan.remedies.measure import measure, measure_limits
from gwplan.remedies.places import extents_of
from gwplan.remedies.problems import Problem
from gwplan.remedies.recommend import BeforeAfter, Recommendation, recommend
from gwplan.render.formats import RECOMMENDATION
from gwplan.render.output_schema import output_schema
from gwplan.render.things import Recommended

AVAILABILITY = ("failing", "loss")


def is_gone(problem: Problem, before: State, after: State) -> bool:
    return not after.has(problem.id, problem.keys, before)


def measured(inventory: Inventory, strategy: str) -> tuple[Any, ...]:
    """What an effect tells, by the commands that people have for it."""
    made, swept = plan(inventory, strategy=strategy), sweep(inventory, strategy=strategy)
    peaks = [swept.peak, *(result.peak for result in swept.results)]
    return (
        len(swept.single_points),
        made.summary["failed"],
        made.summary["blocked"],
        max((peak[1] for peak in peaks if peak is not None), default=0.0),
        sum(decision.wan_hops > 0 for decision in made.decisions),
        len(check(made)),
    )


def told(effect: BeforeAfter) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """Before and after."""
    pairs = (
        effect.single_points_of_failure, effect.failed, effect.blocked, effect.worst_share, effect.wan_decisions,
        effect.findings,
    )  # fmt: skip
    return tuple(pair[0] for pair in pairs), tuple(pair[1] for pair in pairs)


def effects(found: Recommendation) -> list[tuple[Any, BeforeAfter]]:
    each = [(one.changes, one.effect) for one in found.suggestions]
    if found.smallest_set and found.smallest_effect:
        each.append((found.smallest_set.changes, found.smallest_effect))
    return each


@settings(max_examples=settings().max_examples // 6)
@given(inventories(), st.sampled_from(("nearest", "spread")))
def test_before_and_after_are_what_resolve_sweep_and_validate_say(data: dict[str, Any], strategy: str) -> None:
    inventory = inventory_of(data)
    found = recommend(inventory, strategy=strategy, top=3)
    now = measured(inventory, strategy)

    for changes, effect in effects(found):
        assert told(effect) == (now, measured(changed(inventory, changes), strategy))


@settings(max_examples=settings().max_examples // 6)
@given(inventories(), st.integers(1, 3), st.sampled_from(("nearest", "spread")))
def test_other_limits_come_to_what_a_sweep_of_the_changed_inventory_says(
    data: dict[str, Any], limit: int, strategy: str
) -> None:
    inventory = inventory_of(data)
    extents = {name for whole in inventory.scale_out_repositories.values() for name in extents_of(whole)}
    names = [name for name in inventory.repositories if name not in extents]
    lower = changed(inventory, limited(inventory, dict.fromkeys(names, limit)))
    made, whole = measure_limits(measure(inventory, strategy), lower), measure(lower, strategy)

    assert made.numbers == whole.numbers
    assert made.worst == whole.worst
    assert made.findings == whole.findings
    assert {name: effect.result for name, effect in made.effects.items()} == {
        name: effect.result for name, effect in whole.effects.items()
    }


@settings(max_examples=settings().max_examples // 6)
@given(inventories())
def test_no_suggestion_does_harm(data: dict[str, Any]) -> None:
    inventory = inventory_of(data)
    before = State(inventory)
    found = recommend(inventory)

    for changes, _ in effects(found):
        after = State(changed(inventory, changes))
        assert not before.is_harmed_by(after)
    for one in found.suggestions:
        after = State(changed(inventory, one.changes))
        gone = {p.id for p in found.problems if p.kind in AVAILABILITY and is_gone(p, before, after)}
        assert {name for name in one.removes if name.partition(":")[0] in AVAILABILITY} == gone


@settings(max_examples=settings().max_examples // 6)
@given(inventories())
def test_no_part_of_a_suggestion_does_the_same(data: dict[str, Any]) -> None:
    inventory = inventory_of(data)
    before = State(inventory)
    found = recommend(inventory, kinds=AVAILABILITY)
    ids = [problem.id for problem in found.problems]

    for one in found.suggestions:
        for change in one.changes if len(one.changes) > 1 else ():
            rest = [other for other in one.changes if other is not change]
            if any(other.kind == "server" for other in one.changes):
                continue
            after = State(changed(inventory, rest))
            gone = {p.id for p in found.problems if is_gone(p, before, after)}
            assert not gone >= set(one.removes), (ids, one)


@given(inventories())
def test_problems_are_what_fails_hangs_and_carries_too_much(data: dict[str, Any]) -> None:
    inventory = inventory_of(data)
    found = recommend(inventory, only=["zone"])
    made, swept = plan(inventory), sweep(inventory)
    of_kind = Counter(problem.kind for problem in found.problems)
    failed = sum(p.decisions for p in found.problems if p.kind == "failing")

    assert [p.element for p in found.problems if p.kind == "loss"] == [*swept.single_points]
    assert made.summary["failed"] <= failed <= made.summary["failed"] + made.summary["blocked"]
    assert of_kind["overload"] >= len([load for load in made.gateways if load.at_once > load.slots])


def test_the_document_has_the_keys_of_the_contract() -> None:
    found = recommend(load(str(ROOT / "inventories" / "two-sites.yaml")))
    document = json.loads("".join(RECOMMENDATION["json"].write(Recommended(found, AVAILABILITY))))

    jsonschema.validate(document, output_schema("recommendation"))
    assert [*document["problems"][0]] == ["id", "kind", "element", "jobs", "decisions", "helped", "why"]
    assert [*document["summary"]] == ["problems", "helped", "suggestions", "changes_tried"]
