"""Markdown: a table of findings for a job summary or a merge request."""

from __future__ import annotations

from collections.abc import Iterator

from gwplan.checks.report import Report
from gwplan.findings import Finding, Severity
from gwplan.render.escape import markdown
from gwplan.render.findings.as_text import place_text, tally
from gwplan.render.links import page
from gwplan.render.things import Told

_MARK = {Severity.ERROR: "❌ error", Severity.WARNING: "⚠️ warning", Severity.NOTE: "note"}

_MOST = 1000
"""Rows: GitHub takes a summary of one MiB."""


def findings_markdown(told: Told) -> str:
    """A headline, and a row for each finding, worst first."""
    return "\n".join(_lines(told.report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield f"### gwplan: {markdown(tally(report))}"
    if not report.findings:
        return
    yield ""
    yield "| | rule | place | what is | what would be right |"
    yield "|---|---|---|---|---|"
    for finding in report.worst_first[:_MOST]:
        yield _row(finding)
    if len(report.findings) > _MOST:
        yield ""
        yield f"… and {len(report.findings) - _MOST} more"


def _row(finding: Finding) -> str:
    location = finding.location
    link = page(finding.rule.reference)
    rule = f"[{finding.code}]({link})" if link else finding.code
    where = markdown(place_text(location)) if location else ""
    said, advice = markdown(finding.message), markdown(finding.advice)
    return f"| {_MARK[finding.severity]} | {rule} | {where} | {said} | {advice} |"
