"""Checks of what does not run at all: decisions that fail or are blocked, always or only as things stand."""

from __future__ import annotations

from collections.abc import Iterator

from gwplan.checks.shape import Hit, check_for, on_jobs, on_key, some
from gwplan.checks.view import View
from gwplan.findings import Rule, Severity
from gwplan.planning.trace import BAD, Ruling
from gwplan.planning.words import why


@check_for(Rule(
    "GW150", "cannot-run", Severity.ERROR, "gateway_server.html#requirements",
    why="No gateway server can serve the operation, or it cannot run at all, and bringing servers online would not "
    "help.",
    fix="Ask `gwplan explain` for the job: each server is refused by the check that it names.",
))  # fmt: skip
def cannot_run(view: View) -> Iterator[Hit]:
    yield from _hits(view, always=True)


@check_for(Rule(
    "GW151", "cannot-run-now", Severity.WARNING, "gateway_server.html#requirements",
    why="The operation cannot run only because something is offline, in maintenance, sealed or disabled.",
    fix="Bring it back online, or enable it, before the next start.",
))  # fmt: skip
def cannot_run_now(view: View) -> Iterator[Hit]:
    if not view.plan.world.down:  # what is taken down for a question says nothing of the inventory
        yield from _hits(view, always=False)


def _hits(view: View, *, always: bool) -> Iterator[Hit]:
    """One hit for each repository and cause, with its jobs."""
    jobs: dict[tuple[str, str], dict[str, Ruling]] = {}
    for served, decisions in view.plan.groups:
        ruling = served.ruling
        if ruling.outcome in BAD and any((decision.key in view.hopeless) == always for decision in decisions):
            jobs.setdefault((ruling.repository, why(ruling, None)), {}).setdefault(ruling.job, ruling)
    for (repository, cause), named in jobs.items():
        declared = [name for name in named if name in view.inventory.jobs]
        yield Hit(
            "repository", repository,
            f"{some(named)} cannot run on {repository}: {cause}",
            on_key("repositories", repository), *on_jobs(declared),
        )  # fmt: skip


CHECKS = (cannot_run, cannot_run_now)
