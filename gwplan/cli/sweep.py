"""``gwplan sweep``: every single loss, or every pair, and what it costs."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from gwplan.cli import complete, exits, options
from gwplan.cli.input import read_inventory
from gwplan.cli.output import complain, tell
from gwplan.render.formats import SWEEP
from gwplan.render.things import Swept

if TYPE_CHECKING:
    from gwplan.inventory.model import Inventory

EPILOG = exits.epilog(
    "gwplan sweep inventories/two-sites.yaml",
    "gwplan sweep inventories/two-sites.yaml --order 2 --over server,link",
    bad_news="a single point of failure that is not accepted",
)


def sweep(
    inventory: options.InventoryPath,
    order: Annotated[int, typer.Option("--order", metavar="N", min=1, max=2, help="1: every loss. 2: every pair.")] = 1,
    over: Annotated[
        str | None,
        typer.Option("--over", metavar="KINDS", help="Only these: server, site, link, fabric, failure_domain."),
    ] = None,
    strategy: options.Strategy = "nearest",
    edition: options.Edition = None,
    accept: Annotated[
        list[str] | None,
        typer.Option(
            "--accept", metavar="NAME", help="A single point that is known; repeatable.", autocompletion=complete.down
        ),
    ] = None,
    fail_on: Annotated[
        Literal["single-point", "never"], typer.Option("--fail-on", help="What ends with exit code 1.")
    ] = "single-point",
    heat: Annotated[
        Literal["type", "site"] | None, typer.Option("--heat", help="Show what is hit, per job type or per site.")
    ] = None,
    processes: Annotated[
        int | None, typer.Option("--jobs", min=1, metavar="N", help="Processes to use. [default: one per processor]")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="List every loss, harmless ones too.")] = False,
    format: Annotated[  # noqa: A002 - the option's name
        str | None, options.format_of(SWEEP, "How to print. [default: text, or what --output ends in]")
    ] = None,
    output: options.Output = None,
    debug: options.Debug = False,
) -> int:
    """Take down each server, site, link, fabric and failure domain once, or each pair, and rank what it costs."""
    del debug
    chosen = options.format_for(format, output, SWEEP)
    loaded = read_inventory(inventory, chosen, output, edition)
    from gwplan.cli.processes import each_over, processors
    from gwplan.cli.progress import progress
    from gwplan.failures.sweep import SWEPT
    from gwplan.failures.sweep import sweep as swept

    kinds = options.words_of("--over", over, SWEPT) or list(SWEPT)
    accepted = accepted_of(loaded, accept or ())
    with progress("losses" if order == 1 else "pairs of losses") as step:
        each = each_over(processes or processors())
        found = swept(loaded, strategy=strategy, over=kinds, order=order, progress=step, each=each)
    tell(SWEEP[chosen], Swept(found, accepted, everything, heat, edition), output)
    if found.examined < found.scenarios:
        complain(f"interrupted: {found.examined:,} of {found.scenarios:,} examined")
        return exits.INTERRUPTED
    single = [name for name in found.single_points if name not in accepted]
    return exits.BAD_NEWS if single and fail_on == "single-point" else exits.OK


def accepted_of(inventory: Inventory, names: Iterable[str]) -> dict[str, str]:
    """The losses that are accepted, by the command line or the settings, each with its reason where it has one."""
    from gwplan.cli.settings import accepted
    from gwplan.findings import UsageError
    from gwplan.network import elements

    known = {":".join(element): "" for element in elements(inventory, names)}
    for name, reason in accepted().items():  # settings may speak of several estates, so of names that this one lacks
        with contextlib.suppress(UsageError):
            known.update({":".join(element): reason for element in elements(inventory, (name,))})
    return known
