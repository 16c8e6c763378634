"""Who serves, while load grows: each task of a case takes the server that stands first, and counts as its load.

What may serve was ruled before, once for all tasks of a case. Alike tasks are served in one go where what each side
chooses follows from its own load alone, which gives exactly what one after the other gives.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from itertools import repeat
from typing import NamedTuple

from gwplan.inventory.entries import BEHIND_GATEWAY
from gwplan.planning.blocked import PER_MACHINE, REASONS
from gwplan.planning.carried import Carried
from gwplan.planning.decision import Decision, Served
from gwplan.planning.ledger import Batch, Entry, Sides, tallies, unsorted
from gwplan.planning.legs import way
from gwplan.planning.orders import NOBODY, Chosen
from gwplan.planning.picks import Wave, pick_for
from gwplan.planning.rank import Loads, Standing
from gwplan.planning.readers import Readers
from gwplan.planning.rulings import Ruled, rule, rule_synthetic
from gwplan.planning.tasks import Alike, Asked, Case, InPlace, Together, Work
from gwplan.planning.trace import NOWHERE, Ranks, Task
from gwplan.planning.world import World

WAVES = ("data", "maintenance", "restore", "synthetic")


class _Pool(NamedTuple):
    """The proxies that may read, in their order, and the machine of each."""

    proxies: Standing
    machine_of: dict[str, str]


_NO_POOL = _Pool(Standing(Loads(), ()), {})


class Serving:
    """The loads so far, wave by wave, and the decisions made. ``operations`` has the waves that are decided, ``trace``
    the jobs whose decisions keep the ranks."""

    def __init__(
        self, world: World, *, spread: bool, trace: Container[str] = (), operations: Container[str] = WAVES
    ) -> None:
        self.world, self.spread, self.trace, self.operations = world, spread, trace, operations
        self.waves = {name: Wave(Loads(), Loads()) for name in WAVES}
        self.disks: dict[str, int] = {}
        """Disks of the data tasks of each gateway."""
        self.entries: list[Entry] = []
        self._pools: dict[tuple[int, int], _Pool] = {}
        self.cases: list[_Served] = []
        """What was ruled and served alike, in the order in which it was met."""

    @property
    def ruled(self) -> list[Ruled]:
        return [case.ruled for case in self.cases]

    @property
    def decisions(self) -> list[Decision]:
        """Those made so far, in the order in which they were met."""
        return [*unsorted(self.entries)]

    @property
    def data(self) -> Carried:
        """What the gateways carry in the data wave."""
        found = Carried(self.waves["data"].gateways.counts)
        for sides, tasks, _ in tallies(self.entries):
            for served in sides:
                if served.gateway is not None and served.ruling.operation == "data":
                    found.on[served.gateway, served.ruling.repository] += tasks
        return found

    def pool(self, wave: Wave, readers: Readers | None) -> _Pool:
        """The proxies of some readers with their load in a wave; jobs with the same readers share it."""
        if readers is None or not readers.proxies:
            return _NO_POOL
        key = (id(wave), id(readers.proxies))  # the world keeps the one, this the other
        found = self._pools.get(key)
        if found is None:
            role_server = self.world.network.role_server
            machine_of = {member.name: role_server("proxy", member.name) for member in readers.proxies}
            found = self._pools[key] = _Pool(Standing(wave.proxies, readers.proxies), machine_of)
        return found

    def job(self, work: Work) -> ServingJob:
        """The same for the tasks of one job."""
        return ServingJob(self, work)


class ServingJob:
    """Serves the tasks of one job, one after the other."""

    def __init__(self, serving: Serving, work: Work) -> None:
        self._serving, self._world, self._work = serving, serving.world, work
        self._cases: dict[Case, _Served] = {}
        self._chains: dict[Case, _Served] = {}
        self._machines = serving.world.inventory.machines
        self._has_synthetic = (
            work.job.synthetic
            and "synthetic" in serving.operations
            and serving.world.edition.synthetic(work.type) is not None
        )

    def serve(self, asked: Asked) -> None:
        """One item of what is decided."""
        if isinstance(asked, Alike):
            self._alike(asked)
        elif isinstance(asked, Together):
            self._together(asked)
        else:
            self._in_place(asked)

    # --- each kind of task --------------------------------------------------------------------------------------------

    def _alike(self, asked: Alike) -> None:
        machines = self._machines
        disks = [machines[name].disks for name in asked.machines]
        self._case(asked.case).serve_alike(asked.machines, disks)
        if (chains := self._chains_of(asked.case)) is not None:
            chains.serve_alike(asked.machines, disks)

    def _together(self, asked: Together) -> None:
        """One task goes on with the machines that remain; synthetic operations keep all of them."""
        rows = [(machine, self._case(case)) for machine, case in asked.rows]
        if remaining := self._remaining(asked.name, rows):
            first = remaining[0][1]
            first.serve(self._task(asked.name, remaining), first.reader())
            if first.runs:
                for machine, case in remaining:
                    case.count_reading(case.reader(), self._machines[machine].disks)
        if (chains := self._chains_of(asked.rows[0][1])) is not None:
            chains.serve(self._task(asked.name, rows), None)

    def _in_place(self, asked: InPlace) -> None:
        self._case(asked.case).serve(Task(asked.name, (), 0), None)

    def _remaining(self, name: str, rows: list[tuple[str, _Served]]) -> list[tuple[str, _Served]]:
        """The machines that can run. What cannot becomes decisions: each machine that drops out, or all as one."""
        stopped = {case: case.block for _, case in rows if case.block}
        remaining = [(machine, case) for machine, case in rows if case not in stopped]
        whole = [reason for reason in stopped.values() if reason not in PER_MACHINE]
        if stopped and (whole or not remaining):
            reason = min(whole or stopped.values(), key=REASONS.index)
            told = next(case for _, case in rows if stopped.get(case) == reason)
            reader = next((found for _, case in rows if (found := case.reader())), None)
            told.refuse(self._task(name, rows), reader)
            return []
        for machine, case in rows:
            if case in stopped:
                case.refuse(self._task(machine, [(machine, case)]), case.reader())
        return remaining

    def _task(self, name: str, rows: list[tuple[str, _Served]]) -> Task:
        names = tuple(machine for machine, _ in rows)
        return Task(name, names, sum(self._machines[machine].disks for machine in names))

    # --- what is ruled once -------------------------------------------------------------------------------------------

    def _case(self, case: Case) -> _Served:
        found = self._cases.get(case)
        if found is None:
            found = self._cases[case] = _Served(self._serving, rule(self._world, self._work, case))
        return found

    def _chains_of(self, case: Case) -> _Served | None:
        """The synthetic operations on the chains of a case: on a tape job's source, else on the target."""
        repository = case.target or case.source
        if not self._has_synthetic or repository is None:
            return None
        if self._world.inventory.repositories[repository].type not in BEHIND_GATEWAY:
            return None
        chains = Case("", "", (), None if case.target else case.source, case.target, case.offline)
        found = self._chains.get(chains)
        if found is None:
            found = self._chains[chains] = _Served(self._serving, rule_synthetic(self._world, self._work, chains))
        return found


