"""The smallest sets that meet all requirements, exactly: first the fewest places, then the fewest names.

A bound says how far a search went where it had to end before it was through.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import NamedTuple

from gwplan.remedies.places import Atom, Bundle, Place, Requirement, places_of

_STEPS = 200_000
"""Nodes of a search tree that are looked at at most."""
_KEPT = 64
"""Sets of the same size that are kept."""
_ALIKE = 4
"""Names of equal effect that are kept."""

Places = frozenset[Place]
Order = Callable[[Bundle], tuple[object, ...]]


class Fewest(NamedTuple):
    """All smallest sets that were found. Where they are not ``proven`` to be smallest, ``bound`` is below them."""

    sets: tuple[Places, ...]
    proven: bool
    bound: int


def places_up_to(requirements: Collection[Requirement], most: int) -> tuple[list[Places], bool]:
    """The minimal sets of at most so many places in which all requirements can be met, and whether that is all."""
    ways = _ways(requirements)
    found: set[Places] = set()
    steps = 0
    stack: list[Places] = [frozenset()]
    seen = {frozenset[Place]()}
    while stack:
        steps += 1
        if steps > _STEPS:
            return _minimal(found), False
        chosen = stack.pop()
        if any(one <= chosen for one in found):
            continue
        left = next((way for way in ways if not any(one <= chosen for one in way)), None)
        if left is None:
            found.add(chosen)
            continue
        for one in left:
            wider = chosen | one
            if len(wider) <= most and wider not in seen:
                seen.add(wider)
                stack.append(wider)
    return _minimal(found), True


def fewest_places(requirements: Collection[Requirement]) -> Fewest:
    """The sets with the fewest places in which all requirements can be met. Each of them can be met somewhere."""
    parts = _components(_ways(requirements))
    sets: list[Places] = [frozenset()]
    bound, proven = 0, True
    for part in parts:
        least = _packed(part)
        for size in range(least, len(part) * 3 + 1):
            found, whole = _of_size(part, size)
            if found or not whole:
                break
        proven &= whole
        bound += size if whole else least
        if not found:
            found = [_greedy(part)]
        sets = [one | other for one in sets for other in found][:_KEPT]
    return Fewest(tuple(sets), proven, bound)


def fewest_names(
    requirements: Iterable[Requirement], places: Places, order: Order, one_each: Callable[[Bundle], bool], most: int = 8
) -> list[Bundle]:
    """The sets with the fewest names at these places that meet all requirements, in order. ``one_each`` says whether
    names have room together.

    Of names of equal effect only the first few by ``order`` are looked at.
    """
    allowed = {frozenset(b for b in requirement if places_of(b) <= places) for requirement in requirements}
    if frozenset() in allowed:
        return []
    needed = sorted((one for one in allowed if not any(other < one for other in allowed)), key=len)
    solved = [_fewest_of(part, order, one_each, most) for part in _apart(needed)]
    if not all(solved):
        return []
    best = frozenset(atom for sets in solved for atom in sets[0])
    others = (
        (best - sets[0]) | other for sets in solved for other in sets[1:] if one_each((best - sets[0]) | other)
    )
    return sorted({best, *others}, key=order) if one_each(best) else []


# --- places -----------------------------------------------------------------------------------------------------------

_Way = frozenset[Places]


def _ways(requirements: Iterable[Requirement]) -> list[_Way]:
    """For each requirement the sets of places where it can be met; those that follow from others are left out."""
    ways = {frozenset(_minimal(places_of(bundle) for bundle in requirement)) for requirement in requirements}
    return sorted((w for w in ways if not any(o < w for o in ways)), key=lambda w: (len(w), sorted(map(_in_order, w))))


def _minimal(sets: Iterable[Places]) -> list[Places]:
    each = set(sets)
    least = (one for one in each if not any(other < one for other in each))
    return sorted(least, key=lambda one: (len(one), _in_order(one)))


def _components(ways: list[_Way]) -> list[list[_Way]]:
    """Requirements that share no place with others are met by themselves."""
    parts: list[tuple[set[Place], list[_Way]]] = []
    for way in ways:
        places = {place for one in way for place in one}
        joined = [part for part in parts if not part[0].isdisjoint(places)]
        for part in joined:
            parts.remove(part)
            places |= part[0]
        parts.append((places, [other for part in joined for other in part[1]] + [way]))
    return [part[1] for part in parts]


def _packed(ways: list[_Way]) -> int:
    """No fewer than these: requirements that have no place in common need a place each."""
    taken: set[Place] = set()
    number = 0
    for way in ways:
        places = {place for one in way for place in one}
        if taken.isdisjoint(places):
            taken |= places
            number += min(map(len, way))
    return number


def _of_size(ways: list[_Way], size: int) -> tuple[list[Places], bool]:
    found: list[Places] = []
    seen: set[Places] = {frozenset()}
    stack: list[Places] = [frozenset()]
    steps = 0
    while stack:
        steps += 1
        if steps > _STEPS:
            return found, False
        chosen = stack.pop()
        left = [way for way in ways if not any(one <= chosen for one in way)]
        if not left:
            found.append(chosen)
            if len(found) >= _KEPT:
                return found, True
            continue
        if len(chosen) + _packed_beyond(left, chosen) > size:
            continue
        _, number = min((len(way), number) for number, way in enumerate(left))
        for one in sorted(left[number], key=_in_order, reverse=True):
            wider = chosen | one
            if len(wider) <= size and wider not in seen:
                seen.add(wider)
                stack.append(wider)
    return found, True


def _packed_beyond(ways: list[_Way], chosen: Places) -> int:
    return _packed([frozenset(one - chosen for one in way) for way in ways])


def _in_order(places: Places) -> list[Place]:
    return sorted(places)


def _greedy(ways: list[_Way]) -> Places:
    chosen: Places = frozenset()
    left = ways
    while left:
        options = {one for way in left for one in way}
        best = max(options, key=lambda one: (sum(any(o <= chosen | one for o in way) for way in left), -len(one)))
        chosen |= best
        left = [way for way in left if not any(one <= chosen for one in way)]
    return chosen


# --- names ------------------------------------------------------------------------------------------------------------


def _apart(needed: list[Requirement]) -> list[list[Requirement]]:
    """Requirements that share no place with others are met by themselves."""
    parts: list[tuple[set[Place], list[Requirement]]] = []
    for requirement in needed:
        places = {place for bundle in requirement for place in places_of(bundle)}
        joined = [part for part in parts if not part[0].isdisjoint(places)]
        for part in joined:
            parts.remove(part)
            places |= part[0]
        parts.append((places, [other for part in joined for other in part[1]] + [requirement]))
    return [part[1] for part in parts]


def _fewest_of(
    needed: list[Requirement], order: Order, one_each: Callable[[Bundle], bool], most: int
) -> list[Bundle]:
    effects: dict[Bundle, frozenset[int]] = {}
    for number, requirement in enumerate(needed):
        for bundle in requirement:
            effects[bundle] = effects.get(bundle, frozenset()) | {number}
    alike: dict[tuple[object, ...], list[Bundle]] = {}
    for bundle in sorted(effects, key=order):
        same = alike.setdefault((effects[bundle], places_of(bundle), len(bundle)), [])
        if len(same) < _ALIKE:
            same.append(bundle)
    kept = {bundle for same in alike.values() for bundle in same}
    narrowed = [sorted(requirement & kept, key=order) for requirement in needed]
    for size in range(1, most + 1):
        found: set[Bundle] = set()
        _hit(narrowed, frozenset(), size, one_each, found, [_STEPS])
        if found:
            return sorted(found, key=order)
    return []


def _hit(
    needed: list[list[Bundle]], chosen: Bundle, size: int, one_each: Callable[[Bundle], bool], found: set[Bundle],
    steps: list[int],
) -> None:  # fmt: skip
    steps[0] -= 1
    if steps[0] < 0 or len(found) >= _KEPT:
        return
    left = next((one for one in needed if not any(bundle <= chosen for bundle in one)), None)
    if left is None:
        found.add(chosen)
        return
    for bundle in left:
        wider = chosen | bundle
        if number_of_names(wider) <= size and one_each(wider):
            _hit(needed, wider, size, one_each, found, steps)


def number_of_names(atoms: Iterable[Atom]) -> int:
    """Names that are added; a server that is bought is a change of its own."""
    return sum(place.kind != "server" for place, _ in atoms)
