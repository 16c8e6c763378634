"""Which job feeds which, which workloads each job brings, and how many steps a job is from the machines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import NamedTuple

from gwplan.inventory.any_job import Job
from gwplan.inventory.entries import ScaleOutRepository, Workload
from gwplan.inventory.frozen import Frozen
from gwplan.inventory.jobs import Offload
from gwplan.inventory.names import members_of, natural


@dataclass(frozen=True, slots=True)
class Holdings:
    """What follows from the jobs taken together.

    ``workloads``: the machines of each job, in its order, or by name where it lists none. For a job that reads an
    extent they are all that its scale-out repository holds: which of them stand on the extent is for the plan to say.
    ``levels``: 0 for jobs that create chains, else one more than the jobs that feed it.
    ``writers``: the jobs that write to each repository or scale-out repository; an extent has those of its whole, too.
    ``offloads``: the implied ones by name; the other three include them.
    """

    workloads: Mapping[str, tuple[str, ...]]
    levels: Mapping[str, int]
    writers: Mapping[str, tuple[str, ...]]
    offloads: Mapping[str, ImpliedOffload]


class ImpliedOffload(NamedTuple):
    """What moves from a performance extent to the capacity tier without anyone declaring it."""

    whole: str
    job: Offload
    targets: tuple[str, ...]


def hold(
    jobs: Mapping[str, Job],
    workloads: Mapping[str, Workload],
    machines: Mapping[str, Workload],
    scale_out: Mapping[str, ScaleOutRepository],
) -> Holdings:
    """What follows from the jobs. ``machines`` are the single workloads, with groups expanded."""
    offloads = _offloads(jobs, scale_out)
    writers = _writers(jobs, scale_out, offloads)
    jobs = {**jobs, **{name: offload.job for name, offload in offloads.items()}}
    feeders = {name: _feeders(job, writers, jobs) for name, job in jobs.items()}
    steps = levels(feeders)
    listed = {
        name: tuple(dict.fromkeys(_single(job.listed, workloads, machines)))
        for name, job in jobs.items()
        if job.listed
    }
    held = _workloads(jobs, listed, machines, feeders, steps)
    return Holdings(Frozen(held), Frozen(steps), Frozen(writers), Frozen(offloads))


def in_circle(feeds: Mapping[str, Iterable[str]]) -> list[str]:
    """Given the jobs that each job reads from, those that feed themselves, in natural order."""
    sources = {name: {source for source in feeding if source in feeds} for name, feeding in feeds.items()}
    readers: dict[str, set[str]] = {name: set() for name in sources}
    for name, feeding in sources.items():
        for source in feeding:
            readers[source].add(name)
    rest = _peeled(_peeled(set(sources), sources, readers), readers, sources)
    return sorted(rest, key=natural)


def levels(feeders: Mapping[str, Collection[str]]) -> dict[str, int]:
    """Each job's level: one more than its highest feeder's. Jobs that feed each other in a circle share a level."""
    graph = _through_shared(feeders)
    found: dict[str | int, int] = {}
    try:
        for node in TopologicalSorter(graph).static_order():
            found[node] = isinstance(node, str) + max((found[feeder] for feeder in graph[node]), default=-1)
    except CycleError:
        found = _levels_with_circles(graph)
    return {name: found[name] for name in feeders}


def _through_shared(feeders: Mapping[str, Collection[str]]) -> dict[str | int, Collection[str | int]]:
    """The feeders as a graph. A group of them that feeds many jobs, as the writers of one repository do, is a node of
    its own between the two, under a number, so that the edges do not multiply."""
    graph: dict[str | int, Collection[str | int]] = {}
    for name, feeding in feeders.items():
        graph[name] = feeding
        if len(feeding) > 1:
            graph[name], graph[id(feeding)] = (id(feeding),), feeding
    return graph


def _peeled(names: set[str], before: Mapping[str, set[str]], after: Mapping[str, set[str]]) -> set[str]:
    """The names that remain when those with nothing before them are removed, again and again."""
    left = {name: len(before[name] & names) for name in names}
    loose = [name for name, count in left.items() if not count]
    for name in loose:  # the list grows while it is walked
        for other in after[name] & names:
            left[other] -= 1
            if not left[other]:
                loose.append(other)
    return names.difference(loose)


def _offloads(jobs: Mapping[str, Job], scale_out: Mapping[str, ScaleOutRepository]) -> dict[str, ImpliedOffload]:
    """One per performance extent whose offload nobody declares. capacity_tier.html"""
    declared = {(job.source, job.target) for job in jobs.values() if job.type == "offload"}
    found = {}
    for name, whole in scale_out.items():
        capacity = tuple(sorted(whole.capacity_tier.extents, key=natural)) if whole.capacity_tier else ()
        for extent in whole.performance_tier if capacity else ():
            if not any((extent, target) in declared for target in capacity):
                job = Offload(type="offload", source_repository=extent, repository=capacity[0])
                found[f"offload:{name}/{extent}"] = ImpliedOffload(name, job, capacity)
    return found


def _writers(
    jobs: Mapping[str, Job], scale_out: Mapping[str, ScaleOutRepository], offloads: Mapping[str, ImpliedOffload]
) -> dict[str, tuple[str, ...]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for name, job in jobs.items():
        if job.writes and job.target is not None:
            found[job.target].append(name)
    for name, whole in scale_out.items():
        for extent in whole.performance_tier:
            found[extent] = found[extent] + found[name] if extent in found else found[name]
    for name, offload in offloads.items():
        for target in offload.targets:
            found[target].append(name)
    shared = {id(writing): writing for writing in found.values()}  # many extents have the writers of one whole
    ordered = {number: tuple(sorted(set(writing), key=natural)) for number, writing in shared.items()}
    return {name: ordered[id(writing)] for name, writing in found.items()}


def _single(
    listed: Iterable[str], workloads: Mapping[str, Workload], machines: Mapping[str, Workload]
) -> Iterable[str]:
    """The single machines of a list; most lists name nothing else."""
    if machines.keys() >= {*listed}:
        return listed
    return (machine for item in listed for machine in members_of(item, workloads))


def _feeders(job: Job, writers: Mapping[str, tuple[str, ...]], jobs: Mapping[str, Job]) -> tuple[str, ...]:
    if job.source is not None:
        return writers.get(job.source, ())
    return tuple(name for name in job.feeds_on if jobs[name].writes)


def _levels_with_circles(graph: Mapping[str | int, Collection[str | int]]) -> dict[str | int, int]:
    import networkx as nx

    whole = nx.condensation(nx.DiGraph([(f, name) for name, feeding in graph.items() for f in feeding]))
    found: dict[str | int, int] = dict.fromkeys(graph, 0)
    for part in nx.topological_sort(whole):
        members = whole.nodes[part]["members"]
        outside = [f for node in members for f in graph[node] if f not in members]
        sourced = any(graph[node] for node in members)
        step = any(isinstance(node, str) for node in members)
        level = step + max((found[f] for f in outside), default=0 if sourced else -1)
        found.update(dict.fromkeys(members, level))
    return found


def _workloads(
    jobs: Mapping[str, Job],
    listed: Mapping[str, tuple[str, ...]],
    machines: Mapping[str, Workload],
    feeders: Mapping[str, tuple[str, ...]],
    levels: Mapping[str, int],
) -> dict[str, tuple[str, ...]]:
    found: dict[str, Collection[str]] = {name: listed.get(name, ()) for name in jobs}
    order = sorted((name for name in jobs if name not in listed and feeders[name]), key=lambda n: levels[n])
    grown = True
    while grown:  # once if no job feeds itself; in a circle, until nothing is added
        grown = False
        known: dict[tuple[int, Collection[str]], tuple[dict[str, None], int]] = {}  # many may read one repository
        for name in order:
            takes = jobs[name].takes
            read = id(feeders[name]), takes
            if read not in known:
                brought = dict.fromkeys(machine for feeder in feeders[name] for machine in found[feeder])
                if takes:
                    brought = {machine: None for machine in brought if machines[machine].platform in takes}
                known[read] = brought, max(levels[feeder] for feeder in feeders[name])
            brought, highest = known[read]
            if len(brought) != len(found[name]):
                grown = highest >= levels[name] or grown
                found[name] = brought
    shared = {id(held): held for name, held in found.items() if name not in listed}
    ordered = {number: tuple(sorted(held, key=natural)) for number, held in shared.items()}
    return {name: tuple(held) if name in listed else ordered[id(held)] for name, held in found.items()}
