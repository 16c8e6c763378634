"""Findings by theme: what is wrong, fragile or against the vendor's documentation in an inventory and its plan.

One small function per rule, its metadata beside it, one ordered tuple of all. Checks read; they never decide.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gwplan.checks import availability, candidates, capacity, compatibility, eligibility, model, proximity
from gwplan.checks.report import RULES as RULES_OF_COMMENTS
from gwplan.checks.view import View
from gwplan.findings import BAD_FORM, Finding, Rule
from gwplan.inventory.model import Inventory
from gwplan.inventory.places import place
from gwplan.planning.plan import Plan

Check = Callable[[View], Iterator[Finding]]

CHECKS: tuple[tuple[Rule, Check], ...] = (
    *model.CHECKS,
    *eligibility.CHECKS,
    *candidates.CHECKS,
    *availability.CHECKS,
    *proximity.CHECKS,
    *capacity.CHECKS,
    *compatibility.CHECKS,
)

RULES: tuple[Rule, ...] = tuple(
    sorted({rule.code: rule for rule in (*BAD_FORM, *(rule for rule, _ in CHECKS), *RULES_OF_COMMENTS)}.values(), key=lambda r: r.code)
)
"""Every rule by its code, those of unreadable inventories included."""
RULES_BY_CODE = {rule.code: rule for rule in RULES}


def check(inventory: Inventory, plan: Plan) -> tuple[Finding, ...]:
    """Everything that the checks find, placed in the text and in its order."""
    view = View(inventory, plan)
    return place((finding for _, one in CHECKS for finding in one(view)), inventory.text)
