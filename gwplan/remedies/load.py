"""What helps a gateway that has to carry more than it has slots: lower limits of repositories, or another server."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations, islice

from gwplan.inventory.names import natural
from gwplan.planning.carried import Carried
from gwplan.planning.rank import slots
from gwplan.remedies.changes import limited
from gwplan.remedies.places import Bundle, Place, Requirement, is_listable
from gwplan.remedies.problems import Problem
from gwplan.remedies.remedy import Remedy
from gwplan.remedies.search import Search

_SERVERS = 4
"""The most servers that are tried for one list."""
_SETS = 20_000
"""Sets of repositories that are looked at for lower limits: more than there are pairs of 200."""
_LIMITS = 8
"""Sets of limits that are made and measured at least, where there are so many."""


def against_overload(search: Search, problem: Problem, most: int) -> Iterator[Remedy]:
    """Each of the smallest sets of limits that keeps a gateway within its slots, and each server that relieves it."""
    server = problem.element.partition(":")[2]
    if "limit" in search.kinds:
        sets = islice(limits_for(search, server, most), max(search.patience, _LIMITS))
        found = [*_relieving(sets, search, problem)]
        if not found and search.extents and not search.is_over:
            sets = islice(_limits_of_extents(search, server, most), search.patience)
            found = [*islice(_relieving(sets, search, problem), 1)]
            if not found:
                search.cut.add(problem.id)
        yield from found
    if "list" in search.kinds and not search.is_over:
        yield from _by_another_server(search, problem, server, most)


def _relieving(sets: Iterable[Mapping[str, int]], search: Search, problem: Problem) -> Iterator[Remedy]:
    for limits in sets:
        if search.is_over and not search.extents.isdisjoint(limits):
            search.cut.add(problem.id)
            return
        made = search.attempt(limited(search.before.inventory, limits))
        if made is not None and relieves(made, search, problem):
            yield made


def relieves(made: Remedy, search: Search, problem: Problem) -> bool:
    """Whether it takes the load off a gateway and does not put it on another one that cannot carry it."""
    return problem in made.removes and made.after.overloaded <= search.before.numbers.overloaded


# --- limits -----------------------------------------------------------------------------------------------------------


def limits_for(search: Search, server: str, most: int) -> Iterator[dict[str, int]]:
    """The smallest sets of repositories whose limits can do it, each with the highest limits that do."""
    inventory = search.before.inventory
    room = slots(inventory, server)
    shares = [_Shares(search, server, loads) for loads in _all_loads(search)]
    heavy = [one for one in shares if one.with_limits({}) > room]
    names = sorted({name for one in heavy for name in one.tasks})
    found: list[set[str]] = []
    looked = 0
    for size in range(1, most + 1):
        if not all(one.least(size) <= room for one in heavy):
            continue
        for chosen in combinations(names, size):
            looked += 1
            if looked > _SETS:
                search.cut.add(f"overload:server:{server}")
                return
            if any(one <= {*chosen} for one in found):
                continue
            if all(one.with_limits(dict.fromkeys(chosen, 1)) <= room for one in heavy):
                found.append({*chosen})
                yield _highest(chosen, heavy, room)


def _limits_of_extents(search: Search, server: str, most: int) -> Iterator[dict[str, int]]:
    """The limit of an extent also says how much is placed on it, so that only trying tells what it comes to: the same
    for some extents, the highest first."""
    entries = search.before.inventory.repositories
    room = slots(search.before.inventory, server)
    for size in range(1, most + 1):
        for chosen in combinations(sorted(search.extents, key=natural), size):
            lowest = min(entries[name].max_concurrent_tasks or room + 1 for name in chosen)
            yield from (dict.fromkeys(chosen, limit) for limit in range(min(room, lowest - 1), 0, -1))


class _Shares:
    """What a gateway carries of each repository in one plan, and how much of it at once under lower limits."""

    def __init__(self, search: Search, server: str, loads: Carried) -> None:
        self.tasks: dict[str, int] = {}
        self.totals: dict[str, int] = {}
        self._most = loads.tasks[server]
        entries = search.before.inventory.repositories
        for (name, repository), tasks in loads.on.items():
            if name == server and tasks > 0:
                self.tasks[repository] = tasks
        for (_, repository), tasks in loads.on.items():
            if repository in self.tasks:
                self.totals[repository] = self.totals.get(repository, 0) + tasks
        self.limits = {n: min(entries[n].max_concurrent_tasks or total, total) for n, total in self.totals.items()}

    def with_limits(self, limits: Mapping[str, int]) -> int:
        together = sum(self._part(name, limits.get(name)) for name in self.tasks)
        return min(self._most, together)

    def least(self, number: int) -> int:
        """What is carried at once if this many repositories are limited as far as can be."""
        parts = [self._part(name, None) for name in self.tasks]
        saved = sorted((part - 1 for part in parts), reverse=True)
        return min(self._most, sum(parts) - sum(saved[:number]))

    def _part(self, repository: str, limit: int | None) -> int:
        tasks, total = self.tasks[repository], self.totals[repository]
        now = self.limits[repository] if limit is None else min(limit, self.limits[repository])
        return tasks if now >= total else -(-tasks * now // total)


def _all_loads(search: Search) -> list[Carried]:
    return [search.before.survey.loads, *search.before.loads.values()]


def _highest(chosen: tuple[str, ...], heavy: list[_Shares], room: int) -> dict[str, int]:
    """The same limit for all as far as it goes, then each by itself as high as it may be."""
    highest = {name: max(one.limits.get(name, 1) for one in heavy) for name in chosen}

    def fits(limits: Mapping[str, int]) -> bool:
        return all(one.with_limits(limits) <= room for one in heavy)

    low, high = 1, max(highest.values())
    while low < high:
        middle = (low + high + 1) // 2
        if fits({name: min(middle, highest[name]) for name in chosen}):
            low = middle
        else:
            high = middle - 1
    limits = {name: min(low, highest[name]) for name in chosen}
    for name in chosen:
        low, high = limits[name], highest[name]
        while low < high:
            middle = (low + high + 1) // 2
            if fits({**limits, name: middle}):
                low = middle
            else:
                high = middle - 1
        limits[name] = low
    return limits


# --- another server ---------------------------------------------------------------------------------------------------


def _demand(search: Search, repository: str) -> int:
    """The tasks of a repository that run at once."""
    total = sum(tasks for (_, name), tasks in search.before.survey.loads.on.items() if name == repository)
    return min(search.before.inventory.repositories[repository].max_concurrent_tasks or total, total)


def _by_another_server(search: Search, problem: Problem, server: str, most: int) -> Iterator[Remedy]:
    """One more server in the list of a repository, where the lists could carry it all."""
    inventory, survey = search.base.inventory, search.base
    carried = (loads.on.items() for loads in _all_loads(search))
    on = {repository for items in carried for (name, repository), tasks in items if name == server and tasks > 0}
    for repository in sorted(on, key=natural):
        if not is_listable(inventory, repository):
            continue
        place = Place("list", repository)
        listed = inventory.repositories[repository].gateway_servers or ()
        room = sum(slots(inventory, name) for name in listed) - _demand(search, repository)

        def has_slots(names: Bundle, place: Place = place, room: int = room) -> bool:
            """Whether the list could carry it all: equally near servers share evenly."""
            return room + sum(slots(inventory, name) for at, name in names if at == place) >= 0

        seen: set[str] = set()
        offered: set[Requirement] = set()
        for needs in survey.cases:
            for side in needs.ruled.sides:
                if side.repository == repository and side.operation == "data":
                    may = [c for c in search.candidates(needs.ruled, side) if c not in seen]
                    seen.update(may)
                    offered.update(frozenset({bundle}) for bundle in search.lacks.listing(repository, may))
        ordered = sorted(offered, key=lambda one: search.order(next(iter(one))))
        for required in ordered[:_SERVERS]:
            (bundle,) = required
            places = frozenset(at for at, _ in bundle) | {place}
            if len(places) <= most:
                sets = filter(has_slots, islice(search.names_at(places, [required]), search.patience))
                made = search.first_good(sets, lambda remedy: relieves(remedy, search, problem))
                if made is not None:
                    yield made
