"""For whoever reads no further: what is not served and why, the numbers, single points of failure, worst findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from gwplan.checks.report import Report
from gwplan.failures.effect import Result
from gwplan.failures.sweep import Sweep
from gwplan.findings import Severity
from gwplan.nouns import counted
from gwplan.planning.plan import Plan
from gwplan.planning.trace import BAD
from gwplan.render.sheet import some


class Tile(NamedTuple):
    """A number beside its word."""

    number: int
    word: str
    style: str
    href: str


class Cause(NamedTuple):
    """Why something is not served, and whom it hits."""

    what: str
    why: str
    jobs: str
    decisions: int


class Point(NamedTuple):
    """A single point of failure and what its loss costs."""

    element: str
    cost: str


def headline(plan: Plan, points: Iterable[str]) -> tuple[str, str]:
    """One sentence, and its style."""
    numbers, single = plan.summary, len(list(points))
    if not plan.decisions:
        return "Nothing is planned: the inventory has no job that needs a decision.", "warn"
    bad = numbers["failed"] + numbers["blocked"]
    if bad:
        return f"{_hit(plan)} not fully served: {bad:,} of {counted(numbers['decisions'], 'decision')}.", "bad"
    if single:
        one = "a single loss" if single == 1 else f"any of {single:,} single losses"
        return f"Everything is served, but {one} would stop some of it.", "warn"
    return "Everything is served, and no single loss stops it.", "good"


def _hit(plan: Plan) -> str:
    """The jobs and operations whose tasks are not all served, counted."""
    names = {ruling.job for ruling in plan.rulings if ruling.outcome in BAD}
    jobs = len(names & plan.inventory.jobs.keys())
    operations = len(names) - jobs
    parts = [counted(jobs, "job")] if jobs else []
    parts += [counted(operations, "maintenance operation")] if operations else []
    return f"{' and '.join(parts)} {'is' if len(names) == 1 else 'are'}"


def tiles(plan: Plan, points: Iterable[str], report: Report) -> tuple[Tile, ...]:
    """The numbers that count, each with its word."""
    numbers = plan.summary
    single = len(list(points))
    found = [
        Tile(numbers["failed"], "failed", "bad", "#jobs"),
        Tile(numbers["blocked"], "blocked", "bad", "#jobs"),
        Tile(single, "single point of failure" if single == 1 else "single points of failure", "warn", "#lost"),
    ]
    for severity, style in ((Severity.ERROR, "bad"), (Severity.WARNING, "warn"), (Severity.NOTE, "")):
        number = report.count(severity)
        found.append(Tile(number, f"{severity}{'' if number == 1 else 's'}", style, "#findings"))
    return tuple(tile if tile.number else tile._replace(style="none") for tile in found)


def sizes(plan: Plan) -> str:
    """How much there is in the inventory, in one line."""
    inventory = plan.inventory
    parts = (
        counted(len(inventory.jobs), "job"), counted(len(inventory.machines), "machine"),
        counted(len(inventory.servers), "server"), counted(len(inventory.repositories), "repository"),
        *([counted(len(inventory.sites), "site")] if inventory.sites else []),
        f"planned by edition {plan.world.edition.id} of the rules",
    )  # fmt: skip
    return " · ".join(parts)


def outcomes(plan: Plan) -> str:
    """How the decisions end, in one sentence."""
    numbers = plan.summary
    served = f"{numbers['assigned']:,} have a gateway server, {numbers['none_needed']:,} need none"
    return f"{counted(numbers['decisions'], 'decision')}: {served}."  # what is not served is told by the tiles


def causes(plan: Plan) -> tuple[Cause, ...]:
    """What is not served, equal causes together, those first that hit most."""
    found: dict[tuple[str, str], Counter[str]] = {}
    for group in plan.groups:
        ruling = group.served.ruling
        if ruling.outcome in BAD:
            key = (f"{ruling.outcome}: {ruling.reason}", group.decisions[0].why)
            found.setdefault(key, Counter())[ruling.job] += len(group.decisions)
    told = [Cause(what, why, some(list(jobs), 8), jobs.total()) for (what, why), jobs in found.items()]
    return tuple(sorted(told, key=lambda cause: -cause.decisions))


def points(found: Sweep, accepted: Mapping[str, str]) -> tuple[Point, ...]:
    """The single points of failure, worst first."""
    singles = found.singles or found.results
    return tuple(
        Point(result.down[0], _cost(found, result, accepted))
        for result in singles
        if result.is_single_point and len(result.down) == 1
    )


def _cost(found: Sweep, result: Result, accepted: Mapping[str, str]) -> str:
    hit = {*result.lost, *result.blocked}
    jobs, operations = len(found.jobs(hit)), len(found.operations(hit))
    parts = [f"stops {counted(jobs, 'job')}"] if jobs else []
    parts += [f"{'' if parts else 'stops '}{counted(operations, 'maintenance operation')}"] if operations else []
    known = result.down[0]
    reason = f" (accepted{f': {accepted[known]}' if accepted[known] else ''})" if known in accepted else ""
    return " and ".join(parts) + reason
