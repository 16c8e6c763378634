"""Whole processes measured: the median time of several runs, and the most memory that one took."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

BIN = Path(sys.executable).parent
PYTHON, GWPLAN = sys.executable, str(BIN / "gwplan")


@dataclass(frozen=True)
class Taken:
    """What one command took: the median of its runs in seconds, its peak memory in MB."""

    seconds: float
    megabytes: float


@dataclass(frozen=True)
class Row:
    """One line of the report: what was measured against which baseline, and how much of it is wanted at most."""

    what: str
    baseline: str
    ratio: float
    at_most: float
    unit: str = "×"

    @property
    def is_met(self) -> bool:
        return self.ratio <= self.at_most


def run(command: list[str], times: int = 3) -> Taken:
    """Run a command so many times, one after the other, its output thrown away."""
    seconds, megabytes = [], 0.0
    for _ in range(times):
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        seconds.append(time.perf_counter() - start)
        process.returncode = os.waitstatus_to_exitcode(status)
        megabytes = max(megabytes, usage.ru_maxrss / 1024)
        if process.returncode not in (0, 1):
            raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return Taken(statistics.median(seconds), megabytes)


def against(what: str, command: list[str], baseline: str, base: Taken, at_most: float, times: int = 3) -> Row:
    """A command's time as a ratio of a baseline's."""
    return Row(what, baseline, run(command, times).seconds / base.seconds, at_most)


def report(rows: Iterable[Row]) -> str:
    """The rows as a Markdown table."""
    lines = ["| what | baseline | measured | wanted |", "|---|---|---:|---:|"]
    for row in rows:
        mark = "" if row.is_met else " **missed**"
        lines.append(
            f"| {row.what} | {row.baseline} | {row.ratio:.3g} {row.unit}{mark} | ≤ {row.at_most:g} {row.unit} |"
        )
    return "\n".join(lines)
