"""What is sure of one edit without planning again: that it changes the plan, that it cannot, or that no loss of a
single element can stop more or less than before.

All three are exact, and most edits are one of them; whoever is none is planned and swept by itself.
"""

from __future__ import annotations

from functools import cached_property

from gwplan.inventory.difference import EntryEdit, KeyChange
from gwplan.inventory.entries import BEHIND_GATEWAY
from gwplan.inventory.mentions import columns
from gwplan.inventory.model import Inventory
from gwplan.inventory.names import members_of
from gwplan.inventory.renames import ROLES
from gwplan.planning.ledger import Batch
from gwplan.planning.plan import Plan
from gwplan.planning.rank import slots
from gwplan.planning.trace import BAD

_FOR_CHECKS = frozenset((
    "description", "tags", "id", "os_version", "path", "ddboost_encryption", "backup_method", "encryption",
    "transport_encryption", "block_size", "gfs", "restore_points_between_fulls", "retries", "full_chains", "compact",
    "change_rate", "retention", "egress", "channels", "bandwidth", "refs_fast_clone", "firmware",
    "windows_deduplication", "placement_policy", "location", "managed_by", "network_failover", "size",
    "network", "cache_repository",
))  # fmt: skip
"""Keys that never change a plan. docs/inventory.md"""
_SIZES = frozenset({"cores", "memory", "max_gateway_tasks"})
"""Keys of a server that change a plan by its slots alone, or not at all."""
_LOAD = {
    "server": _SIZES, "link": frozenset({"latency"}), "proxy": frozenset({"max_concurrent_tasks"}),
    "workload": frozenset({"disks"}),
}  # fmt: skip
"""Keys that only say who serves, never whether somebody does."""
_ORDER = {"job": frozenset({"priority", "schedule"}), "repository": frozenset({"max_concurrent_tasks"})}
"""The same as long as no chain is placed on one of several extents."""
_NAMED_ONLY = frozenset({"server", "site", "workload", "wan_accelerator", "tape_server"})
"""Kinds whose entries matter to a plan only where another entry names them."""


_NO_ORDER = frozenset({"gateway_servers", "accessible_from"})
"""Lists whose order nobody heeds."""


