"""The ways of edges: from a port of one box to a port of another, straight through columns, turning in gutters."""

from __future__ import annotations

from collections.abc import Sequence

from gwplan.pictures.grid import Grid
from gwplan.pictures.model import Edge

Path = tuple[tuple[float, ...], ...]
"""A start of two numbers; then straight lines to a point of two, and curves of six (two controls and an end)."""
ARROW = 8.0
"""How long the head of an arrow is, which an edge leaves room for."""
_PORTS = 9.0


def routes(grid: Grid, edges: Sequence[Edge]) -> tuple[tuple[Edge, Path], ...]:
    """Each edge with its way."""
    ports = _ports(grid, edges)
    return tuple((edge, _path(grid, number, edge, ports)) for number, edge in enumerate(edges))


Ports = dict[tuple[int, str], float]
"""How high an edge, by its number, leaves (``out``) and arrives (``in``)."""


def _ports(grid: Grid, edges: Sequence[Edge]) -> Ports:
    """On each side of a box the ends of its edges, in the order of what they lead to."""
    sides: dict[tuple[str, int], list[tuple[float, int, str]]] = {}
    for number, edge in enumerate(edges):
        way = [edge.source, *grid.lanes[number], edge.target]
        for end, at, other in (("out", way[0], way[1]), ("in", way[-1], way[-2])):
            sides.setdefault((at, _side(grid, at, other)), []).append((grid.middle(other), number, end))
    found: Ports = {}
    for (at, _), ends in sides.items():
        ends.sort()
        high = grid.at[at].height
        step = min(_PORTS, (high - 12.0) / max(1, len(ends) - 1))
        first = grid.middle(at) - step * (len(ends) - 1) / 2
        for place, (_, number, end) in enumerate(ends):
            found[number, end] = first + place * step
    return found


def _side(grid: Grid, at: str, other: str) -> int:
    """1 where an edge meets a box at its right, which is where those within one column run, and -1 at its left."""
    return -1 if grid.at[other].column < grid.at[at].column else 1


def _path(grid: Grid, number: int, edge: Edge, ports: Ports) -> Path:
    lanes = grid.lanes[number]
    way = [edge.source, *lanes, edge.target]
    x, y = _edge_of(grid, edge.source, _side(grid, way[0], way[1])), ports[number, "out"]
    path: list[tuple[float, ...]] = [(x, y)]
    if grid.at[edge.source].column == grid.at[edge.target].column:
        if lanes:  # to its words and back
            words_x, words_y = _edge_of(grid, lanes[0], -1), grid.middle(lanes[0])
            there = _curve(words_x, words_y, x, ports[number, "in"])
            return (*path, _curve(x, y, words_x, words_y), there)
        return (*path, _around(grid, x, y, ports[number, "in"]))
    step = _side(grid, way[0], way[1])
    for key in lanes:
        entry, leave = _edge_of(grid, key, -step), _edge_of(grid, key, step)
        path += [_curve(x, y, entry, grid.middle(key)), (leave, grid.middle(key))]
        x, y = leave, grid.middle(key)
    end = _edge_of(grid, edge.target, -step) - step * ARROW
    path.append(_curve(x, y, end, ports[number, "in"]))
    return tuple(path)


def _edge_of(grid: Grid, key: str, side: int) -> float:
    column = grid.at[key].column
    return grid.lefts[column] + (grid.widths[column] if side > 0 else 0.0)


def _curve(x: float, y: float, to_x: float, to_y: float) -> tuple[float, ...]:
    half = (to_x - x) / 2
    return (x + half, y, to_x - half, to_y, to_x, to_y)


def _around(grid: Grid, x: float, y: float, to_y: float) -> tuple[float, ...]:
    """A curve from one box of a column to another, through the gutter at the right."""
    following = [left for left in grid.lefts.values() if left > x]
    room = (min(following) if following else grid.right) - x
    bulge = min(room * 1.1, 36.0 + abs(to_y - y) * 0.3)
    return (x + bulge, y, x + bulge, to_y, x + ARROW, to_y)
