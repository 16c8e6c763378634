"""Some of a plan: which decisions an option leaves, and what is said of a name that nothing has."""

from __future__ import annotations

from typing import Any

import pytest
from support import inventory_of

from gwplan.findings import BAD_NAME, Finding, Subject, UsageError
from gwplan.planning.narrow import Narrowing, concerning, narrow
from gwplan.planning.plan import plan

ESTATE: dict[str, Any] = {
    "backup_server": "vbr",
    "servers": {name: {"os": "windows"} for name in ("vbr", "g10", "g2", "r1")},
    "repositories": {
        "e1": {"type": "smb", "gateway_servers": ["g2"]},
        "e2": {"type": "smb", "gateway_servers": ["g10"]},
        "far": {"type": "smb", "gateway_servers": ["g2"]},
    },
    "scale_out_repositories": {"whole": {"performance_tier": ["e1", "e2"]}},
    "workloads": {"pc": {"platform": "agent", "count": 2}},
    "jobs": {
        "pcs": {"type": "agent_backup", "workloads": ["pc"], "repository": "whole"},
        "copy": {"type": "backup_copy", "source_jobs": ["pcs"], "repository": "far"},
        "off": {"type": "other", "vendor_type": "x", "enabled": False},
    },
}


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"repositories": ("e1",)}, {"pcs": {"e1"}, "copy": {"e1"}, "rescan:e1": {"e1"}, "health_check:e1": {"e1"}}),
        ({"repositories": ("whole",), "jobs": ("pcs",)}, {"pcs": {"e1", "e2"}}),
        ({"repositories": ("whole", "far"), "jobs": ("copy",)}, {"copy": {"e1", "e2", "far"}}),
        ({"repositories": ("whole",), "types": ("rescan",)}, {"rescan:e1": {"e1"}, "rescan:e2": {"e2"}}),
        ({"types": ("backup_copy",)}, {"copy": {"e1", "e2", "far"}}),
        ({"types": ("backup_copy",), "gateways": ("g10",)}, {"copy": {"e2"}}),
        ({"types": ("rescan",)}, {"rescan:e1": {"e1"}, "rescan:e2": {"e2"}, "rescan:far": {"far"}}),
        ({"types": ("other",)}, {}),
        ({"failed": True}, {}),
    ],
)
def test_what_is_left(wanted: dict[str, Any], found: dict[str, set[str]]) -> None:
    left: dict[str, set[str]] = {}
    for decision in narrow(plan(inventory_of(ESTATE)), Narrowing(**wanted)):
        left.setdefault(decision.job, set()).add(decision.repository)

    assert left == found


@pytest.mark.parametrize(
    ("kind", "name", "concerns"),
    [
        ("scale_out_repository", "whole", True), ("scale_out_repository", "other", False), ("repository", "e1", True),
        ("repository", "far", False), ("site", "e1", True), ("site", "nowhere", False), ("workload", "pc-01", True),
    ],
)  # fmt: skip
def test_what_a_finding_is_about_says_whether_it_concerns_the_decisions(kind: str, name: str, concerns: bool) -> None:
    made = plan(inventory_of(ESTATE))
    finding = Finding(BAD_NAME, Subject(kind, name), "it is so", "change it")

    told = concerning([finding], made, narrow(made, Narrowing(jobs=("pcs",))))

    assert told == ((finding,) if concerns else ())


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({"repositories": ("wole",)}, "there is no repository 'wole'; did you mean 'whole'?"),
        ({"repositories": ("nonsense",)}, "there is no repository 'nonsense'; there are e1, e2, far, whole"),
        ({"gateways": ("nonsense",)}, "there is no server 'nonsense'; there are g2, g10, r1, vbr"),
        ({"types": ("nonsense",)}, "there is no type of job 'nonsense'; there are agent_backup, backup_copy, "
                                   "health_check, other, rescan"),
    ],
)  # fmt: skip
def test_a_name_that_nothing_has(wanted: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError) as error:
        narrow(plan(inventory_of(ESTATE)), Narrowing(**wanted))

    assert str(error.value) == message


@pytest.mark.parametrize(
    ("servers", "shown"),
    [
        (8, "there are g1, g2, g3, g4, g5, g6, g7, vbr"),
        (9, "there are g1, g2, g3, g4, g5, g6, g7, g8 … (9 in all)"),
        (10, "there are g1, g2, g3, g4, g5, g6, g7, g8 … (10 in all)"),
    ],
)
def test_of_many_names_eight_are_shown(servers: int, shown: str) -> None:
    many = {"vbr": {"os": "windows"}, **{f"g{n}": {"os": "windows"} for n in range(1, servers)}}

    with pytest.raises(UsageError) as error:
        narrow(plan(inventory_of({"backup_server": "vbr", "servers": many})), Narrowing(gateways=("nonsense",)))

    assert str(error.value) == f"there is no server 'nonsense'; {shown}"
