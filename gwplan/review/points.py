"""Single points of failure that are new or gone between two sweeps."""

from __future__ import annotations

from functools import cache

from gwplan.failures.compare import is_bad_news, what_if
from gwplan.failures.effect import Result
from gwplan.failures.sweep import Sweep
from gwplan.inventory.names import natural
from gwplan.planning.decision import Key
from gwplan.planning.ledger import unsorted
from gwplan.planning.trace import BAD


def points_only_in(one: Sweep, other: Sweep) -> tuple[str, ...]:
    """The single points of one sweep that the other has not, as far as they stop what is served on both sides."""
    new = set(one.single_points) - set(other.single_points)
    stopped = _Stopped(one, other)
    found = (result.down[0] for result in one.results if result.down[0] in new and stopped.has_some(result))
    return tuple(sorted(found, key=natural))


class _Stopped:
    """What a loss of one sweep stops and the other side serves. Only the jobs that a loss hits are looked at."""

    def __init__(self, one: Sweep, other: Sweep) -> None:
        self._plan = one.base.plan
        decided, served = self._plan.decisions.by_job, other.base.plan.decisions.by_job

        @cache
        def keys(job: str) -> frozenset[Key]:
            return frozenset(decision.key for decision in unsorted(decided.get(job, ())))

        @cache
        def served_keys(job: str) -> frozenset[Key]:
            made = unsorted(served.get(job, ()))
            return frozenset(decision.key for decision in made if decision.outcome not in BAD)

        self._keys, self._served = keys, served_keys

    def has_some(self, result: Result) -> bool:
        jobs = result.lost.keys() | result.blocked.keys()
        if all(self._keys(job) <= self._served(job) for job in jobs):
            return True
        if all(self._keys(job).isdisjoint(self._served(job)) for job in jobs):
            return False
        lost = what_if(self._plan, down=result.down)
        return any(is_bad_news(change) and change.decision.key in self._served(change.decision.job)
                   for change in lost.changes)  # fmt: skip
