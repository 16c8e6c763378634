"""What every single loss, and every pair, costs: exact, and only as much work as a loss touches.

A shortcut gives the very numbers that planning from scratch gives; a property test holds it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import combinations

from gwplan.failures.effect import Result, peak_of
from gwplan.failures.loss import Loss
from gwplan.failures.survey import Needs, Survey, machines_of_readers, parts_of_sites, survey
from gwplan.findings import UsageError
from gwplan.inventory.model import Inventory
from gwplan.inventory.names import natural
from gwplan.inventory.notebook import html_table
from gwplan.network import Element
from gwplan.planning.trace import BAD
from gwplan.planning.world import World

SWEPT = ("server", "site", "link", "fabric", "failure_domain")
SECTIONS = {"server": "servers", "site": "sites", "link": "links", "fabric": "fabrics",
            "failure_domain": "failure_domains"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sweep:
    """All losses of one order, worst first. ``examined`` of ``scenarios`` were; fewer only after an interrupt."""

    base: Survey = field(compare=False)
    order: int
    elements: int
    scenarios: int
    examined: int
    results: tuple[Result, ...]
    singles: tuple[Result, ...] = field(default=())

    def __repr__(self) -> str:
        points = len(self.single_points)
        return f"<Sweep, order {self.order}: {self.examined} losses, {points} single points of failure>"

    def _repr_html_(self) -> str:
        columns = ("down", "lost", "blocked", "moved", "is_single_point")
        told = (result.to_dict() for result in self.results)
        return html_table(repr(self), columns, ([row[column] for column in columns] for row in told))

    @property
    def single_points(self) -> tuple[str, ...]:
        """Elements whose loss alone is bad news."""
        found = (result.down[0] for result in self.singles or self.results if result.is_single_point)
        return tuple(sorted(found, key=natural)) if self.order == 1 or self.singles else ()

    @property
    def peak(self) -> tuple[str, float] | None:
        """The most loaded gateway with nothing lost."""
        return peak_of(self.base.inventory, self.base.loads)

    def jobs(self, names: Iterable[str]) -> list[str]:
        """Those that are declared, in natural order."""
        return sorted((name for name in names if name in self.base.inventory.jobs), key=natural)

    def operations(self, names: Iterable[str]) -> list[str]:
        """Those that are implied maintenance operations, in natural order."""
        return sorted((name for name in names if name not in self.base.inventory.jobs), key=natural)

    @property
    def fragile(self) -> dict[str, list[str]]:
        """The same from the declared job: what alone can stop some of it."""
        found: dict[str, list[str]] = {}
        for result in self.singles or self.results:
            if len(result.down) == 1:
                for job in self.jobs({*result.lost, *result.blocked}):
                    found.setdefault(job, []).append(result.down[0])
        return {job: sorted(found[job], key=natural) for job in sorted(found, key=natural)}


Progress = Callable[[int, int], None]


def elements_of(inventory: Inventory, over: Iterable[str] = SWEPT) -> list[Element]:
    """Everything that can be lost, in natural order."""
    found = [(kind, name) for kind in over for name in getattr(inventory, SECTIONS[kind])]
    return sorted(found, key=lambda element: natural(f"{element[0]}:{element[1]}"))


def sweep(
    inventory: Inventory, *, strategy: str = "nearest", over: Iterable[str] = SWEPT, order: int = 1,
    progress: Progress | None = None,
) -> Sweep:  # fmt: skip
    """Lose each element, or each pair, once. An interrupt ends it with what is known so far."""
    if order not in (1, 2):
        raise UsageError(f"order {order!r} is not examined: 1 loses each element, 2 each pair")
    tell = progress or (lambda *_: None)
    base = survey(inventory, strategy)
    found = elements_of(inventory, over)
    total = len(found) if order == 1 else len(found) * (len(found) - 1) // 2
    done = 0
    singles: tuple[Result, ...] = ()
    losses: dict[Element, Loss] = {}
    results: list[Result] = []
    try:
        for element in found:
            losses[element] = Loss(base, frozenset({element}))
            results.append(losses[element].result())
            done += order == 1
            tell(len(results), len(found))
        singles = tuple(sorted(results, key=lambda result: result.order))
        if order == 2:
            results = []
            for first, second, hit in _pairs(base, losses):
                done += 1
                tell(done, total)
                if hit:
                    pair = Loss(base, frozenset({first, second}))
                    if pair.loses_more_than(losses[first], losses[second]):
                        results.append(pair.result())
    except KeyboardInterrupt:  # of pairs, what is known of single losses is kept
        if order == 2 and not done:
            singles, results = tuple(results), []
    ordered = tuple(sorted(results, key=lambda result: result.order))
    return Sweep(base, order, len(found), total, done, ordered, singles if order == 2 else ())


# --- pairs ------------------------------------------------------------------------------------------------------------


def _pairs(base: Survey, losses: dict[Element, Loss]) -> Iterator[tuple[Element, Element, bool]]:
    """Every pair, and whether it may lose a task that neither loses alone."""
    suspects = _suspects(base, losses)
    for pair in combinations(losses, 2):
        first, second = losses[pair[0]], losses[pair[1]]
        hit = frozenset(pair) in suspects or base.has_choice
        if not hit and first.reaches is not None and second.reaches is not None:
            hit = _cuts_more(base, first, second)
        yield pair[0], pair[1], hit


def _cuts_more(base: Survey, first: Loss, second: Loss) -> bool:
    """Whether two sites that each of two losses leaves connected are cut off by both."""
    if first.fabrics or second.fabrics:
        return True
    down = first.sites | second.sites
    world = World(base.inventory, first.down | second.down, base=base.world)
    both = parts_of_sites(world.network, base.inventory.sites)
    assert first.reaches is not None and second.reaches is not None
    return any(part != (first.reaches[site] & second.reaches[site]) - down for site, part in both.items())


def _suspects(base: Survey, losses: dict[Element, Loss]) -> set[frozenset[Element]]:
    """Pairs that together may leave a case without a server, a reader or a host, or a whole task without a machine."""
    found: set[frozenset[Element]] = set()
    taking: dict[str, set[Element]] = {}
    for needs in base.cases:
        lumped = needs.job in base.lumped
        if all(side.outcome == "blocked" or (side.outcome == "failed" and not lumped) for side in needs.ruled.sides):
            continue
        touching_it = []
        for element, loss in losses.items():
            if lumped and _takes(needs, loss):
                taking.setdefault(needs.job, set()).add(element)
            left = _left(needs, loss, lumped=lumped)
            if left is not None:
                touching_it.append((element, left))
            if not needs.hosts.isdisjoint(loss.servers):
                found |= _with_another_host(needs, element, losses)
        for (one, a), (other, b) in combinations(touching_it, 2):
            if any(x is not None and y is not None and x.isdisjoint(y) for x, y in zip(a, b, strict=True)):
                found.add(frozenset({one, other}))
    for elements in taking.values():  # one machine drops out, and the task then goes by what another one's case says
        found |= {frozenset(pair) for pair in combinations(elements, 2)}
    return found


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


def _left(needs: Needs, loss: Loss, *, lumped: bool) -> list[frozenset[str] | None] | None:
    """What a loss leaves of each set that a case needs, None for a side that it already takes; None where it takes
    nothing at all. A ``lumped`` machine without a server still goes with the others, until nobody reads it."""
    now = loss.ruled(needs)
    failed = frozenset[str]() if lumped else None
    left: list[frozenset[str] | None]
    if now is not needs.ruled:  # what it cuts off is left as little as what it takes
        left = [
            frozenset(side.eligible) if side.outcome == "assigned" else failed if side.outcome == "failed" else None
            for side in now.sides
        ]
        left.append(machines_of_readers(loss.world, now) if needs.readers is not None else None)
    else:
        left = [servers - loss.servers if servers is not None else None for servers in needs.servers]
        left.append(needs.readers - loss.servers if needs.readers is not None else None)
    left.append(needs.hosts - loss.servers if needs.hosts else None)
    whole = [*needs.servers, needs.readers, needs.hosts or None]
    if left == whole or (not lumped and all(side.outcome in BAD for side in now.sides)):
        return None
    return left
