"""What each loss costs: as a table for reading, as a heat map, and as data that the page's script answers from."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from gwplan.failures.aftermath import Aftermath
from gwplan.failures.effect import Result
from gwplan.failures.sweep import Sweep
from gwplan.inventory.model import Inventory
from gwplan.render.losses.heat import heat_object
from gwplan.render.losses.sweep_json import sweep_chunks
from gwplan.render.report.scrub import Tell
from gwplan.render.report.tables import Column, Item, Row, Table
from gwplan.render.sheet import some
from gwplan.render.things import Swept

_MOST = 6
_SHADES = ("", "░", "▒", "▓", "█")


def singles_of(found: Sweep) -> Sweep:
    """The single losses of a sweep of pairs, as a sweep of order 1 has them."""
    if found.order == 1:
        return found
    number = len(found.singles)
    return replace(found, order=1, scenarios=found.elements, examined=number, results=found.singles, singles=())


def sweep_document(found: Sweep, tell: Tell) -> dict[str, Any]:
    """``gwplan.sweep/1`` with its names told."""
    document = json.loads("".join(sweep_chunks(Swept(found, {}))))
    fixed = ("format", "gwplan_version", "product_version", "strategy")
    return {key: value if key in fixed else _elements(value, tell) for key, value in document.items()}


def _elements(value: Any, tell: Tell) -> Any:
    if isinstance(value, dict):
        return {key: _elements(one, tell) for key, one in value.items()}
    if isinstance(value, list):
        return [_elements(one, tell) for one in value]
    return element_told(value, tell) if isinstance(value, str) else value


def element_told(text: str, tell: Tell) -> str:
    """``kind:name`` with the name told, and any other name."""
    kind, colon, name = text.partition(":")
    return f"{kind}:{tell(name)}" if colon and kind in WORDS else tell(text)


WORDS = {
    "server": "Servers", "site": "Sites", "link": "Links", "fabric": "Fabrics", "failure_domain": "Failure domains",
    "repository": "Repositories",
}  # fmt: skip


def aftermath_data(aftermaths: Iterable[Aftermath], inventory: Inventory, tell: Tell) -> dict[str, Any]:
    """What the script shows of each loss. A name is told once, in ``names``, and meant by its number; ``words`` has the
    words of gwplan in the same way, ``jobs`` the numbers of declared jobs.

    ``losses`` has by ``kind:name``, two of them joined by a line break: ``n``, the numbers of decisions lost, blocked,
    moved, rebalanced and restored; ``lost`` and ``blocked`` as [job, reason, decisions]; ``moved`` as [job, operation,
    from, to, decisions]; ``loads`` as [gateway, before, after, slots, share after]; ``failing`` as [job, tasks];
    ``fallen`` as the servers, the repositories and the proxies that fall with it. What is empty is left out.
    """
    names, words, proxies = _Numbers(), _Numbers(), _proxies(inventory)
    losses = {
        "\n".join(element_told(name, tell) for name in one.down): _loss(one, names, words, proxies)
        for one in aftermaths
    }
    jobs = [names[name] for name in inventory.jobs if name in names]
    return {"names": [tell(name) for name in names], "words": list(words), "jobs": jobs, "losses": losses}


class _Numbers(dict[str, int]):
    """Texts by the order in which they were first asked for."""

    def __missing__(self, text: str) -> int:
        number = self[text] = len(self)
        return number


def _proxies(inventory: Inventory) -> dict[str, list[str]]:
    """The proxies of each server."""
    found: dict[str, list[str]] = {}
    for name, proxy in inventory.proxies.items():
        found.setdefault(proxy.server or name, []).append(name)
    return found


def _loss(
    one: Aftermath, names: _Numbers, words: _Numbers, proxies: Mapping[str, list[str]]
) -> dict[str, Any]:
    found: dict[str, Any] = {
        "n": [one.number(change) for change in ("lost", "blocked", "moved", "rebalanced", "restored")]
    }
    for change in ("lost", "blocked"):
        jobs: Counter[tuple[str, str]] = Counter()
        for (job, _, _, reason), decisions in one.steps.get(change, {}).items():
            jobs[job, reason] += decisions
        found[change] = [[names[job], words[reason], decisions] for (job, reason), decisions in jobs.items()]
    found["moved"] = [
        [names[job], words[operation], names[was], names[now], decisions]
        for (job, operation, was, now), decisions in one.steps.get("moved", {}).items()
    ]
    found["loads"] = [
        [names[load.server], load.tasks_before, load.tasks_after, load.slots, round(load.share_after, 4)]
        for load in one.loads
    ]
    found["failing"] = [[names[job], tasks] for job, tasks in one.failing.items()]
    fallen = (one.servers, one.repositories, [name for server in one.servers for name in proxies.get(server, ())])
    found["fallen"] = [[names[name] for name in fallen_ones] for fallen_ones in fallen]
    return {key: value for key, value in found.items() if value not in ([], [[], [], []])}


def losses_table(found: Sweep, accepted: Mapping[str, str]) -> Table:
    """Every loss that hurts, worst first."""
    hurting = (result for result in found.results if result.lost or result.blocked or result.moved)
    rows = tuple(_result_row(found, result, accepted) for result in hurting)
    columns = (
        Column("Lost element"), Column("Single point"), Column("Decisions lost", True), Column("Blocked", True),
        Column("Moved", True), Column("Fullest gateway then"), Column("Jobs hit"),
    )  # fmt: skip
    what, order = ("pair", " --order 2") if found.order == 2 else ("loss", "")
    return Table(f"losses-table-{found.order}", f"What each {what} costs, worst first", columns, rows,
                 f"gwplan sweep{order} --all")  # fmt: skip


def _result_row(found: Sweep, result: Result, accepted: Mapping[str, str]) -> Row:
    is_point = result.is_single_point and len(result.down) == 1
    point = Item("✘ yes", "bad", 0) if is_point else Item("no", "dim", 2)
    if is_point and result.down[0] in accepted:
        point = Item("accepted", "warn", 1)
    jobs = found.jobs({*result.lost, *result.blocked})
    peak = f"{result.peak[0]} {result.peak[1]:.0%}" if result.peak else "none"
    full = "bad" if result.peak and result.peak[1] > 1 else ""
    return Row((
        Item(" + ".join(result.down), "head"), point, _count(result.lost.total(), "bad"),
        _count(result.blocked.total(), "bad"), _count(result.moved, "warn"),
        Item(peak, full, result.peak[1] if result.peak else 0.0), Item(some(jobs, _MOST), "", len(jobs)),
    ))  # fmt: skip


def _count(number: int, style: str) -> Item:
    return Item(f"{number:,}", style if number else "dim", number)


def heat_table(found: Sweep, by: str, tell: Tell) -> Table:
    """Losses × types of job, or × sites, which its head names: the darker, the nearer to the largest number."""
    heat = heat_object(found, by)
    most = max((number for row in heat["rows"] for number in row["cells"]), default=0)
    titles = (name.replace("_", " ") if by == "type" else tell(name) for name in heat["columns"])
    columns = (Column("Lost element"), *(Column(title, True) for title in titles))
    rows = tuple(
        Row((Item(" + ".join(row["down"]), "head"), *(_heat_item(number, most) for number in row["cells"])))
        for row in heat["rows"]
    )
    words = "type of job" if by == "type" else "site"
    return Table(f"heat-{by}", f"Decisions lost or blocked by each loss, per {words}", columns, rows,
                 f"gwplan sweep --heat {by} --all")  # fmt: skip


def _heat_item(number: int, most: int) -> Item:
    if not number:
        return Item("·", "dim", 0)
    level = max(1, round(number / most * (len(_SHADES) - 1)))
    return Item(f"{_SHADES[level]} {number:,}", f"heat-{level}", number)
