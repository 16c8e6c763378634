"""Which sites still reach each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container

from gwplan.inventory.model import Inventory
from gwplan.network import Element


def parts_of_sites(inventory: Inventory, lost: Container[Element] = ()) -> dict[str, frozenset[str]]:
    """For each site that is left, all that it reaches."""
    part = {site: site for site in inventory.sites if ("site", site) not in lost}

    def first(site: str) -> str:
        while part[site] != site:
            part[site] = site = part[part[site]]
        return site

    for name, link in inventory.links.items():
        here, there = link.between
        if here in part and there in part and ("link", name) not in lost:
            part[first(here)] = first(there)
    members: defaultdict[str, list[str]] = defaultdict(list)
    for site in part:
        members[first(site)].append(site)
    return {site: whole for sites in members.values() for whole in (frozenset(sites),) for site in sites}
