"""``gwplan explain``: why this gateway and not another."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from gwplan.cli import app as cli
from gwplan.cli import complete
from gwplan.cli.app import EXIT_CODES, app


@app.command(
    epilog="Examples: gwplan explain inventories/small.yaml vm-daily sql01\n\n"
    f"gwplan explain inventories/small.yaml rescan:smb-paris\n\n{EXIT_CODES}\n\n1 here: it failed or is blocked."
)
def explain(
    inventory: cli.InventoryPath,
    job: Annotated[
        str,
        typer.Argument(metavar="JOB", autocompletion=complete.job, help="A job, or the id of an implied operation."),
    ],
    task: Annotated[str | None, typer.Argument(metavar="[TASK]", help="A workload or a task of it.")] = None,
    operation: Annotated[
        Literal["data", "synthetic", "maintenance", "restore"] | None,
        typer.Option("--operation", help="Only this wave."),
    ] = None,
    side: Annotated[Literal["source", "target"] | None, typer.Option("--side", help="Only this side.")] = None,
    down: cli.Down = None,
    strategy: cli.Strategy = "nearest",
    format: cli.Format = "text",  # noqa: A002 - the option's name
    output: cli.Output = None,
    debug: cli.Debug = False,
) -> int:
    """Tell the whole story of a decision: the rule, each candidate with its verdicts, the fallbacks, the data's way."""
    del debug
    loaded = cli.read_inventory(inventory, format, output)
    from gwplan.inventory.names import members_of
    from gwplan.planning.plan import plan
    from gwplan.planning.select import select

    made = plan(loaded, down=down or (), strategy=strategy, trace={job})
    members = members_of(task, loaded.workloads) if task else ()
    decisions = select(made, job, task, operation=operation, side=side, members=members)
    if format == "json":
        from gwplan.render.as_json import plan_chunks

        cli.emit(plan_chunks(made, (), decisions, trace=True), output)
    else:
        from gwplan.render.explain_text import explain_blocks

        network = made.world.network
        cli.show(explain_blocks(loaded, network, decisions, strategy=strategy), output)
    bad = any(decision.outcome in ("failed", "blocked") for decision in decisions)
    return cli.BAD_NEWS if bad else cli.OK
