"""How high each load stands as each of many jobs finds it, from what the jobs add one after the other."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Mapping
from typing import Generic, TypeVar

L = TypeVar("L", bound=Hashable)


class Heights(Generic[L]):
    """Of each load the jobs that add to it, by their places in the order, and its height after each."""

    __slots__ = ("_known",)

    def __init__(self) -> None:
        self._known: dict[L, tuple[list[int], list[int]]] = {}

    def add(self, at: int, added: Mapping[L, int]) -> None:
        """What a job adds. The jobs come in their order."""
        for load, weight in added.items():
            jobs, heights = self._known.setdefault(load, ([], []))
            jobs.append(at)
            heights.append(weight + (heights[-1] if heights else 0))

    def before(self, load: L, at: int) -> int:
        """The height as the job at this place finds it."""
        if load not in self._known:
            return 0
        jobs, heights = self._known[load]
        earlier = bisect_left(jobs, at)
        return heights[earlier - 1] if earlier else 0
