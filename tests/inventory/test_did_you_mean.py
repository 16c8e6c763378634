"""Did you mean: slips of the pen are found, far words never, the same kind of thing comes first."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from support import inventory_of

from gwplan.findings import InventoryError, UsageError
from gwplan.inventory.names import nearest
from gwplan.network import elements

NAMES = st.text(alphabet="abcgwx0123-", min_size=3, max_size=10)
ESTATES = st.lists(NAMES, min_size=1, max_size=8, unique=True)


def distance(a: str, b: str) -> int:
    """Characters that are wrong, missing, too many, or swapped with their neighbour: the definition, word for word."""

    @cache
    def slips(i: int, j: int) -> int:
        if not i or not j:
            return i + j
        found = [slips(i - 1, j) + 1, slips(i, j - 1) + 1, slips(i - 1, j - 1) + (a[i - 1] != b[j - 1])]
        if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
            found.append(slips(i - 2, j - 2) + 1)
        return min(found)

    return slips(len(a), len(b))


@given(NAMES, ESTATES)
def test_a_guess_is_near_and_nothing_is_nearer(word: str, names: list[str]) -> None:
    guess = nearest(word, names)
    limit = 1 if len(word) <= 4 else 2
    others = [name for name in names if name != word]

    if guess is None:
        assert all(distance(word, name) > limit for name in others)
    else:
        assert guess in others
        assert distance(word, guess) == min(distance(word, name) for name in others) <= limit


@given(NAMES, st.data())
def test_swapped_neighbours_are_one_slip(name: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(name) - 2))
    swapped = name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    assume(swapped != name)

    assert nearest(swapped, [name, "something-else-entirely"]) == name


@given(st.text(alphabet="abcgwx0123-", min_size=4, max_size=10), st.data())
def test_one_wrong_missing_or_superfluous_character_is_found(name: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(name) - 1))
    for slip in (name[:at] + "z" + name[at + 1 :], name[:at] + name[at + 1 :], name[:at] + "z" + name[at:]):
        assert nearest(slip, [name]) == name


@given(NAMES, ESTATES)
def test_the_order_of_the_options_does_not_matter(word: str, names: list[str]) -> None:
    assert nearest(word, names) == nearest(word, reversed(names)) == nearest(word, sorted(names))


@given(NAMES)
def test_upper_and_lower_case_are_no_slip(name: str) -> None:
    assume(name.upper() != name)

    assert nearest(name.upper(), [name, f"{name.upper()}z"]) == name


@pytest.mark.parametrize(
    ("word", "options", "guess"),
    [
        ("gw10", ["gw01", "gw1", "gw100"], "gw1"),
        ("gw-pairs-01", ["gw-paris-01", "gw-paris-02"], "gw-paris-01"),
        ("gw-paris-03", ["gw-paris-01", "gw-lyon-03"], "gw-paris-01"),
        ("repository", ["proxy", "tape"], None),
        ("a", ["b"], None),
        ("gw01", ["gw01"], None),
        ("backup_cpoy", ["backup", "backup_copy", "file_backup_copy"], "backup_copy"),
    ],
)
def test_what_people_mean(word: str, options: list[str], guess: str | None) -> None:
    assert nearest(word, options) == guess


ESTATE: dict[str, Any] = {
    "backup_server": "vbr",
    "servers": {"vbr": {"os": "windows"}, "store-1": {"os": "windows"}},
    "repositories": {"store-2": {"type": "smb", "gateway_servers": ["store-9"]}},
}


def test_a_reference_is_compared_with_its_own_kind_first() -> None:
    with pytest.raises(InventoryError) as raised:
        inventory_of(ESTATE)

    assert [finding.fix for finding in raised.value.findings] == ["did you mean 'store-1'?"]


def test_a_name_of_another_kind_is_never_guessed_for_a_reference() -> None:
    estate = {**ESTATE, "repositories": {"store-22": {"type": "smb", "gateway_servers": ["store-21"]}}}
    estate["servers"] = {"vbr": {"os": "windows"}}
    with pytest.raises(InventoryError) as raised:
        inventory_of(estate)

    assert "did you mean" not in raised.value.findings[0].fix


def test_down_prefers_servers() -> None:
    estate = {**ESTATE, "repositories": {"store-2": {"type": "smb"}}}
    with pytest.raises(UsageError, match="did you mean 'store-1'"):
        elements(inventory_of(estate), ["store-9"])
