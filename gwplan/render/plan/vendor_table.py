"""The vendor's table as gwplan holds it: the same rows that are executed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from gwplan.planning.rules import Chain, Row
from gwplan.planning.trace import TIER_WORDS
from gwplan.render.links import VENDOR
from gwplan.render.sheet import Block, Cell, Sheet


def table_blocks(rows: Sequence[Row]) -> Iterator[Block]:
    """One row in full, several as a table."""
    return _row_blocks(rows[0]) if len(rows) == 1 else _table_blocks(rows)


def _table_blocks(rows: Iterable[Row]) -> Iterator[Block]:
    """Every row: its id, when it speaks, the servers it names, how sure it is, where the vendor says so."""
    cells = [
        (
            Cell(row.id, "head"),
            row.when.text.removeprefix("automatic selection, "),
            row.text,
            "—" if row.synthetic is None else _chain_text(row.synthetic),
            row.certainty,
            row.reference,
        )
        for row in rows
    ]
    columns = ("rule", "when", "gateway server", "for synthetic operations", "certainty", "page")
    yield Sheet(columns, cells, optional=("page", "for synthetic operations", "certainty"))
    yield "Unless gateway servers are listed, selection is automatic, and one of the other rows speaks."
    yield f"pages under {VENDOR}; `gwplan rules ID` tells one rule"


def _row_blocks(row: Row) -> Iterator[Block]:
    yield Cell(row.id, "head")
    yield f"  type of job:  {row.job}"
    yield f"  when:         {row.when.text}"
    yield f"  gateway:      {row.text}"
    yield f"  tiers:        {', '.join(_tier(pool.tier) for pool in row.chain) or 'none'}"
    yield f"  synthetic:    {'— (the page has a dash)' if row.synthetic is None else _chain_text(row.synthetic)}"
    if row.edition12 is not None:
        yield f"  edition 12:   {_chain_text(row.edition12)}, where the source is a hardened repository (inferred)"
    yield f"  certainty:    {row.certainty}"
    yield f"  see:          {VENDOR}{row.reference}"


def table_json(rows: Iterable[Row]) -> str:
    """``gwplan.rules/1``."""
    return json.dumps({"format": "gwplan.rules/1", "rules": [_row_object(row) for row in rows]}, indent=1) + "\n"


def _row_object(row: Row) -> dict[str, Any]:
    return {
        "rule": row.id,
        "job": row.job,
        "when": row.when.text,
        "gateway": row.text,
        "tiers": [{"tier": pool.tier, "servers": pool.text, "ranked": pool.ranked} for pool in row.chain],
        "synthetic": None if row.synthetic is None else [pool.tier for pool in row.synthetic],
        "certainty": row.certainty,
        "reference": row.reference,
    }


def _chain_text(chain: Chain) -> str:
    return ", then ".join(pool.text for pool in chain)


def _tier(name: str) -> str:
    return f"{name} ({TIER_WORDS[name]})"
