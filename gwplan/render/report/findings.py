"""The findings of a report as tables, with the page of each rule; and those that are kept quiet, with the reason."""

from __future__ import annotations

from gwplan.checks.report import Report, Suppressed
from gwplan.findings import Finding, Severity
from gwplan.render.findings.as_text import place_text
from gwplan.render.links import page
from gwplan.render.report.tables import Column, Item, Row, Table

MARKS = {Severity.ERROR: ("✘ error", "bad"), Severity.WARNING: ("▲ warning", "warn"), Severity.NOTE: ("• note", "dim")}
_COLUMNS = ("Severity", "Rule", "What is", "What would be right")


def findings_table(report: Report, *, scrubbed: bool) -> Table:
    """Worst first. Where names are scrubbed, the places are left out: they name files."""
    titles = _COLUMNS if scrubbed else (*_COLUMNS, "Place")
    rows = tuple(Row(_items(finding, scrubbed=scrubbed)) for finding in report.worst_first)
    return Table("findings-table", "Findings, worst first", tuple(map(Column, titles)), rows, "gwplan validate")


def suppressed_table(report: Report, *, scrubbed: bool) -> Table:
    """What is kept quiet, by what and why."""
    rows = tuple(
        Row((*_items(one.finding, scrubbed=True)[:3], *_why(one, scrubbed=scrubbed))) for one in report.suppressed
    )
    titles = (*_COLUMNS[:3], "Kept quiet by", "Reason")
    return Table("suppressed-table", "Findings that are kept quiet", tuple(map(Column, titles)), rows,
                 "gwplan validate --show-suppressed")  # fmt: skip


def _items(finding: Finding, *, scrubbed: bool) -> tuple[Item, ...]:
    mark, style = MARKS[finding.severity]
    items = (
        Item(mark, style, list(Severity).index(finding.severity)),
        Item(f"{finding.code} {finding.rule.name.replace('-', ' ')}", href=page(finding.rule.reference)),
        Item(finding.message),
        Item(finding.fix),
    )
    if scrubbed:
        return items
    return (*items, Item(place_text(finding.location) if finding.location else "", "dim"))


def _why(one: Suppressed, *, scrubbed: bool) -> tuple[Item, Item]:
    if not one.reason:
        return Item(one.by), Item("none given", "dim")
    return Item(one.by), Item("left out, as names are" if scrubbed else one.reason)
