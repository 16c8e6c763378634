"""How tasks of one case are served while load grows: each takes the server that stands first, and counts as its load.

Alike tasks are served in one go where what each side chooses follows from its own load alone, which gives exactly what
one after the other gives.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import repeat

from gwplan.planning.carried import Carried
from gwplan.planning.decision import Decision, Served
from gwplan.planning.ledger import Batch, Sides
from gwplan.planning.legs import way
from gwplan.planning.orders import NOBODY, Chosen
from gwplan.planning.picks import pick_for
from gwplan.planning.rank import Turns
from gwplan.planning.rulings import Ruled
from gwplan.planning.serving import Serving
from gwplan.planning.trace import NOWHERE, Ranks, Task
from gwplan.planning.world import World


class _Known(dict[tuple[str | None, Chosen, Chosen], Sides]):
    """How the sides are served, for a reader and what each side chose."""

    def __init__(self, world: World, ruled: Ruled, machine_of: Mapping[str, str]) -> None:
        super().__init__()
        self._world, self._ruled, self._machine_of = world, ruled, machine_of

    def __missing__(self, key: tuple[str | None, Chosen, Chosen]) -> Sides:
        proxy, *chosen = key
        machine = proxy if proxy is None else self._machine_of.get(proxy, proxy)
        pairs = [*zip(self._ruled.sides, chosen, strict=False)]  # a single side is both the first and the last
        gateways = {side.side: choice.gateway for side, choice in pairs}
        passed = way(self._world, self._ruled.stops, machine, gateways)
        sides = self[key] = tuple(
            Served(side, choice.gateway, choice.fallbacks, proxy, passed) for side, choice in pairs
        )
        return sides


class OneCase:
    """All tasks of one case: who reads them, how each side picks its server, and how they were served so far."""

    __slots__ = (
        "_disks", "_gateways", "_host", "_is_traced", "_known", "_machine_of", "_picks", "_proxies", "_reading",
        "_runs_apart", "_write", "ruled", "runs",
    )  # fmt: skip

    def __init__(self, serving: Serving, ruled: Ruled) -> None:
        wave = serving.waves[ruled.sides[0].operation]
        serving.ruled.append(ruled)
        self.ruled = ruled
        self.runs = all(side.is_served for side in ruled.sides)
        self._write = serving.entries.append
        self._is_traced = ruled.work.name in serving.trace
        self._gateways, self._reading = wave
        self._disks = serving.disks if ruled.is_data else None
        self._host = ruled.readers.host if ruled.readers else None
        self._proxies, self._machine_of, machines = serving.pool(wave, ruled.readers)
        proxies = self._proxies if self._proxies.members else None
        self._picks = tuple(
            pick_for(serving.world, ruled, side, wave, proxies, spread=serving.spread) for side in ruled.sides
        )
        self._known = _Known(serving.world, ruled, self._machine_of)
        readers = frozenset({self._host}) if self._host else machines
        others = [*ruled.sides[::-1]] if len(ruled.sides) == 2 else [None]
        self._runs_apart = all(
            pick.runs_apart(readers, other) for pick, other in zip(self._picks, others, strict=True)
        )

    @property
    def block(self) -> str:
        """The reason why it cannot run at all."""
        side = self.ruled.sides[0]
        return side.reason or "" if side.outcome == "blocked" else ""

    def reader(self) -> str | None:
        """The proxy that would read the next task, or the host."""
        return self._proxies.names()[0] if self._proxies.members else self._host

    def count_reading(self, proxy: str | None, disks: int) -> None:
        """A disk is one task of a proxy, a file share one. limiting_tasks.html"""
        if self._proxies.members and proxy is not None:
            self._reading.add(proxy, 1 if self.ruled.case.platform == "file_share" else disks)

    def serve_alike(self, batch: Batch, machines: Sequence[str], disks: Sequence[int]) -> None:
        """One task for each machine, which goes to the batch."""
        if self._is_traced:
            for name, weight in zip(machines, disks, strict=True):
                proxy = self.reader()
                self.serve(Task(name, (name,), weight), proxy)
                if self.runs:
                    self.count_reading(proxy, weight)
        elif self._runs_apart and len(machines) > 1:
            self._in_one_go(batch, machines, disks)
        else:
            batch.add(machines, disks, [self._next(weight) for weight in disks])

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
        sides = self._sides(proxy)
        if self._is_traced:
            readers: Ranks | None = self._proxies.ranks() if self._proxies.members else None
            machine = proxy if proxy is None else self._machine_of.get(proxy, proxy)
            ranks = [pick.ranks(machine) for pick in self._picks]
            self._write(tuple(
                Decision(served, task, order, None if number else readers)
                for number, (served, order) in enumerate(zip(sides, ranks, strict=True))
            ))  # fmt: skip
        else:
            self._write(tuple(Decision(served, task) for served in sides))
        self._count(sides, 1, task.disks)

    def refuse(self, task: Task, reader: str | None) -> None:
        """One decision for a task that cannot run."""
        self._write((Decision(Served(self.ruled.sides[0], None, (), reader, NOWHERE), task),))

    # --- one after the other ------------------------------------------------------------------------------------------

    def _next(self, disks: int) -> Sides:
        """Serve a task of one machine."""
        proxy = self.reader()
        sides = self._sides(proxy)
        self._count(sides, 1, disks)
        if self.runs:
            self.count_reading(proxy, disks)
        return sides

    def _sides(self, proxy: str | None) -> Sides:
        return self._known[proxy, *self._choose(proxy)]

    def _choose(self, proxy: str | None) -> tuple[Chosen, Chosen]:
        machine = proxy if proxy is None else self._machine_of.get(proxy, proxy)
        first = chosen = self._picks[0].choose(machine, NOBODY)
        if len(self._picks) == 2:
            chosen = self._picks[1].choose(machine, first)
        return first, chosen

    def _count(self, sides: Sides, tasks: int, disks: int) -> None:
        """A server that serves both sides counts the task once."""
        for gateway in {served.gateway: None for served in sides}:
            if gateway is not None:
                self._gateways.add(gateway, tasks)
                if self._disks is not None:
                    self._disks[gateway] = self._disks.get(gateway, 0) + disks

    # --- in one go ----------------------------------------------------------------------------------------------------

    def _in_one_go(self, batch: Batch, machines: Sequence[str], disks: Sequence[int]) -> None:
        tasks, turns = len(machines), self._turns(disks)
        proxies: Iterable[str | None] = turns.first if turns is not None else repeat(self._host, tasks)
        first = last = self._picks[0].run(tasks, turns, [])
        if len(self._picks) == 2:
            last = self._picks[1].run(tasks, turns, first)
        sides = [self._known[key] for key in zip(proxies, first, last, strict=True)]
        for one, numbers in batch.add(machines, disks, sides).items():
            self._count(one, *numbers)
        self._count_turns(turns, disks)

    def _turns(self, disks: Sequence[int]) -> Turns | None:
        """Who reads which of several tasks, None where no proxy does."""
        return self._proxies.turns(self._weights(disks)) if self._proxies.members else None

    def _weights(self, disks: Sequence[int]) -> Iterable[int]:
        if not self.runs:
            return repeat(0, len(disks))
        return repeat(1, len(disks)) if self.ruled.case.platform == "file_share" else disks

    def _count_turns(self, turns: Turns | None, disks: Sequence[int]) -> None:
        if turns is not None and self.runs:
            added: dict[str, int] = {}
            for proxy, weight in zip(turns.first, self._weights(disks), strict=True):
                added[proxy] = added.get(proxy, 0) + weight
            for proxy, weight in added.items():
                self._reading.add(proxy, weight)

    def _gateways_of(self, disks: Sequence[int]) -> Counter[tuple[str | None, str | None]]:
        """The gateways of the first and the last side of tasks, which weigh on their readers, too."""
        tasks = len(disks)
        if not self._runs_apart or tasks == 1:
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


def _once(gateways: tuple[str | None, str | None]) -> list[str]:
    """A server that serves both sides counts a task once."""
    return [name for name in dict.fromkeys(gateways) if name is not None]
