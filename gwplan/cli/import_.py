"""``gwplan import``: the estate that already exists, from saved answers, a folder of CSV files, or a live server."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from gwplan.cli import options
from gwplan.cli.exits import EXIT_CODES, OK
from gwplan.cli.input import read_inventory
from gwplan.cli.output import complain, emit, logged, refuse_in_log, refuse_inside, refuse_same, tell
from gwplan.render.formats import IMPORT

if TYPE_CHECKING:
    from gwplan.importers.draft import Draft
    from gwplan.inventory.source import Source


class _SourceOrFolder(TyperGroup):
    """``gwplan import DIR`` is short for ``gwplan import folder DIR``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and not {"-h", "--help"} & {args[0]}:
            args = ["folder", *args]
        return super().parse_args(ctx, args)


import_ = typer.Typer(
    cls=_SourceOrFolder,
    subcommand_metavar="DIR | SOURCE [ARGS]...",
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Make an inventory from an estate that exists: DIR, whose files say what they are, or one of the sources.",
    epilog="Examples: gwplan import answers/ --output inventory.yaml\n\n"
    f"gwplan import vbr --url https://vbr01:9419 --user admin --into inventory.yaml --dry-run\n\n{EXIT_CODES}",
)

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The folder to read.", show_default=False)]
Into = Annotated[
    Path | None,
    typer.Option("--into", metavar="FILE", help="Update this inventory: by id, keeping what people have added."),
]
Sites = Annotated[
    Path | None,
    typer.Option("--sites", metavar="FILE", help="CSV or YAML of name, pattern or network to site."),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="With --into: show the difference and write nothing.")]
ReportFile = Annotated[str | None, typer.Option("--report", metavar="FILE", help="Write the loss report as JSON.")]


def _source(name: str, example: str, about: str, source: str) -> None:
    """Add a command that reads a folder."""

    @import_.command(name, epilog=f"Example: gwplan import {example}\n\n{EXIT_CODES}", help=about)
    def command(
        directory: Folder,
        into: Into = None,
        sites: Sites = None,
        dry_run: DryRun = False,
        report: ReportFile = None,
        format: Annotated[str, options.format_of(IMPORT)] = "text",  # noqa: A002 - the option's name
        output: options.Output = None,
        debug: options.Debug = False,
    ) -> int:
        del debug

        def read() -> Draft:
            from gwplan.importers.pipeline import read_folder

            return read_folder(directory, source)

        def is_read(file: Path) -> bool:
            return file.suffix.lower() in _READ[source]

        for option, file in (("--output", output), ("--report", report), ("--into", into)):
            refuse_inside(option, file if file is None else str(file), directory, is_read)
        return _finish(read, into, sites, dry_run, report, format, output)


_READ = {"": (".json", ".csv"), "rest": (".json",), "health-check": (".csv",)}

_source("folder", "answers/ --output inventory.yaml", "Import a folder of either kind: its files say which.", "")
_source("rest", "rest answers/ --output inventory.yaml", "Import saved REST answers: JSON files of any name.", "rest")
_source(
    "health-check", "health-check vHC/ --sites sites.csv", "Import CSV files of the Veeam Health Check.", "health-check"
)

PASSWORD_VARIABLE = "GWPLAN_VBR_PASSWORD"  # noqa: S105 - the name of a variable

_VBR_EPILOG = (
    "Example: gwplan import vbr --url https://vbr01:9419 --user backup-viewer --output inventory.yaml\n\n"
    f"The password is asked for, or taken from the variable {PASSWORD_VARIABLE} or from --password-file; it is never "
    "an argument, and never printed or written. The role Backup Viewer may read most of it; mount servers and WAN "
    "accelerators need Restore Operator, traffic rules and the version need Backup Administrator. The report says what "
    "was not given."
    f"\n\n{EXIT_CODES}"
)


@import_.command(epilog=_VBR_EPILOG)
def vbr(
    url: Annotated[str, typer.Option("--url", metavar="URL", help="The server's REST API, https://SERVER:9419.")],
    user: Annotated[str, typer.Option("--user", metavar="NAME", help="The account: DOMAIN\\NAME or NAME.")],
    password_file: Annotated[
        Path | None, typer.Option("--password-file", metavar="FILE", help="Its first line is the password.")
    ] = None,
    ca_file: Annotated[
        Path | None, typer.Option("--ca-file", metavar="FILE", help="Trust the authorities in this PEM file.")
    ] = None,
    insecure: Annotated[
        bool,
        typer.Option("--insecure", help="Check no certificate: whoever answers at that address gets the password."),
    ] = False,
    proxy: Annotated[
        str | None,
        typer.Option("--proxy", metavar="URL", help="Go through this proxy; none is taken from the environment."),
    ] = None,
    save: Annotated[
        Path | None,
        typer.Option("--save", metavar="DIR", help="Keep the answers, without secrets, to import them again offline."),
    ] = None,
    into: Into = None,
    sites: Sites = None,
    dry_run: DryRun = False,
    report: ReportFile = None,
    format: Annotated[str, options.format_of(IMPORT)] = "text",  # noqa: A002 - the option's name
    output: options.Output = None,
    debug: options.Debug = False,
) -> int:
    """Read a running backup server over its REST API."""
    del debug

    def read() -> Draft:
        from gwplan.importers.rest.client import Vbr
        from gwplan.importers.rest.exchange import Login, checked_proxy, checked_url
        from gwplan.importers.rest.live import read_vbr

        address = checked_url(url)
        way = checked_proxy(proxy, address) if proxy else None
        password = _password(password_file, user, address)
        login = Login(address, user, password, str(ca_file) if ca_file else None, insecure, way)
        if insecure:
            complain("warning: --insecure: the certificate is not checked, whoever answers gets the password")
        with Vbr(login) as session, _progress(address) as say:
            return read_vbr(session, address, say, save)

    for file in (password_file, ca_file):
        for option, written in (("--output", output), ("--report", report), ("--into", str(into) if into else None)):
            refuse_same(option, written, file)
    return _finish(read, into, sites, dry_run, report, format, output)


