"""What was decided, as it was served: batches of alike tasks, whose decisions are made only when somebody looks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import NamedTuple, overload

from gwplan.inventory.collector import collector_paused
from gwplan.inventory.names import in_natural_order, natural
from gwplan.planning.carried import Carried
from gwplan.planning.decision import Decision, Served
from gwplan.planning.trace import Ruling, Task

Sides = tuple[Served, ...]
"""How the sides of a task are served, source first."""
_Numbers = tuple[int, int]
"""How many tasks, and how many disks of theirs."""


class Batch:
    """Tasks of one job, one for each machine, with the machine's disks and how the task is served.

    ``tally`` has the number of the tasks that are served alike, and their disks.
    """

    __slots__ = ("disks", "machines", "sides", "tally")

    def __init__(self) -> None:
        self.machines: list[str] = []
        self.disks: list[int] = []
        self.sides: list[Sides] = []
        self.tally: dict[Sides, _Numbers] = {}

    def add(self, machines: Sequence[str], disks: Sequence[int], sides: Sequence[Sides]) -> Mapping[Sides, _Numbers]:
        """Add some more tasks. Returns their own tally."""
        self.machines += machines
        self.disks += disks
        self.sides += sides
        added: dict[Sides, _Numbers] = {}
        for one, weight in zip(sides, disks, strict=True):
            number, sum_of_disks = added.get(one, (0, 0))
            added[one] = (number + 1, sum_of_disks + weight)
        for one, numbers in added.items():
            before = self.tally.get(one)
            self.tally[one] = (before[0] + numbers[0], before[1] + numbers[1]) if before else numbers
        return added

    def task(self, at: int) -> Task:
        name = self.machines[at]
        return Task(name, (name,), self.disks[at])

    def decisions(self) -> Iterator[Decision]:
        for name, disks, sides in zip(self.machines, self.disks, self.sides, strict=True):
            task = Task(name, (name,), disks)
            for served in sides:
                yield Decision(served, task)

    def first(self) -> dict[Sides, int]:
        """The place of the first task, by name, of those that are served alike."""
        machines = self.machines
        order: Iterable[int] = range(len(machines))
        if (sorted_names := in_natural_order(machines)) != [*machines]:
            place = {name: at for at, name in enumerate(machines)}
            order = map(place.__getitem__, sorted_names)
        backwards = [*order][::-1]
        return dict(zip((self.sides[at] for at in backwards), backwards, strict=True))


Entry = Batch | tuple[Decision, ...]
"""A batch, or the sides of a single task."""


def by_job(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    """What was served of each job or implied operation, as it was met."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        if job := _job(entry):
            found.setdefault(job, []).append(entry)
    return found


def tallies(entries: Iterable[Entry]) -> Iterator[tuple[Sides, int, int]]:
    """How tasks are served, the number of tasks that are served so, and their disks, entry by entry."""
    for entry in entries:
        if isinstance(entry, Batch):
            yield from ((sides, *numbers) for sides, numbers in entry.tally.items())
        else:
            yield tuple([decision.served for decision in entry]), 1, entry[0].unit.disks


def carried_of(entries: Iterable[Entry]) -> Carried:
    """What some tasks make gateways carry in the data wave: one that serves both sides of a task carries it once."""
    found = Carried()
    for sides, tasks, _ in tallies(entries):
        if sides[0].ruling.operation == "data":
            for served in sides:
                if served.gateway is not None:
                    found.on[served.gateway, served.ruling.repository] += tasks
            for gateway in {served.gateway for served in sides if served.gateway is not None}:
                found.tasks[gateway] += tasks
    return found


class Group(NamedTuple):
    """Decisions that are served alike: they differ only in their task."""

    served: Served
    decisions: Lot


class Lot(Sequence[Decision]):
    """The decisions of a group, in their order. Their number, their disks and the first cost nothing."""

    __slots__ = ("_first", "_number", "_source", "disks")

    def __init__(self, source: Ledger | Sequence[Decision], first: Decision, number: int, disks: int) -> None:
        self._source, self._first, self._number, self.disks = source, first, number, disks

    def __len__(self) -> int:
        return self._number

    def __iter__(self) -> Iterator[Decision]:
        return iter(self._made)

    @overload
    def __getitem__(self, at: int) -> Decision: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Decision]: ...
    def __getitem__(self, at: int | slice) -> Decision | Sequence[Decision]:
        return self._first if at == 0 else self._made[at]

    @property
    def _made(self) -> Sequence[Decision]:
        source = self._source
        return source.alike(self._first.served) if isinstance(source, Ledger) else source


