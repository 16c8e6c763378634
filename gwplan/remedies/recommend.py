"""What would help an inventory: its problems, the smallest set of changes against single losses, and suggestions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

from gwplan.findings import UsageError
from gwplan.inventory.model import Inventory
from gwplan.planning.plan import Plan
from gwplan.remedies.changes import ProposedEdit, bought_servers
from gwplan.remedies.load import against_overload, relieves
from gwplan.remedies.measure import Measured, Numbers, measure
from gwplan.remedies.places import CHANGE_KINDS
from gwplan.remedies.problems import KINDS, Problem, problems_of, scope_of
from gwplan.remedies.remedy import Remedy, rank
from gwplan.remedies.search import Search
from gwplan.remedies.smallest import SmallestSet, smallest_set, widened
from gwplan.remedies.trying import by_trying, has_choice
from gwplan.remedies.why import Why

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class BeforeAfter:
    """What changes do, before and after, as measured."""

    single_points_of_failure: tuple[int, int]
    failed: tuple[int, int]
    blocked: tuple[int, int]
    worst_share: tuple[float, float]
    wan_decisions: tuple[int, int]
    findings: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Changes that remove something. ``conditions``: what they rest on that the inventory does not say."""

    changes: tuple[ProposedEdit, ...]
    removes: tuple[str, ...]
    conditions: tuple[str, ...]
    effect: BeforeAfter


@dataclass(frozen=True)
class Recommendation:
    """What would help. ``helped`` has the ids of problems that something removes, ``why`` the reason for each of the
    others; ``unsure`` those of them against which not all that may help could be tried. An interrupt leaves what was
    known until then: ``is_whole`` is False."""

    plan: Plan = field(repr=False)
    problems: tuple[Problem, ...]
    helped: frozenset[str]
    why: Mapping[str, str]
    smallest_set: SmallestSet | None
    smallest_effect: BeforeAfter | None
    suggestions: tuple[Suggestion, ...]
    found: int
    """Suggestions in all, of which the first are given."""
    changes_tried: int
    is_whole: bool = True
    unsure: frozenset[str] = frozenset()

    def __repr__(self) -> str:
        return f"<Recommendation: {len(self.problems)} problems, {len(self.helped)} helped, {self.found} suggestions>"

    @property
    def to_make(self) -> tuple[ProposedEdit, ...]:
        """The smallest set, without one the first suggestion."""
        if self.smallest_set is not None and self.smallest_set.changes:
            return self.smallest_set.changes
        return self.suggestions[0].changes if self.suggestions else ()


def recommend(
    inventory: Inventory,
    *,
    kinds: Collection[str] = KINDS,
    jobs: Collection[str] = (),
    repositories: Collection[str] = (),
    only: Collection[str] = CHANGE_KINDS,
    new_servers: Iterable[str] = (),
    max_changes: int = 2,
    top: int = 10,
    strategy: str = "nearest",
    progress: Progress | None = None,
) -> Recommendation:
    """Look for changes that help, and prove each by planning and sweeping the changed inventory.

    ``kinds`` are those of problems: failing, loss, overload, wan; ``jobs`` and ``repositories`` narrow them. ``only``
    are the kinds of changes: list, mount, proxy, limit, zone, server. ``new_servers`` may be bought, each as
    ``SITE[:OS[:CORES[:MEMORY]]]``. One problem takes at most ``max_changes``, and ``top`` suggestions are given.
    Raises UsageError for a job, a repository or a site that is not there.
    """
    scope = scope_of(inventory, kinds, jobs, repositories)
    if unknown := [kind for kind in only if kind not in CHANGE_KINDS]:
        raise UsageError(f"{unknown[0]!r} is no kind of change: {', '.join(CHANGE_KINDS)}")
    bought: dict[str, dict[str, Any]] = dict(bought_servers(inventory, new_servers))
    before = measure(inventory, strategy, progress)
    problems = problems_of(before, scope)
    nothing = SmallestSet((), (), (), proven=True, bound=0) if "loss" in scope.kinds and before.is_whole else None
    told = Recommendation(before.plan, problems, frozenset(), {}, nothing, None, (), 0, 0, before.is_whole)
    if not before.is_whole or not problems:
        return told
    return _Looking(before, Search(before, problems, scope, only, bought), max_changes, top, progress).through(told)


