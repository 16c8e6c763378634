"""A job type is its model, its line and rows of the table, and its cases: nothing else knows the types by name."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar, Literal

import pytest
from support import inventory_of

from gwplan.inventory.any_job import Job
from gwplan.inventory.jobs import JOB_TYPES
from gwplan.inventory.types import RepositoryName, SomeOf, WorkloadName
from gwplan.planning.editions.v13 import V13
from gwplan.planning.plan import plan_in
from gwplan.planning.table import ALWAYS, BACKUP_SERVER, DOCUMENTED, MOUNT_SERVER, SHARED, Choice, Line, Row, When
from gwplan.planning.world import World


class Mirror(Job):
    """A made-up type: it writes machines to a repository without a proxy, and has synthetic operations."""

    from_workloads: ClassVar = True
    takes: ClassVar = ("vmware",)
    type: Literal["mirror"]
    workloads: SomeOf[WorkloadName]
    repository: RepositoryName


LINE = Line("Mirror job", ("mirror",), (BACKUP_SERVER,))
ROW = Row(
    "mirror",
    LINE,
    When("mirror", lambda f: f.type == "mirror" and f.here == SHARED and not f.listed and f.operation == "data"),
    (Choice(ALWAYS, (MOUNT_SERVER, BACKUP_SERVER)),),
    DOCUMENTED,
    "mirror.html",
)
EDITION = replace(V13, rows=(*V13.rows, ROW), lines=(*V13.lines, LINE))


def test_a_new_type_of_job_is_planned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(JOB_TYPES, "mirror", Mirror)
    inventory = inventory_of(
        {
            "backup_server": "vbr",
            "servers": {"vbr": {"os": "windows"}, "mnt": {"os": "windows"}},
            "repositories": {
                "nas": {"type": "smb", "mount_server": "mnt"},
                "far": {"type": "smb", "gateway_servers": ["mnt"]},
            },
            "workloads": {"vm": {"platform": "vmware", "count": 2}},
            "jobs": {
                "mirror": {"type": "mirror", "workloads": ["vm"], "repository": "nas"},
                "copy": {"type": "backup_copy", "source_jobs": ["mirror"], "repository": "far"},
            },
        }
    )
    found = {
        (d.job, d.operation, d.side, d.task): (d.gateway, d.rule, d.fallbacks, d.path)
        for d in plan_in(World(inventory, edition=EDITION)).decisions
        if d.operation != "maintenance"
    }

    assert found["mirror", "data", "target", "vm-01"] == ("mnt", "mirror", ("vbr",), ("vm-01", "mnt", "nas"))
    assert found["mirror", "synthetic", "target", "vm-02"][:2] == ("vbr", "synthetic")
    assert found["copy", "data", "source", "vm-02"][:2] == ("mnt", "read-side")


def test_the_edition_does_not_know_it_otherwise() -> None:
    assert V13.synthetic("mirror") is None
    assert V13.row_called("mirror") is None
