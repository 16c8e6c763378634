"""Who serves one side of a task, and who else could: orders of servers, equal ones of one pick kept as one object."""

from __future__ import annotations

from collections.abc import Iterable


class Chosen:
    """Who serves one side of a task, and who else could, in order. Equal orders of one pick are one object."""

    __slots__ = ("fallbacks", "gateway")

    def __init__(self, gateway: str | None, fallbacks: tuple[str, ...]) -> None:
        self.gateway, self.fallbacks = gateway, fallbacks


NOBODY = Chosen(None, ())


class Known(dict[tuple[str, ...], Chosen]):
    """The orders that were met already by their names; and, for runs, orders with another server put in front."""

    def __init__(self) -> None:
        super().__init__()
        self._led: dict[tuple[str, Chosen], Chosen] = {}

    def __missing__(self, names: tuple[str, ...]) -> Chosen:
        chosen = self[names] = Chosen(names[0], names[1:])
        return chosen

    def led_by(self, first: str, after: Chosen) -> Chosen:
        found = self._led.get((first, after))
        if found is None:
            names = (after.gateway, *after.fallbacks)
            found = self[(first, *(name for name in names if name is not None and name != first))]
            self._led[first, after] = found
        return found

    def of_run(self, first: Iterable[str | None], after: tuple[str, ...]) -> list[Chosen]:
        """The order for each task of a run, made from the last to the first; None is somebody who is not in it."""
        chosen, found = self[after], []
        for name in reversed([*first]):
            if name is not None:
                chosen = self.led_by(name, chosen)
            found.append(chosen)
        return found[::-1]
