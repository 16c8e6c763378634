"""The heat map of a sweep: what each loss hits, per job type or per site."""

from __future__ import annotations

from collections import Counter
from typing import Any

from gwplan.failures.sweep import Sweep
from gwplan.inventory.names import natural
from gwplan.render.sheet import Cell, Sheet

_SHADES = " ░▒▓█"


def heat_sheet(found: Sweep, by: str) -> Sheet:
    """A table with shades: the darker, the nearer to the largest number."""
    columns, rows = _heat(found, by)
    most = max((number for _, cells in rows for number in cells), default=0)

    def cell(number: int) -> Cell | str:
        if not number:
            return "·"
        level = max(1, round(number / most * (len(_SHADES) - 1)))
        return Cell(f"{_SHADES[level] * 2} {number:,}", "bad" if level > 2 else "warn")

    table = [(Cell(" + ".join(down), "head"), *map(cell, cells)) for down, cells in rows]
    return Sheet((f"lost or blocked, per {by}", *columns), table, optional=tuple(columns))


def heat_object(found: Sweep, by: str) -> dict[str, Any]:
    columns, rows = _heat(found, by)
    return {"by": by, "columns": columns, "rows": [{"down": list(down), "cells": cells} for down, cells in rows]}


def _heat(found: Sweep, by: str) -> tuple[list[str], list[tuple[tuple[str, ...], list[int]]]]:
    """Decisions lost or blocked by each loss, per job type or site: the columns, and a row per loss that hurts."""
    inventory = found.base.inventory
    column_of: dict[str, str] = {}
    for needs in found.base.cases:  # the site of the repository that is written, or else read
        side = needs.ruled.sides[-1]
        site = inventory.site_of_repository(side.repository)
        column_of.setdefault(side.job, side.type if by == "type" else site or "no site")
    hit: list[tuple[tuple[str, ...], Counter[str]]] = []
    for result in found.results:
        cells: Counter[str] = Counter()
        for job, number in [*result.lost.items(), *result.blocked.items()]:
            cells[column_of[job]] += number
        if cells.total():
            hit.append((result.down, cells))
    columns = sorted({column for _, cells in hit for column in cells if cells[column]}, key=natural)
    return columns, [(down, [cells[column] for column in columns]) for down, cells in hit]
