"""Findings by theme: what is wrong, fragile or against the vendor's documentation in an inventory and its plan.

A check is one value, and a theme lists its own. Checks read; they never decide.
"""

from __future__ import annotations

from collections.abc import Iterator

from gwplan.checks import (
    availability,
    candidates,
    cannot_run,
    capacity,
    chains,
    compatibility,
    editions,
    eligibility,
    limits,
    model,
    nfs,
    paths,
    proxies,
    proximity,
    roles,
    scale_out,
    space,
    systems,
    wan_accelerators,
)
from gwplan.checks.quiet import RULES_OF_COMMENTS
from gwplan.checks.shape import Check
from gwplan.checks.view import View
from gwplan.findings import BAD_FORM, Finding, Rule
from gwplan.inventory.places import place
from gwplan.planning.plan import Plan

CHECKS: tuple[Check, ...] = (
    *model.CHECKS,
    *editions.CHECKS,
    *paths.CHECKS,
    *cannot_run.CHECKS,
    *eligibility.CHECKS,
    *nfs.CHECKS,
    *systems.CHECKS,
    *roles.CHECKS,
    *proxies.CHECKS,
    *candidates.CHECKS,
    *availability.CHECKS,
    *proximity.CHECKS,
    *wan_accelerators.CHECKS,
    *capacity.CHECKS,
    *limits.CHECKS,
    *space.CHECKS,
    *compatibility.CHECKS,
    *chains.CHECKS,
    *scale_out.CHECKS,
)

RULES_BY_CODE: dict[str, Rule] = {
    rule.code: rule
    for rule in sorted((*BAD_FORM, *(one.rule for one in CHECKS), *RULES_OF_COMMENTS), key=lambda rule: rule.code)
}
"""Every rule by its code and in the order of the codes, those of unreadable inventories included."""
RULES = tuple(RULES_BY_CODE.values())


def check(plan: Plan) -> tuple[Finding, ...]:
    """Everything that the checks find, placed in the text and in its order."""
    return place(findings_of(plan), plan.inventory.text)


def findings_of(plan: Plan) -> Iterator[Finding]:
    """The same without their places, in the order of the checks."""
    view = View(plan)
    return (finding for one in CHECKS for finding in one(view))
