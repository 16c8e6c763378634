"""What the tests share: inventories from plain data, and decisions by their keys."""

from __future__ import annotations

import gc
import io
import math
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from gwplan.inventory.load import load_sources
from gwplan.inventory.model import Inventory
from gwplan.inventory.source import Source
from gwplan.planning.decision import Decision

ROOT = Path(__file__).parent.parent


def data_of(text: str) -> Any:
    """Plain data from YAML, by the parser in C: much of the suite's time is reading and writing YAML."""
    return yaml.load(text, Loader=yaml.CSafeLoader)


def data_in(file: Path) -> Any:
    return data_of(file.read_text("utf-8"))


def text_of(data: Any) -> str:
    """Plain data as YAML, in the order in which it is given."""
    return yaml.dump(data, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True)


def inventory_of(data: dict[str, Any]) -> Inventory:
    """The inventory that plain data describes, through the same door as a file. ``gwplan: 1`` may be left out."""
    return load_sources((Source("case.yaml", text_of({"gwplan": 1, **data})),))


def merged(base: Any, change: Any) -> Any:
    """``base`` with ``change`` laid over it: mappings are merged, everything else replaced, null removes."""
    if not isinstance(base, dict) or not isinstance(change, dict):
        return change
    both = {**base, **{key: merged(base.get(key), value) for key, value in change.items()}}
    return {key: value for key, value in both.items() if value is not None}


def as_object(decision: Decision) -> dict[str, Any]:
    """A decision as the JSON has it."""
    from gwplan.render.plan.as_json import decision_object

    return decision_object(decision)


class Result(NamedTuple):
    """What a command line printed, and its exit code."""

    code: int
    out: str
    err: str


def run_cli(arguments: list[str], environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Result:
    """Run the command line in this process, from the root of the repository, with nothing but this environment."""
    from gwplan.cli.main import run

    for name in ("NO_COLOR", "FORCE_COLOR", "TERM", "COLUMNS", "GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("gwplan.cli.progress._LINE_EVERY", math.inf)  # or a busy machine says more
    monkeypatch.chdir(ROOT)
    out, err = io.StringIO(), io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    try:
        code = run(arguments)
    finally:
        gc.enable()
        monkeypatch.undo()
    return Result(code, out.getvalue(), err.getvalue())
