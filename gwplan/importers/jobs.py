"""What gwplan makes of jobs, whatever source they come from: the way they write, and those that it does not plan."""

from __future__ import annotations

from gwplan.importers.draft import Draft, Thing
from gwplan.importers.words import METHODS, mapped

_KEPT = "kept as `other`: it is listed and not planned"
NOT_PLANNED = {
    "replica": "replication from production storage uses no gateway",
    "vspherereplica": "replication from production storage uses no gateway",
    "clouddirectorreplica": "replication from production storage uses no gateway",
    "legacybackupcopy": "the API shows no settings of it",
    "cdpjobs": "continuous data protection uses no gateway",
    "catcopyjob": "the vendor's gateway page has no row for Catalyst copies",
    "catalystjob": "the vendor's gateway page has no row for Catalyst copies",
    "surebackupjob": "the vendor's gateway page has no row for SureBackup",
}
"""Types of jobs, and tables of them, that are known and have no row."""


def why_not_planned(word: str, vendor_type: str) -> str:
    """Why gwplan does not plan a type of job, looked up by the source's word for it."""
    return NOT_PLANNED.get(word.lower()) or f"the vendor's gateway page has no row for jobs of type {vendor_type}"


def keep_as_other(draft: Draft, thing: Thing, why: str) -> None:
    """Add a job that gwplan does not plan, under the vendor's name for its type."""
    thing.keys |= {"type": "other", "vendor_type": thing.vendor_type or "unknown"}
    thing.guesses["type"] = why
    draft.add(thing)
    tell_kept(draft, thing, thing.name, why)


def tell_kept(draft: Draft, thing: Thing, name: str, why: str) -> None:
    """The news that a job stays in the inventory as `other`, under its name there."""
    draft.left_out("job", name, f"{why}; {_KEPT}", thing.origin)


def set_method(thing: Thing, word: str, synthetic: bool | None, active: bool | None) -> None:
    """Set how the job writes its chain: increments without any further full backup are forever forward."""
    method = mapped(METHODS, word)
    if method == "forward_incremental" and synthetic is False:
        if active is False:
            method = "forever_forward"
        else:
            thing.keys["synthetic"] = False
    if method:
        thing.keys["backup_method"] = method
