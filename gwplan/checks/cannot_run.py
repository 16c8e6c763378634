"""Checks of what does not run at all: decisions that fail or are blocked, always or only as things stand."""

from __future__ import annotations

from collections.abc import Iterator

from gwplan.checks.shape import Hit, check_for, on_jobs, on_key, some
from gwplan.checks.view import View
from gwplan.findings import Rule, Severity
from gwplan.inventory.model import Inventory
from gwplan.planning.decision import Decision
from gwplan.planning.plan import Plan, plan_in
from gwplan.planning.trace import BAD, Ruling
from gwplan.planning.words import why
from gwplan.planning.world import World

Key = tuple[str, str, str, str]


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
    if not view.plan.world.down:  # what somebody takes down for a question is no news of the inventory
        yield from _hits(view, always=False)


def _hits(view: View, *, always: bool) -> Iterator[Hit]:
    """One for each repository and cause, with its jobs."""
    jobs: dict[tuple[str, str], dict[str, Ruling]] = {}
    hopeless = _bad_with_all_online(view)
    for served, decisions in view.plan.groups:
        ruling = served.ruling
        if ruling.outcome in BAD and any((_key(decision) in hopeless) == always for decision in decisions):
            jobs.setdefault((ruling.repository, why(ruling, None)), {}).setdefault(ruling.job, ruling)
    for (repository, cause), named in jobs.items():
        declared = [name for name in named if name in view.inventory.jobs]
        yield Hit(
            "repository", repository,
            f"{some(named)} cannot run on {repository}: {cause}",
            on_key("repositories", repository), *on_jobs(declared),
        )  # fmt: skip


def _bad_with_all_online(view: View) -> frozenset[Key]:
    """What fails or is blocked even were every status online and every proxy enabled. Empty where all is well."""
    if view.plan.is_well:
        return frozenset()
    inventory = view.inventory
    well = _all_online(inventory)
    same = well is inventory and not view.plan.world.down
    made: Plan = view.plan if same else plan_in(World(well, edition=view.plan.world.edition), (), view.plan.strategy)
    return frozenset(
        _key(decision) for served, found in made.groups if served.ruling.outcome in BAD for decision in found
    )


def _all_online(inventory: Inventory) -> Inventory:
    online = {"status": "online"}
    servers = {name: e.model_copy(update=online) for name, e in inventory.servers.items() if e.status != "online"}
    repositories = {
        name: e.model_copy(update=online) for name, e in inventory.repositories.items() if e.status != "online"
    }
    proxies = {name: e.model_copy(update={"enabled": True}) for name, e in inventory.proxies.items() if not e.enabled}
    if not servers and not repositories and not proxies:
        return inventory
    return inventory.changed(servers=servers, repositories=repositories, proxies=proxies)


def _key(decision: Decision) -> Key:
    return decision.job, decision.operation, decision.side, decision.task


CHECKS = (cannot_run, cannot_run_now)