class _Known(dict[tuple[str | None, Chosen, Chosen], Sides]):
    """How the sides are served, for a reader and what each side chose."""

    def __init__(self, world: World, ruled: Ruled, machine_of: dict[str, str]) -> None:
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


class _Served:
    """All tasks of one case: who reads them, how each side picks its server, and how they were served so far."""

    __slots__ = (
        "_disks", "_gateways", "_host", "_is_traced", "_known", "_machine_of", "_picks", "_proxies", "_reading",
        "_runs_apart", "_write", "ruled", "runs",
    )  # fmt: skip

    def __init__(self, serving: Serving, ruled: Ruled) -> None:
        wave = serving.waves[ruled.sides[0].operation]
        serving.cases.append(self)
        self.ruled = ruled
        self.runs = all(side.is_served for side in ruled.sides)
        self._write = serving.entries.append
        self._is_traced = ruled.work.name in serving.trace
        self._gateways, self._reading = wave
        self._disks = serving.disks if ruled.is_data else None
        self._host = ruled.readers.host if ruled.readers else None
        self._proxies, self._machine_of = serving.pool(wave, ruled.readers)
        proxies = self._proxies if self._proxies.members else None
        self._picks = tuple(
            pick_for(serving.world, ruled, side, wave, proxies, spread=serving.spread) for side in ruled.sides
        )
        self._known = _Known(serving.world, ruled, self._machine_of)
        readers = frozenset(self._machine_of.values()) | {self._host or ""} - {""}
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

    def serve_alike(self, machines: Sequence[str], disks: Sequence[int]) -> None:
        """One task for each machine."""
        if self._is_traced:
            for name, weight in zip(machines, disks, strict=True):
                proxy = self.reader()
                self.serve(Task(name, (name,), weight), proxy)
                if self.runs:
                    self.count_reading(proxy, weight)
        elif self._runs_apart and len(machines) > 1:
            self._write(self._in_one_go(machines, disks))
        else:
            self._write(Batch(machines, disks, [self._next(weight) for weight in disks]))

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
        machine = proxy if proxy is None else self._machine_of.get(proxy, proxy)
        first = chosen = self._picks[0].choose(machine, NOBODY)
        if len(self._picks) == 2:
            chosen = self._picks[1].choose(machine, first)
        return self._known[proxy, first, chosen]

    def _count(self, sides: Sides, tasks: int, disks: int) -> None:
        """A server that serves both sides counts the task once."""
        for gateway in {served.gateway: None for served in sides}:
            if gateway is not None:
                self._gateways.add(gateway, tasks)
                if self._disks is not None:
                    self._disks[gateway] = self._disks.get(gateway, 0) + disks

    # --- in one go ----------------------------------------------------------------------------------------------------

    def _in_one_go(self, machines: Sequence[str], disks: Sequence[int]) -> Batch:
        tasks, turns = len(machines), None
        proxies: Iterable[str | None] = repeat(self._host, tasks)
        if self._proxies.members:
            weights = [1] * tasks if self.ruled.case.platform == "file_share" else disks
            turns = self._proxies.turns(weights if self.runs else repeat(0, tasks))
            proxies = turns.first
        first = last = self._picks[0].run(tasks, turns, [])
        if len(self._picks) == 2:
            last = self._picks[1].run(tasks, turns, first)
        batch = Batch(machines, disks, [self._known[key] for key in zip(proxies, first, last, strict=True)])
        for sides, numbers in batch.tally.items():
            self._count(sides, *numbers)
        if turns is not None and self.runs:
            added: dict[str, int] = {}
            for proxy, weight in zip(turns.first, weights, strict=True):
                added[proxy] = added.get(proxy, 0) + weight
            for proxy, weight in added.items():
                self._reading.add(proxy, weight)
        return batch
