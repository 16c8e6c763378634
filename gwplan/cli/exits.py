"""Exit codes: what each means, how the help of a command lists them, and how an error is told and ends."""

from __future__ import annotations

import contextlib
import traceback
from typing import Any

from gwplan import __version__
from gwplan.cli.output import PipeClosed, complain, emit, silence

OK, BAD_NEWS, UNREADABLE, BUG, INTERRUPTED = 0, 1, 2, 3, 130

EXIT_CODES = (
    "Exit codes: 0 well · 1 bad news · 2 unreadable inventory or misuse · 3 a bug of gwplan · 130 interrupted."
)


def epilog(*examples: str, bad_news: str = "") -> str:
    """How the help of a command ends: with examples, the exit codes, and what is bad news here."""
    head = "Examples" if len(examples) > 1 else "Example"
    here = [f"1 here: {bad_news}."] if bad_news else []
    return "\n\n".join((f"{head}: {examples[0]}", *examples[1:], EXIT_CODES, *here))


def tell_error(error: Exception, *, debug: bool) -> int:
    """Tell an error in words, and return its exit code."""
    from gwplan.findings import InventoryError, UsageError

    if _is_of_interrupt(error):
        return INTERRUPTED
    if isinstance(error, InventoryError):
        return UNREADABLE  # told by the command, which knows the format
    if isinstance(error, UsageError):
        complain(f"error: {error}")
        return UNREADABLE
    if type(error).__name__ == "Abort":
        return INTERRUPTED
    if hasattr(error, "format_message"):  # a click exception, whichever click typer brings
        return _tell_misuse(error)
    if isinstance(error, OSError):  # of a path that may not be looked at, or of a stream that click writes to
        where = error.filename or "standard output"
        if error.filename is None:
            silence()
        complain(f"error: cannot use {where}: {error.strerror or error}")
        return UNREADABLE
    if debug:
        complain("".join(traceback.format_exception(error)))
    complain(f"bug in gwplan {__version__}: {type(error).__name__}: {error} (--debug shows where)")
    return BUG


def _is_of_interrupt(error: BaseException) -> bool:
    """Whether a library turned an interrupt into an error of its own."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, KeyboardInterrupt):
            return True
        cause = cause.__cause__ or cause.__context__
    return False


def _tell_misuse(error: Any) -> int:
    from gwplan.findings import UsageError

    if type(error).__name__ == "NoArgsIsHelpError":
        with contextlib.suppress(PipeClosed, UsageError):
            emit(error.format_message() + "\n")
        return UNREADABLE
    context = getattr(error, "ctx", None)
    if context is not None:
        complain(context.get_usage())
    complain(f"error: {error.format_message()}")
    return UNREADABLE
