"""Boxes in columns and bands: their order by barycentres, and how high each stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from gwplan.pictures.model import Edge

GAP = 16.0
_LANE = 8.0
_BAND_PAD = 14.0
_SWEEPS = 6


@dataclass(frozen=True, slots=True)
class Item:
    """A box, the lane of edges that pass a column, or the words of a link."""

    key: str
    column: int
    band: int
    width: float
    height: float


@dataclass
class Grid:
    """``tops`` and ``at`` are by the key of an item; lanes have their middle as ``tops`` plus half of their height."""

    lefts: dict[int, float]
    widths: dict[int, float]
    tops: dict[str, float]
    at: dict[str, Item]
    bands: list[tuple[float, float]]
    right: float
    bottom: float
    lanes: dict[int, list[str]]
    """The lanes that each edge takes, by its number."""

    def middle(self, key: str) -> float:
        return self.tops[key] + self.at[key].height / 2


def arrange(
    boxes: Sequence[Item],
    edges: Sequence[Edge],
    via: Mapping[int, Item],
    head_widths: Mapping[int, float],
    band_heights: Sequence[float],
    left: float,
    top: float,
) -> Grid:
    """The grid of some boxes and of the edges between them; ``via`` has the words that an edge runs by."""
    at = {item.key: item for item in (*boxes, *via.values())}
    lanes, joined = _lanes(at, edges, via)
    stacks = _ordered(at, joined, len(band_heights))
    lefts, widths, right = _columns(at, head_widths, edges, left)
    tops, bands, bottom = _heights(at, stacks, joined, band_heights, top)
    return Grid(lefts, widths, tops, at, bands, right, bottom, lanes)


def _lanes(
    at: dict[str, Item], edges: Sequence[Edge], via: Mapping[int, Item]
) -> tuple[dict[int, list[str]], list[tuple[str, str]]]:
    """The lanes that each edge takes, shared by the edges of one source; and the items that are joined."""
    lanes: dict[int, list[str]] = {}
    joined: list[tuple[str, str]] = []
    for number, edge in enumerate(edges):
        here, there = at[edge.source], at[edge.target]
        step = 1 if there.column > here.column else -1
        way = [via[number].key] if number in via else []
        for column in range(here.column + step, there.column, step) if here.column != there.column else ():
            key = f"{'>' if step > 0 else '<'}{column} {edge.source}"
            at.setdefault(key, Item(key, column, here.band, 0.0, _LANE))
            way.append(key)
        lanes[number] = way
        stops = [edge.source, *way, edge.target]
        joined += pairwise(stops)
    return lanes, list(dict.fromkeys(joined))


Stacks = dict[tuple[int, int], list[str]]
"""The items of each column and band, from above."""


def _ordered(at: Mapping[str, Item], joined: Sequence[tuple[str, str]], bands: int) -> Stacks:
    """The stacks, each ordered by the middle of what its items are joined with, sweep by sweep."""
    stacks: Stacks = {}
    for item in at.values():
        stacks.setdefault((item.column, item.band), []).append(item.key)
    beside: dict[str, list[str]] = {key: [] for key in at}
    for a, b in joined:
        beside[a].append(b)
        beside[b].append(a)
    tallest = [0] * bands
    for (_, band), stack in stacks.items():
        tallest[band] = max(tallest[band], len(stack))
    starts = [0, *accumulate(tallest)]
    spot: dict[str, float] = {}

    def place(key: tuple[int, int]) -> None:
        stack = stacks[key]
        first = starts[key[1]] + (tallest[key[1]] - len(stack)) / 2
        spot.update((name, first + number) for number, name in enumerate(stack))

    for key in stacks:
        place(key)
    columns = sorted({column for column, _ in stacks})
    by_column = {column: sorted(key for key in stacks if key[0] == column) for column in columns}
    for sweep in range(_SWEEPS):
        towards = -1 if sweep % 2 == 0 else 1
        for column in columns if sweep % 2 == 0 else columns[::-1]:
            for key in by_column[column]:
                middle = {name: _middle(at, spot, beside[name], name, towards) for name in stacks[key]}
                stacks[key].sort(key=lambda name: (middle[name], spot[name]))
                place(key)
    return stacks


def _middle(at: Mapping[str, Item], spot: Mapping[str, float], beside: list[str], name: str, towards: int) -> float:
    column = at[name].column
    near = [spot[other] for other in beside if (at[other].column - column) * towards > 0]
    near = near or [spot[other] for other in beside]
    return sum(near) / len(near) if near else spot[name]


def _columns(
    at: Mapping[str, Item], head_widths: Mapping[int, float], edges: Sequence[Edge], left: float
) -> tuple[dict[int, float], dict[int, float], float]:
    """The left end and the width of each column; a gutter is the wider the more edges turn in it."""
    widths = dict(head_widths)
    for item in at.values():
        widths[item.column] = max(widths.get(item.column, 0.0), item.width)
    crowd = dict.fromkeys(widths, 0)
    for edge in edges:
        a, b = sorted((at[edge.source].column, at[edge.target].column))
        for column in range(a, b) if a != b else (a,):
            crowd[column] += 1
    lefts, x, last = {}, left, max(widths, default=0)
    for column in sorted(widths):
        lefts[column] = x
        x += widths[column]
        if column != last or any(at[e.source].column == at[e.target].column == column for e in edges):
            x += gutter(crowd[column])
    return lefts, widths, x


def gutter(edges: int) -> float:
    """How wide the room is in which this many edges turn."""
    return 70.0 + min(130.0, 5.0 * edges)


def _heights(
    at: Mapping[str, Item], stacks: Stacks, joined: Sequence[tuple[str, str]], band_heights: Sequence[float], top: float
) -> tuple[dict[str, float], list[tuple[float, float]], float]:
    """How high each item stands: within its band as near to what it is joined with as those above and below let it."""
    bands, y = [], top
    tallest = [*band_heights]
    for (_, band), stack in stacks.items():
        tallest[band] = max(tallest[band], _height(at, stack))
    for most in tallest:
        high = most + 2 * _BAND_PAD
        bands.append((y, high))
        y += high + 8.0
    tops: dict[str, float] = {}
    for (_, band), stack in stacks.items():
        start = bands[band][0] + (bands[band][1] - _height(at, stack)) / 2
        for name in stack:
            tops[name] = start
            start += at[name].height + GAP
    beside: dict[str, list[str]] = {key: [] for key in at}
    for a, b in joined:
        beside[a].append(b)
        beside[b].append(a)
    columns = sorted(stacks)
    for order in (columns, columns[::-1], columns):
        for key in order:
            low, high = bands[key[1]][0] + _BAND_PAD, sum(bands[key[1]]) - _BAND_PAD
            _settle(at, tops, stacks[key], beside, low, high)
    return tops, bands, y - 8.0 if bands else y


def _height(at: Mapping[str, Item], stack: Sequence[str]) -> float:
    return sum(at[name].height for name in stack) + GAP * (len(stack) - 1)


def _settle(
    at: Mapping[str, Item],
    tops: dict[str, float],
    stack: list[str],
    beside: Mapping[str, list[str]],
    low: float,
    high: float,
) -> None:
    """Moves a stack, in its order and within its band, to where it is joined; items that would meet move as one."""
    offsets, below = [], 0.0
    for name in stack:
        offsets.append(below)
        below += at[name].height + GAP
    room = high - low - (below - GAP)
    blocks: list[list[float]] = []  # the sum of what its items wish for, and their number
    for name, offset in zip(stack, offsets, strict=True):
        near = [tops[other] + at[other].height / 2 for other in beside[name] if at[other].column != at[name].column]
        wish = sum(near) / len(near) - at[name].height / 2 if near else tops[name]
        blocks.append([wish - offset, 1])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] >= blocks[-1][0] / blocks[-1][1]:
            total, number = blocks.pop()
            blocks[-1][0] += total
            blocks[-1][1] += number
    starts = [total / number for total, number in blocks for _ in range(int(number))]
    for name, offset, start in zip(stack, offsets, starts, strict=True):
        tops[name] = min(max(start, low), low + room) + offset
