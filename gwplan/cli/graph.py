"""``gwplan graph``: a plan as a picture."""

from __future__ import annotations

from pathlib import PurePath
from typing import Annotated, Literal

import typer

from gwplan.cli import complete, exits, options
from gwplan.cli.input import read_inventory
from gwplan.cli.output import stdout_is_a_terminal, tell
from gwplan.render.formats import GRAPH

EPILOG = exits.epilog(
    "gwplan graph inventories/two-sites.yaml --output night.svg",
    "gwplan graph inventories/two-sites.yaml --down gw-par-01 --format mermaid",
)


def graph(
    inventory: options.InventoryPath,
    down: options.Down = None,
    strategy: options.Strategy = "nearest",
    edition: options.Edition = None,
    view: Annotated[
        Literal["flow", "network", "job"],
        typer.Option("--view", help="Where data flows, the sites with what stands in them, or one job."),
    ] = "flow",
    job: Annotated[
        str | None, typer.Option("--job", metavar="NAME", help="The job of --view job.", autocompletion=complete.job)
    ] = None,
    site: Annotated[
        str | None,
        typer.Option("--site", metavar="NAME", help="Only what touches this site.", autocompletion=complete.site),
    ] = None,
    focus: Annotated[
        str | None,
        typer.Option(
            "--focus", metavar="NAME", help="Only what is near a server, repository, site or job.",
            autocompletion=complete.drawn,
        ),
    ] = None,
    depth: Annotated[
        int | None, typer.Option("--depth", min=0, metavar="N", help="How many steps from --focus. [default: 1]")
    ] = None,
    detail: Annotated[bool, typer.Option("--detail", help="Draw every node, however many.")] = False,
    format: Annotated[  # noqa: A002 - the option's name
        str | None, options.format_of(GRAPH, "[default: what --output ends in, or svg; mermaid on a terminal]")
    ] = None,
    output: options.Output = None,
    debug: options.Debug = False,
) -> int:
    """Draw where the data of a night flows, the network, or one job."""
    del debug
    chosen = format or _format_for(output)
    errors_as = "json" if chosen == "json" else "text"  # errors are not drawn
    loaded = read_inventory(inventory, errors_as, output, edition)
    from gwplan.findings import UsageError
    from gwplan.pictures.model import MOST_NODES
    from gwplan.pictures.picture import picture
    from gwplan.planning.plan import plan

    if depth is not None and focus is None:
        raise UsageError("--depth is for --focus NAME")
    made = plan(loaded, down=down or (), strategy=strategy)
    against = plan(loaded, strategy=strategy) if down else None
    steps, most = 1 if depth is None else depth, None if detail else MOST_NODES
    drawn = picture(made, view, against=against, job=job, site=site, focus=focus, depth=steps, most=most)
    tell(GRAPH[chosen], drawn, output)
    return exits.OK


_FORMAT_OF_SUFFIX = {
    ".svg": "svg", ".json": "json", ".dot": "dot", ".gv": "dot", ".d2": "d2", ".graphml": "graphml",
    ".mmd": "mermaid", ".mermaid": "mermaid",
}  # fmt: skip


_PAINTED = {".png", ".jpg", ".jpeg", ".gif", ".webp", ".pdf", ".eps", ".ps"}
"""Endings of formats that are not written: a file with such a name would open nowhere."""


def _format_for(output: str | None) -> str:
    """The format that the file's name ends in; on a terminal text that one can read, and else SVG."""
    if output is None and stdout_is_a_terminal():
        return "mermaid"
    suffix = PurePath(output or "").suffix.lower()
    if suffix in _PAINTED:
        from gwplan.findings import UsageError

        fix = "end it in .svg, or let Graphviz paint what --format dot says"
        raise UsageError(f"{output}: {suffix} is not drawn; {fix}")
    return _FORMAT_OF_SUFFIX.get(suffix, "svg")
