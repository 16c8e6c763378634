"""The pipeline: what is decided, the extents, who serves, and the plan in its order."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from gwplan.findings import UsageError
from gwplan.inventory.collector import collector_paused
from gwplan.inventory.model import Inventory
from gwplan.inventory.names import natural
from gwplan.inventory.notebook import html_table
from gwplan.planning.carried import at_once
from gwplan.planning.chains import Placement
from gwplan.planning.editions import edition_of, require_known
from gwplan.planning.ledger import Group, Ledger
from gwplan.planning.one_job import OneJob
from gwplan.planning.placement import place_chains
from gwplan.planning.rank import slots
from gwplan.planning.serving import Serving
from gwplan.planning.tasks import Work, asked, works
from gwplan.planning.trace import BAD, Ranks, Ruling
from gwplan.planning.world import World

STRATEGIES = ("nearest", "spread")


class GatewayLoad(NamedTuple):
    """What one server carries in the data wave."""

    server: str
    tasks: int
    at_once: int
    """How many of the tasks the limits of their repositories let run together."""
    disks: int
    slots: int

    @property
    def share(self) -> float:
        return self.at_once / self.slots


@dataclass(frozen=True)
class Plan:
    """Every decision of one world, sorted by job, operation, side, repository, task."""

    world: World = field(repr=False, compare=False)
    strategy: str
    decisions: Ledger
    gateways: tuple[GatewayLoad, ...]
    not_covered: tuple[str, ...]
    """Jobs that the vendor's page is silent about: of type ``other``, restores of a mode that the table lacks."""
    idle: tuple[tuple[str, str], ...]
    """Jobs without a single decision: the job and what its source does not hold."""
    extents: Mapping[tuple[str, str], Ranks] = field(default_factory=dict, repr=False, compare=False)
    """For jobs that are traced: by job and machine, the extents to choose from, each with its place."""

    def __repr__(self) -> str:
        counts = ", ".join(f"{number} {outcome}" for outcome, number in self.summary.items() if number)
        down = f", down: {', '.join(self.down)}" if self.down else ""
        return f"<Plan, {self.strategy}{down}: {counts}>"

    def _repr_html_(self) -> str:
        numbers: dict[tuple[str, str, str, str], int] = {}
        for served, alike in self.groups:
            ruling = served.ruling
            key = (ruling.job, ruling.operation, ruling.repository, served.gateway or ruling.reason or ruling.outcome)
            numbers[key] = numbers.get(key, 0) + len(alike)
        rows = ((*key, number) for key, number in numbers.items())
        return html_table(repr(self), ("job", "operation", "repository", "gateway server", "tasks"), rows)

    @property
    def inventory(self) -> Inventory:
        return self.world.inventory

    @property
    def product_version(self) -> str:
        """The version or build whose rules apply."""
        told = self.inventory.product_version
        return told if edition_of(told) is self.world.edition else self.world.edition.id

    @property
    def down(self) -> tuple[str, ...]:
        """What is down, as ``kind:name``."""
        return tuple(sorted((f"{kind}:{name}" for kind, name in self.world.down), key=natural))

    @property
    def summary(self) -> Mapping[str, int]:
        counts = {"decisions": len(self.decisions), "assigned": 0, "none_needed": 0, "failed": 0, "blocked": 0}
        for ruling, number in self.rulings.items():
            counts[ruling.outcome] += number
        return {**counts, "not_covered": len(self.not_covered)}

    @property
    def groups(self) -> tuple[Group, ...]:
        """The decisions by how they are served, in the order of the first of each."""
        return self.decisions.groups

    @cached_property
    def rulings(self) -> Mapping[Ruling, int]:
        """What was ruled, each once, in the order of the decisions, with the number of its decisions."""
        numbers: dict[Ruling, int] = {}
        for served, decisions in self.groups:
            numbers[served.ruling] = numbers.get(served.ruling, 0) + len(decisions)
        return numbers

    @property
    def is_well(self) -> bool:
        """Whether every task of every job is served."""
        return not any(ruling.outcome in BAD for ruling in self.rulings)


