"""What a picture counts is what the plan says; merging keeps the sums, and never draws more than was asked for."""

from __future__ import annotations

import json
import re
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
from gwplan.render.formats import GRAPH
from gwplan.render.pictures.mermaid import MOST_CHARACTERS, MOST_EDGES, mermaid
from gwplan.render.pictures.svg import svg

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
    assert ("Mermaid draws fewer than" in "".join(mermaid(whole))) == (view == "flow")


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


def test_the_network_shows_servers_by_role_fabrics_and_failure_domains() -> None:
    inventory = gwplan.load(str(ROOT / "inventories" / "fibre-channel.yaml"))
    drawn = gwplan.graph(inventory, "network")
    nodes = {node.label: node for node in drawn.nodes}

    assert {member for node in drawn.nodes for member in node.members} == {*inventory.servers, *inventory.repositories}
    assert {(e.source, e.target, e.label) for e in drawn.edges} == {
        ("gateway:gw-fc-01", "repository:dd9400", "fab-a"), ("gateway:gw-fc-02", "repository:dd9400", "fab-a"),
        ("gateway:gw-fc-02", "repository:so5660", "fab-b"), ("gateway:gw-fc-03", "repository:so5660", "fab-b"),
    }  # fmt: skip
    assert nodes["gw-fc-02"].words == (
        "selected gateway server", "fabric fab-a", "fabric fab-b", "failure domain rack-2",
    )  # fmt: skip
    titles = {label: drawn.columns[node.column] for label, node in nodes.items()}
    assert [titles[name] for name in ("vbr01", "prx-san-01", "mnt01", "gw-fc-01", "dd9400")] == [
        "Servers", "Proxies", "Gateway and mount servers", "Gateway and mount servers", "Repositories",
    ]  # fmt: skip
    rails = re.findall(r'<path class="rail" data-domain="([^"]+)"', svg(drawn))
    assert {*rails} == {"rack-1", "rack-2"}
    fallen = gwplan.graph(inventory, "network", down=["fabric:fab-a"])
    assert [edge.label for edge in fallen.edges if edge.down] == ["fab-a", "fab-a"]


def test_a_link_that_is_down_is_struck() -> None:
    inventory = gwplan.load(str(ROOT / "inventories" / "two-sites.yaml"))
    told = svg(gwplan.graph(inventory, "network", down=["link:mpls"]))

    assert re.findall(r'<text class="link-label struck"[^>]*>([^<]+)<', told) == ["mpls: WAN, 200 Mbps, 9 ms, down"]
    assert "struck" not in svg(gwplan.graph(inventory, "network")).partition("</style>")[2]


def test_a_fabric_of_very_many_is_told_in_words() -> None:
    servers, repositories = [f"gw{n}" for n in range(101)], [f"dd{n}" for n in range(100)]
    drawn = gwplan.graph(inventory_of({
        "backup_server": "vbr",
        "servers": {"vbr": {"os": "windows"}, **{name: {"os": "linux"} for name in servers}},
        "repositories": {name: {"type": "data_domain", "protocol": "fc", "gateway_servers": servers[:2]}
                         for name in repositories},
        "fabrics": {"fab": [*servers, *repositories]},
    }), "network")  # fmt: skip

    assert drawn.edges == ()
    assert drawn.notes[0] == "The fabrics join too many to be drawn as lines: the boxes name them."
    assert all("fabric fab" in node.words for node in drawn.nodes if node.members != ("vbr",))


def test_nodes_drawn_as_one_say_what_they_are_and_how_many_of_them() -> None:
    drawn = gwplan.graph(large(80), "network")
    numbers = Counter[str]()
    for node in drawn.nodes:
        for word, number in node.says:
            numbers[word] += number

    assert all(node.words for node in drawn.nodes if node.kind != "site")
    assert numbers["VMware backup proxy"] == 80
    assert numbers["backup server"] == 1
    assert numbers["SMB share"] == 80


@pytest.mark.parametrize("view", ["flow", "network"])
def test_a_picture_says_by_which_edition(view: str) -> None:
    inventory = gwplan.load(str(ROOT / "inventories" / "small.yaml"))
    drawn = gwplan.graph(inventory, view)

    assert drawn.description.startswith(
        "48 decisions: 0 failed, 0 blocked, by edition 13 of the rules. "
    )
    for name in ("svg", "mermaid", "dot", "d2", "graphml", "json"):
        assert drawn.description in "".join(GRAPH[name].write(drawn)), name


def test_a_picture_as_plain_data_is_its_json() -> None:
    drawn = gwplan.graph(gwplan.load(str(ROOT / "inventories" / "two-sites.yaml")), "network", down=["gw-par-01"])
    told = json.loads("".join(GRAPH["json"].write(drawn)))

    assert drawn.to_dict() == {key: told[key] for key in drawn.to_dict()}
