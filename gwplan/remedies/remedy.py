"""Changes that were made and measured, and which of them to tell first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gwplan.inventory.names import natural
from gwplan.remedies.changes import ProposedEdit
from gwplan.remedies.measure import Numbers
from gwplan.remedies.places import Bundle
from gwplan.remedies.problems import Problem

Near = list[tuple[int, float]]


@dataclass(frozen=True, eq=False)
class Remedy:
    """Changes that were made and measured, and the problems that are gone with them."""

    changes: tuple[ProposedEdit, ...]
    after: Numbers
    removes: tuple[Problem, ...]
    conditions: tuple[str, ...]
    atoms: Bundle
    near: Near
    """How near the names are that it adds, the farthest first."""

    @property
    def key(self) -> tuple[tuple[object, ...], ...]:
        return tuple((change.path, repr(change.after)) for change in self.changes)


def hardware(remedy: Remedy) -> int:
    """How many servers it buys."""
    return sum(change.kind == "server" for change in remedy.changes)


def rank(remedy: Remedy) -> tuple[object, ...]:
    """The best first; those that rest on something that nobody says come after all others."""
    gone: Iterable[str] = [problem.kind for problem in remedy.removes]
    counts = [-sum(kind == one for one in gone) for kind in ("failing", "loss", "overload", "wan")]
    told = [natural(change.text) for change in remedy.changes]
    return bool(remedy.conditions), counts, len(remedy.changes), hardware(remedy), remedy.after.worst_share, told
