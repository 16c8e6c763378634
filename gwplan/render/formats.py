"""What commands tell, and the formats in which each thing is told, by name.

A new format is its writer and one line here. Naming one costs nothing: a writer is imported when it is used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from gwplan.findings import Rule
    from gwplan.importers.report import ImportReport
    from gwplan.pictures.model import Picture
    from gwplan.render.things import (
        Changed,
        Compared,
        EditionList,
        Promised,
        Recommended,
        Reported,
        Resolved,
        Story,
        Swept,
        Told,
        Unreadable,
        VendorTable,
    )

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


PLAN: Mapping[str, Format[Resolved]] = {
    "text": Format("plan.as_text:resolve_blocks", is_text=True),
    "json": Format("plan.as_json:plan_chunks"),
    "csv": Format("plan.as_table:plan_csv"),
    "markdown": Format("plan.as_table:plan_markdown"),
}


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


WHATIF: Mapping[str, Format[Changed]] = {
    "text": Format("losses.whatif_text:whatif_blocks", is_text=True),
    "json": Format("losses.whatif_json:whatif_chunks"),
    "csv": Format("losses.as_table:whatif_csv"),
    "markdown": Format("losses.as_table:whatif_markdown"),
}


DIFF: Mapping[str, Format[Compared]] = {
    "text": Format("diff.as_text:diff_blocks", is_text=True),
    "json": Format("diff.as_json:diff_chunks"),
    "markdown": Format("diff.as_markdown:diff_markdown", other_hash="#"),
}


UNREADABLE: Mapping[str, Format[Unreadable]] = {
    "text": Format("diff.as_text:unreadable_blocks", is_text=True),
    "json": Format("diff.as_json:unreadable_chunks"),
    "markdown": Format("diff.as_markdown:unreadable_markdown", other_hash="#"),
}


SCENARIOS: Mapping[str, Format[Promised]] = {
    "text": Format("losses.scenarios:scenario_blocks", is_text=True),
    "junit": Format("losses.scenarios:scenario_junit", other_hash="&#35;"),
}


SWEEP: Mapping[str, Format[Swept]] = {
    "text": Format("losses.sweep_text:sweep_blocks", is_text=True),
    "json": Format("losses.sweep_json:sweep_chunks"),
    "csv": Format("losses.as_table:sweep_csv"),
    "markdown": Format("losses.as_table:sweep_markdown"),
}


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


RECOMMENDATION: Mapping[str, Format[Recommended]] = {
    "text": Format("remedies.as_text:recommend_blocks", is_text=True),
    "json": Format("remedies.as_json:recommendation_chunks"),
    "markdown": Format("remedies.as_markdown:recommend_markdown"),
}
