"""A command that runs again whenever a file changes, until it is interrupted."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from gwplan.cli.output import complain


def whenever_changed(inventories: Iterable[str], once: Callable[[], object]) -> int:
    """Look at the files twice a second, and run ``once`` when one has changed. Misuse does not end it: the next change
    may put it right."""
    from gwplan.findings import UsageError

    before: list[tuple[str, int, int]] | None = None
    while True:
        now = [stamp for where in inventories for stamp in _stamps(Path(where))]
        if now != before:
            before = now
            try:
                once()
            except UsageError as error:
                complain(f"error: {error}")
            complain("watching; Ctrl-C ends")
        time.sleep(0.5)


def _stamps(top: Path) -> Iterator[tuple[str, int, int]]:
    from gwplan.inventory.files import inventory_files

    try:
        files = sorted(inventory_files(top)) if top.is_dir() else [top]
    except OSError:  # a folder that vanishes while it is looked through, or may not be looked at
        files = [top]
    for file in files:
        try:
            status = file.stat()
            yield str(file), status.st_mtime_ns, status.st_size
        except OSError:
            yield str(file), 0, 0
