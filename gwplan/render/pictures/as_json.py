"""``gwplan.graph/1``: the model of a picture, keys in the order of the contract, then ours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gwplan.pictures.model import Edge, Node, Picture
from gwplan.render.document import chunks, header


def graph_chunks(picture: Picture) -> Iterator[str]:
    """The document as text."""
    body = {
        "nodes": list(map(node_object, picture.nodes)),
        "edges": list(map(edge_object, picture.edges)),
        "bands": [
            {"site": band.site, "label": band.label, "members": list(band.members), "nodes": list(band.nodes)}
            for band in picture.bands
        ],
        "notes": list(picture.notes),
    }
    told = {"view": picture.view, "title": picture.title, "description": picture.description}
    return chunks({**header("graph", picture.plan), **told}, body)


def node_object(node: Node) -> dict[str, Any]:
    """A node as the JSON has it."""
    return {
        "id": node.id,
        "kind": node.kind,
        "label": node.label,
        "site": node.site,
        "members": list(node.members),
        "tasks": node.tasks,
        "at_once": node.at_once,
        "slots": node.slots,
        "state": node.state,
        "machines": node.machines,
        "offloads": node.offloads,
        "words": list(node.words),
        "failure_domains": list(node.domains),
    }


def edge_object(edge: Edge) -> dict[str, Any]:
    """An edge as the JSON has it."""
    return {
        "from": edge.source,
        "to": edge.target,
        "kind": edge.kind,
        "tasks": edge.tasks,
        "wan_hops": edge.wan_hops,
        "jobs": list(edge.jobs),
        "moved": edge.moved,
        "before": edge.before,
        "label": edge.label,
        "down": edge.down,
    }
