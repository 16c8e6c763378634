"""``gwplan graph``: what it draws by default, what it refuses, and that a file is written whole or not at all."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from support import ROOT, Result, run_cli, text_of

from gwplan.cli import complete

SMALL, TWO = "inventories/small.yaml", "inventories/two-sites.yaml"


def graph(monkeypatch: pytest.MonkeyPatch, *arguments: str, **environment: str) -> Result:
    return run_cli(["graph", *arguments], environment, monkeypatch)


def test_svg_by_default_mermaid_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    assert graph(monkeypatch, SMALL).out.startswith("<svg ")
    assert graph(monkeypatch, SMALL, FORCE_COLOR="1").out.startswith("<svg ")  # as CI sets it
    assert on_a_terminal(SMALL).startswith("flowchart LR")
    assert on_a_terminal(SMALL, "--output", "-").startswith("<svg ")
    assert on_a_terminal(SMALL, "--format", "dot").startswith("digraph ")


def test_another_edition_is_drawn_as_that_edition_plans(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = json.loads(graph(monkeypatch, TWO, "--edition", "12", "--format", "json").out)

    assert drawn["product_version"] == "12"
    assert drawn["description"].startswith("126 decisions: 2 failed, 0 blocked, by edition 12 of the rules.")


def on_a_terminal(*arguments: str) -> str:
    main, side = pty.openpty()
    command = [sys.executable, "-m", "gwplan", "graph", *arguments]
    with subprocess.Popen(command, stdout=side, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}) as process:
        os.close(side)
        told = b""
        with contextlib.suppress(OSError):  # the terminal ends with the process
            while some := os.read(main, 65536):
                told += some
    os.close(main)
    assert process.returncode == 0
    return told.decode()


@pytest.mark.parametrize(
    ("name", "begins"),
    [("x.svg", "<svg"), ("x.json", '{"format": "gwplan.graph/1"'), ("x.gv", "digraph"), ("x.d2", "direction"),
     ("x.graphml", "<?xml"), ("x.mmd", "flowchart"), ("x", "<svg")],
)  # fmt: skip
def test_the_file_says_the_format(name: str, begins: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert graph(monkeypatch, SMALL, "--output", str(tmp_path / name)) == (0, "", "")
    assert (tmp_path / name).read_text("utf-8").startswith(begins)


def test_a_file_that_would_open_nowhere_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "night.PNG"
    said = f"error: {file}: .png is not drawn; end it in .svg, or let Graphviz paint what --format dot says\n"

    assert graph(monkeypatch, SMALL, "--output", str(file)) == (2, "", said)
    assert list(tmp_path.iterdir()) == []


def test_it_is_well_once_drawn_whatever_the_plan_says(monkeypatch: pytest.MonkeyPatch) -> None:
    result = graph(monkeypatch, "inventories/pharmax-lab.yaml", "--format", "json")

    assert result.code == 0
    assert any(node["kind"] == "stub" and node["state"] == "blocked" for node in json.loads(result.out)["nodes"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((TWO, "--view", "job"), "--view job needs --job NAME"),
        ((TWO, "--job", "vm-gold"), "--job NAME is for --view job"),
        ((TWO, "--view", "job", "--job", "vm-gol"), "no job called 'vm-gol' is planned (it may be disabled); "
                                                    "did you mean 'vm-gold'?"),
        ((TWO, "--site", "pari"), "there is no site 'pari'; did you mean 'paris'?"),
        ((TWO, "--focus", "gw-par-03"), "--focus gw-par-03: nothing in the picture is called so; "
                                        "did you mean 'gw-par-01'?"),
        ((TWO, "--depth", "2"), "--depth is for --focus NAME"),
        ((TWO, "--down", "gw-par-03"), "nothing is called 'gw-par-03'; did you mean 'gw-par-01'?"),
        ((SMALL, "--output", "no/such/folder.svg"), "cannot write no/such/folder.svg: No such file or directory"),
        ((SMALL, "--output", SMALL), f"--output {SMALL}: is {SMALL}, which would be lost: give another file"),
    ],
)  # fmt: skip
def test_misuse_in_words(arguments: tuple[str, ...], words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert graph(monkeypatch, *arguments) == (2, "", f"error: {words}\n")


def test_of_an_unreadable_inventory_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "x.svg"
    result = graph(monkeypatch, "tests/golden/unreadable.yaml", "--output", str(file))

    assert result.code == 2
    assert "tests/golden/unreadable.yaml" in result.err
    assert not file.exists()


@pytest.mark.parametrize("view", ["flow", "network"])
def test_one_server_without_jobs(view: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "one.yaml"
    file.write_text(text_of({"gwplan": 1, "backup_server": "vbr", "servers": {"vbr": {"os": "windows"}}}), "utf-8")
    drawn = json.loads(graph(monkeypatch, str(file), "--view", view, "--format", "json").out)

    assert [node["label"] for node in drawn["nodes"]] == ([] if view == "flow" else ["vbr"])
    assert drawn["notes"] == (["There is nothing to draw: no data is moved."] if view == "flow" else [])


def test_a_night_is_held_against_the_plain_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = json.loads(graph(monkeypatch, TWO, "--down", "gw-par-01", "--format", "json").out)
    states = {node["id"]: (node["state"], node["tasks"]) for node in drawn["nodes"]}
    moved = {(edge["from"], edge["to"]): edge["moved"] for edge in drawn["edges"] if edge["moved"]}
    gone = {(edge["from"], edge["to"]): edge["before"] for edge in drawn["edges"] if edge["tasks"] == 0}

    assert states["gateway:gw-par-01"] == ("down", 0)
    assert states["gateway:gw-par-02"] == ("over", 28)
    assert moved == {
        ("proxy:prx-par-01", "gateway:gw-par-02"): 7,
        ("gateway:gw-par-02", "repository:smb-paris"): 7,
        ("repository:smb-paris", "gateway:gw-par-02"): 7,
    }
    assert gone == {
        ("proxy:prx-par-01", "gateway:gw-par-01"): 7,
        ("gateway:gw-par-01", "repository:smb-paris"): 7,
        ("repository:smb-paris", "gateway:gw-par-01"): 7,
        ("gateway:gw-par-01", "gateway:wan-lyo"): 7,
    }


def test_a_part_of_a_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    near = json.loads(graph(monkeypatch, TWO, "--focus", "smb-lyon", "--format", "json").out)
    further = json.loads(graph(monkeypatch, TWO, "--focus", "smb-lyon", "--depth", "2", "--format", "json").out)
    site = json.loads(graph(monkeypatch, TWO, "--site", "lyon", "--view", "network", "--format", "json").out)

    assert {n["label"] for n in near["nodes"]} == {"smb-lyon", "wan-lyo", "prx-lyo-01"}
    assert {n["label"] for n in further["nodes"]} == {"smb-lyon", "wan-lyo", "prx-lyo-01", "gw-par-01", "gw-par-02"}
    assert near["notes"][-1] == "Only what is within 1 step of smb-lyon is drawn: 3 of 17 nodes."
    assert {n["site"] for n in site["nodes"]} == {"lyon", "paris"}
    assert [n["label"] for n in site["nodes"] if n["site"] == "paris"] == ["paris"]


def test_completion_knows_what_can_be_drawn_around(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    context = SimpleNamespace(params={"inventory": TWO}, args=[])

    assert complete.drawn(context, "gw-lyo") == ["gw-lyo-01", "gw-lyo-02"]
    assert complete.drawn(context, "repository:smb") == ["repository:smb-paris", "repository:smb-lyon"]
    assert complete.drawn(context, "job:vm") == ["job:vm-gold", "job:vm-silver"]
    assert complete.site(context, "") == ["paris", "lyon"]
    assert complete.site(SimpleNamespace(params={}, args=[]), "") == []
