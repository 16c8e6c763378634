"""Groups of things that touch the same, directly or through others; the work grows with what they touch."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

T = TypeVar("T")


def components(things: Iterable[T], touched: Callable[[T], Iterable[Hashable]]) -> list[list[T]]:
    """The things in lists of connected ones. The lists are in the order of their first thing; each keeps the order."""
    each = list(things)
    parent = list(range(len(each)))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = at = parent[parent[at]]  # each step halves the way for later calls
        return at

    first: dict[Hashable, int] = {}
    for at, thing in enumerate(each):
        for name in touched(thing):
            parent[root(at)] = root(first.setdefault(name, at))
    found: dict[int, list[T]] = {}
    for at, thing in enumerate(each):
        found.setdefault(root(at), []).append(thing)
    return list(found.values())
