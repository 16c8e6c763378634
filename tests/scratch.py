"""What losses cost by planning without them from scratch, which every shortcut is held against."""

from __future__ import annotations

from collections import Counter

from gwplan.failures.compare import WhatIf, what_if
from gwplan.failures.effect import Result
from gwplan.failures.sweep import elements_of
from gwplan.inventory.model import Inventory
from gwplan.planning.plan import Plan, plan
from gwplan.planning.trace import BAD


def whatif(inventory: Inventory, down: list[str], strategy: str = "nearest") -> WhatIf:
    return what_if(plan(inventory, strategy=strategy), down=down)


def from_scratch(before: Plan, down: list[str]) -> Result:
    """What a loss costs, by planning with it."""
    found = what_if(before, down=down)
    by_kind = {kind: Counter(change.decision.job for change in found.of(kind)) for kind in ("lost", "blocked")}
    shares = [(load.share, load.server) for load in found.after.gateways if load.tasks]
    most = max((share for share, _ in shares), default=0.0)
    peak = min(((server, share) for share, server in shares if share == most), default=None)
    return Result(
        tuple(sorted(down)), by_kind["lost"], by_kind["blocked"], len(found.of("moved")), peak, found.is_bad_news
    )


def bad(made: Plan) -> set[tuple[str, ...]]:
    return {
        (d.job, d.operation, d.side, machine)
        for d in made.decisions
        if d.outcome in BAD
        for machine in (d.workloads or (d.task,))
    }


def pairs_from_scratch(inventory: Inventory) -> dict[tuple[str, ...], Result]:
    """Every pair that loses what neither loses alone, by planning once for each."""
    names = [f"{kind}:{name}" for kind, name in elements_of(inventory)]
    before = plan(inventory)
    none = bad(before)
    alone = {name: bad(plan(inventory, down=[name])) for name in names}
    pairs = (tuple(sorted((one, other))) for i, one in enumerate(names) for other in names[i + 1 :])
    return {
        pair: from_scratch(before, list(pair))
        for pair in pairs
        if bad(plan(inventory, down=pair)) - alone[pair[0]] - alone[pair[1]] - none
    }
