"""One set of elements lost, and what it costs: only what it touches is ruled again, what it reaches served anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from functools import cached_property

from gwplan.failures.carried_after import carried_after
from gwplan.failures.effect import Effect, Result, Taken, Tally
from gwplan.failures.lost import Lost
from gwplan.failures.needs import Kind, Needs
from gwplan.failures.replaced import count, placed_again, with_placed
from gwplan.failures.survey import Survey
from gwplan.network import Element
from gwplan.planning.carried import Carried
from gwplan.planning.plan import Plan, decide, serve
from gwplan.planning.serving import WAVES, Serving
from gwplan.planning.tasks import Case, Work
from gwplan.planning.trace import BAD, Ruling


class Loss(Lost):
    """A set of elements lost, with the chains placed again that it moves, and what becomes of all tasks."""

    def __init__(self, base: Survey, down: frozenset[Element], less: Sequence[Lost] = ()) -> None:
        super().__init__(base, down, less)
        if self.tiers:
            self.placed = placed_again(self)
            self.replaced = frozenset[str]().union(*(placed.moved for placed in self.placed.values()))
            if self.replaced:
                self.placement = with_placed(base.placement, self.placed.values())

    def served(self, works: Iterable[Work], *, spread: bool, operations: Container[str] = WAVES) -> Serving:
        """Some jobs served by themselves."""
        serving = Serving(self.world, spread=spread, operations=operations)
        serve(serving, works, self.placement, self.base.placement)
        return serving

    def bad_everywhere(self) -> set[tuple[str, str, str, str]]:
        """(job, operation, side, machine or task) of all that cannot be served, from the plan made from scratch."""
        return {
            (d.job, d.operation, d.side, machine)
            for d in self.made[0].decisions
            if d.outcome in BAD
            for machine in (d.workloads or (d.task,))
        }

    @cached_property
    def made(self) -> tuple[Plan, Serving]:
        """The plan from scratch, and the loads that made it."""
        base = self.base
        return decide(self.world, base.todo, self.placement, base.placement, base.strategy)

    # --- the result ---------------------------------------------------------------------------------------------------

    def result(self) -> Result:
        """What it costs."""
        return self.effect().result

    def effect(self) -> Effect:
        """The same, with all that it is counted from."""
        tally, lumped = Tally(), dict[str, Work | None]()
        changed: defaultdict[str, dict[Case, Kind]] = defaultdict(dict)
        for needs in self.touched:
            if needs.job in self.replaced:
                continue
            kind, is_hit = needs.kind, self.hits(needs.kind)
            if needs.job not in self.base.lumped:
                self._count_sides(tally, needs, self.now(kind).sides if is_hit else needs.ruled.sides)
            elif is_hit or needs.job not in lumped:
                lumped[needs.job] = needs.ruled.work if is_hit else None
            if needs.ruled.is_data and self.changes_who(kind):
                changed[needs.job][needs.ruled.case] = self.then(kind)
        for name in self.replaced:
            if not self._count_replaced(tally, self.base.works[name]):
                return self._effect_from_scratch()
        for name, work in lumped.items():
            self._count_lumped(tally, name, work)
            for needs in self.base.of_job.get(name, ()) if work else ():
                changed[name].setdefault(needs.ruled.case, self.then(needs.kind))
        return self._effect(tally, carried_after(self, changed))

    def _count_replaced(self, tally: Tally, work: Work) -> bool:
        """A job whose chains are placed otherwise. False where only load says what becomes of it."""
        if not work.job.enabled:
            return True
        if work.name not in self.base.lumped:
            return count(self, work, tally)
        self._count_lumped(tally, work.name, work)
        return True

    def _count_sides(self, tally: Tally, needs: Needs, after: Iterable[Ruling]) -> None:
        for was, now in zip(needs.ruled.sides, after, strict=True):
            number = self.base.numbers.get(was, 0)
            if was.outcome in BAD or not number:
                continue
            if now.outcome in BAD:
                is_bad_news, case = now.reason != "source_down", needs.ruled.case
                hit = Taken(was.job, was.operation, was.side, was.repository, case, number, is_bad_news)
                tally.take(now.outcome, hit)
            else:
                tally.moved += self._moved(was, now)

    def _moved(self, was: Ruling, now: Ruling) -> int:
        """How many decisions of a ruling another server serves, because theirs no longer may."""
        movers = self.base.movers.get(was)
        if movers is None or now.outcome != "assigned":
            return 0
        if was is now:  # the ruling stands, so that only servers that are down no longer serve
            return sum(movers[name] for name in self.servers if name in movers)
        return sum(number for name, number in movers.items() if name not in now.eligible)

    def _count_lumped(self, tally: Tally, name: str, work: Work | None) -> None:
        """A job whose tasks hold several machines: planned again by itself where a ruling of it is touched."""
        before = self.base.decisions.get(name, [])
        if work is None:
            rulings = dict.fromkeys(decision.ruling for decision in before)
            tally.moved += sum(self._moved(ruling, ruling) for ruling in rulings)
        else:
            fold = self.served([work], spread=self.base.strategy == "spread")
            tally.compare(before, fold.decisions, self.world)

    def _effect_from_scratch(self) -> Effect:
        tally = Tally()
        made, fold = self.made
        tally.compare(self.base.plan.decisions, made.decisions, self.world)
        more = fold.data
        more.subtract(self.base.loads)
        return self._effect(tally, more)

    def _effect(self, tally: Tally, more: Carried) -> Effect:
        return tally.effect(self.down, self.base.loads, more, self.base.peaks.after(more))
