"""Checks of the inventory by itself: what is used twice, ignored, not covered or without effect."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gwplan.findings import DUPLICATE_NAME, Finding, Rule, Severity, Spot, Subject
from gwplan.inventory.model import Inventory
from gwplan.inventory.schema import APPLIANCES, DEDUPLICATING, OBJECT_STORAGE, SERVER_HOSTED, SHARED_FOLDERS, Repository
from gwplan.planning.trace import Plan

IGNORED_GATEWAY_SERVERS = Rule("GW007", "ignored-gateway-servers", Severity.NOTE, "gateway_server.html")
NOT_COVERED = Rule("GW010", "not-covered", Severity.NOTE, "gateway_server.html#auto")
KEY_WITHOUT_EFFECT = Rule("GW046", "key-without-effect", Severity.NOTE, "README.md#the-inventory")
SOURCE_HOLDS_NOTHING = Rule("GW047", "source-holds-nothing", Severity.NOTE, "README.md#the-inventory")


def extent_targeted_directly(inventory: Inventory, _plan: Plan) -> Iterator[Finding]:
    """A job writes to a scale-out repository, never to one of its extents. sobr_limitations.html"""
    for name, job in inventory.jobs.items():
        target = getattr(job, "repository", None)
        if target is not None and target in inventory.extent_of and job.writes:
            whole = inventory.extent_of[target]
            yield Finding(
                DUPLICATE_NAME,
                Subject("job", name),
                f"{name} writes to {target}, which is an extent of {whole}",
                f"let it write to {whole}",
                Spot(("jobs", name, "repository")),
                (Spot(("scale_out_repositories", whole, "performance_tier"), on_key=True, label="the extent's tier"),),
            )


def ignored_gateway_servers(inventory: Inventory, _plan: Plan) -> Iterator[Finding]:
    """A repository that needs no gateway, or is written to directly, ignores its list of gateway servers."""
    for name, repository in inventory.repositories.items():
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
        spot = Spot(("repositories", name, "gateway_servers"), on_key=True)
        yield Finding(IGNORED_GATEWAY_SERVERS, Subject("repository", name), message, fix, spot)


def not_covered(inventory: Inventory, plan: Plan) -> Iterator[Finding]:
    """The vendor's page is silent about this type of job."""
    for name in plan.not_covered:
        kind = inventory.jobs[name].vendor_type  # type: ignore[attr-defined]
        message = f"{name} is a {kind} job, about whose gateway server the vendor's page is silent: it is not planned"
        yield Finding(NOT_COVERED, Subject("job", name), message, "plan its load by hand", Spot(("jobs", name), True))


def source_holds_nothing(_inventory: Inventory, plan: Plan) -> Iterator[Finding]:
    """A job whose source holds nothing moves nothing."""
    for name, source in plan.idle:
        message = f"{name} reads from {source}, which holds nothing for it: there is nothing to decide"
        fix = "add the job that writes there, or name another source"
        yield Finding(SOURCE_HOLDS_NOTHING, Subject("job", name), message, fix, Spot(("jobs", name), on_key=True))


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


def key_without_effect(inventory: Inventory, _plan: Plan) -> Iterator[Finding]:
    """A key that means nothing on this type of repository."""
    for name, repository in inventory.repositories.items():
        for key, matters in _EFFECT.items():
            if key in repository.model_fields_set and _says_something(repository, key) and not matters(repository):
                message = f"{name} is a {repository.type} repository, on which `{key}` has no effect"
                spot = Spot(("repositories", name, key), on_key=True)
                yield Finding(KEY_WITHOUT_EFFECT, Subject("repository", name), message, "leave it out", spot)


def _says_something(repository: Repository, key: str) -> bool:
    """Whether the key says anything but the default."""
    return bool(getattr(repository, key) != type(repository).model_fields[key].default)
