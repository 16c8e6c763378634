"""Pairs of losses that may lose a task which neither loses alone; the rest is known from the single ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations

from gwplan.failures.effect import Result
from gwplan.failures.loss import Loss
from gwplan.failures.needs import Kind
from gwplan.failures.parts import parts_of_sites
from gwplan.failures.replaced import all_now, bad_tasks, cases_of
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
        self._suspects = _suspects(base, self._losses)
        self._elsewhere: dict[Element, frozenset[Kind]] = {}
        self._taking: dict[Element, frozenset[Kind]] = {}
        self._base_kinds = frozenset(base.kinds)

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
            other.hits(kind) for kind in elsewhere - self._base_kinds
        )


def _taken(loss: Loss) -> Iterator[Kind]:
    """What a loss takes of all that is or may be asked for; of jobs with tasks of several machines, what it touches."""
    for kind in loss.touched_kinds:
        if loss.hits(kind) if kind in loss.base.lumped_kinds else _takes(kind, loss):
            yield kind


def _elsewhere(loss: Loss) -> Iterator[Kind]:
    """What is asked for of the chains that are placed otherwise, and served."""
    for work in map(loss.base.works.__getitem__, loss.replaced):
        for case in cases_of(loss, work) if work.job.enabled else ():
            for now in all_now(loss, work, case):
                if any(side.outcome not in BAD for side in now.sides):
                    yield now.kind


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
    apart = replaced | base.lumped
    for kind in filter(both.hits, both.touched_kinds):
        jobs = base.jobs_of.get(kind, frozenset())
        works.update(map(base.works.__getitem__, jobs & base.lumped))
        if jobs <= apart:
            continue
        for was, now, first, second in zip(
            kind.ruled.sides, both.now(kind).sides, one.now(kind).sides, other.now(kind).sides, strict=True
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


def _suspects(base: Survey, losses: dict[Element, Loss]) -> set[frozenset[Element]]:
    """Pairs that together may leave a case without a server, a reader or a host, or a whole task without a machine."""
    found: set[frozenset[Element]] = set()
    taking: dict[str, set[Element]] = {}
    for kind, elements in _touching(base.kinds, losses):
        jobs = base.jobs_of.get(kind, frozenset())
        lumped_jobs = jobs & base.lumped
        for job in lumped_jobs:
            taking.setdefault(job, set()).update(element for element in elements if _takes(kind, losses[element]))
        if kind in base.placing or jobs - lumped_jobs:
            found |= _leaving_nothing(kind, elements, losses, lumped=False)
        if lumped_jobs:
            found |= _leaving_nothing(kind, elements, losses, lumped=True)
    for some in taking.values():  # one machine drops out, and the task then goes by what another one's case says
        found |= {frozenset(pair) for pair in combinations(some, 2)}
    return found


def _leaving_nothing(
    kind: Kind, elements: Iterable[Element], losses: dict[Element, Loss], *, lumped: bool
) -> set[frozenset[Element]]:
    """Pairs of some losses that together may leave nothing of what a case needs."""
    if all(side.outcome == "blocked" or (side.outcome == "failed" and not lumped) for side in kind.ruled.sides):
        return set()
    found: set[frozenset[Element]] = set()
    left_by: list[tuple[Element, _Left]] = []
    for element in elements:
        loss = losses[element]
        left = _left(kind, loss, lumped=lumped)
        if left is not None:
            left_by.append((element, left))
        if not kind.hosts.isdisjoint(loss.servers):
            found |= _with_another_host(kind, element, losses)
    return found.union(_with_nothing_left(_whole(kind), left_by))


def _touching(kinds: Iterable[Kind], losses: dict[Element, Loss]) -> Iterator[tuple[Kind, list[Element]]]:
    """Each kind of case with the losses that rule it otherwise or take a server, a reader or a host of it."""
    taking: dict[str, list[Element]] = {}
    ruling: dict[Kind, list[Element]] = {}
    for element, loss in losses.items():
        for server in loss.servers:
            taking.setdefault(server, []).append(element)
        for kind in filter(loss.hits, loss.touched_kinds):
            ruling.setdefault(kind, []).append(element)
    number = {element: at for at, element in enumerate(losses)}
    for kind in kinds:
        names = {name for some in _whole(kind) for name in some or ()}
        found = {element for name in names for element in taking.get(name, ())}
        yield kind, sorted(found.union(ruling.get(kind, ())), key=number.__getitem__)


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


def _takes(kind: Kind, loss: Loss) -> bool:
    """Whether a loss takes a side of a case."""
    return any(
        now.outcome in BAD and was.outcome not in BAD
        for now, was in zip(loss.now(kind).sides, kind.ruled.sides, strict=True)
    )


def _with_another_host(kind: Kind, element: Element, losses: dict[Element, Loss]) -> set[frozenset[Element]]:
    """Another host stands elsewhere, so it may need what the first did not: whatever touches that is suspect."""
    now = losses[element].then(kind)
    if all(side.outcome in BAD for side in now.ruled.sides):
        return set()
    return {frozenset({element, other}) for other, loss in losses.items() if other != element and loss.hits(now)}


def _whole(kind: Kind) -> _Left:
    """The sets of which something has to be left."""
    return [*kind.servers, kind.readers, kind.hosts or None]


def _left(kind: Kind, loss: Loss, *, lumped: bool) -> _Left | None:
    """What a loss leaves of each set that a case needs, None for a side that it already takes; None where it takes
    nothing at all. A ``lumped`` machine without a server still goes with the others, until nobody reads it."""
    now = loss.now(kind)
    failed = frozenset[str]() if lumped else None
    left: _Left
    if loss.hits(kind):  # what it cuts off is not left either
        left = [
            frozenset(side.eligible) if side.outcome == "assigned" else failed if side.outcome == "failed" else None
            for side in now.sides
        ]
        proxies = now.readers.proxies if now.readers else ()
        left.append((proxies.machines if proxies else frozenset()) if kind.readers is not None else None)
    else:
        left = [servers - loss.servers if servers is not None else None for servers in kind.servers]
        left.append(kind.readers - loss.servers if kind.readers is not None else None)
    left.append(kind.hosts - loss.servers if kind.hosts else None)
    if left == _whole(kind) or (not lumped and all(side.outcome in BAD for side in now.sides)):
        return None
    return left
