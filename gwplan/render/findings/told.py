"""What ``validate`` tells."""

from __future__ import annotations

from dataclasses import dataclass

from gwplan.checks.report import Report


@dataclass(frozen=True, slots=True)
class Told:
    """A report; ``with_suppressed`` also lists what is kept quiet, and why, where a format does not do so anyway."""

    report: Report
    with_suppressed: bool = False
