"""The fold over the tasks of each job: every case is ruled once, then servers are picked while load grows."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from typing import Any, NamedTuple

from gwplan.inventory.entries import BEHIND_GATEWAY
from gwplan.inventory.names import natural
from gwplan.planning.blocked import PER_MACHINE, REASONS
from gwplan.planning.picks import NOBODY, Choice, Pick, Wave, pick_for
from gwplan.planning.placement import Placement, machines_of, repository_of, sources_of
from gwplan.planning.rank import Loads, Standing, slots
from gwplan.planning.readers import Readers
from gwplan.planning.rulings import World, rulings, synthetic_ruling
from gwplan.planning.trace import NOWHERE, Decision, GatewayLoad, Ranks, Ruling, Task, Way
from gwplan.planning.units import SYNTHETIC_TYPES, Case, Work, is_whole_job, place_of
from gwplan.planning.ways import way, way_in_place

WAVES = ("data", "maintenance", "restore", "synthetic")


class Ruled(NamedTuple):
    """What was ruled once for all tasks of a case: the job's own operation, or a synthetic one in place."""

    work: Work
    case: Case
    sides: tuple[Ruling, ...]
    readers: Readers | None
    in_place: bool


class _Alike:
    """All tasks of one case: their rulings, who reads them, how each side picks its server, the ways they take."""

    __slots__ = ("case", "ends", "host", "in_place", "is_served", "machine_of", "picks", "proxies", "sides", "ways")

    def __init__(self, case: Case, sides: tuple[Ruling, ...], host: str | None, proxies: Standing | None) -> None:
        self.case, self.sides, self.host, self.proxies = case, sides, host, proxies
        self.is_served = not any(side.outcome in ("failed", "blocked") for side in sides)
        self.picks: tuple[Pick, ...] = ()
        self.ways: dict[tuple[str | None, ...], Way] = {}
        self.machine_of: dict[str, str] = {}
        """The machine of each proxy that may read."""
        self.ends = case.source, case.target
        """Where the data starts and ends; None for the task's own machine."""
        self.in_place: _Alike | None = None
        """The synthetic operations on the same chains, where there are any."""

    def reader(self) -> str | None:
        """The proxy that would read the next task, or the host."""
        return self.proxies.names()[0] if self.proxies else self.host


class Fold:
    """The state of the fold: loads so far, and the decisions made."""

    def __init__(
        self, world: World, baseline: Placement, placement: Placement, *, spread: bool, trace: Container[str] = (),
        operations: Container[str] = WAVES,
    ) -> None:  # fmt: skip
        """``operations`` has the waves that are decided."""
        self.world, self.network, self.inventory = world, world.network, world.inventory
        self.baseline, self.placement = baseline, placement
        self.spread, self.trace, self.operations = spread, trace, operations
        self.waves = {name: Wave(Loads(), Loads()) for name in WAVES}
        self.disks: dict[str, int] = {}
        self.decisions: list[Decision] = []
        self.idle: list[tuple[str, str]] = []
        self.ruled: list[Ruled] = []

    def gateways(self) -> tuple[GatewayLoad, ...]:
        """Every server that serves a task of any wave, with its data wave."""
        serving = {name for wave in self.waves.values() for name in wave.gateways.counts}
        data = self.waves["data"].gateways.counts
        return tuple(
            GatewayLoad(name, data.get(name, 0), self.disks.get(name, 0), slots(self.inventory, name))
            for name in sorted(serving, key=natural)
        )

    def all(self, todo: Iterable[Work]) -> None:
        """Decide every task of enabled jobs, in the order given."""
        for work in todo:
            if work.job.enabled:
                self.job(work)

    def job(self, work: Work) -> None:
        """Decide every task of one job or implied operation."""
        before = len(self.decisions)
        job = _Job(self, work)
        if work.type == "tape":
            job.tape()
        elif work.type in ("rescan", "health_check"):
            for target in work.targets:
                job.operate(job.in_place(Case("", "", (), None, target)), Task(target, (), 0))
        elif is_whole_job(self.inventory, work):
            job.as_a_whole()
        else:
            job.machine_by_machine()
        if len(self.decisions) == before and not work.implied:
            source = getattr(work.job, "source_repository", None) or ", ".join(work.job.source_jobs)
            self.idle.append((work.name, source))