class _Looking:
    """A search that tells what it knows when it is interrupted."""

    def __init__(
        self, before: Measured, search: Search, most: int, top: int, progress: Progress | None
    ) -> None:
        self._before, self._search, self._most, self._top = before, search, most, top
        self._tell = progress or (lambda *_: None)
        self._found: dict[object, Remedy] = {}
        self._smallest: SmallestSet | None = None
        self._why: dict[str, str] = {}
        self._untried: set[str] = set()

    def through(self, told: Recommendation) -> Recommendation:
        whole = True
        try:
            self._look()
        except KeyboardInterrupt:
            whole = False
        ranked = sorted(self._found.values(), key=rank)
        helped = {problem.id for remedy in ranked for problem in remedy.removes}
        smallest = self._smallest
        if smallest is not None:
            helped.update(problem.id for problem in smallest.removes)
        suggestions = tuple(
            Suggestion(r.changes, tuple(p.id for p in r.removes), r.conditions, self._effect(r.after))
            for r in ranked[: self._top]
        )
        return replace(
            told,
            helped=frozenset(helped),
            why={name: why for name, why in self._why.items() if name not in helped},
            smallest_set=smallest,
            smallest_effect=self._effect(smallest.remedy.after) if smallest and smallest.remedy else None,
            suggestions=suggestions,
            found=len(ranked),
            changes_tried=self._search.tried,
            is_whole=whole,
            unsure=frozenset({*self._search.cut, *self._untried} - helped),
        )

    def _look(self) -> None:
        search, problems = self._search, self._search.problems
        losses = [problem for problem in problems if problem.kind == "loss"]
        if "loss" in search.scope.kinds:
            self._smallest = smallest_set(search, losses)
        for number, problem in enumerate(_in_turn(problems), 1):
            self._tell(number, len(problems))
            if search.is_over and problem.kind != "overload":  # limits cost no sweep
                self._untried.add(problem.id)
                continue
            for made in self._against(problem):
                remedy = search.without_idle_names(made, made.removes)
                self._found.setdefault(remedy.key, remedy)
        helped = {p.id for remedy in self._found.values() for p in remedy.removes}
        small = self._smallest
        if small is not None and (
            any(problem.id in helped for problem in small.leaves) or any(has_choice(search, one) for one in losses)
        ):
            self._smallest = widened(search, small, self._found.values())
        if self._smallest is not None:
            helped.update(problem.id for problem in self._smallest.removes)
        why = Why(search, self._most)
        for problem in problems:
            if problem.id not in helped:
                self._why[problem.id] = why.not_helped(problem, is_tried=problem.id not in self._untried)
                if not why.is_open(problem):
                    self._untried.discard(problem.id)

    def _against(self, problem: Problem) -> Iterator[Remedy]:
        """What sets and loads say of it; where they do not say all, what is found by trying."""
        search, most = self._search, self._most
        is_load, errors = problem.kind == "overload", search.errors
        made = against_overload(search, problem, most) if is_load else search.for_problem(problem, most)
        first = next(made, None)
        if first is not None:
            return chain((first,), made)
        if is_load:
            return by_trying(search, problem, most, lambda remedy: relieves(remedy, search, problem))
        if problem.kind != "wan" and (has_choice(search, problem) or search.errors > errors):
            return by_trying(search, problem, most, lambda remedy: problem in remedy.removes)
        return iter(())

    def _effect(self, after: Numbers) -> BeforeAfter:
        old = self._before.numbers
        return BeforeAfter(
            (old.single_points_of_failure, after.single_points_of_failure),
            (old.failed, after.failed),
            (old.blocked, after.blocked),
            (old.worst_share, after.worst_share),
            (old.wan_decisions, after.wan_decisions),
            (old.findings, after.findings),
        )


def _in_turn(problems: Iterable[Problem]) -> list[Problem]:
    """The first of each kind, then the second of each, so that a search that has to end leaves no kind out."""
    seen: Counter[str] = Counter()
    turns: dict[Problem, int] = {}
    for problem in problems:
        turns[problem] = seen[problem.kind]
        seen[problem.kind] += 1
    return sorted(turns, key=turns.__getitem__)
