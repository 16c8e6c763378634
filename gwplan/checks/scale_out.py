"""Checks of scale-out repositories: what extents, tiers and policies do not allow, and extents that take no data."""

from __future__ import annotations

from collections.abc import Iterator

from gwplan.checks.shape import Hit, agree, check_for, on_key, on_value, some
from gwplan.checks.view import View
from gwplan.findings import Rule, Severity, Spot
from gwplan.inventory.entries import DEDUPLICATING, OBJECT_STORAGE
from gwplan.nouns import numbered


@check_for(Rule(
    "GW065", "performance-policy-extent-offline", Severity.WARNING, "backup_repository_sobr_placement.html",
    why="Under the performance policy a chain spreads over extents: while one is offline it is broken, and no full "
    "backup is made elsewhere.",
    fix="Say `full_when_extent_offline: true`, or bring the extent back.",
))  # fmt: skip
def performance_policy_extent_offline(view: View) -> Iterator[Hit]:
    for name, whole in view.inventory.scale_out_repositories.items():
        if whole.placement_policy != "performance" or whole.full_when_extent_offline:
            continue
        off = [extent for extent in whole.performance_tier if view.network.repository_down(extent)]
        if off:
            yield Hit(
                "scale_out_repository", name,
                f"{name} places for performance and {some(off)} {agree(off, 'is', 'are')} not online: chains over "
                f"{agree(off, 'it', 'them')} are broken",
                on_value("scale_out_repositories", name, "placement_policy"),
                *(on_key("repositories", extent, label="not online") for extent in off),
            )  # fmt: skip


@check_for(Rule(
    "GW066", "active-chain-on-closed-extent", Severity.WARNING, "sobr_maintenance.html",
    why="An extent in maintenance takes no data, so jobs with a chain there fail; sealed, their next run is an active "
    "full elsewhere.",
    fix="Evacuate the chains, or end the maintenance.",
))  # fmt: skip
def active_chain_on_closed_extent(view: View) -> Iterator[Hit]:
    for name, whole in view.inventory.scale_out_repositories.items():
        spots: list[Spot] = []
        for extent, settings in whole.performance_tier.items():
            status = view.inventory.repositories[extent].status
            if status in ("maintenance", "sealed") and settings.holds:
                label = f"holds {numbered(len(settings.holds), 'chain')}, {status}"
                spots.append(on_key("scale_out_repositories", name, "performance_tier", extent, label=label))
        if spots:
            extents = some(str(spot.path[-1]) for spot in spots)
            yield Hit(
                "scale_out_repository", name,
                f"{name} has active chains on {extents}, which {agree(spots, 'takes', 'take')} no more data",
                *spots, *(on_value("repositories", str(spot.path[-1]), "status", label="its status") for spot in spots),
            )  # fmt: skip


@check_for(Rule(
    "GW118", "performance-policy-breaks-locality", Severity.WARNING, "backup_repository_sobr_placement.html",
    why="Fast clone and virtual synthetic fulls need a chain on one extent; the performance policy puts fulls and "
    "increments on different ones.",
    fix="Say `placement_policy: data_locality`.",
))  # fmt: skip
def performance_policy_breaks_locality(view: View) -> Iterator[Hit]:
    for name, whole in view.inventory.scale_out_repositories.items():
        if whole.placement_policy != "performance":
            continue
        repositories = view.inventory.repositories
        bad = [
            e
            for e in whole.performance_tier
            if repositories[e].type in DEDUPLICATING or repositories[e].refs_fast_clone
        ]
        if bad:
            yield Hit(
                "scale_out_repository", name,
                f"{name} places for performance, and {some(bad)} {agree(bad, 'needs its', 'need their')} chains in one "
                "place",
                on_value("scale_out_repositories", name, "placement_policy"),
                *(on_key("repositories", extent, label="the extent") for extent in bad),
            )  # fmt: skip


