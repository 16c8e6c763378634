"""What commands tell: each thing with what it is told by, as the writers of its formats take it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from gwplan.checks.report import Report
    from gwplan.failures.aftermath import Aftermath
    from gwplan.failures.compare import Change, WhatIf
    from gwplan.failures.scenarios import Outcome
    from gwplan.failures.sweep import Sweep
    from gwplan.findings import Finding
    from gwplan.inventory.source import Source
    from gwplan.planning.decision import Decision
    from gwplan.planning.plan import GatewayLoad, Plan
    from gwplan.planning.table import Edition, Row
    from gwplan.remedies.recommend import Recommendation
    from gwplan.review.diff import Diff

COMMENT_LENGTH = 65_536
"""The characters that a comment of GitHub holds."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """Decisions of a plan, all or, where ``narrowed``, some.

    In text, ``by_task`` lists each task, ``verbose`` every name, and ``sort`` orders the tables; in JSON, ``trace``
    lists each candidate.
    """

    plan: Plan
    decisions: Sequence[Decision]
    findings: tuple[Finding, ...] = ()
    title: str = ""
    by_task: bool = False
    trace: bool = False
    narrowed: bool = False
    verbose: bool = False
    sort: Literal["name", "tasks", "share"] | None = None
    edition: str | None = None

    @property
    def gateways(self) -> tuple[GatewayLoad, ...]:
        """The servers that serve these decisions, each with all that it carries."""
        if not self.narrowed:
            return self.plan.gateways
        serving = {decision.gateway for decision in self.decisions}
        return tuple(load for load in self.plan.gateways if load.server in serving)

    @property
    def not_covered(self) -> tuple[str, ...]:
        return () if self.narrowed else self.plan.not_covered


@dataclass(frozen=True, slots=True)
class Story:
    """Decisions of a plan, with everything that was weighed for them; in text all of it only where ``verbose``."""

    plan: Plan
    decisions: Sequence[Decision]
    verbose: bool = False
    edition: str | None = None


@dataclass(frozen=True, slots=True)
class VendorTable:
    """Some rows of an edition of the vendor's table."""

    edition: Edition
    rows: tuple[Row, ...]
    asked: str | None = None
    """The version that was named, so that a text says which edition it means."""


@dataclass(frozen=True, slots=True)
class EditionList:
    """Editions of the vendor's rules, each told as a change of the one before it."""

    editions: tuple[Edition, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A report; ``with_suppressed`` also lists what is kept quiet, and why, where a format does not do so anyway.

    In text, findings of one code and one fix are told together, under heads by ``group_by``; ``none``: each by itself.
    ``texts`` has the sources of each inventory, for a format that tells edits.
    """

    report: Report
    with_suppressed: bool = False
    group_by: Literal["code", "severity", "file", "none"] = "code"
    edition: str | None = None
    texts: Sequence[tuple[Source, ...]] = ()


@dataclass(frozen=True, slots=True)
class Changed:
    """What a loss changes. ``shown`` has the kinds of change that are listed; all are counted."""

    found: WhatIf
    title: str
    shown: Collection[str]
    by_task: bool = False
    by_gateway: bool = False
    edition: str | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """Two inventories compared, with what they are called. ``shown`` has the classes of changes that are listed, of
    ``jobs`` only where some are named; all are counted. ``edition``: both sides are planned under it, whatever they
    say."""

    found: Diff
    before: str
    after: str
    title: str
    shown: Sequence[str]
    jobs: Collection[str] = ()
    by_task: bool = False
    max_length: int = COMMENT_LENGTH
    edition: str | None = None

    @property
    def changes(self) -> list[Change]:
        """The changes that are listed."""
        listed = (change for change in self.found.changes if change.change in self.shown)
        return [change for change in listed if not self.jobs or change.decision.job in self.jobs]


@dataclass(frozen=True, slots=True)
class UnreadableSide:
    """Why one side of a comparison cannot be read. ``word`` is before or after."""

    word: str
    where: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The sides of a comparison that cannot be read; ``name`` is what the later one is called."""

    name: str
    sides: tuple[UnreadableSide, ...]
    max_length: int = COMMENT_LENGTH


@dataclass(frozen=True, slots=True)
class Promised:
    """The outcomes of the scenarios of a file."""

    outcomes: tuple[Outcome, ...]
    file: str


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep found. ``accepted`` has the losses that are known, each with its reason, if there is one."""

    found: Sweep
    accepted: Mapping[str, str]
    everything: bool = False
    heat_by: str | None = None
    edition: str | None = None


@dataclass(frozen=True, slots=True)
class Reported:
    """All that a page tells of a plan. ``swept`` is of the plan with nothing down, and has the pairs where they were
    asked for; ``aftermaths`` are of its losses. ``night`` is the plan against that with nothing down.

    ``scrubbed`` replaces names; ``date`` is told only if it is given, so that the same inventory gives the same page.
    """

    plan: Plan
    swept: Sweep
    aftermaths: tuple[Aftermath, ...]
    accepted: Mapping[str, str]
    findings: Report
    title: str
    night: WhatIf | None = None
    scenarios: Promised | None = None
    against: Compared | None = None
    scrubbed: bool = False
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Recommended:
    """What would help; ``kinds`` of problems were asked about."""

    found: Recommendation
    kinds: Collection[str]
    edition: str | None = None
