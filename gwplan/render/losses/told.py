"""What ``whatif`` and ``sweep`` tell: what was found, and how much of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from gwplan.failures.scenarios import Outcome
from gwplan.failures.sweep import Sweep
from gwplan.failures.whatif import WhatIf


@dataclass(frozen=True, slots=True)
class Changed:
    """What a loss changes. ``shown`` has the kinds of change that are listed; all are counted."""

    found: WhatIf
    title: str
    shown: Collection[str]
    by_task: bool = False
    by_gateway: bool = False


@dataclass(frozen=True, slots=True)
class Promised:
    """The outcomes of the scenarios of a file."""

    outcomes: tuple[Outcome, ...]
    file: str


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep found. ``accepted`` has the losses that are known, each with its reason, if there is one."""

    found: Sweep
    accepted: Mapping[str, str]
    everything: bool = False
    heat_by: str | None = None
