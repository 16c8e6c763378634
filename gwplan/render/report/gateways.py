"""The gateway servers of a plan: what they carry, and the single loss after which they carry the most."""

from __future__ import annotations

from collections.abc import Iterable

from gwplan.failures.aftermath import Aftermath, LoadThen
from gwplan.planning.plan import GatewayLoad, Plan
from gwplan.render.report.tables import Column, Item, Row, Table


def gateways_table(plan: Plan, aftermaths: Iterable[Aftermath]) -> Table:
    """The fullest first."""
    worst: dict[str, tuple[LoadThen, str]] = {}
    for one in aftermaths:
        for load in one.loads:
            known = worst.get(load.server)
            if len(one.down) == 1 and (known is None or load.tasks_after > known[0].tasks_after):
                worst[load.server] = (load, one.down[0])
    loads = sorted(plan.gateways, key=lambda load: -load.share)
    titles = ("Gateway server", "Data tasks", "At once", "Slots", "Share of slots", "Worst single loss", "Tasks then",
              "Share then")  # fmt: skip
    columns = tuple(Column(title, number not in (0, 5)) for number, title in enumerate(titles))
    rows = tuple(_row(load, worst.get(load.server)) for load in loads)
    return Table("gateways-table", "What each gateway server carries, the fullest first", columns, rows,
                 "gwplan resolve --verbose")  # fmt: skip


def _row(load: GatewayLoad, worst: tuple[LoadThen, str] | None) -> Row:
    mine = (Item(load.server, "head"), Item(f"{load.tasks:,}", order=load.tasks),
            Item(f"{load.at_once:,}", order=load.at_once), Item(f"{load.slots:,}", order=load.slots),
            _share(load.share))  # fmt: skip
    if worst is None or worst[0].tasks_after <= load.tasks:
        return Row((*mine, Item("none adds to it", "dim"), Item("", order=load.tasks), Item("", order=load.share)))
    then, lost = worst
    return Row((*mine, Item(lost), Item(f"{then.tasks_after:,}", order=then.tasks_after), _share(then.share_after)))


def _share(share: float) -> Item:
    style = "bad" if share > 1 else "warn" if share > 0.8 else "good"
    return Item(f"{'▲ ' if share > 1 else ''}{share:.0%}", style, share, min(share, 1.0))
