"""The model of a picture, the same for every format: nodes in columns and bands, edges with their tasks, and notes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from gwplan.inventory.names import natural
from gwplan.nouns import numbered
from gwplan.planning.plan import Plan

MOST_NODES = 60
"""What one can still take in at a glance."""
LINKS = 1
"""The column of the words of links, where there are any."""


@dataclass(frozen=True, slots=True)
class Node:
    """Something that data comes from, passes, or ends in; or several that are alike.

    ``members`` are the names that it stands for. ``column`` counts from the left. ``state``: ok, busy (four fifths of
    its slots or more), over (more at once than slots), idle, down, failed, blocked.
    """

    id: str
    kind: str
    label: str
    column: int
    site: str | None = None
    members: tuple[str, ...] = ()
    tasks: int = 0
    at_once: int | None = None
    slots: int | None = None
    machines: int | None = None
    offloads: int = 0
    state: str = "ok"
    words: tuple[str, ...] = ()
    """What else is to be read in its box, one line each; the numbers are told by ``facts``."""

    @property
    def has_share(self) -> bool:
        """Whether a share of its slots can be told."""
        return self.slots is not None and self.at_once is not None and self.tasks > 0 and self.state != "down"

    @property
    def facts(self) -> tuple[str, ...]:
        """What is to be read below its label."""
        numbers = []
        if self.machines is not None:
            numbers.append(numbered(self.machines, "machine"))
        elif self.tasks:
            numbers.append(numbered(self.tasks, "task"))
        if self.offloads:
            numbers.append(numbered(self.offloads, "offload"))
        if self.has_share:
            numbers.append(f"{self.at_once} at once of {self.slots} slots")
        told = [", ".join(numbers)] if numbers else []
        marks = {"over": ["more than its slots"], "down": ["down"]}.get(self.state, [])
        return (*self.words, *told, *marks)

    def saying(self, *words: str) -> Node:
        return replace(self, words=words)


@dataclass(frozen=True, slots=True)
class Edge:
    """What runs between two nodes. ``kind``: data, offload, unserved (to a stub), fallback, or link (between sites).

    ``tasks`` counts decisions; ``moved`` how many of them another server serves in the plain plan, and ``before`` how
    many there are in it, both only where a night is drawn against it. ``between`` are the names of links that it is.
    """

    source: str
    target: str
    kind: str
    tasks: int = 0
    wan_hops: int = 0
    jobs: tuple[str, ...] = ()
    moved: int = 0
    before: int | None = None
    label: str = ""
    down: bool = False

    @property
    def facts(self) -> tuple[str, ...]:
        """What is to be read beside its line, in formats that have room for it."""
        told = [str(self.tasks)] if self.tasks else []
        told += [self.label] if self.label else []
        told += [self.kind] if self.kind in ("offload", "fallback") else []
        told += ["WAN"] if self.wan_hops and self.kind != "link" else []
        told += [f"{self.moved} moved"] if self.moved else []
        told += [f"{self.before} with nothing down"] if self.is_gone else []
        return (*told, *(["down"] if self.down else []))

    @property
    def is_gone(self) -> bool:
        """Whether it only tells where tasks ran in the plain plan."""
        return self.kind in ("data", "offload") and self.tasks == 0


class Drawn(NamedTuple):
    """A view before anything is left out or merged."""

    title: str
    nodes: list[Node]
    edges: list[Edge]
    columns: Mapping[int, str]
    notes: tuple[str, ...]


class Band(NamedTuple):
    """The nodes of one site, or of sites that are drawn together. ``site`` is None for what stands nowhere."""

    site: str | None
    label: str
    members: tuple[str, ...]
    nodes: tuple[str, ...]


@dataclass(frozen=True, repr=False)
class Picture:
    """A view of a plan. ``notes`` say what was merged, left out, or cannot be seen; ``columns`` are their titles."""

    view: str
    title: str
    description: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    bands: tuple[Band, ...]
    columns: Mapping[int, str]
    plan: Plan = field(repr=False, compare=False)
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"<Picture, {self.view}: {len(self.nodes)} nodes, {len(self.edges)} edges>"


def bands_of(nodes: Iterable[Node], sites: Mapping[str | None, tuple[str, ...]]) -> tuple[Band, ...]:
    """The bands of some nodes, those first where data begins. ``sites`` has the sites that are drawn as one, by the
    site of their nodes."""
    members: dict[str | None, list[str]] = {}
    first: dict[str | None, tuple[int, int]] = {}
    for node in nodes:
        members.setdefault(node.site, []).append(node.id)
        begins = (node.column, -node.tasks)
        first[node.site] = min(first.get(node.site, begins), begins)
    ordered = sorted(members, key=lambda site: (site is None, first[site], natural(site or "")))
    return tuple(Band(site, _called(site, sites), sites.get(site, ()), tuple(members[site])) for site in ordered)


def _called(site: str | None, sites: Mapping[str | None, tuple[str, ...]]) -> str:
    return several(sites[site]) if site in sites else site or ""


def several(names: tuple[str, ...]) -> str:
    """How several names are told as one."""
    return names[0] if len(names) == 1 else f"{names[0]} … {names[-1]} ×{len(names)}"
