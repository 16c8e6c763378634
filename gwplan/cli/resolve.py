"""``gwplan resolve``: which gateway serves every job and task."""

from __future__ import annotations

from typing import Annotated

import typer

from gwplan.cli import exits, options
from gwplan.cli.input import named, read_inventory
from gwplan.cli.output import tell
from gwplan.render.formats import PLAN, Resolved

EPILOG = exits.epilog(
    "gwplan resolve inventories/small.yaml --down gw01",
    "gwplan resolve estate/ --format json --output plan.json",
    bad_news="a task failed or is blocked",
)


def resolve(
    inventory: options.InventoryPath,
    down: options.Down = None,
    strategy: options.Strategy = "nearest",
    job: options.Jobs = None,
    tasks: Annotated[bool, typer.Option("--tasks", help="List each task.")] = False,
    trace: Annotated[bool, typer.Option("--trace", help="In JSON: every candidate, verdict and rank.")] = False,
    format: Annotated[str, options.format_of(PLAN)] = "text",  # noqa: A002 - the option's name
    output: options.Output = None,
    debug: options.Debug = False,
) -> int:
    """Say which gateway server serves every job and task, and what takes over."""
    del debug
    loaded = read_inventory(inventory, format, output)
    from gwplan.checks import check
    from gwplan.planning.plan import EVERY_JOB, plan
    from gwplan.planning.select import select

    traced = (job or EVERY_JOB) if trace else ()
    made = plan(loaded, down=down or (), strategy=strategy, trace=traced)
    decisions = made.decisions
    if job:
        decisions = tuple(decision for name in dict.fromkeys(job) for decision in select(made, name))
    told = Resolved(made, decisions, check(made), named(inventory), by_task=tasks, trace=trace)
    tell(PLAN[format], told, output)
    rulings = {decision.ruling for decision in decisions} if job else made.rulings
    bad = any(ruling.outcome in ("failed", "blocked") for ruling in rulings)
    return exits.BAD_NEWS if bad else exits.OK
