"""The smallest set of changes that removes every single point of failure which can be removed at all."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice

from gwplan.remedies.changes import ProposedEdit, has_room
from gwplan.remedies.hitting import combined, fewest_places, number_of_names
from gwplan.remedies.places import Bundle, Place, Requirement, places_of
from gwplan.remedies.problems import Problem
from gwplan.remedies.remedy import Remedy, rank
from gwplan.remedies.search import Search
from gwplan.remedies.trying import every_set


@dataclass(frozen=True)
class SmallestSet:
    """``proven``: no smaller set removes as much; else none has fewer changes than ``bound``."""

    changes: tuple[ProposedEdit, ...]
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


def widened(search: Search, small: SmallestSet, remedies: Iterable[Remedy]) -> SmallestSet:
    """Where sets of servers do not tell all, as load chooses between extents or what runs anew hangs on something:
    with what was found to remove the rest, less what it then has no need of; and proven by trying every smaller set,
    where that can be done."""
    losses = [problem for problem in (*small.removes, *small.leaves) if problem.kind == "loss"]

    def number(remedy: Remedy) -> int:
        return sum(problem in remedy.removes for problem in losses)

    ordered = sorted((remedy for remedy in remedies if remedy.atoms), key=rank)
    best = max((*([small.remedy] if small.remedy else ()), *ordered), key=number, default=None)
    if best is None or not number(best):
        return small
    for problem in losses:
        for remedy in ordered if problem not in best.removes else ():
            if problem in remedy.removes and (both := _together(search, best, remedy, problem)) is not None:
                best = both
                break
    if best is small.remedy and small.proven:
        return small
    gone = {problem for problem in losses if problem in best.removes}
    best = search.without_idle_names(_without_idle_places(search, best, gone), gone)
    best, proven = _smaller(search, best, gone)
    left = tuple(problem for problem in losses if problem not in gone)
    bound = len(best.changes) if proven else 1
    return SmallestSet(best.changes, best.removes, left, proven, bound, best.conditions, best)


def _together(search: Search, best: Remedy, other: Remedy, problem: Problem) -> Remedy | None:
    """Both, where that does no harm and removes one problem more."""
    both = best.atoms | other.atoms
    made = search.at(both) if has_room(search.base.inventory, both) else None
    return made if made is not None and {*best.removes, problem} <= {*made.removes} else None


def _without_idle_places(search: Search, remedy: Remedy, gone: set[Problem]) -> Remedy:
    for place in sorted(places_of(remedy.atoms)):
        fewer = frozenset(atom for atom in remedy.atoms if atom[0] != place)
        made = search.at(fewer) if fewer and place.kind != "server" else None
        if made is not None and gone <= {*made.removes}:
            remedy = made
    return remedy


def _smaller(search: Search, best: Remedy, gone: set[Problem]) -> tuple[Remedy, bool]:
    """The smallest set that does the same, of those that are tried; and whether all with fewer changes were."""

    def size(atoms: Bundle) -> tuple[int, int]:
        return len(places_of(atoms)), number_of_names(atoms)

    fewer, whole = every_set(search, len(best.changes) - 1)
    for one in (*fewer, *every_set(search, len(best.changes))[0]):
        if size(one) < size(best.atoms) and (made := search.at(one)) is not None and gone <= {*made.removes}:
            best = made
    return best, whole


def _sets(
    search: Search, parts: Iterable[Iterable[frozenset[Place]]], needed: Collection[Requirement]
) -> Iterator[Bundle]:
    """Names that meet all requirements: for each part of them the best, then the next ones."""
    options: list[list[Bundle]] = []
    for sets in parts:
        found: dict[Bundle, None] = {}
        for places in sets:
            asked = [one for one in needed if any(places_of(bundle) <= places for bundle in one)]
            found.update(dict.fromkeys(islice(search.names_at(places, asked), search.patience)))
        options.append(sorted(found, key=search.order))
    yield from combined(options, search.order)


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
        made = search.first_good(_sets(search, fewest_places(wider).parts, wider), partial(_removes, problem))
        if made is not None:
            best, taken = made, wider
    return best


def _removes(problem: Problem, remedy: Remedy) -> bool:
    return problem in remedy.removes
