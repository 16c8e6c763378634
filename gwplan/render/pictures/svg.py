"""A picture as SVG: text, boxes and lines with classes; no script, nothing fetched, the same bytes every time.

Each node is ``<g class="node KIND STATE" data-id data-kind data-members>``, each edge ``<path class="edge KIND"
data-from data-to data-kind data-tasks>``; ``data-members`` is a JSON list of names.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from html import escape

from gwplan.pictures.layout import FACT, HEAD, LABEL, LINE, TITLE, Box, Layout, Rail, Words, layout
from gwplan.pictures.model import UNDIRECTED, Edge, Picture
from gwplan.pictures.routes import ARROW, Path
from gwplan.render.escape import visible
from gwplan.render.pictures.legend import Legend, legend
from gwplan.render.pictures.style import STYLE

_THINNEST_LINE, _WIDEST_LINE = 1.5, 7.0
_SIZES = {
    "title": TITLE, "head": HEAD, "site": HEAD, "label": LABEL, "facts": FACT, "link-label": FACT, "note": FACT,
}  # fmt: skip
"""The size of text, by its class."""
_HEADS = ("data", "offload", "unserved", "moved", "gone")


def svg(picture: Picture) -> str:
    """The whole document; inside a page it stands as it is."""
    return "".join(svg_chunks(picture))


def svg_chunks(picture: Picture) -> Iterator[str]:
    """The same in pieces."""
    return placed_chunks(picture, layout(picture))


def placed_chunks(picture: Picture, found: Layout) -> Iterator[str]:
    """The same of a picture whose parts have their places."""
    key = legend(picture, found.foot, found.width)
    name = f"gwplan-{picture.view}{'-night' if picture.plan.down else ''}"  # a page may show both
    high, wide = _number(key.bottom), _number(found.width)
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="gwplan-picture" role="img" viewBox="0 0 {wide} {high}" '
        f'width="{wide}" height="{high}" aria-labelledby="{name}-title" aria-describedby="{name}-desc">\n'
        f'<title id="{name}-title">{safe(picture.title)}</title>\n'
        f'<desc id="{name}-desc">{safe(" ".join((picture.description, *picture.notes)))}</desc>\n'
        f"<style>\n{STYLE}</style>\n<defs>\n"
    )
    yield from (_marker(name, head) for head in _HEADS)
    yield f'</defs>\n<rect class="paper" width="{wide}" height="{high}"/>\n'
    yield from _texts("title", found.title)
    yield from _texts("note", found.lead)
    yield from _bands(found)
    yield from _texts("head", found.columns)
    yield from (_rail(rail) for rail in found.rails)
    most = max((edge.tasks for edge in picture.edges), default=0)
    yield from (_edge(name, edge, path, most) for edge, path in found.paths)
    for edge, words in found.link_labels:
        yield from _texts("link-label", words, " struck" if edge.down else "")
    yield from map(_node, found.boxes)
    yield from _key(key)
    yield "</svg>\n"


def safe(text: str) -> str:
    """Text for an element or an attribute: never markup, and nothing that XML cannot hold."""
    return escape(visible(text))


def _texts(kind: str, words: Iterable[Words], also: str = "") -> Iterator[str]:
    for word in words:
        at = f'x="{_number(word.x)}" y="{_number(word.y)}"'
        yield f'<text class="{kind}{also}" font-size="{_SIZES[kind]:g}" {at}>{safe(word.text)}</text>\n'


def _bands(found: Layout) -> Iterator[str]:
    for stripe in found.stripes:
        y, wide, high = map(_number, (stripe.y, found.width - 16, stripe.height))
        yield f'<g class="band" data-site="{safe(stripe.site or "")}">'
        yield f'<rect x="8" y="{y}" width="{wide}" height="{high}" rx="6"/>'
        yield from (line.rstrip("\n") for line in _texts("site", stripe.label))
        yield "</g>\n"


def _rail(rail: Rail) -> str:
    x, high, low = map(_number, (rail.x, rail.y, rail.y + rail.height))
    return f'<path class="rail" data-domain="{safe(rail.domain)}" d="M{x} {high}L{x} {low}"/>\n'


def _node(box: Box) -> str:
    node = box.node
    x, y, wide, high = map(_number, (box.x, box.y, box.width, box.height))
    members = safe(json.dumps(node.members, ensure_ascii=False, separators=(",", ":")))
    parts = [
        f'<g class="node {node.kind} {node.state}" data-id="{safe(node.id)}" data-kind="{node.kind}" '
        f'data-members="{members}"><rect class="box" x="{x}" y="{y}" width="{wide}" height="{high}" rx="4"/>'
        f'<rect class="stripe" x="{x}" y="{y}" width="5" height="{high}" rx="2"/>'
    ]
    parts += [_text(kind, words) for kind, words in (("label", box.label), ("facts", box.facts)) if words]
    if node.has_share:
        parts.append(_gauge(box))
    return "".join([*parts, "</g>\n"])


def _text(kind: str, words: Iterable[Words]) -> str:
    lines = (f'<tspan x="{_number(w.x)}" y="{_number(w.y)}">{safe(w.text)}</tspan>' for w in words)
    return f'<text class="{kind}" font-size="{_SIZES[kind]:g}">{"".join(lines)}</text>'


def _gauge(box: Box) -> str:
    """The share of its slots as a length."""
    share = min(1.0, (box.node.at_once or 0) / max(1, box.node.slots or 0))
    x, y, wide = _number(box.x + 15), _number(box.y + box.height - 10), box.width - 25
    return (
        f'<rect class="trough" x="{x}" y="{y}" width="{_number(wide)}" height="4"/>'
        f'<rect class="share" x="{x}" y="{y}" width="{_number(wide * share)}" height="4"/>'
    )


def _edge(name: str, edge: Edge, path: Path, most: int) -> str:
    kinds = [edge.kind, *kinds_of(edge)]
    tasks = 0 if edge.kind == "fallback" else edge.tasks
    wide = _THINNEST_LINE + (_WIDEST_LINE - _THINNEST_LINE) * (tasks / most) ** 0.5 if most else _THINNEST_LINE
    head = "gone" if edge.is_gone else "moved" if edge.moved else edge.kind if edge.kind in _HEADS else "data"
    ends = "" if edge.kind in UNDIRECTED else f' marker-end="url(#{name}-{head})"'
    mark = f'<path class="diamond" d="{_diamond(path)}"/>\n' if edge.moved else ""
    return (
        f'<path class="edge {" ".join(kinds)}" data-from="{safe(edge.source)}" data-to="{safe(edge.target)}" '
        f'data-kind="{edge.kind}" data-tasks="{edge.tasks}" stroke-width="{_number(wide)}"{ends} '
        f'd="{_drawn(path)}"/>\n{mark}'
    )


def kinds_of(edge: Edge) -> list[str]:
    """The further classes of an edge: what else its line shows."""
    marks = {"wan": edge.wan_hops > 0, "moved": edge.moved > 0, "gone": edge.is_gone, "cut": edge.down}
    return [mark for mark, holds in marks.items() if holds]


def _drawn(path: Path) -> str:
    letters = {2: "L", 6: "C"}
    first, *rest = path
    steps = [f"{letters[len(step)]}{' '.join(map(_number, step))}" for step in rest]
    return f"M{' '.join(map(_number, first))}{''.join(steps)}"


def _diamond(path: Path) -> str:
    """A diamond in the middle of the first curve, which is in a gutter."""
    (x0, y0), (x1, y1, x2, y2, x3, y3) = path[0], path[1]
    x, y = (x0 + 3 * x1 + 3 * x2 + x3) / 8, (y0 + 3 * y1 + 3 * y2 + y3) / 8
    return _diamond_at(x, y)


def _diamond_at(x: float, y: float) -> str:
    left, right, above, below = map(_number, (x - 7, x + 7, y - 7, y + 7))
    return f"M{left} {_number(y)}L{_number(x)} {above}L{right} {_number(y)}L{_number(x)} {below}Z"


def _marker(name: str, head: str) -> str:
    long, high, middle = _number(ARROW), _number(ARROW + 3), _number((ARROW + 3) / 2)
    return (
        f'<marker id="{name}-{head}" viewBox="0 0 {long} {high}" refX="0" refY="{middle}" markerWidth="{long}" '
        f'markerHeight="{high}" markerUnits="userSpaceOnUse" orient="auto">'
        f'<path class="head-{head}" d="M0 0L{long} {middle}L0 {high}Z"/></marker>\n'
    )


def _key(key: Legend) -> Iterator[str]:
    yield '<g class="legend">\n'
    for sample in key.samples:
        y = _number(sample.y - HEAD * LINE / 4)
        if sample.is_box:
            yield (
                f'<g class="{sample.kinds}"><rect class="box" x="{_number(sample.x)}" y="{_number(sample.y - 11)}" '
                f'width="26" height="14" rx="3"/>{_sample_share(sample.kinds, sample.x, sample.y)}</g>\n'
            )
        else:
            x, end = _number(sample.x), _number(sample.x + 30)
            yield f'<path class="sample {sample.kinds}" stroke-width="2.5" d="M{x} {y}L{end} {y}"/>\n'
            if sample.kinds == "moved":
                yield f'<path class="diamond" d="{_diamond_at(sample.x + 15, sample.y - HEAD * LINE / 4)}"/>\n'
    yield from _texts("note", key.words)
    yield "</g>\n"


def _sample_share(kinds: str, x: float, y: float) -> str:
    share = {"ok": 9, "busy": 15, "over": 18}.get(kinds.split()[-1])
    return "" if share is None else (
        f'<rect class="trough" x="{_number(x + 4)}" y="{_number(y - 6)}" width="18" height="4"/>'
        f'<rect class="share" x="{_number(x + 4)}" y="{_number(y - 6)}" width="{share}" height="4"/>'
    )  # fmt: skip


def _number(value: float) -> str:
    """At most one decimal."""
    return f"{value:.1f}".removesuffix(".0")
