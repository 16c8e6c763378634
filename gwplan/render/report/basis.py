"""What a plan rests on: facts that nobody gave, decisions that are inferred or disputed, and what is not planned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from gwplan.nouns import counted
from gwplan.planning.plan import Plan
from gwplan.planning.table import DOCUMENTED
from gwplan.planning.trace import Ruling
from gwplan.render.links import page
from gwplan.render.plan.as_text import undecided
from gwplan.render.report.tables import Column, Item, Row, Table


class Foundation(NamedTuple):
    """A word and what it is; ``href`` leads to the vendor's page."""

    word: str
    text: str
    href: str | None = None


def facts(plan: Plan, version: str, date: str | None) -> tuple[Foundation, ...]:
    """The edition, its page, and what made this."""
    edition = plan.world.edition
    return (
        Foundation("Backup server", plan.inventory.backup_server),
        Foundation("Product version", plan.product_version),
        Foundation("Edition of the rules", edition.id),
        Foundation("Vendor's page", edition.page, page(edition.page)),
        Foundation("Page of", edition.date or "no date known"),
        Foundation("Order of lists", "by load first" if plan.strategy == "spread" else "by nearness first"),
        Foundation("gwplan", version),
        *((Foundation("Made on", date),) if date else ()),
    )


def unsure_table(plan: Plan) -> Table:
    """Decisions that no page settles, by rule."""
    numbers: dict[tuple[str, str, str, str], int] = {}
    jobs: dict[tuple[str, str, str, str], dict[str, None]] = {}
    for ruling, number in plan.rulings.items():
        if ruling.certainty != DOCUMENTED and ruling.is_served:
            key = (ruling.certainty, ruling.row.id, f"{ruling.row.line.job}: {ruling.row.when.text}", ruling.reference)
            numbers[key] = numbers.get(key, 0) + number
            jobs.setdefault(key, {})[ruling.job] = None
    rows = tuple(
        Row((Item(key[0], "warn"), Item(key[1], href=page(key[3])), Item(key[2]), Item(f"{number:,}", "", number),
             Item(_named(list(jobs[key])))))
        for key, number in numbers.items()
    )  # fmt: skip
    columns = (Column("Certainty"), Column("Rule"), Column("Says of"), Column("Decisions", True), Column("Jobs"))
    title = "Decisions that are inferred or disputed"
    return Table("unsure-table", title, columns, rows, "gwplan resolve --format json")


def unknown_table(plan: Plan) -> Table:
    """Facts that the inventory does not give, as far as a server that may serve was judged without them."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for ruling in plan.rulings:
        for server, check, why in _not_given(ruling):
            found.setdefault((check, why), {})[server] = None
    rows = tuple(Row((Item(check), Item(why), Item(_named(list(servers))))) for (check, why), servers in found.items())
    columns = (Column("Check"), Column("What is not known"), Column("Servers"))
    return Table("unknown-table", "Facts that the inventory does not give", columns, rows, "gwplan explain --verbose")


def _not_given(ruling: Ruling) -> Iterator[tuple[str, str, str]]:
    for tier in ruling.tiers:
        for candidate in tier.candidates:
            if candidate.eligible:
                yield from ((candidate.server, v.check, v.why) for v in candidate.verdicts if not v.given)


def _named(names: list[str]) -> str:
    return ", ".join(names) if len(names) <= 12 else f"{', '.join(names[:12])} and {len(names) - 12} more"


def unplanned(plan: Plan) -> tuple[tuple[str, str], ...]:
    """The reasons why declared jobs have no decision, each with the jobs."""
    found: dict[str, list[str]] = {}
    for name, why in undecided(plan):
        found.setdefault(why, []).append(name)
    return tuple((why, ", ".join(names)) for why, names in found.items())


def notes(plan: Plan) -> tuple[str, ...]:
    """What other pages say of the rules that apply, each once with the number of decisions."""
    numbers: Counter[str] = Counter()
    for ruling, number in plan.rulings.items():
        for note in ruling.notes:
            numbers[note] += number
    return tuple(f"{note} ({counted(number, 'decision')})" for note, number in numbers.items())
