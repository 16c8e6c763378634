"""Findings for people: one line each, or with the source line, a caret and the fix."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gwplan.checks.report import Report
from gwplan.findings import Finding, Location, Severity
from gwplan.nouns import numbered, plural
from gwplan.render.escape import visible
from gwplan.render.links import see_about
from gwplan.render.sheet import Block, Cell, under
from gwplan.render.things import Told

_STYLE = {Severity.ERROR: "bad", Severity.WARNING: "warn", Severity.NOTE: "dim"}
_MARK = {"safe": " [--fix]", "unsafe": " [--unsafe-fixes]"}
_WINDOW = 120
"""Characters of a source line that are shown around the place."""


def full_report(told: Told) -> Iterator[Block]:
    """A whole report: its findings, what is kept quiet and why, and one line that sums up."""
    return _report(told, _grouped(told))


def concise_report(told: Told) -> Iterator[Block]:
    """The same with a line for each finding."""
    return _report(told, concise_findings(told.report.findings, marked=True))


def concise_findings(findings: Iterable[Finding], *, marked: bool = False) -> Iterator[Block]:
    """``file:line:column: severity[code] message``, the fix behind it; ``marked`` with the option that makes it."""
    for finding in findings:
        fix = f" ({finding.fix})" if finding.fix else ""
        fix += _MARK[finding.fixable] if marked and finding.fixable else ""
        yield Cell(f"{_headline(finding)}{fix}", _STYLE[finding.severity])


def brief_findings(findings: Iterable[Finding]) -> Iterator[Block]:
    """The same; those of one code and one fix together, which is then told once."""
    for group in _alike(findings):
        yield from _together(group) if len(group) > 1 else concise_findings(group)


def full_findings(findings: Iterable[Finding]) -> Iterator[Block]:
    """Each with its source line, a caret, related places, the fix and the page."""
    for finding in findings:
        yield Cell(_headline(finding), _STYLE[finding.severity])
        location = finding.location
        same = [spot for spot in finding.related if location and not spot.label and _is_beside(spot.location, location)]
        if location is not None and location.source_line and not location.source_line.isspace():
            yield from _source(location, *(spot.location for spot in same if spot.location))
        for spot in finding.related:
            if spot.location is not None and spot not in same:
                yield f"  {place_text(spot.location)}: {spot.label or 'and here'}"
                yield from _source(spot.location)
        yield f"  fix: {finding.advice}"
        yield from _see(finding)
        yield ""


def _grouped(told: Told) -> Iterator[Block]:
    """Under heads where they are asked for; those of one code and one fix together."""
    findings = told.report.findings
    if told.group_by == "none":
        yield from full_findings(findings)
        return
    sections: dict[str, list[Finding]] = {}
    for finding in findings:
        sections.setdefault(_section(finding, told.group_by), []).append(finding)
    for head, found in sections.items():
        if head:
            yield Cell(f"{head}: {len(found)}", "head")
            yield ""
        for group in _alike(found):
            if len(group) > 1:
                yield from _together(group)
                yield from _see(group[0])
                yield ""
            else:
                yield from full_findings(group)


def _alike(findings: Iterable[Finding]) -> Iterable[list[Finding]]:
    """Findings of one code and one fix together, errors first; of one severity in the order of the first of each."""
    alike: dict[tuple[str, Severity, str], list[Finding]] = {}
    for finding in findings:
        alike.setdefault((finding.code, finding.severity, finding.fix), []).append(finding)
    in_order = [*Severity]
    return sorted(alike.values(), key=lambda group: in_order.index(group[0].severity))


def _section(finding: Finding, group_by: str) -> str:
    if group_by == "severity":
        return str(finding.severity)
    if group_by == "file":
        return (finding.location and finding.location.file) or "<stdin>"
    return ""


def _together(group: list[Finding]) -> Iterator[Block]:
    """One head, a line for each place, one fix."""
    first = group[0]
    subjects = {finding.subject for finding in group}
    kinds = {subject.kind for subject in subjects if subject}
    what = plural(kinds.pop().replace("_", " ")) if len(kinds) == 1 and len(subjects) == len(group) else "findings"
    head = f"{first.severity}[{first.code}] {first.rule.name}, {len(group)} {what}:"
    yield Cell(head, _STYLE[first.severity])
    for finding in group:
        yield f"  {_where(finding)}{finding.message}"
    yield f"  fix: {_common_advice(group)}"


def _common_advice(group: list[Finding]) -> str:
    """The one fix, and for how many of the findings it can be made."""
    first = next((finding for finding in group if finding.fixable), group[0])
    alike = sum(finding.fixable == first.fixable for finding in group)
    return first.advice if alike == len(group) else f"{first.advice.removesuffix(')')} for {alike} of them)"


def _see(finding: Finding) -> Iterator[Block]:
    yield Cell(f"  see: {see_about(finding)}", "dim")


def _report(told: Told, findings: Iterator[Block]) -> Iterator[Block]:
    yield from under(told.edition)
    yield from findings
    for one in told.report.suppressed if told.with_suppressed else ():
        yield Cell(f"{_headline(one.finding)} (kept quiet by {one.by}: {one.reason or 'no reason given'})", "dim")
    yield tally(told.report)


def tally(report: Report) -> str:
    """How many findings of each severity: ``2 errors, 1 warning, 0 notes; 3 suppressed``."""
    counts = [(report.count(severity), str(severity)) for severity in Severity]
    text = ", ".join(numbered(number, word) for number, word in counts)
    text = text if report.findings else "no findings"
    return f"{text}; {len(report.suppressed)} suppressed" if report.suppressed else text


def place_text(location: Location) -> str:
    return f"{location.file or '<stdin>'}:{location.line}:{location.column}"


def _headline(finding: Finding) -> str:
    return f"{_where(finding)}{finding.severity}[{finding.code}] {finding.message}"


def _where(finding: Finding) -> str:
    location = finding.location
    return f"{place_text(location)}: " if location else ""


def _is_beside(one: Location | None, other: Location) -> bool:
    return one is not None and (one.file, one.line) == (other.file, other.line)


def _source(first: Location, *others: Location) -> Iterator[Block]:
    """A line with carets under its places; a window of it where the line is long."""
    line = first.source_line
    begin = max(0, first.column - 1 - _WINDOW // 2) if len(line) > _WINDOW else 0
    shown, carets, at = "", "", begin
    for start, end in sorted(_stretch(place) for place in (first, *others)):
        end = max(start + 1, min(end, begin + _WINDOW))
        if at <= start < begin + _WINDOW:
            before, marked = visible(line[at:start]), visible(line[start:end])
            shown += before + marked
            carets += " " * _cells(before) + "^" * max(1, _cells(marked))
            at = end
    shown += visible(line[at : begin + _WINDOW])
    number = str(first.line)
    yield Cell(f"  {number} | {shown}", whole=True)
    yield Cell(f"  {' ' * len(number)} | {carets}", "bad", whole=True)


def _stretch(place: Location) -> tuple[int, int]:
    """Where it begins and ends in its first line."""
    end = place.end_column - 1 if place.end_line == place.line else len(place.source_line)
    return place.column - 1, end


def _cells(text: str) -> int:
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)
