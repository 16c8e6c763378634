"""Checks of space: what a machine or a repository has free, against what it will have to hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gwplan.checks.shape import Hit, check_for, on_jobs, on_key, on_value, some, tb
from gwplan.checks.view import View
from gwplan.findings import Rule, Severity
from gwplan.inventory.entries import APPLIANCES, DEDUPLICATING

_CACHE_PER_TB = 2
"""Gigabytes on the system drive for each terabyte that is being offloaded."""


@check_for(Rule(
    "GW154", "offload-cache-too-small", Severity.WARNING, "https://www.veeam.com/kb4283",
    why="The machine that offloads keeps a cache of about 2 GB on its system drive for each TB: the gateway server or, "
    "without a selected one, the server of the performance extent, a hardened one too. When the drive is full the "
    "offload fails.",
    fix="Free space on its system drive, or select a gateway server that has it.",
))  # fmt: skip
def offload_cache_too_small(view: View) -> Iterator[Hit]:
    offloaded: dict[str, int] = {}
    extents: dict[str, dict[str, None]] = {}
    for served, decisions in view.plan.groups:
        ruling, server = served.ruling, served.gateway
        if ruling.type != "offload" or ruling.side != "target" or server is None:
            continue
        if view.inventory.servers[server].free is not None:
            size = sum(view.size_of(decision.workloads) for decision in decisions)
            offloaded[server] = offloaded.get(server, 0) + size
            extents.setdefault(server, {})[ruling.repository] = None
    for server, size in offloaded.items():
        free, needed = view.inventory.servers[server].free or 0, size * _CACHE_PER_TB // 1000
        if needed > free:
            yield Hit(
                "server", server,
                f"{server} has {tb(free)} free, and {tb(size)} are offloaded through it, which needs about "
                f"{tb(needed)} of cache",
                on_value("servers", server, "free"),
                *(on_key("repositories", name, label="offloaded to") for name in extents[server]),
            )  # fmt: skip


@check_for(Rule(
    "GW155", "target-too-small", Severity.WARNING, "backup_repository.html",
    why="What the jobs keep on the repository (full backups, and what changes between restore points) is more than it "
    "has free. The sum is before compression; nothing is said of appliances, which deduplicate, or of a scale-out "
    "repository that moves backups to its capacity tier.",
    fix="Give it more space, keep less, or let some jobs write elsewhere.",
))  # fmt: skip
def target_too_small(view: View) -> Iterator[Hit]:
    kept: dict[str, dict[str, int]] = {}
    for name, job in view.writing_jobs():
        if (job.full_chains or job.retention) and job.target is not None:
            kept.setdefault(job.target, {})[name] = _keeps(job, view.size_of(view.inventory.holdings.workloads[name]))
    for target, jobs in kept.items():
        free, size = _free(view, target), sum(jobs.values())
        if free is not None and size > free:
            whole = target in view.inventory.scale_out_repositories
            yield Hit(
                "scale_out_repository" if whole else "repository", target,
                f"{target} has {tb(free)} free, and {some(jobs)} will keep {tb(size)} on it before compression",
                on_key("scale_out_repositories" if whole else "repositories", target), *on_jobs(jobs),
            )  # fmt: skip


def _keeps(job: Any, size: int) -> int:
    """The size of what a job keeps: its full backups, or one if their number is not given, and the changes of the other
    restore points."""
    fulls = job.full_chains or 1
    others = max(0, (job.retention or 0) - fulls)
    return int(size * fulls + size * others * (job.change_rate or 0) // 10_000)


def _free(view: View, target: str) -> int | None:
    """The free space of a repository, or of all extents together; None where it is not given or says little."""
    inventory = view.inventory
    whole = inventory.scale_out_repositories.get(target)
    if whole and whole.capacity_tier and whole.capacity_tier.moves:
        return None
    entries = [inventory.repositories[name] for name in view.repositories_of(target)]
    if any(entry.free is None or entry.type in DEDUPLICATING | APPLIANCES for entry in entries):
        return None
    return sum(entry.free or 0 for entry in entries)


CHECKS = (offload_cache_too_small, target_too_small)
