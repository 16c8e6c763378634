"""Everything that leaves: to a stream or a file, fitted to a terminal or plain, whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from gwplan.render.formats import Format

T = TypeVar("T")


def tell(format: Format[T], thing: T, file: str | None = None, *, stream: Any = None) -> None:  # noqa: A002 - as the option is called
    """Write a thing in one of its formats to a file or a stream; to standard output where none is given."""
    told = format.write(thing)
    if format.is_text:
        show(told, file, stream=stream)
    elif _is_log(file):
        emit("".join(told).replace("##[", f"{format.other_hash}#["), file, stream=stream)
    else:
        emit(told, file, stream=stream)


def show(blocks: Iterable[Any], output: str | None = None, *, stream: Any = None) -> None:
    """Write blocks as text: fitted and coloured on a terminal, plain elsewhere."""
    from gwplan.render import sheet

    stream = stream or sys.stdout
    if output not in (None, "-"):
        emit(logged(sheet.plain(blocks), output), output)
    elif output is None and _is_terminal(stream):
        width = shutil.get_terminal_size((80, 24)).columns
        emit(_fitting(logged(sheet.terminal(blocks, max(width, 20), colour=_has_colour())), stream), stream=stream)
    else:
        emit(_fitting(logged(sheet.plain(blocks)), stream), stream=stream)


def show_diff(text: str, output: str | None = None) -> None:
    """Write a unified diff: coloured on a terminal, and elsewhere to the byte, for `patch`."""
    if output in (None, "-") and _is_terminal(sys.stdout):
        from gwplan.render.sheet import Cell

        styles = {"+": "good", "-": "bad", "@": "dim"}
        lines = text.removesuffix("\n").replace("\r\n", "\n").split("\n") if text else []
        show(Cell(line, styles.get(line[:1], ""), whole=True) for line in lines)
    else:
        emit(logged(text) if output in (None, "-") else text, output)


def emit(text: str | Iterable[str], output: str | None = None, *, stream: Any = None) -> None:
    """Write to a file, whole or not at all, or to a stream: in UTF-8 what the stream has no characters for."""
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
                stream.flush()
                stream.buffer.write(chunk.encode("utf-8", "backslashreplace"))
        stream.flush()
    except BrokenPipeError:
        raise PipeClosed from None
    except OSError as error:  # a full disk
        if stream is sys.stderr:
            return  # nowhere is left to say so
        silence()
        raise UsageError(f"cannot write to standard output: {error.strerror}") from None


def refuse_same(option: str, output: str | None, *others: str | Path | None) -> None:
    """Raises UsageError if the file to write is one of the others, which are read or written, too, or if it is read as
    a part of one that is a folder."""
    from gwplan.findings import UsageError
    from gwplan.inventory.files import is_inventory_file

    if output is None or output == "-":
        return
    for other in (other for other in others if other is not None):
        if _is_same(output, other):
            name = "standard input" if str(other) == "-" else other
            raise UsageError(f"{option} {output}: is {name}, which would be lost: give another file")
        refuse_inside(option, output, other, is_inventory_file)


def refuse_inside(option: str, output: str | None, folder: str | Path, is_read: Callable[[Path], bool]) -> None:
    """Raises UsageError for a file that is, or would be from now on, read as a part of a folder.

    ``is_read`` says which files below the folder are read, by their paths relative to it.
    """
    from gwplan.findings import UsageError
    from gwplan.inventory.files import files_below

    if output is None or output == "-":
        return
    target, top = Path(os.path.realpath(output)), Path(os.path.realpath(folder))
    try:
        if not top.is_dir():
            return
        inside = target.is_relative_to(top) and is_read(target.relative_to(top))
        if inside or any(_is_same(output, file) for file in files_below(top) if is_read(file.relative_to(top))):
            raise UsageError(f"{option} {output}: is read as a part of {folder}: give a file elsewhere")
    except OSError:
        return  # what may not be looked at is reported when it is read


def refuse_in_log(text: str, output: str | None) -> None:
    """Raises UsageError if text that may not change, such as YAML, would be a command to the runner of a workflow."""
    from gwplan.findings import UsageError

    if logged(text, output) != text:
        why = "a part of it would be a command to the runner of this workflow"
        raise UsageError(f"the inventory is not printed here, as {why}: give --output FILE")


def stdout_is_a_terminal() -> bool:
    """Whether standard output is a terminal, whatever colours it is asked for."""
    return sys.stdout.isatty()


def complain(text: str) -> None:
    """One line to standard error."""
    from gwplan.render.escape import visible

    told = logged("\n".join(visible(line) for line in text.splitlines()) + "\n")
    emit(_fitting(told, sys.stderr), stream=sys.stderr)


def logged(text: str, output: str | None = None) -> str:
    """The text, made harmless where it goes to the log of a workflow: its runner reads both streams for commands."""
    from gwplan.render.escape import log

    return log(text) if _is_log(output) else text


def _is_log(output: str | None) -> bool:
    if os.environ.get("GITHUB_ACTIONS") != "true":
        return False
    try:
        return output in (None, "-") or stat.S_ISCHR(mode := Path(output).stat().st_mode) or stat.S_ISFIFO(mode)
    except (OSError, ValueError):
        return False


def _is_same(output: str, other: str | Path) -> bool:
    try:
        if str(other) == "-":
            there = os.fstat(sys.stdin.fileno())
            return stat.S_ISREG(there.st_mode) and os.path.samestat(there, Path(output).stat())
        return os.path.realpath(output) == os.path.realpath(other) or Path(output).samefile(other)
    except (OSError, ValueError, AttributeError):  # one is not there, or the process has no standard input
        return False


def silence() -> None:
    """Write nothing more to standard output, so that leaving does not fail on what is still to be flushed."""
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class PipeClosed(Exception):
    """Nobody reads any more. Not a BrokenPipeError, at which click would end the process itself."""


_ASCII = str.maketrans({"→": "->", "×": "x", "█": "#", "░": ".", "✔": "+", "✘": "x", "·": "-", "├": "|", "└": "`",
                        "│": "|", "─": "-", "…": "...", "╭": "+", "╮": "+", "╰": "+", "╯": "+", "┬": "+", "┴": "+",
                        "┼": "+", "┤": "|", "—": "-"})  # fmt: skip


def _fitting(text: str, stream: Any) -> str:
    """Text for people in the characters that a stream has."""
    try:
        text.encode(stream.encoding or "utf-8")
    except UnicodeEncodeError:
        return _in_ascii(text)
    return text


def _in_ascii(text: str) -> str:
    return text.translate(_ASCII).encode("ascii", "backslashreplace").decode()


def _write_whole(target: Path, chunks: Iterable[str]) -> None:
    from gwplan.findings import UsageError

    try:
        if target.exists() and not target.is_file():  # a device or a pipe, which cannot be replaced
            with target.open("w", encoding="utf-8") as stream:
                stream.writelines(chunks)
        else:
            real = Path(os.path.realpath(target))  # a link stays, and what it points at is replaced
            if real.is_symlink():
                raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
            _replace(real, chunks)
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
