"""The JSON formats: keys in the order of the contract, one decision a line, byte-identical from run to run.

A plan of a large estate has hundreds of thousands of decisions made of few different parts, so each part is encoded
once. A test holds the fast writer against ``plan_document`` through the standard library's encoder.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from json.encoder import encode_basestring_ascii as text
from typing import Any

from gwplan import __version__
from gwplan.checks.report import Report
from gwplan.findings import Finding, Location, Severity, Spot
from gwplan.planning.plan import Plan
from gwplan.planning.trace import Decision, Ruling, Tier

DECISION_KEYS = (
    "job", "type", "operation", "side", "repository", "task", "workloads", "disks", "outcome", "reason", "gateway",
    "proxy", "data_mover", "fallbacks", "selection", "tier", "rule", "certainty", "choice", "reference", "path",
    "wan_hops", "why", "notes",
)  # fmt: skip


def header(name: str, plan: Plan | None) -> dict[str, Any]:
    """What every document begins with; an inventory that could not be read has no version, strategy or failures."""
    return {
        "format": f"gwplan.{name}/1",
        "gwplan_version": __version__,
        "product_version": plan.product_version if plan else None,
        "strategy": plan.strategy if plan else None,
        "down": list(plan.down) if plan else [],
    }


def plan_document(
    plan: Plan, findings: Sequence[Finding] = (), decisions: Sequence[Decision] | None = None, *, trace: bool = False
) -> dict[str, Any]:
    """``gwplan.plan/1`` as plain data."""
    shown = plan.decisions if decisions is None else decisions
    return {
        **header("plan", plan),
        "decisions": [decision_object(decision, trace=trace) for decision in shown],
        **_after_decisions(plan, findings, shown),
    }


def plan_chunks(
    plan: Plan, findings: Sequence[Finding] = (), decisions: Sequence[Decision] | None = None, *, trace: bool = False
) -> Iterator[str]:
    """``gwplan.plan/1`` as text, in pieces."""
    shown = plan.decisions if decisions is None else decisions
    head = json.dumps(header("plan", plan))
    yield head[:-1] + ',\n "decisions": ['
    lines = map(json.dumps, (decision_object(d, trace=True) for d in shown)) if trace else _decision_lines(shown)
    pending: list[str] = []
    separator = "\n  "
    for line in lines:
        pending.append(line)
        if len(pending) == 4096:
            yield separator + ",\n  ".join(pending)
            pending, separator = [], ",\n  "
    if pending:
        yield separator + ",\n  ".join(pending)
    yield ("\n ]" if shown else "]")
    for key, value in _after_decisions(plan, findings, shown).items():
        yield f",\n {text(key)}: {rows(value) if isinstance(value, list) else json.dumps(value)}"
    yield "}\n"


def findings_chunks(findings: Sequence[Finding], plan: Plan | None, suppressed: int = 0) -> Iterator[str]:
    """``gwplan.findings/1`` as text."""
    yield from _findings(header("findings", plan), findings, suppressed, {})


def report_chunks(report: Report, *, quiet: bool = False) -> Iterator[str]:
    """``gwplan.findings/1`` of a report; with ``quiet`` also what is kept quiet, and why."""
    head = {**header("findings", None), "product_version": report.product_version, "strategy": report.strategy}
    shown = [
        {**finding_object(one.finding), "suppressed_by": one.by, "reason": one.reason} for one in report.suppressed
    ]  # fmt: skip
    yield from _findings(head, report.findings, len(report.suppressed), {"suppressed": shown} if quiet else {})


def _findings(
    head: dict[str, Any], findings: Sequence[Finding], suppressed: int, more: dict[str, list[Any]]
) -> Iterator[str]:
    yield json.dumps(head)[:-1]
    for key, values in {"findings": [finding_object(finding) for finding in findings], **more}.items():
        yield f",\n {text(key)}: {rows(values)}"
    counts = {str(severity): sum(f.severity is severity for f in findings) for severity in Severity}
    yield f',\n "summary": {json.dumps({**counts, "suppressed": suppressed})}}}\n'


def decision_object(decision: Decision, *, trace: bool = False) -> dict[str, Any]:
    """One decision as plain data; with ``trace`` also its tiers."""
    found = {key: getattr(decision, key) for key in DECISION_KEYS}
    found = {key: list(value) if isinstance(value, tuple) else value for key, value in found.items()}
    return {**found, "tiers": [_tier_object(*tier) for tier in decision.tiers()]} if trace else found


def finding_object(finding: Finding) -> dict[str, Any]:
    """One finding as plain data."""
    subject = finding.subject
    return {
        "code": finding.code,
        "name": finding.rule.name,
        "severity": str(finding.severity),
        "subject": {"kind": subject.kind, "name": subject.name} if subject else None,
        "message": finding.message,
        "fix": finding.fix,
        "reference": finding.rule.reference,
        "location": location_object(finding.location),
        "related": [_related_object(spot) for spot in finding.related],
    }


def location_object(location: Location | None) -> dict[str, Any] | None:
    if location is None:
        return None
    return {
        "file": location.file,
        "line": location.line,
        "column": location.column,
        "end_line": location.end_line,
        "end_column": location.end_column,
    }


def _related_object(spot: Spot) -> dict[str, Any]:
    return {"message": spot.label, "location": location_object(spot.location)}


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


def _after_decisions(plan: Plan, findings: Sequence[Finding], shown: Sequence[Decision]) -> dict[str, Any]:
    counts = {"decisions": len(shown), "assigned": 0, "none_needed": 0, "failed": 0, "blocked": 0}
    for decision in shown:
        counts[decision.ruling.outcome] += 1
    return {
        "gateways": [gateway._asdict() for gateway in plan.gateways],
        "findings": [finding_object(finding) for finding in findings],
        "summary": {**counts, "not_covered": len(plan.not_covered)},
    }


def rows(values: list[Any]) -> str:
    return "[\n  " + ",\n  ".join(map(json.dumps, values)) + "\n ]" if values else "[]"


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
