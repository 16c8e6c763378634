"""``gwplan.sweep/1``: keys in the order of the contract, then ours."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from gwplan.failures.loss import Result
from gwplan.failures.sweep import Sweep
from gwplan.inventory.names import natural
from gwplan.render.as_json import header, rows
from gwplan.render.sweep_text import heat_object


def sweep_chunks(found: Sweep, heat_by: str | None) -> Iterator[str]:
    """The document as text."""
    head = {"order": found.order, "elements": found.elements, "scenarios": found.scenarios}
    yield json.dumps({**header("sweep", found.base.plan), **head})[:-1]
    yield f',\n "results": {rows([result_object(result) for result in found.results])}'
    yield f',\n "single_points_of_failure": {json.dumps(list(found.single_points))}'
    fragile = [{"job": job, "elements": elements} for job, elements in found.fragile.items()]
    yield f',\n "fragile": {rows(fragile)},\n "examined": {found.examined}'
    yield f',\n "heat": {json.dumps(heat_object(found, heat_by))}}}\n' if heat_by else "}\n"


def result_object(result: Result) -> dict[str, Any]:
    return {
        "down": list(result.down),
        "lost": result.lost.total(),
        "blocked": result.blocked.total(),
        "moved": result.moved,
        "jobs_lost": sorted(result.lost, key=natural),
        "jobs_blocked": sorted(result.blocked, key=natural),
        "peak": {"server": result.peak[0], "share": result.peak[1]} if result.peak else None,
    }
