"""The vendor's table as gwplan holds it: the same rows that are executed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gwplan.planning.editions.v12 import V12
from gwplan.planning.editions.v13 import V13
from gwplan.planning.table import Row, chain_text
from gwplan.planning.words import TIER_WORDS
from gwplan.render.sheet import Block, Cell, Sheet

PAGE = "https://helpcenter.veeam.com/docs/vbr/userguide/"


def rules_blocks() -> Iterator[Block]:
    """Every row: its id, when it speaks, the servers it names, how sure it is, where the vendor says so."""
    rows = [
        (
            Cell(row.id, "head"),
            row.when.text.removeprefix("automatic selection, "),
            V13.text(row),
            "—" if (column := V13.synthetic_of(row)) is None else chain_text(column),
            row.certainty,
            row.reference,
        )
        for row in V13.rows
    ]
    columns = ("rule", "when", "gateway server", "for synthetic operations", "certainty", "page")
    yield Sheet(columns, rows, optional=("page", "for synthetic operations", "certainty"))
    yield "Unless gateway servers are listed, selection is automatic, and one of the other rows speaks."
    yield f"pages under {PAGE}; `gwplan rules ID` tells one rule"


def rule_blocks(row: Row) -> Iterator[Block]:
    """One row."""
    yield Cell(row.id, "head")
    yield f"  type of job:  {row.line.job}"
    yield f"  when:         {row.when.text}"
    yield f"  gateway:      {V13.text(row)}"
    yield f"  tiers:        {', '.join(_tier(pool.tier) for pool in V13.pools(row)) or 'none'}"
    column = V13.synthetic_of(row)
    yield f"  synthetic:    {'— (the page has a dash)' if column is None else chain_text(column)}"
    before = V12.row_called(row.id)
    if before is not None and before.choices != row.choices:
        yield f"  edition 12:   {V12.text(before)} ({before.certainty})"
    yield f"  certainty:    {row.certainty}"
    yield f"  see:          {PAGE}{row.reference}"


def rule_object(row: Row) -> dict[str, Any]:
    """One row as plain data."""
    return {
        "rule": row.id,
        "job": row.line.job,
        "when": row.when.text,
        "gateway": V13.text(row),
        "tiers": [{"tier": pool.tier, "servers": pool.text, "ranked": pool.ranked} for pool in V13.pools(row)],
        "synthetic": None if (column := V13.synthetic_of(row)) is None else [pool.tier for pool in column],
        "certainty": row.certainty,
        "reference": row.reference,
    }


def _tier(name: str) -> str:
    return f"{name} ({TIER_WORDS[name]})"