class Surely:
    """A plan, and what is sure of an edit of its inventory. ``new`` has the edited entries; ``name`` is always what the
    edited entry is called in the plan's inventory."""

    def __init__(self, plan: Plan, new: Inventory) -> None:
        self.plan, self.new, self.old = plan, new, plan.inventory

    def changes(self, edit: EntryEdit, name: str) -> bool:
        """Whether the plan must differ after it."""
        if edit.change == "removed":
            return self._is_used(edit.kind, name)
        if edit.change == "added":
            return self._is_planned(edit)
        if edit.kind == "server":
            return self._server(name)
        if edit.kind == "job":
            return not self.new.jobs[name].enabled and self._is_used(edit.kind, name)
        return edit.kind == "repository" and self._repository(name)

    def keeps_plan(self, edit: EntryEdit, name: str) -> bool:
        """Whether the plan cannot differ after it, if it is laid on by itself."""
        if edit.kind == "inventory":
            return False
        if self._is_of_no_use(edit, name):
            return True
        if edit.kind == "failure_domain":
            return not self.plan.world.down
        if edit.change in ("added", "removed"):
            return False
        keys = self._planned_keys(edit)
        if edit.kind == "server" and keys <= _SIZES:
            return self._same_slots(name) or name not in self._candidates
        return not keys

    def keeps_losses(self, edit: EntryEdit, name: str) -> bool:
        """Whether no single loss can stop anything else after it, whatever else it changes."""
        if edit.kind == "inventory":
            return False
        if self._is_of_no_use(edit, name):
            return True
        if edit.change in ("added", "removed"):
            return False
        keys = self._planned_keys(edit) - _LOAD.get(edit.kind, frozenset())
        if not self.old.scale_out_repositories:
            keys -= _ORDER.get(edit.kind, frozenset())
        return not keys

    # --- of entries ---------------------------------------------------------------------------------------------------

    def _is_of_no_use(self, edit: EntryEdit, name: str) -> bool:
        """Whether nothing else names the entry, and nothing is planned of it by itself."""
        if edit.kind not in _NAMED_ONLY:
            return False
        return edit.change == "added" or (edit.kind != "workload" and name not in self._named)

    def _planned_keys(self, edit: EntryEdit) -> frozenset[str]:
        """Its keys that a plan may heed: of what is free, only extents are asked, and some lists have no order."""
        is_asked = edit.kind == "repository" and self.old.scale_out_repositories
        keys = (c.key for c in edit.keys if c.key not in _FOR_CHECKS and not (c.key in _NO_ORDER and _has_the_same(c)))
        return frozenset(keys) - (set() if is_asked else {"free"})

    def _is_planned(self, edit: EntryEdit) -> bool:
        """Whether a new entry brings decisions of its own."""
        if edit.kind == "repository":
            return self.new.repositories[edit.name].type in BEHIND_GATEWAY
        job = self.new.jobs.get(edit.name) if edit.kind == "job" else None
        return job is not None and job.enabled and job.from_workloads

    def _server(self, name: str) -> bool:
        was, now = self.old.servers[name], self.new.servers[name]
        fell = (was.status == "online" and was.managed) and not (now.status == "online" and now.managed)
        if fell and self._is_used("server", name):
            return True
        return name in self._gateways and not self._same_slots(name)

    def _same_slots(self, name: str) -> bool:
        return slots(self.old, name) == slots(self.new, name)

    def _repository(self, name: str) -> bool:
        """Whether it falls, or its list drops a server that serves it as one of the list."""
        was, now = self.old.repositories[name], self.new.repositories[name]
        if was.status == "online" and now.status == "offline":
            return ("served", name) in self._used
        listed = now.gateway_servers
        return listed is not None and bool(self._selected.get(name, set()).difference(listed))

    @cached_property
    def _named(self) -> frozenset[str]:
        """Every name that an entry names, of whatever kind, and of which something stands on a server of that name."""
        old = self.old
        head = {"backup_server": old.backup_server, "default_mount_servers": old.default_mount_servers}
        said = {name for section in ROLES for name in old.sections[section]}
        for column in columns({**head, **old.sections}):
            only = column.names_only()
            alone = only is not None and all(isinstance(name, str) for name in only[1])
            said |= only[1] if only and alone else {mention.name for mention in column.mentions()}
        return frozenset(said | {name.partition(":")[2] for name in said})

    # --- of the plan --------------------------------------------------------------------------------------------------

    @cached_property
    def _gateways(self) -> frozenset[str]:
        return frozenset(load.server for load in self.plan.gateways)

    @cached_property
    def _candidates(self) -> frozenset[str]:
        """Every server that the rules name for something."""
        tiers = (tier for ruling in self.plan.rulings for tier in ruling.tiers)
        return frozenset(candidate.server for tier in tiers for candidate in tier.candidates)

    @cached_property
    def _selected(self) -> dict[str, set[str]]:
        """The servers of its list that serve a repository."""
        found: dict[str, set[str]] = {}
        for served, _ in self.plan.groups:
            if served.gateway is not None and served.ruling.selection == "explicit":
                found.setdefault(served.ruling.repository, set()).add(served.gateway)
        return found

    def _is_used(self, kind: str, name: str) -> bool:
        """Whether some decision could not be what it is without an entry."""
        if kind == "workload":
            return not self._machines.isdisjoint(members_of(name, self.old.workloads))
        return (kind, name) in self._used

    @cached_property
    def _used(self) -> frozenset[tuple[str, str]]:
        """All of these but workloads. ``served`` are repositories of which a decision is served."""
        found: set[tuple[str, str]] = set()
        for served, _ in self.plan.groups:
            ruling = served.ruling
            found |= {("job", ruling.job), ("repository", ruling.repository), ("server", served.gateway or "")}
            if ruling.outcome not in BAD:
                found.add(("served", ruling.repository))
                found.add(("server", ruling.data_mover or ""))
                if served.proxy in self.old.proxies:
                    found.add(("proxy", served.proxy or ""))
        return frozenset(found)

    @cached_property
    def _machines(self) -> frozenset[str]:
        """Every machine of a task."""
        found: set[str] = set()
        for entries in self.plan.decisions.by_job.values():
            for entry in entries:
                if isinstance(entry, Batch):
                    found.update(entry.machines)
                else:
                    found.update(name for decision in entry for name in decision.unit.machines)
        return frozenset(found)


def _has_the_same(change: KeyChange) -> bool:
    before, after = change.before, change.after
    return isinstance(before, list) and isinstance(after, list) and set(before) == set(after)
