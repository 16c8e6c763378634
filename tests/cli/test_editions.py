"""``--edition`` of every command that plans: it wins over the file, and what is told says so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support import run_cli

SMALL = "inventories/small.yaml"
HEAD = "under the rules of edition 12, whatever the inventory says\n"


@pytest.mark.parametrize(
    "command",
    [
        ["resolve"], ["explain", "vm-daily"], ["validate"], ["whatif", "--down", "gw01"], ["sweep"], ["recommend"],
        ["graph", "--format", "json"], ["diff"], ["report"],
    ],
    ids=lambda command: command[0],
)  # fmt: skip
def test_every_command_that_plans_takes_an_edition(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, *rest = command
    page = ["--output", str(tmp_path / "page.html")] if name == "report" else []
    line = [name, SMALL, *rest, *page, "--edition"]

    assert run_cli([*line, "12"], {}, monkeypatch).code in (0, 1)
    refused = run_cli([*line, "14"], {}, monkeypatch)
    assert refused.code == 2
    assert refused.err.startswith("error: the rules of version '14' are not known")


def test_a_picture_is_of_the_edition(monkeypatch: pytest.MonkeyPatch) -> None:
    line = ["graph", SMALL, "--format", "json"]
    plain = json.loads(run_cli(line, {}, monkeypatch).out)
    drawn = json.loads(run_cli([*line, "--edition", "12"], {}, monkeypatch).out)

    assert drawn["product_version"] == "12"
    gateways = [[node["label"] for node in one["nodes"] if node["kind"] == "gateway"] for one in (plain, drawn)]
    assert gateways == [["gw01", "gw02", "mnt01"], ["gw01", "mnt01"]]  # gw02 runs Linux


def test_a_page_is_of_the_edition(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "page.html"
    result = run_cli(["report", SMALL, "--edition", "12", "--against", SMALL, "--output", str(page)], {}, monkeypatch)

    assert (result.code, result.err) == (0, "")
    text = page.read_text("utf-8")
    assert "<dt>Edition of the rules</dt><dd>12</dd>" in text
    assert "same: the night does not change" in text


def test_what_helps_is_measured_under_the_edition_and_applied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "estate.yaml"
    text = Path(SMALL).read_text("utf-8")
    file.write_text(text, "utf-8")
    told = run_cli(["recommend", str(file), "--edition", "12"], {}, monkeypatch)
    applied = run_cli(["recommend", str(file), "--edition", "12", "--apply"], {}, monkeypatch)
    swept = json.loads(run_cli(["sweep", str(file), "--edition", "12", "--format", "json"], {}, monkeypatch).out)

    assert told.out.startswith(f"{HEAD}5 single points of failure; 2 can be removed by 2 changes; 3 cannot\n")
    assert applied.err == f"written: {file}\n"
    assert len(swept["single_points_of_failure"]) == 3
    assert "product_version" not in file.read_text("utf-8")


def test_the_rules_of_a_version_without_a_page_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    told = [run_cli(["rules", "--edition", version], {}, monkeypatch).out.splitlines()[:2]
            for version in ("13.1", "13.0.1.1071")]  # fmt: skip

    assert told[0][0] == "no page of the vendor for version 13.1 is known: the rules of edition 13 are taken"
    assert told[0][1] == told[1][0] == "edition 13: gateway_server.html of 2025-10-17, build or version 13.0.1.1071"
