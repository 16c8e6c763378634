"""Pairs of losses that may lose a task which neither loses alone; the rest is known from the single ones."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from itertools import combinations

from gwplan.failures.effect import Result
from gwplan.failures.loss import Loss
from gwplan.failures.needs import Needs, needs_of
from gwplan.failures.parts import parts_of_sites
from gwplan.failures.replaced import bad_tasks, cases_of, rulings_of
from gwplan.failures.survey import Survey
from gwplan.network import Element
from gwplan.planning.tasks import Work
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
        self._elsewhere: dict[Element, frozenset[Needs]] = {}
        self._taking: dict[Element, frozenset[Needs]] = {}
        self._base_needs = frozenset(base.known.values())

    def result(self, pair: Pair) -> Result | None:
        """What a pair costs, if it loses a task that neither loses alone."""
        one, other = (self._losses[element] for element in pair)
        if (one.backup_server or other.backup_server) and one.tiers.isdisjoint(other.tiers):
            return None  # it takes everything, and what it places otherwise stays there
        if frozenset(pair) not in self._suspects and not self._may_meet(pair, one, other):
            return None
        both = Loss(self._base, frozenset(pair), (one, other))
        return both.result() if _loses_more(both, one, other) else None

    def _may_meet(self, pair: Pair, one: Loss, other: Loss) -> bool:
        """Whether the two together may cut off, or place elsewhere, what neither does alone."""
        if not one.tiers.isdisjoint(other.tiers) or _cuts_more(self._base, one, other):
            return True
        return self._takes_elsewhere(*pair) or self._takes_elsewhere(*pair[::-1])

    def _takes_elsewhere(self, moving: Element, element: Element) -> bool:
        """Whether a loss may take something of chains that are placed otherwise because of another."""
        loss, other = self._losses[moving], self._losses[element]
        if not loss.replaced:
            return False
        if moving not in self._elsewhere:
            self._elsewhere[moving] = frozenset(_elsewhere(loss))
        if element not in self._taking:
            self._taking[element] = frozenset(_taken(other))
        elsewhere = self._elsewhere[moving]
        return not elsewhere.isdisjoint(self._taking[element]) or any(
            other.touches(needs) for needs in elsewhere - self._base_needs
        )


def _taken(loss: Loss) -> Iterator[Needs]:
    """What a loss takes of all that is or may be asked for; of jobs with tasks of several machines, what it touches."""
    for needs in (*loss.touched, *loss.placing):
        if loss.touches(needs) if needs.job in loss.base.lumped else _takes(needs, loss):
            yield needs


def _elsewhere(loss: Loss) -> Iterator[Needs]:
    """What is asked for of the chains that are placed otherwise, and served."""
    base = loss.base
    for work in map(base.works.__getitem__, loss.replaced):
        for case in cases_of(loss, work) if work.job.enabled else ():
            for ruled in rulings_of(loss, work, case):
                if any(side.outcome not in BAD for side in ruled.sides):
                    known = base.known.get((work, ruled.case, ruled.synthetic))
                    yield known or needs_of(loss.world, ruled, base.strategy)


def _cuts_more(base: Survey, one: Loss, other: Loss) -> bool:
    """Whether two that meet, sites or a server and its appliance, lose their last way only by both losses."""
    kinds = {kind for kind, _ in one.unzoned & other.unzoned}
    if {"server", "repository"} <= kinds:
        return True
    if not (one.cuts and other.cuts) or base.is_tree:
        return False
    lost = one.lost.keys() | other.lost.keys()
    both = parts_of_sites(base.inventory, lost)
    return any(
        part != {place for place in one.reaches[site] & other.reaches[site] if ("site", place) not in lost}
        for site, part in both.items()
    )


def _loses_more(both: Loss, one: Loss, other: Loss) -> bool:
    """Whether a task is lost that neither of two smaller losses takes."""
    base, replaced = both.base, both.replaced | one.replaced | other.replaced
    works = {work for name in replaced if (work := base.works[name]).job.enabled}
    for needs in both.touched:
        if needs.job in replaced:
            continue
        if needs.job in base.lumped:
            works.add(needs.ruled.work)
            continue
        for was, now, first, second in zip(
            needs.ruled.sides, both.ruled(needs).sides, one.ruled(needs).sides, other.ruled(needs).sides, strict=True
        ):
            if was.outcome not in BAD and now.outcome in BAD and not {first.outcome, second.outcome} & set(BAD):
                return True
    return any(_bad_tasks(both, work) - _bad_tasks(one, work) - _bad_tasks(other, work) for work in works)


def _bad_tasks(loss: Loss, work: Work) -> set[tuple[str, str, str]]:
    """(operation, side, machine) of a job's tasks that cannot be served."""
    if work.name not in loss.base.lumped:
        return bad_tasks(loss, work)
    fold = loss.served([work], spread=False)
    return {(d.operation, d.side, machine) for d in fold.decisions if d.outcome in BAD for machine in d.workloads}


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
        proxies = now.readers.proxies if now.readers else ()
        left.append((proxies.machines if proxies else frozenset()) if needs.readers is not None else None)
    else:
        left = [servers - loss.servers if servers is not None else None for servers in needs.servers]
        left.append(needs.readers - loss.servers if needs.readers is not None else None)
    left.append(needs.hosts - loss.servers if needs.hosts else None)
    if left == _whole(needs) or (not lumped and all(side.outcome in BAD for side in now.sides)):
        return None
    return left
