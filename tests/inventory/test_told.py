"""What an inventory's first draft gets wrong is told with the right spelling; telling it stays cheap."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import ROOT, data_in, inventory_of, merged

from gwplan.findings import InventoryError
from gwplan.inventory.files import read_sources
from gwplan.inventory.load import load_sources
from gwplan.inventory.names import Guesses, natural, nearest
from gwplan.inventory.source import Source

CASES: list[dict[str, Any]] = data_in(ROOT / "tests/cases/inventory/told.yaml")
BASE: dict[str, Any] = {"gwplan": 1, "backup_server": "vbr", "servers": {"vbr": {"os": "windows"}}}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["told"][0][:60])
def test_first_drafts(case: dict[str, Any]) -> None:
    with pytest.raises(InventoryError) as raised:
        inventory_of(merged(BASE, case["change"]))

    assert sorted(f"{found.message} → {found.fix}" for found in raised.value.findings) == sorted(case["told"])


def test_an_empty_backup_server_names_its_line() -> None:
    with pytest.raises(InventoryError) as raised:
        load_sources((Source("a.yaml", "gwplan: 1\nservers: {vbr: {os: windows}}\nbackup_server:\n"),))

    (finding,) = raised.value.findings
    assert finding.location is not None
    assert (finding.location.line, finding.message, finding.fix) == (
        3, "`backup_server` of the inventory is empty", "add `backup_server: NAME`",
    )  # fmt: skip


def test_a_text_without_the_version_of_the_format_is_told_what_to_add() -> None:
    with pytest.raises(InventoryError) as raised:
        load_sources((Source("a.yaml", "servers: {vbr: {os: windows}}\nbackup_server: vbr\n"),))

    assert [(f.message, f.fix) for f in raised.value.findings] == [("the inventory has no `gwplan`", "add `gwplan: 1`")]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_named(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.yaml").write_text("gwplan: 1\n", encoding)
    with pytest.raises(InventoryError, match="the text is not UTF-8; it looks like UTF-16"):
        read_sources(str(tmp_path / "a.yaml"))


@given(st.integers(1, 6000), st.integers(1, 6000))
def test_runs_of_digits_of_any_length_compare_as_numbers(one: int, other: int) -> None:
    assert (natural("9" * one) < natural("9" * other)) == (one < other)
    assert natural("9" * one) < natural("1" + "0" * one)


WORDS = st.text("abx01-", min_size=1, max_size=9)


@given(st.lists(WORDS, max_size=8, unique=True), st.lists(WORDS, min_size=1, max_size=5))
def test_the_index_of_a_section_guesses_as_one_look_at_all_its_names_does(names: list[str], words: list[str]) -> None:
    guesses = Guesses(names)

    assert [guesses.nearest(word) for word in words] == [nearest(word, names) for word in words]


@pytest.mark.parametrize("length", [1, 100, 240])
@pytest.mark.parametrize("slip", [lambda name: f"_{name[1:]}", lambda name: f"__{name[2:]}"], ids=["one", "two"])
def test_guesses_cost_no_more_than_names_by_length(length: int, slip: Any) -> None:
    names = [f"{'a' * length}{number:05d}" for number in range(2000)]
    guesses = Guesses(names)

    for name in names:
        guesses.nearest(slip(name))

    assert guesses.comparisons <= 100 * len(names) + 50_000
