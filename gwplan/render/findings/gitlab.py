"""GitLab Code Quality: an array of issues, each with a fingerprint of its own that survives moved lines."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from gwplan.checks.baseline import fingerprints
from gwplan.findings import Finding, Severity
from gwplan.render.escape import visible_in
from gwplan.render.things import Told

_SEVERITY = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.NOTE: "info"}


def gitlab(told: Told) -> str:
    """https://docs.gitlab.com/ci/testing/code_quality"""
    findings = told.report.findings
    issues = [_issue(finding, mark) for finding, mark in zip(findings, fingerprints(findings), strict=True)]
    return json.dumps(visible_in(issues), indent=1) + "\n"


def _issue(finding: Finding, mark: str) -> dict[str, Any]:
    location = finding.location
    path = (location.file if location else None) or "stdin"
    return {
        "description": f"{finding.message}: {finding.advice}",
        "check_name": finding.code,
        "fingerprint": hashlib.sha256(f"{path}\x1f{mark}".encode("utf-8", "surrogatepass")).hexdigest()[:32],
        "severity": _SEVERITY[finding.severity],
        "location": {"path": path.removeprefix("./"), "lines": {"begin": location.line if location else 1}},
    }