class _Job:
    """The tasks of one job, decided one after the other."""

    def __init__(self, fold: Fold, work: Work) -> None:
        self.fold, self.work = fold, work
        self.world, self.network, self.inventory = fold.world, fold.network, fold.inventory
        self.is_traced = work.name in fold.trace
        self.wave = fold.waves[work.operation]
        self.disks = fold.disks if work.operation == "data" else None
        self.write = fold.decisions.append
        self.is_synthetic = (
            work.type in SYNTHETIC_TYPES and work.job.synthetic and "synthetic" in fold.operations
        )
        self.cases: dict[tuple[Any, ...], _Alike] = {}
        self.places: dict[tuple[Any, ...], _Alike] = {}

    # --- the units ----------------------------------------------------------------------------------------------------

    def machine_by_machine(self) -> None:
        """One task per machine, all its disks together."""
        machines = self.inventory.machines
        cases, is_synthetic = self.cases, self.is_synthetic
        for machine, case in self._rows():
            alike = cases.get(case) or self._alike(Case(*case))
            task = Task(machine, (machine,), machines[machine].disks)
            proxy = alike.reader()
            self._settle(alike, task, machine, proxy)
            if alike.is_served and alike.proxies:
                self._count_reading(alike, proxy, task.disks)
            if is_synthetic and alike.in_place is not None:
                self.operate(alike.in_place, task)

    def as_a_whole(self) -> None:
        """One task for the whole job: it goes on with the machines that remain, each that drops out is blocked."""
        name, machines = self.work.name, self.inventory.machines
        alikes = [(machine, self.cases.get(case) or self._alike(Case(*case))) for machine, case in self._rows()]
        if remaining := self._remaining(alikes, name):
            first = remaining[0][1]
            self._settle(first, self._task(name, remaining), remaining[0][0], first.reader())
            if first.is_served:
                for machine, alike in remaining:
                    self._count_reading(alike, alike.reader(), machines[machine].disks)
        if self.is_synthetic and alikes[0][1].in_place is not None:
            self.operate(alikes[0][1].in_place, self._task(name, alikes))

    def tape(self) -> None:
        """One task per source job, or one for the source repository; it reads the extent of its first machine."""
        for name, rows in self._tape_tasks():
            alikes = []
            for machine, source in rows:
                case = Case("", "", (), source, None)
                alikes.append((machine, self.cases.get(case) or self._alike(case)))
            if remaining := self._remaining(alikes, name):
                self._settle(remaining[0][1], self._task(name, remaining), "", None)
            if self.is_synthetic and alikes[0][1].in_place is not None:
                self.operate(alikes[0][1].in_place, self._task(name, alikes))

    def _rows(self) -> Iterator[tuple[str, tuple[Any, ...]]]:
        """Each machine with its case, as a plain tuple."""
        work, placement, machines = self.work, self.fold.placement, self.inventory.machines
        chosen, offline = placement.chosen.get(work.name), placement.offline
        target = work.targets[0] if work.targets else None
        rows: Iterable[tuple[str, str | None]]
        if work.has_source:
            rows = sources_of(self.world, self.fold.baseline, work)
        else:
            rows = ((machine, None) for machine in machines_of(self.world, placement, work.name))
        places: dict[tuple[object, ...], tuple[object, ...]] = {}
        for machine, source in rows:
            workload = machines[machine]
            key = (workload.platform, workload.site, workload.host)
            where = places.get(key)
            if where is None:
                where = places[key] = place_of(self.inventory, work, workload)
            if chosen is None:
                yield machine, (*where, source, target, False)
            else:
                yield machine, (*where, source, chosen[machine], (work.name, machine) in offline)

    def _tape_tasks(self) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        job, world, baseline = self.work.job, self.world, self.fold.baseline
        if job.source_repository is not None:
            if rows := sources_of(world, baseline, self.work):
                yield job.source_repository, rows
            return
        listed = set(machines_of(world, baseline, self.work.name))
        for source in dict.fromkeys(job.source_jobs):
            if self.inventory.jobs[source].writes:
                machines = (machine for machine in machines_of(world, baseline, source) if machine in listed)
                if rows := [(machine, repository_of(world, baseline, source, machine)) for machine in machines]:
                    yield source, rows

    def _task(self, name: str, alikes: list[tuple[str, _Alike]]) -> Task:
        names = tuple(machine for machine, _ in alikes)
        return Task(name, names, sum(self.inventory.machines[machine].disks for machine in names))

    def _remaining(self, alikes: list[tuple[str, _Alike]], name: str) -> list[tuple[str, _Alike]]:
        """The machines of a whole task that can run. What cannot becomes decisions: each machine that drops out, or
        the whole as one."""
        stopped = {alike: alike.sides[0].reason or "" for _, alike in alikes if alike.sides[0].outcome == "blocked"}
        remaining = [(machine, alike) for machine, alike in alikes if alike not in stopped]
        whole = [reason for reason in stopped.values() if reason not in PER_MACHINE]
        if stopped and (whole or not remaining):
            reason = min(whole or stopped.values(), key=REASONS.index)
            told = next(alike for _, alike in alikes if stopped.get(alike) == reason)
            reader = next((found for _, alike in alikes if (found := alike.reader())), None)
            self.write(Decision(told.sides[0], self._task(name, alikes), None, reader, ()))
            return []
        for machine, alike in alikes:
            if alike in stopped:
                self.write(Decision(alike.sides[0], self._task(machine, [(machine, alike)]), None, alike.reader(), ()))
        return remaining

    # --- one task -----------------------------------------------------------------------------------------------------

    def _settle(self, alike: _Alike, task: Task, origin: str, proxy: str | None) -> None:
        """Each side of a task whose reader is known. ``origin`` is what the data comes from or goes to, by name."""
        machine = proxy if proxy is None else alike.machine_of.get(proxy, proxy)
        start, end = alike.ends
        ends = (start or origin, end or origin)
        first = choice = alike.picks[0].choose(machine, NOBODY)
        if len(alike.picks) == 2:
            choice = alike.picks[1].choose(machine, first)
        key = (machine, first.gateway, choice.gateway)
        passed = alike.ways.get(key)
        if passed is None:
            passed = alike.ways[key] = self._way(alike, machine, (first, choice)[: len(alike.picks)])
        ranks: list[Ranks | None] = [None, None]
        readers = None
        if self.is_traced:
            ranks = [pick.ranks(machine) for pick in alike.picks]
            readers = alike.proxies.ranks() if alike.proxies else None
        gateway, fallbacks = first
        self.write(Decision(alike.sides[0], task, gateway, proxy, fallbacks, passed, ends, ranks[0], readers))
        self._count(gateway, task)
        if len(alike.picks) == 2:
            self.write(Decision(alike.sides[1], task, choice.gateway, proxy, choice.fallbacks, passed, ends, ranks[1]))
            if choice.gateway != first.gateway:  # a server that serves both sides counts the task once
                self._count(choice.gateway, task)

    def _count(self, gateway: str | None, task: Task) -> None:
        if gateway is not None:
            self.wave.gateways.add(gateway, 1)
            if self.disks is not None:
                self.disks[gateway] = self.disks.get(gateway, 0) + task.disks

    def _way(self, alike: _Alike, machine: str | None, choices: tuple[Choice, ...]) -> Way:
        served = [choice.gateway or side.data_mover for side, choice in zip(alike.sides, choices, strict=True)]
        return way(self.network, self.work, alike.case, machine, served)

    def _count_reading(self, alike: _Alike, proxy: str | None, disks: int) -> None:
        """A disk is one task of a proxy, a file share one. limiting_tasks.html"""
        if alike.proxies and proxy is not None:
            self.wave.proxies.add(proxy, 1 if alike.case.platform == "file_share" else disks)

    def operate(self, alike: _Alike, task: Task) -> None:
        """One task of an operation within a repository: synthetic, rescan, health check."""
        pick, ruling = alike.picks[0], alike.sides[0]
        gateway, fallbacks = pick.choose(None, NOBODY)
        passed = alike.ways.get((gateway,))
        if passed is None:
            mover = gateway or ruling.data_mover
            found = way_in_place(self.network, ruling.repository, mover) if mover else NOWHERE
            passed = alike.ways[(gateway,)] = found
        ranks = pick.ranks(None) if self.is_traced else None
        self.write(Decision(ruling, task, gateway, None, fallbacks, passed, ("", ruling.repository), ranks))
        if gateway is not None:
            self.fold.waves[ruling.operation].gateways.add(gateway, 1)

    # --- alike tasks --------------------------------------------------------------------------------------------------

    def _alike(self, case: Case) -> _Alike:
        ruled = rulings(self.world, self.work, case)
        reading = ruled.readers
        proxies = Standing(self.wave.proxies, reading.proxies) if reading and reading.proxies else None
        self.fold.ruled.append(Ruled(self.work, case, ruled.sides, reading, in_place=False))
        alike = self.cases[case] = _Alike(case, ruled.sides, reading.host if reading else None, proxies)
        alike.picks = tuple(self._pick(side, case, proxies) for side in ruled.sides)
        if proxies is not None:
            alike.machine_of = {name: self.network.role_server("proxy", name) for name in proxies.members}
        if self.work.type == "tape":
            alike.ends = case.source, self.network.role_server("tape_server", self.work.job.tape_server)
        repository = case.source if self.work.type == "tape" else case.target
        if self.is_synthetic and repository and self.inventory.repositories[repository].type in BEHIND_GATEWAY:
            source = case.source if self.work.type == "tape" else None
            alike.in_place = self.in_place(Case("", "", (), source, case.target, case.offline))
        return alike

    def in_place(self, case: Case) -> _Alike:
        """What the rules say of an operation within a repository."""
        alike = self.places.get(case)
        if alike is None:
            if self.work.operation == "maintenance":
                ruling = rulings(self.world, self.work, case).sides[0]
            else:
                ruling = synthetic_ruling(self.world, self.work, case)
            self.fold.ruled.append(Ruled(self.work, case, (ruling,), None, in_place=True))
            alike = self.places[case] = _Alike(case, (ruling,), None, None)
            alike.picks = (self._pick(ruling, case, None),)
        return alike

    def _pick(self, ruling: Ruling, case: Case, proxies: Standing | None) -> Pick:
        wave = self.fold.waves[ruling.operation]
        return pick_for(self.world, ruling, self.work, case, wave, proxies, spread=self.fold.spread)
