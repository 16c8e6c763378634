"""``gwplan resolve``: which gateway serves every job and task."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from gwplan.cli import complete, exits, options
from gwplan.cli.input import named, read_inventory
from gwplan.cli.output import tell
from gwplan.render.formats import PLAN
from gwplan.render.things import Resolved

EPILOG = exits.epilog(
    "gwplan resolve inventories/small.yaml --down gw01",
    "gwplan resolve estate/ --failed --output trouble.csv",
    bad_news="a task failed or is blocked",
)


def resolve(
    inventory: options.InventoryPath,
    down: options.Down = None,
    strategy: options.Strategy = "nearest",
    edition: options.Edition = None,
    job: options.Jobs = None,
    type_: Annotated[
        list[str] | None,
        typer.Option(
            "--type", metavar="TYPE", help="Only jobs of this type; repeatable.", autocompletion=complete.job_type
        ),
    ] = None,
    repository: Annotated[
        list[str] | None,
        typer.Option(
            "--repository", metavar="NAME", help="Only this repository; repeatable.",
            autocompletion=complete.repository,
        ),
    ] = None,
    gateway: Annotated[
        list[str] | None,
        typer.Option(
            "--gateway", metavar="NAME", help="Only what it serves; repeatable.", autocompletion=complete.server
        ),
    ] = None,
    failed: Annotated[bool, typer.Option("--failed", help="Only what failed or is blocked.")] = False,
    sort: Annotated[
        Literal["name", "tasks", "share"] | None,
        typer.Option("--sort", help="Order of the tables in text. [default: jobs by name, gateways by share]"),
    ] = None,
    tasks: Annotated[bool, typer.Option("--tasks", help="List each task.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", help="List every name, however many.")] = False,
    trace: Annotated[bool, typer.Option("--trace", help="In JSON: every candidate, verdict and rank.")] = False,
    format: Annotated[  # noqa: A002 - the option's name
        str | None, options.format_of(PLAN, "How to print. [default: text, or what --output ends in]")
    ] = None,
    output: options.Output = None,
    debug: options.Debug = False,
) -> int:
    """Say which gateway server serves every job and task, and what takes over."""
    del debug
    chosen = options.format_for(format, output, PLAN)
    loaded = read_inventory(inventory, chosen, output, edition)
    from gwplan.checks import check
    from gwplan.planning.narrow import Narrowing, concerning, narrow
    from gwplan.planning.plan import EVERY_JOB, plan

    made = plan(loaded, down=down or (), strategy=strategy, trace=(job or EVERY_JOB) if trace else ())
    wanted = Narrowing(
        tuple(job or ()), tuple(type_ or ()), tuple(repository or ()), tuple(gateway or ()), failed=failed
    )
    decisions, findings = narrow(made, wanted), check(made)
    if wanted.asks:
        findings = concerning(findings, made, decisions)
    told = Resolved(
        made, decisions, findings, named(inventory),
        by_task=tasks, trace=trace, edition=edition, narrowed=wanted.asks, verbose=verbose, sort=sort,
    )  # fmt: skip
    tell(PLAN[chosen], told, output)
    rulings = {decision.ruling for decision in decisions} if wanted.asks else made.rulings
    bad = any(ruling.outcome in ("failed", "blocked") for ruling in rulings)
    return exits.BAD_NEWS if bad else exits.OK