@check_for(Rule(
    "GW119", "mixed-performance-tier", Severity.ERROR, "performance_tier_limitations.html",
    why="A performance tier is either all object storage or has none.",
    fix="Take the extents of one kind out.",
))  # fmt: skip
def mixed_performance_tier(view: View) -> Iterator[Hit]:
    for name, whole in view.inventory.scale_out_repositories.items():
        types = {
            extent: view.inventory.repositories[extent].type == OBJECT_STORAGE for extent in whole.performance_tier
        }
        if len(set(types.values())) > 1:
            objects = [extent for extent, is_object in types.items() if is_object]
            others = [extent for extent, is_object in types.items() if not is_object]
            yield Hit(
                "scale_out_repository", name,
                f"{name} mixes object storage ({some(objects)}) with {some(others)} in its performance tier",
                on_key("scale_out_repositories", name, "performance_tier"),
                *(on_value("repositories", extent, "type", label="object storage") for extent in objects),
            )  # fmt: skip


@check_for(Rule(
    "GW120", "many-extents", Severity.WARNING, "sobr_limitations.html",
    why="The vendor recommends at most 24 active extents in a tier.",
    fix="Use fewer, larger extents, or a second scale-out repository.",
))  # fmt: skip
def many_extents(view: View) -> Iterator[Hit]:
    repositories = view.inventory.repositories
    for name, whole in view.inventory.scale_out_repositories.items():
        capacity = whole.capacity_tier.extents if whole.capacity_tier else ()
        for tier, extents in (("performance_tier", whole.performance_tier), ("capacity_tier", capacity)):
            active = sum(repositories[extent].status == "online" for extent in extents)
            if active > 24:
                yield Hit(
                    "scale_out_repository", name,
                    f"{name} has {active} active extents in its {tier.replace('_', ' ')}; the vendor recommends at "
                    "most 24",
                    on_key("scale_out_repositories", name, tier),
                )  # fmt: skip


@check_for(Rule(
    "GW121", "files-to-object-extents", Severity.ERROR, "sobr_limitations.html",
    why="File backup is not supported to a scale-out repository whose extents are object storage.",
    fix="Let the job write to the object storage repository itself.",
))  # fmt: skip
def files_to_object_extents(view: View) -> Iterator[Hit]:
    for name, job in view.jobs("file_backup"):
        if job.repository in view.inventory.scale_out_repositories:
            bad = [e for e in view.targets(job) if view.inventory.repositories[e].type == OBJECT_STORAGE]
            if bad:
                yield Hit(
                    "job", name,
                    f"{name} writes to {job.repository}, whose {agree(bad, 'extent', 'extents')} {some(bad)} "
                    f"{agree(bad, 'is', 'are')} object storage",
                    on_value("jobs", name, "repository"),
                    *(on_value("repositories", extent, "type", label="object storage") for extent in bad),
                    fix="let it write to an object storage repository itself",
                )  # fmt: skip


@check_for(Rule(
    "GW132", "object-storage-used-twice", Severity.ERROR, "capacity_tier_limitations.html",
    why="A capacity tier needs object storage of its own: file backups do not share it.",
    fix="Give the capacity tier a repository of its own.",
))  # fmt: skip
def object_storage_used_twice(view: View) -> Iterator[Hit]:
    inventory = view.inventory
    files = {job.repository: name for name, job in view.jobs("file_backup")}
    for name, whole in inventory.scale_out_repositories.items():
        for extent in dict.fromkeys(whole.capacity_tier.extents if whole.capacity_tier else ()):
            at = on_key("scale_out_repositories", name, "capacity_tier")
            if job := files.get(extent):
                yield Hit(
                    "repository", extent,
                    f"{extent} is in the capacity tier of {name} and takes the file backups of {job}",
                    at, on_value("jobs", job, "repository", label="used here too"),
                )  # fmt: skip


CHECKS = (
    performance_policy_extent_offline,
    active_chain_on_closed_extent,
    performance_policy_breaks_locality,
    mixed_performance_tier,
    many_extents,
    files_to_object_extents,
    object_storage_used_twice,
)
