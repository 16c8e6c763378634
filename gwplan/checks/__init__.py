"""Findings by theme: what is wrong, fragile or against the vendor's documentation in an inventory and its plan.

One small function per rule, its metadata beside it, one ordered tuple of all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gwplan.checks import compatibility, eligibility, model
from gwplan.findings import Finding
from gwplan.inventory.model import Inventory, place
from gwplan.planning.trace import Plan

Check = Callable[[Inventory, Plan], Iterator[Finding]]

CHECKS: tuple[Check, ...] = (
    model.extent_targeted_directly,
    model.ignored_gateway_servers,
    model.not_covered,
    model.key_without_effect,
    model.source_holds_nothing,
    eligibility.hyperv_host_listed,
    eligibility.hyperv_on_host_automatic,
    eligibility.reading_proxy_may_not_serve,
    eligibility.no_mount_server,
    eligibility.object_gateway_default,
    compatibility.fast_clone_needs_windows,
)


def check(inventory: Inventory, plan: Plan) -> tuple[Finding, ...]:
    """Everything that the checks find, placed in the text and in its order."""
    return place((finding for one in CHECKS for finding in one(inventory, plan)), inventory.text)
