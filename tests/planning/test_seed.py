"""The table of edition 13 against a second, independent transcription of the vendor's page, in both directions."""

from __future__ import annotations

from typing import Any

import pytest
from support import ROOT, data_in

from gwplan.planning import table as rules
from gwplan.planning.editions.v13 import ANY, ROWS, V13

BY_ID = {row.id: row for row in ROWS}
SEED = data_in(ROOT / "tests" / "planning" / "seed.yaml")
WORDS = {
    rules.PROXIES: "backup proxy",
    rules.LEAST_LOADED_PROXY: "backup proxy",
    rules.HOST: "Hyper-V host",
    rules.MOUNT_SERVER: "mount server of the repository",
    rules.SOURCE_MOUNT_SERVER: "mount server of the source repository",
    rules.BACKUP_SERVER: "backup server",
    rules.SOURCE_SERVER: "source repository",
    rules.SOURCE_GATEWAY: "gateway of the source repository",
    rules.WAN_ACCELERATOR: "WAN accelerator",
    rules.TAPE_SERVER: "tape server",
    rules.SELECTED: "selected gateway servers",
}
CELLS = [
    (row, cell, rule)
    for row in SEED["rows"]
    for cell in row["cells"]
    for rule in (cell["rule"] if isinstance(cell["rule"], list) else [cell["rule"]])
]
BEYOND = {entry["rule"]: entry["adds"] for entry in SEED["beyond_the_cell"]}


def _words(chain: rules.Chain) -> list[str]:
    return [WORDS[pool] for pool in chain]


@pytest.mark.parametrize(("row", "cell", "rule"), [pytest.param(*cell, id=cell[2]) for cell in CELLS])
def test_every_statement_of_the_page_is_a_rule(row: dict[str, Any], cell: dict[str, Any], rule: str) -> None:
    held = BY_ID[rule]
    named = _words(V13.pools(held))

    assert held.line.job == row["job"]
    assert [word for word in named if word in cell["gateway"]] == cell["gateway"]
    assert (None if (column := V13.synthetic_of(held)) is None else _words(column)) == row["synthetic"]


ON_THE_PAGE = [row for row in ROWS if row.id in {rule for _, _, rule in CELLS}]


@pytest.mark.parametrize("row", ON_THE_PAGE, ids=lambda row: row.id)
def test_every_server_that_a_rule_names_is_on_the_page(row: rules.Row) -> None:
    told = {word for _, cell, rule in CELLS if rule == row.id for word in cell["gateway"]}

    assert set(_words(V13.pools(row))) == told | set(BEYOND.get(row.id, []))


def test_every_rule_is_on_the_page_or_says_why_not() -> None:
    on_the_page = {rule for _, _, rule in CELLS}
    beyond = {entry["rule"] for entry in SEED["beyond_the_table"]}

    assert on_the_page | beyond == set(BY_ID)
    assert on_the_page & beyond == set()
    assert all(entry["because"] for entry in SEED["beyond_the_table"])


def test_the_rows_stand_in_the_order_of_the_page() -> None:
    order = list(dict.fromkeys(row["job"] for row in SEED["rows"]))
    held = [job for job in dict.fromkeys(row.line.job for row in ROWS) if job != ANY.job]

    assert held == order
