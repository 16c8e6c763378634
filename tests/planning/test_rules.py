"""The table is complete and disjoint: over the whole product of conditions exactly one row speaks."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from gwplan.planning.editions.v13 import COPIES, MOVES, ROWS
from gwplan.planning.table import KINDS, OBJECT_DIRECT, RUNS_A_DATA_MOVER, SHARED, Facts

BACKUPS = ("backup", "file_backup", "agent_backup", "plugin_backup")

TARGET_ONLY = (*BACKUPS, "rescan", "health_check")
SOURCE_ONLY = ("tape", "restore", "replication_from_backup")
PLATFORMS = {"backup": ("vmware", "hyperv"), "file_backup": ("file_share",)}
SYNTHETIC = ("backup", "file_backup", "agent_backup", *COPIES, "tape")


def every_side() -> Iterator[Facts]:
    """Every combination of conditions that a side of an operation can have."""
    for kind, here, listed in product((*TARGET_ONLY, *SOURCE_ONLY), KINDS, (False, True)):
        operation = "maintenance" if kind in ("rescan", "health_check") else "restore" if kind == "restore" else "data"
        side = "source" if kind in SOURCE_ONLY else "target"
        source = here if side == "source" else ""
        can_list = listed and here not in (*RUNS_A_DATA_MOVER, OBJECT_DIRECT)
        for platform, direct in product(PLATFORMS.get(kind, ("",)), (False, True) if kind == "tape" else (False,)):
            yield Facts(kind, operation, side, here, can_list, platform, source, tape_direct=direct)
    for kind, source, target, side, listed, wan in product(
        (*COPIES, *MOVES, "offload"), KINDS, KINDS, ("source", "target"), (False, True), (False, True)
    ):
        here = source if side == "source" else target
        if (wan and kind != "backup_copy") or (kind == "offload" and target not in KINDS[-2:]):
            continue
        operation = "maintenance" if kind == "offload" else "data"
        can_list = listed and here not in (*RUNS_A_DATA_MOVER, OBJECT_DIRECT)
        yield Facts(kind, operation, side, here, can_list, "", source, wan)
    for kind, here, listed in product(SYNTHETIC, KINDS, (False, True)):
        side = "source" if kind == "tape" else "target"
        yield Facts(kind, "synthetic", side, here, listed and here == SHARED)


def test_exactly_one_row_speaks_of_every_side() -> None:
    spoken = {facts: [row.id for row in ROWS if row.when.test(facts)] for facts in every_side()}

    assert {facts: ids for facts, ids in spoken.items() if len(ids) != 1} == {}


def test_every_row_speaks_of_something() -> None:
    spoken = {row.id for facts in every_side() for row in ROWS if row.when.test(facts)}

    assert spoken == {row.id for row in ROWS}
