"""What the lines and boxes of a picture mean: only those that it has; then its notes, in lines."""

from __future__ import annotations

from typing import NamedTuple

from gwplan.pictures.layout import FACT, LINE, Words
from gwplan.pictures.model import Picture
from gwplan.pictures.widths import lines, width

_LEFT = 16.0
_SAMPLE = 38.0


class Sample(NamedTuple):
    """A line or a small box, by its classes; ``y`` is the baseline of its words."""

    kinds: str
    is_box: bool
    x: float
    y: float


class Legend(NamedTuple):
    samples: list[Sample]
    words: list[Words]
    bottom: float


def legend(picture: Picture, top: float, wide: float) -> Legend:
    """The legend and the notes of a picture, from ``top`` on."""
    samples: list[Sample] = []
    words: list[Words] = []
    x, y = _LEFT, top + 18.0
    for kinds, text, is_box in _told(picture):
        room = _SAMPLE + width(text, FACT) + 20.0
        if x > _LEFT and x + room > wide - _LEFT:
            x, y = _LEFT, y + 20.0
        samples.append(Sample(kinds, is_box, x, y))
        words.append(Words(x + _SAMPLE, y, text))
        x += room
    y += 6.0
    for note in picture.notes:
        y += 4.0
        for line in lines(note, FACT, wide - 2 * _LEFT):
            y += FACT * LINE
            words.append(Words(_LEFT, y, line))
    return Legend(samples, words, y + 14.0)


def _told(picture: Picture) -> list[tuple[str, str, bool]]:
    kinds = {edge.kind for edge in picture.edges if not edge.is_gone}
    states = {node.state for node in picture.nodes}
    gauged = {node.state for node in picture.nodes if node.has_share}
    edges = picture.edges
    known = [
        ("data", "data, the wider the more tasks", False, "data" in kinds),
        ("offload", "offload", False, "offload" in kinds),
        ("wan", "over a WAN link", False, any(edge.wan_hops and not edge.is_gone for edge in edges)),
        ("fallback", "fallback", False, "fallback" in kinds),
        ("moved", "moved to another server", False, any(edge.moved for edge in edges)),
        ("gone", "ran here with nothing down", False, any(edge.is_gone for edge in edges)),
        ("unserved", "not served", False, "unserved" in kinds),
        ("link", "LAN link", False, any(edge.kind == "link" and not edge.wan_hops for edge in edges)),
        ("fabric", "Fibre Channel fabric", False, "fabric" in kinds),
        ("rail", "one failure domain", False, any(node.domains for node in picture.nodes)),
        ("cut", "link or fabric that is down", False, any(edge.down for edge in edges)),
        ("gateway ok", "share of slots", True, "ok" in gauged),
        ("gateway busy", "four fifths or more", True, "busy" in gauged),
        ("gateway over", "more than its slots", True, "over" in gauged),
        ("idle", "idle", True, "idle" in states),
        ("down", "down", True, "down" in states),
    ]
    return [(kinds, text, is_box) for kinds, text, is_box, holds in known if holds]
