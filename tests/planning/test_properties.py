"""What must hold of any plan of any inventory, under any failure."""

from __future__ import annotations

import json
import math
from collections import Counter
from fractions import Fraction
from typing import Any

from choices import estates
from hypothesis import given
from hypothesis import strategies as st
from strategies import inventories, losses
from support import inventory_of

from gwplan.inventory.model import Inventory
from gwplan.network import elements
from gwplan.planning.carried import Carried
from gwplan.planning.decision import Decision
from gwplan.planning.ledger import grouped
from gwplan.planning.one_job import OneJob
from gwplan.planning.placement import place_chains
from gwplan.planning.plan import EVERY_JOB, Plan, decide, plan
from gwplan.planning.rulings import Ruled, rule_again
from gwplan.planning.serving import Serving
from gwplan.planning.tasks import Singly, asked, works
from gwplan.planning.world import World
from gwplan.render.plan.as_json import decision_object, plan_chunks
from gwplan.render.things import Resolved


def _key(decision: Decision) -> tuple[str, ...]:
    return decision.job, decision.operation, decision.side, decision.repository, decision.task


def _text(made: Plan) -> str:
    return "".join(plan_chunks(Resolved(made, made.decisions)))


@given(inventories(), st.data())
def test_who_is_chosen_may_serve_and_so_may_who_takes_over(data: dict[str, Any], more: st.DataObject) -> None:
    made = plan(inventory_of(data), down=more.draw(losses(data)))

    for decision in made.decisions:
        serving = [name for name in (decision.gateway, *decision.fallbacks) if name]
        assert set(serving) == set(decision.ruling.eligible), decision
        assert (decision.gateway is not None) == (decision.outcome == "assigned"), decision


@given(inventories())
def test_explicit_selection_never_leaves_its_list(data: dict[str, Any]) -> None:
    made = plan(inventory_of(data))

    for decision in made.decisions:
        if decision.selection == "explicit":
            listed = data["repositories"][decision.repository]["gateway_servers"]
            assert {decision.gateway, *decision.fallbacks} - {None} <= set(listed)


def test_the_order_of_proxies_is_irrelevant_to_the_words_of_a_refusal() -> None:
    data: dict[str, Any] = {
        "backup_server": "vbr",
        "servers": {name: {"os": "windows"} for name in ("vbr", "p1", "p2")},
        "repositories": {"smb": {"type": "smb", "accessible_from": ["vbr"]}},
        "workloads": {"vm": {"platform": "vmware"}},
        "jobs": {"daily": {"type": "backup", "workloads": ["vm"], "repository": "smb"}},
    }
    one = {**data, "proxies": {"p1": {"type": "vmware"}, "p2": {"type": "vmware"}}}
    other = {**data, "proxies": {"p2": {"type": "vmware"}, "p1": {"type": "vmware"}}}

    assert _text(plan(inventory_of(one))) == _text(plan(inventory_of(other)))


@given(inventories(), st.data())
def test_the_order_of_entries_is_irrelevant(data: dict[str, Any], more: st.DataObject) -> None:
    shuffled = {
        section: dict(more.draw(st.permutations(list(entries.items())))) if isinstance(entries, dict) else entries
        for section, entries in data.items()
    }
    down = more.draw(losses(data))

    assert _text(plan(inventory_of(shuffled), down=down)) == _text(plan(inventory_of(data), down=down))


@given(inventories(), st.sampled_from(("windows", "linux")))
def test_an_unrelated_server_changes_nothing(data: dict[str, Any], os: str) -> None:
    site = next(iter(data["sites"]))
    more = {**data, "servers": {**data["servers"], "bystander": {"os": os, "site": site}}}

    assert _text(plan(inventory_of(more))) == _text(plan(inventory_of(data)))


@given(inventories(), st.data())
def test_taking_something_away_never_makes_a_server_eligible(data: dict[str, Any], more: st.DataObject) -> None:
    inventory = inventory_of(data)
    down = elements(inventory, more.draw(losses(data)))
    before, after = World(inventory), World(inventory, down)
    plan(inventory)
    asked = _asks(inventory, after)

    for ask in asked:
        if after.candidate(ask).eligible:
            assert before.candidate(ask).eligible, ask


