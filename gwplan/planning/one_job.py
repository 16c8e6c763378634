"""The tasks of a job, served one after the other or alike ones together; what is ruled of a case is ruled once."""

from __future__ import annotations

from collections.abc import Sequence

from gwplan.inventory.entries import BEHIND_GATEWAY
from gwplan.planning.blocked import PER_MACHINE, REASONS
from gwplan.planning.carried import Carried
from gwplan.planning.ledger import Batch, tallies
from gwplan.planning.one_case import OneCase, runs, serve_each
from gwplan.planning.rulings import rule, rule_synthetic
from gwplan.planning.serving import Serving
from gwplan.planning.tasks import Asked, Case, InPlace, Singly, Together, Work
from gwplan.planning.trace import Task
from gwplan.planning.world import World


def chains_of(world: World, work: Work, case: Case) -> Case | None:
    """The case of the synthetic operations on the chains of a case: on a tape job's source, else on the target."""
    repository = case.target or case.source
    if not work.job.synthetic or repository is None or world.edition.synthetic(work.type) is None:
        return None
    if world.inventory.repositories[repository].type not in BEHIND_GATEWAY:
        return None
    return Case("", "", (), None if case.target else case.source, case.target, case.offline)


class OneJob:
    """Serves the tasks of one job, one after the other."""

    def __init__(self, serving: Serving, work: Work) -> None:
        self._serving, self._world, self._work = serving, serving.world, work
        self._cases: dict[Case, OneCase] = {}
        self._chains: dict[Case | None, OneCase | None] = {None: None}
        self._chains_of_case: dict[Case, Case | None] = {}
        self._machines = serving.world.inventory.machines
        self._has_synthetic = "synthetic" in serving.operations

    def serve(self, asked: Asked) -> None:
        """One item of what is decided."""
        if isinstance(asked, Singly):
            self._singly(asked)
        elif isinstance(asked, Together):
            self._together(asked)
        else:
            self._in_place(asked)

    def weigh(self, asked: Asked, disks: Sequence[int], carried: Carried) -> None:
        """The same, where only what gateways carry of it is asked for; ``disks`` are those of each machine."""
        if isinstance(asked, Singly):
            for case, start, stop in runs([self._case(case) for case in asked.cases]):
                case.weigh(disks[start:stop], carried)
            return
        entries = self._serving.entries
        before = len(entries)
        self.serve(asked)
        for sides, tasks, _ in tallies(entries[before:]):
            served = [(one.gateway, one.ruling.repository) for one in sides if one.gateway is not None]
            for gateway, repository in served:
                carried.on[gateway, repository] += tasks
            for gateway in {gateway for gateway, _ in served}:
                carried.tasks[gateway] += tasks

    # --- each kind of task --------------------------------------------------------------------------------------------

    def _singly(self, asked: Singly) -> None:
        """A job's own tasks, then the synthetic operations on their chains, whose load is counted by itself."""
        machines, disks = asked.machines, [self._machines[name].disks for name in asked.machines]
        served = {case: (self._case(case), self._chains_of(case)) for case in dict.fromkeys(asked.cases)}
        each = [served[case] for case in asked.cases]
        self._serve_each(machines, disks, [own for own, _ in each])
        rows = [row for row in zip(machines, disks, (chains for _, chains in each), strict=True) if row[2]]
        if rows:
            self._serve_each([row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows if row[2]])

    def _serve_each(self, machines: list[str], disks: list[int], cases: list[OneCase]) -> None:
        batch = Batch()
        self._serving.entries.append(batch)
        serve_each(batch, machines, disks, cases)

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

    def _remaining(self, name: str, rows: list[tuple[str, OneCase]]) -> list[tuple[str, OneCase]]:
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

    def _task(self, name: str, rows: list[tuple[str, OneCase]]) -> Task:
        names = tuple(machine for machine, _ in rows)
        return Task(name, names, sum(self._machines[machine].disks for machine in names))

    # --- what is ruled once -------------------------------------------------------------------------------------------

    def _case(self, case: Case) -> OneCase:
        found = self._cases.get(case)
        if found is None:
            found = self._cases[case] = OneCase(self._serving, rule(self._world, self._work, case))
        return found

    def _chains_of(self, case: Case) -> OneCase | None:
        if not self._has_synthetic:
            return None
        if case not in self._chains_of_case:
            self._chains_of_case[case] = chains_of(self._world, self._work, case)
        chains = self._chains_of_case[case]
        if chains is not None and chains not in self._chains:
            self._chains[chains] = OneCase(self._serving, rule_synthetic(self._world, self._work, chains))
        return self._chains[chains]
