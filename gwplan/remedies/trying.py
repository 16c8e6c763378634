"""What is found by trying alone, where load chooses between extents and sets of servers prove nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations

from gwplan.remedies.changes import has_room
from gwplan.remedies.places import (
    DEFAULT_MOUNT,
    Atom,
    Bundle,
    Place,
    default_slots,
    has_own_mount_server,
    is_listable,
    mount_slots,
    places_of,
    slot_of,
)
from gwplan.remedies.problems import Problem
from gwplan.remedies.remedy import Remedy
from gwplan.remedies.search import Search

_SETS = 24
"""Sets that are tried at most."""
_WHATEVER_EXTENT = ("no_proxy", "tape_server_down", "wan_accelerator_down")
"""Reasons that hold whichever extent is chosen."""
_WORTH_IT = 8
"""Sets that may be tried, from which on a search without a guide may find something."""


def has_choice(search: Search, problem: Problem) -> bool:
    """Whether load chooses between extents for a job that a problem concerns, or for what it reads."""
    survey = search.before.survey
    if problem.kind == "loss" and search.before.losses[problem.element].backup_server:
        return False
    if search.requirements(problem).reason in _WHATEVER_EXTENT:
        return False
    if any(work.has_choice and work.name in problem.jobs for work in survey.todo):
        return True
    return any(
        needs.job in problem.jobs and not survey.extents.isdisjoint((needs.ruled.case.source, needs.ruled.case.target))
        for needs in survey.cases
    )


def by_trying(
    search: Search, problem: Problem, most: int, is_good: Callable[[Remedy], bool]
) -> Iterator[Remedy]:
    """The first set that removes a problem, of those that are tried: none of a large estate's."""
    is_worth_it = search.patience >= _WORTH_IT and not search.is_over
    sets, whole = every_set(search, most) if is_worth_it else ([], False)
    for names in sets:
        made = search.at(names)
        if made is not None and is_good(made):
            yield made
            return
    if not whole:
        search.cut.add(problem.id)


def every_set(search: Search, most: int) -> tuple[list[Bundle], bool]:
    """Sets of names at so many places, the fewest names first, as many as may be tried; and whether that is all."""
    atoms = sorted(_atoms(search), key=lambda atom: search.order(frozenset({atom})))
    found: list[Bundle] = []
    for size in range(1, len(atoms) + 1):
        before = len(found)
        for chosen in combinations(atoms, size):
            names = frozenset(chosen)
            if len(places_of(names)) <= most and has_room(search.base.inventory, names):
                found.append(names)
                if len(found) > min(search.patience, _SETS):
                    return found[:-1], False
        if len(found) == before:
            break
    return found, True


def _atoms(search: Search) -> Iterator[Atom]:
    """Every name at every place, of the servers that are there."""
    inventory, kinds = search.before.inventory, search.kinds
    for name in inventory.repositories if "list" in kinds else ():
        if is_listable(inventory, name):
            listed = inventory.repositories[name].gateway_servers or ()
            yield from ((Place("list", name), server) for server in inventory.servers if server not in listed)
    for name in inventory.repositories if "mount" in kinds else ():
        slots = mount_slots(inventory, name)
        yield from ((Place("mount", name), server) for server in inventory.servers if server not in slots.values())
    if "mount" in kinds and not all(has_own_mount_server(inventory, name) for name in inventory.repositories):
        free = {slot for slot, name in default_slots(inventory).items() if name is None}
        yield from ((DEFAULT_MOUNT, server) for server in inventory.servers if slot_of(inventory, server) in free)
    for name, job in inventory.jobs.items() if "proxy" in kinds else ():
        proxies = job.listed_proxies if job.through_proxies else None
        if proxies is not None:
            yield from ((Place("proxy", name), proxy) for proxy in inventory.proxies if proxy not in proxies)
    for name, members in inventory.fabrics.items() if "zone" in kinds else ():
        servers = (server for server in inventory.servers if ("server", server) not in members)
        yield from ((Place("zone", name), server) for server in servers)
