"""Which job feeds which, which workloads each job brings, and how many steps a job is from the machines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gwplan.inventory.entries import ScaleOutRepository, Workload
from gwplan.inventory.jobs import Job
from gwplan.inventory.names import natural


@dataclass(frozen=True, slots=True)
class Holdings:
    """What follows from the jobs taken together.

    ``workloads``: the machines of each job, in its order, or by name where it lists none. For a job that reads an
    extent they are all that its scale-out repository holds: which of them stand on the extent is for the plan to say.
    ``levels``: 0 for jobs that create chains, else one more than the jobs that feed it.
    ``writers``: the jobs that write to each repository or scale-out repository, extents with those of their whole.
    """

    workloads: Mapping[str, tuple[str, ...]]
    levels: Mapping[str, int]
    writers: Mapping[str, tuple[str, ...]]


def hold(
    jobs: Mapping[str, Job],
    listed: Mapping[str, tuple[str, ...]],
    machines: Mapping[str, Workload],
    scale_out: Mapping[str, ScaleOutRepository],
) -> Holdings:
    """``listed`` has the machines that each job names itself, groups expanded; jobs that name none are absent."""
    writers = _writers(jobs, scale_out)
    feeders = {name: _feeders(job, writers, jobs) for name, job in jobs.items()}
    levels = _levels(feeders)
    return Holdings(_workloads(jobs, listed, machines, feeders, levels), levels, writers)


def sources_in_circle(jobs: Mapping[str, Job]) -> list[str]:
    """The jobs that feed themselves by ``source_jobs`` alone, in natural order."""
    feeds = {name: [s for s in getattr(job, "source_jobs", None) or () if s in jobs] for name, job in jobs.items()}
    rest = set(feeds)
    while loose := [name for name in rest if not any(source in rest for source in feeds[name])]:
        rest -= set(loose)
    # what is left is in a circle or reads from one: keep those that some job of the rest reads from
    while ends := rest - {source for name in rest for source in feeds[name]}:
        rest -= ends
    return sorted(rest, key=natural)


def _writers(jobs: Mapping[str, Job], scale_out: Mapping[str, ScaleOutRepository]) -> dict[str, tuple[str, ...]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for name, job in jobs.items():
        if job.writes:
            found[job.repository].append(name)  # type: ignore[attr-defined]
    for name, whole in scale_out.items():
        for extent in whole.performance_tier:
            found[extent] = found[extent] + found[name]
    return {name: tuple(sorted(writing, key=natural)) for name, writing in found.items()}


def _feeders(job: Job, writers: Mapping[str, tuple[str, ...]], jobs: Mapping[str, Job]) -> tuple[str, ...]:
    if source := getattr(job, "source_repository", None):
        return writers.get(source, ())
    return tuple(name for name in getattr(job, "source_jobs", None) or () if jobs[name].writes)


def _levels(feeders: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    """One more than the highest feeder; jobs that feed each other in a circle share a level."""
    levels: dict[str, int] = {}
    waiting = {name: len(set(feeding)) for name, feeding in feeders.items()}
    fed: defaultdict[str, list[str]] = defaultdict(list)
    for name, feeding in feeders.items():
        for feeder in set(feeding):
            fed[feeder].append(name)
    ready = [name for name, count in waiting.items() if not count]
    while ready:
        name = ready.pop()
        levels[name] = 1 + max((levels[feeder] for feeder in feeders[name]), default=-1)
        for reader in fed[name]:
            waiting[reader] -= 1
            if not waiting[reader]:
                ready.append(reader)
    return levels if len(levels) == len(feeders) else _levels_with_circles(feeders)


def _levels_with_circles(feeders: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    import networkx as nx

    whole = nx.condensation(nx.DiGraph([(f, name) for name, feeding in feeders.items() for f in feeding]))
    levels = dict.fromkeys(feeders, 0)
    for part in list(nx.topological_sort(whole)):
        members = whole.nodes[part]["members"]
        outside = [f for name in members for f in feeders[name] if f not in members]
        sourced = any(feeders[name] for name in members)
        level = 1 + max((levels[f] for f in outside), default=0 if sourced else -1)
        levels.update(dict.fromkeys(members, level))
    return levels


def _workloads(
    jobs: Mapping[str, Job],
    listed: Mapping[str, tuple[str, ...]],
    machines: Mapping[str, Workload],
    feeders: Mapping[str, tuple[str, ...]],
    levels: Mapping[str, int],
) -> dict[str, tuple[str, ...]]:
    found: dict[str, Iterable[str]] = {name: listed.get(name, ()) for name in jobs}
    order = sorted((name for name in jobs if name not in listed and feeders[name]), key=lambda n: levels[n])
    grown = True
    while grown:  # once where nothing feeds itself; in a circle until nothing is added
        grown = False
        for name in order:
            takes = jobs[name].takes
            brought = dict.fromkeys(machine for feeder in feeders[name] for machine in found[feeder])
            if takes:
                brought = {machine: None for machine in brought if machines[machine].platform in takes}
            if len(brought) != len(found[name]):  # type: ignore[arg-type]
                grown = any(levels[feeder] >= levels[name] for feeder in feeders[name]) or grown
                found[name] = brought
    return {
        name: tuple(held) if name in listed else tuple(sorted(held, key=natural)) for name, held in found.items()
    }
