"""Everything that leaves: to a stream or a file, fitted to a terminal or plain, whole or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from gwplan.render.formats import Format

T = TypeVar("T")


def tell(format: Format[T], thing: T, file: str | None = None) -> None:  # noqa: A002 - as the option is called
    """A thing in one of its formats, to standard output or a file."""
    told = format.write(thing)
    if format.is_text:
        show(told, file)
    elif _is_workflow() and file in (None, "-"):
        emit("".join(told).replace("##[", f"{format.other_hash}#["))
    else:
        emit(told, file)


def show(blocks: Iterable[Any], output: str | None = None, *, stream: Any = None) -> None:
    """Blocks as text: fitted and coloured on a terminal, plain elsewhere."""
    from gwplan.render import sheet

    stream = stream or sys.stdout
    if output not in (None, "-"):
        emit(sheet.plain(blocks), output)
    elif output is None and _is_terminal(stream):
        width = shutil.get_terminal_size((80, 24)).columns
        emit(_logged(sheet.terminal(blocks, max(width, 20), colour=_has_colour())), stream=stream)
    else:
        emit(_logged(sheet.plain(blocks)), stream=stream)


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
        if stream is sys.stderr:
            return  # nowhere is left to say so
        silence()
        raise UsageError(f"cannot write to standard output: {error.strerror}") from None


def refuse_same(option: str, output: str | None, *others: str | Path | None) -> None:
    """Raises UsageError where a file that is to be written is one of those that are read, or written too."""
    from gwplan.findings import UsageError

    if output is None or output == "-":
        return
    for other in others:
        if other is not None and str(other) != "-" and os.path.realpath(output) == os.path.realpath(other):
            raise UsageError(f"{option} {output}: is {other}, which would be lost: give another file")


def stdout_is_a_terminal() -> bool:
    """Whether standard output is a terminal, whatever colours it is asked for."""
    return sys.stdout.isatty()


def complain(text: str) -> None:
    """One line to standard error."""
    from gwplan.render.escape import visible

    emit(_logged("\n".join(visible(line) for line in text.splitlines()) + "\n"), stream=sys.stderr)


def _is_workflow() -> bool:
    return os.environ.get("GITHUB_ACTIONS") == "true"


def _logged(text: str) -> str:
    """The text as it is, but in a workflow, whose runner reads both streams for commands."""
    from gwplan.render.escape import log

    return log(text) if _is_workflow() else text


def silence() -> None:
    """Write nothing more to standard output, so that leaving does not fail on what is still to be flushed."""
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class PipeClosed(Exception):
    """Nobody reads on; click would end the process by itself on a BrokenPipeError."""


_ASCII = str.maketrans({"→": "->", "×": "x", "█": "#", "░": ".", "✔": "+", "✘": "x", "·": "-", "├": "|", "└": "`",
                        "│": "|", "─": "-", "…": "...", "╭": "+", "╮": "+", "╰": "+", "╯": "+", "┬": "+", "┴": "+",
                        "┼": "+", "┤": "|", "—": "-"})  # fmt: skip


def _in_ascii(text: str) -> str:
    return text.translate(_ASCII).encode("ascii", "backslashreplace").decode()


def _write_whole(target: Path, chunks: Iterable[str]) -> None:
    from gwplan.findings import UsageError

    try:
        if target.exists() and not target.is_file():  # a device or a pipe, which cannot be replaced
            with target.open("w", encoding="utf-8") as stream:
                stream.writelines(chunks)
        else:
            _replace(Path(os.path.realpath(target)), chunks)  # a link stays, and what it points at is replaced
    except (OSError, ValueError) as error:
        raise UsageError(f"cannot write {target}: {getattr(error, 'strerror', None) or error}") from None


def _replace(target: Path, chunks: Iterable[str]) -> None:
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:40]}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace", newline="") as stream:
            stream.writelines(chunks)
        Path(name).chmod(target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask())
        Path(name).replace(target)
    finally:
        Path(name).unlink(missing_ok=True)


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
