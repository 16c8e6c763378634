"""Checks of what goes together: backup methods, features, scale-out repositories and the storage behind them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from gwplan.checks.view import View, news, on_key, on_value, some
from gwplan.findings import Finding, Rule, Severity
from gwplan.inventory.entries import APPLIANCES, DEDUPLICATING, OBJECT_STORAGE

_DD = "repositories: {dd: {type: data_domain, site: paris, gateway_servers: [gw01, gw02], mount_server: mnt01, max_concurrent_tasks: 8%s}}\n"
_TO_DD = _DD % "" + "jobs: {dd-daily: {type: backup, workloads: [sql01], repository: dd%s}}"
_TO_DD_FC = _DD % ", protocol: fc" + "jobs: {dd-daily: {type: backup, workloads: [sql01], repository: dd%s}}"
_COPY_TO_DD = _DD % "" + "jobs: {dd-copy: {type: backup_copy, source_jobs: [vm-daily], repository: dd%s}}"
_S3 = "  %s: {type: object_storage, site: paris, mount_server: mnt01, max_concurrent_tasks: 8%s}\n"
_HARDENED = """servers: {hard01: {os: linux, site: paris}}
repositories: {hard: {type: hardened, server: hard01, max_concurrent_tasks: 8}}
"""
_TIERED = "repositories:\n" + _S3 % ("s3", "") + _S3 % ("s3-b", "") + """scale_out_repositories: {sobr: {performance_tier: [smb-lyon], capacity_tier: [s3]}}
proxies: {nas01: {type: general_purpose, server: prx01}, nas02: {type: general_purpose, server: prx02}}
workloads: {share: {platform: file_share, site: paris}}
jobs: {files: {type: file_backup, workloads: [share], repository: %s}}"""
_EXTENTS = "servers: {%s}\nrepositories: {%s}\nscale_out_repositories: {sobr: {performance_tier: [%s]}}"


def _extents(number: int) -> str:
    names = [f"ext-{i}" for i in range(number)]
    return _EXTENTS % (
        "e1: {os: windows, site: paris}",
        ", ".join(f"{name}: {{type: windows, server: e1, max_concurrent_tasks: 1}}" for name in names),
        ", ".join(names),
    )


ENCRYPTED_FC = Rule(
    "GW022", "dd-boost-encryption-over-fc", Severity.ERROR, "dell_dd.html",
    why="DD Boost encrypts in flight over IP only; over Fibre Channel it is impossible.",
    fix="Leave `transport_encryption` out, or reach the appliance over IP.",
    wrong=_TO_DD_FC % ", transport_encryption: true",
    right=_TO_DD % ", transport_encryption: true",
)  # fmt: skip
FAST_CLONE = Rule(
    "GW035", "fast-clone-needs-windows", Severity.WARNING, "gateway_server.html#requirements",
    why="Fast clone on ReFS needs a Windows gateway server; through a Linux one every synthetic operation copies in full.",
    fix="Let only Windows servers serve the share.",
    wrong="""servers: {gw02: {os: linux}}
