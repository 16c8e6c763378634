"""An SVG as it is seen: boxes, words with their extents in DejaVu Sans, lines as points; and what is wrong with it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from xml.etree import ElementTree

SVG = "{http://www.w3.org/2000/svg}"
_ADVANCES = (
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636,
    636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632,
    575, 775, 752, 295, 295, 656, 557, 863, 748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685,
    611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579,
    278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838,
)  # fmt: skip
"""Of the printable characters of ASCII, in thousandths."""
_EXTRA = {"…": 1000, "×": 838}
_BOLD = ("title", "head", "site", "label")


@dataclass(frozen=True)
class Area:
    left: float
    top: float
    right: float
    bottom: float
    what: str = ""

    def meets(self, other: Area) -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def holds(self, other: Area) -> bool:
        across = self.left <= other.left and other.right <= self.right
        return across and self.top <= other.top and other.bottom <= self.bottom


@dataclass(frozen=True)
class Line:
    ends: tuple[str, str]
    points: tuple[tuple[float, float], ...]
    half: float


class Drawn:
    """``boxes`` and ``labels`` are by node; ``words`` has every line of text in the picture, those in boxes too."""

    def __init__(self, text: str) -> None:
        root = ElementTree.fromstring(text)
        self.root = root
        _, _, self.width, self.height = map(float, root.attrib["viewBox"].split())
        self.boxes: dict[str, Area] = {}
        self.labels: dict[str, list[Area]] = {}
        self.words: list[Area] = []
        for element in root.iter(f"{SVG}text"):
            self.words += _areas(element)
        for group in _with_class(root, "g", "node"):
            box = group.find(f"{SVG}rect")
            if "data-id" in group.attrib and box is not None:
                x, y, wide, high = (float(box.attrib[key]) for key in ("x", "y", "width", "height"))
                name = group.attrib["data-id"]
                self.boxes[name] = Area(x, y, x + wide, y + high, name)
                self.labels[name] = [area for text in group.iter(f"{SVG}text") for area in _areas(text)]
        self.lines = [
            Line((path.attrib["data-from"], path.attrib["data-to"]), tuple(_points(path.attrib["d"])),
                 float(path.attrib["stroke-width"]) / 2)
            for path in _with_class(root, "path", "edge")
        ]  # fmt: skip

    def faults(self) -> list[str]:
        """What one would see as wrong."""
        found = [f"{a.what!r} over {b.what!r}" for a, b in combinations(self.words, 2) if a.meets(b)]
        found += [f"box {a.what} over {b.what}" for a, b in combinations(self.boxes.values(), 2) if a.meets(b)]
        page = Area(0, 0, self.width, self.height)
        found += [f"{word.what!r} leaves the picture" for word in self.words if not page.holds(word)]
        for name, box in self.boxes.items():
            found += [f"{word.what!r} leaves {name}" for word in self.labels[name] if not box.holds(word)]
        inside = {word for words in self.labels.values() for word in words}
        outside = [word for word in self.words if word not in inside]
        found += [f"{word.what!r} under {b.what}" for word in outside for b in self.boxes.values() if word.meets(b)]
        for line in self.lines:
            others = [box for name, box in self.boxes.items() if name not in line.ends]
            found += [f"{line.ends} under {area.what!r}" for area in (*others, *outside) if _crosses(line, area)]
        return found


def width(text: str, size: float, *, bold: bool) -> float:
    """In DejaVu Sans, Noto Sans CJK where that has no glyph."""
    total = 0
    for char in text:
        if 32 <= ord(char) < 127:
            total += _ADVANCES[ord(char) - 32]
        elif char in _EXTRA:
            total += _EXTRA[char]
        else:
            total += 1000 if unicodedata.east_asian_width(char) in "WF" else 0 if unicodedata.combining(char) else 1050
    return total / 1000 * size * (1.11 if bold else 1)


def _areas(element: ElementTree.Element) -> Iterator[Area]:
    kind = element.attrib.get("class", "").split()[0]
    size = float(element.attrib["font-size"])
    for line in element.findall(f"{SVG}tspan") or [element]:
        x, y, text = float(line.attrib["x"]), float(line.attrib["y"]), line.text or ""
        yield Area(x, y - 0.93 * size, x + width(text, size, bold=kind in _BOLD), y + 0.24 * size, text)


def _with_class(root: ElementTree.Element, tag: str, name: str) -> Iterator[ElementTree.Element]:
    return (one for one in root.iter(SVG + tag) if name in one.attrib.get("class", "").split())


def _points(drawn: str) -> Iterator[tuple[float, float]]:
    here = (0.0, 0.0)
    for letter, numbers in re.findall(r"([MLC])([^MLC]*)", drawn):
        values = [float(number) for number in numbers.split()]
        ends = list(zip(values[::2], values[1::2], strict=True))
        if letter == "C":
            yield from (_on_curve(here, *ends, step / 24) for step in range(1, 25))
        elif letter == "L":
            yield from ((here[0] + (ends[0][0] - here[0]) * step / 24, ends[0][1]) for step in range(1, 25))
        else:
            yield ends[0]
        here = ends[-1]


def _on_curve(
    a: tuple[float, float], b: tuple[float, float], c: tuple[float, float], d: tuple[float, float], t: float
) -> tuple[float, float]:
    weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
    x, y = (sum(w * point[axis] for w, point in zip(weights, (a, b, c, d), strict=True)) for axis in (0, 1))
    return x, y


def _crosses(line: Line, area: Area) -> bool:
    return any(
        area.left < x < area.right and area.top - line.half < y < area.bottom + line.half for x, y in line.points
    )
