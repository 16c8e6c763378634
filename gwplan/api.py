"""The public functions and types, in one place: what ``import gwplan`` gives."""

from __future__ import annotations

from collections.abc import Iterable
from os import PathLike

from gwplan.checks import check as _check
from gwplan.failures.compare import WhatIf, what_if
from gwplan.failures.sweep import Sweep, sweep
from gwplan.findings import Finding, InventoryError, UsageError
from gwplan.inventory.load import load as _load
from gwplan.inventory.model import Inventory
from gwplan.pictures.model import MOST_NODES, Picture
from gwplan.pictures.picture import picture as _picture
from gwplan.planning.decision import Decision
from gwplan.planning.plan import Plan, plan
from gwplan.planning.select import explained
from gwplan.remedies.recommend import Recommendation, recommend
from gwplan.review.diff import Diff, diff

__all__ = [
    "Decision", "Diff", "Finding", "Inventory", "InventoryError", "Picture", "Plan", "Recommendation", "Sweep",
    "UsageError", "WhatIf", "check", "diff", "explain", "graph", "load", "plan", "recommend", "sweep", "whatif",
]  # fmt: skip


def load(path: str | PathLike[str]) -> Inventory:
    """Read an inventory: a file, a directory of files, or ``-`` for standard input. docs/inventory.md has the format.

    Raises InventoryError, whose ``findings`` are everything that is wrong with it, each with its place.
    """
    return _load(str(path))


def check(inventory: Inventory, made: Plan | None = None) -> tuple[Finding, ...]:
    """What is wrong, fragile or against the vendor's documentation: all that ``gwplan validate`` finds, with places.

    No comment and no setting keeps a finding quiet here. ``made`` is a plan that is checked instead of one made here,
    such as one with something down. The vendor's page is ``finding.rule.reference``; docs/rules.md has all rules.
    """
    return _check(made or plan(inventory))


def explain(
    inventory: Inventory,
    job: str,
    task: str | None = None,
    *,
    operation: str | None = None,
    side: str | None = None,
    down: Iterable[str] = frozenset(),
    strategy: str = "nearest",
) -> tuple[Decision, ...]:
    """The decisions of one job or task with all their tiers, candidates, verdicts and ranks (``decision.tiers()``).

    ``job`` may be a machine, too: what each job decides about it, in the order of the night. ``task`` is a machine or a
    group of them. ``operation`` is ``data``, ``synthetic``, ``maintenance`` or ``restore``, ``side`` is ``source`` or
    ``target``; ``down`` and ``strategy`` are those of ``plan``. Raises UsageError where nothing so called is decided.
    """
    return explained(inventory, job, task, operation=operation, side=side, down=down, strategy=strategy)[1]


def whatif(inventory: Inventory, down: Iterable[str], *, strategy: str = "nearest") -> WhatIf:
    """What fails at once and what the next start changes when something is lost.

    Tasks that run fail when a machine, a role or a route that they use is lost (gateway_server.html#requirements); the
    next start plans without it. ``down`` and ``strategy`` are those of ``plan``. Raises UsageError for a name that
    nothing has.
    """
    return what_if(plan(inventory, strategy=strategy), down=down)


def graph(
    inventory: Inventory,
    view: str = "flow",
    *,
    down: Iterable[str] = (),
    strategy: str = "nearest",
    job: str | None = None,
    site: str | None = None,
    focus: str | None = None,
    depth: int = 1,
    detail: bool = False,
) -> Picture:
    """A view of a plan as nodes, edges and bands: ``flow``, ``network``, or ``job`` with the name of one.

    With something ``down`` the flow is held against the plan with nothing down. ``site`` keeps only what touches a
    site, ``focus`` what is at most ``depth`` steps from something. Equal nodes are one until there are at most 60,
    unless ``detail``. Raises UsageError for a name that nothing has.
    """
    fallen = (down,) if isinstance(down, str) else tuple(down)
    made = plan(inventory, down=fallen, strategy=strategy)
    against = plan(inventory, strategy=strategy) if fallen else None
    most = None if detail else MOST_NODES
    return _picture(made, view, against=against, job=job, site=site, focus=focus, depth=depth, most=most)
