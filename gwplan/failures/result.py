"""What a loss costs, and the count of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from gwplan.failures.compare import changes_of, is_bad_news
from gwplan.inventory.names import natural
from gwplan.network import Element
from gwplan.planning.decision import Decision
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


@dataclass(slots=True)
class Tally:
    """A result while it is counted."""

    lost: Counter[str] = field(default_factory=Counter)
    blocked: Counter[str] = field(default_factory=Counter)
    moved: int = 0
    is_single_point: bool = False

    def take(self, job: str, outcome: str, number: int, *, only_source: bool) -> None:
        (self.lost if outcome == "failed" else self.blocked)[job] += number
        self.is_single_point |= not only_source

    def compare(self, before: Iterable[Decision], after: Iterable[Decision], world: World) -> None:
        for change in changes_of(before, after, world):
            if change.change == "moved":
                self.moved += 1
            elif change.change in ("lost", "blocked"):
                outcome = "failed" if change.change == "lost" else "blocked"
                self.take(change.decision.job, outcome, 1, only_source=not is_bad_news(change))

    def result(self, down: Iterable[Element], peak: tuple[str, float] | None) -> Result:
        named = tuple(sorted((f"{kind}:{name}" for kind, name in down), key=natural))
        return Result(named, self.lost, self.blocked, self.moved, peak, self.is_single_point)
