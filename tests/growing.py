"""How much work a piece of code is: counted in lines run and in bytes held at the peak, never in seconds."""

from __future__ import annotations

import gc
import sys
import tracemalloc
from collections.abc import Callable
from typing import Any


def lines_run(work: Callable[[], Any]) -> int:
    """How many lines of Python a piece of work runs, calls of comprehensions included."""
    count = 0

    def step(frame: Any, event: str, argument: Any) -> Any:
        nonlocal count
        count += 1
        return step

    before = sys.gettrace()
    sys.settrace(step)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


def bytes_held(work: Callable[[], Any]) -> int:
    """The peak above what was held before."""
    gc.collect()
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


MEASURES = (lines_run, bytes_held)
MOST = 2.5
"""Twice the size is at most so many times the work."""
