"""Checks of what goes together: features, repository types and the systems of those that may serve them."""

from __future__ import annotations

from collections.abc import Iterator

from gwplan.findings import Finding, Rule, Severity, Spot, Subject
from gwplan.inventory.model import Inventory
from gwplan.planning.trace import Plan

FAST_CLONE = Rule("GW035", "fast-clone-needs-windows", Severity.WARNING, "gateway_server.html#requirements")


def fast_clone_needs_windows(inventory: Inventory, plan: Plan) -> Iterator[Finding]:
    """Fast clone on ReFS needs a Windows gateway; with a Linux one synthetic operations copy in full."""
    wanted = {name for name, repository in inventory.repositories.items() if repository.refs_fast_clone}
    found: dict[str, set[str]] = {}
    for ruling in plan.rulings:
        if ruling.repository in wanted:
            for server in ruling.eligible:
                if inventory.servers[server].os == "linux":
                    found.setdefault(ruling.repository, set()).add(server)
    for name, servers in found.items():
        yield Finding(
            FAST_CLONE,
            Subject("repository", name),
            f"{name} wants fast clone on ReFS, and {', '.join(sorted(servers))} on Linux may serve it",
            "let only Windows servers serve it",
            Spot(("repositories", name, "refs_fast_clone"), on_key=True),
        )
