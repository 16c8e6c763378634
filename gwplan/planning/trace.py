"""The trace is the plan: verdicts, candidates, tiers, the way of the data and rulings; frozen and shared.

A ``Ruling`` is what the rules say of all tasks of a job that are alike; who serves them is in ``decision.py``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

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
        """The servers that may serve."""
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
    load_is_disputed: bool = False
    """Whether another page lets the agent or the mount server move the data: load of its servers is not certain."""

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