def _asks(inventory: Any, world: World) -> list[Any]:
    from gwplan.planning.filters import Ask, Far

    places = [None, *(Far(site, site) for site in inventory.sites)]
    return [
        Ask(server, repository, pool, place)
        for server in inventory.servers
        for repository in inventory.repositories
        for pool in ("", "source-server")
        for place in places
    ]


@given(inventories(scale_out=False), st.data())
def test_outcomes_never_depend_on_load(data: dict[str, Any], more: st.DataObject) -> None:
    down = more.draw(losses(data))
    quiet = {
        **data,
        "proxies": {name: {**entry, "max_concurrent_tasks": 50} for name, entry in data["proxies"].items()},
        "servers": {name: {**entry, "max_gateway_tasks": 99} for name, entry in data["servers"].items()},
    }
    busy, calm = plan(inventory_of(data), down=down, strategy="spread"), plan(inventory_of(quiet), down=down)

    assert [(_key(d), d.outcome, d.reason, d.tier, set(d.ruling.eligible)) for d in busy.decisions] == [
        (_key(d), d.outcome, d.reason, d.tier, set(d.ruling.eligible)) for d in calm.decisions
    ]


@given(inventories())
def test_every_task_of_every_enabled_job_is_decided_on_each_side(data: dict[str, Any]) -> None:
    made = plan(inventory_of(data))
    backed_up = {task for d in made.decisions if d.job == "vms" and d.operation == "data" for task in d.workloads}

    assert backed_up == {"vm-01", "vm-02", "vm-03", "sql"}


@given(inventories())
def test_the_fast_writer_writes_what_the_standard_library_would(data: dict[str, Any]) -> None:
    made = plan(inventory_of(data))
    lines = [line.strip().removesuffix(",") for line in _text(made).splitlines()[2 : 2 + len(made.decisions)]]

    assert lines == [json.dumps(decision_object(decision)) for decision in made.decisions]


@given(inventories())
def test_a_plan_is_the_same_every_time_and_equal_by_value(data: dict[str, Any]) -> None:
    one, other = plan(inventory_of(data)), plan(inventory_of(data))

    assert one.decisions == other.decisions
    assert _text(one) == _text(other)


@given(inventories())
def test_gateways_carry_what_the_decisions_of_the_data_wave_say(data: dict[str, Any]) -> None:
    made = plan(inventory_of(data))
    data_wave = [d for d in made.decisions if d.gateway and d.operation == "data"]
    served = {(d.gateway, d.job, d.task, d.workloads): d.disks for d in data_wave}
    tasks = {load.server: 0 for load in made.gateways}
    disks = dict(tasks)
    for (gateway, *_), number in served.items():
        tasks[gateway] += 1
        disks[gateway] += number

    assert {load.server: (load.tasks, load.disks) for load in made.gateways} == {
        name: (tasks[name], disks[name]) for name in tasks
    }


@given(inventories())
def test_what_runs_at_once_is_what_the_limits_of_the_repositories_let_run(data: dict[str, Any]) -> None:
    made = plan(inventory_of(data))
    on = Counter((d.gateway, d.repository) for d in made.decisions if d.gateway and d.operation == "data")
    totals = Counter(d.repository for d in made.decisions if d.gateway and d.operation == "data")

    for load in made.gateways:
        together = 0
        for (server, repository), tasks in on.items():
            if server == load.server:
                limit = made.inventory.repositories[repository].max_concurrent_tasks or totals[repository]
                together += math.ceil(tasks * min(Fraction(1), Fraction(limit, totals[repository])))
        assert load.at_once == min(load.tasks, together)
        assert load.share == load.at_once / load.slots


