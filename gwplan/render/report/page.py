"""The page of a report: everything it tells as plain values, laid out by templates that escape whatever they are given.

Nothing of the page is fetched, and nothing runs or colours it but the files of this folder, which its policy names by
their hashes.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from functools import cached_property
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from gwplan import __version__
from gwplan.render.escape import visible
from gwplan.render.formats import DIFF
from gwplan.render.losses.whatif_text import verdict_line
from gwplan.render.report import basis, blocks, findings, gateways, jobs, losses, pictures, scrub, verdict
from gwplan.render.report.embedded import embedded
from gwplan.render.report.tables import MOST_ROWS, Table, told
from gwplan.render.sheet import Branch
from gwplan.render.things import Reported

PARTS = (
    ("verdict", "Verdict"), ("picture", "The picture"), ("lost", "If this is lost"), ("jobs", "Jobs"), ("heat", "Heat"),
    ("gateways", "Gateways"), ("findings", "Findings"), ("basis", "What this rests on"),
)  # fmt: skip

_MOST_OF_A_SWEEP = 400_000
"""Characters of a sweep that stand in the page as they are, for who reads them without a browser."""


def page(report: Reported) -> str:
    """The page, whole."""
    told = _Page(report)
    style, script = _file("page.css") + told.widths, _file("page.js")
    styles = f"{_hash(style)} {_hash(pictures.SVG_STYLE)}"
    policy = f"default-src 'none'; style-src {styles}; script-src {_hash(script)}; base-uri 'none'; form-action 'none'"
    return _templates().get_template("page.html.j2").render(
        page=told, parts=PARTS, style=style, script=script, policy=policy, most=MOST_ROWS
    )  # fmt: skip


def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("gwplan.render.report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, finalize=lambda value: visible(value) if type(value) is str else value,
    )  # fmt: skip


def _file(name: str) -> str:
    return files("gwplan.render.report").joinpath(name).read_text("utf-8")


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


class _Page:
    """What the templates show, part by part, each made when it is asked for."""

    def __init__(self, report: Reported) -> None:
        self._report = report
        old = [report.against.found.before.inventory] if report.against else []
        self.tell = scrub.scrubbing([report.plan.inventory, *old]) if report.scrubbed else scrub.as_it_is
        self.singles = losses.singles_of(report.swept)
        self.pairs = report.swept if report.swept.order == 2 else None
        self.is_scrubbed = report.scrubbed
        self.accepted = dict.fromkeys(report.accepted, "") if report.scrubbed else report.accepted
        self.version = __version__
        self.points = report.swept.single_points
        self.open_points = [name for name in self.points if name not in self.accepted]

    @property
    def title(self) -> str:
        return self.tell(self._report.title)

    # --- verdict ------------------------------------------------------------------------------------------------------

    @property
    def headline(self) -> tuple[str, str]:
        return verdict.headline(self._report.plan, self.open_points)

    @property
    def tiles(self) -> tuple[verdict.Tile, ...]:
        return verdict.tiles(self._report.plan, self.open_points, self._report.findings)

    @property
    def sizes(self) -> str:
        return verdict.sizes(self._report.plan)

    @property
    def outcomes(self) -> str:
        return verdict.outcomes(self._report.plan)

    @property
    def causes(self) -> list[verdict.Cause]:
        found = verdict.causes(self._report.plan)
        return [cause._replace(why=self.tell(cause.why), jobs=self.tell(cause.jobs)) for cause in found]

    @property
    def single_points(self) -> list[verdict.Point]:
        found = verdict.points(self._report.swept, self.accepted)
        return [verdict.Point(self.element(point.element), self.tell(point.cost)) for point in found]

    @property
    def errors(self) -> list[str]:
        worst = [one for one in self._report.findings.worst_first if one.severity == "error"]
        return [self.tell(f"{one.code} {one.message}") for one in worst]

    @property
    def down(self) -> list[str]:
        return [self.element(name) for name in self._report.plan.down]

    @property
    def night(self) -> str:
        return verdict_line(self._report.night) if self._report.night else ""

    # --- pictures -----------------------------------------------------------------------------------------------------

    @cached_property
    def flow(self) -> pictures.Drawing:
        night = self._report.night
        return pictures.flow(self._report.plan, night.before if night else None, self.tell)

    @cached_property
    def plain_flow(self) -> pictures.Drawing | None:
        """The same with nothing down, which the losses are drawn on; None where that is the picture itself."""
        night = self._report.night
        return pictures.flow(night.before, None, self.tell) if night else None

    @cached_property
    def network(self) -> pictures.Drawing:
        return pictures.network(self._report.plan, self.tell)

    @property
    def is_wide(self) -> bool:
        """Whether the pictures are printed across the sheet."""
        return any(one.is_wide for one in (self.flow, self.network))

    @property
    def widths(self) -> str:
        """Rules of style for how narrow each picture may become."""
        shown = {"flow": self.flow, "network": self.network, "answer": self.plain_flow or self.flow}
        rules = (f"#{name} .gwplan-picture {{ min-width: {one.least_width}px; }}\n" for name, one in shown.items())
        return "".join(rules)

    # --- losses -------------------------------------------------------------------------------------------------------

    @cached_property
    def choices(self) -> dict[str, list[tuple[str, str]]]:
        """What can be lost, as (value, name), by kind."""
        found: dict[str, list[tuple[str, str]]] = {}
        for result in sorted(self.singles.results, key=lambda one: one.order):
            kind, _, name = result.down[0].partition(":")
            told_name = self.tell(name)
            found.setdefault(losses.WORDS[kind], []).append((f"{kind}:{told_name}", self._choice(told_name, result)))
        return {words: found[words] for words in losses.WORDS.values() if words in found}

    def _choice(self, name: str, result: Any) -> str:
        hit = len({*result.lost, *result.blocked})
        return f"{name}: {'stops' if hit else 'moves' if result.moved else 'nothing changes'}" + (
            f" {hit} of the jobs and operations" if hit else f" {result.moved:,} decisions" if result.moved else ""
        )

    @property
    def sweep(self) -> str:
        return embedded(losses.sweep_document(self.singles, self.tell), _MOST_OF_A_SWEEP)

    @property
    def sweep_of_pairs(self) -> str:
        assert self.pairs is not None
        return embedded(losses.sweep_document(self.pairs, self.tell), _MOST_OF_A_SWEEP)

    @property
    def aftermaths(self) -> str:
        return embedded(losses.aftermath_data(self._report.aftermaths, self._report.plan.inventory, self.tell))

    @cached_property
    def losses_table(self) -> Table:
        return self._told(losses.losses_table(self.singles, self.accepted))

    @cached_property
    def pairs_table(self) -> Table:
        assert self.pairs is not None
        return self._told(losses.losses_table(self.pairs, self.accepted))

    @cached_property
    def heat(self) -> list[Table]:
        by_what = ("type", "site") if self._report.plan.inventory.sites else ("type",)
        return [self._told(losses.heat_table(self.singles, by, self.tell)) for by in by_what]

    # --- tables -------------------------------------------------------------------------------------------------------

    @cached_property
    def jobs(self) -> Table:
        return self._told(jobs.jobs_table(self._report.plan))

    @cached_property
    def gateways(self) -> Table:
        return self._told(gateways.gateways_table(self._report.plan, self._report.aftermaths))

    @cached_property
    def findings(self) -> Table:
        return self._told(findings.findings_table(self._report.findings, scrubbed=self.is_scrubbed))

    @cached_property
    def suppressed(self) -> Table:
        return self._told(findings.suppressed_table(self._report.findings, scrubbed=self.is_scrubbed))

    @property
    def promises(self) -> list[tuple[str, str, list[str]]]:
        """Each scenario: its name, what came of it, and the promises that it breaks."""
        outcomes = self._report.scenarios.outcomes if self._report.scenarios else ()
        if self.is_scrubbed:  # what people wrote there may name anything
            return [
                (f"promise {number}", verdict_line(one.found), ["left out, as names are"] if one.broken else [])
                for number, one in enumerate(outcomes, 1)
            ]
        return [(one.scenario.name, verdict_line(one.found), [*one.broken]) for one in outcomes]

    @cached_property
    def against(self) -> list[Table | list[Branch]]:
        """What ``diff`` says, as tables and as runs of lines."""
        compared = self._report.against
        if compared is None:
            return []
        if self.is_scrubbed:
            compared = replace(compared, before="before", after="after", title="before → after")
        return blocks.parts(DIFF["text"].write(compared), "against", self.tell)

    # --- what it rests on ---------------------------------------------------------------------------------------------

    @property
    def facts(self) -> list[basis.Foundation]:
        found = basis.facts(self._report.plan, __version__, self._report.date)
        return [fact._replace(text=self.tell(fact.text)) if fact.word == "Backup server" else fact for fact in found]

    @cached_property
    def unsure(self) -> Table:
        return self._told(basis.unsure_table(self._report.plan))

    @cached_property
    def unknown(self) -> Table:
        return self._told(basis.unknown_table(self._report.plan))

    @property
    def notes(self) -> list[str]:
        return [self.tell(note) for note in basis.notes(self._report.plan)]

    @property
    def unplanned(self) -> list[tuple[str, str]]:
        return [(self.tell(why), self.tell(names)) for why, names in basis.unplanned(self._report.plan)]

    # --- what all use -------------------------------------------------------------------------------------------------

    def element(self, name: str) -> str:
        return losses.element_told(name, self.tell)

    def _told(self, table: Table) -> Table:
        return told(table, self.tell)

    def rest(self, table: Table) -> str:
        """The rows of a table that do not stand in the page."""
        return embedded(table.rest)
