"""What the commands share: options, output, exit codes, and the door where every error becomes words."""

from __future__ import annotations

import contextlib
import gc
import os
import shutil
import sys
import tempfile
import traceback
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from gwplan import __version__
from gwplan.cli import complete

OK, BAD_NEWS, UNREADABLE, BUG, INTERRUPTED = 0, 1, 2, 3, 130

EXIT_CODES = (
    "Exit codes: 0 well · 1 bad news · 2 unreadable inventory or misuse · 3 a bug of gwplan · 130 interrupted."
)

INVENTORY_HELP = "A file, a directory of *.yaml, *.yml and *.json files, or - for standard input."
InventoryPath = Annotated[str, typer.Argument(metavar="INVENTORY", help=INVENTORY_HELP, show_default=False)]
Format = Annotated[Literal["text", "json"], typer.Option("--format", help="How to print.")]
Output = Annotated[str | None, typer.Option("--output", metavar="FILE", help="Write there, whole or not at all.")]
Strategy = Annotated[
    Literal["nearest", "spread"],
    typer.Option("--strategy", help="Rank a list by nearness first, or by load first."),
]
Down = Annotated[
    list[str] | None,
    typer.Option(
        "--down",
        metavar="NAME",
        help="Take down a server, site, link … by NAME or kind:NAME; repeatable.",
        autocompletion=complete.down,
    ),
]
Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of a bug.")]

app = typer.Typer(
    name="gwplan",
    add_completion=True,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help="Says which gateway server Veeam Backup & Replication picks for every job and task, why, and what takes over.",
    epilog=f"Example: gwplan resolve inventories/small.yaml\n\n{EXIT_CODES}",
)


@app.callback(invoke_without_command=True)
def main(
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
    debug: Debug = False,
) -> int:
    del debug
    if version:
        emit(f"gwplan {__version__}\n")
        raise typer.Exit(OK)
    return OK


