"""How wide text is, at most, in a common sans-serif font; and text in lines, broken at blanks alone."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_HUNDREDTHS = {
    30: "IJijl ", 35: ",./:;\\|'", 40: "()-[]ft", 45: "!r", 50: '"*_`', 55: "?csz", 60: "FLkvxy",
    65: "$0123456789EPSTYabdeghnopqu{}", 70: "ABCKRVXZ", 75: "NU", 80: "&DGHOQ", 85: "#+<=>^w~", 90: "M", 100: "%@Wm",
}  # fmt: skip
"""DejaVu Sans, rounded up: wider than what most systems have."""
_ASCII = {char: hundredths / 100 for hundredths, chars in _HUNDREDTHS.items() for char in chars}
_BOLD = 1.13


@lru_cache(1 << 16)
def width(text: str, size: float, *, bold: bool = False) -> float:
    """An upper bound of the width of one line."""
    return sum(_ASCII.get(char) or _wide(char) for char in text) * size * (_BOLD if bold else 1)


def _wide(char: str) -> float:
    """The width of a character that is not ASCII, by its block: ideographs are square, some letters drawn as words."""
    code = ord(char)
    if unicodedata.combining(char):
        return 0.6
    if unicodedata.east_asian_width(char) in "WF":
        return 1.05 if code < 0x1F000 else 1.65
    if code < 0x500:
        return 1.2
    return 1.75 if not 0x2000 <= code < 0x2070 else 1.1


def lines(text: str, size: float, most: float, *, bold: bool = False) -> tuple[str, ...]:
    """Text in lines of at most this width where its blanks allow it."""
    found: list[str] = []
    for word in text.split(" "):
        longer = f"{found[-1]} {word}" if found else word
        if found and (not word or width(longer, size, bold=bold) <= most):
            found[-1] = longer
        else:
            found.append(word)
    return tuple(found)
