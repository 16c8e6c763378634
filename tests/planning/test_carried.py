"""What gateways carry: counted, taken off again, and how much of it runs together."""

from __future__ import annotations

from support import inventory_of

from gwplan.planning.carried import Carried, at_once

GIVEN = {
    "backup_server": "vbr",
    "servers": {"vbr": {"os": "windows"}, "g1": {"os": "windows"}, "g2": {"os": "windows"}},
    "repositories": {
        "free": {"type": "smb", "gateway_servers": ["g1", "g2"]},
        "few": {"type": "smb", "gateway_servers": ["g1", "g2"], "max_concurrent_tasks": 2},
    },
}


def test_tasks_are_counted_on_their_server_and_on_its_repository() -> None:
    carried = Carried({"g1": 1}, {("g1", "few"): 1})
    carried.add("g1", "few")
    carried.add("g1", "few", 2)
    carried.add("g2", "free", 3)

    assert carried.tasks == {"g1": 4, "g2": 3}
    assert carried.on == {("g1", "few"): 4, ("g2", "free"): 3}

    more = Carried(carried.tasks, carried.on)
    more.update(carried)
    more.subtract(Carried({"g2": 6}, {("g2", "free"): 6}))

    assert (more.tasks["g1"], more.tasks["g2"]) == (8, 0)
    assert (more.on["g1", "few"], more.on["g2", "free"]) == (8, 0)
    assert carried.tasks == {"g1": 4, "g2": 3}


def test_who_carries_nothing_any_more_is_not_told() -> None:
    carried = Carried({"g1": 3, "g2": 0}, {("g1", "few"): 3, ("g2", "few"): 0})

    assert at_once(inventory_of(GIVEN), carried) == {"g1": 2}
