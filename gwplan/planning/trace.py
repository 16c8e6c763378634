"""The trace is the plan: verdicts, candidates, tiers, rulings and decisions; frozen, shared, equal by value.

A ``Ruling`` is what the rules say of all tasks of a job that are alike; a ``Decision`` adds one task and who serves
it. Sentences are made when they are read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from gwplan.planning.rules import Row

Rank = tuple[float | int | bool | str | None, ...]
Ranks = tuple[tuple[str, Rank], ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """One check of one server. ``given`` is False where the inventory lacks the fact, which never refuses."""

    check: str
    ok: bool
    text: str
    args: tuple[str, ...] = ()
    given: bool = True

    @property
    def why(self) -> str:
        return self.text.format(*self.args)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A server of a tier with every verdict, none cut short."""

    server: str
    verdicts: tuple[Verdict, ...]
    eligible: bool = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "eligible", all(verdict.ok for verdict in self.verdicts))

    @property
    def refusal(self) -> Verdict | None:
        """The first verdict that refuses it."""
        return next((verdict for verdict in self.verdicts if not verdict.ok), None)


@dataclass(frozen=True, slots=True)
class Tier:
    """The servers that the rules name together. Of a ranked tier the best serves, of an ordered one the first."""

    name: str
    ranked: bool
    candidates: tuple[Candidate, ...]


class Task(NamedTuple):
    """What is decided at once."""

    name: str
    machines: tuple[str, ...]
    disks: int


@dataclass(frozen=True)
class Ruling:
    """What the rules say of all tasks of one job, operation, side and repository that are alike."""

    job: str
    type: str
    operation: str
    side: str
    repository: str
    row: Row
    selection: str
    certainty: str
    reference: str
    outcome: str
    reason: str | None
    cause: str
    """Why it is blocked or refused as a whole, in words; empty where the tiers say it."""
    tiers: tuple[Tier, ...]
    tier: str | None
    choice: str | None
    data_mover: str | None
    notes: tuple[str, ...]

    def __hash__(self) -> int:  # equal by value, but hashed by what tells rulings of one plan apart
        return hash((self.job, self.operation, self.side, self.repository))

    @cached_property
    def eligible(self) -> tuple[str, ...]:
        """The servers that may serve, tier by tier."""
        return tuple(dict.fromkeys(c.server for tier in self.tiers for c in tier.candidates if c.eligible))

    def candidate(self, server: str) -> Candidate | None:
        """The candidacy of a server that may serve."""
        return next((c for t in self.tiers for c in t.candidates if c.server == server and c.eligible), None)


class Way(NamedTuple):
    """The machines between the two ends of a task's data, the WAN links that it crosses end to end, and the site of
    each stop, ends included (None where nobody says; the start is missing where the data begins at a machine)."""

    machines: tuple[str, ...]
    wan_hops: int
    sites: tuple[str | None, ...]


NOWHERE = Way((), 0, ())


class Decision:
    """Which gateway server serves one task of one side, and what takes over. The attributes are the JSON's keys."""

    __slots__ = ("ends", "fallbacks", "gateway", "order", "proxy", "readers", "ruling", "unit", "way")

    def __init__(
        self,
        ruling: Ruling,
        task: Task,
        gateway: str | None,
        proxy: str | None,
        fallbacks: tuple[str, ...],
        way: Way = NOWHERE,
        ends: tuple[str, str] = ("", ""),
        order: Ranks | None = None,
        readers: Ranks | None = None,
    ) -> None:
        self.ruling = ruling
        self.unit = task
        self.gateway = gateway
        self.proxy = proxy
        self.fallbacks = fallbacks
        self.way = way
        self.ends = ends
        self.order = order
        """With what rank each eligible server of the ranked tier stood; None where ranks were not asked for."""
        self.readers = readers
        """The same for the proxies that may read: affinity, transport mode, site, share, distance."""

    def _value(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in self.__slots__)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Decision) and self._value() == other._value()

    def __hash__(self) -> int:
        return hash((self.unit, self.gateway, self.proxy))

    def __repr__(self) -> str:
        return f"<{self.job}/{self.operation}/{self.side}/{self.task}: {self.gateway or self.reason or self.outcome}>"

    @property
    def job(self) -> str:
        return self.ruling.job

    @property
    def type(self) -> str:
        return self.ruling.type

    @property
    def operation(self) -> str:
        return self.ruling.operation

    @property
    def side(self) -> str:
        return self.ruling.side

    @property
    def repository(self) -> str:
        return self.ruling.repository

    @property
    def task(self) -> str:
        return self.unit.name

    @property
    def workloads(self) -> tuple[str, ...]:
        return self.unit.machines

    @property
    def disks(self) -> int:
        return self.unit.disks

    @property
    def outcome(self) -> str:
        return self.ruling.outcome

    @property
    def reason(self) -> str | None:
        return self.ruling.reason

    @property
    def data_mover(self) -> str | None:
        return self.ruling.data_mover

    @property
    def selection(self) -> str:
        return self.ruling.selection

    @property
    def tier(self) -> str | None:
        return self.ruling.tier

    @property
    def rule(self) -> str:
        return self.ruling.row.id

    @property
    def certainty(self) -> str:
        return self.ruling.certainty

    @property
    def choice(self) -> str | None:
        return self.ruling.choice

    @property
    def reference(self) -> str:
        return self.ruling.reference

    @property
    def path(self) -> tuple[str, ...]:
        """The way of the data: what it starts at, the machines that move it, where it ends. Empty if it never moves."""
        if self.outcome in ("failed", "blocked"):
            return ()
        start, end = self.ends
        machines = self.way.machines
        if machines and machines[-1] == end:  # a tape server that is its own gateway
            machines = machines[:-1]
        return (start, *machines, end) if start else (*machines, end)

    @property
    def wan_hops(self) -> int:
        """WAN links on the path."""
        return 0 if self.outcome in ("failed", "blocked") else self.way.wan_hops

    @property
    def why(self) -> str:
        """One sentence; prose, it may change."""
        return why(self.ruling, self.gateway)

    @property
    def notes(self) -> tuple[str, ...]:
        return notes(self.ruling, self.gateway)

    def tiers(self) -> list[tuple[Tier, list[tuple[Candidate, Rank | None]]]]:
        """Each tier with its candidates: the eligible in the order in which they stood, then the refused by name."""
        ranks = dict(self.order or ())
        stood = {server: i for i, server in enumerate((self.gateway, *self.fallbacks))}
        return [
            (
                tier,
                [
                    (c, ranks.get(c.server) if tier.ranked and c.eligible else None)
                    for c in sorted(
                        tier.candidates, key=lambda c: (not c.eligible, stood.get(c.server, len(stood)))
                    )
                ],
            )
            for tier in self.ruling.tiers
        ]


