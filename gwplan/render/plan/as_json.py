"""``gwplan.plan/1``: keys in the order of the contract, one decision a line, byte-identical from run to run.

A plan of a large estate has hundreds of thousands of decisions that are served in few different ways, so each way is
encoded once. A test holds the fast writer against ``decision_object`` through the standard library's encoder.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from json.encoder import encode_basestring_ascii as text
from typing import Any

from gwplan.planning.decision import Decision, Served
from gwplan.planning.ledger import grouped
from gwplan.planning.trace import Tier
from gwplan.render.document import chunks, header
from gwplan.render.findings.as_json import finding_object
from gwplan.render.things import Resolved, Story


def plan_chunks(told: Resolved) -> Iterator[str]:
    """The document as text, in pieces."""
    lines = _decision_lines(told.decisions)
    if told.trace:
        lines = (json.dumps(decision_object(decision, trace=True)) for decision in told.decisions)
    return chunks(header("plan", told.plan), {"decisions": lines, **_after_decisions(told)})


def story_chunks(story: Story) -> Iterator[str]:
    """The same of the decisions of a story, each with everything that was weighed for it."""
    return plan_chunks(Resolved(story.plan, story.decisions, trace=True, narrowed=True))


def decision_object(decision: Decision, *, trace: bool = False) -> dict[str, Any]:
    """One decision as plain data; with ``trace`` also its tiers."""
    found = decision.to_dict()
    return {**found, "tiers": [_tier_object(*tier) for tier in decision.tiers()]} if trace else found


def _tier_object(tier: Tier, candidates: Iterable[tuple[Any, Any]]) -> dict[str, Any]:
    return {
        "tier": tier.name,
        "candidates": [
            {
                "server": candidate.server,
                "eligible": candidate.eligible,
                "checks": [{"check": v.check, "ok": v.ok, "why": v.why} for v in candidate.verdicts],
                "rank": None if rank is None else [None if part == float("inf") else part for part in rank],
            }
            for candidate, rank in candidates
        ],
    }


def _after_decisions(told: Resolved) -> dict[str, Any]:
    counts = {"decisions": len(told.decisions), "assigned": 0, "none_needed": 0, "failed": 0, "blocked": 0}
    for served, alike in grouped(told.decisions):
        counts[served.ruling.outcome] += len(alike)
    return {
        "gateways": [gateway._asdict() for gateway in told.gateways],
        "findings": [finding_object(finding) for finding in told.findings],
        "summary": {**counts, "not_covered": len(told.not_covered)},
    }


# --- the fast writer --------------------------------------------------------------------------------------------------


def _decision_lines(decisions: Sequence[Decision]) -> Iterator[str]:
    forms: dict[Served, tuple[str, list[str]]] = {}
    names: dict[str, str] = {}
    for decision in decisions:
        served = decision.served
        form = forms.get(served)
        if form is None:
            form = forms[served] = _form(decision)
        head, rest = form
        name, machines, disks = decision.unit
        task = names.get(name)
        if task is None:
            task = names[name] = text(name)
        workloads = own = task
        if machines != (name,):
            workloads = ", ".join(map(text, machines))
            own = text(machines[0]) if machines else task
        yield f'{head}{task}, "workloads": [{workloads}], "disks": {disks}{own.join(rest)}'


_OWN = "\0"
"""Stands for the task's own machine; what is encoded never has it."""


def _form(decision: Decision) -> tuple[str, list[str]]:
    """What all decisions that are served alike say before the task and after its disks; the parts of the latter are
    joined by the task's own machine, wherever the path has it."""
    ruling, stops = decision.ruling, decision.way.stops if decision.ruling.is_served else ()
    head = (
        f'{{"job": {text(ruling.job)}, "type": {text(ruling.type)}, "operation": {text(ruling.operation)}, '
        f'"side": {text(ruling.side)}, "repository": {text(ruling.repository)}, "task": '
    )
    path = ", ".join(_OWN if stop.name is None else text(stop.name) for stop in stops)
    rest = (
        f', "outcome": {text(ruling.outcome)}, "reason": {_or_null(ruling.reason)}, '
        f'"gateway": {_or_null(decision.gateway)}, "proxy": {_or_null(decision.proxy)}, '
        f'"data_mover": {_or_null(ruling.data_mover)}, "fallbacks": {_list(decision.fallbacks)}, '
        f'"selection": {text(ruling.selection)}, "tier": {_or_null(ruling.tier)}, "rule": {text(ruling.row.id)}, '
        f'"certainty": {text(ruling.certainty)}, "choice": {_or_null(ruling.choice)}, '
        f'"reference": {text(ruling.reference)}, "path": [{path}], "wan_hops": {decision.wan_hops}, '
        f'"why": {text(decision.why)}, "notes": {_list(decision.notes)}}}'
    )
    return head, rest.split(_OWN)


def _or_null(value: str | None) -> str:
    return "null" if value is None else text(value)


def _list(values: Iterable[str]) -> str:
    return f"[{', '.join(map(text, values))}]"
