"""A picture of a plan: one of its views, cut to what was asked for, and merged until it can be taken in."""

from __future__ import annotations

from gwplan.failures.compare import compare
from gwplan.inventory.names import natural
from gwplan.pictures.flow import COLUMNS, flow
from gwplan.pictures.merge import merged
from gwplan.pictures.model import MOST_NODES, Edge, Node, Picture, bands_of
from gwplan.planning.plan import Plan

VIEWS = ("flow", "network", "job")


def picture(plan: Plan, view: str = "flow", *, against: Plan | None = None, most: int | None = MOST_NODES) -> Picture:
    """One view of a plan. ``against`` is the plain plan that a night is held against: what moved is marked, and what
    has nothing to do any more is drawn, too. ``most`` is how many nodes there may be; None: all are drawn."""
    if against is None:
        sketch, plain = flow(plan), None
    else:
        plain = flow(against)
        found = compare(against, plan)
        sketch = flow(plan, {change.after.key for change in found.of("moved") if change.after}, plain)
    nodes, edges = sketch.finished(plain), sketch.edges(plain)
    left = merged(nodes, edges, len(nodes) if most is None else most)
    title = "The flow of the night" + (f" with {', '.join(plan.down)} down" if plan.down else "")
    return Picture(
        view=view,
        title=title,
        description=_described(plan, left.nodes, left.edges),
        nodes=tuple(sorted(left.nodes, key=lambda node: (node.column, natural(node.label)))),
        edges=tuple(sorted(left.edges, key=lambda edge: (natural(edge.source), natural(edge.target), edge.kind))),
        bands=bands_of(left.nodes, left.sites),
        columns=COLUMNS,
        plan=plan,
        notes=left.notes,
    )


def _described(plan: Plan, nodes: list[Node], edges: list[Edge]) -> str:
    counts = plan.summary
    return (
        f"{len(nodes)} nodes and {len(edges)} edges, from left to right as the data flows; "
        f"{counts['decisions']} decisions, {counts['failed']} failed, {counts['blocked']} blocked."
    )
