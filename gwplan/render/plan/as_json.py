"""``gwplan.plan/1``: keys in the order of the contract, one decision a line, byte-identical from run to run.

A plan of a large estate has hundreds of thousands of decisions made of few different parts, so each part is encoded
once. A test holds the fast writer against ``decision_object`` through the standard library's encoder.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from json.encoder import encode_basestring_ascii as text
from typing import Any

from gwplan.planning.decision import Decision
from gwplan.planning.trace import Ruling, Tier
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
    for decision in told.decisions:
        counts[decision.ruling.outcome] += 1
    return {
        "gateways": [gateway._asdict() for gateway in told.gateways],
        "findings": [finding_object(finding) for finding in told.findings],
        "summary": {**counts, "not_covered": len(told.not_covered)},
    }


# --- the fast writer --------------------------------------------------------------------------------------------------


def _decision_lines(decisions: Sequence[Decision]) -> Iterator[str]:
    parts: dict[int, tuple[str, str, str]] = {}
    who: dict[tuple[object, ...], str] = {}
    ends: dict[tuple[int, str | None], str] = {}
    names: dict[str, str] = {}
    stops: dict[tuple[str, ...], str] = {}
    last_ruling, head, middle, after = None, "", "", ""
    for decision in decisions:
        ruling = decision.ruling
        if ruling is not last_ruling:
            last_ruling = ruling
            found = parts.get(id(ruling))
            if found is None:
                found = parts[id(ruling)] = _ruling_parts(ruling)
            head, middle, after = found
        name, machines, disks = decision.unit
        task = names.get(name)
        if task is None:
            task = names[name] = text(name)
        gateway, fallbacks = decision.gateway, decision.fallbacks
        key = (gateway, decision.proxy, ruling.data_mover, fallbacks)
        served = who.get(key)
        if served is None:
            served = who[key] = (
                f'"gateway": {_or_null(gateway)}, "proxy": {_or_null(decision.proxy)}, '
                f'"data_mover": {_or_null(ruling.data_mover)}, "fallbacks": {_list(fallbacks)}, '
            )
        tail_key = (id(ruling), gateway)
        tail = ends.get(tail_key)
        if tail is None:
            tail = ends[tail_key] = f', "why": {text(decision.why)}, "notes": {_list(decision.notes)}}}'
        path = decision.path
        inner = path[1:-1]
        between = stops.get(inner)
        if between is None:
            between = stops[inner] = "".join(f", {text(stop)}" for stop in inner)
        first = "" if not path else task if path[0] == name else text(path[0])
        last = "" if len(path) < 2 else ", " + (task if path[-1] == name else text(path[-1]))
        workloads = task if machines == (name,) else ", ".join(map(text, machines))
        yield (
            f'{head}{task}, "workloads": [{workloads}], "disks": {disks}{middle}{served}{after}'
            f'[{first}{between}{last}], "wan_hops": {decision.wan_hops}{tail}'
        )


def _ruling_parts(ruling: Ruling) -> tuple[str, str, str]:
    head = (
        f'{{"job": {text(ruling.job)}, "type": {text(ruling.type)}, "operation": {text(ruling.operation)}, '
        f'"side": {text(ruling.side)}, "repository": {text(ruling.repository)}, "task": '
    )
    middle = f', "outcome": {text(ruling.outcome)}, "reason": {_or_null(ruling.reason)}, '
    after = (
        f'"selection": {text(ruling.selection)}, "tier": {_or_null(ruling.tier)}, "rule": {text(ruling.row.id)}, '
        f'"certainty": {text(ruling.certainty)}, "choice": {_or_null(ruling.choice)}, '
        f'"reference": {text(ruling.reference)}, "path": '
    )
    return head, middle, after


def _or_null(value: str | None) -> str:
    return "null" if value is None else text(value)


def _list(values: Iterable[str]) -> str:
    return f"[{', '.join(map(text, values))}]"
