"""A picture of a plan: one of its views, cut to what was asked for, and merged until it can be taken in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from gwplan.failures.compare import compare
from gwplan.findings import UsageError
from gwplan.inventory.names import nearest
from gwplan.nouns import counted
from gwplan.pictures.cut import focused, within
from gwplan.pictures.flow import flow, flow_drawn
from gwplan.pictures.merge import merged
from gwplan.pictures.model import MOST_NODES, Drawn, Node, Picture, bands_of
from gwplan.pictures.one_job import one_job
from gwplan.pictures.sites import sites
from gwplan.planning.plan import Plan

VIEWS = ("flow", "network", "job")


def picture(
    plan: Plan,
    view: str = "flow",
    *,
    against: Plan | None = None,
    job: str | None = None,
    site: str | None = None,
    focus: str | None = None,
    depth: int = 1,
    most: int | None = MOST_NODES,
) -> Picture:
    """One view of a plan, ``job`` that of one job.

    ``against`` is the plain plan that a night is held against: what moved is marked, and what has nothing to do any
    more is drawn, too. ``site`` and ``focus`` with its ``depth`` leave all else out. ``most`` is how many nodes there
    may be; None: all are drawn. Raises UsageError for a name that nothing has.
    """
    drawn = _view(plan, view, against, job)
    nodes, edges, notes = drawn.nodes, drawn.edges, [*drawn.notes]
    if site is not None:
        if site not in plan.inventory.sites:
            guess = nearest(site, plan.inventory.sites)
            raise UsageError(f"there is no site {site!r}{f'; did you mean {guess!r}?' if guess else ''}")
        nodes, edges, note = within(nodes, edges, site)
        notes.append(note)
    if focus is not None:
        nodes, edges, note = focused(nodes, edges, focus, depth)
        notes.append(note)
    if not nodes:
        notes.append(f"There is nothing to draw{'' if view == 'network' else ': no data is moved'}.")
    left = merged(nodes, edges, len(nodes) if most is None else most)
    return Picture(
        view=view,
        title=drawn.title,
        verdict=_verdict(plan, job),
        nodes=left.nodes,
        edges=left.edges,
        bands=bands_of(left.nodes, left.sites),
        columns=_titled(left.nodes, drawn.columns),
        plan=plan,
        notes=(*notes, *left.notes),
    )


def _view(plan: Plan, view: str, against: Plan | None, job: str | None) -> Drawn:
    if view not in VIEWS:
        raise UsageError(f"there is no view {view!r}: take {', '.join(VIEWS)}")
    if (view == "job") != (job is not None):
        raise UsageError("--view job needs --job NAME" if job is None else "--job NAME is for --view job")
    changed = compare(against, plan).of("moved") if against is not None and view != "network" else []
    moved = {change.after.key for change in changed if change.after}
    if job is not None:
        return one_job(plan, job, against, moved)
    if view == "network":
        return sites(plan)
    if against is None:
        return flow_drawn(flow(plan))
    plain = flow(against)
    return flow_drawn(flow(plan, moved, plain), plain)


def _titled(nodes: tuple[Node, ...], columns: Mapping[int, str]) -> dict[int, str]:
    """The titles of the columns that there are; one of stubs alone is not what its title says."""
    told = {node.column: columns.get(node.column, "") for node in nodes if node.kind != "stub"}
    return {**columns, **{node.column: "Not served" for node in nodes}, **told}


def _verdict(plan: Plan, job: str | None) -> str:
    """What becomes of the decisions, of the plan or of one job, and by which rules."""
    counts: Counter[str] = Counter()
    for ruling, number in plan.rulings.items():
        if job in (None, ruling.job):
            counts[ruling.outcome] += number
    bad = f"{counts['failed']:,} failed, {counts['blocked']:,} blocked"
    return f"{counted(counts.total(), 'decision')}: {bad}, by edition {plan.world.edition.id} of the rules."
