"""Where a job has a choice of extents: how each machine is served with nothing lost, and what may be asked once it is
placed elsewhere.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from gwplan.planning.chains import Placement
from gwplan.planning.decision import Served
from gwplan.planning.ledger import Batch, Entry
from gwplan.planning.one_job import chains_of
from gwplan.planning.rulings import Ruled, may_serve, rule_alike
from gwplan.planning.tasks import Work, cases, is_whole_job
from gwplan.planning.world import World

Sides = tuple[Served, ...]
Before = tuple[Sides, Sides]
"""How a machine's task is served, and the synthetic operation on its chain, empty where there is none."""


class Stood:
    """How each machine's task is served with nothing lost, of some jobs."""

    def __init__(self, entries: Iterable[Entry], jobs: Collection[str]) -> None:
        self._batches: dict[str, list[Batch]] = {}
        for entry in entries:
            if isinstance(entry, Batch) and entry.sides and (job := entry.sides[0][0].ruling.job) in jobs:
                self._batches.setdefault(job, []).append(entry)
        self._known: dict[str, Mapping[str, Before]] = {}

    def of(self, job: str) -> Mapping[str, Before]:
        """Each machine of a job; those that are served alike share one object."""
        found = self._known.get(job)
        if found is None:
            own: dict[str, Sides] = {}
            chains: dict[str, Sides] = {}
            for batch in self._batches.get(job, ()):
                into = chains if batch.sides[0][0].ruling.operation == "synthetic" else own
                into.update(zip(batch.machines, batch.sides, strict=True))
            alike: dict[Before, Before] = {}
            before = ((machine, (sides, chains.get(machine, ()))) for machine, sides in own.items())
            found = self._known[job] = {machine: alike.setdefault(pair, pair) for machine, pair in before}
        return found


def ask_where_held(world: World, todo: Iterable[Work], placement: Placement) -> None:
    """Ask of a chain that an extent holds what is asked once that extent is down and a full backup may go elsewhere."""
    inventory = world.inventory
    for work in todo:
        whole = inventory.scale_out_repositories.get(work.whole or "")
        if whole is None or not work.has_choice or not whole.full_when_extent_offline:
            continue
        held = inventory.held_on[work.whole or ""]
        rows: Iterable[tuple[str, str | None]] = (
            placement.sources(inventory, work.name, work.job) if work.job.has_source
            else ((machine, None) for machine in placement.machines_of(inventory, work.name))
        )  # fmt: skip
        if not is_whole_job(inventory, work):
            rows = (row for row in rows if row[0] in held)
        for case in {*cases(inventory, work, ((machine, source, None, False) for machine, source in rows))}:
            for name in work.targets:
                if world.network.repository_down(name) is None and not world.network.sealed(name):
                    may_serve(world, work, case._replace(target=name))


def chains_elsewhere(world: World, todo: Iterable[Work], asked: Iterable[Ruled]) -> Iterator[Ruled]:
    """The synthetic operations on chains that may be placed where it was ``asked``, whether or not the plan does."""
    targets: dict[tuple[object, ...], list[Ruled]] = {}
    for ruled in asked:
        targets.setdefault(ruled.work.asks, []).append(ruled)
    for work in todo:
        if work.has_choice and work.job.enabled and work.job.synthetic:
            for ruled in targets.pop(work.asks, ()):
                chains = chains_of(world, work, ruled.case)
                if chains is not None:
                    yield rule_alike(world, work, chains, synthetic=True)
