"""The trace is the plan: verdicts, candidates, tiers, rulings and decisions; frozen and shared.

A ``Ruling`` is what the rules say of all tasks of a job that are alike; ``Served`` adds who serves some of them, a
``Decision`` one task. Sentences are made when they are read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from gwplan.planning import words
from gwplan.planning.table import Row

Rank = tuple[float | int | bool | str | None, ...]
Ranks = tuple[tuple[str, Rank], ...]

BAD = ("failed", "blocked")
"""The outcomes of a task that does not run."""


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

    @property
    def eligible(self) -> tuple[str, ...]:
        """Those that may serve."""
        return tuple(candidate.server for candidate in self.candidates if candidate.eligible)


class Task(NamedTuple):
    """What is decided at once."""

    name: str
    machines: tuple[str, ...]
    disks: int


class Stop(NamedTuple):
    """One stop of the data. ``kind``: workload, reader, repository, mover, gateway, accelerator, tape.

    ``name`` is the machine or the repository, None where it is the task's own or not known yet; ``site`` where it
    stands, None where nobody says; ``side`` the side of a repository and of what moves its data. A ``mover`` is the
    data mover of a repository that needs no gateway.
    """

    kind: str
    what: str
    name: str | None
    site: str | None
    side: str = ""
    over_fc: bool = False

    @property
    def is_machine(self) -> bool:
        return self.kind not in ("repository", "workload")


@dataclass(frozen=True, slots=True)
class Way:
    """Legs whose open places are filled, without the stops that move no data: the start, machines, the end.

    The start is missing where the data begins at a machine. ``wan_hops``: the WAN links that it crosses end to end.
    """

    stops: tuple[Stop, ...]
    machines: tuple[str, ...]
    wan_hops: int

    @property
    def sites(self) -> tuple[str | None, ...]:
        return tuple(stop.site for stop in self.stops)


NOWHERE = Way((), (), 0)


@dataclass(frozen=True, eq=False)
class Ruling:
    """What the rules say of all tasks of one job, operation, side and repository that are alike.

    A ruling is itself alone: two of equal content are told apart, and ``content`` compares them.
    """

    job: str
    type: str
    operation: str
    side: str
    repository: str
    row: Row
    selection: str
    certainty: str
    outcome: str
    reason: str | None
    cause: str
    """Why it is blocked or refused as a whole, in words; empty where the tiers say it."""
    tiers: tuple[Tier, ...]
    data_mover: str | None
    notes: tuple[str, ...]

    @cached_property
    def eligible(self) -> tuple[str, ...]:
        """The servers that may serve, tier by tier."""
        return tuple(dict.fromkeys(server for tier in self.tiers for server in tier.eligible))

    @cached_property
    def serving(self) -> Tier | None:
        """The first tier with a server that may serve."""
        return next((tier for tier in self.tiers if tier.eligible), None)

    @property
    def tier(self) -> str | None:
        return self.serving.name if self.serving else None

    @property
    def choice(self) -> str | None:
        """How one server is picked: ``only``, ``ranked`` or ``ordered``; None without one."""
        if self.serving is None:
            return None
        return "only" if len(self.eligible) == 1 else "ranked" if self.serving.ranked else "ordered"

    @property
    def reference(self) -> str:
        return self.row.reference

    @property
    def is_served(self) -> bool:
        """Whether its tasks run."""
        return self.outcome not in BAD

    @property
    def content(self) -> tuple[object, ...]:
        """All that it says, to compare rulings of two plans."""
        return tuple(value for name, value in self.__dict__.items() if name in self.__dataclass_fields__)

    def candidate(self, server: str) -> Candidate | None:
        """The candidacy of a server that may serve."""
        return next((c for t in self.tiers for c in t.candidates if c.server == server and c.eligible), None)


class Served:
    """How some tasks of a ruling are served alike: by whom, read by whom, and the way of their data."""

    __slots__ = ("fallbacks", "gateway", "proxy", "ruling", "way")

    def __init__(
        self, ruling: Ruling, gateway: str | None, fallbacks: tuple[str, ...], proxy: str | None, way: Way
    ) -> None:
        self.ruling, self.gateway, self.fallbacks, self.proxy, self.way = ruling, gateway, fallbacks, proxy, way

    @property
    def content(self) -> tuple[object, ...]:
        return self.ruling.content, self.gateway, self.fallbacks, self.proxy, self.way


class Decision:
    """Which gateway server serves one task of one side, and what takes over. The attributes are the JSON's keys."""

    __slots__ = ("order", "readers", "served", "unit")

    def __init__(
        self, served: Served, task: Task, order: Ranks | None = None, readers: Ranks | None = None
    ) -> None:
        self.served = served
        self.unit = task
        self.order = order
        """With what rank each eligible server of the ranked tier stood; None where ranks were not asked for."""
        self.readers = readers
        """The same for the proxies that may read: affinity, transport mode, site, share, distance."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Decision) and (
            (self.unit, self.order, self.readers) == (other.unit, other.order, other.readers)
            and (self.served is other.served or self.served.content == other.served.content)
        )

    def __hash__(self) -> int:
        return hash((self.unit, self.gateway, self.proxy))

    def __repr__(self) -> str:
        return f"<{self.job}/{self.operation}/{self.side}/{self.task}: {self.gateway or self.reason or self.outcome}>"

    @property
    def ruling(self) -> Ruling:
        return self.served.ruling

    @property
    def gateway(self) -> str | None:
        return self.served.gateway

    @property
    def fallbacks(self) -> tuple[str, ...]:
        return self.served.fallbacks

    @property
    def proxy(self) -> str | None:
        return self.served.proxy

    @property
    def way(self) -> Way:
        return self.served.way

    @property
    def job(self) -> str:
        return self.served.ruling.job

    @property
    def type(self) -> str:
        return self.served.ruling.type

    @property
    def operation(self) -> str:
        return self.served.ruling.operation

    @property
    def side(self) -> str:
        return self.served.ruling.side

    @property
    def repository(self) -> str:
        return self.served.ruling.repository

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
        return self.served.ruling.outcome

    @property
    def reason(self) -> str | None:
        return self.served.ruling.reason

    @property
    def data_mover(self) -> str | None:
        return self.served.ruling.data_mover

    @property
    def selection(self) -> str:
        return self.served.ruling.selection

    @property
    def tier(self) -> str | None:
        return self.served.ruling.tier

    @property
    def rule(self) -> str:
        return self.served.ruling.row.id

    @property
    def certainty(self) -> str:
        return self.served.ruling.certainty

    @property
    def choice(self) -> str | None:
        return self.served.ruling.choice

    @property
    def reference(self) -> str:
        return self.served.ruling.reference

    @property
    def path(self) -> tuple[str, ...]:
        """The way of the data: what it starts at, the machines that move it, where it ends. Empty if it never moves."""
        if self.outcome in BAD:
            return ()
        own = self.unit.machines[0] if self.unit.machines else self.unit.name
        return tuple([own if stop.name is None else stop.name for stop in self.served.way.stops])

    @property
    def wan_hops(self) -> int:
        """WAN links on the path."""
        return 0 if self.outcome in BAD else self.served.way.wan_hops

    @property
    def why(self) -> str:
        """One sentence; prose, it may change."""
        return words.why(self.ruling, self.gateway)

    @property
    def notes(self) -> tuple[str, ...]:
        return words.notes(self.ruling, self.gateway)

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
