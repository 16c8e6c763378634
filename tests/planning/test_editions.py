"""Editions: what the format knows is what the planner knows, and a version means the edition it should."""

from __future__ import annotations

import pytest

from gwplan.inventory.document import PRODUCT_VERSIONS
from gwplan.planning.editions import EDITIONS, edition_of


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
