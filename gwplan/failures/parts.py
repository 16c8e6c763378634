"""Which sites still reach each other, and which a loss cuts off: found from its neighbours, not from all sites."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Container, Iterator, Mapping

from gwplan.inventory.model import Inventory
from gwplan.network import Element

Neighbours = Mapping[str, Collection[tuple[str, str]]]
"""Of each site the links that lead from it, and where they lead."""


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


def neighbours_of(inventory: Inventory) -> Neighbours:
    """The network as its sites see it."""
    found: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for name, link in inventory.links.items():
        here, there = link.between
        found[here].append((name, there))
        found[there].append((name, here))
    return found


def cut_off(
    inventory: Inventory, neighbours: Neighbours, parts: Mapping[str, frozenset[str]], lost: Collection[Element]
) -> frozenset[str]:
    """The sites that a loss leaves, but no longer reach the largest rest of what they reached."""
    ends: dict[str, None] = {}
    for kind, name in lost:
        if kind == "link":
            ends.update(dict.fromkeys(inventory.links[name].between))
        elif kind == "site":
            ends.update(dict.fromkeys(there for _, there in neighbours.get(name, ())))
    of_part: defaultdict[frozenset[str], list[str]] = defaultdict(list)
    for site in ends:
        if ("site", site) not in lost:
            of_part[parts[site]].append(site)
    return frozenset(site for some in of_part.values() for site in _cut_from_each_other(neighbours, some, lost))


def _cut_from_each_other(neighbours: Neighbours, ends: list[str], lost: Container[Element]) -> Iterator[str]:
    """What is passed from ends that do not reach the last one. All go on in turn, a link at a time, so that
    small rests are done soon, also beside a site that very many links lead from."""
    number = {end: at for at, end in enumerate(ends)}
    parent = list(range(len(ends)))
    pieces, lines = [[end] for end in ends], [[iter(neighbours.get(end, ()))] for end in ends]
    going = dict.fromkeys(range(len(ends)))
    while len(going) > 1:
        for at in [*going]:
            if at not in going or len(going) == 1:
                continue
            if not lines[at]:
                del going[at]
                yield from pieces[at]
                continue
            step = next(lines[at][-1], None)
            if step is None:
                lines[at].pop()
                continue
            link, there = step
            if ("link", link) in lost or ("site", there) in lost:
                continue
            if there not in number:
                number[there] = at
                pieces[at].append(there)
                lines[at].append(iter(neighbours.get(there, ())))
                continue
            met = number[there]
            while parent[met] != met:
                parent[met] = met = parent[parent[met]]
            if met != at:
                small, at = sorted((at, met), key=lambda one: len(pieces[one]))
                parent[small] = at
                pieces[at] += pieces[small]
                lines[at] += lines[small]
                del going[small]
