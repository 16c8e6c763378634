"""Cases as data: a file of tests/cases/planning per rule, per filter of candidates and per theme of the contract.

A file has ``given``, an inventory; and ``cases``, each with what it changes, what is down, and what is expected: of
decisions, and of the ``gateways`` what they carry. ``shape`` says what a case shows: ``serves``, ``fails-over`` or
``refuses``. The cases of ``second-reading`` were written independently of the first ones, by another reader of the
same contract.
"""

from __future__ import annotations

from typing import Any

import pytest
from planned import FILES, planned, planned_in_runs
from support import as_object, inventory_of, merged

from gwplan.findings import InventoryError
from gwplan.planning.editions.v13 import ROWS
from gwplan.planning.filters import CHECKS

CASES = [
    pytest.param(data["given"], case, id=f"{stem}-{name}")
    for stem, data in FILES.items()
    for name, case in data["cases"].items()
]
SHAPES = {"serves", "fails-over", "refuses"}
NAMES_ONE = ("job", "operation", "side", "repository", "task", "type")


@pytest.mark.parametrize(("given", "case"), CASES)
def test_case(given: dict[str, Any], case: dict[str, Any]) -> None:
    assert set(case) <= {"shape", "change", "down", "strategy", "expect", "gateways", "unreadable", "absent", "because"}
    if "unreadable" in case:
        with pytest.raises(InventoryError) as error:
            inventory_of(merged(given, case.get("change", {})))
        assert [finding.code for finding in error.value.findings] == case["unreadable"]
        return
    made = planned(given, case)
    objects = [(as_object(decision), decision) for decision in made.decisions]
    in_runs = planned_in_runs(made, case)
    assert [as_object(decision) for decision in in_runs.decisions] == [shown for shown, _ in objects]
    assert in_runs.gateways == made.gateways
    for gone in case.get("absent", ()):
        assert not [o for o, _ in objects if all(o[key] == value for key, value in gone.items())], gone
    for load in made.gateways:
        wanted = case.get("gateways", {}).get(load.server, {})
        assert {name: getattr(load, name) for name in wanted} == wanted
    for wanted in case.get("expect", ()):
        refused = wanted.get("refused", {})
        wanted = {key: value for key, value in wanted.items() if key != "refused"}
        key = {name: wanted[name] for name in NAMES_ONE if name in wanted}
        found = [(o, d) for o, d in objects if all(o[name] == value for name, value in key.items())]
        assert len(found) == 1, f"{key} names {len(found)} decisions: {[o for o, _ in found][:5]}"
        shown, decision = found[0]
        assert {name: shown[name] for name in wanted} == wanted
        refusals = {
            candidate.server: {verdict.check for verdict in candidate.verdicts if not verdict.ok}
            for tier in decision.ruling.tiers
            for candidate in tier.candidates
        }
        for server, checks in refused.items():
            assert refusals[server] == ({checks} if isinstance(checks, str) else set(checks)), server


@pytest.mark.parametrize("row", [row.id for row in ROWS if row.id != "data-mover"])
def test_every_rule_has_a_case_of_each_shape(row: str) -> None:
    shapes = {case.get("shape") for case in FILES[f"rules/{row}"]["cases"].values()}

    assert shapes >= SHAPES


def test_every_check_has_a_case_of_each_shape() -> None:
    names = {
        "managed", "online", "os", "role", "backup-server-route", "repository-route", "fabric", "access",
        "source-route", "nfs-squash", "nfs-security",
    }  # fmt: skip

    missing = {
        name: SHAPES - {case.get("shape") for case in FILES.get(f"filters/{name}", {"cases": {}})["cases"].values()}
        for name in names
    }

    assert {name: shapes for name, shapes in missing.items() if shapes} == {}
    assert len(CHECKS) == len(names) - 1  # repository-route and fabric are one function
