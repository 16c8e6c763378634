"""`gwplan schema DOCUMENT`: what the commands print is valid against the schema that is printed for it."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from support import ROOT, run_cli

from gwplan.render.output_schema import OUTPUTS

DOCUMENTS = {
    "plan": [
        "resolve inventories/small.yaml --format json --trace",
        "resolve inventories/two-sites.yaml --down site:paris --format json",
        "resolve inventories/fibre-channel.yaml --format json",
    ],
    "findings": [
        "validate tests/golden/unreadable.yaml --format json",
        "validate inventories/pharmax-lab.yaml --format json --show-suppressed",
    ],
    "whatif": ["whatif inventories/small.yaml --down mnt01 --format json"],
    "sweep": ["sweep inventories/two-sites.yaml --format json"],
    "graph": [
        "graph inventories/pharmax-lab.yaml --format json",
        "graph inventories/two-sites.yaml --format json --down gw-par-01",
        "graph inventories/two-sites.yaml --format json --view network",
        "graph inventories/two-sites.yaml --format json --view job --job vm-silver",
    ],
    "diff": [
        "diff inventories/small.yaml inventories/small-edited.yaml --format json --rebalanced",
        "diff inventories/fibre-channel.yaml --edition 13@2026-03-03 --format json --skip single-points",
    ],
    "recommendation": [
        "recommend inventories/to-be-helped.yaml --format json",
        "recommend inventories/small.yaml --for wan --format json",
    ],
    "import": ["import tests/fixtures/import/rest --format json --report REPORT --output INVENTORY"],
}


def test_every_document_has_a_case() -> None:
    assert set(DOCUMENTS) == set(OUTPUTS)


@pytest.mark.parametrize(("name", "line"), [(name, line) for name, lines in DOCUMENTS.items() for line in lines])
def test_what_is_printed_is_valid(name: str, line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    places = {"REPORT": str(tmp_path / "report.json"), "INVENTORY": str(tmp_path / "inventory.yaml")}
    schema = json.loads(run_cli(["schema", name], {}, monkeypatch).out)
    result = run_cli([places.get(word, word) for word in line.split()], {}, monkeypatch)
    printed = (tmp_path / "report.json").read_text("utf-8") if name == "import" else result.out

    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(json.loads(printed))


@pytest.mark.parametrize("name", OUTPUTS)
def test_a_document_of_another_kind_is_not_valid(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    schema = json.loads(run_cli(["schema", name], {}, monkeypatch).out)

    assert not jsonschema.Draft202012Validator(schema).is_valid({"format": f"gwplan.{name}/1"})
    assert not jsonschema.Draft202012Validator(schema).is_valid({"format": "gwplan.other/1"})