def _password(file: Path | None, user: str, address: str) -> str:
    """The password: from a file, else from the variable, else from whoever sits at the terminal."""
    import getpass
    import os

    from gwplan.findings import UsageError
    from gwplan.render.escape import visible

    if file is not None:
        try:
            with file.open(encoding="utf-8") as stream:
                password = stream.readline(10_000).rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"--password-file {file}: {getattr(error, 'strerror', 'is no text in UTF-8')}") from None
        if not password:
            raise UsageError(f"--password-file {file}: its first line is empty")
        return password
    given = os.environ.get(PASSWORD_VARIABLE)
    if given:
        return given
    if not sys.stdin.isatty():
        raise UsageError(f"no password: set {PASSWORD_VARIABLE}, give --password-file FILE, or run on a terminal")
    try:
        return getpass.getpass(f"Password of {visible(user)} at {visible(address)}: ", stream=sys.stderr)
    except EOFError:
        raise UsageError("no password was given") from None


@contextlib.contextmanager
def _progress(address: str) -> Iterator[Callable[[str], None]]:
    """Show what is being read, on a terminal only."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.markup import escape

    from gwplan.render.escape import visible

    with Console(stderr=True).status(escape(f"{address}: connecting")) as status:
        yield lambda text: status.update(escape(visible(f"{address}: {text}")))


def _finish(
    read: Callable[[], Draft], into: Path | None, sites: Path | None, dry_run: bool, report: str | None, format: str,  # noqa: A002
    output: str | None,
) -> int:  # fmt: skip
    """Read the source, make the inventory, and tell. Files are written whole, and only at the end."""
    from gwplan.findings import UsageError
    from gwplan.importers.draft import ImportFailed
    from gwplan.importers.pipeline import make_inventory

    if dry_run and into is None:
        raise UsageError("--dry-run shows the difference to a file: give it with --into FILE")
    _check_files(into, sites, report, output)
    try:
        draft = read()
        made = make_inventory(draft, sites, _kept(into))
    except ImportFailed as error:
        raise UsageError(str(error)) from None
    except OSError as error:
        raise UsageError(f"{error.filename}: {error.strerror}") from None
    text = made.text
    if not dry_run and (into is None or output is not None):
        refuse_in_log(text, output)
    if report is not None:
        tell(IMPORT["json"], made.report, report)
    tell(IMPORT[format], made.report, stream=sys.stderr)
    if dry_run:
        emit(logged(_difference(str(into), text), output), output)
    elif into is not None and output is None:
        emit(_mark_of(into) + text, str(into))
    else:
        emit(text, output)
    return OK


def _check_files(into: Path | None, sites: Path | None, report: str | None, output: str | None) -> None:
    """Raises UsageError for a file that would be written and is read, too, or if --into is not one file."""
    from gwplan.findings import UsageError

    try:
        if into is not None and not into.is_file():
            what = "is a folder" if into.is_dir() else "is not there"
            raise UsageError(f"--into {into}: {what}: give one file, or --output FILE for a new one")
    except OSError as error:
        raise UsageError(f"--into {into}: {error.strerror}") from None
    refuse_same("--report", report, output, into, sites)
    refuse_same("--output", output, sites)
    refuse_same("--into", str(into) if into else None, sites)


def _mark_of(into: Path) -> str:
    """The byte order mark that a file begins with, if it does."""
    return "\ufeff" if into.read_bytes()[:3] == b"\xef\xbb\xbf" else ""


def _kept(into: Path | None) -> Source | None:
    """The text of the file to update, which is an inventory that loads."""
    if into is None:
        return None
    from gwplan.inventory.source import Source

    read_inventory(str(into), "text")
    return Source(str(into), into.read_bytes().decode("utf-8-sig"), into.suffix == ".json")


def _difference(name: str, text: str) -> str:
    import difflib

    from gwplan.render.escape import visible

    before = Path(name).read_text("utf-8-sig").splitlines()
    lines = difflib.unified_diff(before, text.splitlines(), name, f"{name} (after)", lineterm="")
    return "".join(f"{visible(line)}\n" for line in lines)
