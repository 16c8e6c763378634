"""Where everything of a picture stands: fixed columns, sites as bands, crossings reduced by barycentres.

Boxes stand in columns and edges turn only in the gutters between them; an edge that passes a column has a lane of its
own there. So no edge runs under a box and no label meets another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from gwplan.pictures.grid import Grid, Item, arrange
from gwplan.pictures.model import LINKS, Edge, Node, Picture
from gwplan.pictures.routes import Path, routes
from gwplan.pictures.widths import lines, width

LABEL, FACT, TITLE, HEAD = 13.0, 11.0, 17.0, 12.0
"""The sizes of text: in a box its label and what is below, the picture's title, and the titles of columns and bands."""
LINE = 1.35
_WIDEST = 230.0
_PAD = 10.0
_STRIPE = 5.0
_GAUGE = 9.0
_MARGIN = 16.0
_RAIL, _MOST_RAILS = 5.0, 3


@dataclass(frozen=True, slots=True)
class Words:
    """A line of text: its left end and its baseline."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Box:
    """A node and where it stands."""

    node: Node
    x: float
    y: float
    width: float
    height: float
    label: tuple[Words, ...]
    facts: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Stripe:
    """A band and where it stands."""

    site: str | None
    y: float
    height: float
    label: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Rail:
    """A line beside the boxes of one failure domain that stand below each other."""

    domain: str
    x: float
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Layout:
    """``width`` and ``height`` are those of the whole; ``foot`` is where the legend and the notes begin."""

    width: float
    height: float
    foot: float
    title: tuple[Words, ...]
    lead: tuple[Words, ...]
    columns: tuple[Words, ...]
    boxes: tuple[Box, ...]
    stripes: tuple[Stripe, ...]
    paths: tuple[tuple[Edge, Path], ...]
    link_labels: tuple[tuple[Edge, tuple[Words, ...]], ...]
    rails: tuple[Rail, ...]


def layout(picture: Picture, least_width: float = 560.0) -> Layout:
    """Where the nodes, edges and bands of a picture stand."""
    written = {node.id: _written(node) for node in picture.nodes}
    links = {
        number: lines(f"{edge.label}, down" if edge.down else edge.label, FACT, _WIDEST)
        for number, edge in enumerate(picture.edges)
        if edge.label and edge.kind == "link"
    }
    columns = sorted({node.column for node in picture.nodes} | ({LINKS} if links else set()))
    place = {column: number for number, column in enumerate(columns)}
    heads = {place[c]: lines(picture.columns.get(c, ""), HEAD, _WIDEST, bold=True) for c in columns}
    band_words = [lines(band.label, HEAD, 120.0, bold=True) for band in picture.bands]
    left = _MARGIN + max((width(line, HEAD, bold=True) for words in band_words for line in words), default=0.0)
    left += 14.0 if any(any(words) for words in band_words) else 0.0
    titled = lines(picture.title, TITLE, 1000.0, bold=True)
    lead = lines(picture.description, FACT, 1000.0)
    under = _MARGIN + len(titled) * TITLE * LINE + 2.0
    top = under + len(lead) * FACT * LINE + 8.0 + max((len(h) for h in heads.values()), default=0) * HEAD * LINE + 12.0
    of_band = {key: number for number, band in enumerate(picture.bands) for key in band.nodes}
    items = [
        Item(node.id, place[node.column], of_band[node.id], written[node.id].width, written[node.id].height)
        for node in picture.nodes
    ]
    linked = Counter(end for number in links for end in (picture.edges[number].source, picture.edges[number].target))
    via = {
        number: Item(
            f"link {number}",
            place[LINKS],
            of_band[_less_linked(picture.edges[number], linked)],
            max(width(line, FACT) for line in words) + 6.0,
            len(words) * FACT * LINE + 4.0,
        )
        for number, words in links.items()
    }
    head_widths = {c: max((width(line, HEAD, bold=True) for line in h), default=0.0) for c, h in heads.items()}
    heights = [len(words) * HEAD * LINE + 8.0 for words in band_words]
    grid = arrange(items, picture.edges, via, head_widths, heights, left, top)
    paths = routes(grid, picture.edges)
    boxes = tuple(_box(node, written[node.id], grid) for node in picture.nodes)
    foot = grid.bottom + 10.0
    wide = max([grid.right + _MARGIN, least_width, *(_MARGIN * 2 + width(t, TITLE, bold=True) for t in titled),
                *(_MARGIN * 2 + width(t, FACT) for t in lead)])  # fmt: skip
    return Layout(
        width=wide,
        height=foot,
        foot=foot,
        title=_stack(titled, _MARGIN, _MARGIN, TITLE),
        lead=_stack(lead, _MARGIN, under, FACT),
        columns=tuple(
            words
            for column, head in heads.items()
            for words in _stack(head, grid.lefts[column], top - 8.0 - len(head) * HEAD * LINE, HEAD)
        ),
        boxes=boxes,
        stripes=tuple(
            Stripe(band.site, y, height, _stack(words, _MARGIN, y + 8.0, HEAD))
            for band, words, (y, height) in zip(picture.bands, band_words, grid.bands, strict=True)
        ),
        paths=paths,
        link_labels=tuple(
            (picture.edges[number],
             _stack(words, grid.lefts[place[LINKS]] + 6.0, grid.tops[f"link {number}"] + 1.0, FACT))
            for number, words in links.items()
        ),
        rails=tuple(_rails(boxes)),
    )


def _rails(boxes: Iterable[Box]) -> Iterator[Rail]:
    """Beside each column, a rail for each run of boxes in one failure domain; those of several stand side by side."""
    columns: dict[float, list[Box]] = {}
    for box in boxes:
        columns.setdefault(box.x, []).append(box)
    for x, column in columns.items():
        running: dict[str, Rail] = {}
        for box in sorted(column, key=lambda box: box.y):
            here = box.node.domains[:_MOST_RAILS]
            yield from (running.pop(name) for name in [*running] if name not in here)
            for name in here:
                rail = running.get(name) or Rail(name, _free(x, running.values()), box.y, 0.0)
                running[name] = replace(rail, height=box.y + box.height - rail.y)
        yield from running.values()


def _free(x: float, rails: Iterable[Rail]) -> float:
    """The place for a further rail beside a column."""
    taken = {rail.x for rail in rails}
    return next(place for at in range(1, _MOST_RAILS + 1) if (place := x - _RAIL * at) not in taken)


def _less_linked(edge: Edge, linked: Counter[str]) -> str:
    """The end that a link's words stand beside: not the hub of many."""
    return min((edge.source, edge.target), key=lambda end: (linked[end], end))


