"""What is sure of one edit without planning again: that it changes the plan, or that it cannot.

Both are exact, and most edits are one or the other; whoever is neither is planned by itself.
"""

from __future__ import annotations

from functools import cached_property

from gwplan.inventory.difference import EntryEdit
from gwplan.inventory.model import Inventory
from gwplan.inventory.names import members_of
from gwplan.planning.plan import Plan
from gwplan.planning.rank import slots
from gwplan.planning.trace import BAD

_FOR_CHECKS = frozenset((
    "description", "tags", "id", "os_version", "path", "ddboost_encryption", "backup_method", "encryption",
    "transport_encryption", "block_size", "gfs", "restore_points_between_fulls", "retries", "full_chains",
    "change_rate", "retention", "egress", "channels",
))  # fmt: skip
"""Keys that never change a plan. docs/inventory.md"""
_SIZES = frozenset({"cores", "memory", "max_gateway_tasks", "free"})
"""Keys of a server that change a plan by its slots alone, or not at all."""
_NAMED_ONLY = frozenset({"server", "site", "workload", "wan_accelerator", "tape_server"})
"""Kinds whose entries matter to a plan only where another entry names them."""

Thing = tuple[str, str]


class Surely:
    """A plan, and what is sure of an edit of its inventory. ``new`` has the edited entries."""

    def __init__(self, plan: Plan, new: Inventory) -> None:
        self.plan, self.new = plan, new

    def changes(self, edit: EntryEdit, name: str) -> bool:
        """Whether the plan must differ after it; ``name`` is what its entry is called in the plan's inventory."""
        if edit.change == "removed":
            return (edit.kind, name) in self._used
        if edit.change == "added":
            job = self.new.jobs.get(edit.name) if edit.kind == "job" else None
            return job is not None and job.enabled and job.from_workloads
        if edit.kind == "server":
            return self._server(name)
        if edit.kind == "job":
            return not self.new.jobs[name].enabled and (edit.kind, name) in self._used
        return edit.kind == "repository" and self._repository(name)

    def keeps_plan(self, edit: EntryEdit, name: str) -> bool:
        """Whether the plan cannot differ after it, if it is laid on by itself."""
        if edit.change == "added":
            return edit.kind in _NAMED_ONLY
        keys = {change.key for change in edit.keys} - _FOR_CHECKS
        if edit.change == "removed" or edit.kind == "inventory":
            return False
        if edit.kind == "server" and keys <= _SIZES:
            return self._same_slots(name) or name not in self._candidates
        return not keys

    def _server(self, name: str) -> bool:
        was, now = self.plan.inventory.servers[name], self.new.servers[name]
        fell = (was.status == "online" and was.managed) and not (now.status == "online" and now.managed)
        if fell and ("server", name) in self._used:
            return True
        return name in self._gateways and not self._same_slots(name)

    def _same_slots(self, name: str) -> bool:
        return slots(self.plan.inventory, name) == slots(self.new, name)

    def _repository(self, name: str) -> bool:
        """Whether it falls, or its list drops a server that serves it as one of the list."""
        was, now = self.plan.inventory.repositories[name], self.new.repositories[name]
        if was.status == "online" and now.status == "offline":
            return ("served", name) in self._used
        listed = now.gateway_servers
        return listed is not None and bool(self._selected.get(name, set()).difference(listed))

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

    @cached_property
    def _used(self) -> frozenset[Thing]:
        """Everything without which some decision could not be what it is. ``served`` are repositories of which a
        decision is served."""
        found: set[Thing] = set()
        machines: set[str] = set()
        for served, alike in self.plan.groups:
            ruling = served.ruling
            found |= {("job", ruling.job), ("repository", ruling.repository), ("server", served.gateway or "")}
            if ruling.outcome not in BAD:
                found.add(("served", ruling.repository))
                found.add(("server", ruling.data_mover or ""))
            if served.proxy in self.plan.inventory.proxies:
                found.add(("proxy", served.proxy or ""))
            machines.update(name for decision in alike for name in decision.unit.machines)
        workloads = self.plan.inventory.workloads
        found |= {("workload", name) for name in workloads if not machines.isdisjoint(members_of(name, workloads))}
        return frozenset(found)
