"""Things with their number, in words: ``1 entry``, ``3 entries``."""

from __future__ import annotations

import re

_HEAD = re.compile(r"(.*?)( (?:of|over) .*)?", re.DOTALL)
"""The part that takes the plural, and the rest: in ``single point of failure`` the points are counted."""


def plural(noun: str) -> str:
    """The plural of a noun."""
    match = _HEAD.fullmatch(noun)
    assert match is not None
    head, rest = match[1], match[2] or ""
    if head.endswith(("s", "x")):
        return f"{head}es{rest}"
    if head.endswith("y") and not head.endswith(("ay", "ey", "oy", "uy")):
        return f"{head[:-1]}ies{rest}"
    return f"{head}s{rest}"


def numbered(number: int, noun: str) -> str:
    """``1200 tasks``: with bare digits, as in messages that programs compare."""
    return f"{number} {noun if number == 1 else plural(noun)}"


def counted(number: int, noun: str) -> str:
    """``1,200 tasks``: as people read it."""
    return f"{number:,} {noun if number == 1 else plural(noun)}"
