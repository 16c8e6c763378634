"""Who serves, while load grows: each task of a case takes the server that stands first, and counts as its load.

What may serve was ruled before, once for all tasks of a case.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container

from gwplan.inventory.entries import BEHIND_GATEWAY
from gwplan.planning.blocked import PER_MACHINE, REASONS
from gwplan.planning.carried import Carried
from gwplan.planning.decision import Decision, Served
from gwplan.planning.legs import way
from gwplan.planning.picks import NOBODY, Chosen, Wave, pick_for
from gwplan.planning.rank import Loads, Standing
from gwplan.planning.rulings import Ruled, rule, rule_synthetic
from gwplan.planning.tasks import Alike, Asked, Case, InPlace, Together, Work
from gwplan.planning.trace import NOWHERE, Ranks, Task
from gwplan.planning.world import World

WAVES = ("data", "maintenance", "restore", "synthetic")


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
        self.decisions: list[Decision] = []
        self.cases: list[_Served] = []
        """What was ruled and served alike, in the order in which it was met."""

    @property
    def ruled(self) -> list[Ruled]:
        return [case.ruled for case in self.cases]

    @property
    def data(self) -> Carried:
        """What the gateways carry in the data wave."""
        found = Carried(self.waves["data"].gateways.counts)
        for served, tasks in Counter([decision.served for decision in self.decisions]).items():
            if served.gateway is not None and served.ruling.operation == "data":
                found.on[served.gateway, served.ruling.repository] += tasks
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
        self._write = serving.decisions.append
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
        case, chains, machines = self._case(asked.case), self._chains_of(asked.case), self._machines
        for machine in asked.machines:
            task = Task(machine, (machine,), machines[machine].disks)
            proxy = case.reader()
            case.serve(task, proxy)
            if case.runs:
                case.count_reading(proxy, task.disks)
            if chains is not None:
                chains.serve(task, None)

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


class _Served:
    """All tasks of one case: who reads them, how each side picks its server, and how they were served so far."""

    __slots__ = (
        "_disks", "_gateways", "_host", "_is_traced", "_known", "_machine_of", "_picks", "_proxies", "_reading",
        "_world", "_write", "ruled", "runs",
    )  # fmt: skip

    def __init__(self, serving: Serving, ruled: Ruled) -> None:
        wave = serving.waves[ruled.sides[0].operation]
        readers, role_server = ruled.readers, serving.world.network.role_server
        serving.cases.append(self)
        self.ruled = ruled
        self.runs = all(side.is_served for side in ruled.sides)
        self._world, self._write = serving.world, serving.decisions.append
        self._is_traced = ruled.work.name in serving.trace
        self._gateways, self._reading = wave
        self._disks = serving.disks if ruled.is_data else None
        self._host = readers.host if readers else None
        self._proxies = Standing(wave.proxies, readers.proxies) if readers and readers.proxies else None
        self._machine_of = {name: role_server("proxy", name) for name in self._proxies.members} if self._proxies else {}
        self._picks = tuple(
            pick_for(serving.world, ruled, side, wave, self._proxies, spread=serving.spread) for side in ruled.sides
        )
        self._known: dict[tuple[object, ...], tuple[Served, ...]] = {}

    @property
    def block(self) -> str:
        """The reason why it cannot run at all."""
        side = self.ruled.sides[0]
        return side.reason or "" if side.outcome == "blocked" else ""

    def reader(self) -> str | None:
        """The proxy that would read the next task, or the host."""
        return self._proxies.names()[0] if self._proxies else self._host

    def count_reading(self, proxy: str | None, disks: int) -> None:
        """A disk is one task of a proxy, a file share one. limiting_tasks.html"""
        if self._proxies and proxy is not None:
            self._reading.add(proxy, 1 if self.ruled.case.platform == "file_share" else disks)

    def serve(self, task: Task, proxy: str | None) -> None:
        """Each side of a task whose reader is known, source first."""
        machine = proxy if proxy is None else self._machine_of.get(proxy, proxy)
        picks = self._picks
        first = chosen = picks[0].choose(machine, NOBODY)
        if len(picks) == 2:
            chosen = picks[1].choose(machine, first)
        key = (proxy, first, chosen)
        sides = self._known.get(key)
        if sides is None:
            sides = self._known[key] = self._sides(proxy, machine, (first, chosen)[: len(picks)])
        if self._is_traced:
            self._write_with_ranks(sides, task, machine)
        else:
            for served in sides:
                self._write(Decision(served, task))
        self._count(first.gateway, task)
        if chosen.gateway != first.gateway:  # a server that serves both sides counts the task once
            self._count(chosen.gateway, task)

    def refuse(self, task: Task, reader: str | None) -> None:
        """One decision for a task that cannot run."""
        self._write(Decision(Served(self.ruled.sides[0], None, (), reader, NOWHERE), task))

    def _sides(self, proxy: str | None, machine: str | None, chosen: tuple[Chosen, ...]) -> tuple[Served, ...]:
        sides = self.ruled.sides
        gateways = {side.side: choice.gateway for side, choice in zip(sides, chosen, strict=True)}
        passed = way(self._world, self.ruled.stops, machine, gateways)
        return tuple(
            Served(side, choice.gateway, choice.fallbacks, proxy, passed)
            for side, choice in zip(sides, chosen, strict=True)
        )

    def _write_with_ranks(self, sides: tuple[Served, ...], task: Task, machine: str | None) -> None:
        readers: Ranks | None = self._proxies.ranks() if self._proxies else None
        for served, pick in zip(sides, self._picks, strict=True):
            self._write(Decision(served, task, pick.ranks(machine), readers))
            readers = None

    def _count(self, gateway: str | None, task: Task) -> None:
        if gateway is not None:
            self._gateways.add(gateway, 1)
            if self._disks is not None:
                self._disks[gateway] = self._disks.get(gateway, 0) + task.disks
