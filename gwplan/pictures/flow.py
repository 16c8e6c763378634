"""The flow of a night: where data comes from, who reads it, who serves it, where it ends, and where it goes next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from gwplan.nouns import numbered
from gwplan.pictures.model import Drawn
from gwplan.pictures.sketch import GATEWAY, REPOSITORY, SECOND_GATEWAY, SECOND_REPOSITORY, Sketch
from gwplan.planning.decision import Decision, Key, Served
from gwplan.planning.plan import Plan

_COLUMNS = {
    0: "Where data comes from",
    1: "Proxies",
    2: "Gateway servers",
    3: "Repositories",
    4: "Second gateway servers",
    5: "Second repositories",
    6: "Not served",
}


def flow(plan: Plan, moved: Collection[Key] = (), like: Sketch | None = None) -> Sketch:
    """The data wave and the offloads of a plan. ``moved`` are decisions that another server serves than in the plain
    plan, whose sketch ``like`` says in which column things stand."""
    sketch = Sketch(plan)
    columns = _columns(plan)
    if like is not None:
        columns.update({node.id: node.column for node in like.nodes.values()})
    for served, decisions in plan.groups:
        if kind := _kind(served):
            _draw(sketch, served, decisions, kind, columns, moved)
    return sketch


def flow_drawn(sketch: Sketch, plain: Sketch | None = None) -> Drawn:
    """The view, with what it does not show."""
    plan = sketch.plan
    down = "" if not plan.down else f" with {', '.join(plan.down)} down"
    return Drawn(
        f"The flow of the night{down}", sketch.finished(plain), sketch.edges(plain), _COLUMNS, tuple(_left_out(plan))
    )


def _left_out(plan: Plan) -> Iterator[str]:
    rulings = plan.rulings
    waves = {
        "synthetic": "synthetic operations", "maintenance": "maintenance other than offloads", "restore": "restores",
    }  # fmt: skip
    seen = {ruling.operation for ruling in rulings if ruling.type != "offload"}
    if others := [words for wave, words in waves.items() if wave in seen]:
        yield f"Not drawn: {', '.join(others)}."
    jobs = plan.inventory.jobs
    onward = {"to_tape": "tape jobs", "to_workloads": "replication"}
    found = {
        "to_tape" if job.tape else "to_workloads"
        for ruling in rulings
        if (job := jobs.get(ruling.job)) and ruling.operation == "data" and (job.tape or job.to_workloads)
    }
    if found:
        yield f"Drawn to their gateway servers, not beyond: {' and '.join(onward[which] for which in sorted(found))}."
    if plan.not_covered:
        yield f"{numbered(len(plan.not_covered), 'job')} not drawn, as the vendor's page is silent about them."


def _kind(served: Served) -> str | None:
    """The kind of its edges; None for what is not drawn."""
    ruling = served.ruling
    return "data" if ruling.operation == "data" else "offload" if ruling.type == "offload" else None


def _columns(plan: Plan) -> dict[str, int]:
    """The column of each gateway and repository: the first ones are those of jobs that read from workloads."""
    jobs = plan.inventory.jobs
    first: set[str] = set()
    reads: list[tuple[str, str | None]] = []
    found: dict[str, int] = {}
    for served, _ in plan.groups:
        ruling = served.ruling
        if _kind(served) is None:
            continue
        job = jobs.get(ruling.job)
        if job is not None and job.from_workloads:
            first.update((f"repository:{ruling.repository}", f"gateway:{served.gateway}"))
        elif ruling.side == "source":
            reads.append((ruling.repository, served.gateway))
        else:
            found[f"repository:{ruling.repository}"] = SECOND_REPOSITORY
            found[f"gateway:{served.gateway}"] = SECOND_GATEWAY
    for repository, gateway in reads:
        second = found.get(f"repository:{repository}") == SECOND_REPOSITORY and f"repository:{repository}" not in first
        if not second:
            found[f"gateway:{gateway}"] = GATEWAY
        else:
            found.setdefault(f"gateway:{gateway}", SECOND_GATEWAY)
    for key in first:
        found[key] = REPOSITORY if key.startswith("repository:") else GATEWAY
    return found


def _draw(
    sketch: Sketch,
    served: Served,
    decisions: Sequence[Decision],
    kind: str,
    columns: dict[str, int],
    moved: Collection[Key],
) -> None:
    ruling = served.ruling
    here = _repository(sketch, ruling.repository, columns)
    if kind == "data":
        sketch.tasks[here] += len(decisions)
    new = [decision for decision in decisions if decision.key in moved] if moved else []
    job = sketch.inventory.jobs.get(ruling.job)
    by = [_gateway(sketch, served.gateway, columns)] if served.gateway is not None else []
    if kind == "offload":
        sketch.offloads[ruling.side].update(dict.fromkeys((here, *by), len(decisions)))
    if job is not None and job.from_workloads:
        reader = sketch.reader(served)
        if reader is not None:
            by.insert(0, reader)
            sketch.tasks[reader] += len(decisions)
        way = _end(sketch, served, by, here, len(decisions))
        fresh = sources(sketch, new)
        for source, tasks in sources(sketch, decisions).items():
            sketch.tasks[source] += tasks
            first = way[0] if way else _stub(sketch, served, source, tasks)
            through = first.startswith("proxy:")  # what moved is not who reads
            _join(sketch, served, [source, first], kind, tasks, 0 if through else fresh[source])
    elif ruling.side == "source":
        way = [here, *by] if ruling.is_served else _end(sketch, served, [here], here, len(decisions))
    else:
        way = _end(sketch, served, [_came_from(sketch, served, columns) or here, *by], here, len(decisions))
    _join(sketch, served, way, kind, len(decisions), len(new))


def _end(sketch: Sketch, served: Served, way: list[str], repository: str, tasks: int) -> list[str]:
    """A way as far as it goes: to the repository, or to the stub of what is not served."""
    if served.ruling.is_served:
        return [*way, repository]
    return [*way, _stub(sketch, served, way[-1], tasks)] if way else []


def _stub(sketch: Sketch, served: Served, at: str, tasks: int) -> str:
    stub = sketch.stub(served.ruling.outcome, served.ruling.reason or "", at)
    sketch.tasks[stub] += tasks
    return stub


def _join(sketch: Sketch, served: Served, way: list[str], kind: str, tasks: int, moved: int) -> None:
    for here, there in pairwise(way):
        edge = "unserved" if there.startswith("stub:") else kind
        if (key := sketch.join(here, there, edge, tasks, served.ruling.job)) and moved:
            sketch.moved[key] += moved


def sources(sketch: Sketch, decisions: Sequence[Decision]) -> Counter[str]:
    """How many of some decisions read from where."""
    machines = sketch.inventory.machines
    found: Counter[str] = Counter()
    keys: dict[int, str] = {}  # a workload's entry is one object, however many machines it stands for
    for decision in decisions:
        mine = set()
        for name in decision.unit.machines:
            entry = machines[name]
            key = keys.get(id(entry))
            if key is None:
                key = keys[id(entry)] = sketch.source(entry)
            sketch.machines.setdefault(key, set()).add(name)
            mine.add(key)
        found.update(mine)
    return found


def _came_from(sketch: Sketch, served: Served, columns: dict[str, int]) -> str | None:
    """What a target side gets its data from: the gateway of the other side, else its repository."""
    stops = [stop for stop in served.way.stops if stop.side == "source" and stop.name is not None]
    gateway = next((stop.name for stop in stops if stop.kind == "gateway"), None)
    if gateway is not None:
        return _gateway(sketch, gateway, columns)
    repository = next((stop.name for stop in stops if stop.kind == "repository"), None)
    return _repository(sketch, repository, columns) if repository is not None else None


def _gateway(sketch: Sketch, name: str, columns: dict[str, int]) -> str:
    return sketch.gateway(name, columns.get(f"gateway:{name}", GATEWAY))


def _repository(sketch: Sketch, name: str, columns: dict[str, int]) -> str:
    return sketch.repository(name, columns.get(f"repository:{name}", REPOSITORY))
