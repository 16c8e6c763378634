"""What holds of any two inventories: a diff is what two plans, two reports and two sweeps say, and turns around."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import inventories
from support import inventory_of, merged

from gwplan.checks import check
from gwplan.failures.compare import what_if
from gwplan.failures.sweep import sweep
from gwplan.findings import Finding, InventoryError
from gwplan.inventory.load import load_sources
from gwplan.inventory.model import Inventory
from gwplan.planning.plan import Plan, plan
from gwplan.planning.trace import BAD
from gwplan.review.diff import Diff, diff

FEWER = settings(max_examples=settings().max_examples // 2)
State = tuple[Any, ...]


@st.composite
def edited(draw: Any) -> tuple[Inventory, Inventory]:
    """Two inventories, of which the second is the first after one to three edits."""
    data = draw(inventories(scale_out=draw(st.booleans())))
    old = new = inventory_of(data)
    for _ in range(draw(st.integers(1, 3))):
        changed = merged(data, draw(_edit(data)))
        try:
            new = inventory_of(changed)
        except InventoryError:
            continue
        data = changed
    return old, new if new is not old else inventory_of(data)


def _edit(data: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    names = list(data["servers"])
    some = st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True)
    one = st.sampled_from
    edits: list[st.SearchStrategy[dict[str, Any]]] = [
        st.builds(lambda name, value: {"servers": {name: {"status": value}}}, one(names), one(("online", "offline"))),
        st.builds(lambda name, value: {"servers": {name: {"cores": value}}}, one(names), st.integers(1, 8)),
        st.builds(lambda name: {"servers": {name: None}}, one(names)),
        st.builds(lambda name, listed: {"repositories": {name: {"gateway_servers": listed}}},
                  one(list(data["repositories"])), some),
        st.builds(lambda name: {"repositories": {name: {"per_machine": False}}}, one(list(data["repositories"]))),
        st.builds(lambda site: {"servers": {"new": {"os": "linux", "site": site}}}, one(list(data["sites"]))),
        st.builds(lambda text: {"servers": {"vbr": {"description": text}}}, one(("a", "b"))),
        st.just({"product_version": "13@2026-03-03"}),
    ]  # fmt: skip
    if data["jobs"]:
        edits.append(st.builds(lambda name: {"jobs": {name: None}}, one(list(data["jobs"]))))
        edits.append(st.builds(lambda name: {"jobs": {name: {"enabled": False}}}, one(list(data["jobs"]))))
    if data["proxies"]:
        edits.append(st.builds(lambda name: {"proxies": {name: None}}, one(list(data["proxies"]))))
    return st.one_of(edits)


def states(made: Plan) -> dict[tuple[str, ...], State]:
    return {
        d.key: (d.outcome, d.reason, d.gateway, d.proxy, d.data_mover, d.repository) for d in made.decisions
    }


def said(findings: tuple[Finding, ...]) -> Counter[tuple[Any, ...]]:
    return Counter((f.code, f.subject, f.message) for f in findings)


def alike(findings: tuple[Finding, ...]) -> Counter[tuple[Any, ...]]:
    return Counter((f.code, f.subject) for f in findings)


@given(edited())
def test_a_diff_is_what_two_plans_say(pair: tuple[Inventory, Inventory]) -> None:
    old, new = pair
    found = diff(old, new, single_points=False)
    before, after = plan(found.before.inventory), plan(new)
    was, now = states(before), states(after)
    told = {change.decision.key for change in found.changes}
    bad = {key for states in (was, now) for key, state in states.items() if state[0] in BAD}

    assert told - bad == {key for key in was.keys() | now.keys() if was.get(key) != now.get(key)} - bad
    for change in found.changes:
        key = change.decision.key
        assert change.after is None or now[key] == states(after)[key]
        served_before, served_after = (s.get(key, ("",))[0] not in BAD for s in (was, now))
        if change.change in ("lost", "blocked"):
            assert not served_after
            assert key not in was or served_before or change.before.key != key  # type: ignore[union-attr]
        assert (change.change == "appeared") == (change.before is None and served_after)
        assert (change.change == "gone") == (change.after is None)
    assert {(load.server, load.tasks_before, load.tasks_after) for load in found.loads} >= {
        (server, tasks(before, server), tasks(after, server))
        for server in new.servers
        if tasks(before, server) != tasks(after, server)
    }


def tasks(made: Plan, server: str) -> int:
    return next((load.tasks for load in made.gateways if load.server == server), 0)


@given(edited())
def test_a_diff_is_what_two_reports_say(pair: tuple[Inventory, Inventory]) -> None:
    old, new = pair
    found = diff(old, new, single_points=False)
    before, after = check(plan(found.before.inventory)), check(plan(new))
    appeared, fixed = said(after) - said(before), said(before) - said(after)

    assert said(found.findings_new) <= appeared
    assert said(found.findings_fixed) <= fixed
    assert alike(found.findings_new) == alike(after) - alike(before)
    assert alike(found.findings_fixed) == alike(before) - alike(after)


@FEWER
@given(edited())
def test_a_diff_is_what_two_sweeps_say(pair: tuple[Inventory, Inventory]) -> None:
    old, new = pair
    found = diff(old, new)
    before, after = sweep(found.before.inventory), sweep(new)
    served = {d.key for d in before.base.plan.decisions if d.outcome not in BAD}
    new_points = set(after.single_points) - set(before.single_points)
    stopping = {
        point
        for point in new_points
        if any(
            c.decision.key in served
            for c in what_if(after.base.plan, down=[point]).changes
            if c.change in ("lost", "blocked") and (c.after is None or c.after.reason != "source_down")
        )
    }

    assert set(found.points_new) == stopping


@FEWER
@given(edited())
def test_a_diff_turns_around(pair: tuple[Inventory, Inventory]) -> None:
    old, new = pair
    there, back = diff(old, new), diff(new, old)
    undone = {
        "lost": {"restored", "gone"}, "blocked": {"restored", "gone"}, "restored": {"lost", "blocked"},
        "moved": {"moved", "rebalanced"}, "rebalanced": {"moved", "rebalanced"}, "appeared": {"gone"},
        "gone": {"appeared", "lost", "blocked"},
    }  # fmt: skip
    ours = {change.decision.key: change.change for change in there.changes}
    theirs = {change.decision.key: change.change for change in back.changes}

    if not any(edit.change == "renamed" for edit in (*there.edits, *back.edits)):
        assert all(theirs[key] in undone[change] for key, change in ours.items() if key in theirs)
        assert (there.points_new, there.points_gone) == (back.points_gone, back.points_new)
        assert alike(there.findings_new) == alike(back.findings_fixed)
        turned = [(load.server, load.tasks_after, load.tasks_before) for load in back.loads]
        assert [load[:3] for load in there.loads] == turned
        opposite = {"added": "removed", "removed": "added", "changed": "changed"}
        assert [(e.kind, e.name, opposite[e.change]) for e in there.edits] == [
            (e.kind, e.name, e.change) for e in back.edits
        ]
    assert (there.verdict == "same") == (back.verdict == "same")


@given(edited())
def test_nothing_edited_is_the_same(pair: tuple[Inventory, Inventory]) -> None:
    again = load_sources(pair[0].text)
    found = diff(pair[0], again, single_points=False)

    assert (found.verdict, found.edits, found.differs) == ("same", (), False)


@FEWER
@given(edited())
def test_an_effect_is_what_the_edit_alone_does(pair: tuple[Inventory, Inventory]) -> None:
    """Laid over the old inventory by itself, where it can stand by itself."""
    old, new = pair
    found = diff(old, new)
    if len(found.edits) < 2 or any(edit.change == "renamed" for edit in found.edits):
        return
    for edit, effect in zip(found.edits, found.effects, strict=True):
        alone = by_itself(old, new, edit.kind, edit.name, gone=edit.change == "removed")
        if alone is not None:
            assert diff(old, alone).differs == effect, edit


def by_itself(old: Inventory, new: Inventory, kind: str, name: str, *, gone: bool) -> Inventory | None:
    from gwplan.inventory.form import SECTION_OF

    try:
        if kind == "inventory":
            return old.changed(**{name: getattr(new, name)})
        section = SECTION_OF[kind]
        return old.changed(**{section: {name: None if gone else new.sections[section][name]}})
    except InventoryError:
        return None


@given(inventories(scale_out=False), st.data())
def test_a_loss_laid_on_as_a_status_is_what_a_whatif_says(data: dict[str, Any], more: st.DataObject) -> None:
    """A server that goes offline is the server down, where nothing else stands on it."""
    server = more.draw(st.sampled_from(sorted(data["servers"])))
    old, new = inventory_of(data), inventory_of(merged(data, {"servers": {server: {"status": "offline"}}}))
    if old.servers[server].status != "online":
        return
    lost = what_if(plan(old), down=[f"server:{server}"])
    found = diff(old, new, single_points=False)

    for kind in ("lost", "blocked", "restored"):
        assert keys(found, kind) == {change.decision.key for change in lost.of(kind)}
    assert {change.decision.key for change in lost.of("moved")} <= keys(found, "moved")


def keys(found: Diff, kind: str) -> set[tuple[str, ...]]:
    return {change.decision.key for change in found.of(kind)}
