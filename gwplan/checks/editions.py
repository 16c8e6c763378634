"""Checks of the edition: a version of the product whose own page nobody knows."""

from __future__ import annotations

from collections.abc import Iterator

from gwplan.checks.shape import Hit, check_for, on_value
from gwplan.checks.view import View
from gwplan.findings import Rule, Severity
from gwplan.planning.editions import is_beyond_pages


@check_for(Rule(
    "GW159", "version-without-a-page", Severity.NOTE, "gateway_server.html",
    why="No page of the vendor for this version is known to gwplan: the rules of the latest page of its major are "
    "taken, which may differ from what this version does.",
    fix="Compare the vendor's page of your version with `gwplan rules`.",
))  # fmt: skip
def version_without_a_page(view: View) -> Iterator[Hit]:
    version, edition = view.inventory.product_version, view.plan.world.edition
    if is_beyond_pages(version):
        yield Hit(
            "inventory", "product_version",
            f"no page of the vendor for version {version} is known: the rules of edition {edition.id} are taken, "
            f"of {edition.cited}, build {edition.build}",
            on_value("product_version"),
        )  # fmt: skip


CHECKS = (version_without_a_page,)
