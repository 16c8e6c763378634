"""JUnit XML: one suite for each inventory, one test case for each finding, errors and warnings as failures.

What ``visible`` lets through, XML can hold.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, tostring

from gwplan.checks.report import Report
from gwplan.findings import Finding, Severity
from gwplan.render.findings_text import place_text
from gwplan.render.sheet import visible


def junit(report: Report) -> str:
    """The whole document. Notes pass, with their words as output; a clean inventory is one test that passes."""
    files: dict[str, list[tuple[Finding, str | None]]] = {name: [] for name in report.names}
    for finding, reason in (
        *((finding, None) for finding in report.findings),
        *((one.finding, one.reason or one.by) for one in report.suppressed),
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
    suite = SubElement(root, "testsuite", name=visible(name), tests=str(len(found) or 1), failures=str(failures),
                       errors="0", skipped=str(skipped))  # fmt: skip
    if not found:
        SubElement(suite, "testcase", classname=visible(name), name="no findings")
    for finding, reason in found:
        subject = finding.subject.name if finding.subject else finding.rule.name
        case = SubElement(suite, "testcase", classname=visible(name), name=visible(f"{finding.code} {subject}"))
        location = finding.location
        where = f"{place_text(location)}: " if location else ""
        if location is not None:
            case.set("file", visible(location.file or "-"))
            case.set("line", str(location.line))
        lines = (f"{where}{finding.message}", f"fix: {finding.fix}", f"see: {finding.rule.reference}")
        body = "\n".join(map(visible, lines))
        if reason is not None:
            SubElement(case, "skipped", message=visible(reason))
        elif finding.severity is Severity.NOTE:
            SubElement(case, "system-out").text = body
        else:
            SubElement(case, "failure", type=str(finding.severity), message=visible(finding.message)).text = body