class Ledger(Sequence[Decision]):
    """Every decision, sorted by job, operation, side, repository, task; names in natural order."""

    def __init__(self, entries: Sequence[Entry] = ()) -> None:
        self._entries = entries

    @property
    def entries(self) -> Sequence[Entry]:
        """The batches and the single tasks, as they were met."""
        return self._entries

    def __len__(self) -> int:
        return sum(len(sides) * number for sides, number, _ in tallies(self._entries))

    def __iter__(self) -> Iterator[Decision]:
        return iter(self._made)

    @overload
    def __getitem__(self, at: int) -> Decision: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Decision]: ...
    def __getitem__(self, at: int | slice) -> Decision | Sequence[Decision]:
        return self._made[at]

    def __eq__(self, other: object) -> bool:
        return self._made == (other._made if isinstance(other, Ledger) else other)

    def __hash__(self) -> int:
        return hash(self._made)

    def __repr__(self) -> str:
        return repr(self._made)

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The decisions by how they are served, in the order of the first of each."""
        found: dict[Served, tuple[Decision, int, int]] = {}
        for entry in self._entries:
            for first, number, disks in _firsts(entry):
                known = found.get(first.served)
                if known is not None:
                    first = min(known[0], first, key=lambda decision: natural(decision.unit.name))
                    number, disks = known[1] + number, known[2] + disks
                found[first.served] = (first, number, disks)
        made = (Group(served, Lot(self, *lot)) for served, lot in found.items())
        return tuple(sorted(made, key=lambda group: _place(group.decisions[0])))

    def of_job(self, job: str) -> tuple[Decision, ...]:
        """The decisions of one job or implied operation, in their order; no others are made."""
        return _sorted(unsorted(self.by_job.get(job, ())))

    def alike(self, served: Served) -> Sequence[Decision]:
        """The decisions of one group."""
        return self._by_served[served]

    @cached_property
    def by_job(self) -> Mapping[str, Sequence[Entry]]:
        """What was served of each job or implied operation, as it was met."""
        return by_job(self._entries)

    @cached_property
    def _by_served(self) -> dict[Served, list[Decision]]:
        found: dict[Served, list[Decision]] = {}
        for decision in self._made:
            found.setdefault(decision.served, []).append(decision)
        return found

    @cached_property
    def _made(self) -> tuple[Decision, ...]:
        with collector_paused():  # decisions are many, small and never garbage
            return _sorted(unsorted(self._entries))


def unsorted(entries: Iterable[Entry]) -> Iterator[Decision]:
    """Every decision, as it was met."""
    for entry in entries:
        yield from entry.decisions() if isinstance(entry, Batch) else entry


def grouped(decisions: Sequence[Decision]) -> tuple[Group, ...]:
    """Some decisions by how they are served, in the order of the first of each."""
    if isinstance(decisions, Ledger):
        return decisions.groups
    found: dict[Served, list[Decision]] = {}
    for decision in decisions:
        found.setdefault(decision.served, []).append(decision)
    return tuple(
        Group(served, Lot(alike, alike[0], len(alike), sum(decision.unit.disks for decision in alike)))
        for served, alike in found.items()
    )


def _firsts(entry: Entry) -> Iterator[tuple[Decision, int, int]]:
    """For each way of being served, the first decision, the number of decisions and their disks."""
    if not isinstance(entry, Batch):
        yield from ((decision, 1, decision.unit.disks) for decision in entry)
        return
    for sides, at in entry.first().items():
        task, numbers = entry.task(at), entry.tally[sides]
        yield from ((Decision(served, task), *numbers) for served in sides)


def _job(entry: Entry) -> str:
    if isinstance(entry, Batch):
        return entry.sides[0][0].ruling.job if entry.sides else ""
    return entry[0].ruling.job


def _place(decision: Decision) -> tuple[object, ...]:
    return *_head(decision.served.ruling), natural(decision.unit.name)


def _head(ruling: Ruling) -> tuple[object, ...]:
    return natural(ruling.job), ruling.operation, ruling.side, natural(ruling.repository)


def _sorted(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    lots: dict[tuple[object, ...], list[Decision]] = {}
    lot_of: dict[Ruling, list[Decision]] = {}
    for decision in decisions:
        ruling = decision.served.ruling
        lot = lot_of.get(ruling)
        if lot is None:
            lot = lot_of[ruling] = lots.setdefault(_head(ruling), [])
        lot.append(decision)
    return tuple(chain.from_iterable(_by_task(lots[head]) for head in sorted(lots)))


def _by_task(lot: list[Decision]) -> list[Decision]:
    names = [decision.unit.name for decision in lot]
    if (ordered := in_natural_order(names)) == names:
        return lot
    place = {name: at for at, name in enumerate(ordered)}
    return sorted(lot, key=lambda decision: place[decision.unit.name])
