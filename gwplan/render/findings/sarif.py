"""SARIF 2.1.0 for code scanning: one run, the rules that occur, stable fingerprints, no invented region, and the edit
of each finding that `validate --fix` mends."""

from __future__ import annotations

import json
from typing import Any

from gwplan import __version__
from gwplan.checks import RULES_BY_CODE
from gwplan.checks.baseline import fingerprints
from gwplan.findings import Finding, Location, Severity, Spot
from gwplan.render.escape import uri, visible_in
from gwplan.render.findings.sarif_fixes import Fixes
from gwplan.render.links import page, see
from gwplan.render.things import Told

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
STDIN = "stdin"
_LEVEL = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}
_MOST_RELATED = 100


def sarif(told: Told) -> str:
    """The whole log, suppressed findings included as such."""
    report = told.report
    quiet = {id(one.finding): one for one in report.suppressed}
    findings = [*report.findings, *(one.finding for one in report.suppressed)]
    codes = sorted({finding.code for finding in findings})
    results = []
    for finding, mark in zip(findings, fingerprints(findings), strict=True):
        result = _result(finding, codes.index(finding.code), mark)
        if one := quiet.get(id(finding)):
            kind = "inSource" if one.by == "comment" else "external"
            result["suppressions"] = [{"kind": kind, "justification": one.reason}]
        results.append(result)
    driver = {
        "name": "gwplan",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [_rule(code) for code in codes],
    }
    shown = visible_in(results)
    fixes = Fixes(told.texts, STDIN)
    for finding, result in zip(findings, shown, strict=True):
        if proposed := fixes.of(finding):
            result["fixes"] = proposed
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": shown}
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1) + "\n"


def _rule(code: str) -> dict[str, Any]:
    rule = RULES_BY_CODE[code]
    return {
        "id": rule.code,
        "name": "".join(word.capitalize() for word in rule.name.split("-")),
        "shortDescription": {"text": rule.name.replace("-", " ")},
        "fullDescription": {"text": rule.why},
        "help": {"text": f"{rule.why}\n\n{rule.fix}\n\n{see(rule)}"},
        **({"helpUri": link} if (link := page(rule.reference)) else {}),
        "defaultConfiguration": {"level": _LEVEL[rule.severity]},
    }


def _result(finding: Finding, index: int, mark: str) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": _LEVEL[finding.severity],
        "message": {"text": _sentences(finding.message, finding.fix) if finding.fix else finding.message},
        "partialFingerprints": {"gwplan/v1": mark},
        **({"properties": {"fixable": finding.fixable}} if finding.fixable else {}),
    }
    location = finding.location
    if location is not None:
        result["locations"] = [_location(location)]
    related = [_related(spot, number) for number, spot in enumerate(finding.related[:_MOST_RELATED]) if spot.location]
    if related:
        result["relatedLocations"] = related
    return result


def _sentences(*parts: str) -> str:
    return " ".join(part if part.endswith(("?", ".")) else f"{part}." for part in parts)


def _related(spot: Spot, number: int) -> dict[str, Any]:
    assert spot.location is not None
    label = {"message": {"text": spot.label}} if spot.label else {}
    return {"id": number + 1, **_location(spot.location), **label}


def _location(location: Location) -> dict[str, Any]:
    """A file that could not be opened has no region."""
    physical: dict[str, Any] = {"artifactLocation": {"uri": uri(location.file or STDIN)}}
    if location.source_line or location.line > 1:
        physical["region"] = {
            "startLine": location.line,
            "startColumn": location.column,
            "endLine": location.end_line,
            "endColumn": location.end_column,
        }
    return {"physicalLocation": physical}
