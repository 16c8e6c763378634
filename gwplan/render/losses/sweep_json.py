"""``gwplan.sweep/1``: keys in the order of the contract, then ours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gwplan.failures.result import Result
from gwplan.failures.sweep import Sweep
from gwplan.render.document import chunks, header
from gwplan.render.formats import Swept
from gwplan.render.losses.heat import heat_object


def sweep_chunks(told: Swept) -> Iterator[str]:
    """The document as text."""
    found = told.found
    head = {"order": found.order, "elements": found.elements, "scenarios": found.scenarios}
    body: dict[str, Any] = {
        "results": [_result_object(found, result) for result in found.results],
        "single_points_of_failure": found.single_points,
        "fragile": [{"job": job, "elements": elements} for job, elements in found.fragile.items()],
        "examined": found.examined,
        **({"heat": heat_object(found, told.heat_by)} if told.heat_by else {}),
    }
    return chunks({**header("sweep", found.base.plan), **head}, body)


def _result_object(found: Sweep, result: Result) -> dict[str, Any]:
    return {
        "down": list(result.down),
        "lost": result.lost.total(),
        "blocked": result.blocked.total(),
        "moved": result.moved,
        "jobs_lost": found.jobs(result.lost),
        "jobs_blocked": found.jobs(result.blocked),
        "operations_lost": found.operations(result.lost),
        "operations_blocked": found.operations(result.blocked),
        "peak": {"server": result.peak[0], "share": result.peak[1]} if result.peak else None,
    }
