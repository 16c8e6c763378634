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
"""What no shell reads as anything but text, wherever it stands in a word; a kind may stand before it."""


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


def job(ctx: Any, incomplete: str) -> list[str]:
    """The jobs of the inventory of this command line."""
    inventory = _inventory(ctx)
    return [] if inventory is None else list(_matching(inventory.jobs, incomplete))


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


def task(ctx: Any, incomplete: str) -> list[str]:
    """The machines and groups of the job of this command line."""
    inventory, named = _inventory(ctx), (getattr(ctx, "params", None) or {}).get("job")
    if inventory is None or named not in inventory.jobs:
        return []
    items = inventory.jobs[named].workloads or ()
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
    """The codes of ``gwplan rule`` with their names; after a comma, the next one."""
    from gwplan.checks import RULES

    before, comma, last = incomplete.rpartition(",")
    return [
        (f"{before}{comma}{rule.code}", rule.name.replace("-", " "))
        for rule in RULES
        if rule.code.startswith(last.upper()) and all(map(_PLAIN.fullmatch, before.split(",") if comma else ()))
    ]


def _matching(names: Iterable[str], incomplete: str) -> Iterator[str]:
    return (name for name in names if name.startswith(incomplete) and _PLAIN.fullmatch(name))


def _inventory(ctx: Any) -> Any:
    """None where the command line or the inventory is half-written, which is no news while completing."""
    left = [word for word in getattr(ctx, "args", None) or () if not word.startswith("-")]  # `--down` lacks its value
    params = getattr(ctx, "params", None) or {}
    where = params.get("inventory") or next(iter([*(params.get("inventories") or ())][-1:] or left), None)
    if not isinstance(where, str) or where == "-":
        return None
    from gwplan.findings import InventoryError
    from gwplan.inventory.load import load

    with contextlib.suppress(InventoryError, OSError):
        return load(where)
    return None
