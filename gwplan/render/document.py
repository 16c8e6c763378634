"""The form of every JSON document: its head in one line, then a line for each key and for each entry of a list."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from gwplan import __version__
from gwplan.planning.plan import Plan


def header(name: str, plan: Plan | None) -> dict[str, Any]:
    """What every document begins with; an inventory that could not be read has no version, strategy or failures."""
    return {
        "format": f"gwplan.{name}/1",
        "gwplan_version": __version__,
        "product_version": plan.product_version if plan else None,
        "strategy": plan.strategy if plan else None,
        "down": list(plan.down) if plan else [],
    }


def chunks(head: Mapping[str, Any], body: Mapping[str, Any]) -> Iterator[str]:
    """The document as text, in pieces. An iterator in the body gives the entries of a list that are JSON already."""
    yield json.dumps(head)[:-1]
    for key, value in body.items():
        yield f",\n {json.dumps(key)}: "
        if isinstance(value, list):
            yield from _rows(map(json.dumps, value))
        elif isinstance(value, Iterator):
            yield from _rows(value)
        else:
            yield json.dumps(value)
    yield "}\n"


def _rows(lines: Iterable[str]) -> Iterator[str]:
    lines, begin = iter(lines), "[\n  "
    while some := list(islice(lines, 4096)):
        yield begin + ",\n  ".join(some)
        begin = ",\n  "
    yield "[]" if begin == "[\n  " else "\n ]"
