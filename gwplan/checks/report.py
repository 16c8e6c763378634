"""A report on some inventories: findings, those that are suppressed, and the counts."""

from __future__ import annotations

from dataclasses import dataclass

from gwplan.findings import Finding, Severity


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A finding that is kept quiet, by what (``comment`` or ``baseline``) and why."""

    finding: Finding
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """A report on some inventories. ``product_version`` is None where they differ or cannot be read."""

    findings: tuple[Finding, ...]
    suppressed: tuple[Suppressed, ...] = ()
    product_version: str | None = None
    strategy: str | None = None
    names: tuple[str, ...] = ()
    """The inventories, as given."""
    fixed: tuple[Finding, ...] | None = None
    """What was mended; None where nobody asked for that."""

    def count(self, severity: Severity) -> int:
        return sum(finding.severity is severity for finding in self.findings)

    @property
    def worst_first(self) -> list[Finding]:
        """The findings by severity, each severity in the order of the text."""
        order = list(Severity)
        return sorted(self.findings, key=lambda finding: order.index(finding.severity))

    def fails(self, fail_on: str) -> bool:
        """Whether a finding is at or above a severity; no finding is for ``never``."""
        order = [str(severity) for severity in Severity]
        return fail_on != "never" and any(order.index(f.severity) <= order.index(fail_on) for f in self.findings)
