"""``gwplan validate``: what is wrong, fragile, slow or against the vendor's documentation."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from gwplan.cli import app as cli
from gwplan.cli import complete
from gwplan.cli.app import EXIT_CODES, app
from gwplan.cli.validate_settings import FORMATS, Settings, chosen


@app.command(
    epilog="Examples: gwplan validate inventories/small.yaml\n\n"
    "gwplan validate estate/ --format concise --report sarif=gwplan.sarif --fail-on warning\n\n"
    f"{EXIT_CODES}\n\n1 here: a finding at or above --fail-on."
)
def validate(
    inventories: Annotated[
        list[str], typer.Argument(metavar="INVENTORY...", help=cli.INVENTORY_HELP, show_default=False)
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
        Literal["error", "warning", "note", "never"] | None,
        typer.Option("--fail-on", help="Exit 1 from this severity on. [default: error]"),
    ] = None,
    format: Annotated[  # noqa: A002 - the option's name
        Literal["text", "concise", "json", "sarif", "junit", "github", "gitlab", "markdown"] | None,
        typer.Option("--format", help="How to print. [default: text]"),
    ] = None,
    output: cli.Output = None,
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
    stdin_filename: Annotated[
        str | None, typer.Option("--stdin-filename", metavar="NAME", help="What standard input is called.")
    ] = None,
    watch: Annotated[bool, typer.Option("--watch", help="Validate again whenever a file changes.")] = False,
    debug: cli.Debug = False,
) -> int:
    """Say what is wrong, fragile, slow or against the vendor's documentation, where, why, and what would be right."""
    del debug
    from gwplan.checks import RULES_BY_CODE
    from gwplan.findings import UsageError

    given = {"select": select, "ignore": ignore, "fail-on": fail_on, "format": format, "baseline": baseline}
    told = chosen(given, tuple(RULES_BY_CODE))
    if show_settings:
        return _show_settings(told)
    reports = [_report_target(item) for item in report or ()]
    if write_baseline and told["baseline"] is None:
        raise UsageError("--write-baseline needs --baseline FILE")
    if inventories.count("-") > 1 or (watch and "-" in inventories):
        raise UsageError("standard input can be read once, and not watched")

    def once() -> int:
        return _validate(
            inventories, told, output, reports,
            writes=write_baseline, quiet=show_suppressed, stdin_name=stdin_filename,
        )  # fmt: skip

    return _watch(inventories, once) if watch else once()


def _validate(
    inventories: list[str], settings: Settings, output: str | None, reports: list[tuple[str, str]], *,
    writes: bool, quiet: bool, stdin_name: str | None,
) -> int:  # fmt: skip
    from gwplan.checks.baseline import without_known
    from gwplan.checks.quiet import Selection
    from gwplan.checks.report import Report

    selection = Selection(settings["select"], settings["ignore"])
    told: list[Any] = []
    suppressed: list[Any] = []
    unreadable: list[Any] = []
    versions = set()
    for where in inventories:
        found, kept, version, is_readable = _findings(where, selection, stdin_name)
        told += found if is_readable else ()
        unreadable += () if is_readable else found
        suppressed += kept
        versions.add(version)
    if writes:
        _write_baseline(settings["baseline"], told)
    if settings["baseline"] is not None:
        new, known = without_known(told, _read_baseline(settings["baseline"]))
        told, suppressed = list(new), [*suppressed, *known]
    version = versions.pop() if len(versions) == 1 else None
    names = tuple(stdin_name or where if where == "-" else where for where in inventories)
    report = Report((*unreadable, *told), tuple(suppressed), version, "nearest" if version else None, names)
    _print(report, settings["format"], output, unreadable, quiet=quiet)
    for name, file in reports:
        cli.emit(_rendered(report, name, quiet=quiet), file)
    _in_github(report, settings["format"])
    if unreadable:
        return cli.UNREADABLE
    return cli.BAD_NEWS if report.fails(settings["fail-on"]) else cli.OK


def _findings(where: str, selection: Any, stdin_name: str | None) -> tuple[Any, Any, str | None, bool]:
    """Of one inventory: its findings, what its comments keep quiet, its version, and whether it could be read."""
    from gwplan.findings import InventoryError
    from gwplan.inventory.load import load_sources
    from gwplan.inventory.reader import read_sources

    try:
        sources = read_sources(where)
        if where == "-" and stdin_name is not None:
            is_json = stdin_name.endswith(".json")
            sources = tuple(replace(source, name=stdin_name, is_json=is_json) for source in sources)
        inventory = load_sources(sources)
    except InventoryError as error:
        return error.findings, (), None, False
    from gwplan.checks import check
    from gwplan.checks.quiet import quieten
    from gwplan.inventory.comments import ignores
    from gwplan.planning.plan import plan

    made = plan(inventory)
    told, quiet = quieten(check(inventory, made), ignores(sources), selection)
    return told, quiet, inventory.product_version, True


