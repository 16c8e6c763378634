"""Checks of what goes together: a job's methods and features with the storage that it writes to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gwplan.checks.shape import Hit, check_for, on_key, on_targets, on_value, some
from gwplan.checks.view import View
from gwplan.findings import Rule, Severity
from gwplan.inventory.entries import APPLIANCES, DEDUPLICATING, OBJECT_STORAGE, Repository


@check_for(Rule(
    "GW022", "dd-boost-encryption-over-fc", Severity.ERROR, "dell_dd.html",
    why="DD Boost encrypts in flight over IP only; over Fibre Channel it is impossible.",
    fix="Say `ddboost_encryption: none`, or reach the appliance over IP.",
))  # fmt: skip
def dd_boost_encryption_over_fc(view: View) -> Iterator[Hit]:
    """A setting of the repository: a job's `transport_encryption` is between data movers and says nothing of it."""
    for name, entry in view.inventory.repositories.items():
        encrypts = entry.ddboost_encryption in ("medium", "high")
        if entry.type == "data_domain" and entry.protocol == "fc" and encrypts:
            yield Hit(
                "repository", name,
                f"{name} is reached over Fibre Channel and has DD Boost encrypt ({entry.ddboost_encryption}), which "
                "DD Boost cannot do there",
                on_value("repositories", name, "ddboost_encryption"),
                on_value("repositories", name, "protocol", label="over Fibre Channel"),
            )  # fmt: skip


@check_for(Rule(
    "GW035", "fast-clone-needs-windows", Severity.WARNING, "gateway_server.html#requirements",
    why="Fast clone on ReFS needs a Windows gateway server; through a Linux one every synthetic operation copies in "
    "full.",
    fix="Let only Windows servers serve the share.",
))  # fmt: skip
def fast_clone_needs_windows(view: View) -> Iterator[Hit]:
    wanted = {name for name, repository in view.inventory.repositories.items() if repository.refs_fast_clone}
    found: dict[str, dict[str, None]] = {}
    for ruling in view.plan.rulings:
        if ruling.repository in wanted and view.inventory.repositories[ruling.repository].type == "smb":
            for server in ruling.eligible:
                if view.inventory.servers[server].os == "linux":
                    found.setdefault(ruling.repository, {})[server] = None
    for name, servers in found.items():
        yield Hit(
            "repository", name,
            f"{name} wants fast clone on ReFS, and {some(servers)} on Linux may serve it",
            on_key("repositories", name, "refs_fast_clone"),
            *(on_value("servers", server, "os", label="runs Linux") for server in servers),
            fix="let only Windows servers serve it",
        )  # fmt: skip


@check_for(Rule(
    "GW110", "reverse-incremental-on-dedup", Severity.ERROR, "dell_dd.html",
    why="Reverse incremental rewrites the full backup in place, which Data Domain and StoreOnce do not take.",
    fix="Say `backup_method: forward_incremental`.",
))  # fmt: skip
@on_targets("backup_method", "is reverse incremental, which {} does not take", becomes="forward_incremental")
def reverse_incremental_on_dedup(job: Any, target: Repository) -> bool:
    """StoreOnce: deduplicating_appliance_storeonce.html."""
    return job.backup_method == "reverse_incremental" and target.type in DEDUPLICATING


@check_for(Rule(
    "GW111", "forever-forward-on-dedup", Severity.ERROR, "dell_dd.html",
    why="A chain on Data Domain or StoreOnce needs synthetic or active full backups; forever forward makes none.",
    fix="Say `backup_method: forward_incremental` and schedule full backups.",
))  # fmt: skip
@on_targets(
    "backup_method", "is forever forward, and {} needs full backups",
    "say `backup_method: forward_incremental` and schedule fulls",
)  # fmt: skip
def forever_forward_on_dedup(job: Any, target: Repository) -> bool:
    """StoreOnce: deduplicating_appliance_storeonce.html."""
    return job.backup_method == "forever_forward" and target.type in DEDUPLICATING


@check_for(Rule(
    "GW112", "chain-too-long-on-data-domain", Severity.ERROR, "dell_dd.html",
    why="A forward incremental chain on Data Domain has at most 120 restore points between full backups.",
    fix="Schedule full backups more often.",
))  # fmt: skip
@on_targets("restore_points_between_fulls", "makes more than 120 restore points between full backups on {}")
def chain_too_long_on_data_domain(job: Any, target: Repository) -> bool:
    return (job.restore_points_between_fulls or 0) > 120 and target.type == "data_domain"


