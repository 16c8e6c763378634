"""``gwplan whatif``: what fails, moves and is lost when something is down, or comes back, or is added."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import typer

from gwplan.cli import app as cli
from gwplan.cli.app import EXIT_CODES, app


@app.command(
    epilog="Examples: gwplan whatif inventories/small.yaml --down gw01\n\n"
    "gwplan whatif inventories/two-sites.yaml --down site:paris --only lost,blocked\n\n"
    f"{EXIT_CODES}\n\n1 here: something is newly failed, or blocked other than because its source is down."
)
def whatif(
    inventory: cli.InventoryPath,
    down: cli.Down = None,
    up: Annotated[
        list[str] | None, typer.Option("--up", metavar="NAME", help="Bring a server or repository back; repeatable.")
    ] = None,
    overlay: Annotated[
        str | None, typer.Option("--with", metavar="FILE", help="Lay a partial inventory over the first.")
    ] = None,
    strategy: cli.Strategy = "nearest",
    job: Annotated[list[str] | None, typer.Option("--job", metavar="NAME", help="Only this job; repeatable.")] = None,
    only: Annotated[
        str | None, typer.Option("--only", metavar="KINDS", help="Of lost, blocked, moved, restored, rebalanced.")
    ] = None,
    rebalanced: Annotated[bool, typer.Option("--rebalanced", help="List what only spreads differently, too.")] = False,
    detail: Annotated[bool, typer.Option("--detail", help="List each task.")] = False,
    scenarios: Annotated[
        str | None, typer.Option("--scenarios", metavar="FILE", help="Hold named scenarios against their promises.")
    ] = None,
    group_by: Annotated[Literal["job", "gateway"], typer.Option("--group-by", help="What changes hang on.")] = "job",
    format: Annotated[  # noqa: A002 - the option's name
        Literal["text", "json", "junit"], typer.Option("--format", help="How to print; junit is for scenarios.")
    ] = "text",
    output: cli.Output = None,
    debug: cli.Debug = False,
) -> int:
    """Say what fails at once and what the next start changes when something is lost, comes back, or is added."""
    del debug
    loaded, changed = cli.read_changed(inventory, overlay, format, output)
    from gwplan.failures.overlay import raised
    from gwplan.failures.whatif import CHANGES, compare
    from gwplan.findings import UsageError
    from gwplan.planning.plan import plan

    if scenarios is not None:
        return _scenarios(loaded, scenarios, strategy, format, output)
    if format == "junit":
        raise UsageError("--format junit is for --scenarios")
    kinds = cli.words_of("--only", only, CHANGES)
    changed = raised(changed, up or ())
    before = plan(loaded, strategy=strategy)
    after = plan(changed, down=down or (), strategy=strategy)
    found = compare(before, after)
    if job:
        found = found.narrowed(job)
    shown = [*kinds, *(["rebalanced"] if rebalanced else [])] if kinds else CHANGES if rebalanced else CHANGES[:-1]
    if format == "json":
        from gwplan.render.whatif_json import whatif_chunks

        cli.emit(whatif_chunks(found, shown), output)
    else:
        from gwplan.render.whatif_text import whatif_blocks

        asked = _asked(down, up, overlay)
        blocks = whatif_blocks(found, asked, shown, detail=detail, by_gateway=group_by == "gateway")
        cli.show(blocks, output)
    return cli.BAD_NEWS if found.is_bad_news else cli.OK


def _scenarios(loaded: Any, file: str, strategy: str, output_format: str, output: str | None) -> int:
    """Exit code 1 where a promise is broken."""
    from gwplan.failures.scenarios import run_scenarios, scenarios_of
    from gwplan.findings import InventoryError, UsageError
    from gwplan.inventory.files import read_sources
    from gwplan.render.scenarios import junit, scenario_blocks

    if output_format == "json":
        raise UsageError("--scenarios prints text or junit")
    try:
        (source,) = read_sources(file)
        promised = scenarios_of(source)
    except InventoryError as error:
        cli.tell_unreadable(error, file, "text", None)
        raise
    outcomes = list(run_scenarios(loaded, promised, strategy))
    if output_format == "junit":
        cli.emit(junit(outcomes, cli.named(file)), output)
    else:
        cli.show(scenario_blocks(outcomes), output)
    return cli.BAD_NEWS if any(outcome.broken for outcome in outcomes) else cli.OK


def _asked(down: list[str] | None, up: list[str] | None, overlay: str | None) -> str:
    asked = [f"{word} {', '.join(names)}" for word, names in (("down", down), ("up", up)) if names]
    return "; ".join([*asked, *([f"with {overlay}"] if overlay else [])]) or "nothing asked"
