"""What a sweep found, for people: the worst losses, single points of failure, fragile jobs, what was examined."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from gwplan.failures.loss import Result
from gwplan.failures.sweep import Sweep
from gwplan.inventory.names import natural
from gwplan.render.sheet import Block, Branch, Cell, Sheet, counted

_SHOWN = 20
_SHADES = " ░▒▓█"


def sweep_blocks(found: Sweep, accepted: Mapping[str, str], *, everything: bool = False) -> Iterator[Block]:
    """``gwplan sweep``."""
    points = [name for name in found.single_points if name not in accepted]
    verdict = verdict_line(found, points)
    yield Cell(verdict, "bad" if points else "good")
    yield ""
    hurting = [r for r in found.results if everything or r.lost or r.blocked or r.moved]
    shown = hurting if everything else hurting[:_SHOWN]
    if shown:
        yield _result_sheet(shown, accepted)
    if len(shown) < len(hurting):
        yield Cell(f"{len(hurting) - len(shown)} more that move or lose something (--all lists them)", "dim")
        yield ""
    if found.order == 1 and found.fragile:
        yield Cell("fragile: what alone can stop some of a job", "head")
        for elements, jobs in _by_elements(found.fragile).items():
            yield Branch(1, f"{', '.join(jobs[:8])}{f' and {len(jobs) - 8} more' if len(jobs) > 8 else ''}")
            yield Branch(2, ", ".join(elements[:8]) + (f" and {len(elements) - 8} more" if len(elements) > 8 else ""))
        yield ""
    for name in sorted(set(found.single_points) & set(accepted), key=natural):
        yield f"accepted: {name}{f', {accepted[name]}' if accepted[name] else ''}"
    yield coverage_line(found)
    yield Cell(verdict, "bad" if points else "good")


def verdict_line(found: Sweep, points: Sequence[str]) -> str:
    """What it comes to."""
    some = ", ".join(points[:6]) + (f" and {len(points) - 6} more" if len(points) > 6 else "")
    single = f"{counted(len(points), 'single point')} of failure: {some}" if points else "no single point of failure"
    if found.order == 1:
        return single
    number = len(found.results)
    return f"{counted(number, 'pair')} {'loses' if number == 1 else 'lose'} what neither loses alone; {single}"


def coverage_line(found: Sweep) -> str:
    what = "losses" if found.order == 1 else "pairs"
    return f"{found.examined:,} of {found.scenarios:,} {what} examined, of {found.elements} elements"


def _result_sheet(results: Sequence[Result], accepted: Collection[str]) -> Sheet:
    rows = []
    for result in results:
        jobs = sorted({*result.lost, *result.blocked}, key=natural)
        is_point = result.is_single_point and len(result.down) == 1
        point = "" if not is_point else "accepted" if set(result.down) & set(accepted) else "yes"
        peak = f"{result.peak[1]:.0%} {result.peak[0]}" if result.peak else ""
        rows.append(
            (
                Cell(" + ".join(result.down), "head"),
                f"{result.lost.total():,}",
                f"{result.blocked.total():,}",
                f"{result.moved:,}",
                Cell(point, "bad" if point == "yes" else ""),
                peak,
                ", ".join(jobs[:4]) + (f" and {len(jobs) - 4} more" if len(jobs) > 4 else ""),
            )
        )
    columns = ("down", "lost", "blocked", "moved", "single point", "peak share", "jobs hit")
    return Sheet(columns, rows, frozenset({"lost", "blocked", "moved"}), ("peak share", "single point", "jobs hit"))


def _by_elements(fragile: Mapping[str, Sequence[str]]) -> dict[tuple[str, ...], list[str]]:
    """Jobs that the same elements can stop, together."""
    found: dict[tuple[str, ...], list[str]] = {}
    for job, elements in fragile.items():
        found.setdefault(tuple(elements), []).append(job)
    return found


# --- the heat map -----------------------------------------------------------------------------------------------------


def heat(found: Sweep, by: str) -> tuple[list[str], list[tuple[str, list[int]]]]:
    """Decisions lost or blocked by each loss, per job type or site: the columns, and a row per loss that hurts."""
    inventory = found.base.inventory
    column_of: dict[str, str] = {}
    for stand in found.base.stands:  # the site of the repository that is written, or else read
        side = stand.ruled.sides[-1]
        site = inventory.site_of_repository(side.repository)
        column_of.setdefault(side.job, side.type if by == "type" else site or "no site")
    columns = sorted(set(column_of.values()), key=natural)
    rows = []
    for result in found.results:
        cells: Counter[str] = Counter()
        for job, number in [*result.lost.items(), *result.blocked.items()]:
            cells[column_of[job]] += number
        if cells.total():
            rows.append((" + ".join(result.down), [cells[column] for column in columns]))
    return [c for i, c in enumerate(columns) if any(row[1][i] for row in rows)], [
        (name, [n for i, n in enumerate(cells) if any(row[1][i] for row in rows)]) for name, cells in rows
    ]


def heat_sheet(found: Sweep, by: str) -> Sheet:
    """The same as a table with shades: the darker, the more of the most."""
    columns, rows = heat(found, by)
    most = max((number for _, cells in rows for number in cells), default=0)

    def cell(number: int) -> Cell | str:
        if not number:
            return "·"
        level = max(1, round(number / most * (len(_SHADES) - 1)))
        return Cell(f"{_SHADES[level] * 2} {number:,}", "bad" if level > 2 else "warn")

    table = [(Cell(name, "head"), *map(cell, cells)) for name, cells in rows]
    return Sheet((f"lost or blocked, per {by}", *columns), table, optional=tuple(columns))


def heat_object(found: Sweep, by: str) -> dict[str, Any]:
    columns, rows = heat(found, by)
    return {"by": by, "columns": columns, "rows": [{"down": name.split(" + "), "cells": cells} for name, cells in rows]}
