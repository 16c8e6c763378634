"""Single points of failure that are new or gone between two sweeps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gwplan.failures.compare import is_bad_news, what_if
from gwplan.failures.effect import Result
from gwplan.failures.sweep import Sweep
from gwplan.inventory.names import natural
from gwplan.planning.decision import Key
from gwplan.planning.plan import Plan
from gwplan.planning.trace import BAD


def points_only_in(one: Sweep, other: Sweep) -> tuple[str, ...]:
    """The single points of one sweep that the other has not, as far as they stop what is served on both sides."""
    new = set(one.single_points) - set(other.single_points)
    if not new:
        return ()
    served = _served(other.base.plan)
    decided = _keys(one.base.plan)
    found = (result.down[0] for result in one.results if result.down[0] in new and _stops(one, result, decided, served))
    return tuple(sorted(found, key=natural))


def _stops(sweep: Sweep, result: Result, decided: Mapping[str, set[Key]], served: Mapping[str, set[Key]]) -> bool:
    """Whether a loss stops a decision that the other side serves."""
    jobs = result.lost.keys() | result.blocked.keys()
    if all(decided[job] <= served.get(job, set()) for job in jobs):
        return True
    if all(decided[job].isdisjoint(served.get(job, ())) for job in jobs):
        return False
    lost = what_if(sweep.base.plan, down=result.down)
    return any(
        is_bad_news(change) and change.decision.key in served.get(change.decision.job, ()) for change in lost.changes
    )


def _served(plan: Plan) -> dict[str, set[Key]]:
    return _collected((decision.job, decision.key) for decision in plan.decisions if decision.outcome not in BAD)


def _keys(plan: Plan) -> dict[str, set[Key]]:
    return _collected((decision.job, decision.key) for decision in plan.decisions)


def _collected(pairs: Iterator[tuple[str, Key]]) -> dict[str, set[Key]]:
    found: dict[str, set[Key]] = {}
    for job, key in pairs:
        found.setdefault(job, set()).add(key)
    return found
