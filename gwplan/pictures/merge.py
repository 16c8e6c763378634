"""Nodes that are alike as one, until a picture has no more nodes than can be taken in; across sites if need be."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from gwplan.inventory.names import natural
from gwplan.pictures.model import Edge, Node, several

Sites = Mapping[str | None, tuple[str, ...]]
"""The sites that are drawn as one, by the site that stands for them."""


class Merged(NamedTuple):
    """What is left, in order, and notes that say what was done."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    sites: Sites
    notes: tuple[str, ...]


def merged(nodes: Sequence[Node], edges: Sequence[Edge], most: int) -> Merged:
    """At most ``most`` nodes: those with the same neighbours are one, then those of a kind in a site, then sites."""
    if len(nodes) <= most:
        return _in_order(nodes, edges, {}, ())
    sites: Sites = {}
    into = _grouped(nodes, _neighbours(nodes, edges), most)
    if _count(into) > most:
        into = _grouped(nodes, lambda node: (_alike(node), node.site), most)
    if _count(into) > most:
        place, sites = _few_sites(nodes, most)
        into = _grouped(nodes, lambda node: (_alike(node), place[node.site]), most)
    if _count(into) > most:
        into = _grouped(nodes, lambda node: (node.kind, node.column), 0)
    if _count(into) > most:
        into = _grouped(nodes, lambda node: node.kind, 0)
    ids = {node.id for node in nodes}
    made = {first: _one(group, sites, ids) for first, group in _groups(nodes, into).items()}
    one = {node.id: made[into[node.id]].id for node in nodes}
    joined = _joined(edges, one)
    return _in_order(made.values(), joined, sites, _notes(nodes, made.values(), sites))


def _in_order(nodes: Iterable[Node], edges: Iterable[Edge], sites: Sites, notes: tuple[str, ...]) -> Merged:
    return Merged(
        tuple(sorted(nodes, key=lambda node: (node.column, natural(node.label), node.id))),
        tuple(sorted(edges, key=lambda edge: (natural(edge.source), natural(edge.target), edge.kind, edge.label))),
        sites,
        notes,
    )


Into = dict[str, str]
"""For each node's id the id of the first of those that it is drawn with."""


def _count(into: Into) -> int:
    return len(set(into.values()))


def _alike(node: Node) -> Hashable:
    """What nodes that are drawn as one have in common."""
    words = node.label if node.kind == "stub" else _platform(node) if node.kind == "source" else ""
    return node.kind, node.column, node.state, words


def _platform(node: Node) -> str:
    return node.members[0].rpartition("/")[2]


def _neighbours(nodes: Iterable[Node], edges: Iterable[Edge]) -> Callable[[Node], Hashable]:
    """A key of each node: what it is, its site, and what it is joined with and how."""
    found: dict[str, set[tuple[str, str, str, int]]] = {node.id: set() for node in nodes}
    for edge in edges:
        found[edge.source].add(("to", edge.target, edge.kind, edge.wan_hops))
        found[edge.target].add(("from", edge.source, edge.kind, edge.wan_hops))
    return lambda node: (_alike(node), node.site, frozenset(found[node.id]))


def _grouped(nodes: Sequence[Node], key: Callable[[Node], Hashable], most: int) -> Into:
    """Merge the nodes of each class, the largest classes first, and no more classes than necessary."""
    classes: dict[Hashable, list[Node]] = {}
    for node in nodes:
        classes.setdefault(key(node), []).append(node)
    into = {node.id: node.id for node in nodes}
    left = len(nodes)
    for group in sorted(classes.values(), key=lambda group: (-len(group), natural(group[0].id))):
        if left <= most:
            break
        into.update((node.id, group[0].id) for node in group)
        left -= len(group) - 1
    return into


