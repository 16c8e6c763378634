"""Checks of the inventory by itself: what is used twice, ignored, not covered, out of range or without effect."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gwplan.checks.view import View, news, on_key, on_value
from gwplan.findings import DUPLICATE_NAME, Finding, Rule, Severity
from gwplan.inventory.entries import (
    APPLIANCES,
    DEDUPLICATING,
    OBJECT_STORAGE,
    SERVER_HOSTED,
    SHARED_FOLDERS,
    Repository,
)

IGNORED_GATEWAY_SERVERS = Rule(
    "GW007", "ignored-gateway-servers", Severity.NOTE, "gateway_server.html",
    why="A repository that runs its own data mover, and object storage in direct mode, never ask for a gateway server: "
    "the list is read by nobody.",
    fix="Leave the list out; for object storage say `connection: gateway` if it is meant.",
    wrong="repositories: {win: {type: windows, server: repo01, gateway_servers: [gw01, gw02]}}",
    right="repositories: {win: {type: windows, server: repo01}}",
)  # fmt: skip
NOT_COVERED = Rule(
    "GW010", "not-covered", Severity.NOTE, "gateway_server.html#auto",
    why="The vendor's table has no row for this type of job. Nothing is guessed about it: it is kept and not planned.",
    fix="Plan its load by hand, or leave the job out.",
    wrong="jobs: {cdp: {type: other, vendor_type: CdpPolicy}}",
    right="jobs: {daily2: {type: backup, workloads: [sql01], repository: smb-paris}}",
)  # fmt: skip
KEY_WITHOUT_EFFECT = Rule(
    "GW046", "key-without-effect", Severity.NOTE, "README.md#the-inventory",
    why="The key means nothing on this type of repository; whoever wrote it expected something of it.",
    fix="Leave the key out, or correct the type.",
    wrong="repositories: {smb-paris: {protocol: fc}}",
    right="repositories: {smb-paris: {protocol: null}}",
)  # fmt: skip
SOURCE_HOLDS_NOTHING = Rule(
    "GW047", "source-holds-nothing", Severity.NOTE, "README.md#the-inventory",
    why="No job writes anything to the source that this job could take, so it moves nothing and nothing is decided.",
    fix="Add the job that writes there, or name another source.",
    wrong="""repositories: {win: {type: windows, server: repo01, max_concurrent_tasks: 8}}
jobs: {copy: {type: backup_copy, source_repository: win, repository: smb-paris}}""",
    right="jobs: {copy: {type: backup_copy, source_repository: smb-paris, repository: smb-lyon}}",
)  # fmt: skip
TASK_LIMIT = Rule(
    "GW094", "task-limit-out-of-range", Severity.ERROR, "limiting_tasks.html",
    why="The product takes task limits of 1 to 128 for a repository, 1 to 270 for Data Domain and 1 to 100 for a "
    "backup proxy.",
    fix="Write a limit that the product takes.",
    wrong="proxies: {prx01: {type: vmware, max_concurrent_tasks: 200}}",
    right="proxies: {prx01: {type: vmware, max_concurrent_tasks: 4}}",
)  # fmt: skip


def extent_targeted_directly(view: View) -> Iterator[Finding]:
    """A job writes to a scale-out repository, never to one of its extents. sobr_limitations.html"""
    inventory = view.inventory
    for name, job in inventory.jobs.items():
        target = getattr(job, "repository", None)
        if target is not None and target in inventory.extent_of and job.writes:
            whole = inventory.extent_of[target]
            yield news(
                DUPLICATE_NAME, "job", name,
                f"{name} writes to {target}, which is an extent of {whole}",
                f"let it write to {whole}",
                on_value("jobs", name, "repository"),
                on_key("scale_out_repositories", whole, "performance_tier", label="the extent's tier"),
            )  # fmt: skip


def ignored_gateway_servers(view: View) -> Iterator[Finding]:
    """A repository that needs no gateway, or is written to directly, ignores its list of gateway servers."""
    for name, repository in view.inventory.repositories.items():
        if repository.gateway_servers is None:
            continue
        if repository.type == OBJECT_STORAGE and repository.connection == "direct":
            what, fix = "is written to directly", "say `connection: gateway`, or leave the list out"
        elif repository.type in SERVER_HOSTED | APPLIANCES | {"cloud"}:
            what = "is a cloud repository" if repository.type == "cloud" else "runs its own data mover"
            fix = "leave it out"
        else:
            continue
        message = f"{name} lists gateway servers and {what}: the list is ignored"
        spot = on_key("repositories", name, "gateway_servers")
        yield news(IGNORED_GATEWAY_SERVERS, "repository", name, message, fix, spot)


def not_covered(view: View) -> Iterator[Finding]:
    """The vendor's page is silent about this type of job."""
    for name in view.plan.not_covered:
        kind = view.inventory.jobs[name].vendor_type  # type: ignore[attr-defined]
        message = f"{name} is a {kind} job, about whose gateway server the vendor's page is silent: it is not planned"
        yield news(NOT_COVERED, "job", name, message, "plan its load by hand", on_key("jobs", name))