class _EveryJob:
    def __contains__(self, name: object) -> bool:
        return True


EVERY_JOB = _EveryJob()
"""For ``trace``: keep the ranks of all decisions."""


def plan(
    inventory: Inventory,
    *,
    down: Iterable[str] = frozenset(),
    strategy: str = "nearest",
    edition: str | None = None,
    trace: Container[str] = (),
) -> Plan:
    """Which gateway server serves every task, and what takes over, by the vendor's table. A pure function.

    ``down`` names what is down: ``gw01``, or ``site:paris`` where two things share a name. ``strategy`` ranks a list of
    servers by nearness first (``nearest``) or by load first (``spread``); ``edition`` is an edition of the vendor's
    rules, by default that of the inventory's ``product_version``; ``trace`` has the jobs whose decisions keep the rank
    of each server. Raises UsageError for a name that nothing has, and for an unknown strategy or edition.

    https://helpcenter.veeam.com/docs/vbr/userguide/gateway_server.html
    """
    if not isinstance(inventory, Inventory):
        raise TypeError(f"a plan needs an inventory, as `gwplan.load` reads it, not a {type(inventory).__name__}")
    if edition is not None:
        require_known(edition)
    rules = edition_of(edition or inventory.product_version)
    return plan_in(World(inventory, edition=rules), down, strategy, trace)


def plan_in(
    healthy: World, down: Iterable[str] = frozenset(), strategy: str = "nearest", trace: Container[str] = ()
) -> Plan:
    """The plan of a healthy world with these things down."""
    world = healthy.without(down)
    todo = works(world.inventory)
    baseline = place_chains(healthy, todo, trace=trace)
    placement = baseline if world is healthy else place_chains(world, todo, baseline, trace)
    return decide(world, todo, placement, baseline, strategy, trace)[0]


def decide(
    world: World,
    todo: tuple[Work, ...],
    placement: Placement,
    baseline: Placement,
    strategy: str,
    trace: Container[str] = (),
) -> tuple[Plan, Serving]:
    """The plan of a world whose extents are chosen, and the loads that made it."""
    if strategy not in STRATEGIES:
        raise UsageError(f"there is no strategy {strategy!r}; there are {' and '.join(STRATEGIES)}")
    serving = Serving(world, spread=strategy == "spread", trace=trace)
    with collector_paused():  # decisions are many, small and never garbage
        idle = serve(serving, todo, placement, baseline)
    others = (name for name, job in world.inventory.jobs.items() if job.enabled and job.outside_table)
    made = Plan(
        world=world,
        strategy=strategy,
        decisions=Ledger(serving.entries),
        gateways=_gateways(serving),
        not_covered=tuple(sorted(others, key=natural)),
        idle=tuple(sorted(idle)),
        extents=placement.ranks,
    )
    return made, serving


def serve(
    serving: Serving, todo: Iterable[Work], placement: Placement, baseline: Placement
) -> list[tuple[str, str]]:
    """Serve every task of enabled jobs, in the order given. Returns the jobs that have none, and what they read."""
    idle = []
    for work in todo:
        if work.job.enabled:
            job, before = OneJob(serving, work), len(serving.entries)
            for task in asked(serving.world.inventory, work, placement, baseline):
                job.serve(task)
            if len(serving.entries) == before and not work.implied:
                idle.append((work.name, work.job.source or ", ".join(work.job.feeds_on)))
    return idle


def _gateways(serving: Serving) -> tuple[GatewayLoad, ...]:
    """Every server that serves a task of any wave, with its data wave."""
    names = {name for wave in serving.waves.values() for name in wave.gateways.counts}
    inventory, data = serving.world.inventory, serving.data
    together = at_once(inventory, data)
    return tuple(
        GatewayLoad(
            name, data.tasks[name], together.get(name, 0), serving.disks.get(name, 0), slots(inventory, name)
        )
        for name in sorted(names, key=natural)
    )
