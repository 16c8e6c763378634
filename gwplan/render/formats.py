"""What commands tell, and the formats in which each thing is told, by name.

A new format is its writer and one line here. Naming one costs nothing: a writer is imported when it is used.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

if TYPE_CHECKING:
    from gwplan.checks.report import Report
    from gwplan.failures.aftermath import Aftermath
    from gwplan.failures.compare import Change, WhatIf
    from gwplan.failures.scenarios import Outcome
    from gwplan.failures.sweep import Sweep
    from gwplan.findings import Finding, Rule
    from gwplan.importers.report import Report as ImportReport
    from gwplan.pictures.model import Picture
    from gwplan.planning.decision import Decision
    from gwplan.planning.plan import GatewayLoad, Plan
    from gwplan.planning.table import Edition, Row
    from gwplan.remedies.recommend import Recommendation
    from gwplan.review.diff import Diff

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Format(Generic[T]):
    """One way to tell a thing. ``writer`` is ``module:function`` of this package; it takes the thing.

    It gives blocks where ``is_text``, which a terminal may fit and colour, and else the output as it is, in pieces.
    ``other_hash`` is how the format writes ``#`` by other means, where it can: the log of a workflow obeys ``##[``.
    """

    writer: str
    is_text: bool = False
    other_hash: str = "\\u0023"

    def write(self, thing: T) -> Any:
        from pkgutil import resolve_name

        write: Callable[[T], Iterable[Any]] = resolve_name(f"gwplan.render.{self.writer}")
        return write(thing)


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


PLAN: Mapping[str, Format[Resolved]] = {
    "text": Format("plan.as_text:resolve_blocks", is_text=True),
    "json": Format("plan.as_json:plan_chunks"),
    "csv": Format("plan.as_table:plan_csv"),
    "markdown": Format("plan.as_table:plan_markdown"),
}


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
    is_asked_for: bool = False
    """Whether the edition was named, so that a text says which it is."""


@dataclass(frozen=True, slots=True)
class EditionList:
    """Editions of the vendor's rules, each told as a change of the one before it."""

    editions: tuple[Edition, ...]