repositories: {smb-paris: {refs_fast_clone: true}}""",
    right="repositories: {smb-paris: {refs_fast_clone: true}}",
)  # fmt: skip
REVERSE = Rule(
    "GW110", "reverse-incremental-on-dedup", Severity.ERROR, "dell_dd.html",
    why="Reverse incremental rewrites the full backup in place, which Data Domain and StoreOnce do not take.",
    fix="Say `backup_method: forward_incremental`.",
    wrong=_TO_DD % ", backup_method: reverse_incremental",
    right=_TO_DD % ", backup_method: forward_incremental",
)  # fmt: skip
FOREVER = Rule(
    "GW111", "forever-forward-on-dedup", Severity.ERROR, "dell_dd.html",
    why="A chain on Data Domain or StoreOnce needs synthetic or active full backups; forever forward makes none.",
    fix="Say `backup_method: forward_incremental` and schedule full backups.",
    wrong=_TO_DD % ", backup_method: forever_forward",
    right=_TO_DD % ", backup_method: forward_incremental",
)  # fmt: skip
LONG_CHAIN = Rule(
    "GW112", "chain-too-long-on-data-domain", Severity.ERROR, "dell_dd.html",
    why="A forward incremental chain on Data Domain has at most 120 restore points between full backups.",
    fix="Schedule full backups more often.",
    wrong=_TO_DD % ", restore_points_between_fulls: 200",
    right=_TO_DD % ", restore_points_between_fulls: 30",
)  # fmt: skip
COPY_WITHOUT_GFS = Rule(
    "GW114", "copy-to-dedup-without-gfs", Severity.ERROR, "dell_dd.html",
    why="A backup copy to Data Domain or StoreOnce, or to a scale-out repository with one, needs long-term (GFS) retention.",
    fix="Say `gfs: true`.",
    wrong=_COPY_TO_DD % "",
    right=_COPY_TO_DD % ", gfs: true",
)  # fmt: skip
ENCRYPTED_DEDUP = Rule(
    "GW115", "encryption-on-dedup", Severity.NOTE, "dell_dd.html",
    why="Encrypted data hardly deduplicates: the appliance stores it nearly in full.",
    fix="Leave the job's encryption out, and encrypt on the appliance.",
    wrong=_TO_DD % ", encryption: true",
    right=_TO_DD % ", encryption: false",
)  # fmt: skip
BLOCK_SIZE = Rule(
    "GW116", "block-size", Severity.NOTE, "dell_dd.html",
    why="The vendor advises blocks of 4 MB for deduplicating appliances and of 1 MB for object storage.",
    fix="Set the storage optimization that fits.",
    wrong=_TO_DD % ", block_size: 1 MB",
    right=_TO_DD % ", block_size: 4 MB",
)  # fmt: skip
POLICY = Rule(
    "GW118", "performance-policy-breaks-locality", Severity.WARNING, "backup_repository_sobr_placement.html",
    why="Fast clone and virtual synthetic fulls need a chain on one extent; the performance policy puts fulls and "
    "increments on different ones.",
    fix="Say `placement_policy: data_locality`.",
    wrong=_DD % "" + "scale_out_repositories: {sobr: {performance_tier: [dd], placement_policy: performance}}",
    right=_DD % "" + "scale_out_repositories: {sobr: {performance_tier: [dd]}}",
)  # fmt: skip
MIXED_TIER = Rule(
    "GW119", "mixed-performance-tier", Severity.ERROR, "performance_tier_limitations.html",
    why="A performance tier is either all object storage or has none.",
    fix="Take the extents of one kind out.",
    wrong="repositories:\n" + _S3 % ("s3", "")
    + "  smb-x: {type: smb, site: paris, gateway_servers: [gw01, gw02], max_concurrent_tasks: 8}\n"
    "scale_out_repositories: {sobr: {performance_tier: [s3, smb-x]}}",
    right="repositories:\n" + _S3 % ("s3", "") + _S3 % ("s3-b", "")
    + "scale_out_repositories: {sobr: {performance_tier: [s3, s3-b]}}",
)  # fmt: skip
MANY_EXTENTS = Rule(
    "GW120", "many-extents", Severity.WARNING, "sobr_limitations.html",
    why="The vendor recommends at most 24 active extents in a tier.",
    fix="Use fewer, larger extents, or a second scale-out repository.",
    wrong=_extents(25),
    right=_extents(2),
)  # fmt: skip
FILES_TO_OBJECT_SOBR = Rule(
    "GW121", "files-to-object-extents", Severity.ERROR, "sobr_limitations.html",
    why="File backup is not supported to a scale-out repository whose extents are object storage.",
    fix="Let the job write to the object storage repository itself.",
    wrong="repositories:\n" + _S3 % ("s3", "") + """scale_out_repositories: {sobr: {performance_tier: [s3]}}
proxies: {nas01: {type: general_purpose, server: prx01}, nas02: {type: general_purpose, server: prx02}}
workloads: {share: {platform: file_share, site: paris}}
jobs: {files: {type: file_backup, workloads: [share], repository: sobr}}""",
    right="repositories:\n" + _S3 % ("s3", "") + """proxies: {nas01: {type: general_purpose, server: prx01}, nas02: {type: general_purpose, server: prx02}}
workloads: {share: {platform: file_share, site: paris}}
jobs: {files: {type: file_backup, workloads: [share], repository: s3}}""",
)  # fmt: skip
HARDENED_CHAIN = Rule(
    "GW125", "chain-on-hardened-repository", Severity.ERROR, "hardened_repository_limitations.html",
    why="Backups on a hardened repository are immutable: methods that change files in place, and copies without GFS, do "
    "not work there.",
    fix="Say `backup_method: forward_incremental`; give copies `gfs: true`.",
    wrong=_HARDENED + "jobs: {hard-copy: {type: backup_copy, source_jobs: [vm-daily], repository: hard}}",
    right=_HARDENED + "jobs: {hard-copy: {type: backup_copy, source_jobs: [vm-daily], repository: hard, gfs: true}}",
)  # fmt: skip
AGENTS_S3 = Rule(
    "GW127", "agents-to-s3-compatible", Severity.NOTE, "access_permissions.html",
    why="With S3 compatible storage in direct mode agents still come through the mount server, unless the access "
    "permissions of the repository say otherwise.",
    fix="Set the access permissions, or plan the mount server for their load.",
    wrong="repositories:\n" + _S3 % ("s3", ", provider: s3_compatible") + """workloads: {pc: {platform: agent, site: paris}}
