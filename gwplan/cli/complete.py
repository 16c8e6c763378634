"""Shell completion that knows the inventory: what can be down, which jobs there are, which codes exist.

What is offered is put on a command line, which some shells evaluate at once and every shell when Enter is pressed. So
only names that mean themselves in bash, zsh, fish and PowerShell are offered, and none that would need quotes.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator
from typing import Any

_PLAIN = re.compile(r"(?:[a-z_]+:)?\w[\w.+/-]*")
"""A name that every shell reads as plain text, wherever it stands in a word; a kind may stand before it."""


def down(ctx: Any, incomplete: str) -> list[str]:
    """What can be down in this inventory, servers first; as ``kind:name`` where a name alone would be ambiguous."""
    inventory = _inventory(ctx)
    if inventory is None:
        return []
    from gwplan.inventory.form import SECTION_OF
    from gwplan.network import DOWN_KINDS

    names = {kind: getattr(inventory, SECTION_OF[kind]) for kind in DOWN_KINDS}
    found: dict[str, None] = {}
    for kind, section in names.items():
        for name in section:
            having = [other for other in DOWN_KINDS if name in names[other]]
            if kind == "server" or having == [kind]:
                found[name] = None
            if (having != [kind] and "server" not in having) or incomplete.startswith(f"{kind}:"):
                found[f"{kind}:{name}"] = None
    return list(_matching(found, incomplete))


def up(ctx: Any, incomplete: str) -> list[str]:
    """What can be brought back: servers and repositories."""
    inventory = _inventory(ctx)
    return [] if inventory is None else list(_matching({**inventory.servers, **inventory.repositories}, incomplete))


def server(ctx: Any, incomplete: str) -> list[str]:
    """The servers of this inventory."""
    inventory = _inventory(ctx)
    return [] if inventory is None else list(_matching(inventory.servers, incomplete))


def job_type(incomplete: str) -> list[str]:
    """The types of jobs."""
    from gwplan.inventory.jobs import JOB_TYPES

    return list(_matching(JOB_TYPES, incomplete))


def job(ctx: Any, incomplete: str) -> list[str]:
    """The jobs of this inventory, and the operations that the plan adds by itself."""
    inventory = _inventory(ctx)
    if inventory is None:
        return []
    from gwplan.planning.tasks import works

    implied = (work.name for work in works(inventory) if work.implied)
    return list(_matching((*inventory.jobs, *implied), incomplete))


def job_or_machine(ctx: Any, incomplete: str) -> list[str]:
    """What ``job`` offers, and the workloads: groups by their own names, and members once the group is written."""
    inventory = _inventory(ctx)
    if inventory is None:
        return []
    from gwplan.inventory.names import members

    groups = inventory.workloads.items()
    machines = (name for group, entry in groups if incomplete.startswith(group) for name in members(group, entry.count))
    return list(dict.fromkeys([*job(ctx, incomplete), *_matching((*inventory.workloads, *machines), incomplete)]))


def drawn(ctx: Any, incomplete: str) -> list[str]:
    """What a picture can be drawn around: servers, repositories, sites, jobs; as ``kind:name`` where that is begun."""
    inventory = _inventory(ctx)
    if inventory is None:
        return []
    sections = {"server": "servers", "repository": "repositories", "site": "sites", "job": "jobs"}
    names = {kind: getattr(inventory, section) for kind, section in sections.items()}
    found = [name for section in names.values() for name in section]
    kind, colon, _ = incomplete.partition(":")
    found += [f"{kind}:{name}" for name in names.get(kind, ()) if colon]
    return list(_matching(dict.fromkeys(found), incomplete))


def site(ctx: Any, incomplete: str) -> list[str]:
    """The sites of the inventory of this command line."""
    inventory = _inventory(ctx)
    return [] if inventory is None else list(_matching(inventory.sites, incomplete))


def repository(ctx: Any, incomplete: str) -> list[str]:
    """The repositories of the inventory of this command line, scale-out ones first."""
    inventory = _inventory(ctx)
    if inventory is None:
        return []
    return list(_matching([*inventory.scale_out_repositories, *inventory.repositories], incomplete))


def task(ctx: Any, incomplete: str) -> list[str]:
    """The machines and groups of the job of this command line."""
    inventory, named = _inventory(ctx), (getattr(ctx, "params", None) or {}).get("job")
    if inventory is None or named not in inventory.jobs:
        return []
    items = inventory.jobs[named].listed
    return list(_matching(dict.fromkeys([*items, *inventory.holdings.workloads.get(named, ())]), incomplete))


def edition(incomplete: str) -> list[str]:
    """The editions of the vendor's rules, which no shell takes for anything but text."""
    from gwplan.inventory.document import PRODUCT_VERSIONS

    return [version for version in PRODUCT_VERSIONS if version.startswith(incomplete)]


def row(incomplete: str) -> list[str]:
    """The ids of the vendor's table."""
    from gwplan.planning.editions import EDITIONS

    return list(_matching(dict.fromkeys(one.id for edition in EDITIONS for one in edition.rows), incomplete))


def code(incomplete: str) -> list[tuple[str, str]]:
    """The codes of rules with their names; after a comma, the next one."""
    from gwplan.checks import RULES

    before, comma, last = incomplete.rpartition(",")
    return [
        (f"{before}{comma}{rule.code}", rule.name.replace("-", " "))
        for rule in RULES
        if rule.code.startswith(last.upper()) and all(map(_PLAIN.fullmatch, before.split(",") if comma else ()))
    ]


def code_or_name(incomplete: str) -> list[tuple[str, str]]:
    """What ``gwplan rule`` takes: a code, or a name once it is begun."""
    from gwplan.checks import RULES

    named = [(rule.name, rule.code) for rule in RULES if incomplete and rule.name.startswith(incomplete)]
    return [*code(incomplete), *named]


def _matching(names: Iterable[str], incomplete: str) -> Iterator[str]:
    return (name for name in names if name.startswith(incomplete) and _PLAIN.fullmatch(name))


def _inventory(ctx: Any) -> Any:
    """The inventory of the command line; None while one of the two is half-written, as is usual when completing."""
    left = [word for word in getattr(ctx, "args", None) or () if not word.startswith("-")]  # `--down` lacks its value
    params = getattr(ctx, "params", None) or {}
    if getattr(ctx, "info_name", "") == "diff":  # names are those of the later side
        given = params.get("inventories") or left
        where = given[-1] if given else None
    else:
        where = params.get("inventory") or next(iter(left), None)
    if not isinstance(where, str) or where == "-":
        return None
    from gwplan.findings import InventoryError
    from gwplan.inventory.load import load

    with contextlib.suppress(InventoryError, OSError):
        return load(where)
    return None
