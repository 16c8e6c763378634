"""``gwplan sweep``: every single loss, or every pair, and what it costs."""

from __future__ import annotations

import contextlib
import sys
import time
from typing import Annotated, Any, Literal

import typer

from gwplan.cli import app as cli
from gwplan.cli.app import EXIT_CODES, app


@app.command(
    epilog="Examples: gwplan sweep inventories/two-sites.yaml\n\n"
    "gwplan sweep inventories/two-sites.yaml --order 2 --over server,link\n\n"
    f"{EXIT_CODES}\n\n1 here: a single point of failure that is not accepted."
)
def sweep(
    inventory: cli.InventoryPath,
    order: Annotated[int, typer.Option("--order", min=1, max=2, help="1: every loss. 2: every pair.")] = 1,
    over: Annotated[
        str | None, typer.Option("--over", metavar="KINDS", help="Of server, site, link, fabric, failure_domain.")
    ] = None,
    strategy: cli.Strategy = "nearest",
    accept: Annotated[
        list[str] | None, typer.Option("--accept", metavar="NAME", help="A single point that is known; repeatable.")
    ] = None,
    fail_on: Annotated[
        Literal["single-point", "never"], typer.Option("--fail-on", help="What ends with exit code 1.")
    ] = "single-point",
    heat: Annotated[
        Literal["type", "site"] | None, typer.Option("--heat", help="Show what is hit, per job type or per site.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="List every loss, harmless ones too.")] = False,
    format: cli.Format = "text",  # noqa: A002 - the option's name
    output: cli.Output = None,
    debug: cli.Debug = False,
) -> int:
    """Take down each server, site, link, fabric and failure domain once, or each pair, and rank what it costs."""
    del debug
    loaded = cli.read_inventory(inventory, format, output)
    from gwplan.cli.settings import accepted
    from gwplan.failures.sweep import SWEPT
    from gwplan.failures.sweep import sweep as swept
    from gwplan.findings import UsageError
    from gwplan.network import elements

    kinds = cli.words_of("--over", over, SWEPT) or list(SWEPT)
    known = {":".join(element): "" for element in elements(loaded, accept or ())}
    for name, reason in accepted().items():  # settings may speak of several estates, so of names that this one lacks
        with contextlib.suppress(UsageError):
            known.update({":".join(element): reason for element in elements(loaded, (name,))})
    bar = _Bar()
    found = swept(loaded, strategy=strategy, over=kinds, order=order, progress=bar.step)
    bar.end()
    if format == "json":
        from gwplan.render.sweep_json import sweep_chunks

        cli.emit(sweep_chunks(found, heat), output)
    else:
        from gwplan.render.sweep_text import heat_sheet, sweep_blocks

        blocks: list[Any] = [heat_sheet(found, heat)] if heat else []
        cli.show([*blocks, *sweep_blocks(found, known, everything=everything)], output)
    if found.examined < found.scenarios:
        cli.complain(f"interrupted: {found.examined:,} of {found.scenarios:,} examined")
        return cli.INTERRUPTED
    single = [name for name in found.single_points if name not in known]
    return cli.BAD_NEWS if single and fail_on == "single-point" else cli.OK


class _Bar:
    """A progress bar on standard error, on a terminal, for what takes longer than a second."""

    def __init__(self) -> None:
        self._start = self._shown = time.monotonic()
        self._drawn = False

    def step(self, done: int, of: int) -> None:
        now = time.monotonic()
        if now - self._start > 1 and now - self._shown > 0.1 and sys.stderr.isatty():
            filled = done * 30 // max(of, 1)
            cli.emit(f"\r{'█' * filled}{'░' * (30 - filled)} {done:,} of {of:,}", stream=sys.stderr)
            self._shown, self._drawn = now, True

    def end(self) -> None:
        if self._drawn:
            cli.emit("\r\x1b[K", stream=sys.stderr)
