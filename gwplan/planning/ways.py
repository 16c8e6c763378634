"""The way of a task's data: the machines that it passes, and the WAN links between one and the next."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from gwplan.network import Network
from gwplan.planning.pools import accelerator_server
from gwplan.planning.trace import Way
from gwplan.planning.units import Case, Work


class Stop(NamedTuple):
    """Where something stands; over Fibre Channel no site is crossed."""

    site: str | None
    over_fc: bool = False


def way(network: Network, work: Work, case: Case, machine: str | None, served: Sequence[str | None]) -> Way:
    """``machine`` reads (or writes) the workload; ``served`` is who moves the data of each side, source first."""
    inventory = network.inventory
    machines: list[str | None]
    start = _repository(network, case.source) if case.source else Stop(case.site)
    end = _repository(network, case.target) if case.target else Stop(case.site)
    if len(served) == 2:
        pair = getattr(work.job, "wan_accelerators", None)
        accelerators = [accelerator_server(network, work, side) for side in ("source", "target")] if pair else []
        machines = [served[0], *accelerators, served[1]]
    elif work.type == "tape":
        machines = [served[0]]
        end = Stop(inventory.site_of_server(network.role_server("tape_server", work.job.tape_server)))
    elif case.source is not None:
        machines = [served[0], machine]
    else:
        machines = [machine, served[0]]
    return _way(network, start, machines, end)


def way_in_place(network: Network, repository: str, gateway: str) -> Way:
    """Of an operation within one repository: synthetic, rescan, health check."""
    return _way(network, None, [gateway], _repository(network, repository))


def _way(network: Network, start: Stop | None, machines: Sequence[str | None], end: Stop) -> Way:
    passed: list[str] = []
    for machine in machines:
        if machine is not None and passed[-1:] != [machine]:
            passed.append(machine)
    stops = [Stop(network.inventory.site_of_server(machine)) for machine in passed]
    stops = [*([start] if start else []), *stops, end]
    crossed = 0
    for here, there in pairwise(stops):
        if not here.over_fc and not there.over_fc and here.site is not None and there.site is not None:
            hops = network.hops(here.site, there.site)
            crossed += hops.wan if hops else 0
    return Way(tuple(passed), crossed, tuple(stop.site for stop in stops))


def _repository(network: Network, name: str) -> Stop:
    return Stop(network.inventory.site_of_repository(name), network.inventory.repositories[name].is_over_fc)
