"""The jobs of a plan as a table, each row with the story of its tasks: what ``explain`` tells, class by class."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gwplan.nouns import counted
from gwplan.planning.decision import Decision
from gwplan.planning.plan import Plan
from gwplan.planning.trace import BAD, Candidate, Ruling, Tier
from gwplan.planning.words import TIER_WORDS
from gwplan.render.plan import story as stories
from gwplan.render.plan.as_text import job_sheet
from gwplan.render.report.tables import Column, Item, Row, Table
from gwplan.render.sheet import Branch, Cell
from gwplan.render.things import Resolved, Story

_MOST = 6
"""Names in a cell."""


def jobs_table(plan: Plan) -> Table:
    """A row for each side of a job."""
    groups = [(group.decisions[0], len(group.decisions)) for group in plan.groups]
    sheet = job_sheet(Resolved(plan, plan.decisions), groups, _MOST)
    alike = _by_side(plan)
    rows: list[Row] = []
    job = kind = ""
    for cells in sheet.rows:
        texts = [_text(cell) for cell in cells]
        job, kind = texts[0] or job, texts[1] or kind
        side = "source" if texts[2].startswith("from ") else "target"
        rulings = alike.get((job, side), [])
        state = _state(ruling for ruling, _ in rulings)
        notes = Item(texts[6], cells[6].style if isinstance(cells[6], Cell) else "")
        told = (Item(job, "head"), Item(kind.replace("_", " ")), Item(texts[2]), _number(texts[3]), Item(texts[4]),
                Item(texts[5]), state, notes)  # fmt: skip
        own = dict.fromkeys([job, *(decisions[0].task for _, decisions in rulings)])
        rows.append(Row(told, _summary(rulings), tuple(_story(plan, rulings)), tuple(own)))
    titles = ("Job", "Type", "Repository", "Tasks", "Gateway servers", "Falls back to", "State", "Notes")
    columns = tuple(Column(title, title == "Tasks") for title in titles)
    return Table("jobs-table", "Each side of each job and who serves it", columns, tuple(rows), "gwplan resolve")


def _text(cell: Cell | str) -> str:
    return cell.text if isinstance(cell, Cell) else cell


def _number(text: str) -> Item:
    return Item(text, order=int(text.replace(",", "")))


_Alike = list[tuple[Ruling, list[Decision]]]


def _by_side(plan: Plan) -> dict[tuple[str, str], _Alike]:
    """The rulings of each side of each job, each with its decisions."""
    decisions: dict[Ruling, list[Decision]] = {}
    for group in plan.groups:
        decisions.setdefault(group.served.ruling, []).extend(group.decisions)
    found: dict[tuple[str, str], _Alike] = {}
    for ruling, alike in decisions.items():
        found.setdefault((ruling.job, ruling.side), []).append((ruling, alike))
    return found


def _state(rulings: Iterable[Ruling]) -> Item:
    """The worst that happens to its tasks, by a word and a sign."""
    outcomes = {ruling.outcome for ruling in rulings}
    if not outcomes:
        return Item("– not planned", "dim", 3)
    worst = next((outcome for outcome in BAD if outcome in outcomes), "")
    return Item(f"✘ {worst}", "bad", BAD.index(worst)) if worst else Item("✔ served", "good", 2)


def _summary(rulings: _Alike) -> str:
    if not rulings:
        return ""
    worst = min(rulings, key=lambda one: one[0].outcome not in BAD)
    others = f" · and {counted(len(rulings) - 1, 'other class')}" if len(rulings) > 1 else ""
    return worst[1][0].why + others


def _story(plan: Plan, rulings: _Alike) -> Iterator[Branch]:
    told = Story(plan, ())
    for _, alike in rulings:
        first = alike[0]
        lines = [*stories.head(alike), *stories.reasons(first), *stories.extents(plan, first)]
        lines += stories.readers(plan.inventory, first)
        for number, (tier, candidates) in enumerate(first.tiers(), 1):
            lines.append(Branch(1, f"tier {number}, {TIER_WORDS[tier.name]}: {stories.how(tier, plan.strategy)}"))
            lines += _fates([candidate for candidate, _ in candidates], tier, alike)
        lines += stories.end(told, first)
        yield from (line for line in lines if isinstance(line, Branch))


def _fates(candidates: Iterable[Candidate], tier: Tier, alike: list[Decision]) -> Iterator[Branch]:
    """The servers of a tier, those together that share one fate."""
    serving = {decision.gateway for decision in alike} if alike[0].tier == tier.name else set()
    fates: dict[tuple[str, str], list[str]] = {}
    unknown: dict[str, list[str]] = {}
    for candidate in candidates:
        refusals = tuple(f"{verdict.check}: {verdict.why}" for verdict in candidate.verdicts if not verdict.ok)
        fate = ("✘ may not serve", "; ".join(refusals)) if refusals else ("· could serve", "")
        if candidate.eligible and candidate.server in serving:
            fate = ("✔ serves", "")
        fates.setdefault(fate, []).append(candidate.server)
        for verdict in candidate.verdicts:
            if verdict.ok and not verdict.given:
                unknown.setdefault(f"? {verdict.check}: {verdict.why}", []).append(candidate.server)
    if not fates:
        yield Branch(2, "there is nobody in it")
    styles = {"✔ serves": "good", "✘ may not serve": "bad"}
    for (mark, why), names in fates.items():
        yield Branch(2, f"{mark}: {', '.join(names)}", styles.get(mark, ""))
        if why:
            yield Branch(3, why, "bad")
    for text, names in unknown.items():
        yield Branch(2, f"{text} ({', '.join(names)})", "warn")
