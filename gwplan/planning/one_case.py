"""How tasks of one case are served while load grows: each takes the server that stands first, and counts as its load.

Alike tasks are served in one go where what each side chooses follows from its own load alone, which gives exactly what
one after the other gives.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, repeat
from typing import NamedTuple

from gwplan.planning.carried import Carried
from gwplan.planning.decision import Decision, Served
from gwplan.planning.ledger import Batch, Sides
from gwplan.planning.legs import way
from gwplan.planning.orders import NOBODY, Chosen
from gwplan.planning.picks import ByReadingOrder, pick_for
from gwplan.planning.rank import Turns
from gwplan.planning.rulings import Ruled
from gwplan.planning.serving import Serving
from gwplan.planning.trace import NOWHERE, Ranks, Task
from gwplan.planning.world import World


def serve_each(
    batch: Batch, machines: Sequence[str], disks: Sequence[int], cases: Sequence[OneCase]
) -> None:
    """One task for each machine, in this order; they go to the batch."""
    stretches = [*runs(cases)]
    if cases[0].is_traced:
        for name, weight, case in zip(machines, disks, cases, strict=True):
            proxy = case.reader()
            case.serve(Task(name, (name,), weight), proxy)
            if case.runs:
                case.count_reading(proxy, weight)
    elif 2 * len(stretches) > len(cases):
        _in_turn(batch, machines, disks, cases)
    else:
        for case, start, stop in stretches:
            if case.runs_apart and stop - start > 1:
                case.in_one_go(batch, machines[start:stop], disks[start:stop])
            else:
                _in_turn(batch, machines[start:stop], disks[start:stop], cases[start:stop])


def runs(cases: Sequence[OneCase]) -> Iterator[tuple[OneCase, int, int]]:
    """Each stretch of one and the same case: where it starts and stops."""
    start = 0
    for _, alike in groupby(cases, key=id):
        stop = start + len([*alike])
        yield cases[start], start, stop
        start = stop


def _in_turn(
    batch: Batch, machines: Sequence[str], disks: Sequence[int], cases: Sequence[OneCase]
) -> None:
    """One task after the other. Who reads each is known beforehand where only reading weighs on the proxies."""
    sides = []
    pool = cases[0].pool
    if pool is None or any(case.pool is not pool or case.heeds_readers_order for case in {*cases}):
        for case, weight in zip(cases, disks, strict=True):
            proxy = case.reader()
            sides.append(case.next(proxy, weight))
            if case.runs:
                case.count_reading(proxy, weight)
    else:
        asked = zip(cases, disks, strict=True)
        weights = [case.weight_of_reading(weight) if case.runs else 0 for case, weight in asked]
        readers = pool.leading.turns(weights).first
        sides = [case.next(proxy, weight) for case, proxy, weight in zip(cases, readers, disks, strict=True)]
        cases[0].count_readings(readers, weights)
    batch.add(machines, disks, sides)


class _Served(NamedTuple):
    """How the sides of a task are served, and the gateways that count it: one that serves both sides counts it once."""

    sides: Sides
    gateways: tuple[str, ...]


class _Known(dict[tuple[str | None, Chosen, Chosen], _Served]):
    """How the sides are served, for a reader and what each side chose."""

    def __init__(self, world: World, ruled: Ruled, machine_of: Mapping[str, str]) -> None:
        super().__init__()
        self._world, self._ruled, self._machine_of = world, ruled, machine_of

    def __missing__(self, key: tuple[str | None, Chosen, Chosen]) -> _Served:
        proxy, *chosen = key
        machine = proxy if proxy is None else self._machine_of.get(proxy, proxy)
        pairs = [*zip(self._ruled.sides, chosen, strict=False)]  # a single side is both the first and the last
        gateways = {side.side: choice.gateway for side, choice in pairs}
        passed = way(self._world, self._ruled.stops, machine, gateways)
        sides = tuple(Served(side, choice.gateway, choice.fallbacks, proxy, passed) for side, choice in pairs)
        served = self[key] = _Served(sides, _once(gateways.values()))
        return served


class OneCase:
    """All tasks of one case: who reads them, how each side picks its server, and how they were served so far."""

    __slots__ = (
        "_disks", "_gateways", "_host", "_known", "_machine_of", "_picks", "_reading", "_write", "is_traced",
        "pool", "ruled", "runs", "runs_apart",
    )  # fmt: skip

    def __init__(self, serving: Serving, ruled: Ruled) -> None:
        wave = serving.waves[ruled.sides[0].operation]
        serving.ruled.append(ruled)
        self.ruled = ruled
        self.runs = all(side.is_served for side in ruled.sides)
        self._write = serving.entries.append
        self.is_traced = ruled.work.name in serving.trace
        self._gateways, self._reading = wave
        self._disks = serving.disks if ruled.is_data else None
        self._host = ruled.readers.host if ruled.readers else None
        self.pool = serving.pool(wave, ruled.readers)
        self._picks = tuple(
            pick_for(serving.world, ruled, side, wave, self.pool, spread=serving.spread) for side in ruled.sides
        )
        self._machine_of = serving.world.machine_of
        self._known = _Known(serving.world, ruled, self._machine_of)
        readers = frozenset({self._host}) if self._host else self.pool.machines if self.pool else frozenset()
        others = [*ruled.sides[::-1]] if len(ruled.sides) == 2 else [None]
        self.runs_apart = all(
            pick.runs_apart(readers, other) for pick, other in zip(self._picks, others, strict=True)
        )

    @property
    def block(self) -> str:
        """The reason why it cannot run at all."""
        side = self.ruled.sides[0]
        return side.reason or "" if side.outcome == "blocked" else ""

    def reader(self) -> str | None:
        """The proxy that would read the next task, or the host."""
        return self.pool.leading.names()[0] if self.pool else self._host

    def count_reading(self, proxy: str | None, disks: int) -> None:
        """Of a machine with so many disks."""
        if self.pool and proxy is not None:
            self._reading.add(proxy, self.weight_of_reading(disks))

    def weigh(self, disks: Sequence[int], carried: Carried) -> None:
        """Tasks of so many disks each weigh on whom they would be served and read by; nothing else is kept of them."""
        sides = self.ruled.sides
        for gateways, tasks in self._gateways_of(disks).items():
            for gateway, side in zip(gateways, sides, strict=False):  # a single side is both the first and the last
                if gateway is not None:
                    carried.on[gateway, side.repository] += tasks
            for gateway in _once(gateways):
                carried.tasks[gateway] += tasks

    def serve(self, task: Task, proxy: str | None) -> None:
        """Each side of a task whose reader is known, source first."""
        sides, gateways = self._known[proxy, *self._choose(proxy)]
        if self.is_traced:
            readers: Ranks | None = self.pool.everyone.ranks() if self.pool else None
            machine = proxy if proxy is None else self._machine_of.get(proxy, proxy)
            ranks = [pick.ranks(machine) for pick in self._picks]
            self._write(tuple(
                Decision(served, task, order, None if number else readers)
                for number, (served, order) in enumerate(zip(sides, ranks, strict=True))
            ))  # fmt: skip
        else:
            self._write(tuple(Decision(served, task) for served in sides))
        self._count(gateways, 1, task.disks)

    def refuse(self, task: Task, reader: str | None) -> None:
        """One decision for a task that cannot run."""
        self._write((Decision(Served(self.ruled.sides[0], None, (), reader, NOWHERE), task),))

    # --- one after the other ------------------------------------------------------------------------------------------

    @property
    def heeds_readers_order(self) -> bool:
        """Whether a side is served in the order in which the proxies stand."""
        return any(isinstance(pick, ByReadingOrder) for pick in self._picks)

    def weight_of_reading(self, disks: int) -> int:
        """How many tasks of a proxy it is to read a machine: one for each disk, one for a file share.

        limiting_tasks.html
        """
        return 1 if self.ruled.case.platform == "file_share" else disks

    def next(self, proxy: str | None, disks: int) -> Sides:
        """Serve a task of one machine that is read so; the reading is for others to count."""
        sides, gateways = self._known[proxy, *self._choose(proxy)]
        self._count(gateways, 1, disks)
        return sides

    def _choose(self, proxy: str | None) -> tuple[Chosen, Chosen]:
        machine = self._machine_of.get(proxy, proxy) if proxy is not None else None
        first = chosen = self._picks[0].choose(machine, NOBODY)
        if len(self._picks) == 2:
            chosen = self._picks[1].choose(machine, first)
        return first, chosen

    def _count(self, gateways: Iterable[str], tasks: int, disks: int) -> None:
        add, sums = self._gateways.add, self._disks
        for gateway in gateways:
            add(gateway, tasks)
            if sums is not None:
                sums[gateway] = sums.get(gateway, 0) + disks

    # --- in one go ----------------------------------------------------------------------------------------------------

    def in_one_go(self, batch: Batch, machines: Sequence[str], disks: Sequence[int]) -> None:
        """What one task after the other gives, if the case runs apart."""
        tasks, turns = len(machines), self._turns(disks)
        proxies: Iterable[str | None] = turns.first if turns is not None else repeat(self._host, tasks)
        first = last = self._picks[0].run(tasks, turns, [])
        if len(self._picks) == 2:
            last = self._picks[1].run(tasks, turns, first)
        sides = [self._known[key].sides for key in zip(proxies, first, last, strict=True)]
        for one, numbers in batch.add(machines, disks, sides).items():
            self._count(_once(served.gateway for served in one), *numbers)
        self._count_turns(turns, disks)

    def _turns(self, disks: Sequence[int]) -> Turns | None:
        """Who reads which of several tasks, None where no proxy does."""
        return self.pool.leading.turns(self._weights(disks)) if self.pool else None

    def _weights(self, disks: Sequence[int]) -> Iterable[int]:
        return map(self.weight_of_reading, disks) if self.runs else repeat(0, len(disks))

    def count_readings(self, readers: Iterable[str], weights: Iterable[int]) -> None:
        """Of machines that weigh so much."""
        added: dict[str, int] = {}
        for proxy, weight in zip(readers, weights, strict=True):
            added[proxy] = added.get(proxy, 0) + weight
        for proxy, weight in added.items():
            if weight:
                self._reading.add(proxy, weight)

    def _count_turns(self, turns: Turns | None, disks: Sequence[int]) -> None:
        if turns is not None and self.runs:
            self.count_readings(turns.first, self._weights(disks))

    def _gateways_of(self, disks: Sequence[int]) -> Counter[tuple[str | None, str | None]]:
        """The gateways of the first and the last side of tasks, which weigh on their readers, too."""
        tasks = len(disks)
        if not self.runs_apart or tasks == 1:
            found: Counter[tuple[str | None, str | None]] = Counter()
            for weight in disks:
                proxy = self.reader()
                first, last = self._choose(proxy)
                found[first.gateway, last.gateway] += 1
                for gateway in _once((first.gateway, last.gateway)):
                    self._gateways.add(gateway, 1)
                if self.runs:
                    self.count_reading(proxy, weight)
            return found
        turns = self._turns(disks)
        firsts = lasts = self._picks[0].run_first(tasks, turns, [])
        if len(self._picks) == 2:
            lasts = self._picks[1].run_first(tasks, turns, firsts)
        self._count_turns(turns, disks)
        found = Counter(zip(firsts, lasts, strict=True))
        for gateways, number in found.items():
            for gateway in _once(gateways):
                self._gateways.add(gateway, number)
        return found


def _once(gateways: Iterable[str | None]) -> tuple[str, ...]:
    """A server that serves both sides counts a task once."""
    return tuple(name for name in dict.fromkeys(gateways) if name is not None)
