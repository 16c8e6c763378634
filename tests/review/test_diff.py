"""Verdicts, classes of changes, single points and effects: one small estate and what edits of it come to."""

from __future__ import annotations

from typing import Any

import pytest
from support import inventory_of, merged

import gwplan
from gwplan.checks import check
from gwplan.review.diff import Diff, diff, upgrade

BASE: dict[str, Any] = {
    "backup_server": "vbr",
    "servers": {name: {"os": "windows"} for name in ("vbr", "g1", "g2", "p1", "p2", "spare")},
    "proxies": {"p1": {"type": "vmware", "max_concurrent_tasks": 8}, "p2": {"type": "vmware", "enabled": False}},
    "repositories": {
        "near": {"type": "smb", "gateway_servers": ["g1", "g2"], "max_concurrent_tasks": 4},
        "far": {"type": "smb", "gateway_servers": ["g2", "g1"], "max_concurrent_tasks": 4},
        "win": {"type": "windows", "server": "spare", "max_concurrent_tasks": 4},
    },
    "workloads": {"app": {"platform": "vmware"}, "pc": {"platform": "agent", "count": 2}},
    "jobs": {
        "daily": {"type": "backup", "workloads": ["app"], "repository": "near"},
        "copy": {"type": "backup_copy", "source_jobs": ["daily"], "repository": "far"},
    },
}


def compared(change: dict[str, Any], base: dict[str, Any] | None = None, **asked: Any) -> Diff:
    return diff(inventory_of(merged(BASE, base or {})), inventory_of(merged(merged(BASE, base or {}), change)), **asked)


def classes(found: Diff, job: str | None = None) -> set[tuple[str, str]]:
    return {(c.decision.job, c.change) for c in found.changes if job in (None, c.decision.job)}


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        ({}, "same"),
        ({"servers": {"g1": {"description": "old"}}}, "same"),
        ({"servers": {"g1": {"os": "hyperv"}}}, "same"),
        ({"servers": {"g1": {"cores": 8}}}, "changed"),
        ({"jobs": {"daily": {"enabled": False}, "copy": None}}, "changed"),
        ({"repositories": {"near": {"gateway_servers": ["g1"]}}}, "worse"),
        ({"servers": {"g1": {"status": "offline"}, "g2": {"status": "offline"}}}, "worse"),
        ({"jobs": {"pcs": {"type": "agent_backup", "workloads": ["pc"], "repository": "win"}}}, "changed"),
    ],
)
def test_the_verdict(change: dict[str, Any], verdict: str) -> None:
    assert compared(change).verdict == verdict


def test_what_comes_back_is_better_and_the_loss_of_a_source_alone_is_not_worse() -> None:
    down = {"servers": {"g1": {"status": "offline"}, "g2": {"status": "offline"}}}
    up = {"servers": {"g1": {"status": "online"}, "g2": {"status": "online"}}}
    assert (compared(down).verdict, compared(up, down).verdict) == ("worse", "better")
    assert classes(compared(up, down)) >= {("daily", "restored"), ("copy", "restored")}

    tape = {"tape_servers": {"spare": {}},
            "jobs": {"tape": {"type": "tape", "source_repository": "win", "tape_server": "g1"},
                     "pcs": {"type": "agent_backup", "workloads": ["pc"], "repository": "win"}}}  # fmt: skip
    found = compared({"repositories": {"win": {"status": "offline"}}, "jobs": {"pcs": {"enabled": False}}},
                     merged(tape, {"jobs": {"tape": {"tape_server": "spare"}}}), single_points=False)  # fmt: skip
    assert {c.after.reason for c in found.of("blocked") if c.after} == {"source_down"}
    assert found.verdict == "changed"


def test_what_appears_without_a_server_is_lost_and_listed_once() -> None:
    base = {"servers": {"g1": {"status": "offline"}, "g2": {"status": "offline"}}}
    found = compared({"jobs": {"pcs": {"type": "agent_backup", "workloads": ["pc"], "repository": "near"}}}, base)

    assert classes(found) == {("pcs", "lost")}
    assert all(change.before is None for change in found.changes)
    assert (found.summary["lost"], found.summary["appeared"], found.verdict) == (4, 0, "worse")


def test_another_target_is_moved_though_its_server_could_still_serve() -> None:
    found = compared({"jobs": {"daily": {"repository": "far"}, "copy": {"repository": "near"}}})

    assert classes(found, "daily") == {("daily", "moved")}


def test_another_reader_is_moved_where_the_first_may_read_no_more_and_else_spread() -> None:
    gone = compared({"proxies": {"p1": {"enabled": False}, "p2": {"enabled": True}}})
    spread = compared({"proxies": {"p1": {"transport_mode": "network"}}}, {"proxies": {"p2": {"enabled": True}}})

    assert classes(gone, "daily") == {("daily", "moved")}
    assert classes(spread, "daily") == {("daily", "rebalanced")}
    (change,) = [c for c in spread.changes if c.decision.operation == "data" and c.decision.job == "daily"]
    assert change.before is not None and change.after is not None
    assert (change.before.gateway, change.after.gateway) == ("g1", "g1")
    assert (change.before.proxy, change.after.proxy) == ("p1", "p2")


def test_a_machine_that_drops_out_of_a_whole_task_and_comes_back_is_held_against_it() -> None:
    base = {
        "sites": {"s": {}, "t": {}},
        "servers": {name: {"site": "s"} for name in BASE["servers"]},
        "repositories": {"far": {"site": "s"}, "near": {"site": "s", "per_machine": False}},
        "workloads": {"app": {"site": "s"}, "pc": {"site": "s"}, "two": {"platform": "vmware", "site": "s"}},
        "jobs": {"daily": {"workloads": ["app", "two"]}, "copy": None},
    }
    away, home = ({"workloads": {"two": {"site": site}}} for site in ("t", "s"))

    assert classes(compared(away, base)) == {("daily", "blocked")}
    assert classes(compared(home, merged(base, away))) == {("daily", "restored")}


