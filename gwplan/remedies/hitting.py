"""The smallest sets that meet all requirements, exactly: first the fewest places, then the fewest names.

A bound says how far a search went where it had to end before it was through.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import NamedTuple

from gwplan.inventory.components import components
from gwplan.remedies.places import Atom, Bundle, Place, Requirement, places_of

_STEPS = 200_000
"""The most nodes of a search tree that are looked at."""
_KEPT = 64
"""The most sets of the same size that are kept."""
_ALIKE = 4
"""The most names of equal effect that are kept."""
_MOST_NAMES = 8
_WIDENED = 4
"""The most sets that are widened by a name."""

Places = frozenset[Place]
Order = Callable[[Bundle], tuple[object, ...]]


class Fewest(NamedTuple):
    """Requirements that share no place with others, each with all smallest sets of places that were found for it. Where
    they are not ``proven`` to be smallest, ``bound`` is below all of them together."""

    parts: tuple[tuple[Places, ...], ...]
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
    parts: list[tuple[Places, ...]] = []
    bound, proven = 0, True
    for part in _components(_ways(requirements)):
        size = least = _packed(part)
        found, whole = _of_size(part, size)
        while not found and whole:
            size += 1
            found, whole = _of_size(part, size)
        proven &= whole
        bound += size if whole else least
        parts.append(tuple(found or [_greedy(part)]))
    return Fewest(tuple(parts), proven, bound)


def name_sets(
    requirements: Iterable[Requirement], places: Places, order: Order, one_each: Callable[[Bundle], bool],
    others: Iterable[Bundle] = (),
) -> Iterator[Bundle]:  # fmt: skip
    """Sets of names at these places that meet all requirements: those with the fewest names in order, then larger ones.

    ``one_each`` says whether names have room together; ``others`` are names that no requirement asks for. Of names of
    equal effect only the first few by ``order`` are looked at.
    """
    allowed = {frozenset(b for b in requirement if places_of(b) <= places) for requirement in requirements}
    if frozenset() in allowed:
        return
    needed = [one for one in allowed if not any(other < one for other in allowed)]
    parts = [_Part(part, order, one_each) for part in _apart(sorted(needed, key=len))]
    if not all(part.least for part in parts):
        return
    best: Bundle = frozenset().union(*(part.least[0] for part in parts))
    told: dict[Bundle, None] = {}
    for sets in ([part.least for part in parts], [part.larger() for part in parts]):
        more = ((best - part.least[0]) | other for part, others in zip(parts, sets, strict=True) for other in others)
        for one in sorted({one for one in more if one_each(one)} - told.keys(), key=order):
            told[one] = None
            yield one
    bundles = sorted({*others, *(bundle for requirement in needed for bundle in requirement)}, key=order)
    for one in [*told][:_WIDENED]:
        for bundle in bundles:
            wider = one | bundle
            if wider not in told and one_each(wider):
                told[wider] = None
                yield wider
    everything: Bundle = frozenset()
    for bundle in bundles:
        everything = everything | bundle if one_each(everything | bundle) else everything
    if everything not in told:
        yield everything


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


def _components(ways: Iterable[_Way]) -> list[list[_Way]]:
    """Requirements that share no place with others are met by themselves."""
    return components(ways, lambda way: frozenset[Place]().union(*way))


def _packed(ways: list[_Way]) -> int:
    """A lower bound on the places: requirements that have no place in common need places of their own."""
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


def _apart(needed: Iterable[Requirement]) -> list[list[Requirement]]:
    """Requirements in groups, none of which asks for a place of another."""
    return components(needed, lambda requirement: {p for bundle in requirement for p in places_of(bundle)})


class _Part:
    """Requirements that are met together."""

    def __init__(self, needed: list[Requirement], order: Order, one_each: Callable[[Bundle], bool]) -> None:
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
        self._needed = [sorted(requirement & kept, key=order) for requirement in needed]
        self._order, self._one_each = order, one_each
        self.size, self.least = 0, list[Bundle]()
        while not self.least and self.size < _MOST_NAMES:
            self.size += 1
            self.least = self._of_size(self.size)

    def larger(self) -> list[Bundle]:
        """The sets with one name more of which no name can go."""
        return self._of_size(self.size + 1)

    def _of_size(self, size: int) -> list[Bundle]:
        found: set[Bundle] = set()
        _hit(self._needed, frozenset(), size, self._one_each, found, [_STEPS])
        return sorted(found, key=self._order)


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
