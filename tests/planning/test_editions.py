"""Editions: what the format knows is what the planner knows, and a version means the edition it should."""

from __future__ import annotations

from dataclasses import fields, replace
from itertools import pairwise
from typing import Any

import pytest
from support import ROOT, data_in, inventory_of, merged

from gwplan.checks import check
from gwplan.findings import UsageError
from gwplan.inventory.document import PRODUCT_VERSIONS
from gwplan.planning.editions import BY_ID, EDITIONS, edition_of, is_beyond_pages, refusing, require_known
from gwplan.planning.editions.between import RuleChange, between
from gwplan.planning.plan import plan

DATA = data_in(ROOT / "tests" / "cases" / "editions.yaml")
CASES = [pytest.param(case, id=f"{number}-{case['difference']}") for number, case in enumerate(DATA["cases"])]


def test_the_format_knows_the_editions_of_the_planner() -> None:
    assert {edition.id for edition in EDITIONS} == set(PRODUCT_VERSIONS)


@pytest.mark.parametrize(
    ("version", "edition"),
    [
        ("12", "12"),
        ("12.3.2", "12"),
        ("13", "13"),
        ("13.0.1.1071", "13"),
        ("13.1", "13"),
        ("13@2026-03-03", "13@2026-03-03"),
    ],
)
def test_a_version_means_an_edition(version: str, edition: str) -> None:
    assert edition_of(version).id == edition


@pytest.mark.parametrize("case", CASES)
def test_who_serves_under_one_edition_and_not_under_the_other(case: dict[str, Any]) -> None:
    data = merged(DATA["given"], case.get("change", {}))
    served = {}
    for edition in case["between"]:
        made = plan(inventory_of({**data, "product_version": edition}))
        (found,) = (d for d in made.decisions if all(getattr(d, k) == v for k, v in case["decision"].items()))
        served[edition] = found.gateway

    assert served == case["serves"]
    assert len(set(served.values())) == 2


@pytest.mark.parametrize("case", [case for case in CASES if "forbidden_later" in case.values[0]])  # type: ignore[operator]
def test_what_a_later_page_forbids_is_a_finding_that_names_it(case: dict[str, Any]) -> None:
    inventory = inventory_of({**merged(DATA["given"], case["change"]), "product_version": case["between"][0]})
    told = [finding.message for finding in check(plan(inventory)) if finding.code == case["forbidden_later"]]

    assert len(told) == 1
    assert BY_ID[case["between"][1]].cited in told[0]


def test_every_difference_between_two_editions_has_a_case() -> None:
    differing = {(one.id, other.id, change.what) for one, other in pairwise(EDITIONS) for change in between(one, other)}

    assert {(*case["between"], case["difference"]) for case in DATA["cases"]} == differing
    assert [between(edition, edition) for edition in EDITIONS] == [()] * len(EDITIONS)


def test_each_type_of_repository_and_system_that_one_edition_takes_has_a_case() -> None:
    """A case of a repository of this type, which a server of this system serves under the one edition alone."""
    differing = {
        (one.id, other.id, kind, system)
        for one, other in pairwise(EDITIONS)
        for kind in one.systems.keys() | other.systems.keys()
        for system in one.systems.get(kind, frozenset()) ^ other.systems.get(kind, frozenset())
    }
    found = set()
    for case in DATA["cases"]:
        given = merged(DATA["given"], case["change"])
        written = given["repositories"][given["jobs"][case["decision"]["job"]]["repository"]]["type"]
        found |= {
            (*case["between"], written, given["servers"][server]["os"]) for server in case["serves"].values() if server
        }

    assert found >= differing


def test_what_is_not_told_to_differ_is_the_very_same() -> None:
    """Else a difference between editions could be one that nobody tells, and that has no case."""
    told_in_words = {"rows", "systems", "hardened_serves", "fc_needs_selection"}
    of_the_page = {"id", "page", "date", "build", "systems_page", "follows", "_known"}
    for one, other in pairwise(EDITIONS):
        told = {change.what for change in between(one, other)}
        for row in one.rows:
            assert other.row_called(row.id) is row or f"row {row.id}" in told
        for field in fields(one):
            same = getattr(one, field.name) == getattr(other, field.name)
            assert same or field.name in told_in_words | of_the_page, field.name


def test_an_edition_wins_over_the_version_and_is_told() -> None:
    inventory = inventory_of({**DATA["given"], "product_version": "12.3"})

    assert plan(inventory).product_version == "12.3"
    assert plan(inventory, edition="12").product_version == "12.3"
    assert plan(inventory, edition="13@2026-03-03").product_version == "13@2026-03-03"


def test_the_first_edition_that_refuses_is_named() -> None:
    found = {(kind, since): refusing(kind, "hyperv", BY_ID[since])
             for kind in ("data_domain", "smb") for since in PRODUCT_VERSIONS}  # fmt: skip
    linux = refusing("smb", "linux", BY_ID["12"])

    assert {edition.id if edition else None for (kind, _), edition in found.items() if kind == "data_domain"} == {
        "13@2026-03-03"
    }
    assert {edition for (kind, _), edition in found.items() if kind == "smb"} == {None}
    assert linux is not None and linux.id == "12"


@pytest.mark.parametrize("version", ["11", "14", "13.x", "", "13@2026-03-04", "13@2026-03-03.1"])
def test_a_version_whose_rules_are_not_known_is_refused_with_the_list(version: str) -> None:
    with pytest.raises(UsageError) as raised:
        require_known(version)

    assert str(raised.value) == (
        f'the rules of version {version!r} are not known; those of "12", "13", "13@2026-03-03" are, and of their builds'
    )


@pytest.mark.parametrize(
    ("version", "is_beyond"),
    [("13", False), ("13.0", False), ("13.0.1.1071", False), ("13.1", True), ("13.2.0.1", True), ("12.3", False),
     ("13@2026-03-03", False)],
)  # fmt: skip
def test_a_version_beyond_the_pages_that_are_known(version: str, is_beyond: bool) -> None:
    assert is_beyond_pages(version) is is_beyond


def test_limits_in_which_no_two_editions_differ_yet_are_told_too() -> None:
    here = edition_of("13")
    there = replace(here, fc_needs_selection=False, hardened_serves=frozenset({"target", "source"}))
    nothing = replace(here, hardened_serves=frozenset())

    assert between(here, there)[-1] == RuleChange(
        "selection for an appliance over Fibre Channel", "explicitly", "either way"
    )
    assert between(nothing, there)[0] == RuleChange(
        "check role of the server of a hardened repository", "never serves", "serves as source, target"
    )
    assert between(here, here) == ()


def test_a_type_of_repository_that_an_edition_does_not_know_has_no_systems_there() -> None:
    here = edition_of("13")
    there = replace(here, systems={kind: systems for kind, systems in here.systems.items() if kind != "smb"})

    assert between(here, there) == (
        RuleChange("check os of a gateway server for smb", "windows, linux, hyperv", None),
    )
