"""The vendor's table as gwplan holds it: the same rows that are executed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from gwplan.planning.editions import EDITIONS, is_beyond_pages
from gwplan.planning.table import Edition, Row, chain_text
from gwplan.planning.words import TIER_WORDS
from gwplan.render.links import VENDOR
from gwplan.render.sheet import Block, Cell, Sheet
from gwplan.render.things import VendorTable


def table_blocks(told: VendorTable) -> Iterator[Block]:
    """One row in full, several as a table."""
    if told.asked is not None:
        if is_beyond_pages(told.asked):
            taken = f"the rules of edition {told.edition.id} are taken"
            yield f"no page of the vendor for version {told.asked} is known: {taken}"
        yield f"edition {told.edition.id}: {told.edition.cited}, build or version {told.edition.build}"
    yield from _row_blocks(told.edition, told.rows[0]) if len(told.rows) == 1 else _table_blocks(told)


def _table_blocks(told: VendorTable) -> Iterator[Block]:
    """Every row: its id, when it speaks, the servers it names, how sure it is, where the vendor says so."""
    cells = [
        (
            Cell(row.id, "head"),
            row.when.text.removeprefix("automatic selection, "),
            told.edition.text(row),
            "—" if (synthetic := told.edition.synthetic_of(row)) is None else chain_text(synthetic),
            row.certainty_text,
            row.reference,
        )
        for row in told.rows
    ]
    columns = ("rule", "when", "gateway server", "for synthetic operations", "certainty", "page")
    yield Sheet(columns, cells, optional=("certainty", "for synthetic operations", "page"))
    yield "Unless gateway servers are listed, selection is automatic, and one of the other rows speaks."
    yield f"pages under {VENDOR}; `gwplan rules ID` tells one rule"


def _row_blocks(edition: Edition, row: Row) -> Iterator[Block]:
    synthetic = edition.synthetic_of(row)
    yield Cell(row.id, "head")
    yield f"  type of job:  {row.line.job}"
    yield f"  when:         {row.when.text}"
    yield f"  gateway:      {edition.text(row)}"
    yield f"  tiers:        {', '.join(_tier(pool.tier) for pool in edition.pools(row)) or 'none'}"
    yield f"  synthetic:    {'— (the page has a dash)' if synthetic is None else chain_text(synthetic)}"
    told = {edition.text(row)}
    for other in EDITIONS:
        there = other.row_called(row.id)
        if there is not None and other.text(there) not in told:
            told.add(other.text(there))
            yield f"  {f'edition {other.id}:':<13} {other.text(there)} ({there.certainty})"
    yield f"  certainty:    {row.certainty_text}"
    yield f"  see:          {VENDOR}{row.reference}"


def table_json(told: VendorTable) -> str:
    """``gwplan.rules/1``."""
    rows = [_row_object(told.edition, row) for row in told.rows]
    return json.dumps({"format": "gwplan.rules/1", "edition": told.edition.id, "rules": rows}, indent=1) + "\n"


def _row_object(edition: Edition, row: Row) -> dict[str, Any]:
    synthetic = edition.synthetic_of(row)
    return {
        "rule": row.id,
        "job": row.line.job,
        "when": row.when.text,
        "gateway": edition.text(row),
        "tiers": [{"tier": pool.tier, "servers": pool.text, "ranked": pool.ranked} for pool in edition.pools(row)],
        "synthetic": None if synthetic is None else [pool.tier for pool in synthetic],
        "certainty": row.certainty,
        "unless": [{"when": when.text, "certainty": certainty} for when, certainty in row.unless],
        "reference": row.reference,
    }


def _tier(name: str) -> str:
    return f"{name} ({TIER_WORDS[name]})"