@dataclass(frozen=True, slots=True)
class _Written:
    width: float
    height: float
    label: tuple[str, ...]
    facts: tuple[str, ...]


def _written(node: Node) -> _Written:
    """The words of a box, and how much room they take."""
    label = lines(node.label, LABEL, _WIDEST, bold=True)
    facts = tuple(line for fact in node.facts for line in lines(fact, FACT, _WIDEST))
    wide = max([*(width(line, LABEL, bold=True) for line in label), *(width(line, FACT) for line in facts)])
    gauge = _GAUGE if node.has_share else 0.0
    high = len(label) * LABEL * LINE + len(facts) * FACT * LINE + 2 * _PAD - 4.0 + gauge
    return _Written(wide + 2 * _PAD + _STRIPE, high, label, facts)


def _box(node: Node, written: _Written, grid: Grid) -> Box:
    x, y, wide = grid.lefts[grid.at[node.id].column], grid.tops[node.id], grid.widths[grid.at[node.id].column]
    left = x + _PAD + _STRIPE
    label = _stack(written.label, left, y + _PAD - 3.0, LABEL)
    facts = _stack(written.facts, left, y + _PAD - 3.0 + len(label) * LABEL * LINE, FACT)
    return Box(node, x, y, wide, written.height, label, facts)


def _stack(texts: tuple[str, ...], x: float, y: float, size: float) -> tuple[Words, ...]:
    return tuple(Words(x, y + number * size * LINE + size, text) for number, text in enumerate(texts) if text)
