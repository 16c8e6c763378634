"""What gateways carry in one wave, and how much of it runs together: the one number behind every share of slots."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from gwplan.inventory.model import Inventory


class Carried:
    """Tasks of each gateway, and of each gateway on each repository."""

    __slots__ = ("on", "tasks")

    def __init__(self, tasks: Mapping[str, int] | None = None, on: Mapping[tuple[str, str], int] | None = None) -> None:
        self.tasks: Counter[str] = Counter(tasks)
        self.on: Counter[tuple[str, str]] = Counter(on)

    def add(self, server: str, repository: str, tasks: int = 1) -> None:
        """Count tasks that have not been counted yet."""
        self.tasks[server] += tasks
        self.on[server, repository] += tasks

    def update(self, other: Carried) -> None:
        self.tasks.update(other.tasks)
        self.on.update(other.on)

    def subtract(self, other: Carried) -> None:
        self.tasks.subtract(other.tasks)
        self.on.subtract(other.on)


def at_once(inventory: Inventory, carried: Carried) -> dict[str, int]:
    """How many of its tasks each gateway has to carry together: of each repository as large a part as its limit lets
    run, rounded up, and never more than there are."""
    totals: Counter[str] = Counter()
    for (_, repository), tasks in carried.on.items():
        totals[repository] += tasks
    together: Counter[str] = Counter()
    for (server, repository), tasks in carried.on.items():
        limit = inventory.repositories[repository].max_concurrent_tasks
        total = totals[repository]
        together[server] += tasks if limit is None or limit >= total else -(-tasks * limit // total)
    return {server: min(tasks, together[server]) for server, tasks in carried.tasks.items() if tasks > 0}
