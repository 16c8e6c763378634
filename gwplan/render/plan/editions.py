"""The editions of the vendor's rules: their pages and dates, and what differs from one to the next."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise

from gwplan.planning.editions.between import between
from gwplan.render.links import VENDOR
from gwplan.render.sheet import Block, Branch, Cell, Sheet
from gwplan.render.things import EditionList


def edition_blocks(told: EditionList) -> Iterator[Block]:
    """``gwplan rules --editions``."""
    rows = [(Cell(one.id, "head"), one.page, one.date or "—", one.build) for one in told.editions]
    yield Sheet(("edition", "page", "date", "build or version"), rows)
    for one, other in pairwise(told.editions):
        yield Cell(f"from {one.id} to {other.id}, {VENDOR}{other.page}", "head")
        for change in between(one, other):
            yield Branch(1, change.what)
            yield Branch(2, f"before: {change.before or 'nothing'}")
            yield Branch(2, f"after:  {change.after or 'nothing'}")
        yield ""
    yield "`product_version` of an inventory picks one, or --edition: a build such as 13.0.1.1071 takes its major's"


def editions_json(told: EditionList) -> str:
    """``gwplan.editions/1``: each edition with what differs from the one before it."""
    before = (None, *told.editions)
    found = [
        {
            "edition": one.id,
            "page": one.page,
            "date": one.date,
            "build": one.build,
            "follows": last.id if last else None,
            "changes": [change._asdict() for change in between(last, one)] if last else [],
        }
        for last, one in zip(before, told.editions, strict=False)
    ]
    return json.dumps({"format": "gwplan.editions/1", "editions": found}, indent=1) + "\n"