class GatewayLoad(NamedTuple):
    """What one server carries in the data wave."""

    server: str
    tasks: int
    disks: int
    slots: int

    @property
    def share(self) -> float:
        return self.tasks / self.slots


@dataclass(frozen=True)
class Plan:
    """Every decision of one inventory under one set of failures, sorted by job, operation, side, repository, task."""

    product_version: str
    strategy: str
    down: tuple[str, ...]
    decisions: tuple[Decision, ...]
    gateways: tuple[GatewayLoad, ...]
    not_covered: tuple[str, ...]
    """Jobs of type ``other``, which the vendor's page is silent about."""
    idle: tuple[tuple[str, str], ...]
    """Jobs without a single decision: the job and what its source does not hold."""

    @property
    def summary(self) -> Mapping[str, int]:
        counts = {"decisions": len(self.decisions), "assigned": 0, "none_needed": 0, "failed": 0, "blocked": 0}
        for ruling, number in self.rulings.items():
            counts[ruling.outcome] += number
        return {**counts, "not_covered": len(self.not_covered)}

    @cached_property
    def rulings(self) -> Mapping[Ruling, int]:
        """What was ruled, each once, in the order of the decisions, with the number of its decisions."""
        numbers = Counter([id(decision.ruling) for decision in self.decisions])
        told = {id(decision.ruling): decision.ruling for decision in self.decisions}
        return {ruling: numbers[key] for key, ruling in told.items()}

    @property
    def is_well(self) -> bool:
        """Whether every task of every job is served."""
        return not any(ruling.outcome in ("failed", "blocked") for ruling in self.rulings)


def grouped(decisions: Iterable[Decision]) -> list[tuple[Decision, int]]:
    """Decisions that differ only in their task, the first of each kind with their number."""
    first: dict[tuple[object, ...], Decision] = {}
    numbers: dict[tuple[object, ...], int] = {}
    for decision in decisions:
        key = (id(decision.ruling), decision.gateway, id(decision.fallbacks), id(decision.way))
        if key in numbers:
            numbers[key] += 1
        else:
            numbers[key] = 1
            first[key] = decision
    return [(decision, numbers[key]) for key, decision in first.items()]


# --- sentences --------------------------------------------------------------------------------------------------------

TIER_WORDS = {
    "selected": "selected gateway server",
    "proxy": "backup proxy",
    "hyperv-host": "Hyper-V host",
    "mount-server": "mount server",
    "backup-server": "backup server",
    "source-repository": "server of the source repository",
    "source-gateway": "gateway of the source repository",
    "wan-accelerator": "WAN accelerator",
    "tape-server": "tape server",
}


def why(ruling: Ruling, gateway: str | None) -> str:
    """Why this server, or why none."""
    here = ruling.repository
    if ruling.outcome == "none_needed":
        mover = f" on {ruling.data_mover}" if ruling.data_mover else ""
        return ruling.cause or f"{here} runs its own data mover{mover}, so no gateway server is needed"
    if ruling.outcome in ("failed", "blocked") or gateway is None:
        return ruling.cause or f"no server may serve {here}: {_refusals(ruling.tiers)}"
    count = len(ruling.eligible)
    words = TIER_WORDS[ruling.tier or ""]
    if ruling.choice == "only":
        text = f"{gateway}, {words}, is the only server that may serve {here}"
    elif ruling.choice == "ranked":
        text = f"{gateway} stood first, by nearness and load, of {count} servers that may serve {here} as {words}"
    else:
        text = f"{gateway} is the first {words} that may serve {here}"
    passed = ruling.tiers[: [tier.name for tier in ruling.tiers].index(ruling.tier or "")]
    if passed:
        text += f"; before it: {_refusals(passed) or 'nothing to choose from'}"
    return text


def _refusals(tiers: Iterable[Tier]) -> str:
    refused = [
        f"{candidate.server}: {verdict.why}"
        for tier in tiers
        for candidate in tier.candidates
        if (verdict := candidate.refusal) is not None
    ]
    text = "; ".join(refused[:4])
    return text + (f"; and {len(refused) - 4} more" if len(refused) > 4 else "") if refused else "there is no candidate"


def notes(ruling: Ruling, gateway: str | None) -> tuple[str, ...]:
    """What the reader should know of the rule and of facts that the inventory does not give."""
    candidate = ruling.candidate(gateway) if gateway else None
    missing = (verdict.why for verdict in candidate.verdicts if not verdict.given) if candidate else ()
    return (*ruling.notes, *missing)
