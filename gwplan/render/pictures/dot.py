"""A picture in the language of Graphviz: ``dot -Tsvg``."""

from __future__ import annotations

from collections.abc import Iterator

from gwplan.pictures.model import UNDIRECTED, Edge, Node, Picture
from gwplan.render.escape import visible

_SHAPES = {"source": "oval", "repository": "cylinder", "stub": "octagon", "site": "house"}


def dot(picture: Picture) -> Iterator[str]:
    """A directed graph, with a cluster a band."""
    head = "\\n".join(map(safe, (picture.title, picture.description, *picture.notes)))
    yield f'digraph gwplan {{\n  rankdir=LR; labelloc=t; label="{head}"; fontname="Helvetica";\n'
    yield '  node [shape=box, fontname="Helvetica", fontsize=11]; edge [fontname="Helvetica", fontsize=9];\n'
    of_id = {node.id: node for node in picture.nodes}
    for number, band in enumerate(picture.bands):
        if band.label:
            yield f'  subgraph cluster_{number} {{ label="{safe(band.label)}"; color="#8593a1";\n'
        yield from (_node(of_id[key]) for key in band.nodes)
        if band.label:
            yield "  }\n"
    most = max((edge.tasks for edge in picture.edges), default=0)
    yield from (_edge(edge, most) for edge in picture.edges)
    yield "}\n"


def safe(text: str) -> str:
    """Text for the inside of quotes: what Graphviz reads as an escape or as an HTML entity is shown as it is.

    https://graphviz.org/docs/attr-types/escString/, https://graphviz.org/doc/info/lang.html
    """
    return visible(text).replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")


def _node(node: Node) -> str:
    told = "\\n".join(map(safe, (node.label, *node.facts)))
    styles = {"idle": "dotted", "down": "dashed", "over": "bold", "busy": "solid"}
    style = "dashed" if node.kind == "stub" else styles.get(node.state, "solid")
    shape = _SHAPES.get(node.kind, "box")
    return f'    "{safe(node.id)}" [label="{told}", shape={shape}, style={style}, class="{node.kind} {node.state}"];\n'


def _edge(edge: Edge, most: int) -> str:
    style = "dashed" if edge.wan_hops else "dotted" if edge.kind == "fallback" or edge.is_gone else "solid"
    width = 1 + 4 * (edge.tasks / most) ** 0.5 if most else 1
    ends = ", dir=none" if edge.kind in UNDIRECTED else ""
    label = "\\n".join(map(safe, edge.facts))
    return (
        f'  "{safe(edge.source)}" -> "{safe(edge.target)}" '
        f'[label="{label}", style={style}, penwidth={width:.1f}{ends}, class="{edge.kind}"];\n'
    )
