"""The pipeline: what is decided at once, the extents, the fold, and the plan in its order."""

from __future__ import annotations

import gc
from collections.abc import Container, Iterable

from gwplan.inventory.model import Inventory
from gwplan.inventory.names import natural
from gwplan.network import elements
from gwplan.planning.fold import Fold
from gwplan.planning.placement import Placement, place
from gwplan.planning.rulings import World
from gwplan.planning.trace import Decision, Plan
from gwplan.planning.units import Work, works

STRATEGIES = ("nearest", "spread")


class _EveryJob:
    def __contains__(self, name: object) -> bool:
        return True


EVERY_JOB = _EveryJob()
"""For ``trace``: keep the ranks of all decisions."""


def plan(
    inventory: Inventory,
    *,
    down: Iterable[str] = frozenset(),
    strategy: str = "nearest",
    trace: Container[str] = (),
) -> Plan:
    """Which gateway server serves every task, and what takes over. A pure function.

    ``down`` names what is down, as ``--down`` does; ``strategy`` is ``nearest`` or ``spread``; ``trace`` has the jobs
    whose decisions keep the rank of each server. Raises UsageError for a name that nothing has.
    """
    fallen = elements(inventory, down)
    world = World(inventory, fallen)
    todo = works(inventory)
    baseline = place(World(inventory) if fallen else world, todo)
    placement = place(world, todo, baseline) if fallen else baseline
    return planned(world, todo, baseline, placement, strategy, trace)[0]


def planned(
    world: World,
    todo: tuple[Work, ...],
    baseline: Placement,
    placement: Placement,
    strategy: str,
    trace: Container[str] = (),
) -> tuple[Plan, Fold]:
    """The plan of a world whose extents are chosen, and the fold that made it."""
    inventory = world.inventory
    fold = Fold(world, baseline, placement, spread=strategy == "spread", trace=trace)
    was_enabled = gc.isenabled()
    gc.disable()  # decisions are many, small and never garbage
    try:
        fold.all(todo)
        decisions = _sorted(fold.decisions)
    finally:
        if was_enabled:
            gc.enable()
    others = (name for name, job in inventory.jobs.items() if job.enabled and job.type == "other")
    made = Plan(
        product_version=inventory.product_version,
        strategy=strategy,
        down=tuple(sorted((f"{kind}:{name}" for kind, name in world.network.down), key=natural)),
        decisions=decisions,
        gateways=fold.gateways(),
        not_covered=tuple(sorted(others, key=natural)),
        idle=tuple(sorted(fold.idle)),
    )
    return made, fold


def _sorted(decisions: list[Decision]) -> tuple[Decision, ...]:
    """By job, operation, side, repository, task; names in natural order."""
    rulings = {id(decision.ruling): decision.ruling for decision in decisions}
    heads = {key: (natural(r.job), r.operation, r.side, natural(r.repository)) for key, r in rulings.items()}
    units = sorted({decision.unit.name for decision in decisions}, key=natural)
    tail = {name: number for number, name in enumerate(units)}
    order = {head: number * len(units) for number, head in enumerate(sorted(set(heads.values())))}
    first = {key: order[head] for key, head in heads.items()}
    return tuple(sorted(decisions, key=lambda d: first[id(d.ruling)] + tail[d.unit.name]))
