"""What a loss changes, and what each loss of a sweep costs, as one table for spreadsheets and for pages."""

from __future__ import annotations

from collections.abc import Iterator

from gwplan.failures.compare import Change
from gwplan.failures.result import Result
from gwplan.failures.sweep import Sweep
from gwplan.render.formats import Changed, Swept
from gwplan.render.tables import Cell, csv_table, flat, markdown_table

_LOSS = ("down", "lost", "blocked", "moved", "jobs_lost", "jobs_blocked", "operations_lost", "operations_blocked",
         "peak_server", "peak_share")  # fmt: skip
_CHANGE = ("change", "job", "type", "operation", "side", "repository", "task", "before_outcome", "before_gateway",
           "before_reason", "after_outcome", "after_gateway", "after_reason")  # fmt: skip
_SHOWN = ("change", "job", "operation", "side", "repository", "task", "before_gateway", "after_gateway", "after_reason")
"""What a page shows of a change; CSV has every key of the JSON."""


def whatif_csv(told: Changed) -> Iterator[str]:
    """A row for each change that is listed."""
    return csv_table(_CHANGE, _changes(told, _CHANGE))


def whatif_markdown(told: Changed) -> Iterator[str]:
    """The keys that say who served, and who serves."""
    return markdown_table(_SHOWN, _changes(told, _SHOWN))


def sweep_csv(told: Swept) -> Iterator[str]:
    """A row for each loss, worst first, as the JSON has them."""
    return csv_table(_LOSS, (_loss(told.found, result) for result in told.found.results))


def sweep_markdown(told: Swept) -> Iterator[str]:
    """The same rows."""
    return markdown_table(_LOSS, (_loss(told.found, result) for result in told.found.results))


def _changes(told: Changed, keys: tuple[str, ...]) -> Iterator[list[Cell]]:
    for change in told.found.changes:
        if change.change in told.shown:
            cells = _cells(change)
            yield [flat(cells[key]) for key in keys]


def _cells(change: Change) -> dict[str, object]:
    cells = change.to_dict()
    for moment in ("before", "after"):
        outcome = cells.pop(moment) or dict.fromkeys(("outcome", "gateway", "reason"))
        cells |= {f"{moment}_{key}": value for key, value in outcome.items()}
    return cells


def _loss(found: Sweep, result: Result) -> list[Cell]:
    numbers = (result.lost.total(), result.blocked.total(), result.moved)
    jobs = (found.jobs(result.lost), found.jobs(result.blocked))
    operations = (found.operations(result.lost), found.operations(result.blocked))
    return [flat(value) for value in (result.down, *numbers, *jobs, *operations, *(result.peak or (None, None)))]
