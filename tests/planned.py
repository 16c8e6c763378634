"""The cases of planning, and the plan of each: a file of tests/cases/planning per rule, filter and theme."""

from __future__ import annotations

from typing import Any

from support import ROOT, data_in, inventory_of, merged

from gwplan.planning.plan import EVERY_JOB, Plan, plan

FOLDER = ROOT / "tests" / "cases" / "planning"
FILES = {
    file.relative_to(FOLDER).with_suffix("").as_posix(): data_in(file)
    for file in sorted(FOLDER.rglob("*.yaml"))
}


def planned(given: dict[str, Any], case: dict[str, Any]) -> Plan:
    """The plan that a case describes, with the trace of every job: served one task after the other."""
    inventory = inventory_of(merged(given, case.get("change", {})))
    return plan(inventory, down=case.get("down", ()), strategy=case.get("strategy", "nearest"), trace=EVERY_JOB)


def planned_in_runs(traced: Plan, case: dict[str, Any]) -> Plan:
    """The same without any trace: alike tasks are served in one go."""
    return plan(traced.inventory, down=case.get("down", ()), strategy=traced.strategy)
