"""Says which gateway server Veeam Backup & Replication picks for every job and task, why, and what takes over.

>>> import gwplan
>>> inventory = gwplan.load("inventories/small.yaml")
>>> plan = gwplan.plan(inventory, down=["gw01"])
>>> {decision.gateway for decision in plan.decisions if decision.job == "vm-daily"}
{'gw02'}

Names are resolved on first use, so that ``import gwplan`` costs next to nothing and an interrupt has nothing to hit.
"""

TYPE_CHECKING = False  # our own: importing `typing` takes longer than all else that happens before a command runs

if TYPE_CHECKING:
    from typing import Any

    from gwplan.api import (
        Decision,
        Diff,
        Finding,
        Inventory,
        InventoryError,
        Picture,
        Plan,
        Recommendation,
        Sweep,
        UsageError,
        WhatIf,
        check,
        diff,
        explain,
        graph,
        load,
        plan,
        recommend,
        sweep,
        whatif,
    )

__version__ = "0.1.0"

__all__ = [
    "Decision",
    "Diff",
    "Finding",
    "Inventory",
    "InventoryError",
    "Picture",
    "Plan",
    "Recommendation",
    "Sweep",
    "UsageError",
    "WhatIf",
    "__version__",
    "check",
    "diff",
    "explain",
    "graph",
    "load",
    "plan",
    "recommend",
    "sweep",
    "whatif",
]


def __getattr__(name: str) -> "Any":
    if name not in __all__:
        raise AttributeError(f"module 'gwplan' has no attribute {name!r}")
    from gwplan import api

    return getattr(api, name)


def __dir__() -> list[str]:
    return sorted(__all__)
