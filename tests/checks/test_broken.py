"""Each inventory of ``inventories/broken`` gives just the bad news that its first line announces."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from support import ROOT, run_cli

from gwplan.findings import BAD_FORM

DRAFT = {"GW051", "GW052", "GW093", "GW114"}
"""What the first draft gives that the others do not."""
FILES = sorted((ROOT / "inventories" / "broken").glob("*.yaml"))


ILL = {"pharmax-lab", "to-be-helped", "small-edited"}
"""A real lab, and what is there to be helped or to be told of: each says so in its first lines."""
SOUND = [file for file in sorted((ROOT / "inventories").glob("*.yaml")) if file.stem not in ILL]


@pytest.mark.parametrize("file", SOUND, ids=lambda file: file.stem)
def test_the_other_inventories_leave_nothing_to_do(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What they keep quiet has a reason beside it."""
    command = ["validate", str(file.relative_to(ROOT)), "--format", "json", "--show-suppressed"]
    told = json.loads(run_cli(command, {}, monkeypatch).out)

    assert (told["findings"], [one for one in told["suppressed"] if not one["reason"]]) == ([], [])


def announced(file: Path) -> tuple[list[str], int]:
    first = file.read_text("latin-1").partition("\n")[0]
    codes = re.match(r"# ((?:GW\d{3})(?: and GW\d{3})*)[,:]", first)
    exits = re.search(r"exit code ([0-9])", first, re.IGNORECASE)
    assert codes is not None
    return codes[1].split(" and "), int(exits[1]) if exits else 0


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_it_gives_just_what_it_announces(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    codes, exit_code = announced(file)
    result = run_cli(["validate", str(file.relative_to(ROOT)), "--format", "json"], {}, monkeypatch)

    assert ([finding["code"] for finding in json.loads(result.out)["findings"]], result.code) == (codes, exit_code)


def test_every_kind_of_bad_news_is_there() -> None:
    codes = {code for file in FILES for code in announced(file)[0]}

    assert {rule.code for rule in BAD_FORM} | {"GW020", "GW050", "GW007", "GW148", "GW150", *DRAFT} == codes