# --- output -----------------------------------------------------------------------------------------------------------


def _print(report: Any, format_: str, output: str | None, unreadable: list[Any], *, quiet: bool) -> None:
    """To standard output; as text, what makes an inventory unreadable goes to standard error."""
    if format_ not in ("text", "concise"):
        cli.emit(_rendered(report, format_, quiet=quiet), output)
        return
    from gwplan.render.findings_text import concise_findings, full_findings, report_blocks

    if unreadable:
        blocks = (concise_findings if format_ == "concise" else full_findings)(unreadable)
        last = f"{len(unreadable)} error{'' if len(unreadable) == 1 else 's'}, by which an inventory cannot be read"
        cli.show([*blocks, last], stream=sys.stderr)
    rest = replace(report, findings=report.findings[len(unreadable) :])
    if rest.findings or rest.suppressed or not unreadable or output:
        cli.show(report_blocks(rest, concise=format_ == "concise", quiet=quiet), output)


def _rendered(report: Any, name: str, *, quiet: bool) -> Any:
    if name == "json":
        from gwplan.render.as_json import report_chunks

        return report_chunks(report, quiet=quiet)
    if name in ("text", "concise"):
        from gwplan.render.findings_text import report_blocks
        from gwplan.render.sheet import plain

        return plain(report_blocks(report, concise=name == "concise", quiet=quiet))
    if name == "sarif":
        from gwplan.render.sarif import sarif

        return sarif(report)
    if name == "junit":
        from gwplan.render.junit import junit

        return junit(report)
    if name == "github":
        from gwplan.render.github import github

        return github(report)
    if name == "gitlab":
        from gwplan.render.gitlab import gitlab

        return gitlab(report)
    from gwplan.render.markdown import report_markdown

    return report_markdown(report)


def _report_target(item: str) -> tuple[str, str]:
    from gwplan.findings import UsageError

    name, equals, file = item.partition("=")
    if name not in FORMATS or not equals or not file:
        raise UsageError(f"--report takes FORMAT=FILE with one of {', '.join(FORMATS)}, not {item!r}")
    return name, file


def _in_github(report: Any, format_: str) -> None:
    """In a workflow: annotations beside the text, and a table in the job's summary."""
    if os.environ.get("GITHUB_ACTIONS") == "true" and format_ in ("text", "concise"):
        cli.emit(_rendered(report, "github", quiet=False))
    if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
        try:
            with Path(summary).open("a", encoding="utf-8", errors="backslashreplace") as stream:
                stream.write(_rendered(report, "markdown", quiet=False))
        except OSError as error:
            cli.complain(f"cannot write the job's summary to {summary}: {error.strerror}")


# --- baseline, settings, watching -------------------------------------------------------------------------------------


def _read_baseline(file: str) -> frozenset[str]:
    import json

    from gwplan.checks.baseline import known_of
    from gwplan.findings import UsageError

    try:
        known = known_of(json.loads(Path(file).read_text("utf-8")))
    except OSError as error:
        raise UsageError(f"cannot read the baseline {file}: {error.strerror}; --write-baseline makes it") from None
    except (ValueError, RecursionError):
        known = None
    if known is None:
        raise UsageError(f"{file} is no baseline; `--baseline {file} --write-baseline` makes one")
    return known


def _write_baseline(file: str, findings: list[Any]) -> None:
    import json

    from gwplan import __version__
    from gwplan.checks.baseline import baseline_document

    cli.emit(json.dumps(baseline_document(findings, __version__), indent=1) + "\n", file)
    cli.complain(f"{file}: {len(findings)} finding{'' if len(findings) == 1 else 's'} written")


def _show_settings(settings: Settings) -> int:
    for key, value in settings.values.items():
        told = ", ".join(value) or "none" if isinstance(value, tuple) else value or "none"
        cli.show([f"{key} = {told}  ({settings.origins[key]})"])
    return cli.OK


def _watch(inventories: list[str], once: Any) -> int:
    """Again and again until interrupted; a look at the files twice a second."""
    from gwplan.findings import UsageError

    before: Any = None
    while True:
        now = _stamps(inventories)
        if now != before:
            before = now
            try:
                once()
            except UsageError as error:
                cli.complain(f"error: {error}")
            cli.complain("watching; Ctrl-C ends")
        time.sleep(0.5)


def _stamps(inventories: list[str]) -> list[tuple[str, int, int]]:
    found = []
    for where in inventories:
        top = Path(where)
        for file in sorted(top.rglob("*")) if top.is_dir() else (top,):
            try:
                status = file.stat()
                found.append((str(file), status.st_mtime_ns, status.st_size))
            except OSError:
                found.append((str(file), 0, 0))
    return found
