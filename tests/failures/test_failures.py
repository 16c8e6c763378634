"""What-ifs and sweeps: a diff of plans, and a shortcut that gives what planning from scratch gives."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scratch import bad, from_scratch, pairs_from_scratch, whatif
from strategies import inventories, losses
from support import ROOT, data_in, inventory_of, merged

from gwplan.failures.compare import CHANGES, what_if
from gwplan.failures.scenarios import run_scenarios, scenarios_of
from gwplan.failures.sweep import elements_of, sweep
from gwplan.findings import InventoryError, UsageError
from gwplan.inventory.load import load
from gwplan.inventory.source import Source
from gwplan.planning.plan import plan
from gwplan.planning.trace import BAD
from gwplan.render.formats import WHATIF
from gwplan.render.losses.sweep_text import sweep_blocks
from gwplan.render.losses.whatif_text import verdict_line
from gwplan.render.things import Changed, Swept

SMALL = ROOT / "inventories" / "small.yaml"
STRATEGY = st.sampled_from(("nearest", "spread"))


@given(inventories(), st.data(), STRATEGY)
def test_a_whatif_is_the_difference_of_two_plans(data: dict[str, Any], more: st.DataObject, strategy: str) -> None:
    inventory, down = inventory_of(data), more.draw(losses(data))
    found = whatif(inventory, down, strategy)
    before = bad(plan(inventory, strategy=strategy))
    told = {
        (c.decision.job, c.decision.operation, c.decision.side, machine)
        for c in found.changes
        if c.change in ("lost", "blocked")
        for machine in (c.decision.workloads or (c.decision.task,))
    }

    assert told - before == bad(plan(inventory, down=down, strategy=strategy)) - before


@given(inventories())
def test_nothing_lost_changes_nothing(data: dict[str, Any]) -> None:
    found = whatif(inventory_of(data), [])

    assert (found.changes, found.running) == ((), ())


@settings(max_examples=settings().max_examples * 5 // 12)
@given(inventories(), STRATEGY)
def test_a_sweep_gives_what_planning_from_scratch_gives(data: dict[str, Any], strategy: str) -> None:
    inventory = inventory_of(data)
    found = {result.down: result for result in sweep(inventory, strategy=strategy).results}
    before = plan(inventory, strategy=strategy)

    assert found == {
        (f"{kind}:{name}",): from_scratch(before, [f"{kind}:{name}"])
        for kind, name in elements_of(inventory)
    }


@settings(max_examples=settings().max_examples // 6)
@given(inventories())
def test_a_sweep_of_pairs_finds_every_pair_that_loses_what_neither_loses_alone(data: dict[str, Any]) -> None:
    inventory = inventory_of(data)
    found = sweep(inventory, order=2)
    count = found.elements

    assert {result.down: result for result in found.results} == pairs_from_scratch(inventory)
    assert found.examined == found.scenarios == count * (count - 1) // 2


def test_a_sweep_of_pairs_tells_how_far_it_is_with_the_single_losses_too() -> None:
    told: list[tuple[int, int]] = []
    sweep(load(str(SMALL)), order=2, progress=lambda done, of: told.append((done, of)))

    assert told == [*((done, 6) for done in range(1, 7)), *((done, 15) for done in range(1, 16))]


ESTATES = data_in(ROOT / "tests" / "cases" / "failures" / "sweeps.yaml")


@pytest.mark.parametrize("name", ESTATES)
def test_sweeps_of_estates_where_a_shortcut_is_tempting(name: str) -> None:
    told = ESTATES[name]
    inventory = inventory_of(told["inventory"])
    singles, pairs = sweep(inventory), sweep(inventory, order=2)
    found = {result.down: result for result in pairs.results}

    assert {result.down: result for result in singles.results} == {
        (f"{kind}:{name}",): from_scratch(plan(inventory), [f"{kind}:{name}"])
        for kind, name in elements_of(inventory)
    }
    assert found == pairs_from_scratch(inventory)
    assert set(map(tuple, told["pairs"])) <= set(found)


LOSSES = data_in(ROOT / "tests" / "cases" / "failures" / "losses.yaml")


@pytest.mark.parametrize("name", LOSSES)
def test_what_a_loss_does_now_and_at_the_next_start(name: str) -> None:
    told = LOSSES[name]
    changed = inventory_of(merged(told["inventory"], told.get("with", {})))
    found = what_if(plan(inventory_of(told["inventory"])), inventory=changed, down=told.get("down", []))

    assert found.failing == told.get("failing", {})
    assert found.failing_operations == told.get("operations", [])
    kinds = Counter(change.change for change in found.changes if change.change != "rebalanced")
    assert kinds == told.get("changes", {})
    assert sorted({c.after.gateway or "" for c in found.of("moved") if c.after}) == told.get("to", [])


@given(inventories(), inventories(), st.data())
def test_any_two_plans_can_be_compared(one: dict[str, Any], other: dict[str, Any], more: st.DataObject) -> None:
    """Entries are added, removed and changed between two inventories: no name is looked up where it is not."""
    found = what_if(plan(inventory_of(one)), inventory=inventory_of(other), down=more.draw(losses(other)))
    text = Changed(found, "", CHANGES, by_task=more.draw(st.booleans()), by_gateway=more.draw(st.booleans()))

    for form in WHATIF.values():
        assert list(form.write(text))
    assert {task[0] for task in found.running} <= {decision.job for decision in found.before.decisions}


@given(inventories(), st.data())
def test_an_overlay_may_remove_whatever_nothing_refers_to_any_more(data: dict[str, Any], more: st.DataObject) -> None:
    sections = ("servers", "repositories", "jobs", "proxies", "links", "sites", "workloads")
    names = [(section, name) for section in sections for name in data[section]]
    gone = more.draw(st.lists(st.sampled_from(names), min_size=1, max_size=4))
    overlay: dict[str, Any] = {"jobs": dict.fromkeys(data["jobs"]) if more.draw(st.booleans()) else {}}
    for section, name in gone:
        overlay.setdefault(section, {})[name] = None
    try:
        changed = inventory_of(merged(data, overlay))
    except InventoryError:
        return
    found = what_if(plan(inventory_of(data)), inventory=changed)

    assert not {decision.job for decision in found.after.decisions} & set(overlay["jobs"])


@given(inventories(), st.data())
def test_what_loses_its_gateway_fails_now(data: dict[str, Any], more: st.DataObject) -> None:
    """Both moments agree: who is cut off or down for the next start has failed whatever it served."""
    for entry in data["repositories"].values():
        entry.pop("protocol", None)  # over Fibre Channel the far side has a way of its own
    down = [name for name in more.draw(losses(data)) if name.partition(":")[0] in ("server", "site", "link")]
    found = whatif(inventory_of(data), down)
    moved = {(c.before.job, c.before.operation, c.before.task) for c in found.of("moved") if c.before}
    alone = {(d.job, d.operation, d.task) for d in found.before.decisions if d.outcome in BAD}

    assert moved - alone <= set(found.running)


@pytest.mark.parametrize(
    ("down", "line"),
    [
        ([], "nothing was asked: name a loss with --down, a return with --up, or a changed inventory with --with"),
        (["spare"], "nothing changes: no job is declared"),
        (
            ["gw"],
            "0 jobs lost, 0 blocked, 2 maintenance operations lost, 0 decisions moved, 0 decisions restored; "
            "0 running tasks of 0 jobs and 2 maintenance operations would fail",
        ),
    ],
)
def test_an_inventory_without_jobs_and_a_whatif_without_a_loss_are_told_in_words(down: list[str], line: str) -> None:
    inventory = inventory_of(
        {
            "backup_server": "vbr",
            "servers": {name: {"os": "windows"} for name in ("vbr", "gw", "spare")},
            "repositories": {"smb": {"type": "smb", "gateway_servers": ["gw"]}},
        }
    )

    assert verdict_line(whatif(inventory, down)) == line
    told = [str(block) for block in sweep_blocks(Swept(sweep(inventory), {}))]
    assert "no job is declared: a loss can hit maintenance operations only" in told


COPY = {
    "backup_server": "vbr",
    "servers": {name: {"os": "windows"} for name in ("vbr", "m")} | {"g": {"os": "windows", "status": "offline"}},
    "repositories": {
        "near": {"type": "smb", "gateway_servers": ["g"]},
        "far": {"type": "smb", "gateway_servers": ["m"]},
    },
    "workloads": {"pc": {"platform": "agent"}},
    "jobs": {
        "pcs": {"type": "agent_backup", "workloads": ["pc"], "repository": "near"},
        "copy": {"type": "backup_copy", "source_jobs": ["pcs"], "repository": "far", "synthetic": False},
    },
}


def test_a_task_with_a_side_that_is_not_served_does_not_run_and_cannot_fail() -> None:
    found = whatif(inventory_of(COPY), ["m"])

    assert sorted({job for job, _, _ in found.running}) == ["health_check:far", "rescan:far"]
    assert [str(change.decision) for change in found.of("lost") if change.decision.job == "copy"] == [
        "<copy/data/target/pc: no_eligible_server>"
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- {name: a, down: gw01, expect: {}}", "a scenario expects nothing, so it can never fail"),
        ("- {name: a, down: gw01, expect: {no_loss: false}}", "a scenario expects nothing, so it can never fail"),
        ("- {name: a, down: gw01, expect: safe}", "a scenario expects 'safe'"),
        ("- {name: a, expect: no_loss}", "a scenario has no `down`"),
        ("- {name: a, down: gw01, expect: [lost]}", "a scenario expects a list"),
        ("- {name: a, down: gw01, expect: {no_loss: maybe}}", "a scenario expects `no_loss` to be 'maybe'"),
        ("- {name: a, down: {server: gw01}, expect: no_loss}", "the `down` of a scenario is a mapping"),
    ],
)
def test_a_scenario_that_cannot_fail_or_makes_no_sense_is_refused(text: str, message: str) -> None:
    with pytest.raises(InventoryError) as raised:
        scenarios_of(Source("scenarios.yaml", text))

    assert [finding.message for finding in raised.value.findings] == [message]


def test_a_scenario_with_a_name_that_nothing_has_is_named() -> None:
    promised = scenarios_of(Source("scenarios.yaml", "- {name: patch night, down: gw1, expect: no_loss}"))

    with pytest.raises(UsageError) as raised:
        list(run_scenarios(load(str(SMALL)), promised, "nearest"))

    assert str(raised.value) == "scenario 'patch night': nothing is called 'gw1'; did you mean 'gw01'?"
