"""A plan as one table, a row for each decision, for spreadsheets and for pages."""

from __future__ import annotations

from collections.abc import Iterator

from gwplan.planning.decision import DECISION_KEYS, Decision
from gwplan.render.tables import Cell, csv_table, flat, markdown_table
from gwplan.render.things import Resolved

_SHOWN = ("job", "operation", "side", "repository", "task", "outcome", "gateway", "fallbacks", "rule", "certainty")
"""What a page shows; CSV has every key of the JSON."""


def plan_csv(told: Resolved) -> Iterator[str]:
    """Every key of a decision; what is a list is joined by semicolons."""
    return csv_table(DECISION_KEYS, (_cells(decision, DECISION_KEYS) for decision in told.decisions))


def plan_markdown(told: Resolved) -> Iterator[str]:
    """The keys that say who serves, and why nobody does."""
    return markdown_table(_SHOWN, (_cells(decision, _SHOWN) for decision in told.decisions))


def _cells(decision: Decision, keys: tuple[str, ...]) -> list[Cell]:
    return [flat(getattr(decision, key)) for key in keys]