@st.composite
def crowds(draw: Any) -> dict[str, Any]:
    """Few servers that are proxies and gateways at once, and jobs of many machines that meet on them."""
    names = ["gw1", "gw2", "gw3", "gw4", "gw5"]
    sites = st.sampled_from(["here", "there"])
    some = st.lists(st.sampled_from(names), min_size=1, max_size=4, unique=True)
    kinds = st.sampled_from([{"type": "smb"}, {"type": "data_domain"}, {"type": "storeonce"}])
    machines = {f"vm{n}": {"platform": "vmware", "site": draw(sites), "disks": draw(st.integers(1, 4))}
                for n in range(draw(st.integers(4, 24)))}  # fmt: skip
    readers = draw(some)
    repositories = {
        name: {**draw(kinds), "site": draw(sites), **({"gateway_servers": draw(some)} if draw(st.booleans()) else {})}
        for name in ("r1", "r2")
    }
    listed = draw(st.permutations([*machines]))
    return {
        "backup_server": "vbr",
        "sites": {"here": {}, "there": {}},
        "links": {"wan": {"between": ["here", "there"]}},
        "servers": {
            "vbr": {"os": "windows", "site": "here"},
            **{name: {"os": "windows", "site": draw(sites), "max_gateway_tasks": draw(st.integers(1, 5))}
               for name in names},
        },
        "proxies": {f"of-{name}" if draw(st.booleans()) else name: {"type": "vmware", "server": name,
                    "max_concurrent_tasks": draw(st.integers(1, 5))} for name in readers},
        "repositories": repositories,
        "workloads": machines,
        "jobs": {
            "one": {"type": "backup", "repository": "r1", "workloads": listed},
            "two": {"type": "backup", "repository": "r2", "workloads": listed[: len(listed) // 2 + 1]},
            "copy": {"type": "backup_copy", "source_jobs": ["one"], "repository": "r2"},
        },
    }  # fmt: skip


@given(st.one_of(crowds(), inventories()), st.sampled_from(["nearest", "spread"]))
def test_alike_tasks_served_in_one_go_are_served_as_one_after_the_other(data: dict[str, Any], strategy: str) -> None:
    """Jobs whose ranks are kept are served one task after the other."""
    inventory = inventory_of(data)

    at_once, one_by_one = plan(inventory, strategy=strategy), plan(inventory, strategy=strategy, trace=EVERY_JOB)

    assert [d.to_dict() for d in at_once.decisions] == [d.to_dict() for d in one_by_one.decisions]
    assert at_once.gateways == one_by_one.gateways
    assert [(served.content, len(alike), alike.disks, alike[0].task) for served, alike in at_once.groups] == [
        (served.content, len(alike), sum(d.disks for d in alike), next(iter(alike)).task)
        for served, alike in one_by_one.groups
    ]


@given(st.one_of(crowds(), inventories()))
def test_what_is_counted_of_alike_decisions_is_what_they_are(data: dict[str, Any]) -> None:
    made = plan(inventory_of(data))
    decisions = [*made.decisions]
    alike: dict[int, list[Decision]] = {}
    for decision in decisions:
        alike.setdefault(id(decision.served), []).append(decision)

    assert len(made.decisions) == len(decisions)
    assert [(group.served.content, [*group.decisions]) for group in made.groups] == [
        (some[0].served.content, some) for some in alike.values()
    ]
    for (served, lot), other in zip(made.groups, grouped(decisions), strict=True):
        assert (served.content, [*lot], len(lot), lot.disks) == (
            other.served.content, [*other.decisions], len(other.decisions), sum(d.disks for d in other.decisions)
        )  # fmt: skip
        assert [lot[at] for at in range(len(lot))] == [*lot]
        assert lot[0].unit == next(iter(lot)).unit
        assert [*lot[1:]] == [*lot][1:]


@given(st.one_of(crowds(), inventories()), st.sampled_from([True, False]))
def test_what_tasks_weigh_is_what_serving_them_counts(data: dict[str, Any], spread: bool) -> None:
    world = World(inventory_of(data))
    todo = works(world.inventory)
    placement = place_chains(world, todo)
    one, other = (Serving(world, spread=spread, operations=("data",)) for _ in range(2))
    carried, machines = Carried(), world.inventory.machines

    for work in todo:
        if work.job.enabled and work.operation == "data":
            serving, weighing = OneJob(one, work), OneJob(other, work)
            for item in asked(world.inventory, work, placement, placement):
                serving.serve(item)
                disks = [machines[name].disks for name in item.machines] if isinstance(item, Singly) else []
                weighing.weigh(item, disks, carried)

    assert {name: n for name, n in carried.tasks.items() if n} == {name: n for name, n in one.data.tasks.items() if n}
    assert {key: n for key, n in carried.on.items() if n} == {key: n for key, n in one.data.on.items() if n}
    for wave, same in zip(one.waves["data"], other.waves["data"], strict=True):
        assert wave.counts == same.counts


@given(st.one_of(inventories(), estates()), st.data())
def test_what_jobs_share_of_a_ruling_is_what_is_ruled_of_each_alone(data: dict[str, Any], more: st.DataObject) -> None:
    _share_nothing_else(inventory_of(data), more.draw(losses(data)))


def test_jobs_that_differ_in_one_thing_that_the_rules_ask_for_are_not_ruled_alike() -> None:
    backup = {"type": "backup", "workloads": ["vm"], "repository": "smb"}
    guest = {"type": "backup", "workloads": ["guest"], "repository": "smb"}
    copy = {"type": "backup_copy", "source_jobs": ["plain"], "repository": "nfs"}
    tape = {"type": "tape", "source_jobs": ["plain"]}
    plugin = {"type": "plugin_backup", "workloads": ["db"], "repository": "obj"}
    _share_nothing_else(inventory_of({
        "backup_server": "vbr",
        "servers": {name: {"os": "windows"} for name in ("vbr", "p1", "p2", "hv")},
        "proxies": {
            "p1": {"type": "vmware"}, "p2": {"type": "vmware"}, "off": {"type": "hyperv_off_host", "server": "p2"},
        },
        "wan_accelerators": {"w1": {"server": "p1"}, "w2": {"server": "p2"}},
        "tape_servers": {"t1": {"server": "p1"}, "t2": {"server": "p2"}},
        "repositories": {
            "smb": {"type": "smb"}, "nfs": {"type": "nfs"}, "obj": {"type": "object_storage", "connection": "direct"},
        },
        "workloads": {
            "vm": {"platform": "vmware"}, "guest": {"platform": "hyperv", "host": "hv"}, "db": {"platform": "plugin"},
        },
        "jobs": {
            "plain": backup, "listed": {**backup, "proxies": ["p2"]}, "other": {**backup, "proxies": ["p1"]},
            "on": guest, "off": {**guest, "mode": "off_host"},
            "never": {**guest, "mode": "off_host", "off_host_failover": False},
            "copy": copy, "there": {**copy, "wan_accelerators": {"source": "w1", "target": "w2"}},
            "back": {**copy, "wan_accelerators": {"source": "w2", "target": "w1"}},
            "tape": {**tape, "tape_server": "t1"}, "tape2": {**tape, "tape_server": "t2"},
            "direct": {**tape, "tape_server": "t1", "direct_connection": True},
            "around": {**tape, "tape_server": "t1", "direct_connection": False},
            "oracle": {**plugin, "plugin": "oracle_rman"}, "hana": {**plugin, "plugin": "sap_hana"},
        },
    }), ["proxy:off"])  # fmt: skip


def _share_nothing_else(inventory: Inventory, lost: list[str]) -> None:
    """Whatever jobs share of a ruling, it is what a world of its own says of each."""
    down = elements(inventory, lost)
    shared, todo = World(inventory, down), works(inventory)
    placement = place_chains(shared, todo)
    _, serving = decide(shared, todo, placement, placement, "nearest")

    for one in [*shared.ruled.values(), *serving.ruled]:
        alone = rule_again(World(inventory, down), one)
        assert [side.content for side in one.sides] == [side.content for side in alone.sides]
        assert (one.work, one.case, one.stops) == (alone.work, alone.case, alone.stops)
        assert _who_reads(one) == _who_reads(alone)


def _who_reads(ruled: Ruled) -> tuple[object, ...] | None:
    return ruled.readers and ([*ruled.readers.proxies], ruled.readers.host)
