"""``gwplan validate``: what is wrong, fragile, slow or against the vendor's documentation."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from gwplan.cli import complete, exits, options
from gwplan.cli.fixing import Fixing, Texts, Unread
from gwplan.cli.input import refuse_stdin_twice
from gwplan.cli.output import complain, refuse_same, show, tell
from gwplan.cli.validate_settings import FAIL_ON, Settings, chosen
from gwplan.render.formats import FINDINGS
from gwplan.render.things import Told

if TYPE_CHECKING:
    from gwplan.checks.fix import Found
    from gwplan.checks.quiet import Selection
    from gwplan.checks.report import Report, Suppressed
    from gwplan.findings import Finding

EPILOG = exits.epilog(
    "gwplan validate inventories/small.yaml",
    "gwplan validate estate/ --format concise --report sarif=gwplan.sarif --fail-on warning",
    "gwplan validate estate/ --fix --diff",
    bad_news="a finding at or above --fail-on",
)


def validate(
    inventories: Annotated[
        list[str], typer.Argument(metavar="INVENTORY...", help=options.INVENTORY_HELP, show_default=False)
    ],
    select: Annotated[
        list[str] | None,
        typer.Option(
            "--select", metavar="CODES", help="Only these codes or prefixes.", autocompletion=complete.code
        ),
    ] = None,
    ignore: Annotated[
        list[str] | None,
        typer.Option(
            "--ignore", metavar="CODES", help="Not these codes or prefixes.", autocompletion=complete.code
        ),
    ] = None,
    fail_on: Annotated[
        str | None, options.choice("--fail-on", FAIL_ON, "Exit 1 from this severity on. [default: error]")
    ] = None,
    format: Annotated[  # noqa: A002 - the option's name
        str | None, options.format_of(FINDINGS, "How to print. [default: text]")
    ] = None,
    group_by: Annotated[
        Literal["code", "severity", "file", "none"],
        typer.Option("--group-by", help="In text: tell findings of one code and one fix together, or each by itself."),
    ] = "code",
    edition: options.Edition = None,
    output: options.Output = None,
    report: Annotated[
        list[str] | None,
        typer.Option("--report", metavar="FORMAT=FILE", help="Write another format to a file, too; repeatable."),
    ] = None,
    baseline: Annotated[
        str | None, typer.Option("--baseline", metavar="FILE", help="Keep quiet about the findings in it.")
    ] = None,
    write_baseline: Annotated[
        bool, typer.Option("--write-baseline", help="Write today's findings to the --baseline file.")
    ] = False,
    show_suppressed: Annotated[
        bool, typer.Option("--show-suppressed", help="Show what is kept quiet, and why.")
    ] = False,
    show_settings: Annotated[
        bool, typer.Option("--show-settings", help="Print the settings and where each comes from, and exit.")
    ] = False,
    fix: Annotated[
        bool, typer.Option("--fix", help="Write what is certain and changes no decision into the files.")
    ] = False,
    unsafe_fixes: Annotated[
        bool, typer.Option("--unsafe-fixes", help="The same, and what changes a decision, such as a task limit.")
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Print what would be fixed as a unified diff, and write nothing.")
    ] = False,
    stdin_filename: Annotated[
        str | None, typer.Option("--stdin-filename", metavar="NAME", help="What standard input is called.")
    ] = None,
    watch: Annotated[bool, typer.Option("--watch", help="Validate again whenever a file changes.")] = False,
    debug: options.Debug = False,
) -> int:
    """Say what is wrong, fragile, slow or against the vendor's documentation, where, why, and what would be right."""
    del debug
    from gwplan.checks import RULES_BY_CODE
    from gwplan.cli.watch import whenever_changed
    from gwplan.findings import UsageError
    from gwplan.planning.editions import require_known

    if format is None and output is not None:
        named = options.format_for(None, output, FINDINGS)
        format = None if named == "text" else named  # noqa: A001 - the option's name
    given = {"select": select, "ignore": ignore, "fail-on": fail_on, "format": format, "baseline": baseline}
    settings = chosen(given, tuple(RULES_BY_CODE))
    if show_settings:
        return _show_settings(settings)
    reports = tuple(map(_report_target, report or ()))
    if write_baseline and settings["baseline"] is None:
        raise UsageError("--write-baseline needs --baseline FILE")
    refuse_stdin_twice(*inventories)
    if watch and "-" in inventories:
        raise UsageError("standard input cannot be watched: give a file")
    if edition is not None:
        require_known(edition)
    refuse_same("--output", output, *inventories, settings["baseline"])
    for number, (_, file) in enumerate(reports):
        refuse_same("--report", file, *inventories, settings["baseline"], output, *(one for _, one in reports[:number]))
    if write_baseline:
        refuse_same("--write-baseline", settings["baseline"], *inventories, output)
    fixing = Fixing(unsafe_fixes, diff, output) if fix or unsafe_fixes or diff else None
    if fixing is not None:
        fixing.refuse_nonsense(inventories, format, watch=watch, writes_baseline=write_baseline)

    def once() -> int:
        return _validate(
            inventories, settings, output, reports,
            writes_baseline=write_baseline, with_suppressed=show_suppressed, stdin_name=stdin_filename,
            group_by=group_by, edition=edition, fixing=fixing,
        )  # fmt: skip

    return whenever_changed(inventories, once) if watch else once()


@dataclass(frozen=True, slots=True)
class _Validated:
    """What one inventory gave. ``version`` is None where it could not be read; then the findings say why."""

    findings: tuple[Finding, ...]
    suppressed: tuple[Suppressed, ...] = ()
    version: str | None = None


