"""Progress on standard error for what takes long: a bar on a terminal, now and then a line elsewhere."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterator

from gwplan.cli.output import complain

_DELAY = 1.0
_EVERY = 0.1
_LINE_EVERY = 15.0


@contextlib.contextmanager
def progress(doing: str) -> Iterator[Callable[[int, int], None]]:
    """Show a bar, drawn by a thread of its own, so that it moves even while nothing can be counted yet.

    Yields a function to be called with how much is done, and of how much.
    """
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield _lines(doing)
        return
    from threading import Timer

    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task(doing, total=None)
    shown = 0.0

    def step(done: int, of: int) -> None:
        nonlocal shown
        if (now := time.monotonic()) - shown > _EVERY:
            shown = now
            bar.update(task, completed=done, total=of)

    start = Timer(_DELAY, bar.start)
    start.start()
    try:
        yield step
    finally:
        start.cancel()
        start.join()
        bar.stop()


def _lines(doing: str) -> Callable[[int, int], None]:
    """A line every quarter of a minute, for a log."""
    told = time.monotonic()

    def step(done: int, of: int) -> None:
        nonlocal told
        if (now := time.monotonic()) - told > _LINE_EVERY:
            told = now
            complain(f"{doing}: {done:,} of {of:,} examined")

    return step