STORY: Mapping[str, Format[Story]] = {
    "text": Format("plan.story:story_blocks", is_text=True),
    "json": Format("plan.as_json:story_chunks"),
}
VENDOR_TABLE: Mapping[str, Format[VendorTable]] = {
    "text": Format("plan.vendor_table:table_blocks", is_text=True),
    "json": Format("plan.vendor_table:table_json"),
}
EDITION_LIST: Mapping[str, Format[EditionList]] = {
    "text": Format("plan.editions:edition_blocks", is_text=True),
    "json": Format("plan.editions:editions_json"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A report; ``with_suppressed`` also lists what is kept quiet, and why, where a format does not do so anyway.

    In text, findings of one code and one fix are told together, under heads by ``group_by``; ``none``: each by itself.
    """

    report: Report
    with_suppressed: bool = False
    group_by: Literal["code", "severity", "file", "none"] = "code"
    edition: str | None = None


FINDINGS: Mapping[str, Format[Told]] = {
    "text": Format("findings.as_text:full_report", is_text=True),
    "concise": Format("findings.as_text:concise_report", is_text=True),
    "json": Format("findings.as_json:findings_chunks"),
    "sarif": Format("findings.sarif:sarif"),
    "junit": Format("findings.junit:junit", other_hash="&#35;"),
    "github": Format("findings.github:github", other_hash="#"),
    "gitlab": Format("findings.gitlab:gitlab"),
    "markdown": Format("findings.markdown:findings_markdown", other_hash="#"),
}
CATALOGUE: Mapping[str, Format[tuple[Rule, ...]]] = {
    "text": Format("findings.catalogue:catalogue_blocks", is_text=True),
    "json": Format("findings.catalogue:catalogue_json"),
    "markdown": Format("findings.catalogue:rules_page", other_hash="#"),
}


@dataclass(frozen=True, slots=True)
class Changed:
    """What a loss changes. ``shown`` has the kinds of change that are listed; all are counted."""

    found: WhatIf
    title: str
    shown: Collection[str]
    by_task: bool = False
    by_gateway: bool = False
    edition: str | None = None


WHATIF: Mapping[str, Format[Changed]] = {
    "text": Format("losses.whatif_text:whatif_blocks", is_text=True),
    "json": Format("losses.whatif_json:whatif_chunks"),
    "csv": Format("losses.as_table:whatif_csv"),
    "markdown": Format("losses.as_table:whatif_markdown"),
}


@dataclass(frozen=True, slots=True)
class Compared:
    """Two inventories compared, with what they are called. ``shown`` has the classes of changes that are listed, of
    ``jobs`` only where some are named; all are counted."""

    found: Diff
    before: str
    after: str
    title: str
    shown: Sequence[str]
    jobs: Collection[str] = ()
    by_task: bool = False
    max_length: int = 65_536

    @property
    def changes(self) -> list[Change]:
        """Those that are listed."""
        listed = (change for change in self.found.changes if change.change in self.shown)
        return [change for change in listed if not self.jobs or change.decision.job in self.jobs]


DIFF: Mapping[str, Format[Compared]] = {
    "text": Format("diff.as_text:diff_blocks", is_text=True),
    "json": Format("diff.as_json:diff_chunks"),
    "markdown": Format("diff.as_markdown:diff_markdown", other_hash="#"),
}


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
    max_length: int = 65_536


UNREADABLE: Mapping[str, Format[Unreadable]] = {
    "text": Format("diff.as_text:unreadable_blocks", is_text=True),
    "json": Format("diff.as_json:unreadable_chunks"),
    "markdown": Format("diff.as_markdown:unreadable_markdown", other_hash="#"),
}


@dataclass(frozen=True, slots=True)
class Promised:
    """The outcomes of the scenarios of a file."""

    outcomes: tuple[Outcome, ...]
    file: str


SCENARIOS: Mapping[str, Format[Promised]] = {
    "text": Format("losses.scenarios:scenario_blocks", is_text=True),
    "junit": Format("losses.scenarios:scenario_junit", other_hash="&#35;"),
}


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep found. ``accepted`` has the losses that are known, each with its reason, if there is one."""

    found: Sweep
    accepted: Mapping[str, str]
    everything: bool = False
    heat_by: str | None = None
    edition: str | None = None


SWEEP: Mapping[str, Format[Swept]] = {
    "text": Format("losses.sweep_text:sweep_blocks", is_text=True),
    "json": Format("losses.sweep_json:sweep_chunks"),
    "csv": Format("losses.as_table:sweep_csv"),
    "markdown": Format("losses.as_table:sweep_markdown"),
}


@dataclass(frozen=True, slots=True)
class Reported:
    """All that a page tells of a plan. ``swept`` is of the plan with nothing down, and has the pairs where they were
    asked for; ``aftermaths`` are of its losses. ``night`` is the plan against that with nothing down.

    ``scrubbed`` replaces names; ``date`` is told where it is given, for the same page is made of the same inventory.
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


REPORT: Mapping[str, Format[Reported]] = {"html": Format("report.page:page", other_hash="&#35;")}
GRAPH: Mapping[str, Format[Picture]] = {
    "svg": Format("pictures.svg:svg_chunks", other_hash="&#35;"),
    "mermaid": Format("pictures.mermaid:mermaid"),
    "dot": Format("pictures.dot:dot", other_hash="&#35;"),
    "d2": Format("pictures.d2:d2"),
    "graphml": Format("pictures.graphml:graphml", other_hash="&#35;"),
    "json": Format("pictures.as_json:graph_chunks"),
}
IMPORT: Mapping[str, Format[ImportReport]] = {
    "text": Format("imports.as_text:import_blocks", is_text=True),
    "json": Format("imports.as_json:import_chunks"),
}


@dataclass(frozen=True, slots=True)
class Recommended:
    """What would help; ``kinds`` of problems were asked about."""

    found: Recommendation
    kinds: Collection[str]


RECOMMENDATION: Mapping[str, Format[Recommended]] = {
    "text": Format("remedies.as_text:recommend_blocks", is_text=True),
    "json": Format("remedies.as_json:recommendation_chunks"),
    "markdown": Format("remedies.as_markdown:recommend_markdown"),
}
