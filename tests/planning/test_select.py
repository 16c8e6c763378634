"""The decisions that somebody asks for by name, and what is said where there are none."""

from __future__ import annotations

from typing import Any

import pytest
from support import inventory_of

from gwplan.findings import UsageError
from gwplan.planning.select import explained

ESTATE: dict[str, Any] = {
    "backup_server": "vbr",
    "servers": {name: {"os": "windows"} for name in ("vbr", "g1", "g2")},
    "proxies": {"vbr": {"type": "vmware"}},
    "repositories": {
        "smb": {"type": "smb", "gateway_servers": ["g1", "g2"]},
        "empty": {"type": "smb", "gateway_servers": ["g1"]},
        "plain": {"type": "smb", "gateway_servers": ["g1"], "per_machine": False},
    },
    "workloads": {
        "pc": {"platform": "agent", "count": 10}, "vm": {"platform": "vmware"}, "other": {"platform": "vmware"},
        "pcs": {"platform": "agent"},
    },
    "jobs": {
        "pcs": {"type": "agent_backup", "workloads": ["pc"], "repository": "smb"},
        "vms": {"type": "backup", "workloads": ["vm", "other"], "repository": "plain"},
        "nothing": {"type": "backup_copy", "source_repository": "empty", "repository": "smb"},
        "drill": {"type": "restore", "source_jobs": ["vms"], "restore_mode": "instant_recovery"},
        "unknown": {"type": "other", "vendor_type": "x"},
    },
}  # fmt: skip
MANY = {**ESTATE, "jobs": {f"job{n}": {**ESTATE["jobs"]["pcs"], "workloads": ["vm"], "type": "backup"}
                           for n in range(1, 7)}}  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (("pcz",), "no job called 'pcz' is planned (it may be disabled); did you mean 'pcs'?"),
        (("xxxxxx",), "no job called 'xxxxxx' is planned (it may be disabled); there are health_check:empty, "
                      "health_check:plain, health_check:smb, pcs, rescan:empty, rescan:plain, rescan:smb, vms"),
        (("nothing",), "nothing reads from empty, which holds nothing for it, so nothing is decided"),
        (("unknown",), "unknown is a job of type other: the vendor's page is silent about it, so nothing is decided"),
        (("drill",), "drill is a job of type restore with a restore_mode: the vendor's page is silent about it, so "
                     "nothing is decided"),
        (("pcs", "pc-0l"), "pcs has no decision for pc-0l; did you mean 'pc-01'?"),
        (("pcs", "zzzzzzzz"), "pcs has no decision for zzzzzzzz; it has pc-01, pc-02, pc-03, pc-04, pc-05, pc-06, "
                              "pc-07, pc-08 … (10 in all)"),
        (("rescan:smb", "zzzzzzzz"), "rescan:smb has no decision for zzzzzzzz; it has smb"),
    ],
)  # fmt: skip
def test_where_nothing_is_decided(asked: tuple[str, ...], message: str) -> None:
    with pytest.raises(UsageError) as error:
        explained(inventory_of(ESTATE), *asked)

    assert str(error.value) == message


def test_of_many_jobs_eight_are_named() -> None:
    with pytest.raises(UsageError) as error:
        explained(inventory_of(MANY), "xxxxxx")

    assert str(error.value) == (
        "no job called 'xxxxxx' is planned (it may be disabled); there are health_check:empty, health_check:plain, "
        "health_check:smb, job1, job2, job3, job4, job5 … (12 in all)"
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"operation": "restore"}, "pcs has no decision for --operation restore; there is "
                                   "--operation data --side target and --operation synthetic --side target"),
        ({"task": "pc-01", "operation": "data", "side": "source"},
         "pcs has no decision for pc-01 --operation data --side source; there is "
         "--operation data --side target and --operation synthetic --side target"),
    ],
)  # fmt: skip
def test_what_was_asked_for_is_said(options: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError) as error:
        explained(inventory_of(ESTATE), "pcs", **options)

    assert str(error.value) == message


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (("pcs", "pc-02"), [("pcs", "data", "pc-02"), ("pcs", "synthetic", "pc-02")]),
        (("vms", "other"), [("vms", "data", "vms"), ("vms", "synthetic", "vms")]),
        (("other",), [("vms", "data", "vms"), ("vms", "synthetic", "vms")]),
        (("rescan:smb",), [("rescan:smb", "maintenance", "smb")]),
    ],
)
def test_what_is_found(asked: tuple[str, ...], found: list[tuple[str, str, str]]) -> None:
    _, decisions = explained(inventory_of(ESTATE), *asked)

    assert [(d.job, d.operation, d.task) for d in decisions] == found
    assert all(d.order is not None for d in decisions if d.ruling.serving and d.ruling.serving.ranked)


def test_a_job_wins_over_a_machine_of_its_name_and_a_group_stands_for_its_machines() -> None:
    inventory = inventory_of(ESTATE)

    assert {d.job for d in explained(inventory, "pcs")[1]} == {"pcs"}
    assert {d.task for d in explained(inventory, "pcs", "pc")[1]} == {f"pc-{n:02d}" for n in range(1, 11)}
    assert {d.job for d in explained(inventory, "pc", operation="data")[1]} == {"pcs"}


def test_only_what_is_asked_for_is_traced_and_with_the_strategy_asked_for() -> None:
    made, _ = explained(inventory_of(ESTATE), "vms", strategy="spread", down=["g2"])

    assert (made.strategy, made.down) == ("spread", ("server:g2",))
    assert {d.job for d in made.decisions if d.order is not None} == {"vms"}
    assert explained(inventory_of(ESTATE), "vms")[0].strategy == "nearest"
