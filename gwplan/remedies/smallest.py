"""The smallest set of changes that removes every single point of failure which can be removed at all."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice

from gwplan.remedies.changes import KeyChange
from gwplan.remedies.hitting import fewest_places
from gwplan.remedies.places import Bundle, Place, Requirement, places_of
from gwplan.remedies.problems import Problem
from gwplan.remedies.remedy import Remedy
from gwplan.remedies.search import Search


@dataclass(frozen=True)
class SmallestSet:
    """``proven``: no smaller set removes as much; else none has fewer changes than ``bound``."""

    changes: tuple[KeyChange, ...]
    removes: tuple[Problem, ...]
    leaves: tuple[Problem, ...]
    proven: bool
    bound: int
    conditions: tuple[str, ...] = ()
    remedy: Remedy | None = None


def smallest_set(search: Search, losses: Collection[Problem]) -> SmallestSet:
    """What removes all that can be removed: with the fewest changes, the fewest names, the nearest, the least load."""
    required: dict[Problem, tuple[Requirement, ...]] = {}
    for problem in losses:
        lack = search.requirements(problem)
        if lack.hopeless is None:
            required[problem] = lack.requirements
    required = _without_dead_ends(search, required)
    if not required:
        return SmallestSet((), (), tuple(losses), True, 0)
    needed = {one for each in required.values() for one in each}
    fewest = fewest_places(needed)
    wanted = set(required)
    best = search.first_good(_sets(search, fewest.parts, needed), lambda remedy: wanted <= set(remedy.removes))
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


def _sets(
    search: Search, parts: Iterable[Iterable[frozenset[Place]]], needed: Collection[Requirement]
) -> Iterator[Bundle]:
    """Names that meet all requirements: for each part of them the best, then for one part after the other the next."""
    options: list[list[Bundle]] = []
    for sets in parts:
        found: dict[Bundle, None] = {}
        for places in sets:
            asked = [one for one in needed if any(places_of(bundle) <= places for bundle in one)]
            found.update(dict.fromkeys(islice(search.names_at(places, asked), search.patience)))
        options.append(sorted(found, key=search.order))
    if not all(options):
        return
    best: Bundle = frozenset().union(*(found[0] for found in options))
    yield best
    others = ((best - found[0]) | other for found in options for other in found[1:])
    yield from sorted(others, key=search.order)


def _without_dead_ends(
    search: Search, required: dict[Problem, tuple[Requirement, ...]]
) -> dict[Problem, tuple[Requirement, ...]]:
    """The requirements without places where no list is possible, and the problems for which something is left."""
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
        places: frozenset[Place] = frozenset().union(*(sets[0] for sets in fewest_places(wider).parts))
        made = search.best_at(places, wider, partial(_removes, problem))
        if made is not None:
            best, taken = made, wider
    return best


def _removes(problem: Problem, remedy: Remedy) -> bool:
    return problem in remedy.removes
