"""``gwplan report``: one page to hand over, to print, and to ask what is lost if something fails."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from gwplan.cli import exits, options
from gwplan.cli.input import named, read_inventory, refuse_stdin_twice, tell_unreadable
from gwplan.cli.output import refuse_same, tell
from gwplan.render.formats import REPORT
from gwplan.render.things import Compared, Promised, Reported

if TYPE_CHECKING:
    from gwplan.checks.report import Report
    from gwplan.failures.aftermath import Aftermath
    from gwplan.failures.sweep import Sweep
    from gwplan.inventory.model import Inventory
    from gwplan.planning.plan import Plan

EPILOG = exits.epilog(
    "gwplan report inventories/two-sites.yaml --output report.html",
    "gwplan report estate/ --order 2 --scrub --output report.html",
)

MOST_PAIRS = 2000
"""Up to so many pairs, a page has the aftermath of each; beyond, of those that lose what neither loses alone."""


def report(
    inventory: options.InventoryPath,
    output: Annotated[
        str | None, typer.Option("--output", metavar="FILE", help="The page, written whole or not at all.")
    ] = None,
    down: options.Down = None,
    edition: options.Edition = None,
    order: Annotated[
        int, typer.Option("--order", metavar="N", min=1, max=2, help="1: every loss. 2: every pair, too.")
    ] = 1,
    scenarios: Annotated[
        str | None, typer.Option("--scenarios", metavar="FILE", help="Tell which promises of a file are kept.")
    ] = None,
    against: Annotated[
        str | None, typer.Option("--against", metavar="OLD", help="Tell what changed since OLD, or REV:PATH of git.")
    ] = None,
    title: Annotated[
        str | None, typer.Option("--title", metavar="TEXT", help="The heading. [default: what the inventory is called]")
    ] = None,
    no_findings_below: Annotated[
        Literal["note", "warning", "error"],
        typer.Option("--no-findings-below", help="Leave out findings of a lower severity."),
    ] = "note",
    scrub: Annotated[
        bool, typer.Option("--scrub", help="Replace every name by a stable one of its kind: safe to post.")
    ] = False,
    debug: options.Debug = False,
) -> int:
    """Write one page that opens offline: verdict, picture, what each loss costs, jobs, gateways, findings."""
    del debug
    _refuse_terminal(output)
    date = _date()
    refuse_same("--output", output, scenarios, against)
    refuse_stdin_twice(inventory, against, scenarios)
    loaded = read_inventory(inventory, "text", output, edition)
    old = _read_old(against, edition) if against is not None else None
    from gwplan.cli.whatif import held
    from gwplan.failures.compare import compare
    from gwplan.planning.plan import plan

    made = plan(loaded, down=down) if down else None
    promised = Promised(held(loaded, scenarios, "nearest"), named(scenarios)) if scenarios is not None else None
    swept, aftermaths = _swept(loaded, order)
    plain = swept.base.plan
    night = compare(plain, made) if made else None
    made = made or plain
    told = Reported(
        made, swept, aftermaths, _accepted(loaded), _findings(made, no_findings_below, inventory),
        title or ("Backup infrastructure" if scrub else named(inventory)),
        night=night, scenarios=promised,
        against=_against(old, loaded, edition, down, f"{against} → {inventory}") if old else None,
        scrubbed=scrub, date=date,
    )  # fmt: skip
    tell(REPORT["html"], told, output)
    return exits.OK


def _refuse_terminal(output: str | None) -> None:
    from gwplan.cli.output import stdout_is_a_terminal
    from gwplan.findings import UsageError

    if output is None and stdout_is_a_terminal():
        raise UsageError("a terminal shows no page: give --output FILE, or send it on")


def _read_old(where: str, edition: str | None) -> Inventory:
    """The earlier inventory. What keeps it from being read is told, then InventoryError is raised."""
    from gwplan.cli.git import read_side
    from gwplan.findings import InventoryError
    from gwplan.inventory.load import load_sources
    from gwplan.planning.editions import under_edition

    try:
        return under_edition(load_sources(read_side(where)), edition)
    except InventoryError as error:
        tell_unreadable(error, where, "text", None)
        raise


def _against(
    old: Inventory, loaded: Inventory, edition: str | None, down: list[str] | None, title: str
) -> Compared:
    from gwplan.cli.diff import compared
    from gwplan.failures.differences import DIFFERENCES

    found = compared(old, loaded, edition, down or [], "nearest")
    before, _, after = title.partition(" → ")
    return Compared(found, before, after, title, [kind for kind in DIFFERENCES if kind != "rebalanced"])


def _date() -> str | None:
    """The day that SOURCE_DATE_EPOCH tells: nothing else of a page depends on when it is made."""
    from datetime import UTC, datetime

    from gwplan.findings import UsageError

    given = os.environ.get("SOURCE_DATE_EPOCH")
    if not given:
        return None
    try:
        return datetime.fromtimestamp(int(given), UTC).strftime("%Y-%m-%d")
    except (ValueError, OverflowError, OSError):
        raise UsageError(f"SOURCE_DATE_EPOCH is {given!r}, not a number of seconds since 1970") from None


def _swept(loaded: Inventory, order: int) -> tuple[Sweep, tuple[Aftermath, ...]]:
    """The sweep over every loss, or pair, and what each changes in full."""
    from gwplan.cli.progress import progress
    from gwplan.failures.aftermath import Aftermaths
    from gwplan.failures.sweep import elements_of, sweep

    with progress("losses" if order == 1 else "pairs of losses") as step:
        found = sweep(loaded, order=order, progress=step)
    if found.examined < found.scenarios:
        raise KeyboardInterrupt
    elements = elements_of(loaded)
    losses: list[tuple[tuple[str, str], ...]] = [(element,) for element in elements]
    if order == 2:
        pairs: Iterable[tuple[tuple[str, str], ...]] = combinations(elements, 2)
        if found.scenarios > MOST_PAIRS:
            pairs = (tuple(map(_element, result.down)) for result in found.results[:MOST_PAIRS])
        losses += pairs
    aftermaths = Aftermaths(found.base)
    with progress("aftermaths") as step:
        told = []
        for number, loss in enumerate(losses, 1):
            told.append(aftermaths.of(loss))
            step(number, len(losses))
    return found, tuple(told)


def _element(name: str) -> tuple[str, str]:
    kind, _, rest = name.partition(":")
    return kind, rest


def _accepted(loaded: Inventory) -> dict[str, str]:
    from gwplan.cli.sweep import accepted_of

    return accepted_of(loaded, ())


def _findings(made: Plan, least: str, name: str) -> Report:
    """What ``validate`` tells with the settings of the project, from a severity on."""
    from gwplan.checks import RULES_BY_CODE, check
    from gwplan.checks.baseline import without_known
    from gwplan.checks.quiet import Selection, quieten
    from gwplan.checks.report import Report
    from gwplan.cli.baseline import known_in
    from gwplan.cli.validate_settings import chosen
    from gwplan.findings import Severity
    from gwplan.inventory.comments import ignores

    settings = chosen({}, tuple(RULES_BY_CODE))
    selection = Selection(settings["select"], settings["ignore"])
    found, suppressed = quieten(check(made), ignores(made.inventory.text), selection)
    if settings["baseline"] is not None:
        found, known = without_known(found, known_in(settings["baseline"]))
        suppressed = (*suppressed, *known)
    levels = list(Severity)
    kept = tuple(one for one in found if levels.index(one.severity) <= levels.index(Severity(least)))
    return replace(Report(kept, tuple(suppressed), made.product_version, made.strategy), names=(name,))
