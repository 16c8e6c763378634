"""A part of a picture: what is a few steps from something, or what touches a site."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gwplan.findings import UsageError
from gwplan.inventory.names import nearest
from gwplan.nouns import numbered
from gwplan.pictures.model import Edge, Node


def focused(
    nodes: Sequence[Node], edges: Sequence[Edge], name: str, depth: int
) -> tuple[list[Node], list[Edge], str]:
    """What is at most ``depth`` steps from a node, a member, a site or a job of this name; and a note that says so.

    Raises UsageError where the picture has nothing called so.
    """
    found = _called(nodes, edges, name)
    if not found:
        raise UsageError(_nothing(nodes, edges, name))
    beside: dict[str, set[str]] = {node.id: set() for node in nodes}
    for edge in edges:
        beside[edge.source].add(edge.target)
        beside[edge.target].add(edge.source)
    kept, edge_of_it = set(found), set(found)
    for _ in range(depth):
        edge_of_it = {other for one in edge_of_it for other in beside[one]} - kept
        kept |= edge_of_it
    told = f"Only what is within {numbered(depth, 'step')} of {name} is drawn: {len(kept)} of {len(nodes)} nodes."
    return *_only(nodes, edges, kept), told


def within(nodes: Sequence[Node], edges: Sequence[Edge], site: str) -> tuple[list[Node], list[Edge], str]:
    """What stands in a site, and what it exchanges data with."""
    own = {node.id for node in nodes if node.site == site}
    touching = [edge for edge in edges if edge.source in own or edge.target in own]
    kept = own | {end for edge in touching for end in (edge.source, edge.target)}
    some, _ = _only(nodes, edges, kept)
    return some, touching, f"Only what touches the site {site} is drawn: {len(kept)} of {len(nodes)} nodes."


def _called(nodes: Iterable[Node], edges: Iterable[Edge], name: str) -> set[str]:
    kind, colon, rest = name.partition(":")
    found = {node.id for node in nodes if node.id == name or name in node.members}
    if not found and colon:
        kinds = {"server": ("gateway", "proxy")}.get(kind, (kind,))
        found = {node.id for node in nodes if rest in node.members and node.kind in kinds}
    if not found:
        site = rest if kind == "site" else name
        found = {node.id for node in nodes if node.site == site}
    if not found:
        job = rest if kind == "job" else name
        found = {end for edge in edges if job in edge.jobs for end in (edge.source, edge.target)}
    return found


def _nothing(nodes: Iterable[Node], edges: Iterable[Edge], name: str) -> str:
    names = {member for node in nodes for member in node.members} | {node.site for node in nodes if node.site}
    guess = nearest(name, {*names, *(job for edge in edges for job in edge.jobs)})
    return f"--focus {name}: nothing in the picture is called so{f'; did you mean {guess!r}?' if guess else ''}"


def _only(nodes: Iterable[Node], edges: Iterable[Edge], kept: set[str]) -> tuple[list[Node], list[Edge]]:
    return (
        [node for node in nodes if node.id in kept],
        [edge for edge in edges if edge.source in kept and edge.target in kept],
    )
