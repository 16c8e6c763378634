"""What ``resolve`` and ``explain`` tell: a plan, what of it was asked for, and how much of each decision."""

from __future__ import annotations

from dataclasses import dataclass

from gwplan.findings import Finding
from gwplan.inventory.model import Inventory
from gwplan.network import Network
from gwplan.planning.trace import Decision, Plan


@dataclass(frozen=True, slots=True)
class Resolved:
    """A plan with its findings. ``by_task`` lists each task in text, ``trace`` each candidate in JSON."""

    plan: Plan
    decisions: tuple[Decision, ...]
    findings: tuple[Finding, ...] = ()
    title: str = ""
    by_task: bool = False
    trace: bool = False


@dataclass(frozen=True, slots=True)
class Story:
    """Decisions with everything that was weighed for them, in the inventory and the network that they were made in."""

    plan: Plan
    decisions: tuple[Decision, ...]
    inventory: Inventory
    network: Network