class PipeClosed(Exception):
    """Nobody reads on; click would end the process by itself on a BrokenPipeError."""


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code. Nothing but the code leaves here."""
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # else it looks through every installed package
    gc.disable()  # one command, one plan: the process ends before a collection would pay
    from gwplan.cli import commands  # noqa: F401 - each file adds its command to the app

    debug = "--debug" in arguments
    try:
        result = app(args=list(arguments), prog_name="gwplan", standalone_mode=False)
        sys.stdout.flush()
        return result if isinstance(result, int) else OK
    except KeyboardInterrupt:
        return INTERRUPTED
    except (PipeClosed, BrokenPipeError):
        return _end_quietly()
    except Exception as error:
        return _say(error, debug=debug)


def _say(error: Exception, *, debug: bool) -> int:
    """One error in words, and its exit code."""
    from gwplan.findings import InventoryError, UsageError

    if isinstance(error, InventoryError):
        return UNREADABLE  # told by the command, which knows the format
    if isinstance(error, UsageError):
        complain(f"error: {error}")
        return UNREADABLE
    if type(error).__name__ == "Abort":
        return INTERRUPTED
    if hasattr(error, "format_message"):  # a click exception, whichever click typer brings
        context = getattr(error, "ctx", None)
        if type(error).__name__ == "NoArgsIsHelpError":
            emit(error.format_message() + "\n")
            return UNREADABLE
        if context is not None:
            complain(context.get_usage())
        complain(f"error: {error.format_message()}")
        return UNREADABLE
    if debug:
        traceback.print_exc()
    complain(f"bug in gwplan {__version__}: {type(error).__name__}: {error} (--debug shows where)")
    return BUG


def _end_quietly() -> int:
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return OK


# --- input ------------------------------------------------------------------------------------------------------------


def words_of(option: str, given: str | None, known: Sequence[str]) -> list[str]:
    """The words of an option that takes several, separated by commas. Raises UsageError for one it does not know."""
    from gwplan.findings import UsageError

    words = [word.strip() for word in given.split(",")] if given else []
    if wrong := [word for word in words if word not in known]:
        raise UsageError(f"{option} takes {', '.join(known)}, not {', '.join(wrong)}")
    return words


def read_inventory(where: str, output_format: str, output: str | None = None) -> Any:
    """The inventory, or its errors told in the format that was asked for and InventoryError raised on."""
    return read_changed(where, None, output_format, output)[0]


def read_changed(where: str, overlay: str | None, output_format: str, output: str | None) -> tuple[Any, Any]:
    """The inventory as it is, and with an overlay laid over it; each text is read once, as standard input can be."""
    from gwplan.findings import InventoryError, UsageError
    from gwplan.inventory.files import read_sources
    from gwplan.inventory.load import load_sources

    if where == overlay == "-":
        raise UsageError("standard input can be read once: give the inventory or the overlay as a file")
    try:
        base = read_sources(where)
        loaded = load_sources(base)
        return loaded, loaded if overlay is None else load_sources(base, read_sources(overlay))
    except InventoryError as error:
        tell_unreadable(error, where, output_format, output)
        raise


def tell_unreadable(error: Any, where: str, output_format: str, output: str | None) -> None:
    """Everything that is wrong with a file: as text on standard error, or in a machine format as an answer."""
    if output_format != "text":
        from gwplan.render.as_json import findings_chunks

        emit(findings_chunks(error.findings, None), output)
        return
    from gwplan.render.findings_text import full_findings

    count = len(error.findings)
    last = f"{where if where != '-' else 'standard input'}: {count} error{'' if count == 1 else 's'}"
    show([*full_findings(error.findings), last], stream=sys.stderr)


def named(where: str) -> str:
    """How an inventory is called in a headline."""
    return "standard input" if where == "-" else Path(where).name or where


# --- output -----------------------------------------------------------------------------------------------------------


def show(blocks: Iterable[Any], output: str | None = None, *, stream: Any = None) -> None:
    """Blocks as text: fitted and coloured on a terminal, plain elsewhere."""
    from gwplan.render import sheet

    stream = stream or sys.stdout
    if output is None and _is_terminal(stream):
        width = shutil.get_terminal_size((80, 24)).columns
        emit(sheet.terminal(blocks, max(width, 20), colour=_has_colour()), stream=stream)
    else:
        emit(sheet.plain(blocks), output, stream=stream)


def emit(text: str | Iterable[str], output: str | None = None, *, stream: Any = None) -> None:
    """Write to a file, whole or not at all, or to a stream."""
    from gwplan.findings import UsageError

    chunks = (text,) if isinstance(text, str) else text
    if output is not None and output != "-":
        _write_whole(Path(output), chunks)
        return
    stream = stream or sys.stdout
    try:
        for chunk in chunks:
            try:
                stream.write(chunk)
            except UnicodeEncodeError:
                stream.write(_in_ascii(chunk))
        stream.flush()
    except BrokenPipeError:
        raise PipeClosed from None
    except OSError as error:  # a full disk
        _end_quietly()
        raise UsageError(f"cannot write to standard output: {error.strerror}") from None


def complain(text: str) -> None:
    """One line to standard error."""
    from gwplan.render.sheet import visible

    emit("\n".join(visible(line) for line in text.splitlines()) + "\n", stream=sys.stderr)


_ASCII = str.maketrans({"→": "->", "×": "x", "█": "#", "░": ".", "✔": "+", "✘": "x", "·": "-", "├": "|", "└": "`",
                        "│": "|", "─": "-", "…": "...", "╭": "+", "╮": "+", "╰": "+", "╯": "+", "┬": "+", "┴": "+",
                        "┼": "+", "┤": "|", "—": "-"})  # fmt: skip


def _in_ascii(text: str) -> str:
    return text.translate(_ASCII).encode("ascii", "backslashreplace").decode()


def _write_whole(target: Path, chunks: Iterable[str]) -> None:
    from gwplan.findings import UsageError

    if target.exists() and not target.is_file():  # a device or a pipe, which cannot be replaced
        try:
            with target.open("w", encoding="utf-8") as stream:
                stream.writelines(chunks)
        except OSError as error:
            raise UsageError(f"cannot write {target}: {error.strerror}") from None
        return
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:40]}.")
    except OSError as error:
        raise UsageError(f"cannot write {target}: {error.strerror}") from None
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as stream:
            stream.writelines(chunks)
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
        Path(name).chmod(mode)
        Path(name).replace(target)
    except OSError as error:
        raise UsageError(f"cannot write {target}: {error.strerror}") from None
    finally:
        with contextlib.suppress(FileNotFoundError):
            Path(name).unlink()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _is_terminal(stream: Any) -> bool:
    if os.environ.get("TERM") == "dumb":
        return False
    return bool(os.environ.get("FORCE_COLOR")) or stream.isatty()


def _has_colour() -> bool:
    return not os.environ.get("NO_COLOR")
