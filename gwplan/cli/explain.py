"""``gwplan explain``: why this gateway and not another."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from gwplan.cli import complete, exits, options
from gwplan.cli.input import read_inventory
from gwplan.cli.output import tell
from gwplan.render.formats import STORY, Story

EPILOG = exits.epilog(
    "gwplan explain inventories/small.yaml vm-daily sql01",
    "gwplan explain inventories/small.yaml rescan:smb-paris",
    bad_news="it failed or is blocked",
)


def explain(
    inventory: options.InventoryPath,
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
    down: options.Down = None,
    strategy: options.Strategy = "nearest",
    format: Annotated[str, options.format_of(STORY)] = "text",  # noqa: A002 - the option's name
    output: options.Output = None,
    debug: options.Debug = False,
) -> int:
    """Tell the whole story of a decision: the rule, each candidate with its verdicts, the fallbacks, the data's way."""
    del debug
    loaded = read_inventory(inventory, format, output)
    from gwplan.inventory.names import members_of
    from gwplan.planning.plan import plan
    from gwplan.planning.select import select

    made = plan(loaded, down=down or (), strategy=strategy, trace={job})
    members = members_of(task, loaded.workloads) if task else ()
    decisions = select(made, job, task, operation=operation, side=side, members=members)
    tell(STORY[format], Story(made, decisions), output)
    bad = any(decision.outcome in ("failed", "blocked") for decision in decisions)
    return exits.BAD_NEWS if bad else exits.OK
