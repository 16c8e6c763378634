"""A picture as Mermaid text, within the limits that hosts set: merged further where it is too large, which is said.

At 500 edges or 50,000 characters Mermaid draws nothing, and no diagram can ask for more.
https://mermaid.js.org/config/schema-docs/config.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gwplan.pictures.model import Edge, Node, Picture
from gwplan.pictures.smaller import smaller
from gwplan.render.escape import visible

MOST_EDGES, MOST_CHARACTERS = 449, 45_000
_SIZES = (60, 45, 30, 20, 12, 8, 5)
_CLASSES = {
    "over": "stroke:#b3261e,stroke-width:3px", "stub": "stroke:#b3261e,stroke-dasharray:5 3",
    "down": "stroke:#b3261e,stroke-width:2px,stroke-dasharray:8 3", "idle": "stroke-dasharray:2 3",
    "busy": "stroke:#8a5a00,stroke-width:2px",
}  # fmt: skip


def mermaid(picture: Picture) -> Iterator[str]:
    """A flow chart of the picture or, where that is too large, of the first of its mergers that is small enough."""
    text = _chart(picture)
    for most in _SIZES:
        if _fits(picture, text):
            break
        picture = smaller(picture, most, "Mermaid draws no more than 499 edges and 50,000 characters")
        text = _chart(picture)
    yield text if _fits(picture, text) else _cut_names(picture)


def _fits(picture: Picture, text: str) -> bool:
    return len(picture.edges) <= MOST_EDGES and len(text.encode("utf-16-le")) // 2 <= MOST_CHARACTERS


def safe(text: str) -> str:
    """Text for the inside of quotes: character references, as Mermaid writes them, for all that it reads as syntax.

    https://mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters
    """
    shown = visible(text)
    begins = _LIST.match(shown)
    last = begins.end() - 1 if begins else -1
    return "".join(
        char if (char.isalnum() or char in _PLAIN) and at != last else f"#{ord(char)};" for at, char in enumerate(shown)
    )


_PLAIN = frozenset(" .,:-/×…→()")
_LIST = re.compile(r" *(?:[-+]|[0-9]+[.)])")
"""What begins a list in the Markdown of a label."""


def _chart(picture: Picture) -> str:
    ids = {node.id: f"n{number}" for number, node in enumerate(picture.nodes)}
    lines = ["flowchart LR", f"  %% {_comment(picture.title)}"]
    lines += [f"  %% {_comment(note)}" for note in picture.notes]
    of_id = {node.id: node for node in picture.nodes}
    for number, band in enumerate(picture.bands):
        inner = [_node(of_id[key], ids[key]) for key in band.nodes]
        if band.label:
            lines += [f'  subgraph b{number}["{safe(band.label)}"]', *(f"  {line}" for line in inner), "  end"]
        else:
            lines += inner
    lines += [_edge(edge, ids) for edge in picture.edges]
    used = {name for node in picture.nodes for name in _classes(node)}
    lines += [f"  classDef {name} {style}" for name, style in _CLASSES.items() if name in used]
    for node in picture.nodes:
        lines += [f"  class {ids[node.id]} {name}" for name in _classes(node)]
    if picture.notes:
        told = "<br/>".join(safe(note) for note in picture.notes)
        lines.append(f'  notes["{told}"]')
    return "\n".join(lines) + "\n"


def _comment(text: str) -> str:
    """A comment must not begin a directive."""
    return safe(text)


def _node(node: Node, key: str) -> str:
    told = "<br/>".join(safe(line) for line in (node.label, *node.facts))
    left, right = {"repository": ("[(", ")]"), "source": ("([", "])"), "stub": ("{{", "}}")}.get(node.kind, ("[", "]"))
    return f'  {key}{left}"{told}"{right}'


def _edge(edge: Edge, ids: dict[str, str]) -> str:
    dashed = edge.kind == "fallback" or edge.is_gone or edge.down
    line = "-.-" if dashed else "---"
    arrow = line if edge.kind == "link" else "-.->" if dashed else "-->"
    label = f'|"{safe(", ".join(edge.facts))}"|' if edge.facts else ""
    return f"  {ids[edge.source]} {arrow}{label} {ids[edge.target]}"


def _classes(node: Node) -> list[str]:
    found = ["stub"] if node.kind == "stub" else []
    return found + ([node.state] if node.state in _CLASSES else [])


def _cut_names(picture: Picture) -> str:
    """What is drawn where names make even the smallest picture too long: a note that says so, with the numbers."""
    note = "The names are too long for Mermaid: take --format svg."
    short = smaller(picture, 5, note)
    return f'flowchart LR\n  notes["{safe(note)} {len(short.nodes)} nodes, {len(short.edges)} edges"]\n'