@check_for(Rule(
    "GW114", "copy-to-dedup-without-gfs", Severity.ERROR, "dell_dd.html",
    why="A backup copy to Data Domain or StoreOnce, or to a scale-out repository with one, needs long-term (GFS) "
    "retention.",
    fix="Say `gfs: true`.",
))  # fmt: skip
@on_targets("gfs", "copies to {} without GFS retention", becomes=True)
def copy_to_dedup_without_gfs(job: Any, target: Repository) -> bool:
    return job.type == "backup_copy" and not job.gfs and target.type in DEDUPLICATING


@check_for(Rule(
    "GW115", "encryption-on-dedup", Severity.NOTE, "dell_dd.html",
    why="Encrypted data hardly deduplicates: the appliance stores it nearly in full.",
    fix="Leave the job's encryption out, and encrypt on the appliance.",
))  # fmt: skip
@on_targets("encryption", "encrypts what {} should deduplicate", "leave the encryption to the appliance")
def encryption_on_dedup(job: Any, target: Repository) -> bool:
    return bool(job.encryption) and target.type in DEDUPLICATING | APPLIANCES


@check_for(Rule(
    "GW116", "block-size", Severity.NOTE, "dell_dd.html",
    why="The vendor advises blocks of 4 MB for deduplicating appliances and of 1 MB for object storage.",
    fix="Set the storage optimization that fits.",
))  # fmt: skip
def block_size(view: View) -> Iterator[Hit]:
    yield from _no_blocks_of_4_mb(view)
    yield from _no_blocks_of_1_mb(view)


@on_targets("block_size", "writes to {} in blocks that are not of 4 MB", "choose blocks of 4 MB")
def _no_blocks_of_4_mb(job: Any, target: Repository) -> bool:
    is_other = bool(job.block_size) and job.block_size not in (4_000_000, 4 * 1024**2)
    return is_other and target.type in DEDUPLICATING | APPLIANCES


@on_targets("block_size", "writes to {} in blocks that are not of 1 MB", "choose blocks of 1 MB")
def _no_blocks_of_1_mb(job: Any, target: Repository) -> bool:
    is_other = bool(job.block_size) and job.block_size not in (1_000_000, 1024**2)
    return is_other and target.type == OBJECT_STORAGE


@check_for(Rule(
    "GW125", "chain-on-hardened-repository", Severity.ERROR, "hardened_repository_limitations.html",
    why="Backups on a hardened repository are immutable: methods that change files in place, and copies without GFS, "
    "do not work there.",
    fix="Say `backup_method: forward_incremental`; give copies `gfs: true`.",
))  # fmt: skip
def chain_on_hardened_repository(view: View) -> Iterator[Hit]:
    """Copies: backup_copy_before_you_begin.html."""
    yield from _change_in_place(view)
    yield from _copy_without_gfs(view)


@on_targets(
    "backup_method", "changes backup files in place, and those on {} are immutable",
    "say `backup_method: forward_incremental`", becomes="forward_incremental",
)  # fmt: skip
def _change_in_place(job: Any, target: Repository) -> bool:
    return job.backup_method in ("reverse_incremental", "forever_forward") and target.type == "hardened"


@on_targets(
    "gfs", "copies to {}, whose files are immutable, without GFS retention", "say `gfs: true`", becomes=True,
)  # fmt: skip
def _copy_without_gfs(job: Any, target: Repository) -> bool:
    return job.type == "backup_copy" and not job.gfs and target.type == "hardened"


@check_for(Rule(
    "GW127", "agents-to-s3-compatible", Severity.NOTE, "access_permissions.html",
    why="With S3 compatible storage in direct mode agents still come through the mount server, unless the access "
    "permissions of the repository say otherwise.",
    fix="Set the access permissions, or plan the mount server for their load.",
))  # fmt: skip
def agents_to_s3_compatible(view: View) -> Iterator[Hit]:
    """The mount server: agents_object_storage.html."""
    for name, job in view.jobs("agent_backup"):
        repositories = view.inventory.repositories
        direct = [t for t in view.targets(job) if view.inventory.is_direct_object(t)]
        bad = [target for target in direct if repositories[target].provider == "s3_compatible"]
        if bad:
            yield Hit(
                "job", name,
                f"{name} writes to {some(bad)}, S3 compatible storage in direct mode: its agents come through the "
                "mount server unless the access permissions say otherwise",
                on_value("jobs", name, "repository"),
                *(on_value("repositories", target, "provider", label="S3 compatible") for target in bad),
                fix="set the access permissions, or plan the mount server for the load",
            )  # fmt: skip


