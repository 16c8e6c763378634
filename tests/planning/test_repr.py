"""How a plan shows itself at a prompt and in a notebook."""

from __future__ import annotations

import re

from support import inventory_of

from gwplan.planning.plan import plan

GIVEN = {
    "backup_server": "vbr",
    "servers": {"vbr": {"os": "windows"}, "g": {"os": "windows"}, "r": {"os": "windows"}},
    "repositories": {
        "smb": {"type": "smb", "gateway_servers": ["g"]},
        "win": {"type": "windows", "server": "r"},
        "off": {"type": "smb", "gateway_servers": ["g"], "status": "offline"},
    },
    "workloads": {"pc": {"platform": "agent", "count": 3}},
    "jobs": {
        "pcs": {"type": "agent_backup", "workloads": ["pc"], "repository": "smb", "synthetic": False},
        "plain": {"type": "agent_backup", "workloads": ["pc"], "repository": "win"},
        "stopped": {"type": "agent_backup", "workloads": ["pc-01"], "repository": "off", "synthetic": False},
    },
}


def test_what_it_is_in_a_line() -> None:
    inventory = inventory_of(GIVEN)

    assert repr(plan(inventory)) == "<Plan, nearest: 11 decisions, 5 assigned, 3 none_needed, 3 blocked>"
    assert repr(plan(inventory, down=["g", "r"], strategy="spread")) == (
        "<Plan, spread, down: server:g, server:r: 11 decisions, 5 failed, 6 blocked>"
    )


def test_as_a_table() -> None:
    shown = plan(inventory_of(GIVEN))._repr_html_()

    cells = re.sub(r"</t[dh]>", "|", shown).replace("</tr>", "\n")
    rows = [re.sub(r"<[^>]*>", "", line).strip("|") for line in cells.splitlines()]
    assert rows == [
        "&lt;Plan, nearest: 11 decisions, 5 assigned, 3 none_needed, 3 blocked&gt;"
        "job|operation|repository|gateway server|tasks",
        "health_check:off|maintenance|off|target_down|1",
        "health_check:smb|maintenance|smb|g|1",
        "pcs|data|smb|g|3",
        "plain|data|win|none_needed|3",
        "rescan:off|maintenance|off|target_down|1",
        "rescan:smb|maintenance|smb|g|1",
        "stopped|data|off|target_down|1",
        "",
    ]