def test_a_single_point_of_what_is_new_is_not_new() -> None:
    only = {"repositories": {"one": {"type": "smb", "gateway_servers": ["spare"], "max_concurrent_tasks": 2}},
            "jobs": {"pcs": {"type": "agent_backup", "workloads": ["pc"], "repository": "one"}}}  # fmt: skip
    found = compared(only, {"repositories": {"win": None}})

    assert "server:spare" in gwplan.sweep(found.after.inventory).single_points
    assert (found.points_new, found.points_gone) == ((), ())
    back = diff(found.after.inventory, found.before.inventory)
    assert (back.points_new, back.points_gone) == ((), ())


def test_effects_of_edits_that_need_each_other() -> None:
    """A list with a new server, a job with a new machine, a server that goes with the list that named it."""
    found = compared(
        {
            "servers": {"new": {"os": "linux"}, "g2": None, "idle": {"os": "linux"}, "spare": {"cores": 8}},
            "repositories": {"near": {"gateway_servers": ["g1", "new"]}, "far": {"gateway_servers": ["g1"]}},
            "workloads": {"db": {"platform": "vmware"}},
            "jobs": {"nightly": {"type": "backup", "workloads": ["db"], "repository": "win"}},
        }
    )
    effects = {f"{edit.kind} {edit.name}": effect for edit, effect in zip(found.edits, found.effects, strict=True)}

    assert effects == {
        "server g2": True, "server idle": False, "server new": False, "server spare": False,
        "repository far": True, "repository near": True, "workload db": False, "job nightly": True,
    }  # fmt: skip


def test_a_finding_in_other_words_is_no_effect() -> None:
    """Findings are matched by code and subject, too: 5 GiB are as few as 6."""
    base = {
        "servers": {"g1": {"memory": "5 GiB", "max_gateway_tasks": 8}},
        "workloads": {"app": {"count": 9}},
        "repositories": {"near": {"gateway_servers": ["g1"], "max_concurrent_tasks": 30}},
    }
    found = compared({"servers": {"g1": {"memory": "6 GiB"}, "spare": {"cores": 9}}}, base)
    told = [[f.message for f in check(made) if f.code == "GW090"] for made in (found.before, found.after)]

    assert told == [[f"g1 has {n} GiB and takes 17 disks at once, which needs 21 GiB"] for n in (5, 6)]
    assert (found.verdict, found.effects) == ("same", (False, False))


def test_a_list_in_another_order_has_no_effect() -> None:
    turned = {"repositories": {"near": {"gateway_servers": ["g2", "g1"]}, "far": {"gateway_servers": ["g1", "g2"]}}}

    assert (compared(turned).verdict, compared(turned).effects) == ("same", (False, False))


def test_a_failure_domain_has_the_effect_that_its_loss_has() -> None:
    domains = {"failure_domains": {"rack": ["g1", "g2"], "row": ["spare"]}}
    found = compared(domains, {"jobs": {"copy": None}})

    assert (found.verdict, found.points_new) == ("worse", ("failure_domain:rack",))
    assert [(e.name, effect) for e, effect in zip(found.edits, found.effects, strict=True)] == [
        ("rack", True), ("row", False),
    ]  # fmt: skip


def test_a_thing_that_another_of_its_name_replaces_is_one_change() -> None:
    """What is removed and added under one name is laid on together: the night sees who bears the name."""
    base = {"servers": {"g1": {"id": "1"}, "spare": {"id": "2"}, "vbr": {"description": "x"}}}
    other = {"servers": {"g1": {"id": "3"}, "spare": {"id": "4", "cores": 8}, "vbr": {"description": "y"}}}
    alike, slower = compared(other, base), compared(merged(other, {"servers": {"g1": {"cores": 4}}}), base)

    def effects(found: Diff) -> list[tuple[str, str, bool | None]]:
        return [(e.name, e.change, effect) for e, effect in zip(found.edits, found.effects, strict=True)]

    assert (alike.verdict, slower.verdict) == ("same", "changed")
    both = [("spare", "added", False), ("spare", "removed", False), ("vbr", "changed", False)]
    assert effects(alike) == [("g1", "added", False), ("g1", "removed", False), *both]
    assert effects(slower) == [("g1", "added", True), ("g1", "removed", True), *both]


def test_beyond_twenty_edits_nobody_is_asked() -> None:
    def described(number: int) -> dict[str, Any]:
        return {"workloads": {f"w{n}": {"platform": "vmware", "description": "x" if n < number else None}
                              for n in range(30)}}  # fmt: skip

    asked, not_asked = (compared(described(number), described(0)).effects for number in (20, 21))
    assert (asked, not_asked) == ((False,) * 20, (None,) * 21)


def test_an_upgrade_edits_nothing() -> None:
    inventory = inventory_of(merged(BASE, {"product_version": "12", "servers": {"g1": {"os": "linux"}}}))
    found = upgrade(inventory, "13")

    assert (found.edits, found.before.product_version, found.after.product_version) == ((), "12", "13")
    assert found.verdict == "better"
    assert upgrade(inventory, "12.1").verdict == "same"


def test_what_is_down_is_down_on_both_sides() -> None:
    found = compared({"servers": {"new": {"os": "linux"}}}, down=["g1", "new"])

    assert (found.before.down, found.after.down) == (("server:g1",), ("server:g1", "server:new"))
    with pytest.raises(gwplan.UsageError) as raised:
        compared({}, down="nobody")
    assert str(raised.value) == "nothing is called 'nobody'"
