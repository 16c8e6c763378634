"""One job: each class of its tasks from the workload to the repository, with its fallbacks, and the rule in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from itertools import pairwise

from gwplan.pictures.flow import sources
from gwplan.pictures.model import Drawn
from gwplan.pictures.sketch import Sketch
from gwplan.planning import words
from gwplan.planning.decision import Decision, Key, Served
from gwplan.planning.ledger import Group, grouped
from gwplan.planning.plan import Plan
from gwplan.planning.select import select
from gwplan.planning.trace import Ruling

_FORTH = {0: "Workloads", 1: "Proxies", 2: "Gateway servers", 3: "Repositories", 4: "Not served"}
_ON = {0: "Source repositories", 1: "Source gateway servers", 2: "Gateway servers", 3: "Repositories", 4: "Not served"}
_BACK = {0: "Repositories", 1: "Gateway servers", 2: "Proxies", 3: "Workloads", 4: "Not served"}


def one_job(plan: Plan, name: str, against: Plan | None = None, moved: Collection[Key] = ()) -> Drawn:
    """The decisions of a job's own operation; those of synthetic operations where it has no others.

    ``moved`` are those that another server serves than in the plan ``against``. Raises UsageError where nothing is
    decided about such a job.
    """
    decisions = select(plan, name)
    own = _own(decisions)
    groups, job = grouped(own), plan.inventory.jobs.get(name)
    sketch = _sketched(plan, own, moved)
    plain = _sketched(against, _own([one for one in against.decisions if one.job == name])) if against else None
    from_workloads = bool(job and job.from_workloads)
    to_workloads = bool(job and job.to_workloads)
    notes = list(dict.fromkeys(_rule(served) for served, _ in groups))
    notes += [f"Its data goes on to the tape server {job.tape}."] if job and job.tape else []
    if job and job.accelerators:
        notes.append(f"Over the WAN accelerators {job.accelerators.source} and {job.accelerators.target}.")
    if len(own) < len(decisions):
        notes.append("Its synthetic operations are not drawn.")
    columns = _FORTH if from_workloads else _BACK if to_workloads else _ON
    kind = f", {groups[0].served.ruling.type.replace('_', ' ')}"
    down = "" if not plan.down else f" with {', '.join(plan.down)} down"
    return Drawn(f"{name}{kind}{down}", sketch.finished(plain), sketch.edges(plain), columns, tuple(notes))


def _own(decisions: Sequence[Decision]) -> Sequence[Decision]:
    return [decision for decision in decisions if decision.operation != "synthetic"] or list(decisions)


def _sketched(plan: Plan, decisions: Sequence[Decision], moved: Collection[Key] = ()) -> Sketch:
    sketch = Sketch(plan)
    for group in grouped(decisions):
        job = plan.inventory.jobs.get(group.served.ruling.job)
        new = sum(decision.key in moved for decision in group.decisions) if moved else 0
        if job is not None and job.from_workloads:
            _forth(sketch, group, new)
        else:
            _on(sketch, group, new, to_workloads=bool(job and job.to_workloads))
    return sketch


def _forth(sketch: Sketch, group: Group, moved: int) -> None:
    served, decisions = group
    reader = sketch.reader(served)
    for source, tasks in sources(sketch, decisions).items():
        sketch.tasks[source] += tasks
        _go(sketch, served, source, reader, tasks, min(moved, tasks))
    if reader is not None:
        sketch.tasks[reader] += len(decisions)
        _go(sketch, served, reader, None, len(decisions), moved)


def _go(sketch: Sketch, served: Served, start: str, reader: str | None, tasks: int, moved: int) -> None:
    """Join a source with its reader; or go on to the repository."""
    if reader is not None:
        _join(sketch, served, [start, reader], tasks)
        return
    if not served.ruling.is_served:
        stub = sketch.stub(served.ruling.outcome, served.ruling.reason or "", start)
        sketch.tasks[stub] += tasks
        _join(sketch, served, [start, stub], tasks)
        return
    repository = sketch.repository(served.ruling.repository, 3)
    sketch.tasks[repository] += tasks
    _join(sketch, served, [start, *_by(sketch, served, 2), repository], tasks, moved=moved)
    for fallback in served.fallbacks:
        _join(sketch, served, [start, sketch.gateway(fallback, 2), repository], tasks, "fallback")


def _on(sketch: Sketch, group: Group, moved: int, *, to_workloads: bool) -> None:
    """What reads from a repository: to another one, to workloads, or within it."""
    served, decisions = group
    ruling, tasks = served.ruling, len(decisions)
    is_source = ruling.side == "source"
    at = 1 if is_source else 2
    here = sketch.repository(ruling.repository, 0 if is_source else 3)
    sketch.tasks[here] += tasks
    sketch.kept.add(here)
    first = here if is_source else _came_from(sketch, served)
    if not ruling.is_served:
        first = first or here
        stub = sketch.stub(ruling.outcome, ruling.reason or "", first)
        sketch.tasks[stub] += tasks
        _join(sketch, served, [first, stub], tasks)
        return
    way = [first, *_by(sketch, served, at)] if first else _by(sketch, served, at)
    if not is_source:
        way.append(here)
    _join(sketch, served, way, tasks, moved=moved)
    for fallback in served.fallbacks:
        other = sketch.gateway(fallback, at)
        _join(sketch, served, [first, other] if is_source and first else [other, here], tasks, "fallback")
    if to_workloads:
        reader = sketch.reader(served, 2)
        ends = [way[-1], *([reader] if reader else [])]
        _join(sketch, served, ends, tasks)
        for target, number in _targets(sketch, served, decisions).items():
            sketch.tasks[target] += number
            _join(sketch, served, [ends[-1], target], number)


def _targets(sketch: Sketch, served: Served, decisions: Sequence[Decision]) -> Counter[str]:
    """How many of some decisions write where: to the site that the job says, or the machine's own."""
    machines = sketch.inventory.machines
    site = next((stop.site for stop in served.way.stops if stop.kind == "workload"), None)
    found: Counter[str] = Counter()
    for decision in decisions:
        names = decision.unit.machines
        targets = {name: sketch.workloads(machines[name].platform, site, 3) for name in names}
        found.update(set(targets.values()))
        for name, target in targets.items():
            sketch.machines.setdefault(target, set()).add(name)
    return found


def _came_from(sketch: Sketch, served: Served) -> str | None:
    stops = [stop for stop in served.way.stops if stop.side == "source" and stop.name is not None]
    gateway = next((stop.name for stop in stops if stop.kind == "gateway"), None)
    if gateway is not None:
        return sketch.gateway(gateway, 1)
    repository = next((stop.name for stop in stops if stop.kind == "repository"), None)
    return sketch.repository(repository, 0) if repository is not None else None


def _by(sketch: Sketch, served: Served, column: int) -> list[str]:
    return [] if served.gateway is None else [sketch.gateway(served.gateway, column)]


def _join(
    sketch: Sketch, served: Served, way: list[str], tasks: int, kind: str = "data", moved: int = 0
) -> None:
    own = "offload" if kind == "data" and served.ruling.type == "offload" else kind
    for here, there in pairwise(way):
        edge = "unserved" if there.startswith("stub:") else own
        if (key := sketch.join(here, there, edge, tasks, served.ruling.job)) and moved:
            sketch.moved[key] += moved


def _rule(served: Served) -> str:
    ruling: Ruling = served.ruling
    side = f"{ruling.side} side, {ruling.repository}"
    return f"{side}: {words.why(ruling, served.gateway)} (rule {ruling.row.id}, {ruling.certainty})."
