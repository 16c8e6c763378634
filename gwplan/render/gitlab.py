"""GitLab Code Quality: an array of issues, each with a fingerprint of its own that survives moved lines."""

from __future__ import annotations

import hashlib
import json

from gwplan.checks.baseline import fingerprints
from gwplan.checks.report import Report
from gwplan.findings import Severity
from gwplan.render.sheet import visible

_SEVERITY = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.NOTE: "info"}


def gitlab(report: Report) -> str:
    """https://docs.gitlab.com/ci/testing/code_quality"""
    issues = []
    for finding, mark in zip(report.findings, fingerprints(report.findings), strict=True):
        location = finding.location
        path = (location.file if location else None) or "stdin"
        issues.append(
            {
                "description": visible(f"{finding.message}: {finding.fix}"),
                "check_name": finding.code,
                "fingerprint": hashlib.sha256(f"{path}\x1f{mark}".encode("utf-8", "surrogatepass")).hexdigest()[:32],
                "severity": _SEVERITY[finding.severity],
                "location": {
                    "path": visible(path.removeprefix("./")),
                    "lines": {"begin": location.line if location else 1},
                },
            }
        )
    return json.dumps(issues, indent=1) + "\n"
