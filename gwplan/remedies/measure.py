"""An inventory measured: its plan, every single loss, what each gateway carries at worst, and the findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from gwplan.checks import check
from gwplan.failures.effect import Effect
from gwplan.failures.loss import Loss
from gwplan.failures.peak import Peaks
from gwplan.failures.survey import Survey, survey
from gwplan.failures.sweep import elements_of
from gwplan.findings import Finding, Severity
from gwplan.inventory.model import Inventory
from gwplan.planning.carried import Carried, at_once
from gwplan.planning.decision import Key
from gwplan.planning.plan import Plan, plan
from gwplan.planning.rank import slots
from gwplan.planning.tasks import Case
from gwplan.planning.trace import BAD

Unit = tuple[str, str, str, Case | str]
"""Decisions that fall together: job, operation, side, and their case or task."""
Progress = Callable[[int, int], None]
NEW_ERROR = "an error finding is new"


class Numbers(NamedTuple):
    """What is kept of a measured inventory, to be told and compared."""

    single_points_of_failure: int
    failed: int
    blocked: int
    worst_share: float
    wan_decisions: int
    findings: int
    overloaded: frozenset[str]


@dataclass(frozen=True)
class Measured:
    """``losses`` and ``effects`` by element, as ``kind:name``; fewer than all only after an interrupt."""

    survey: Survey
    losses: Mapping[str, Loss]
    effects: Mapping[str, Effect]
    is_whole: bool = True

    @property
    def plan(self) -> Plan:
        return self.survey.plan

    @property
    def inventory(self) -> Inventory:
        return self.survey.inventory

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        return check(self.plan)

    @cached_property
    def errors(self) -> Counter[tuple[object, ...]]:
        """The findings that are errors."""
        return Counter((f.code, f.subject) for f in self.findings if f.severity is Severity.ERROR)

    @cached_property
    def bad(self) -> frozenset[Key]:
        """The decisions that are not served."""
        return frozenset(d.key for served, found in self.plan.groups if served.ruling.outcome in BAD for d in found)

    @cached_property
    def crossing(self) -> frozenset[Key]:
        """The decisions whose data crosses a WAN link."""
        return frozenset(
            d.key for served, found in self.plan.groups if served.way.wan_hops and served.ruling.outcome not in BAD
            for d in found
        )  # fmt: skip

    @cached_property
    def points(self) -> tuple[str, ...]:
        """The single points of failure."""
        return tuple(name for name, effect in self.effects.items() if effect.result.is_single_point)

    @cached_property
    def loads(self) -> Mapping[str, Carried]:
        """What the gateways carry after each loss."""
        return {name: effect.loads for name, effect in self.effects.items()}

    @cached_property
    def worst(self) -> Mapping[str, tuple[float, str | None]]:
        """The largest share of each gateway that is ever above its slots, and the loss under which that is."""
        found: dict[str, tuple[float, str | None]] = {}
        for element, loads in [(None, self.survey.loads), *self.loads.items()]:
            for server, tasks in at_once(self.inventory, loads).items():
                share = tasks / slots(self.inventory, server)
                if share > 1 and share > found.get(server, (0.0, None))[0]:
                    found[server] = share, element
        return found

    @cached_property
    def numbers(self) -> Numbers:
        summary = self.plan.summary
        return Numbers(
            len(self.points), summary["failed"], summary["blocked"], self.worst_share, len(self.crossing),
            len(self.findings), frozenset(self.worst),
        )  # fmt: skip

    @cached_property
    def worst_share(self) -> float:
        """The largest share of the plan and of any single loss."""
        peaks = [self.survey.peak, *(e.result.peak for e in self.effects.values())]
        return max((peak[1] for peak in peaks if peak is not None), default=0.0)

    @cached_property
    def _failing(self) -> frozenset[Unit]:
        """What is not served with nothing lost, by case and by task."""
        cases = {
            (side.job, side.operation, side.side, needs.ruled.case)
            for needs in self.survey.cases
            for side in needs.ruled.sides
            if side.outcome in BAD
        }
        return frozenset({*cases, *self.bad})

    def hangs_more(self, element: str, before: Measured) -> bool:
        """Whether something that was served before now hangs on an element on which it did not hang."""
        new = self.hanging_on(element) - before.hanging_on(element) - before._failing
        by_case = all(not isinstance(unit, str) for *_, unit in new)
        if by_case and not (self.survey.extents or before.survey.extents):
            return bool(new)
        return not self.hanging_tasks(element) - before.hanging_tasks(element) <= before._bad_machines

    def fails_more(self, before: Measured) -> bool:
        """Whether something fails that was served before; of a task of several machines, machine by machine."""
        new = self.bad - before.bad
        if all(key[0] in self.survey.lumped for key in new):
            return bool(new) and not self._bad_machines <= before._bad_machines
        return True

    def hanging_on(self, element: str) -> set[Unit]:
        """What is served and would not be without an element."""
        effect = self.effects.get(element)
        return {(hit.job, hit.operation, hit.side, hit.unit) for hit in effect.hits} if effect else set()

    def hanging_tasks(self, element: str) -> set[tuple[str, str, str, str]]:
        """The same machine by machine, which holds whatever extents are chosen."""
        loss = self.losses.get(element)
        return loss.bad_everywhere() - self._bad_machines if loss else set()

    @cached_property
    def _bad_machines(self) -> set[tuple[str, str, str, str]]:
        return Loss(self.survey, frozenset()).bad_everywhere()


def measure(inventory: Inventory, strategy: str, progress: Progress | None = None) -> Measured:
    """Plan and sweep an inventory. An interrupt ends it with what is known so far."""
    base = survey(inventory, strategy)
    losses: dict[str, Loss] = {}
    effects: dict[str, Effect] = {}
    elements = elements_of(inventory)
    try:
        for number, element in enumerate(elements, 1):
            name = ":".join(element)
            loss = Loss(base, frozenset({element}))
            effect = loss.effect()
            losses[name], effects[name] = loss, effect
            if progress:
                progress(number, len(elements))
    except KeyboardInterrupt:
        return Measured(base, losses, effects, is_whole=False)
    return Measured(base, losses, effects)


def measure_limits(before: Measured, inventory: Inventory) -> Measured:
    """The same inventory with other limits of repositories that are no extents. They decide about nothing but how much
    runs at once: who serves, and what each loss takes, is known."""
    old = before.survey
    made = plan(inventory, strategy=old.strategy)
    peaks = Peaks(inventory, old.loads, old.peaks.room)
    effects = {
        name: effect._replace(result=replace(effect.result, peak=peaks.after(effect.more)))
        for name, effect in before.effects.items()
    }
    return Measured(replace(old, inventory=inventory, plan=made, peaks=peaks), before.losses, effects)


def harm(before: Measured, after: Measured) -> str | None:
    """What forbids a change: it newly fails or blocks something, lets it hang on a loss on which it does not hang
    today, or brings an error. None where nothing does."""
    if after.fails_more(before):
        return "something newly fails"
    for element, effect in after.effects.items():
        if effect.hits and after.hangs_more(element, before):
            return f"something newly hangs on {element}"
    return NEW_ERROR if after.errors - before.errors else None
