"""From Python: values show themselves in a line, turn into plain data, and survive pickle and copy."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable

import pytest
from support import ROOT, inventory_of

import gwplan
from gwplan.planning.plan import plan

SMALL = str(ROOT / "inventories" / "small.yaml")


def test_a_text_is_one_name() -> None:
    inventory = gwplan.load(SMALL)

    assert gwplan.plan(inventory, down="gw01") == gwplan.plan(inventory, down=["gw01"])
    assert gwplan.whatif(inventory, "gw01").after.down == ("server:gw01",)


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (lambda i: gwplan.plan(i, down="gw1"), "nothing is called 'gw1'; did you mean 'gw01'?"),
        (lambda i: gwplan.plan(i, down=[7]), "7 is no name: names are texts, such as 'gw01' or 'site:paris'"),
        (lambda i: gwplan.plan(i, strategy="near"), "there is no strategy 'near'; there are nearest and spread"),
        (lambda i: gwplan.sweep(i, strategy="near"), "there is no strategy 'near'; there are nearest and spread"),
        (
            lambda i: gwplan.plan(i, edition="9"),
            "the rules of version '9' are not known; those of \"12\", \"13\", \"13@2026-03-03\" are, and of their "
            "builds",
        ),
        (
            lambda i: gwplan.plan(i, edition="13.x"),
            "the rules of version '13.x' are not known; those of \"12\", \"13\", \"13@2026-03-03\" are, and of their "
            "builds",
        ),
        (
            lambda i: gwplan.explain(i, "sql01", operation="restore", side="source"),
            "no job decides such a thing about sql01; leave --operation restore --side source out",
        ),
        (
            lambda i: gwplan.sweep(i, over=["disk"]),
            "'disk' is no kind of what is swept: server, site, link, fabric, failure_domain",
        ),
        (
            lambda i: gwplan.recommend(i, kinds=["spof"]),
            "'spof' is no kind of problem: failing, loss, overload, wan",
        ),
        (
            lambda i: gwplan.recommend(i, only=["disk"]),
            "'disk' is no kind of change: list, mount, proxy, limit, zone, server",
        ),
        (lambda i: gwplan.sweep(i, order=3), "order 3 is not examined: 1 loses each element, 2 each pair"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(ask: Callable[[gwplan.Inventory], object], told: str) -> None:
    with pytest.raises(gwplan.UsageError) as caught:
        ask(gwplan.load(SMALL))

    assert str(caught.value) == told


def test_a_path_is_no_inventory() -> None:
    with pytest.raises(TypeError, match=r"as `gwplan\.load` reads it, not a str"):
        gwplan.plan(SMALL)  # type: ignore[arg-type]


def test_a_machine_is_explained_by_all_its_jobs() -> None:
    found = gwplan.explain(gwplan.load(SMALL), "web-03")

    assert {decision.job for decision in found} == {"vm-daily", "vm-copy"}
    assert all("web-03" in decision.workloads and decision.tiers() for decision in found)


def test_representations_are_one_line_and_tables_are_escaped() -> None:
    inventory = gwplan.load(SMALL)
    made, swept = gwplan.plan(inventory, down="gw02"), gwplan.sweep(inventory)
    lost = gwplan.whatif(inventory, "gw02")

    assert repr(inventory) == (
        "<Inventory of vbr01, version 13: servers 6, proxies 1, repositories 3, workloads 4, jobs 4>"
    )
    assert repr(made) == "<Plan, nearest, down: server:gw02: 48 decisions, 47 assigned, 1 none_needed>"
    assert repr(swept) == "<Sweep, order 1: 6 losses, 4 single points of failure>"
    changed = gwplan.diff(inventory, gwplan.load(str(ROOT / "inventories" / "small-edited.yaml")))

    assert repr(gwplan.check(inventory)[1]) == (
        f"<{SMALL}:19:3: warning[GW093] smb-paris has no task limit: every machine writes to it at once>"
    )
    assert repr(changed) == (
        "<Diff, worse: 19 moved, 2 findings_new, 1 single_points_new, 2 entries_changed, 2 entries_renamed>"
    )
    assert changed.verdict == "worse"
    assert repr(lost) == "<WhatIf, down: server:gw02: 11 moved; 5 running tasks fail>"
    assert all(value._repr_html_().startswith("<table>") for value in (inventory, made, swept, lost, changed))
    hostile = {"backup_server": "<b>", "servers": {"<b>": {"os": "windows"}}}
    assert "<b>" not in inventory_of(hostile)._repr_html_()


def test_plain_data_is_what_the_json_has() -> None:
    made = gwplan.plan(gwplan.load(SMALL))
    lost = gwplan.whatif(made.inventory, "gw01")
    values = [*made.decisions, *gwplan.check(made.inventory), *gwplan.sweep(made.inventory).results, *lost.changes]

    assert all(json.loads(json.dumps(value.to_dict())) == value.to_dict() for value in values)


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_each_list_is_a_data_frame_by_the_obvious_call(library: str) -> None:
    frames = pytest.importorskip(library)
    made = gwplan.plan(gwplan.load(SMALL))
    lost, found = gwplan.whatif(made.inventory, "gw01"), gwplan.sweep(made.inventory)

    for values in (made.decisions, gwplan.check(made.inventory), lost.changes, found.results):
        frame = frames.DataFrame([value.to_dict() for value in values])
        assert list(frame.columns) == list(values[0].to_dict())
        assert len(frame) == len(values)


@pytest.mark.parametrize("again", [lambda x: pickle.loads(pickle.dumps(x)), copy.copy, copy.deepcopy])
def test_values_survive(again: object) -> None:
    inventory = gwplan.load(SMALL)
    made = plan(inventory, down=["gw01"], trace={"vm-daily"})
    lost, found = gwplan.whatif(inventory, "gw01"), gwplan.sweep(inventory)
    for value in (inventory, made, made.decisions[0], gwplan.check(inventory)[0], lost, found):
        assert again(value) == value  # type: ignore[operator]
    assert again(made).down == made.down  # type: ignore[operator]
    assert again(found).single_points == found.single_points  # type: ignore[operator]


def test_an_inventory_error_has_places() -> None:
    with pytest.raises(gwplan.InventoryError) as caught:
        gwplan.load(str(ROOT / "tests" / "golden" / "unreadable.yaml"))
    assert f"{caught.value.findings[0].location}: {caught.value.findings[0].code}" in str(caught.value)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