jobs: {pcs: {type: agent_backup, workloads: [pc], repository: s3}}""",
    right="repositories:\n" + _S3 % ("s3", ", provider: amazon_s3") + """workloads: {pc: {platform: agent, site: paris}}
jobs: {pcs: {type: agent_backup, workloads: [pc], repository: s3}}""",
)  # fmt: skip
MOVED_FILES = Rule(
    "GW129", "move-not-supported", Severity.ERROR, "backup_moving.html",
    why="Backups of file shares and of plug-ins cannot be moved.",
    fix="Leave them out of the move, or start a new chain on the target.",
    wrong="""proxies: {nas01: {type: general_purpose, server: prx01}, nas02: {type: general_purpose, server: prx02}}
workloads: {share: {platform: file_share, site: paris}}
jobs:
  files: {type: file_backup, workloads: [share], repository: smb-paris}
  move: {type: move_backup, source_repository: smb-paris, repository: smb-lyon}""",
    right="jobs: {move: {type: move_backup, source_repository: smb-paris, repository: smb-lyon}}",
)  # fmt: skip
TWO_TIERS = Rule(
    "GW132", "object-storage-used-twice", Severity.ERROR, "capacity_tier_limitations.html",
    why="A capacity tier needs object storage of its own: file backups do not share it.",
    fix="Give the capacity tier a repository of its own.",
    wrong=_TIERED % "s3",
    right=_TIERED % "s3-b",
)  # fmt: skip
LEGACY_CHAIN = Rule(
    "GW133", "legacy-chain-format", Severity.WARNING, "per_vm_backup_files.html",
    why="Version 13 makes per-machine chains only: single-file chains and reverse incremental go on and cannot be chosen "
    "any more.",
    fix="Plan an active full with per-machine backup files and forward incremental.",
    wrong="jobs: {vm-daily: {backup_method: reverse_incremental}}",
    right="jobs: {vm-daily: {backup_method: forward_incremental}}",
)  # fmt: skip
AFFINITY = Rule(
    "GW142", "affinity-excludes-proxies", Severity.WARNING, "proxy_affinity.html",
    why="None of the job's proxies is among those preferred for its repository: the job's win, with a warning at each run.",
    fix="Add one of them to `proxy_affinity`, or select a preferred proxy for the job.",
    wrong="""servers: {prx03: {os: windows, site: paris}}
proxies: {prx03: {type: vmware}}
repositories: {smb-paris: {proxy_affinity: [prx03]}}
jobs: {vm-daily: {proxies: [prx01, prx02]}}""",
    right="""repositories: {smb-paris: {proxy_affinity: [prx01]}}
