"""The smallest sets that meet all requirements, exactly: first the fewest places, then the fewest names.

A bound says how far a search went where it had to end before it was through.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple, TypeVar

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
    found, whole = _hitting([sorted(way, key=sorted) for way in _ways(requirements)], most, len)
    return _minimal(found), whole


def fewest_places(requirements: Collection[Requirement]) -> Fewest:
    """The sets with the fewest places in which all requirements can be met. Each of them can be met somewhere."""
    parts: list[tuple[Places, ...]] = []
    bound, proven = 0, True
    for part in _components(_ways(requirements)):
        size = least = _packed(part, len)
        options = [sorted(way, key=sorted) for way in part]
        found, whole = _hitting(options, size, len, enough=_KEPT)
        while not found and whole:
            size += 1
            found, whole = _hitting(options, size, len, enough=_KEPT)
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
    told: dict[Bundle, None] = {}
    for options in ([part.least for part in parts], [part.least + part.larger() for part in parts]):
        for one in islice(combined(options, order), _KEPT):
            if one not in told and one_each(one):
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


def combined(options: Sequence[Sequence[Bundle]], order: Order) -> Iterator[Bundle]:
    """One option of each, together: the best first, where each list begins with its best."""
    first = (0,) * len(options)
    waiting = {first: frozenset[Atom]().union(*(each[0] for each in options))} if all(options) else {}
    seen = {first}
    while waiting:
        at = min(waiting, key=lambda one: (order(waiting[one]), one))
        yield waiting.pop(at)
        for number, each in enumerate(options):
            following = (*at[:number], at[number] + 1, *at[number + 1 :])
            if following[number] < len(each) and following not in seen:
                seen.add(following)
                waiting[following] = frozenset[Atom]().union(*(o[n] for o, n in zip(options, following, strict=True)))


# --- places -----------------------------------------------------------------------------------------------------------

_Way = frozenset[Places]


def _ways(requirements: Iterable[Requirement]) -> list[_Way]:
    """For each requirement the sets of places where it can be met; those that follow from others are left out."""
    ways = {frozenset(_minimal(places_of(bundle) for bundle in requirement)) for requirement in requirements}
    return sorted((w for w in ways if not any(o < w for o in ways)), key=lambda w: (len(w), sorted(map(sorted, w))))


def _minimal(sets: Iterable[Places]) -> list[Places]:
    each = set(sets)
    least = (one for one in each if not any(other < one for other in each))
    return sorted(least, key=lambda one: (len(one), sorted(one)))


def _components(ways: Iterable[_Way]) -> list[list[_Way]]:
    """Requirements that share no place with others are met by themselves."""
    return components(ways, lambda way: frozenset[Place]().union(*way))


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
        found, _ = _hitting(self._needed, size, number_of_names, fits=self._one_each, enough=_KEPT)
        return sorted(found, key=self._order)


def number_of_names(atoms: Iterable[Atom]) -> int:
    """Names that are added; a server that is bought is a change of its own."""
    return sum(place.kind != "server" for place, _ in atoms)


# --- the search -------------------------------------------------------------------------------------------------------

T = TypeVar("T", bound=Hashable)


def _hitting(
    needed: Sequence[Collection[frozenset[T]]],
    most: int,
    weight: Callable[[frozenset[T]], int],
    *,
    fits: Callable[[frozenset[T]], bool] = lambda _: True,
    enough: int | None = None,
) -> tuple[list[frozenset[T]], bool]:
    """Sets of at most some weight that hold one option of each need, as they are come by, minimal ones among them; and
    whether the search came to its end, or to ``enough`` of them."""
    found: list[frozenset[T]] = []
    stack: list[frozenset[T]] = [frozenset()]
    seen = {*stack}
    steps = 0
    while stack:
        steps += 1
        if steps > _STEPS:
            return found, False
        chosen = stack.pop()
        left = [options for options in needed if not any(one <= chosen for one in options)]
        if not left:
            found.append(chosen)
            if len(found) == enough:
                return found, True
            continue
        beyond = [[one - chosen for one in options] for options in left]
        if weight(chosen) + _packed(beyond, weight) > most:
            continue
        for one in reversed([*min(left, key=len)]):
            wider = chosen | one
            if wider not in seen and weight(wider) <= most and fits(wider):
                seen.add(wider)
                stack.append(wider)
    return found, True


def _packed(needed: Iterable[Collection[frozenset[T]]], weight: Callable[[frozenset[T]], int]) -> int:
    """No less than this: needs that have nothing in common have to be met one by one."""
    taken: set[T] = set()
    total = 0
    for options in needed:
        parts = {part for one in options for part in one}
        if taken.isdisjoint(parts):
            taken |= parts
            total += min(map(weight, options))
    return total
