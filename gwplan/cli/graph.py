"""``gwplan graph``: a plan as a picture."""

from __future__ import annotations

from typing import Annotated

import typer

from gwplan.cli import exits, options
from gwplan.cli.input import read_inventory
from gwplan.cli.output import tell
from gwplan.render.formats import GRAPH

EPILOG = exits.epilog(
    "gwplan graph inventories/two-sites.yaml --output night.svg",
    "gwplan graph inventories/two-sites.yaml --down gw-par-01 --format mermaid",
)


def graph(
    inventory: options.InventoryPath,
    down: options.Down = None,
    strategy: options.Strategy = "nearest",
    detail: Annotated[bool, typer.Option("--detail", help="Draw every node, however many.")] = False,
    format: Annotated[  # noqa: A002 - the option's name
        str | None, options.format_of(GRAPH, "How to draw. [default: svg, or what --output ends in]")
    ] = None,
    output: options.Output = None,
    debug: options.Debug = False,
) -> int:
    """Draw where the data of a night flows."""
    del debug
    chosen = format or "svg"
    loaded = read_inventory(inventory, chosen, output)
    from gwplan.pictures.picture import picture
    from gwplan.planning.plan import plan

    made = plan(loaded, down=down or (), strategy=strategy)
    against = plan(loaded, strategy=strategy) if down else None
    tell(GRAPH[chosen], picture(made, against=against, most=None if detail else 60), output)
    return exits.OK
