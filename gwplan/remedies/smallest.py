"""The smallest set of changes that leaves no single loss, of those that can be removed at all."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from gwplan.inventory.names import natural
from gwplan.remedies.changes import Change
from gwplan.remedies.hitting import fewest_places, number_of_names
from gwplan.remedies.places import Requirement, places_of
from gwplan.remedies.problems import Problem
from gwplan.remedies.search import Remedy, Search

_SETS = 6
"""Sets of equally few places that are tried at most."""


@dataclass(frozen=True)
class SmallestSet:
    """``proven``: no smaller set removes as much; else none has fewer changes than ``bound``."""

    changes: tuple[Change, ...]
    removes: tuple[Problem, ...]
    leaves: tuple[Problem, ...]
    proven: bool
    bound: int
    conditions: tuple[str, ...] = ()
    remedy: Remedy | None = None


def smallest_set(search: Search, losses: Collection[Problem]) -> SmallestSet:
    """Of all that can be removed: the fewest changes, then the fewest names, the nearest, the lowest worst load."""
    required: dict[Problem, tuple[Requirement, ...]] = {}
    for problem in losses:
        lack = search.requirements(problem)[0]
        if lack.hopeless is None:
            required[problem] = lack.requirements
    required = _without_dead_ends(search, required)
    if not required:
        return SmallestSet((), (), tuple(losses), True, 0)
    needed = {one for each in required.values() for one in each}
    fewest = fewest_places(needed)
    best: Remedy | None = None
    wanted = set(required)
    for places in fewest.sets[:_SETS]:
        made = search.best_at(places, needed, lambda remedy: wanted <= set(remedy.removes))
        if made is not None and (best is None or _order(made) < _order(best)):
            best = made
    placed = {work.name for work in search.before.survey.todo if work.has_choice}
    is_of_sets = all(placed.isdisjoint(problem.jobs) for problem in required)  # else extents are chosen by what serves
    proven = fewest.proven and is_of_sets
    if best is None:
        best, proven = _one_by_one(search, required), False
    if best is None:
        return SmallestSet((), (), tuple(losses), False, 0)
    left = tuple(problem for problem in losses if problem not in best.removes)
    bound = len(best.changes) if proven else min(fewest.bound if is_of_sets else 1, len(best.changes))
    return SmallestSet(best.changes, best.removes, left, proven, bound, best.conditions, best)


def _order(remedy: Remedy) -> tuple[object, ...]:
    """The fewest changes and names, then the nearest, the lowest worst load, names."""
    names = sorted(natural(name) for _, name in remedy.atoms)
    size = len(remedy.changes), number_of_names(remedy.atoms)
    return *size, bool(remedy.conditions), remedy.near, remedy.after.worst_share, names


def _without_dead_ends(
    search: Search, required: dict[Problem, tuple[Requirement, ...]]
) -> dict[Problem, tuple[Requirement, ...]]:
    """Without places that no list can take, and the problems that nothing is left for."""
    dead = {
        place
        for each in required.values() for one in each for bundle in one for place in places_of(bundle)
        if place.kind == "list" and frozenset() in search.keeping(place)
    }  # fmt: skip
    found: dict[Problem, tuple[Requirement, ...]] = {}
    for problem, each in required.items():
        left = tuple(frozenset(b for b in one if dead.isdisjoint(places_of(b))) for one in each)
        if all(left):
            found[problem] = left
    return found


def _one_by_one(search: Search, required: dict[Problem, tuple[Requirement, ...]]) -> Remedy | None:
    """Where the search found no set that does no harm: what is proven for each problem, added up as far as it goes."""
    best: Remedy | None = None
    taken: set[Requirement] = set()
    for problem, each in required.items():
        wider = taken | set(each)
        for places in fewest_places(wider).sets[:1]:
            made = search.best_at(places, wider, lambda remedy, problem=problem: problem in remedy.removes)  # type: ignore[misc]
            if made is not None:
                best, taken = made, wider
    return best
