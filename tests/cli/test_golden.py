"""Golden text: what the commands print, whole. `make golden` rewrites it and shows the diff, which is then read."""

from __future__ import annotations

import os
import shlex
from typing import Any

import pytest
import yaml
from support import ROOT, run_cli

FOLDER = ROOT / "tests" / "golden"
COMMANDS = yaml.safe_load((FOLDER / "commands.yaml").read_text("utf-8"))


@pytest.mark.parametrize("name", COMMANDS)
def test_golden(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    told: Any = COMMANDS[name]
    line, environment = (told["run"], told["environment"]) if isinstance(told, dict) else (told, {})
    result = run_cli(shlex.split(line), environment, monkeypatch)
    shown = f"$ gwplan {line}\n{result.out}"
    shown += f"[standard error]\n{result.err}" if result.err else ""
    shown += f"[exit code {result.code}]\n"
    file = FOLDER / f"{name}.txt"
    if os.environ.get("GWPLAN_GOLDEN") == "write":
        file.write_text(shown, "utf-8")

    assert shown == file.read_text("utf-8")


def test_no_golden_text_is_left_over() -> None:
    assert {file.stem for file in FOLDER.glob("*.txt")} == set(COMMANDS)
