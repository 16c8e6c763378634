"""A picture as GraphML, with all that its JSON has: for graph tools."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape
from typing import Any

from gwplan.pictures.model import Picture
from gwplan.render.escape import visible

_TYPES = {bool: "boolean", int: "long", str: "string"}
_NODE = {
    "kind": str, "label": str, "site": str, "members": str, "tasks": int, "at_once": int, "slots": int, "state": str,
    "machines": int, "offloads": int, "words": str, "failure_domains": str,
}  # fmt: skip
_EDGE = {
    "kind": str, "tasks": int, "wan_hops": int, "jobs": str, "moved": int, "before": int, "label": str, "down": bool,
}  # fmt: skip


def graphml(picture: Picture) -> Iterator[str]:
    """A directed graph. A list is the text of a JSON list; what is not known is left out."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
    for prefix, domain, keys in (("n", "node", _NODE), ("e", "edge", _EDGE)):
        for key, kind in keys.items():
            yield f'<key id="{prefix}-{key}" for="{domain}" attr.name="{key}" attr.type="{_TYPES[kind]}"/>\n'
    for key in ("view", "title", "description", "notes"):
        yield f'<key id="g-{key}" for="graph" attr.name="{key}" attr.type="string"/>\n'
    yield '<graph edgedefault="directed">\n'
    told: dict[str, Any] = {"view": picture.view, "title": picture.title, "description": picture.description}
    told["notes"] = list(picture.notes)
    yield from (_data(f"g-{key}", value) for key, value in told.items())
    for node in picture.nodes:
        facts = node.to_dict()
        yield f'<node id="{safe(node.id)}">{"".join(_data(f"n-{key}", facts[key]) for key in _NODE)}</node>\n'
    for number, edge in enumerate(picture.edges):
        facts = edge.to_dict()
        yield f'<edge id="e{number}" source="{safe(edge.source)}" target="{safe(edge.target)}">'
        yield f"{''.join(_data(f'e-{key}', facts[key]) for key in _EDGE)}</edge>\n"
    yield "</graph>\n</graphml>\n"


def safe(text: str) -> str:
    """Text for an element or an attribute: never markup, and nothing that XML cannot hold."""
    return escape(visible(text))


def _data(key: str, value: Any) -> str:
    if value is None or value == []:
        return ""
    told = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f'<data key="{key}">{safe(told)}</data>'
