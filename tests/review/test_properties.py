"""What holds of any two inventories: a diff is what two plans, two reports and two sweeps say, and turns around."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import FACTS, OS, inventories
from support import inventory_of, merged

from gwplan.checks import check
from gwplan.failures.compare import what_if
from gwplan.failures.differences import differences, load_changes
from gwplan.failures.sweep import sweep
from gwplan.findings import Finding, InventoryError
from gwplan.inventory.difference import difference
from gwplan.inventory.load import load_sources
from gwplan.inventory.model import Inventory
from gwplan.inventory.source import Source
from gwplan.planning.plan import Plan, plan
from gwplan.planning.trace import BAD
from gwplan.review.diff import Diff, diff
from gwplan.review.points import points_only_in
from gwplan.review.surely import Surely

FEWER = settings(max_examples=settings().max_examples // 2)
State = tuple[Any, ...]


@st.composite
def edited(draw: Any, most: int = 3) -> tuple[Inventory, Inventory]:
    """Two inventories, of which the second is the first after an edit, or a few."""
    data = draw(inventories(scale_out=draw(st.booleans())))
    old = new = inventory_of(data)
    for _ in range(draw(st.integers(1, most))):
        changed = merged(data, draw(_edit(data)))
        try:
            new = inventory_of(changed)
        except InventoryError:
            continue
        data = changed
    return old, new if new is not old else inventory_of(data)


def _edit(data: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """One entry of a section with another value of a key, a new entry, or one less."""
    names, sites = list(data["servers"]), list(data["sites"])
    one, number = st.sampled_from, st.integers(1, 8)
    some = st.lists(one(names), min_size=1, max_size=3, unique=True)
    values: dict[str, dict[str, st.SearchStrategy[Any]]] = {
        "servers": {
            "status": one(("online", "offline")), "cores": number, "memory": one(("8 GiB", "64 GiB")), "os": one(OS),
            "managed": st.booleans(), "max_gateway_tasks": number, "site": one(sites), "id": one(("1", "2")),
            "description": one(("a", "b")),
        },
        "links": {
            "latency": one(("1 ms", "90 ms")), "kind": one(("lan", "wan")), "bandwidth": one(("1 Gbps", "1 Mbps")),
        },
        "proxies": {
            "max_concurrent_tasks": number, "enabled": st.booleans(), "transport_mode": one(("auto", "network")),
        },
        "repositories": {
            "gateway_servers": some, "per_machine": st.just(False), "max_concurrent_tasks": number,
            "free": one(("1 GB", "2 TB")), "mount_server": one(names), "accessible_from": some,
            "status": one(("online", "offline", "sealed")),
        },
        "workloads": {"disks": number, "count": number, "size": one(("1 GB", "2 TB"))},
        "jobs": {
            "enabled": st.booleans(), "priority": one(("high", "normal")), "synthetic": st.booleans(),
            "schedule": one(({"start": "01:00"}, {"start": "23:00"})), "retention": number,
        },
        "failure_domains": {"": some},
        "fabrics": {"": some},
    }  # fmt: skip
    for section, keys in FACTS.items():
        values[section] = {key: one(told) for key, told in keys.items()} | values.get(section, {})
    edits: list[st.SearchStrategy[dict[str, Any]]] = [
        st.builds(lambda n, v, s=section, k=key: {s: {n: {k: v} if k else v}}, one(list(data[section])), value)
        for section, keys in values.items()
        if data.get(section)
        for key, value in keys.items()
    ]
    edits += [
        st.builds(lambda n, s=section: {s: {n: None}}, one(list(entries)))
        for section, entries in data.items()
        if isinstance(entries, dict) and entries and section != "sites"
    ]
    edits += [
        st.builds(lambda n, of: {"repositories": {n: {"gateway_servers": of}}}, st.just(name),
                  st.permutations(entry["gateway_servers"]))
        for name, entry in data["repositories"].items()
        if "gateway_servers" in entry
    ]  # fmt: skip
    edits += [
        st.builds(lambda site: {"servers": {"new": {"os": "linux", "site": site}}}, one(sites)),
        st.builds(lambda members: {"failure_domains": {"new": members}}, some),
        st.builds(lambda between: {"links": {"new": {"between": between[:2]}}}, st.permutations([*sites, "s0"])),
        st.builds(lambda kind: {"repositories": {"new": {"type": kind, "site": "s0"}}}, one(("smb", "nfs", "cloud"))),
        st.builds(lambda name: {"repositories": {"new": {"type": "windows", "server": name}}}, one(names)),
        st.builds(lambda name: {"wan_accelerators": {"new": {"server": name}}}, one(names)),
        st.builds(lambda name: {"proxies": {"new": {"type": "vmware", "server": name}}}, one(names)),
        st.builds(lambda name: {"default_mount_servers": {"windows": name}}, one(names)),
        st.just({"workloads": {"new": {"platform": "vmware", "site": "s0"}}}),
        st.just({"sites": {"new": {}}}),
        st.just({"product_version": "13@2026-03-03"}),
    ]
    return one(edits).flatmap(lambda edit: edit)


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

    assert (there.verdict == "same") == (back.verdict == "same")
    if any(edit.change == "renamed" for edit in (*there.edits, *back.edits)):
        return  # names that fall alike on one side are others on the other
    served = {change.decision.key for change in (*there.of("moved"), *there.of("rebalanced"))}
    assert served == {change.decision.key for change in (*back.of("moved"), *back.of("rebalanced"))}
    assert one_sided(there, "after") == one_sided(back, "before")
    assert one_sided(there, "before") == one_sided(back, "after")
    assert worse(there) == {change.decision.key for change in back.of("restored")} - whole_tasks(back)
    assert worse(back) == {change.decision.key for change in there.of("restored")} - whole_tasks(there)
    assert (there.points_new, there.points_gone) == (back.points_gone, back.points_new)
    assert alike(there.findings_new) == alike(back.findings_fixed)
    turned = [(load.server, load.tasks_after, load.tasks_before) for load in back.loads]
    assert [load[:3] for load in there.loads] == turned
    opposite = {"added": "removed", "removed": "added", "changed": "changed"}
    assert [(e.kind, e.name, opposite[e.change]) for e in there.edits] == [
        (e.kind, e.name, e.change) for e in back.edits
    ]


def one_sided(found: Diff, side: str) -> set[tuple[str, ...]]:
    """What only one side has, by its key: what appears or is gone, served or not."""
    other = "before" if side == "after" else "after"
    return {c.decision.key for c in found.changes if getattr(c, side) is not None and getattr(c, other) is None}


def worse(found: Diff) -> set[tuple[str, ...]]:
    """What was served under the very same key and is not."""
    bad = (*found.of("lost"), *found.of("blocked"))
    return {c.decision.key for c in bad if c.before is not None and c.before.key == c.decision.key}


def whole_tasks(found: Diff) -> set[tuple[str, ...]]:
    """What came back to a whole task, which has another key."""
    pairs = ((c.before, c.after) for c in found.of("restored"))
    return {after.key for before, after in pairs if before and after and before.key != after.key}


@given(edited())
def test_nothing_edited_is_the_same(pair: tuple[Inventory, Inventory]) -> None:
    again = load_sources(pair[0].text)
    found = diff(pair[0], again, single_points=False)

    assert (found.verdict, found.edits, found.differs) == ("same", (), False)


@given(inventories(), st.randoms(use_true_random=False))
def test_order_comments_and_quoting_change_nothing(data: dict[str, Any], chance: Random) -> None:
    old = inventory_of(data)
    text = written_otherwise({"gwplan": 1, **data}, chance)
    found = diff(old, load_sources((Source("case.yaml", text),)), single_points=False)

    assert (found.verdict, found.edits, found.differs) == ("same", (), False)


def written_otherwise(data: dict[str, Any], chance: Random) -> str:
    """The same inventory as another text: its entries and keys in another order, quoted anyhow, with remarks."""
    lines = []
    for section, entries in shuffled(data.items(), chance):
        if not isinstance(entries, dict) or not entries:
            lines.append(f"{quoted(section, chance)}: {flow(entries, chance)}")
            continue
        lines.append(f"{quoted(section, chance)}:   # {section}")
        for name, entry in shuffled(entries.items(), chance):
            lines += [f"  {quoted(name, chance)}: {flow(entry, chance)}", *chance.sample(("", "# a: remark"), 1)]
    return "\n".join(lines) + "\n"


def flow(value: Any, chance: Random) -> str:
    if isinstance(value, dict):
        pairs = (f"{quoted(key, chance)}: {flow(item, chance)}" for key, item in shuffled(value.items(), chance))
        return f"{{{', '.join(pairs)}}}"
    if isinstance(value, list):
        return f"[{', '.join(flow(item, chance) for item in value)}]"
    return quoted(value, chance) if isinstance(value, str) else json.dumps(value)


def quoted(text: str, chance: Random) -> str:
    plain = [text] if re.fullmatch("[a-z_]+[0-9]*", text) else []
    return chance.choice([f"'{text}'", json.dumps(text), *plain])


def shuffled(items: Iterable[Any], chance: Random) -> list[Any]:
    found = list(items)
    chance.shuffle(found)
    return found


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


LAID_ON: dict[str, tuple[str, dict[str, Any] | None]] = {
    "server": ("servers", {"status": "offline"}),
    "repository": ("repositories", {"status": "offline"}),
    "proxy": ("proxies", {"enabled": False}),
    "link": ("links", None),
}
"""Kinds of which a loss can be written down, and how."""


@given(inventories(scale_out=False), st.data())
def test_a_loss_that_is_written_down_is_what_a_whatif_says(data: dict[str, Any], more: st.DataObject) -> None:
    """With extents it is not: readers read where the plan with nothing down placed the chains."""
    kind, (section, loss) = more.draw(st.sampled_from([item for item in LAID_ON.items() if data[item[1][0]]]))
    name = more.draw(st.sampled_from(sorted(data[section])))
    old, new = inventory_of(data), inventory_of(merged(data, {section: {name: loss}}))
    if data[section][name].get("status", "online") != "online":
        return
    lost = what_if(plan(old), down=[f"{kind}:{name}"])
    found = diff(old, new, single_points=False)

    for change in ("lost", "blocked", "restored"):
        assert keys(found, change) == {one.decision.key for one in lost.of(change)}
    assert {one.decision.key for one in lost.of("moved")} <= keys(found, "moved")


def keys(found: Diff, kind: str) -> set[tuple[str, ...]]:
    return {change.decision.key for change in found.of(kind)}


@given(edited(most=1))
def test_what_is_sure_of_an_edit_is_so(pair: tuple[Inventory, Inventory]) -> None:
    """Without planning it or losing anything."""
    found = difference(*pair)
    if len(found.edits) != 1 or found.renames:
        return
    (edit,) = found.edits
    before, after = sweep(found.before), sweep(pair[1])
    surely = Surely(before.base.plan, pair[1])
    plans = before.base.plan, after.base.plan
    differs = bool(differences(*plans) or load_changes(*plans))

    assert differs or not surely.changes(edit, edit.name), edit
    assert not (differs and surely.keeps_plan(edit, edit.name)), edit
    if surely.keeps_losses(edit, edit.name):
        assert (points_only_in(before, after), points_only_in(after, before)) == ((), ()), edit
