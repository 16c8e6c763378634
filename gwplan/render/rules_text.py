"""The vendor's table as gwplan holds it: the same rows that are executed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gwplan.planning.rules import ROWS, Chain, Row
from gwplan.planning.trace import TIER_WORDS
from gwplan.render.sheet import Block, Cell, Sheet

PAGE = "https://helpcenter.veeam.com/docs/vbr/userguide/"


def rules_blocks() -> Iterator[Block]:
    """Every row: its id, when it speaks, the servers it names, how sure it is, where the vendor says so."""
    rows = [
        (
            Cell(row.id, "head"),
            row.when.text.removeprefix("automatic selection, "),
            row.text,
            "—" if row.synthetic is None else chain_text(row.synthetic),
            row.certainty,
            row.reference,
        )
        for row in ROWS
    ]
    columns = ("rule", "when", "gateway server", "for synthetic operations", "certainty", "page")
    yield Sheet(columns, rows, optional=("page", "for synthetic operations", "certainty"))
    yield "Unless gateway servers are listed, selection is automatic, and one of the other rows speaks."
    yield f"pages under {PAGE}; `gwplan rules ID` tells one rule"


def rule_blocks(row: Row) -> Iterator[Block]:
    """One row."""
    yield Cell(row.id, "head")
    yield f"  type of job:  {row.job}"
    yield f"  when:         {row.when.text}"
    yield f"  gateway:      {row.text}"
    yield f"  tiers:        {', '.join(_tier(pool.tier) for pool in row.chain) or 'none'}"
    yield f"  synthetic:    {'— (the page has a dash)' if row.synthetic is None else chain_text(row.synthetic)}"
    if row.edition12 is not None:
        yield f"  edition 12:   {chain_text(row.edition12)}, where the source is a hardened repository (inferred)"
    yield f"  certainty:    {row.certainty}"
    yield f"  see:          {PAGE}{row.reference}"


def rule_object(row: Row) -> dict[str, Any]:
    """One row as plain data."""
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


def chain_text(chain: Chain) -> str:
    return ", then ".join(pool.text for pool in chain)


def _tier(name: str) -> str:
    return f"{name} ({TIER_WORDS[name]})"
