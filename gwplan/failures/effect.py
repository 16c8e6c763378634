"""What a loss costs: counted decision by decision, and what it comes to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from gwplan.failures.compare import changes_of, is_bad_news
from gwplan.inventory.names import natural
from gwplan.network import Element
from gwplan.planning.carried import Carried
from gwplan.planning.decision import Decision
from gwplan.planning.tasks import Case
from gwplan.planning.world import World


@dataclass(frozen=True, slots=True)
class Result:
    """What one loss, or one pair, costs. ``lost`` and ``blocked`` count decisions, by job or maintenance operation;
    ``peak`` is the gateway with the largest share of its slots then, None where none moves data. ``is_single_point``:
    something is newly failed, or blocked other than because its source is down."""

    down: tuple[str, ...]
    lost: Counter[str]
    blocked: Counter[str]
    moved: int
    peak: tuple[str, float] | None
    is_single_point: bool

    def to_dict(self) -> dict[str, Any]:
        """Plain data in one row, for a table."""
        server, share = self.peak or (None, None)
        return {
            "down": ", ".join(self.down), "lost": self.lost.total(), "blocked": self.blocked.total(),
            "moved": self.moved, "peak_server": server, "peak_share": share, "is_single_point": self.is_single_point,
        }  # fmt: skip

    @property
    def order(self) -> tuple[object, ...]:
        """Worst first: lost and blocked, moved, peak, names."""
        share = self.peak[1] if self.peak else 0.0
        return -(self.lost.total() + self.blocked.total()), -self.moved, -share, tuple(map(natural, self.down))


class Taken(NamedTuple):
    """Decisions that a loss takes: alike ones by their case, of a job that is planned as a whole by their task."""

    job: str
    operation: str
    side: str
    repository: str
    unit: Case | str
    number: int
    is_bad_news: bool


class Effect(NamedTuple):
    """What a loss costs, decision by decision; what the gateways carry with nothing lost, and what they carry more."""

    result: Result
    hits: tuple[Taken, ...]
    before: Carried
    more: Carried

    @property
    def loads(self) -> Carried:
        """What the gateways carry then."""
        found = Carried(self.before.tasks, self.before.on)
        found.update(self.more)
        return found


@dataclass(slots=True)
class Tally:
    """An effect while it is counted."""

    lost: Counter[str] = field(default_factory=Counter)
    blocked: Counter[str] = field(default_factory=Counter)
    moved: int = 0
    hits: list[Taken] = field(default_factory=list)

    def take(self, outcome: str, hit: Taken) -> None:
        (self.lost if outcome == "failed" else self.blocked)[hit.job] += hit.number
        self.hits.append(hit)

    def compare(self, before: Iterable[Decision], after: Iterable[Decision], world: World) -> None:
        for change in changes_of(before, after, world):
            if change.change == "moved":
                self.moved += 1
            elif change.change in ("lost", "blocked"):
                job, operation, side, task = change.decision.key
                outcome = "failed" if change.change == "lost" else "blocked"
                hit = Taken(job, operation, side, change.decision.repository, task, 1, is_bad_news(change))
                self.take(outcome, hit)

    def effect(
        self, down: Iterable[Element], before: Carried, more: Carried, peak: tuple[str, float] | None
    ) -> Effect:
        named = tuple(sorted((f"{kind}:{name}" for kind, name in down), key=natural))
        is_point = any(hit.is_bad_news for hit in self.hits)
        result = Result(named, self.lost, self.blocked, self.moved, peak, is_point)
        return Effect(result, tuple(self.hits), before, more)
