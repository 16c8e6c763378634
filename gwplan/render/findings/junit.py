"""JUnit XML: one suite for each inventory, one test case for each finding, errors and warnings as failures."""

from __future__ import annotations

from xml.etree.ElementTree import Element, tostring

from gwplan.findings import Finding, Severity
from gwplan.render.escape import xml
from gwplan.render.findings.as_text import place_text
from gwplan.render.links import see_about
from gwplan.render.things import Told


def junit(told: Told) -> str:
    """The whole document. Notes pass, with their words as output; a clean inventory is one test that passes."""
    files: dict[str, list[tuple[Finding, str | None]]] = {name: [] for name in told.report.names}
    for finding, reason in (
        *((finding, None) for finding in told.report.findings),
        *((one.finding, one.reason or one.by) for one in told.report.suppressed),
    ):
        location = finding.location
        name = (location.file or "-") if location else next(iter(files), "gwplan")
        files.setdefault(name, []).append((finding, reason))
    root = Element("testsuites", name="gwplan")
    for name, found in files.items():
        has_parts = any(other.startswith(name.rstrip("/") + "/") for other in files)  # a directory speaks by its files
        if found or not has_parts:
            _suite(root, name, found)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _suite(root: Element, name: str, found: list[tuple[Finding, str | None]]) -> None:
    failures = sum(finding.severity is not Severity.NOTE and reason is None for finding, reason in found)
    skipped = sum(reason is not None for _, reason in found)
    suite = xml(root, "testsuite", name=name, tests=str(len(found) or 1), failures=str(failures), errors="0",
                skipped=str(skipped))  # fmt: skip
    if not found:
        xml(suite, "testcase", classname=name, name="no findings")
    for finding, reason in found:
        _case(suite, name, finding, reason)


def _case(suite: Element, classname: str, finding: Finding, reason: str | None) -> None:
    """``reason`` says why it is kept quiet; None where it is not."""
    subject = finding.subject.name if finding.subject else finding.rule.name
    location = finding.location
    place = {"file": location.file or "-", "line": str(location.line)} if location else {}
    case = xml(suite, "testcase", classname=classname, name=f"{finding.code} {subject}", **place)
    where = f"{place_text(location)}: " if location else ""
    body = (f"{where}{finding.message}", f"fix: {finding.advice}", f"see: {see_about(finding)}")
    if reason is not None:
        xml(case, "skipped", message=reason)
    elif finding.severity is Severity.NOTE:
        xml(case, "system-out", *body)
    else:
        xml(case, "failure", *body, type=str(finding.severity), message=finding.message)
