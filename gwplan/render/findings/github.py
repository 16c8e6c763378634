"""GitHub: workflow commands that annotate a pull request. Nothing in a name can end one or forge another."""

from __future__ import annotations

from collections.abc import Iterator

from gwplan.findings import Finding, Severity
from gwplan.render.escape import github_data, github_property
from gwplan.render.things import Told

_COMMAND = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def github(told: Told) -> str:
    """One command a line, worst first: GitHub shows ten of each kind for a step."""
    return "".join(f"{_command(finding)}\n" for finding in told.report.worst_first)


def _command(finding: Finding) -> str:
    properties = ",".join(f"{name}={github_property(value)}" for name, value in _properties(finding))
    words = f"{github_data(finding.message)}%0Afix: {github_data(finding.advice)}"
    return f"::{_COMMAND[finding.severity]} {properties}::{words}"


def _properties(finding: Finding) -> Iterator[tuple[str, str]]:
    location = finding.location
    if location is not None and location.file is not None:
        yield "file", location.file
        if location.source_line or location.line > 1:
            yield "line", str(location.line)
            yield "endLine", str(location.end_line)
            if location.end_line == location.line:
                yield "col", str(location.column)
                yield "endColumn", str(location.end_column)
    yield "title", f"{finding.code} {finding.rule.name}"
