"""Whole processes measured: the fastest of several runs, for what disturbs one only adds to it, and the most memory."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BIN = Path(sys.executable).parent
PYTHON, GWPLAN = sys.executable, str(BIN / "gwplan")


@dataclass(frozen=True)
class Taken:
    """What one command took: seconds of its fastest run, by the clock and of processors; its peak memory in MB."""

    seconds: float
    processor_seconds: float
    megabytes: float


@dataclass(frozen=True)
class Row:
    """One line of the report: what was measured against which baseline, and how much of it is wanted at most."""

    what: str
    baseline: str
    ratio: float
    at_most: float
    unit: str = "×"
    taken: Taken | None = None
    base: Taken | None = None

    @property
    def is_met(self) -> bool:
        return self.ratio <= self.at_most


def run(command: list[str], times: int = 3) -> Taken:
    """Run a command so many times, one after the other, its output thrown away."""
    seconds, processor, megabytes = [], [], 0.0
    for _ in range(times):
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        seconds.append(time.perf_counter() - start)
        processor.append(usage.ru_utime + usage.ru_stime)
        process.returncode = os.waitstatus_to_exitcode(status)
        megabytes = max(megabytes, usage.ru_maxrss / 1024)
        if process.returncode not in (0, 1):
            raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return Taken(min(seconds), min(processor), megabytes)


def ratio(what: str, taken: Taken, baseline: str, base: Taken, at_most: float) -> Row:
    """What a command took as a ratio of what a baseline took, by the clock."""
    return Row(what, baseline, taken.seconds / base.seconds, at_most, taken=taken, base=base)


def against(what: str, command: list[str], baseline: str, base: Taken, at_most: float, times: int = 3) -> Row:
    """A command's time as a ratio of a baseline's."""
    return ratio(what, run(command, times), baseline, base, at_most)


def report(rows: Iterable[Row]) -> str:
    """The rows as a Markdown table."""
    lines = ["| what | baseline | measured | wanted |", "|---|---|---:|---:|"]
    for row in rows:
        mark = "" if row.is_met else " **missed**"
        lines.append(
            f"| {row.what} | {row.baseline} | {row.ratio:.3g} {row.unit}{mark} | ≤ {row.at_most:.3g} {row.unit} |"
        )
    return "\n".join(lines)


def differences(rows: Iterable[dict[str, Any]], before: Iterable[dict[str, Any]]) -> str:
    """Two measurements row by row as a Markdown table: processor time where a command was timed, else the number."""
    earlier = {row["what"]: row for row in before}
    lines = ["| what | before | after | |", "|---|---:|---:|---:|"]
    for row in rows:
        if row["what"] in earlier:
            old, new = (_number(one) for one in (earlier[row["what"]], row))
            lines.append(f"| {row['what']} | {old[0]:.3g} {old[1]} | {new[0]:.3g} {new[1]} | {new[0] / old[0]:.0%} |")
    return "\n".join(lines)


def _number(row: dict[str, Any]) -> tuple[float, str]:
    """Processor time depends less than the clock on what else the machine does."""
    return (row["taken"]["processor_seconds"], "s") if row["taken"] else (row["ratio"], row["unit"])
