"""What a picture counts is what the plan says; merging keeps the sums, and never draws more than was asked for."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import inventories, losses
from support import ROOT, inventory_of

import gwplan
from gwplan.pictures.model import Picture
from gwplan.pictures.picture import picture
from gwplan.planning.plan import Plan, plan
from gwplan.planning.trace import BAD
from gwplan.render.pictures.mermaid import MOST_CHARACTERS, MOST_EDGES, mermaid

SHIPPED = sorted((ROOT / "inventories").glob("*.yaml"))


def check_counts(made: Plan, drawn: Picture) -> None:
    """Each gateway's numbers, and the decisions of the data wave on each side of each gateway and repository."""
    loads = {f"gateway:{load.server}": load for load in made.gateways}
    for node in drawn.nodes:
        if node.kind == "gateway":
            load = loads[node.id]
            assert (node.tasks, node.at_once, node.slots) == (load.tasks, load.at_once, load.slots)
    wanted: Counter[tuple[str, str]] = Counter()
    unserved = 0
    for decision in made.decisions:
        if decision.operation == "data" and decision.outcome == "assigned":
            ends = (f"gateway:{decision.gateway}", f"repository:{decision.repository}")
            wanted[ends if decision.side == "target" else ends[::-1]] += 1
        unserved += (decision.operation == "data" or decision.type == "offload") and decision.outcome in BAD
    found = Counter({
        (edge.source, edge.target): edge.tasks
        for edge in drawn.edges
        if edge.kind == "data" and (edge.source, edge.target) in wanted
    })  # fmt: skip
    assert found == wanted
    assert sum(node.tasks for node in drawn.nodes if node.kind == "stub") >= unserved


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_tasks_of_shipped_inventories(file: object) -> None:
    inventory = gwplan.load(str(file))

    check_counts(gwplan.plan(inventory), gwplan.graph(inventory, detail=True))


@given(st.data())
def test_tasks_and_merging_of_random_inventories(data: st.DataObject) -> None:
    told = data.draw(inventories())
    inventory = inventory_of(told)
    plain, night = plan(inventory), plan(inventory, down=data.draw(losses(told)))
    check_counts(night, picture(night, most=None))
    for view in ("flow", "network"):
        for against in (None, plain):
            whole = picture(night, view, against=against, most=None)
            for most in (5, 9, 14):
                small = picture(night, view, against=against, most=most)
                assert len(small.nodes) <= most
                assert {edge.source for edge in small.edges} <= {node.id for node in small.nodes}
                for kind in ("gateway", "proxy", "repository", "source", "stub"):
                    for number in ("tasks", "at_once", "slots", "machines"):
                        sums = [sum(getattr(n, number) or 0 for n in p.nodes if n.kind == kind) for p in (whole, small)]
                        assert sums[0] == sums[1], (kind, number)
                members = [sorted((n.kind, m) for n in p.nodes for m in n.members) for p in (whole, small)]
                assert members[0] == members[1]


def large(sites: int) -> gwplan.Inventory:
    names = [f"s{number}" for number in range(sites)]
    return inventory_of({
        "backup_server": "vbr",
        "sites": {name: {} for name in names},
        "links": {f"l-{name}": {"between": ["s0", name]} for name in names[1:]},
        "servers": {"vbr": {"os": "windows", "site": "s0"}, **{f"gw-{n}": {"os": "windows", "site": n} for n in names}},
        "proxies": {f"gw-{name}": {"type": "vmware"} for name in names},
        "repositories": {f"r-{n}": {"type": "smb", "site": n, "gateway_servers": [f"gw-{n}"]} for n in names},
        "workloads": {f"vm-{name}": {"platform": "vmware", "site": name, "count": 2} for name in names},
        "jobs": {f"j-{n}": {"type": "backup", "workloads": [f"vm-{n}"], "repository": f"r-{n}"} for n in names},
    })  # fmt: skip


@pytest.mark.parametrize("view", ["flow", "network"])
def test_many_sites_are_sixty_nodes_and_it_is_said(view: str) -> None:
    inventory = large(200)
    whole, small = gwplan.graph(inventory, view, detail=True), gwplan.graph(inventory, view)

    assert len(whole.nodes) == (800 if view == "flow" else 601)
    assert 30 < len(small.nodes) <= 60
    assert any(f"{len(whole.nodes)} nodes are drawn as {len(small.nodes)}" in note for note in small.notes)
    assert any("×" in node.label for node in small.nodes)
    for drawn in (whole, small):
        text = "".join(mermaid(drawn))
        assert len(text) <= MOST_CHARACTERS
        assert sum("-->" in line or "---" in line for line in text.splitlines()) <= MOST_EDGES
    assert ("Mermaid draws no more than" in "".join(mermaid(whole))) == (view == "flow")


def test_long_names_do_not_break_the_limits_of_mermaid() -> None:
    names = [f"{number}{'<' * 250}" for number in range(80)]
    inventory = inventory_of({
        "backup_server": "vbr",
        "servers": {"vbr": {"os": "windows"}, **{name: {"os": "windows"} for name in names}},
    })  # fmt: skip

    text = "".join(mermaid(gwplan.graph(inventory, "network", detail=True)))
    assert len(text) <= MOST_CHARACTERS
    assert "×" in text


def test_a_job_is_drawn_with_its_fallbacks_and_its_rule() -> None:
    inventory = gwplan.load(str(ROOT / "inventories" / "two-sites.yaml"))
    drawn = gwplan.graph(inventory, "job", job="vm-silver")

    assert [node.label for node in drawn.nodes] == [
        "VMware, paris", "prx-par-01", "prx-par-01", "prx-par-02", "nfs-paris",
    ]  # fmt: skip
    assert {(e.source, e.target) for e in drawn.edges if e.kind == "fallback"} == {
        ("proxy:prx-par-01", "gateway:prx-par-02"),
        ("gateway:prx-par-02", "repository:nfs-paris"),
    }
    assert drawn.notes[0] == (
        "target side, nfs-paris: prx-par-01 is the first backup proxy that may serve nfs-paris "
        "(rule backup-vmware, documented)."
    )
    assert list(drawn.notes[1:]) == ["Its synthetic operations are not drawn."]


def test_a_restore_ends_where_its_job_says_and_a_repository_without_a_gateway_is_drawn() -> None:
    drill = gwplan.graph(gwplan.load(str(ROOT / "inventories" / "two-sites.yaml")), "job", job="dr-drill")
    tape = gwplan.graph(gwplan.load(str(ROOT / "inventories" / "pharmax-lab.yaml")), "job", job="PHARMAX-HQ-SVR-TAPE")

    assert [(n.label, n.machines) for n in drill.nodes if n.kind == "source"] == [("VMware, lyon", 2)]
    assert {edge.wan_hops for edge in drill.edges} == {0}
    assert [(n.state, n.tasks) for n in tape.nodes if n.label == "VEEAM-VBR - E:\\"] == [("ok", 4)]
    assert "Its data goes on to the tape server VEEAM-VTL.pharmax.local." in tape.notes
