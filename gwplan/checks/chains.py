"""Checks of what a job does with its backups that their repository, their cache or their tape does not allow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gwplan.checks.shape import Hit, check_for, on_key, on_targets, on_value, some
from gwplan.checks.view import View
from gwplan.findings import Rule, Severity
from gwplan.inventory.entries import OBJECT_STORAGE, SHARED_FOLDERS, Repository
from gwplan.inventory.names import natural


@check_for(Rule(
    "GW036", "deduplicated-refs-volume", Severity.ERROR, "backup_repository_block_cloning.html",
    why="Fast clone and Windows deduplication do not go together on a volume: the job fails.",
    fix="Switch the deduplication of the volume off.",
))  # fmt: skip
def deduplicated_refs_volume(view: View) -> Iterator[Hit]:
    for name, entry in view.inventory.repositories.items():
        if entry.type == "smb" and entry.refs_fast_clone and entry.windows_deduplication:
            yield Hit(
                "repository", name,
                f"{name} wants fast clone on ReFS, and Windows deduplicates the volume",
                on_value("repositories", name, "windows_deduplication"),
                on_value("repositories", name, "refs_fast_clone", label="wanted here"),
            )  # fmt: skip


@check_for(Rule(
    "GW117", "compact-not-supported", Severity.ERROR, "deduplicating_appliance_storeonce.html",
    why="StoreOnce and object storage do not take the defragmentation and compaction of full backup files.",
    fix="Say `compact: false`.",
))  # fmt: skip
@on_targets("compact", "defragments and compacts full backup files, which {} does not take", "say `compact: false`")
def compact_not_supported(job: Any, target: Repository) -> bool:
    """Object storage: general_limitations.html."""
    return bool(job.compact) and target.type in ("storeonce", OBJECT_STORAGE)


@check_for(Rule(
    "GW122", "cache-repository-impossible", Severity.ERROR, "unstructured_data_backup_infrastructure.html",
    why="The cache of a file share stands on a Windows or Linux server or on a shared folder: on no appliance, no "
    "object storage, and in no scale-out repository.",
    fix="Name another repository as the cache.",
))  # fmt: skip
def cache_repository_impossible(view: View) -> Iterator[Hit]:
    """Scale-out repositories: sobr_limitations.html."""
    inventory = view.inventory
    for name, job in view.jobs("file_backup"):
        cache = job.cache_repository
        if cache is None:
            continue
        if cache in inventory.scale_out_repositories:
            what = "a scale-out repository"
        elif cache in inventory.extent_of:
            what = f"an extent of {inventory.extent_of[cache]}"
        elif inventory.repositories[cache].type not in SHARED_FOLDERS | {"windows", "linux"}:
            what = f"a {inventory.repositories[cache].type} repository"
        else:
            continue
        spot = on_value("jobs", name, "cache_repository")
        yield Hit("job", name, f"{name} keeps its cache on {cache}, {what}, which cannot have it", spot)


@check_for(Rule(
    "GW126", "policy-to-object-storage", Severity.ERROR, "agents_object_storage.html",
    why="Agents that run a backup policy write to object storage in direct mode only where it is one repository: to no "
    "scale-out repository with several object storage extents, and not to Veeam Data Cloud Vault.",
    fix="Let the backup server manage the job, or connect through a gateway server.",
))  # fmt: skip
def policy_to_object_storage(view: View) -> Iterator[Hit]:
    repositories = view.inventory.repositories
    for name, job in view.jobs("agent_backup"):
        targets = view.targets(job) if job.managed_by == "agent" else ()
        direct = [target for target in targets if view.inventory.is_direct_object(target)]
        vaults = [target for target in direct if repositories[target].provider == "data_cloud_vault"]
        if len(direct) > 1:
            what = f"the {len(direct)} object storage extents of {job.repository}"
        elif vaults:
            what = f"{some(vaults)}, a Veeam Data Cloud Vault"
        else:
            continue
        yield Hit(
            "job", name,
            f"{name} is a backup policy of agents that write directly to {what}, which is not supported",
            on_value("jobs", name, "managed_by"), on_value("jobs", name, "repository", label="the repository"),
        )  # fmt: skip


@check_for(Rule(
    "GW131", "too-few-restore-points-for-tape", Severity.WARNING, "tape_before_you_begin.html",
    why="A backup to tape job needs a source chain of at least 3 restore points.",
    fix="Let the source job keep at least 3 restore points.",
))  # fmt: skip
def too_few_restore_points_for_tape(view: View) -> Iterator[Hit]:
    few = {name: job for name, job in view.inventory.jobs.items() if (job.retention or 3) < 3}
    short: dict[str, list[str]] = {}
    for name, job in few.items():
        for target in view.targets(job):
            short.setdefault(target, []).append(name)
    for name, job in view.jobs("tape"):
        feeders = [feeder for feeder in job.feeds_on if feeder in few]
        if job.source is not None:
            feeders = [one for repository in view.repositories_of(job.source) for one in short.get(repository, ())]
        if feeders := list(dict.fromkeys(feeders)):
            keeps = "keeps" if len(feeders) == 1 else "keep"
            yield Hit(
                "job", name,
                f"{name} writes to tape what {some(feeders)} {keeps}: fewer than 3 restore points",
                on_key("jobs", name),
                *(on_value("jobs", one, "retention", label="kept here") for one in feeders),
            )  # fmt: skip


@check_for(Rule(
    "GW123", "extent-role-missing", Severity.ERROR, "unstructured_data_backup_dedup_storage_appliances.html",
    why="Where an extent is given the role for the data or for the metadata of unstructured backups, another one must "
    "have the other role.",
    fix="Give an extent the other role, a fast one that of the metadata.",
))  # fmt: skip
def extent_role_missing(view: View) -> Iterator[Hit]:
    wholes = view.inventory.scale_out_repositories
    for name in dict.fromkeys(job.repository for _, job in view.jobs("file_backup") if job.repository in wholes):
        extents = wholes[name].performance_tier
        having = {extent: entry.role for extent, entry in extents.items() if entry.role}
        if len(set(having.values())) == 1:
            extent, role = min(having.items(), key=lambda item: natural(item[0]))
            other = "metadata" if role == "data" else "data"
            yield Hit(
                "scale_out_repository", name,
                f"{name} has {extent} for the {role} of unstructured backups, and no extent for the {other}",
                on_value("scale_out_repositories", name, "performance_tier", extent, "role"),
            )  # fmt: skip


CHECKS = (
    deduplicated_refs_volume,
    compact_not_supported,
    cache_repository_impossible,
    policy_to_object_storage,
    too_few_restore_points_for_tape,
    extent_role_missing,
)
