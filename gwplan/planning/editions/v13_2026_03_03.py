"""Edition 13 as the page was revised on 2026-03-03: a Hyper-V host is no gateway of a deduplicating appliance."""

from __future__ import annotations

from dataclasses import replace

from gwplan.planning.editions.v13 import V13

_NO_HOST = frozenset({"windows", "linux"})

V13_2026_03_03 = replace(
    V13,
    id="13@2026-03-03",
    date="2026-03-03",
    systems={**V13.systems, "data_domain": _NO_HOST, "storeonce": _NO_HOST},
    follows=V13,
)
