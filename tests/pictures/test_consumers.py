"""Each format is read by what it is for: Graphviz, D2, Mermaid and networkx; names of every kind arrive as they are."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import networkx
import pytest
from support import ROOT, inventory_of

from gwplan import load, plan
from gwplan.pictures.model import Picture
from gwplan.pictures.picture import picture
from gwplan.render.formats import GRAPH
from gwplan.render.output_schema import output_schema

FOLDER = Path(os.environ.get("GWPLAN_CONSUMERS", Path.home() / ".cache" / "gwplan"))
"""Where `npm install mermaid @terrastruct/d2 jsdom` was run; `.ci/run` does so."""
NAMES = [
    "<script>alert(1)</script>", '"quoted"; x -> y', "back\\slash\\N\\l", "$x ${x} $$", "&amp; &lt;", "#35; #quot;",
    "%%{init: {}}%%", "`code`", "a|b", "1. list", "- list", "_em_ **b**", "end", "subgraph", "{x} [y] (z)", "名前",
    "*", "''", "w" * 255, "<br/>x", "@{ shape: x }", ":::c", "|md x |", "##[group]x", "two  blanks",
    "a   " + "b " * 40 + "c",
]  # fmt: skip


@cache
def pictures() -> tuple[Picture, ...]:
    """The views of an inventory, a night, and names that are syntax."""
    inventory = load(ROOT / "inventories" / "two-sites.yaml")
    plain = plan(inventory)
    hostile = plan(inventory_of({
        "backup_server": "vbr",
        "sites": {"one": {}, **{name: {} for name in NAMES}},
        "servers": {"vbr": {"os": "windows", "site": "one"},
                    **{name: {"os": "windows", "site": name} for name in NAMES}},
        "links": {name: {"between": ["one", name]} for name in NAMES},
        "repositories": {name: {"type": "smb", "site": name, "gateway_servers": [name]} for name in NAMES},
        "proxies": {"vbr": {"type": "vmware"}},
        "workloads": {"vm": {"platform": "vmware", "site": "one"}},
        "jobs": {name: {"type": "backup", "workloads": ["vm"], "repository": name} for name in NAMES},
    }))  # fmt: skip
    return (
        picture(plain),
        picture(plan(inventory, down=["gw-par-01"]), against=plain),
        picture(plain, "network"),
        picture(plain, "job", job="vm-gold"),
        picture(hostile, most=None),
        picture(hostile, "network", most=None),
        picture(hostile, "job", job=NAMES[0]),
        picture(plan(inventory_of({"backup_server": "vbr", "servers": {"vbr": {"os": "windows"}}}))),
    )


def written(name: str) -> list[str]:
    return ["".join(GRAPH[name].write(one)) for one in pictures()]


@cache
def read_by_node(name: str) -> tuple[dict[str, Any], ...]:
    if shutil.which("node") is None or not (FOLDER / "node_modules" / "jsdom").is_dir():
        pytest.skip(f"node, or its packages in {FOLDER}, are not here: .ci/run installs them")
    asked = json.dumps([{"format": name, "text": text} for text in written(name)])
    script = Path(__file__).parent / "read.mjs"
    told = subprocess.run(["node", script, FOLDER], input=asked, capture_output=True, text=True, timeout=300)
    assert told.returncode == 0, told.stderr
    return tuple(json.loads(told.stdout))


def words(one: Picture, break_: str) -> list[str]:
    return sorted(break_.join((node.label, *node.facts)) for node in one.nodes)


def test_mermaid_reads_it() -> None:
    for one, found in zip(pictures(), read_by_node("mermaid"), strict=True):
        assert "error" not in found, found
        labels = [_decoded(label) for label in found["labels"]]
        assert sorted(labels[: len(one.nodes)]) == words(one, "<br>")
        assert {_decoded(group) for group in found["groups"]} == {band.label for band in one.bands if band.label}
        assert found["edges"] == len(one.edges)


def _decoded(text: str) -> str:
    """As Mermaid does before it draws: what stands for a character becomes the character."""
    return re.sub("ﬂ°°?([0-9]+)¶ß", lambda match: chr(int(match[1])), text)


def test_d2_reads_it() -> None:
    for one, found in zip(pictures(), read_by_node("d2"), strict=True):
        assert "error" not in found, found
        labels = found["labels"]
        assert set(words(one, "\n")) <= set(labels)
        assert {band.label for band in one.bands if band.label} <= set(labels)
        assert found["edges"] == len(one.edges)


def test_graphviz_reads_it() -> None:
    if shutil.which("dot") is None:
        pytest.skip("dot is not here: .ci/run installs graphviz")
    for one, text in zip(pictures(), written("dot"), strict=True):
        told = subprocess.run(["dot", "-Tsvg"], input=text, capture_output=True, text=True, timeout=60)
        assert told.returncode == 0 and not told.stderr, told.stderr
        root = ElementTree.fromstring(told.stdout)
        nodes = [group for group in root.iter() if group.attrib.get("class", "").startswith("node")]
        found = sorted("\n".join(part.text or "" for part in group if part.tag.endswith("text")) for group in nodes)
        assert [_spaced(label) for label in found] == [_spaced(label) for label in words(one, "\n")]
        edges = [group for group in root.iter() if group.attrib.get("class", "").startswith("edge")]
        assert len(edges) == len(one.edges)


def _spaced(text: str) -> str:
    return text.replace("\xa0", " ")


def test_networkx_reads_it() -> None:
    for one, text in zip(pictures(), written("graphml"), strict=True):
        graph = networkx.parse_graphml(text)
        assert {key: data["label"] for key, data in graph.nodes(data=True)} == {n.id: n.label for n in one.nodes}
        assert {n.id: n.tasks for n in one.nodes} == {key: data["tasks"] for key, data in graph.nodes(data=True)}
        assert graph.number_of_edges() == len(one.edges)
        assert graph.is_directed()


def test_xml_is_well_formed_and_shows_names_as_they_are() -> None:
    for one, text in zip(pictures(), written("svg"), strict=True):
        root = ElementTree.fromstring(text)
        groups = [g for g in root.iter() if g.attrib.get("class", "").startswith("node ") and "data-id" in g.attrib]
        assert {g.attrib["data-id"]: json.loads(g.attrib["data-members"]) for g in groups} == {
            node.id: list(node.members) for node in one.nodes
        }
        for group, node in zip(groups, one.nodes, strict=True):
            told = next(part for part in group if part.attrib.get("class") == "label")
            assert " ".join(line.text or "" for line in told) == node.label


def test_json_has_the_keys_of_its_schema() -> None:
    from jsonschema import Draft202012Validator

    validator = Draft202012Validator(output_schema("graph"))
    for text in written("json"):
        validator.validate(json.loads(text))