def source_holds_nothing(view: View) -> Iterator[Finding]:
    """A job whose source holds nothing moves nothing."""
    for name, source in view.plan.idle:
        message = f"{name} reads from {source}, which holds nothing for it: there is nothing to decide"
        fix = "add the job that writes there, or name another source"
        yield news(SOURCE_HOLDS_NOTHING, "job", name, message, fix, on_key("jobs", name))


_EFFECT: dict[str, Callable[[Repository], bool]] = {
    "nfs": lambda r: r.type == "nfs",
    "refs_fast_clone": lambda r: r.type == "smb",
    "protocol": lambda r: r.type in DEDUPLICATING,
    "source_side_dedup": lambda r: r.type in DEDUPLICATING,
    "connection": lambda r: r.type == OBJECT_STORAGE,
    "provider": lambda r: r.type == OBJECT_STORAGE,
    "server": lambda r: r.type in SERVER_HOSTED | APPLIANCES,
    "site": lambda r: r.type not in SERVER_HOSTED,
    "mount_server": lambda r: r.type != "cloud",
    "accessible_from": lambda r: r.type in SHARED_FOLDERS | DEDUPLICATING | {OBJECT_STORAGE},
    "per_machine": lambda r: r.type != OBJECT_STORAGE,
}


def key_without_effect(view: View) -> Iterator[Finding]:
    """A key that means nothing on this type of repository."""
    for name, repository in view.inventory.repositories.items():
        for key, matters in _EFFECT.items():
            if key in repository.model_fields_set and _says_something(repository, key) and not matters(repository):
                message = f"{name} is a {repository.type} repository, on which `{key}` has no effect"
                spot = on_key("repositories", name, key)
                yield news(KEY_WITHOUT_EFFECT, "repository", name, message, "leave it out", spot)


def _says_something(repository: Repository, key: str) -> bool:
    """Whether the key says anything but the default."""
    return bool(getattr(repository, key) != type(repository).model_fields[key].default)


def task_limit_out_of_range(view: View) -> Iterator[Finding]:
    """1 to 128, Data Domain 1 to 270, proxies 1 to 100. Add-VBRBackupRepository, Add-VBRViProxy"""
    for name, repository in view.inventory.repositories.items():
        limit = 270 if repository.type == "data_domain" else 128
        if (repository.max_concurrent_tasks or 0) > limit:
            message = f"{name} is limited to {repository.max_concurrent_tasks} tasks; the product takes 1 to {limit}"
            spot = on_value("repositories", name, "max_concurrent_tasks")
            yield news(TASK_LIMIT, "repository", name, message, f"write at most {limit}", spot)
    for name, proxy in view.inventory.proxies.items():
        if proxy.max_concurrent_tasks > 100:
            message = f"{name} is limited to {proxy.max_concurrent_tasks} tasks; the product takes 1 to 100"
            spot = on_value("proxies", name, "max_concurrent_tasks")
            yield news(TASK_LIMIT, "proxy", name, message, "write at most 100", spot)


CHECKS = (
    (DUPLICATE_NAME, extent_targeted_directly),
    (IGNORED_GATEWAY_SERVERS, ignored_gateway_servers),
    (NOT_COVERED, not_covered),
    (KEY_WITHOUT_EFFECT, key_without_effect),
    (SOURCE_HOLDS_NOTHING, source_holds_nothing),
    (TASK_LIMIT, task_limit_out_of_range),
)
