"""Checks of the inventory by itself: what is used twice, ignored, not covered, or without effect."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gwplan.checks.shape import Hit, check_for, leaves_out, on_key, on_value, some
from gwplan.checks.view import View
from gwplan.findings import DUPLICATE_NAME, Rule, Severity
from gwplan.inventory.entries import (
    APPLIANCES,
    DEDUPLICATING,
    OBJECT_STORAGE,
    SERVER_HOSTED,
    SHARED_FOLDERS,
    Repository,
)
from gwplan.inventory.form import KINDS
from gwplan.inventory.mentions import columns
from gwplan.nouns import numbered


@check_for(DUPLICATE_NAME)
def extent_targeted_directly(view: View) -> Iterator[Hit]:
    """A job writes to a scale-out repository, never to one of its extents. sobr_limitations.html"""
    inventory = view.inventory
    for name, job in inventory.jobs.items():
        target = getattr(job, "repository", None)
        if target is not None and target in inventory.extent_of and job.writes:
            whole = inventory.extent_of[target]
            yield Hit(
                "job", name,
                f"{name} writes to {target}, which is an extent of {whole}",
                on_value("jobs", name, "repository"),
                on_key("scale_out_repositories", whole, "performance_tier", label="the extent's tier"),
                fix=f"let it write to {whole}",
            )  # fmt: skip


@check_for(Rule(
    "GW007", "ignored-gateway-servers", Severity.NOTE, "gateway_server.html",
    why="A repository that runs its own data mover, and object storage in direct mode, never ask for a gateway server: "
    "nothing reads the list.",
    fix="Leave the list out; for object storage say `connection: gateway` if it is meant.",
))  # fmt: skip
def ignored_gateway_servers(view: View) -> Iterator[Hit]:
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
        yield Hit("repository", name, message, spot, fix=fix, remedy=leaves_out(*spot.path))


@check_for(Rule(
    "GW010", "not-covered", Severity.NOTE, "gateway_server.html#auto",
    why="The vendor's table has no row for this type of job. Nothing is guessed about it: it is kept and not planned.",
    fix="Plan its load by hand, or leave the job out.",
))  # fmt: skip
def not_covered(view: View) -> Iterator[Hit]:
    for name in view.plan.not_covered:
        job = view.inventory.jobs[name]
        message = f"{name} is not planned: the vendor's gateway page says nothing of jobs of type {job.outside_table}"
        mounted = _mounted(view, name) if job.type == "restore" else ""
        yield Hit("job", name, message, on_key("jobs", name), fix=f"plan its load by hand{mounted}")


def _mounted(view: View, name: str) -> str:
    """Where the backups of a restore are mounted: of each repository that it may read. mount_server.html"""
    job, inventory = view.inventory.jobs[name], view.inventory
    mounts = (inventory.mount_servers(repository)[:1] for repository in view.sources(job))
    servers = dict.fromkeys(server for first in mounts for server in first)
    machines = len(inventory.holdings.workloads[name])
    return f": {numbered(machines, 'machine')} mounted on {some(servers)}" if servers and machines else ""


@check_for(Rule(
    "GW047", "source-holds-nothing", Severity.NOTE, "docs/inventory.md#form",
    why="No job writes anything to the source that this job could take, so it moves nothing and nothing is decided.",
    fix="Add the job that writes there, or name another source.",
))  # fmt: skip
def source_holds_nothing(view: View) -> Iterator[Hit]:
    for name, source in view.plan.idle:
        message = f"{name} reads from {source}, which holds nothing for it: there is nothing to decide"
        fix = "add the job that writes there, or name another source"
        yield Hit("job", name, message, on_key("jobs", name), fix=fix)


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
    "path": lambda r: r.type in SERVER_HOSTED | APPLIANCES | SHARED_FOLDERS,
    "ddboost_encryption": lambda r: r.type == "data_domain",
    "firmware": lambda r: r.type in DEDUPLICATING | APPLIANCES,
    "windows_deduplication": lambda r: r.type == "smb",
    "per_machine": lambda r: r.type != OBJECT_STORAGE,
}


@check_for(Rule(
    "GW046", "key-without-effect", Severity.NOTE, "docs/inventory.md#form",
    why="The key means nothing on this type of repository; whoever wrote it expected something of it.",
    fix="Leave the key out, or correct the type.",
))  # fmt: skip
def key_without_effect(view: View) -> Iterator[Hit]:
    for name, repository in view.inventory.repositories.items():
        for key, matters in _EFFECT.items():
            if key in repository.model_fields_set and _says_something(repository, key) and not matters(repository):
                message = f"{name} is a {repository.type} repository, on which `{key}` has no effect"
                spot = on_key("repositories", name, key)
                yield Hit("repository", name, message, spot, fix="leave it out", remedy=leaves_out(*spot.path))


@check_for(Rule(
    "GW170", "repeated-name", Severity.NOTE, "docs/inventory.md#form",
    why="A list names the same thing twice. The repeat counts for nothing, and mostly another name was meant.",
    fix="Take the repeat out, or correct it.",
))  # fmt: skip
def repeated_name(view: View) -> Iterator[Hit]:
    sections = view.inventory.sections
    del sections["workloads"]  # their one list is that of hosts, on which machines stand in turn: a repeat takes more
    for column in columns(sections):
        for path, names in column.repeats():
            if path[-1] == "target_host":  # the same
                continue
            where = f"`{path[-1]}` of {path[1]}" if len(path) > 2 else str(path[1])
            first: dict[str, int] = {}
            for number, name in enumerate(names):
                if first.setdefault(name, number) != number:
                    yield Hit(
                        KINDS[str(path[0])], str(path[1]),
                        f"{where} names {name} twice",
                        on_value(*path, number), on_value(*path, first[name], label="first named here"),
                        fix="take the repeat out", remedy=leaves_out(*path, number),
                    )  # fmt: skip


def _says_something(repository: Repository, key: str) -> bool:
    """Whether the key says anything but the default."""
    return bool(getattr(repository, key) != type(repository).model_fields[key].default)


CHECKS = (
    extent_targeted_directly,
    ignored_gateway_servers,
    not_covered,
    source_holds_nothing,
    key_without_effect,
    repeated_name,
)
