"""The cheapest ways from one site to the others, over whatever steps the network has."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush

Steps = Callable[[str], list[tuple[int, str]]]
"""The neighbours of a site, nearest first, each with what the step costs."""


class Search:
    """The ways from one site, cheapest first, searched only as far as somebody has asked.

    Dijkstra's algorithm, but each settled site keeps only its next step open: in a mesh most steps never matter.
    """

    __slots__ = ("_open", "_settled")

    def __init__(self, site: str, *, is_up: bool) -> None:
        self._open: list[tuple[int, str, str, int]] = []
        self._settled: dict[str, int] = {}
        if is_up:
            self._open.append((0, site, site, 0))

    def cost(self, site: str, steps: Steps) -> int | None:
        """The search goes on from where it stopped until it has passed the site."""
        while site not in self._settled and self._open:
            self._pass_next(steps)
        return self._settled.get(site)

    def all(self, steps: Steps) -> frozenset[str]:
        """All sites to which a way leads."""
        while self._open:
            self._pass_next(steps)
        return frozenset(self._settled)

    def _pass_next(self, steps: Steps) -> None:
        far, there, here, at = heappop(self._open)
        if there not in self._settled:
            self._settled[there] = far
            self._go_on(there, 0, steps)
        if there != here:
            self._go_on(here, at + 1, steps)

    def _go_on(self, here: str, at: int, steps_of: Steps) -> None:
        """Open the next step from a site that leads to one that is not passed."""
        settled, steps = self._settled, steps_of(here)
        while at < len(steps):
            cost, there = steps[at]
            if there not in settled:
                heappush(self._open, (settled[here] + cost, there, here, at))
                return
            at += 1
