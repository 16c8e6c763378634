"""``gwplan explain``: why this gateway and not another."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from gwplan.cli import complete, exits, options
from gwplan.cli.input import read_inventory
from gwplan.cli.output import tell
from gwplan.render.formats import STORY
from gwplan.render.things import Story

EPILOG = exits.epilog(
    "gwplan explain inventories/small.yaml vm-daily sql01",
    "gwplan explain inventories/small.yaml sql01 --verbose",
    bad_news="it failed or is blocked",
)


def explain(
    inventory: options.InventoryPath,
    job: Annotated[
        str,
        typer.Argument(
            metavar="NAME", autocompletion=complete.job_or_machine,
            help="A job, the id of an implied operation, or a machine: what each job decides about it.",
        ),
    ],
    task: Annotated[
        str | None,
        typer.Argument(metavar="[TASK]", autocompletion=complete.task, help="A workload or a task of it."),
    ] = None,
    operation: Annotated[
        Literal["data", "synthetic", "maintenance", "restore"] | None,
        typer.Option("--operation", help="Only this wave."),
    ] = None,
    side: Annotated[Literal["source", "target"] | None, typer.Option("--side", help="Only this side.")] = None,
    verbose: Annotated[bool, typer.Option("--verbose", help="Each check of each server, and every name.")] = False,
    down: options.Down = None,
    strategy: options.Strategy = "nearest",
    edition: options.Edition = None,
    format: Annotated[  # noqa: A002 - the option's name
        str | None, options.format_of(STORY, "How to print. [default: text, or what --output ends in]")
    ] = None,
    output: options.Output = None,
    debug: options.Debug = False,
) -> int:
    """Tell the whole story of a decision: the rule, each candidate with its verdicts, the fallbacks, the data's way."""
    del debug
    chosen = options.format_for(format, output, STORY)
    loaded = read_inventory(inventory, chosen, output, edition)
    from gwplan.planning.select import explained

    made, decisions = explained(
        loaded, job, task, operation=operation, side=side, down=down or (), strategy=strategy
    )
    tell(STORY[chosen], Story(made, decisions, verbose, edition), output)
    bad = any(decision.outcome in ("failed", "blocked") for decision in decisions)
    return exits.BAD_NEWS if bad else exits.OK
