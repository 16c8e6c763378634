"""``gwplan.whatif/1``: keys in the order of the contract."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import Any

from gwplan.failures.whatif import Change, WhatIf
from gwplan.planning.trace import Decision
from gwplan.render.as_json import header, rows


def whatif_chunks(found: WhatIf, shown: Collection[str]) -> Iterator[str]:
    """The document as text. ``shown`` has the kinds of change that are listed; all are counted."""
    listed = [change for change in found.changes if change.change in shown]
    yield json.dumps(header("whatif", found.after))[:-1]
    yield f',\n "changes": {rows([change_object(change) for change in listed])}'
    yield f',\n "running": {json.dumps(running_object(found))}'
    yield f',\n "next_start": {json.dumps(next_start_object(found))}'
    yield f',\n "gateways": {rows([load._asdict() for load in found.loads])}}}\n'


def change_object(change: Change) -> dict[str, Any]:
    decision = change.decision
    return {
        "job": decision.job,
        "type": decision.type,
        "operation": decision.operation,
        "side": decision.side,
        "repository": decision.repository,
        "task": decision.task,
        "before": _state(change.before),
        "after": _state(change.after),
        "change": change.change,
    }


def _state(decision: Decision | None) -> dict[str, Any] | None:
    if decision is None:
        return None
    return {"outcome": decision.outcome, "gateway": decision.gateway, "reason": decision.reason}


def running_object(found: WhatIf) -> dict[str, Any]:
    jobs = dict.fromkeys(job for job, _, _ in found.running)
    return {"tasks_failing": len(found.running), "jobs_failing": list(jobs)}


def next_start_object(found: WhatIf) -> dict[str, Any]:
    numbers = {change: len(found.of(change)) for change in ("moved", "rebalanced", "lost", "blocked")}
    return {**numbers, "jobs_lost": found.jobs("lost"), "jobs_blocked": found.jobs("blocked")}
