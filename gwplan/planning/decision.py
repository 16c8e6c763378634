"""Who serves a task: ``Served`` is what tasks of one ruling that are served alike share, ``Decision`` adds the task.

Sentences are made when they are read.
"""

from __future__ import annotations

from typing import Any

from gwplan.planning import words
from gwplan.planning.trace import BAD, Candidate, Rank, Ranks, Ruling, Task, Tier, Way

DECISION_KEYS = (
    "job", "type", "operation", "side", "repository", "task", "workloads", "disks", "outcome", "reason", "gateway",
    "proxy", "data_mover", "fallbacks", "selection", "tier", "rule", "certainty", "choice", "reference", "path",
    "wan_hops", "why", "notes",
)  # fmt: skip


Key = tuple[str, str, str, str]


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
        """The rank of each eligible server of the ranked tier at that moment; None where ranks were not asked for."""
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

    def to_dict(self) -> dict[str, Any]:
        """Plain data: the keys and values of the JSON."""
        found = {key: getattr(self, key) for key in DECISION_KEYS}
        return {key: list(value) if isinstance(value, tuple) else value for key, value in found.items()}

    @property
    def key(self) -> Key:
        """What names it in any plan: job, operation, side and task."""
        ruling = self.served.ruling
        return ruling.job, ruling.operation, ruling.side, self.unit.name

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
                    (c, ranks.get(c.server))
                    for c in sorted(tier.candidates, key=lambda c: (not c.eligible, stood.get(c.server, 0)))
                ],
            )
            for tier in self.ruling.tiers
        ]
