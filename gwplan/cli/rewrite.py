"""An inventory's own files with edits made: all of them or none, and nothing that cannot be written again."""

from __future__ import annotations

import codecs
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from gwplan.cli.output import emit
from gwplan.findings import UsageError

if TYPE_CHECKING:
    from gwplan.inventory.edit import Edited
    from gwplan.inventory.source import Source


def must_be_writable(sources: Iterable[Source]) -> None:
    """Raises UsageError for standard input, and for a file without write permission."""
    for source in sources:
        if source.name is None:
            raise UsageError("standard input cannot be written: give a file or a folder")
        file = Path(source.name)
        with suppress(FileNotFoundError):
            if not file.stat().st_mode & 0o222 or not os.access(file, os.W_OK):
                raise UsageError(f"cannot write {source.name}: it may not be written")


def rewrite(made: Edited) -> list[str]:
    """Write what differs, and say which files. Where one cannot be written, those before it get their old text back."""
    must_be_writable(old for old, _ in made.rewritten)
    done: list[tuple[Source, str]] = []
    try:
        for old, new in made.rewritten:
            assert old.name is not None
            mark = _mark(old.name)
            emit(mark + new.text, old.name)
            done.append((old, mark))
    except UsageError:
        for old, mark in done:
            emit(mark + old.text, old.name)
        raise
    return [old.name for old, _ in done if old.name]


def _mark(name: str) -> str:
    """The byte order mark that the file begins with, if it does."""
    with Path(name).open("rb") as stream:
        return "\N{ZERO WIDTH NO-BREAK SPACE}" if stream.read(3) == codecs.BOM_UTF8 else ""
