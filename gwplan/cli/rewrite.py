"""Files that are edited in place: all of them, or none."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gwplan.findings import UsageError

if TYPE_CHECKING:
    from gwplan.inventory.source import Source

_MARK = b"\xef\xbb\xbf"
"""A byte order mark, which a file keeps although the text of its source is without it."""


@dataclass(slots=True)
class _Rewrite:
    """One file: its name as given, where it really is, its bytes before and after, and the file where the new ones
    wait."""

    name: str
    target: Path
    before: bytes
    after: bytes
    waiting: Path | None = None


def must_be_writable(sources: Iterable[Source]) -> None:
    """Raises UsageError for standard input, and for a file that cannot be written."""
    for source in sources:
        _writable(source)


def rewrite(pairs: Iterable[tuple[Source, Source]]) -> list[str]:
    """Write what some sources became into the files that they came from, and say which.

    Raises UsageError, with nothing written, where a file cannot be written or has changed since it was read.
    """
    files: dict[Path, _Rewrite] = {}
    for before, after in pairs:
        one = _checked(before, after)
        other = files.setdefault(one.target, one)
        if other.after != one.after:
            raise UsageError(f"{one.name}: is {other.name}, and would be edited in two ways: nothing is written")
    try:
        for one in files.values():
            one.waiting = _laid_beside(one.target, one.after)
        _replaced(list(files.values()))
    finally:
        for one in files.values():
            if one.waiting is not None:
                one.waiting.unlink(missing_ok=True)
    return [one.name for one in files.values()]


def _writable(source: Source) -> tuple[str, Path]:
    """The file's name, and where it really is."""
    if source.name is None:
        raise UsageError("standard input cannot be written: give a file or a folder")
    target = Path(os.path.realpath(source.name))  # a link stays, and what it points at is edited
    try:
        if not target.stat().st_mode & 0o222 or not os.access(target, os.W_OK) or not target.is_file():
            raise UsageError(f"cannot write {source.name}: it is read-only: nothing is written")
    except OSError as error:
        raise _cannot(source.name, error) from None
    return source.name, target


def _checked(before: Source, after: Source) -> _Rewrite:
    name, target = _writable(before)
    try:
        data = target.read_bytes()
    except OSError as error:
        raise _cannot(name, error) from None
    mark = _MARK if data.startswith(_MARK) else b""
    if data != mark + before.text.encode():
        raise UsageError(f"{name}: has changed since it was read: nothing is written")
    return _Rewrite(name, target, data, mark + after.text.encode())


def _laid_beside(target: Path, data: bytes) -> Path:
    """A new file beside one, with its mode and, where that may be, its owner."""
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:40]}.")
        try:
            status = target.stat()
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
            with contextlib.suppress(OSError):
                os.chown(name, status.st_uid, status.st_gid)
            Path(name).chmod(status.st_mode & 0o7777)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise _cannot(str(target), error) from None
    return Path(name)


def _replaced(files: list[_Rewrite]) -> None:
    """Put all new files in place; where one cannot be, put the old ones back."""
    done: list[_Rewrite] = []
    try:
        for one in files:
            assert one.waiting is not None
            one.waiting.replace(one.target)
            one.waiting = None
            done.append(one)
    except BaseException as error:
        for one in done:
            _laid_beside(one.target, one.before).replace(one.target)
        if isinstance(error, OSError):
            raise _cannot(files[len(done)].name, error) from None
        raise


def _cannot(name: str, error: OSError) -> UsageError:
    return UsageError(f"cannot write {name}: {error.strerror or error}: nothing is written")
