"""The formats of each kind of thing, by name. A new format is its writer and one line here.

Naming a format costs nothing: a writer is imported when it is used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from gwplan.findings import Rule
    from gwplan.planning.rules import Row
    from gwplan.render.findings.told import Told
    from gwplan.render.losses.told import Changed, Promised, Swept
    from gwplan.render.plan.told import Resolved, Story

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Format(Generic[T]):
    """One way to tell a thing. ``writer`` is ``module:function`` of this package; it takes the thing.

    It gives blocks where ``is_text``, which a terminal may fit and colour, and else the output as it is, in pieces.
    """

    writer: str
    is_text: bool = False

    def write(self, thing: T) -> Any:
        from pkgutil import resolve_name

        write: Callable[[T], Iterable[Any]] = resolve_name(f"gwplan.render.{self.writer}")
        return write(thing)


PLAN: Mapping[str, Format[Resolved]] = {
    "text": Format("plan.as_text:resolve_blocks", is_text=True),
    "json": Format("plan.as_json:plan_chunks"),
}
STORY: Mapping[str, Format[Story]] = {
    "text": Format("plan.story:story_blocks", is_text=True),
    "json": Format("plan.as_json:story_chunks"),
}
VENDOR_TABLE: Mapping[str, Format[tuple[Row, ...]]] = {
    "text": Format("plan.vendor_table:table_blocks", is_text=True),
    "json": Format("plan.vendor_table:table_json"),
}
FINDINGS: Mapping[str, Format[Told]] = {
    "text": Format("findings.as_text:full_report", is_text=True),
    "concise": Format("findings.as_text:concise_report", is_text=True),
    "json": Format("findings.as_json:findings_chunks"),
    "sarif": Format("findings.sarif:sarif"),
    "junit": Format("findings.junit:junit"),
    "github": Format("findings.github:github"),
    "gitlab": Format("findings.gitlab:gitlab"),
    "markdown": Format("findings.markdown:findings_markdown"),
}
CATALOGUE: Mapping[str, Format[tuple[Rule, ...]]] = {
    "text": Format("findings.catalogue:catalogue_blocks", is_text=True),
    "json": Format("findings.catalogue:catalogue_json"),
    "markdown": Format("findings.catalogue:rules_page"),
}
WHATIF: Mapping[str, Format[Changed]] = {
    "text": Format("losses.whatif_text:whatif_blocks", is_text=True),
    "json": Format("losses.whatif_json:whatif_chunks"),
}
SCENARIOS: Mapping[str, Format[Promised]] = {
    "text": Format("losses.scenarios:scenario_blocks", is_text=True),
    "junit": Format("losses.scenarios:scenario_junit"),
}
SWEEP: Mapping[str, Format[Swept]] = {
    "text": Format("losses.sweep_text:sweep_blocks", is_text=True),
    "json": Format("losses.sweep_json:sweep_chunks"),
}
