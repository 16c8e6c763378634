"""What commands tell, and the formats in which each thing is told, by name.

A new format is its writer and one line here. Naming one costs nothing: a writer is imported when it is used.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

if TYPE_CHECKING:
    from gwplan.checks.report import Report
    from gwplan.failures.compare import WhatIf
    from gwplan.failures.scenarios import Outcome
    from gwplan.failures.sweep import Sweep
    from gwplan.findings import Finding, Rule
    from gwplan.planning.decision import Decision
    from gwplan.planning.plan import GatewayLoad, Plan
    from gwplan.planning.table import Edition, Row

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


@dataclass(frozen=True, slots=True)
class VendorTable:
    """Some rows of an edition of the vendor's table."""

    edition: Edition
    rows: tuple[Row, ...]


STORY: Mapping[str, Format[Story]] = {
    "text": Format("plan.story:story_blocks", is_text=True),
    "json": Format("plan.as_json:story_chunks"),
}
VENDOR_TABLE: Mapping[str, Format[VendorTable]] = {
    "text": Format("plan.vendor_table:table_blocks", is_text=True),
    "json": Format("plan.vendor_table:table_json"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A report; ``with_suppressed`` also lists what is kept quiet, and why, where a format does not do so anyway.

    In text, findings of one code and one fix are told together, under heads by ``group_by``; ``none``: each by itself.
    """

    report: Report
    with_suppressed: bool = False
    group_by: Literal["code", "severity", "file", "none"] = "code"


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


WHATIF: Mapping[str, Format[Changed]] = {
    "text": Format("losses.whatif_text:whatif_blocks", is_text=True),
    "json": Format("losses.whatif_json:whatif_chunks"),
    "csv": Format("losses.as_table:whatif_csv"),
    "markdown": Format("losses.as_table:whatif_markdown"),
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


SWEEP: Mapping[str, Format[Swept]] = {
    "text": Format("losses.sweep_text:sweep_blocks", is_text=True),
    "json": Format("losses.sweep_json:sweep_chunks"),
    "csv": Format("losses.as_table:sweep_csv"),
    "markdown": Format("losses.as_table:sweep_markdown"),
}
