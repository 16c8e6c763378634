"""``gwplan whatif``: what fails, moves and is lost when something is down, or comes back, or is added."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from gwplan.cli import complete, exits, options
from gwplan.cli.input import named, read_changed, tell_unreadable
from gwplan.cli.output import refuse_same, tell
from gwplan.render.formats import SCENARIOS, WHATIF
from gwplan.render.things import Changed, Promised

if TYPE_CHECKING:
    from gwplan.failures.scenarios import Outcome
    from gwplan.inventory.model import Inventory

EPILOG = exits.epilog(
    "gwplan whatif inventories/small.yaml --down gw01",
    "gwplan whatif inventories/two-sites.yaml --down site:paris --only lost,blocked",
    bad_news="something is newly failed, or blocked other than because its source is down",
)


def whatif(
    inventory: options.InventoryPath,
    down: options.Down = None,
    up: Annotated[
        list[str] | None,
        typer.Option(
            "--up", metavar="NAME", help="Bring a server or repository back; repeatable.", autocompletion=complete.up
        ),
    ] = None,
    overlay: Annotated[
        str | None, typer.Option("--with", metavar="FILE", help="Lay a partial inventory over the first.")
    ] = None,
    strategy: options.Strategy = "nearest",
    edition: options.Edition = None,
    job: options.Jobs = None,
    only: Annotated[
        str | None,
        typer.Option("--only", metavar="KINDS", help="List only these: lost, blocked, moved, restored, rebalanced."),
    ] = None,
    rebalanced: Annotated[bool, typer.Option("--rebalanced", help="List what only spreads differently, too.")] = False,
    detail: Annotated[bool, typer.Option("--detail", help="List each task.")] = False,
    scenarios: Annotated[
        str | None, typer.Option("--scenarios", metavar="FILE", help="Hold named scenarios against their promises.")
    ] = None,
    group_by: Annotated[
        Literal["job", "gateway"], typer.Option("--group-by", help="Group changes by job or gateway.")
    ] = "job",
    format: Annotated[  # noqa: A002 - the option's name
        str | None,
        options.format_of(
            {**WHATIF, **SCENARIOS}, "How to print; junit is for scenarios. [default: text, or what --output ends in]"
        ),
    ] = None,
    output: options.Output = None,
    debug: options.Debug = False,
) -> int:
    """Say what fails at once and what the next start changes when something is lost, comes back, or is added."""
    del debug
    refuse_same("--output", output, scenarios)
    chosen = options.format_for(format, output, SCENARIOS if scenarios is not None else WHATIF)
    loaded, changed = read_changed(inventory, overlay, chosen, output, edition)
    from gwplan.failures.compare import CHANGES, what_if
    from gwplan.failures.overlay import raised
    from gwplan.findings import UsageError
    from gwplan.planning.plan import plan

    if scenarios is not None:
        if down or up or overlay is not None or job or only or rebalanced or detail:
            raise UsageError(
                "with --scenarios, the file says what is down and what is expected: "
                "leave --down, --up, --with, --job, --only, --rebalanced and --detail out"
            )
        return _hold(loaded, scenarios, strategy, chosen, output)
    if chosen not in WHATIF:
        raise UsageError(f"--format {chosen} is for --scenarios")
    kinds = options.words_of("--only", only, CHANGES)
    changed = raised(changed, up or ())
    found = what_if(plan(loaded, strategy=strategy), inventory=changed, down=down or ())
    if job:
        found = found.narrowed(job)
    shown = [*kinds, *(["rebalanced"] if rebalanced else [])] if kinds else CHANGES if rebalanced else CHANGES[:-1]
    asked, by_gateway = _asked(down, up, overlay), group_by == "gateway"
    told = Changed(found, asked, shown, by_task=detail, by_gateway=by_gateway, edition=edition)
    tell(WHATIF[chosen], told, output)
    return exits.BAD_NEWS if found.is_bad_news else exits.OK


def _asked(down: list[str] | None, up: list[str] | None, overlay: str | None) -> str:
    asked = [f"{word} {', '.join(names)}" for word, names in (("down", down), ("up", up)) if names]
    return "; ".join([*asked, *([f"with {overlay}"] if overlay else [])])


def _hold(inventory: Inventory, file: str, strategy: str, output_format: str, output: str | None) -> int:
    """Hold the scenarios of a file against their promises; bad news where one is broken."""
    from gwplan.findings import UsageError

    if output_format not in SCENARIOS:
        raise UsageError(f"--scenarios prints {' or '.join(SCENARIOS)}")
    outcomes = held(inventory, file, strategy)
    tell(SCENARIOS[output_format], Promised(outcomes, named(file)), output)
    return exits.BAD_NEWS if any(outcome.broken for outcome in outcomes) else exits.OK


def held(inventory: Inventory, file: str, strategy: str) -> tuple[Outcome, ...]:
    """What came of the scenarios of a file. What keeps it from being read is told, then InventoryError is raised."""
    from gwplan.failures.scenarios import run_scenarios, scenarios_of
    from gwplan.findings import InventoryError, UsageError
    from gwplan.inventory.files import read_sources

    try:
        source, *others = read_sources(file)
        if others:
            raise UsageError(f"--scenarios {file} is a folder: give one file")
        promised = scenarios_of(source)
    except InventoryError as error:
        tell_unreadable(error, file, "text", None)
        raise
    return tuple(run_scenarios(inventory, promised, strategy))
