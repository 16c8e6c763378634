"""``gwplan.findings/1``: keys in the order of the contract."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gwplan.findings import Finding, Severity
from gwplan.render.document import chunks, header
from gwplan.render.things import Told


def findings_chunks(told: Told) -> Iterator[str]:
    """The document as text; with ``with_suppressed`` also what is kept quiet, and why."""
    report = told.report
    head = {**header("findings", None), "product_version": report.product_version, "strategy": report.strategy}
    body: dict[str, Any] = {"findings": [finding_object(finding) for finding in report.findings]}
    if told.with_suppressed:
        body["suppressed"] = [
            {**finding_object(one.finding), "suppressed_by": one.by, "reason": one.reason} for one in report.suppressed
        ]
    if report.fixed is not None:
        body["fixed"] = [finding_object(finding) for finding in report.fixed]
    counts = {str(severity): report.count(severity) for severity in Severity}
    return chunks(head, {**body, "summary": {**counts, "suppressed": len(report.suppressed)}})


def finding_object(finding: Finding) -> dict[str, Any]:
    """One finding as plain data."""
    return finding.to_dict()
