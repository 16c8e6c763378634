"""Where chains stand: the extent of each machine of a job that has a choice, and what a job reads each machine from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from gwplan.inventory.any_job import Job
from gwplan.inventory.model import Inventory
from gwplan.planning.trace import Ranks


@dataclass(frozen=True, slots=True)
class Placement:
    """``chosen``: the repository of each machine, for each job that has a choice. ``offline``: where the extent that
    holds the chain is down. ``machines``: of each job that reads an extent, those that stand on it. ``ranks``: of a job
    that is traced, each machine's extents that qualified, with their place when it chose."""

    chosen: dict[str, dict[str, str]] = field(default_factory=dict)
    offline: set[tuple[str, str]] = field(default_factory=set)
    machines: dict[str, tuple[str, ...]] = field(default_factory=dict)
    order: dict[str, int] = field(default_factory=dict)
    ranks: dict[tuple[str, str], Ranks] = field(default_factory=dict)

    def machines_of(self, inventory: Inventory, name: str) -> tuple[str, ...]:
        """The machines of a job or an implied operation, in its order."""
        found = self.machines.get(name)
        return inventory.holdings.workloads[name] if found is None else found

    def repository_of(self, inventory: Inventory, job: str, machine: str) -> str:
        """Where a job's chain of one machine is."""
        chosen = self.chosen.get(job)
        if chosen is not None:
            return chosen[machine]
        offload = inventory.holdings.offloads.get(job)
        return (offload.job if offload else inventory.jobs[job]).target or ""

    def sources(self, inventory: Inventory, name: str, job: Job) -> list[tuple[str, str]]:
        """Each machine of a job that has a source, with the repository or extent that it is read from."""
        machines, source = self.machines_of(inventory, name), job.source
        if source is not None and source not in inventory.scale_out_repositories:
            return [(machine, source) for machine in machines]
        writers: Iterable[str] = (feeder for feeder in job.feeds_on if inventory.jobs[feeder].writes)
        if source is not None:
            writers = sorted(inventory.holdings.writers.get(source, ()), key=self.order.__getitem__)
        found: dict[str, str] = {}
        for writer in writers:
            chosen = self.chosen.get(writer)
            for machine in self.machines_of(inventory, writer):
                if machine not in found and (chosen is None or machine in chosen):  # in a circle, some are placed later
                    found[machine] = self.repository_of(inventory, writer, machine)
        return [(machine, found[machine]) for machine in machines if machine in found]