@check_for(Rule(
    "GW129", "move-not-supported", Severity.ERROR, "backup_moving.html",
    why="Backups of file shares and of plug-ins cannot be moved.",
    fix="Leave them out of the move, or start a new chain on the target.",
))  # fmt: skip
def move_not_supported(view: View) -> Iterator[Hit]:
    machines = view.inventory.machines
    for name, _ in view.jobs("move_backup"):
        moved = view.inventory.holdings.workloads[name]
        bad = [machine for machine in moved if machines[machine].platform in ("file_share", "plugin")]
        if bad:
            yield Hit(
                "job", name,
                f"{name} moves the backups of {some(bad)}, which cannot be moved",
                on_key("jobs", name),
                fix="name the workloads that it should move",
            )  # fmt: skip


@check_for(Rule(
    "GW133", "legacy-chain-format", Severity.WARNING, "per_vm_backup_files.html",
    why="Version 13 makes per-machine chains only: single-file chains and reverse incremental go on and cannot be "
    "chosen any more.",
    fix="Plan an active full with per-machine backup files and forward incremental.",
))  # fmt: skip
def legacy_chain_format(view: View) -> Iterator[Hit]:
    inventory = view.inventory
    if view.version < 13:
        return
    for section in ("repositories", "scale_out_repositories"):
        for name, entry in getattr(inventory, section).items():
            is_extent = section == "repositories" and name in inventory.extent_of
            if not entry.per_machine and not is_extent and getattr(entry, "type", "") != OBJECT_STORAGE:
                kind = "repository" if section == "repositories" else "scale_out_repository"
                yield Hit(
                    kind, name,
                    f"{name} has single-file chains, which version 13 carries on and does not create",
                    on_value(section, name, "per_machine"),
                    fix="plan an active full with per-machine backup files",
                )  # fmt: skip
    for name, job in inventory.jobs.items():
        if job.backup_method == "reverse_incremental" and not any(
            inventory.repositories[target].type in DEDUPLICATING for target in view.targets(job)
        ):
            yield Hit(
                "job", name,
                f"{name} is reverse incremental, which version 13 carries on and does not offer",
                on_value("jobs", name, "backup_method"),
                fix="plan for `backup_method: forward_incremental`",
            )  # fmt: skip


@check_for(Rule(
    "GW142", "affinity-excludes-proxies", Severity.WARNING, "proxy_affinity.html",
    why="None of the job's proxies is among those preferred for its repository: the job's own list wins, with a "
    "warning at each run.",
    fix="Add one of them to `proxy_affinity`, or select a preferred proxy for the job.",
))  # fmt: skip
def affinity_excludes_proxies(view: View) -> Iterator[Hit]:
    for name, job in view.jobs("backup"):
        for target in view.targets(job) if job.proxies else ():
            preferred = view.inventory.repositories[target].proxy_affinity
            if preferred and not set(preferred) & set(job.proxies):
                yield Hit(
                    "job", name,
                    f"{name} selects {some(job.proxies)}, and {target} prefers {some(preferred)}",
                    on_value("jobs", name, "proxies"),
                    on_value("repositories", target, "proxy_affinity", label="prefers these"),
                    fix=f"add a proxy of {name} to the `proxy_affinity` of {target}, or select a preferred one",
                )  # fmt: skip
                break


CHECKS = (
    dd_boost_encryption_over_fc,
    fast_clone_needs_windows,
    reverse_incremental_on_dedup,
    forever_forward_on_dedup,
    chain_too_long_on_data_domain,
    copy_to_dedup_without_gfs,
    encryption_on_dedup,
    block_size,
    chain_on_hardened_repository,
    agents_to_s3_compatible,
    move_not_supported,
    legacy_chain_format,
    affinity_excludes_proxies,
)
