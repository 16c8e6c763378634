"""``gwplan.whatif/1``: keys in the order of the contract."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gwplan.failures.compare import WhatIf
from gwplan.render.document import chunks, header
from gwplan.render.things import Changed


def whatif_chunks(told: Changed) -> Iterator[str]:
    """The document as text."""
    found = told.found
    body = {
        "changes": [change.to_dict() for change in found.changes if change.change in told.shown],
        "running": _running_object(found),
        "next_start": _next_start_object(found),
        "gateways": [load._asdict() for load in found.loads],
    }
    return chunks(header("whatif", found.after), body)


def _running_object(found: WhatIf) -> dict[str, Any]:
    return {"tasks_failing": sum(found.failing.values()), "jobs_failing": list(found.failing)}


def _next_start_object(found: WhatIf) -> dict[str, Any]:
    numbers = {change: len(found.of(change)) for change in ("moved", "rebalanced", "lost", "blocked")}
    jobs = {f"jobs_{change}": found.jobs(change) for change in ("lost", "blocked")}
    operations = {f"operations_{change}": found.operations(change) for change in ("lost", "blocked")}
    return {**numbers, **jobs, **operations}