def _validate(
    inventories: list[str], settings: Settings, output: str | None, reports: Iterable[tuple[str, str]], *,
    writes_baseline: bool, with_suppressed: bool, stdin_name: str | None,
    group_by: Literal["code", "severity", "file", "none"], edition: str | None, fixing: Fixing | None,
) -> int:  # fmt: skip
    from gwplan.checks.baseline import without_known
    from gwplan.checks.quiet import Selection
    from gwplan.checks.report import Report
    from gwplan.cli.baseline import known_in, make_baseline

    selection = Selection(settings["select"], settings["ignore"])
    baseline = settings["baseline"]
    read: list[Texts] = [_read(where, stdin_name) for where in inventories]
    fixed = None
    if fixing is not None:
        quiet = frozenset() if baseline is None or writes_baseline else known_in(baseline)
        read, fixed = fixing.mend(
            read, lambda sources: _to_mend(_validated(sources, selection, edition), selection, quiet)
        )
    found = [_validated(sources, selection, edition) for sources in read]
    unreadable = [finding for one in found if one.version is None for finding in one.findings]
    findings = [finding for one in found if one.version is not None for finding in one.findings]
    suppressed = [quiet for one in found for quiet in one.suppressed]
    if writes_baseline:
        make_baseline(baseline, findings)
    if baseline is not None:
        new, known = without_known(findings, known_in(baseline))
        findings, suppressed = list(new), [*suppressed, *known]
    versions = {one.version for one in found}
    version = versions.pop() if len(versions) == 1 else None
    names = tuple(stdin_name or where if where == "-" else where for where in inventories)
    report = Report((*unreadable, *findings), tuple(suppressed), version, "nearest" if version else None, names, fixed)
    texts = [texts for texts in read if not isinstance(texts, Unread)]
    told = Told(report, with_suppressed, group_by, edition, texts)
    if fixing is None or not fixing.only_diff:
        _print(told, settings["format"], output, len(unreadable))
    for name, file in reports:
        tell(FINDINGS[name], told, file)
    _in_github(report, settings["format"])
    if unreadable:
        return exits.UNREADABLE
    return exits.BAD_NEWS if report.fails(settings["fail-on"]) else exits.OK


def _read(where: str, stdin_name: str | None) -> Texts:
    """The texts of an inventory, or why they cannot be read."""
    from gwplan.findings import InventoryError
    from gwplan.inventory.files import read_sources

    try:
        sources = read_sources(where)
    except InventoryError as error:
        return Unread(error.findings)
    if where == "-" and stdin_name is not None:
        is_json = stdin_name.endswith(".json")
        return tuple(replace(source, name=stdin_name, is_json=is_json) for source in sources)
    return sources


def _validated(texts: Texts, selection: Selection, edition: str | None) -> _Validated:
    from gwplan.findings import InventoryError
    from gwplan.inventory.load import load_sources

    if isinstance(texts, Unread):
        return _Validated(texts.findings)
    try:
        inventory = load_sources(texts)
    except InventoryError as error:
        return _Validated(error.findings)
    from gwplan.checks import check
    from gwplan.checks.quiet import quieten
    from gwplan.inventory.comments import ignores
    from gwplan.planning.editions import under_edition
    from gwplan.planning.plan import plan

    made = plan(under_edition(inventory, edition))
    return _Validated(*quieten(check(made), ignores(texts), selection), made.product_version)


def _to_mend(found: _Validated, selection: Selection, known: frozenset[str]) -> Found:
    """The findings of an inventory, without those that are known or not selected."""
    from gwplan.checks.baseline import without_known
    from gwplan.checks.fix import Found

    told = tuple(finding for finding in found.findings if finding.code in selection)
    return Found(without_known(told, known)[0], found.version is not None)


# --- output -----------------------------------------------------------------------------------------------------------


def _print(told: Told, name: str, output: str | None, unreadable: int) -> None:
    """Print a report; as text, the first findings, which make an inventory unreadable, go to standard error."""
    if not FINDINGS[name].is_text:
        tell(FINDINGS[name], told, output)
        return
    from gwplan.render.findings.as_text import concise_findings, full_findings

    report = told.report
    if unreadable:
        first = report.findings[:unreadable]
        blocks = concise_findings(first, marked=True) if name == "concise" else full_findings(first)
        last = "1 error makes" if unreadable == 1 else f"{unreadable} errors make"
        show([*blocks, f"{last} an inventory unreadable"], stream=sys.stderr)
    rest = replace(report, findings=report.findings[unreadable:])
    if rest.findings or rest.suppressed or not unreadable or output:
        tell(FINDINGS[name], replace(told, report=rest), output)


def _report_target(item: str) -> tuple[str, str]:
    from gwplan.findings import UsageError

    name, equals, file = item.partition("=")
    if name not in FINDINGS or not equals or not file:
        raise UsageError(f"--report takes FORMAT=FILE with one of {', '.join(FINDINGS)}, not {item!r}")
    return name, file


def _in_github(report: Report, name: str) -> None:
    """In a workflow, add annotations beside the text, and a table in the job's summary."""

    if os.environ.get("GITHUB_ACTIONS") == "true" and FINDINGS[name].is_text:
        tell(FINDINGS["github"], Told(report))
    if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
        try:
            with Path(summary).open("a", encoding="utf-8", errors="backslashreplace") as stream:
                stream.write(FINDINGS["markdown"].write(Told(report)))
        except OSError as error:
            complain(f"cannot write the job's summary to {summary}: {error.strerror}")


def _show_settings(settings: Settings) -> int:
    for key, value in settings.values.items():
        told = ", ".join(value) or "none" if isinstance(value, tuple) else value or "none"
        show([f"{key} = {told}  ({settings.origins[key]})"])
    return exits.OK
