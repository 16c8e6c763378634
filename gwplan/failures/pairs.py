"""Pairs of losses that may lose a task which neither loses alone; the rest is known from the single ones."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from itertools import combinations

from gwplan.failures.effect import Result
from gwplan.failures.loss import Loss
from gwplan.failures.needs import Needs, machines_of_readers, needs_of
from gwplan.failures.parts import parts_of_sites
from gwplan.failures.survey import Survey
from gwplan.failures.touched import index_of
from gwplan.network import Element
from gwplan.planning.trace import BAD

Pair = tuple[Element, Element]
_Left = list[frozenset[str] | None]


class Pairs:
    """The single losses, and what their pairs cost."""

    def __init__(self, base: Survey, found: Iterable[Element]) -> None:
        self._base = base
        self._losses = {element: Loss(base, frozenset({element})) for element in found}
        self._suspects = _suspects(base.cases, self._losses, lambda loss: loss.touched, base.lumped)
        self._suspects |= _suspects(base.placing, self._losses, lambda loss: loss.placing, frozenset())
        self._after: dict[Element, After] = {}

    def result(self, pair: Pair) -> Result | None:
        """What a pair costs, if it loses a task that neither loses alone."""
        one, other = (self._losses[element] for element in pair)
        cuts_more = _cuts_more(self._base, one, other)
        if one.is_replaced or other.is_replaced:
            if not cuts_more and (self._loses_no_more(pair) or self._loses_no_more((pair[1], pair[0]))):
                return None
        elif not cuts_more and frozenset(pair) not in self._suspects:
            return None
        both = Loss(self._base, frozenset(pair))
        return both.result() if both.loses_more_than(one, other) else None

    def _loses_no_more(self, pair: Pair) -> bool:
        """Whether all that the second loss takes is surely lost by the first already, which places chains otherwise."""
        one, other = (self._losses[element] for element in pair)
        if not one.is_replaced:
            return False
        after = self._after.get(pair[0])
        if after is None:
            after = self._after[pair[0]] = After(one)
        return after.bears(other)


class After:
    """The cases and the questions of placing after one loss, to tell whether another loss touches any of them."""

    def __init__(self, loss: Loss) -> None:
        base = loss.base
        _, serving = loss.made
        ruled = dict.fromkeys((*serving.ruled, *loss.world.ruled.values()))
        self._extents = base.extents
        self._needs = [
            needs_of(loss.world, one, base.strategy)
            for one in ruled
            if any(side.outcome not in BAD for side in one.sides)
        ]
        self._index = index_of(loss.world, self._needs, {})

    def bears(self, other: Loss) -> bool:
        """Whether the other loss, which cuts nothing off with this one, surely changes no outcome and no extent."""
        if other.takes_all or not self._extents.isdisjoint(other.repositories):
            return False
        return not any(other.touches(self._needs[number]) for number in self._index.of(other.lost))


def _cuts_more(base: Survey, one: Loss, other: Loss) -> bool:
    """Whether two losses together cut two sites off from each other that each alone leaves connected."""
    if one.reaches is None or other.reaches is None:
        return False
    if one.fabrics or other.fabrics:
        return True
    down = one.sites | other.sites
    both = parts_of_sites(base.inventory, one.lost.keys() | other.lost.keys())
    return any(part != (one.reaches[site] & other.reaches[site]) - down for site, part in both.items())


def _suspects(
    cases: Iterable[Needs], losses: dict[Element, Loss], touched_by: Callable[[Loss], list[Needs]],
    lumped_jobs: Container[str],
) -> set[frozenset[Element]]:  # fmt: skip
    """Pairs that together may leave a case without a server, a reader or a host, or a whole task without a machine."""
    found: set[frozenset[Element]] = set()
    taking: dict[str, set[Element]] = {}
    for needs, elements in _touching(cases, losses, touched_by):
        lumped = needs.job in lumped_jobs
        if all(side.outcome == "blocked" or (side.outcome == "failed" and not lumped) for side in needs.ruled.sides):
            continue
        left_by: list[tuple[Element, _Left]] = []
        for element in elements:
            loss = losses[element]
            if lumped and _takes(needs, loss):
                taking.setdefault(needs.job, set()).add(element)
            left = _left(needs, loss, lumped=lumped)
            if left is not None:
                left_by.append((element, left))
            if not needs.hosts.isdisjoint(loss.servers):
                found |= _with_another_host(needs, element, losses)
        found.update(_with_nothing_left(_whole(needs), left_by))
    for some in taking.values():  # one machine drops out, and the task then goes by what another one's case says
        found |= {frozenset(pair) for pair in combinations(some, 2)}
    return found


def _touching(
    cases: Iterable[Needs], losses: dict[Element, Loss], touched_by: Callable[[Loss], list[Needs]]
) -> Iterator[tuple[Needs, list[Element]]]:
    """Each case with the losses that rule it otherwise or take a server, a reader or a host of it."""
    taking: dict[str, list[Element]] = {}
    ruling: dict[Needs, list[Element]] = {}
    for element, loss in losses.items():
        for server in loss.servers:
            taking.setdefault(server, []).append(element)
        for needs in touched_by(loss):
            if loss.touches(needs):
                ruling.setdefault(needs, []).append(element)
    number = {element: at for at, element in enumerate(losses)}
    for needs in cases:
        names = {name for some in _whole(needs) for name in some or ()}
        found = {element for name in names for element in taking.get(name, ())}
        yield needs, sorted(found.union(ruling.get(needs, ())), key=number.__getitem__)


def _with_nothing_left(whole: _Left, left_by: list[tuple[Element, _Left]]) -> Iterator[frozenset[Element]]:
    """Pairs that leave nothing of a set: two that leave more than its size together leave something in common."""
    for at, some in enumerate(whole):
        if some is None:
            continue
        left = [(element, part) for element, parts in left_by if (part := parts[at]) is not None]
        within = sorted((len(part), element, part) for element, part in left if part <= some)
        for number, (size, one, part) in enumerate(within):
            for other_size, other, other_part in within[number + 1 :]:
                if size + other_size > len(some):
                    break
                if part.isdisjoint(other_part):
                    yield frozenset({one, other})
        for one, part in left:
            if not part <= some:
                yield from (frozenset({one, other}) for other, rest in left if other != one and part.isdisjoint(rest))


def _takes(needs: Needs, loss: Loss) -> bool:
    """Whether a loss takes a side of a case."""
    return any(
        now.outcome in BAD and was.outcome not in BAD
        for now, was in zip(loss.ruled(needs).sides, needs.ruled.sides, strict=True)
    )


def _with_another_host(needs: Needs, element: Element, losses: dict[Element, Loss]) -> set[frozenset[Element]]:
    """Another host stands elsewhere, so it may need what the first did not: whatever touches that is suspect."""
    now = losses[element].needs_now(needs)
    if all(side.outcome in BAD for side in now.ruled.sides):
        return set()
    return {frozenset({element, other}) for other, loss in losses.items() if other != element and loss.touches(now)}


def _whole(needs: Needs) -> _Left:
    """The sets of which something has to be left."""
    return [*needs.servers, needs.readers, needs.hosts or None]


def _left(needs: Needs, loss: Loss, *, lumped: bool) -> _Left | None:
    """What a loss leaves of each set that a case needs, None for a side that it already takes; None where it takes
    nothing at all. A ``lumped`` machine without a server still goes with the others, until nobody reads it."""
    now = loss.ruled(needs)
    failed = frozenset[str]() if lumped else None
    left: _Left
    if now is not needs.ruled:  # what it cuts off is not left either
        left = [
            frozenset(side.eligible) if side.outcome == "assigned" else failed if side.outcome == "failed" else None
            for side in now.sides
        ]
        left.append(machines_of_readers(loss.world, now) if needs.readers is not None else None)
    else:
        left = [servers - loss.servers if servers is not None else None for servers in needs.servers]
        left.append(needs.readers - loss.servers if needs.readers is not None else None)
    left.append(needs.hosts - loss.servers if needs.hosts else None)
    if left == _whole(needs) or (not lumped and all(side.outcome in BAD for side in now.sides)):
        return None
    return left
