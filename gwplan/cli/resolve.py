"""``gwplan resolve``: which gateway serves every job and task."""

from __future__ import annotations

from typing import Annotated

import typer

from gwplan.cli import app as cli
from gwplan.cli.app import EXIT_CODES, app


@app.command(
    epilog="Examples: gwplan resolve inventories/small.yaml --down gw01\n\n"
    f"gwplan resolve estate/ --format json --output plan.json\n\n{EXIT_CODES}\n\n1 here: a task failed or is blocked."
)
def resolve(
    inventory: cli.InventoryPath,
    down: cli.Down = None,
    strategy: cli.Strategy = "nearest",
    job: Annotated[list[str] | None, typer.Option("--job", metavar="NAME", help="Only this job; repeatable.")] = None,
    tasks: Annotated[bool, typer.Option("--tasks", help="List each task.")] = False,
    trace: Annotated[bool, typer.Option("--trace", help="In JSON: every candidate, verdict and rank.")] = False,
    format: cli.Format = "text",  # noqa: A002 - the option's name
    output: cli.Output = None,
    debug: cli.Debug = False,
) -> int:
    """Say which gateway server serves every job and task, and what takes over."""
    del debug
    loaded = cli.read_inventory(inventory, format, output)
    from gwplan.checks import check
    from gwplan.planning.plan import EVERY_JOB, plan
    from gwplan.planning.select import select

    traced = (job or EVERY_JOB) if trace else ()
    made = plan(loaded, down=down or (), strategy=strategy, trace=traced)
    decisions = made.decisions
    if job:
        decisions = tuple(decision for name in dict.fromkeys(job) for decision in select(made, name))
    findings = check(loaded, made)
    if format == "json":
        from gwplan.render.as_json import plan_chunks

        cli.emit(plan_chunks(made, findings, decisions, trace=trace), output)
    else:
        from gwplan.render.text import resolve_blocks

        cli.show(resolve_blocks(made, findings, decisions, cli.named(inventory), tasks=tasks), output)
    rulings = {decision.ruling for decision in decisions} if job else made.rulings
    bad = any(ruling.outcome in ("failed", "blocked") for ruling in rulings)
    return cli.BAD_NEWS if bad else cli.OK
