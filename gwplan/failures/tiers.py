"""Where a tier's chains lie for each set of answers that losses give: placed once, however many losses answer alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from typing import NamedTuple

from gwplan.failures.needs import Kind
from gwplan.planning.chains import Placement
from gwplan.planning.placement import Asking, asking, place_chains, rows_of
from gwplan.planning.tasks import Case, Singly, Work
from gwplan.planning.world import World

KindOf = Callable[[Work, Case], Kind | None]
Serves = Callable[[Work, Case, Kind | None], bool]
"""Whether the target of a case is served, whose kind may be known."""

_MOST_MACHINES = 100_000
"""So many are kept of all placements together."""


class _Question(NamedTuple):
    """What placing asks of every extent, and the kinds of the cases where they are known."""

    work: Work
    case: Case
    kinds: Mapping[str, Kind | None]


class Placed:
    """The chains of a tier. ``moved`` are the jobs that have one elsewhere than with nothing lost, or one whose extent
    is newly down."""

    def __init__(self, tier: Tier, chosen: Mapping[str, dict[str, str]], offline: frozenset[tuple[str, str]]) -> None:
        self._tier, self.chosen, self.offline = tier, chosen, offline
        self.moved = tier.moved(chosen, offline)
        self._tasks: dict[str, tuple[Singly, ...]] = {}

    def tasks_of(self, work: Work) -> tuple[Singly, ...]:
        """The tasks of a job, each of one machine: what ``asked`` says."""
        if work.name not in self._tasks:
            offline = {machine for name, machine in self.offline if name == work.name}
            self._tasks[work.name] = self._tier.tasks(work, self.chosen[work.name], offline)
        return self._tasks[work.name]


class Tier:
    """The jobs whose chains are placed on the extents of one tier."""

    def __init__(self, world: World, placement: Placement, works: Iterable[Work], kind_of: KindOf) -> None:
        self._world, self._base, self._works = world, placement, tuple(works)
        self._names = frozenset(work.name for work in self._works)
        self._rows = {work.name: rows_of(world.inventory, work, placement) for work in self._works}
        self._questions: dict[Asking, _Question] = {}
        for work, case in self._asked():
            if (key := asking(work, case)) not in self._questions:
                kinds = {name: kind_of(work, case._replace(target=name)) for name in work.targets}
                self._questions[key] = _Question(work, case, kinds)
        held = (row.held for rows in self._rows.values() for row in rows)
        self._extents = [*dict.fromkeys((*(name for work in self._works for name in work.targets), *held))]
        self._cases: dict[str, dict[tuple[int, str, bool], Case]] = {work.name: {} for work in self._works}
        self.machines = sum(map(len, self._rows.values()))
        self.before = Placed(
            self,
            {name: placement.chosen[name] for name in self._names},
            frozenset(pair for pair in placement.offline if pair[0] in self._names),
        )

    def _asked(self) -> Iterator[tuple[Work, Case]]:
        for work in self._works:
            yield from zip(repeat(work), {id(row.case): row.case for row in self._rows[work.name]}.values())

    def answers(self, world: World, serves: Serves) -> tuple[tuple[str, ...], dict[Asking, tuple[str, ...]]]:
        """What says where the chains lie: the extents that are down, and those that qualify for each question."""
        network = world.network
        down = tuple(name for name in self._extents if name is not None and network.repository_down(name) is not None)
        found = {}
        for key, (work, case, kinds) in self._questions.items():
            ready = [name for name in work.targets if name not in down and not network.sealed(name)]
            serving = [name for name in ready if serves(work, case._replace(target=name), kinds[name])]
            found[key] = tuple(serving or ready or work.targets)
        return down, found

    def place(self, world: World, qualified: Mapping[Asking, tuple[str, ...]]) -> Placed:
        """Place the chains in a world whose answers are known."""
        made = place_chains(
            world, self._works, self._base, rows=self._rows, qualified=lambda work, case: qualified[asking(work, case)]
        )
        return Placed(self, made.chosen, frozenset(made.offline))

    def moved(self, chosen: Mapping[str, dict[str, str]], offline: frozenset[tuple[str, str]]) -> frozenset[str]:
        before = {pair for pair in self._base.offline if pair[0] in self._names}
        elsewhere = {name for name, some in chosen.items() if some != self._base.chosen[name]}
        return frozenset(elsewhere.union(name for name, _ in before ^ offline))

    def tasks(self, work: Work, chosen: Mapping[str, str], offline: set[str]) -> tuple[Singly, ...]:
        """Of one job, equal cases are one object."""
        rows, known = self._rows[work.name], self._cases[work.name]
        cases: list[Case] = []
        for machine, case, _ in rows:
            key = (id(case), chosen[machine], machine in offline)
            placed = known.get(key)
            if placed is None:
                placed = known[key] = case._replace(target=key[1], offline=key[2])
            cases.append(placed)
        return (Singly([row.machine for row in rows], cases),) if rows else ()


class Tiers:
    """The tiers of an inventory, and the placements that losses have led to."""

    def __init__(self, world: World, todo: Sequence[Work], placement: Placement, kind_of: KindOf) -> None:
        self._world, self._todo, self._placement, self._kind_of = world, todo, placement, kind_of
        self._known: dict[str, Tier] = {}
        self._placed: dict[object, Placed] = {}
        self._machines = 0

    def of(self, name: str) -> Tier:
        if name not in self._known:
            works = (work for work in self._todo if work.has_choice and work.tier == name)
            self._known[name] = Tier(self._world, self._placement, works, self._kind_of)
        return self._known[name]

    def placed(self, name: str, world: World, serves: Serves) -> Placed:
        """The chains of a tier in a world: where the answers are the same, they lie alike."""
        tier = self.of(name)
        down, qualified = tier.answers(world, serves)
        key = (name, down, tuple(qualified.values()))
        found = self._placed.get(key)
        if found is None:
            found = tier.place(world, qualified)
            if self._machines + tier.machines > _MOST_MACHINES:
                self._placed.clear()
                self._machines = 0
            self._placed[key] = found
            self._machines += tier.machines
        return found
