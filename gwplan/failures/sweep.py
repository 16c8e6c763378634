"""What every single loss, and every pair, costs: exact, and only as much work as a loss touches.

A shortcut gives the very numbers that planning from scratch gives; a property test holds it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import combinations
from typing import Protocol, TypeVar

from gwplan.failures.effect import Result
from gwplan.failures.loss import Loss
from gwplan.failures.pairs import Pairs
from gwplan.failures.survey import Survey, survey
from gwplan.findings import UsageError
from gwplan.inventory.model import Inventory
from gwplan.inventory.names import natural
from gwplan.inventory.notebook import html_table
from gwplan.network import Element

T = TypeVar("T")
R = TypeVar("R")

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
        return self.base.peak

    def jobs(self, names: Iterable[str]) -> list[str]:
        """The names that are declared jobs, in natural order."""
        return sorted((name for name in names if name in self.base.inventory.jobs), key=natural)

    def operations(self, names: Iterable[str]) -> list[str]:
        """The names that are implied maintenance operations, in natural order."""
        return sorted((name for name in names if name not in self.base.inventory.jobs), key=natural)

    @property
    def fragile(self) -> dict[str, list[str]]:
        """For each declared job, the elements whose loss alone stops some of it."""
        found: dict[str, list[str]] = {}
        for result in self.singles or self.results:
            if len(result.down) == 1:
                for job in self.jobs({*result.lost, *result.blocked}):
                    found.setdefault(job, []).append(result.down[0])
        return {job: sorted(found[job], key=natural) for job in sorted(found, key=natural)}


Progress = Callable[[int, int], None]


class Each(Protocol):
    """Applies a function to many things and gives the results in order, as ``map`` does."""

    def __call__(self, function: Callable[[T], R], things: Iterable[T], /) -> Iterable[R]: ...


def elements_of(inventory: Inventory, over: Iterable[str] = SWEPT) -> list[Element]:
    """Everything that can be lost, in natural order."""
    kinds = tuple(over)
    if unknown := [kind for kind in kinds if kind not in SWEPT]:
        raise UsageError(f"{unknown[0]!r} is no kind of what is swept: {', '.join(SWEPT)}")
    found = [(kind, name) for kind in kinds for name in getattr(inventory, SECTIONS[kind])]
    return sorted(found, key=lambda element: natural(f"{element[0]}:{element[1]}"))


def sweep(
    inventory: Inventory, *, strategy: str = "nearest", over: Iterable[str] = SWEPT, order: int = 1,
    progress: Progress | None = None, each: Each = map,
) -> Sweep:  # fmt: skip
    """Lose each element of the kinds in ``over``, or each pair with ``order`` 2, once, and say what that costs.

    An interrupt ends it with what is known so far. ``progress`` is called with how many are done, and of how many;
    ``each`` calls a pure function for each of many things and gives the results in order, as ``map`` does. Raises
    UsageError for another order.
    """
    if order not in (1, 2):
        raise UsageError(f"order {order!r} is not examined: 1 loses each element, 2 each pair")
    tell = progress or (lambda *_: None)
    base = survey(inventory, strategy)
    found = elements_of(inventory, over)
    total = len(found) if order == 1 else len(found) * (len(found) - 1) // 2
    done = 0
    singles: tuple[Result, ...] = ()
    results: list[Result] = []
    try:
        for result in each(lambda element: Loss(base, frozenset({element})).result(), found):
            results.append(result)
            done += order == 1
            tell(len(results), len(found))
        singles = tuple(sorted(results, key=lambda result: result.order))
        if order == 2:
            results = []
            for pair in each(Pairs(base, found).result, combinations(found, 2)):
                done += 1
                if pair is not None:
                    results.append(pair)
                tell(done, total)
    except KeyboardInterrupt:  # of pairs, what is known of single losses is kept
        if order == 2 and not done:
            singles, results = singles or tuple(sorted(results, key=lambda result: result.order)), []
    ordered = tuple(sorted(results, key=lambda result: result.order))
    return Sweep(base, order, len(found), total, done, ordered, singles if order == 2 else ())
