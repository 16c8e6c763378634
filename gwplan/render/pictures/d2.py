"""A picture in D2, https://d2lang.com."""

from __future__ import annotations

from collections.abc import Iterator

from gwplan.pictures.model import UNDIRECTED, Edge, Node, Picture
from gwplan.render.escape import visible

_SHAPES = {"source": "oval", "repository": "cylinder", "stub": "hexagon", "site": "cloud"}


def d2(picture: Picture) -> Iterator[str]:
    """Nodes by short keys, which no name can break, in a container a band."""
    keys: dict[str, str] = {}
    of_id = {node.id: node for node in picture.nodes}
    yield "direction: right\n"
    told = "\\n".join(map(safe, (picture.title, picture.description, *picture.notes)))
    yield f'told: "{told}" {{shape: text; near: top-center}}\n'
    number = 0
    for at, band in enumerate(picture.bands):
        if band.label:
            yield f'b{at}: "{safe(band.label)}" {{\n'
        for key in band.nodes:
            keys[key] = f"b{at}.n{number}" if band.label else f"n{number}"
            yield _node(of_id[key], f"n{number}")
            number += 1
        if band.label:
            yield "}\n"
    yield from (_edge(edge, keys) for edge in picture.edges)


def safe(text: str) -> str:
    """Text for the inside of double quotes, where D2 knows escapes, and substitutions by ``$``; the log of a workflow
    obeys ``##[``, which is written by other means.

    https://d2lang.com/tour/strings, https://d2lang.com/tour/vars
    """
    return visible(text).replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$").replace("##[", "##\\[")


def _node(node: Node, key: str) -> str:
    told = "\\n".join(map(safe, (node.label, *node.facts)))
    shape = _SHAPES.get(node.kind, "rectangle")
    styles = {"idle": "style.stroke-dash: 2", "down": "style.stroke-dash: 5", "over": "style.stroke-width: 4"}
    style = "style.stroke-dash: 5" if node.kind == "stub" else styles.get(node.state, "")
    return f'{key}: "{told}" {{shape: {shape}{f"; {style}" if style else ""}}}\n'


def _edge(edge: Edge, keys: dict[str, str]) -> str:
    dash = 5 if edge.wan_hops else 2 if edge.kind == "fallback" or edge.is_gone else 0
    arrow = "--" if edge.kind in UNDIRECTED else "->"
    style = f" {{style.stroke-dash: {dash}}}" if dash else ""
    return f'{keys[edge.source]} {arrow} {keys[edge.target]}: "{safe(", ".join(edge.facts))}"{style}\n'
