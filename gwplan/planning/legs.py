"""The way of the data, stop by stop, with the places of gateway servers open: who meets whom.

Routes, the checks of a gateway's far side, the path, its WAN links and what fails when something is lost all read it.
gateway_server.html, backup_copy_path.html, backup_to_tape_hiw.html
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from itertools import pairwise

from gwplan.planning.readers import Readers
from gwplan.planning.tasks import Case, Work
from gwplan.planning.trace import Stop, Way
from gwplan.planning.world import World


def legs(
    world: World, work: Work, case: Case, readers: Readers | None, open_sides: Container[str]
) -> tuple[Stop, ...]:
    """The stops of a job's own operation, in the order of the data. ``open_sides`` are those that need a gateway."""
    source, target = (_side(world, case, side, open_sides) for side in ("source", "target"))
    if work.job.in_place:
        return target[::-1]
    if source and target:
        return (*source, *_accelerators(world, work), *target[::-1])
    if work.job.tape is not None:
        server = world.network.role_server("tape_server", work.job.tape)
        what = f"the tape server {work.job.tape}"
        return (*source, Stop("tape", what, server, world.inventory.site_of_server(server)))
    if source:
        return (*source, *_workload(world, case, readers)[::-1])
    return (*_workload(world, case, readers), *target[::-1])


def legs_in_place(world: World, case: Case, side: str) -> tuple[Stop, ...]:
    """The stops of a synthetic operation."""
    return _repository(world, (case.source if side == "source" else case.target) or "", side, gateway=True)[::-1]


def far_stop(stops: Sequence[Stop], side: str, *, as_accelerator: bool = False) -> Stop | None:
    """What a gateway of a side exchanges data with, away from its repository: the next stop whose place is not open.

    A WAN accelerator that takes the role exchanges data with the other one.
    """
    at = next((i for i, stop in enumerate(stops) if stop.kind == "gateway" and stop.side == side), None)
    if at is None:
        return None
    follows = at > 0 and stops[at - 1].kind == "repository"
    for stop in stops[at + 1 :] if follows else stops[:at][::-1]:
        its_own = as_accelerator and stop.kind == "accelerator" and stop.side == side
        if stop.kind != "gateway" and not its_own:
            return stop
    return None


def exchanges(stops: Sequence[Stop]) -> Iterator[tuple[Stop, Stop]]:
    """The neighbours that exchange data without an open place between them, but for those that belong together: a
    repository and its data mover, a workload and who reads it."""
    for here, there in pairwise(stops):
        kinds = {here.kind, there.kind}
        if "gateway" not in kinds and kinds != {"repository", "mover"} and kinds != {"workload", "reader"}:
            yield here, there


def meetings(way: Way, backup_server: Stop) -> Iterator[tuple[Stop, Stop]]:
    """The pairs that must reach each other while a task runs: neighbours, and the backup server and each machine."""
    yield from pairwise(way.stops)
    yield from ((backup_server, stop) for stop in way.stops if stop.is_machine)


# --- the stops --------------------------------------------------------------------------------------------------------


def _side(world: World, case: Case, side: str, open_sides: Container[str]) -> tuple[Stop, ...]:
    name = case.source if side == "source" else case.target
    if name is None:
        return ()
    return _repository(world, name, side, gateway=side in open_sides)


def _repository(world: World, name: str, side: str, *, gateway: bool) -> tuple[Stop, ...]:
    """A repository, then what moves its data: the open place of a gateway, or its own data mover."""
    entry, site = world.inventory.repositories[name], world.inventory.site_of_repository(name)
    mover = Stop("gateway", "a gateway server", None, None, side) if gateway else (
        Stop("mover", name, entry.server, site, side))  # fmt: skip
    return Stop("repository", name, name, site, side, entry.is_over_fc), mover


def _accelerators(world: World, work: Work) -> tuple[Stop, ...]:
    pair = work.job.accelerators
    if pair is None:
        return ()
    found = []
    for side, name in (("source", pair.source), ("target", pair.target)):
        server = world.network.role_server("wan_accelerator", name)
        what = f"the WAN accelerator {server}"
        found.append(Stop("accelerator", what, server, world.inventory.site_of_server(server), side))
    return tuple(found)


def _workload(world: World, case: Case, readers: Readers | None) -> tuple[Stop, ...]:
    """The machine, then who reads it. A proxy is judged by the site of its workload, which it has a route to."""
    own = Stop("workload", "the workload", None, case.site)
    if readers is None:
        return (own,)
    site = world.inventory.site_of_server(readers.host) if readers.host else case.site
    return own, Stop("reader", "the proxy", readers.host, site)


# --- filled -----------------------------------------------------------------------------------------------------------


def way(world: World, stops: Sequence[Stop], reader: str | None, gateways: Mapping[str, str | None]) -> Way:
    """The stops with their open places filled. ``reader`` is the machine that reads; ``gateways`` has the gateway
    server of each side that has one."""
    passed: list[Stop] = []
    for stop in stops:
        if not stop.is_machine:
            passed.append(stop)
            continue
        name = gateways.get(stop.side) if stop.kind == "gateway" else reader if stop.kind == "reader" else stop.name
        if name is not None and not (passed and passed[-1].is_machine and passed[-1].name == name):
            passed.append(_filled(world, stop, name))
    machines = tuple([stop.name for stop in passed if stop.is_machine and stop.name is not None])
    return Way(tuple(passed), machines, sum(_wan_links(world, *pair) for pair in pairwise(passed)))


def _filled(world: World, stop: Stop, name: str) -> Stop:
    found = world.filled.get((stop.kind, name, stop.side))
    if found is None:
        found = Stop(stop.kind, name, name, world.inventory.site_of_server(name), stop.side)
        world.filled[stop.kind, name, stop.side] = found
    return found


def _wan_links(world: World, here: Stop, there: Stop) -> int:
    """The WAN links between two stops: none over Fibre Channel, where no site is crossed."""
    if here.site == there.site or here.over_fc or there.over_fc or here.site is None or there.site is None:
        return 0
    hops = world.network.hops(here.site, there.site)
    return hops.wan if hops else 0