def _few_sites(nodes: Sequence[Node], most: int) -> tuple[dict[str | None, str | None], Sites]:
    """As many sites by themselves as there is room for, those with the most tasks; all others as one."""
    tasks: dict[str | None, int] = {}
    kinds: dict[str | None, set[Hashable]] = {}
    for node in nodes:
        tasks[node.site] = tasks.get(node.site, 0) + node.tasks
        kinds.setdefault(node.site, set()).add(_alike(node))
    ordered = sorted((site for site in tasks if site is not None), key=lambda site: (-tasks[site], natural(site)))
    room = most - len(kinds.get(None, ())) - len(set().union(*(kinds[site] for site in ordered)))
    kept: set[str | None] = {None}
    for site in ordered:
        room -= len(kinds[site])
        if room < 0:
            break
        kept.add(site)
    rest = tuple(sorted((site for site in ordered if site not in kept), key=natural))
    if not rest:
        return {site: site for site in tasks}, {}
    return {site: site if site in kept else rest[0] for site in tasks}, {rest[0]: rest}


def _groups(nodes: Iterable[Node], into: Into) -> dict[str, list[Node]]:
    found: dict[str, list[Node]] = {}
    for node in nodes:
        found.setdefault(into[node.id], []).append(node)
    return found


def _one(group: list[Node], sites: Sites, ids: set[str]) -> Node:
    """Several nodes as one: sums, and the names from the first to the last."""
    first = group[0]
    place: dict[str | None, str | None] = {site: stands for stands, together in sites.items() for site in together}
    if len(group) == 1:
        return replace(first, site=place.get(first.site, first.site))
    members = tuple(sorted((name for node in group for name in node.members), key=natural))
    own = {node.site for node in group}
    site = place.get(first.site, first.site) if len({place.get(site, site) for site in own}) == 1 else None
    id_ = f"{first.kind}:{several(members)}"
    while id_ in ids:  # something is called like that
        id_ += " "
    ids.add(id_)
    return Node(
        id_,
        first.kind,
        _label(group),
        first.column,
        site,
        members,
        sum(node.tasks for node in group),
        _sum([node.at_once for node in group]),
        _sum([node.slots for node in group]),
        _sum([node.machines for node in group]),
        sum(node.offloads for node in group),
        first.state if len({node.state for node in group}) == 1 else "ok",
        first.words if len({node.words for node in group}) == 1 else (),
    )


def _label(group: list[Node]) -> str:
    first = group[0]
    if first.kind == "stub" and len({node.label for node in group}) == 1:
        return f"{first.label} ×{len(group)}"
    if first.kind != "source":
        return several(tuple(sorted((node.label for node in group), key=natural)))
    names = tuple(sorted((node.site or "no site" for node in group), key=natural))
    platforms = list(dict.fromkeys(node.label.partition(",")[0] for node in group))
    return f"{', '.join(platforms)}, {several(tuple(dict.fromkeys(names)))}"


def _sum(numbers: Iterable[int | None]) -> int | None:
    given = [number for number in numbers if number is not None]
    return sum(given) if given else None


def _joined(edges: Iterable[Edge], one: Mapping[str, str]) -> list[Edge]:
    """The edges between what is left; what runs within one node is no longer seen."""
    groups: dict[tuple[str, str, str, bool], list[Edge]] = {}
    for edge in edges:
        source, target = one[edge.source], one[edge.target]
        if source != target:
            groups.setdefault((source, target, edge.kind, edge.down), []).append(edge)
    return [_one_edge(key[0], key[1], group) for key, group in groups.items()]


def _one_edge(source: str, target: str, group: list[Edge]) -> Edge:
    first = group[0]
    if len(group) == 1:
        return replace(first, source=source, target=target)
    jobs = tuple(sorted({job for edge in group for job in edge.jobs}, key=natural))
    labels = tuple(sorted({edge.label for edge in group if edge.label}, key=natural))
    return Edge(
        source, target, first.kind, sum(edge.tasks for edge in group), max(edge.wan_hops for edge in group), jobs,
        sum(edge.moved for edge in group), _sum([edge.before for edge in group]),
        several(labels) if labels else "", first.down,
    )  # fmt: skip


def _notes(nodes: Sequence[Node], left: Iterable[Node], sites: Sites) -> tuple[str, ...]:
    several_in = [node for node in left if "×" in node.label]
    told = f"{len(nodes)} nodes are drawn as {len(nodes) - sum(len(n.members) - 1 for n in several_in)}"
    rest = next(iter(sites.values()), ())
    across = f", {len(rest)} sites as one" if rest else ""
    return (f"{told}{across}: what is alike is one node with ×, and --detail draws all.",)