jobs: {vm-daily: {proxies: [prx01, prx02]}}""",
)  # fmt: skip


def fast_clone_needs_windows(view: View) -> Iterator[Finding]:
    """Fast clone on ReFS needs a Windows gateway; with a Linux one synthetic operations copy in full."""
    wanted = {name for name, repository in view.inventory.repositories.items() if repository.refs_fast_clone}
    found: dict[str, dict[str, None]] = {}
    for ruling in view.plan.rulings:
        if ruling.repository in wanted and view.inventory.repositories[ruling.repository].type == "smb":
            for server in ruling.eligible:
                if view.inventory.servers[server].os == "linux":
                    found.setdefault(ruling.repository, {})[server] = None
    for name, servers in found.items():
        yield news(
            FAST_CLONE, "repository", name,
            f"{name} wants fast clone on ReFS, and {some(servers)} on Linux may serve it",
            "let only Windows servers serve it",
            on_key("repositories", name, "refs_fast_clone"),
            *(on_value("servers", server, "os", label="runs Linux") for server in servers),
        )  # fmt: skip


def dd_boost_encryption_over_fc(view: View) -> Iterator[Finding]:
    """In-flight encryption of DD Boost."""
    yield from _on_targets(
        view, ENCRYPTED_FC, "transport_encryption", lambda job: job.transport_encryption,
        lambda r: r.type == "data_domain" and r.protocol == "fc",
        "encrypts in flight, which DD Boost cannot do over Fibre Channel to {}",
        "leave `transport_encryption` out, or reach it over IP", "protocol",
    )  # fmt: skip


def reverse_incremental_on_dedup(view: View) -> Iterator[Finding]:
    """Data Domain and StoreOnce. dell_dd.html, deduplicating_appliance_storeonce.html"""
    yield from _on_targets(
        view, REVERSE, "backup_method", lambda job: job.backup_method == "reverse_incremental", _is_dedup,
        "is reverse incremental, which {} does not take", "say `backup_method: forward_incremental`",
    )  # fmt: skip


def forever_forward_on_dedup(view: View) -> Iterator[Finding]:
    """Data Domain and StoreOnce. dell_dd.html, deduplicating_appliance_storeonce.html"""
    yield from _on_targets(
        view, FOREVER, "backup_method", lambda job: job.backup_method == "forever_forward", _is_dedup,
        "is forever forward, and {} needs full backups", "say `backup_method: forward_incremental` and schedule fulls",
    )  # fmt: skip


def chain_too_long_on_data_domain(view: View) -> Iterator[Finding]:
    """120 restore points between full backups."""
    yield from _on_targets(
        view, LONG_CHAIN, "restore_points_between_fulls", lambda job: (job.restore_points_between_fulls or 0) > 120,
        lambda r: r.type == "data_domain", "makes more than 120 restore points between full backups on {}",
        "schedule full backups more often",
    )  # fmt: skip


def copy_to_dedup_without_gfs(view: View) -> Iterator[Finding]:
    """Long-term retention."""
    yield from _on_targets(
        view, COPY_WITHOUT_GFS, "gfs", lambda job: job.type == "backup_copy" and not job.gfs, _is_dedup,
        "copies to {} without GFS retention", "say `gfs: true`",
    )  # fmt: skip


def encryption_on_dedup(view: View) -> Iterator[Finding]:
    """Any deduplicating appliance."""
    yield from _on_targets(
        view, ENCRYPTED_DEDUP, "encryption", lambda job: job.encryption, lambda r: r.type in DEDUPLICATING | APPLIANCES,
        "encrypts what {} should deduplicate", "leave the encryption to the appliance",
    )  # fmt: skip


def block_size(view: View) -> Iterator[Finding]:
    """4 MB for deduplicating appliances, 1 MB for object storage."""
    yield from _blocks(view, lambda r: r.type in DEDUPLICATING | APPLIANCES, (4_000_000, 4 * 1024**2), "4 MB")
    yield from _blocks(view, lambda r: r.type == OBJECT_STORAGE, (1_000_000, 1024**2), "1 MB")


def _blocks(view: View, fits: Callable[[Any], bool], sizes: tuple[int, int], words: str) -> Iterator[Finding]:
    yield from _on_targets(
        view, BLOCK_SIZE, "block_size", lambda job: job.block_size and job.block_size not in sizes, fits,
        f"writes to {{}} in blocks that are not of {words}", f"choose blocks of {words}",
    )  # fmt: skip


def chain_on_hardened_repository(view: View) -> Iterator[Finding]:
    """Immutable files. backup_copy_before_you_begin.html"""
    yield from _on_targets(
        view, HARDENED_CHAIN, "backup_method",
        lambda job: job.backup_method in ("reverse_incremental", "forever_forward"), lambda r: r.type == "hardened",
        "changes backup files in place, and those on {} are immutable", "say `backup_method: forward_incremental`",
    )  # fmt: skip
    yield from _on_targets(
        view, HARDENED_CHAIN, "gfs", lambda job: job.type == "backup_copy" and not job.gfs,
        lambda r: r.type == "hardened", "copies to {}, whose files are immutable, without GFS retention", "say `gfs: true`",
    )  # fmt: skip


def _is_dedup(repository: Any) -> bool:
    return repository.type in DEDUPLICATING


def _on_targets(
    view: View, rule: Rule, key: str, says: Callable[[Any], object], fits: Callable[[Any], bool], what: str, fix: str,
    cause: str | None = None,
) -> Iterator[Finding]:  # fmt: skip
    """Jobs that say something which a repository of theirs does not go with; extents count."""
    for name, job in view.inventory.jobs.items():
        if not (job.enabled and job.writes and says(job)):
            continue
        bad = [target for target in view.targets(job) if fits(view.inventory.repositories[target])]
        if bad:
            whole = job.repository if job.repository in view.inventory.scale_out_repositories else None  # type: ignore[attr-defined]
            where = some(bad) + (f" in {whole}" if whole else "")
            given = key in job.model_fields_set and getattr(job, key) is not None
            yield news(
                rule, "job", name, f"{name} {what.format(where)}", fix,
                on_value("jobs", name, key) if given else on_value("jobs", name, "repository"),
                *(on_value("repositories", target, cause or "type", label="the repository") for target in bad),
            )  # fmt: skip


def performance_policy_breaks_locality(view: View) -> Iterator[Finding]:
    """Extents that need their chains in one place."""
    for name, whole in view.inventory.scale_out_repositories.items():
        if whole.placement_policy != "performance":
            continue
        repositories = view.inventory.repositories
        bad = [e for e in whole.performance_tier if _is_dedup(repositories[e]) or repositories[e].refs_fast_clone]
        if bad:
            yield news(
                POLICY, "scale_out_repository", name,
                f"{name} places for performance, and {some(bad)} needs its chains in one place",
                "say `placement_policy: data_locality`",
                on_value("scale_out_repositories", name, "placement_policy"),
                *(on_key("repositories", extent, label="the extent") for extent in bad),
            )  # fmt: skip


def mixed_performance_tier(view: View) -> Iterator[Finding]:
    """Object storage and other extents in one tier."""
    for name, whole in view.inventory.scale_out_repositories.items():
        types = {extent: view.inventory.repositories[extent].type == OBJECT_STORAGE for extent in whole.performance_tier}
        if len(set(types.values())) > 1:
            objects = [extent for extent, is_object in types.items() if is_object]
            others = [extent for extent, is_object in types.items() if not is_object]
            yield news(
                MIXED_TIER, "scale_out_repository", name,
                f"{name} mixes object storage ({some(objects)}) with {some(others)} in its performance tier",
                "take the extents of one kind out",
                on_key("scale_out_repositories", name, "performance_tier"),
                *(on_value("repositories", extent, "type", label="object storage") for extent in objects),
            )  # fmt: skip


def many_extents(view: View) -> Iterator[Finding]:
    """24 active extents in a tier."""
    repositories = view.inventory.repositories
    for name, whole in view.inventory.scale_out_repositories.items():
        capacity = whole.capacity_tier.extents if whole.capacity_tier else ()
        for tier, extents in (("performance_tier", whole.performance_tier), ("capacity_tier", capacity)):
            active = sum(repositories[extent].status == "online" for extent in extents)
            if active > 24:
                yield news(
                    MANY_EXTENTS, "scale_out_repository", name,
                    f"{name} has {active} active extents in its {tier.replace('_', ' ')}; the vendor recommends at most 24",
                    "use fewer, larger extents, or a second scale-out repository",
                    on_key("scale_out_repositories", name, tier),
                )  # fmt: skip


def files_to_object_extents(view: View) -> Iterator[Finding]:
    """File backup to a scale-out repository of object storage."""
    for name, job in view.jobs("file_backup"):
        if job.repository in view.inventory.scale_out_repositories:
            bad = [e for e in view.targets(job) if view.inventory.repositories[e].type == OBJECT_STORAGE]
            if bad:
                yield news(
                    FILES_TO_OBJECT_SOBR, "job", name,
                    f"{name} writes to {job.repository}, whose extent {some(bad)} is object storage",
                    "let it write to an object storage repository itself",
                    on_value("jobs", name, "repository"),
                    *(on_value("repositories", extent, "type", label="object storage") for extent in bad),
                )  # fmt: skip


def agents_to_s3_compatible(view: View) -> Iterator[Finding]:
    """The mount server, unless access permissions say otherwise. agents_object_storage.html"""
    for name, job in view.jobs("agent_backup"):
        repositories = view.inventory.repositories
        direct = [t for t in view.targets(job) if view.inventory.is_direct_object(t)]
        bad = [target for target in direct if repositories[target].provider == "s3_compatible"]
        if bad:
            yield news(
                AGENTS_S3, "job", name,
                f"{name} writes to {some(bad)}, S3 compatible storage in direct mode: its agents come through the mount "
                "server unless the access permissions say otherwise",
                "set the access permissions, or plan the mount server for the load",
                on_value("jobs", name, "repository"),
                *(on_value("repositories", target, "provider", label="S3 compatible") for target in bad),
            )  # fmt: skip


def move_not_supported(view: View) -> Iterator[Finding]:
    """Backups of file shares and of plug-ins."""
    machines = view.inventory.machines
    for name, _ in view.jobs("move_backup"):
        moved = view.inventory.holdings.workloads[name]
        bad = [machine for machine in moved if machines[machine].platform in ("file_share", "plugin")]
        if bad:
            yield news(
                MOVED_FILES, "job", name,
                f"{name} moves the backups of {some(bad)}, which cannot be moved",
                "name the workloads that it should move",
                on_key("jobs", name),
            )  # fmt: skip


def object_storage_used_twice(view: View) -> Iterator[Finding]:
    """Object storage of a capacity tier that something else uses."""
    inventory = view.inventory
    files = {job.repository: name for name, job in view.jobs("file_backup")}
    for name, whole in inventory.scale_out_repositories.items():
        for extent in dict.fromkeys(whole.capacity_tier.extents if whole.capacity_tier else ()):
            at = on_key("scale_out_repositories", name, "capacity_tier")
            if job := files.get(extent):
                yield news(
                    TWO_TIERS, "repository", extent,
                    f"{extent} is in the capacity tier of {name} and takes the file backups of {job}",
                    "give the capacity tier a repository of its own",
                    at, on_value("jobs", job, "repository", label="used here too"),
                )  # fmt: skip


def legacy_chain_format(view: View) -> Iterator[Finding]:
    """What version 13 only carries on. per_vm_backup_files.html"""
    inventory = view.inventory
    if inventory.edition < 13:
        return
    for section in ("repositories", "scale_out_repositories"):
        for name, entry in getattr(inventory, section).items():
            is_extent = section == "repositories" and name in inventory.extent_of
            if not entry.per_machine and not is_extent and getattr(entry, "type", "") != OBJECT_STORAGE:
                kind = "repository" if section == "repositories" else "scale_out_repository"
                yield news(
                    LEGACY_CHAIN, kind, name,
                    f"{name} has single-file chains, which version 13 carries on and does not create",
                    "plan an active full with per-machine backup files",
                    on_value(section, name, "per_machine"),
                )  # fmt: skip
    for name, job in inventory.jobs.items():
        if job.backup_method == "reverse_incremental" and not any(
            _is_dedup(inventory.repositories[target]) for target in view.targets(job)
        ):
            yield news(
                LEGACY_CHAIN, "job", name,
                f"{name} is reverse incremental, which version 13 carries on and does not offer",
                "plan for `backup_method: forward_incremental`",
                on_value("jobs", name, "backup_method"),
            )  # fmt: skip


def affinity_excludes_proxies(view: View) -> Iterator[Finding]:
    """The job's own proxies against those that its repository prefers."""
    for name, job in view.jobs("backup"):
        for target in view.targets(job) if job.proxies else ():
            preferred = view.inventory.repositories[target].proxy_affinity
            if preferred and not set(preferred) & set(job.proxies):
                yield news(
                    AFFINITY, "job", name,
                    f"{name} selects {some(job.proxies)}, and {target} prefers {some(preferred)}",
                    f"add a proxy of {name} to the `proxy_affinity` of {target}, or select a preferred one",
                    on_value("jobs", name, "proxies"), on_value("repositories", target, "proxy_affinity", label="prefers these"),
                )  # fmt: skip
                break


CHECKS = (
    (ENCRYPTED_FC, dd_boost_encryption_over_fc),
    (FAST_CLONE, fast_clone_needs_windows),
    (REVERSE, reverse_incremental_on_dedup),
    (FOREVER, forever_forward_on_dedup),
    (LONG_CHAIN, chain_too_long_on_data_domain),
    (COPY_WITHOUT_GFS, copy_to_dedup_without_gfs),
    (ENCRYPTED_DEDUP, encryption_on_dedup),
    (BLOCK_SIZE, block_size),
    (POLICY, performance_policy_breaks_locality),
    (MIXED_TIER, mixed_performance_tier),
    (MANY_EXTENTS, many_extents),
    (FILES_TO_OBJECT_SOBR, files_to_object_extents),
    (HARDENED_CHAIN, chain_on_hardened_repository),
    (AGENTS_S3, agents_to_s3_compatible),
    (MOVED_FILES, move_not_supported),
    (TWO_TIERS, object_storage_used_twice),
    (LEGACY_CHAIN, legacy_chain_format),
    (AFFINITY, affinity_excludes_proxies),
)
