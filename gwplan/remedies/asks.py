"""What a problem asks for: the requirements that have to be met for it to go away, or why nothing helps."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

from gwplan.failures.loss import Loss
from gwplan.failures.needs import Needs
from gwplan.failures.survey import Survey
from gwplan.inventory.names import natural
from gwplan.planning import table
from gwplan.planning.rulings import Ruled
from gwplan.planning.tasks import Case
from gwplan.planning.trace import BAD, Ruling
from gwplan.remedies.lacks import Lack, Lacks
from gwplan.remedies.measure import Measured
from gwplan.remedies.places import Bundle, Requirement
from gwplan.remedies.problems import Problem, Scope, ways_within

Asked = dict[Needs, set[str]]
"""Cases, and which of their sides have to be served."""


class Asks:
    """What many problems ask for. ``base`` is the inventory with what may be bought, ``losses`` its single losses."""

    def __init__(
        self, before: Measured, base: Survey, losses: Mapping[str, Loss], scope: Scope, lacks: Lacks
    ) -> None:
        self.before, self.base, self.losses, self.scope, self.lacks = before, base, losses, scope, lacks
        self._needs: dict[tuple[str, str], list[Needs]] = {}
        self._ruled: dict[Ruling, Ruled] = {}
        for needs in base.cases:
            self._needs.setdefault((needs.job, needs.ruled.sides[0].operation), []).append(needs)
            for side in needs.ruled.sides:
                self._ruled.setdefault(side, needs.ruled)

    def of(self, problem: Problem) -> Lack:
        """What has to be met for a problem to go away; for overload nothing, as sets of servers cannot tell."""
        if problem.kind == "loss":
            return self._of_loss(problem)
        if problem.kind == "failing":
            return self._of_failing(problem)
        return self._of_crossing(problem) if problem.kind == "wan" else Lack()

    def _of_loss(self, problem: Problem) -> Lack:
        loss = self.losses[problem.element]
        asked: Asked = {}
        for hit in self.before.effects[problem.element].hits:
            if hit.is_bad_news and self.scope.has(hit.job, hit.repository):
                asked.update(self._asked(hit.job, hit.operation, hit.unit, loss))
        return self._together(asked, loss)

    def _of_failing(self, problem: Problem) -> Lack:
        asked: Asked = {}
        operations = {(key[0], key[1]) for key in problem.keys}
        repository = problem.element.rpartition(":repository:")[2]
        for job, operation in operations:
            whole = job in self.base.lumped
            for needs in self._needs.get((job, operation), ()):
                sides = {s.side for s in needs.ruled.sides if s.outcome in BAD and s.repository == repository}
                if sides and whole:
                    asked.update(self._asked(job, operation, "", None))
                elif sides:
                    asked[needs] = sides
        return self._together(asked, None)

    def _asked(self, job: str, operation: str, unit: Case | str, loss: Loss | None) -> Asked:
        """The cases that have to be served, with their sides: those that are served with nothing lost. Of a task of
        several machines the first that runs says who serves it, the others have to be read."""
        found: Asked = {}
        is_led = False
        for needs in self._needs.get((job, operation), ()):
            sides = {side.side for side in needs.ruled.sides if side.is_served or loss is None}
            if not isinstance(unit, str):
                if needs.ruled.case == unit:
                    found[needs] = sides
                continue
            first = (loss.ruled(needs) if loss else needs.ruled).sides[0]
            healthy = needs.ruled.sides[0]
            if first.outcome == "blocked" and (first.reason == "source_down" or healthy.outcome == "blocked") and loss:
                continue
            found[needs] = set() if is_led and needs.ruled.work.job.tape is None else sides
            is_led = True
        return found

    def _together(self, asked: Asked, loss: Loss | None) -> Lack:
        found: dict[Requirement, None] = {}
        for needs, sides in asked.items():
            lack = self.lacks.of(needs, loss, sides)
            if lack.hopeless is not None:
                return lack
            found.update(dict.fromkeys(lack.requirements))
        for required in found:
            if not required:
                return Lack(hopeless="nothing that is there may take its place")
        return Lack(tuple(found))

    def _of_crossing(self, problem: Problem) -> Lack:
        base = self.base
        found: dict[Requirement, None] = {}
        for served, decisions in base.plan.groups:
            if not served.way.wan_hops or served.ruling.job not in problem.jobs:
                continue
            if problem.keys.isdisjoint(decision.key for decision in decisions):
                continue
            ruled = self._ruled[served.ruling]
            side_of = {side.side: side for side in ruled.sides}
            bundles: set[Bundle] = set()
            for gateways in ways_within(base.world, ruled, served):
                options = []
                for side, names in gateways.items():
                    ruling, ordered = side_of[side], sorted(names, key=natural)
                    options.append(
                        [
                            *self.lacks.listing(ruling.repository, ordered),
                            *self.lacks.mounting(ruling, ruling.repository, table.MOUNT_SERVER, ordered),
                            *self.lacks.mounting(ruling, ruled.case.source or "", table.SOURCE_MOUNT_SERVER, ordered),
                        ]
                    )
                bundles.update(frozenset().union(*parts) for parts in product(*options))
            found[frozenset(bundles)] = None
        if not all(found):
            return Lack(hopeless="no server that stands on its way can be added")
        return Lack(tuple(found))
