"""What people read of a plan: the jobs, the gateways, what is not served and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from gwplan.inventory.model import Inventory
from gwplan.inventory.names import natural
from gwplan.nouns import counted
from gwplan.planning.decision import Decision
from gwplan.planning.ledger import grouped
from gwplan.planning.plan import Plan
from gwplan.render.findings.as_text import brief_findings
from gwplan.render.sheet import Block, Branch, Cell, Sheet, some, under
from gwplan.render.things import Resolved

Groups = Sequence[tuple[Decision, int]]
"""Decisions that differ only in their task, with their number."""

_SOME = 4
_BAR = 12


def resolve_blocks(told: Resolved) -> Iterator[Block]:
    """``gwplan resolve``: the sum first and last, between them jobs, gateways, maintenance, trouble, findings."""
    plan = told.plan
    groups = [(alike[0], len(alike)) for _, alike in grouped(told.decisions)]
    total = _summary_line(told, groups)
    yield Cell(f"{told.title}: {total}", "head")
    yield from under(told.edition)
    if plan.down:
        yield Cell(f"down: {', '.join(plan.down)}", "warn")
    yield ""
    if not told.decisions:
        yield "no decision is like that" if told.narrowed else "nothing is planned"
    most = len(plan.inventory.servers) if told.verbose else _SOME
    yield _task_sheet(told.decisions, most) if told.by_task else job_sheet(told, groups, most)
    yield _gateway_sheet(told)
    yield from _maintenance(told, groups)
    yield from trouble(groups)
    if told.findings:
        yield Cell("findings", "head")
        yield from brief_findings(told.findings)
        yield ""
    yield "Within a wave all jobs are taken to run at once, which is the worst case."
    yield Cell(total, "bad" if any(_is_bad(decision) for decision, _ in groups) else "good")


def _summary_line(told: Resolved, groups: Groups) -> str:
    """One line that sums up."""
    outcomes: Counter[str] = Counter()
    for decision, number in groups:
        outcomes[decision.ruling.outcome] += number
    jobs = len({d.ruling.job for d, _ in groups if d.ruling.job in told.plan.inventory.jobs})
    parts = [f"{outcomes['assigned']:,} assigned", f"{outcomes['none_needed']:,} without need of a gateway"]
    parts += [f"{outcomes[kind]:,} {kind}" for kind in ("failed", "blocked")]
    text = f"{counted(sum(outcomes.values()), 'decision')} for {counted(jobs, 'job')}: {', '.join(parts)}"
    return text + (f"; {counted(len(told.not_covered), 'job')} not covered" if told.not_covered else "")


def _is_bad(decision: Decision) -> bool:
    return decision.ruling.outcome in ("failed", "blocked")


# --- jobs -------------------------------------------------------------------------------------------------------------


class _Row:
    """What one line of the job table sums up: a job's decisions on one side."""

    def __init__(self) -> None:
        self.repositories: dict[str, None] = {}
        self.gateways: Counter[str] = Counter()
        self.fallbacks: dict[str, None] = {}
        self.rules: dict[str, None] = {}
        self.movers: Counter[str] = Counter()
        self.bad: Counter[str] = Counter()
        self.synthetic: Counter[str] = Counter()
        self.synthetic_bad: Counter[str] = Counter()
        self.tasks = 0
        self.inferred = False
        self.wan = 0

    def add(self, decision: Decision, number: int) -> None:
        ruling = decision.ruling
        bad = _is_bad(decision)
        if ruling.operation == "synthetic":
            (self.synthetic_bad if bad else self.synthetic)[decision.gateway or str(ruling.reason)] += number
            return
        self.tasks += number
        self.repositories[ruling.repository] = None
        self.inferred |= ruling.certainty == "inferred" and not bad
        self.wan = max(self.wan, decision.wan_hops)
        if bad:
            self.bad[f"{ruling.outcome}: {ruling.reason}"] += number
        elif decision.gateway is not None:
            self.gateways[decision.gateway] += number
            self.fallbacks.update(dict.fromkeys(decision.fallbacks))
            self.rules[ruling.row.id] = None
        else:
            self.movers[ruling.data_mover or ruling.repository] += number

    def others(self, most: int) -> str:
        """Who takes over: by name, or as a number with the rule that puts them in their order."""
        several = len(self.gateways) > 1
        names = [name for name in self.fallbacks if several or name not in self.gateways]
        if len(names) > most:
            return f"{len(names)} servers, see {', '.join(self.rules)}"
        return ", ".join(sorted(names, key=natural) if several else names)

    def notes(self, most: int) -> str:
        parts = [_counted(self.bad, most)] if self.bad else []
        if self.wan:
            parts.append(f"crosses {counted(self.wan, 'WAN link')}")
        if self.inferred:
            parts.append("inferred")
        if self.synthetic:
            parts.append(f"synthetic on {_counted(self.synthetic, most)}")
        if self.synthetic_bad:
            parts.append(f"synthetic not served: {_counted(self.synthetic_bad, most)}")
        return "; ".join(parts)


def job_sheet(told: Resolved, groups: Groups, most: int) -> Sheet:
    """A row for each side of a declared job; a declared maintenance job has its own."""
    inventory = told.plan.inventory
    rows: dict[tuple[str, str, str], _Row] = {}
    for decision, number in groups:
        ruling = decision.ruling
        if ruling.operation != "maintenance" or ruling.job in inventory.jobs:
            rows.setdefault((ruling.job, ruling.type, ruling.side), _Row()).add(decision, number)
    sides = Counter(job for job, _, _ in rows)
    lines = []
    for (job, kind, side), row in _sorted(told, rows):
        where = "from " if side == "source" else "to "
        serving = _counted(row.gateways, most)
        if row.movers:
            own = f"none needed: {_counted(row.movers, most)}"
            serving = f"{serving}, {own}" if serving else own
        first = side == "source" or sides[job] == 1
        lines.append(
            (
                Cell(job if first else "", "head"),
                kind if first else "",
                where + _places(inventory, list(row.repositories), most),
                f"{row.tasks:,}",
                Cell(serving or "nobody", "" if serving else "bad"),
                row.others(most),
                Cell(row.notes(most), "bad" if row.bad or row.synthetic_bad else ""),
            )
        )
    if not told.narrowed:
        lines += [
            (Cell(name, "head"), inventory.jobs[name].type, "", "0", Cell(""), "", Cell(why, "dim"))
            for name, why in undecided(told.plan)
        ]
    columns = ("job", "type", "repository", "tasks", "gateway servers", "falls back to", "notes")
    return Sheet(columns, lines, frozenset({"tasks"}), ("repository", "tasks", "falls back to", "type"))


def _sorted(told: Resolved, rows: dict[tuple[str, str, str], _Row]) -> list[tuple[tuple[str, str, str], _Row]]:
    """The rows by job, or with the most tasks or the fullest gateway first; the sides of a job stay together."""
    share = {load.server: load.share for load in told.plan.gateways}
    worst: dict[str, float] = {}
    for (job, _, _), row in rows.items():
        mine = float(row.tasks) if told.sort == "tasks" else max((share[name] for name in row.gateways), default=0.0)
        worst[job] = max(worst.get(job, 0.0), mine)
    if told.sort not in ("tasks", "share"):
        return list(rows.items())
    return sorted(rows.items(), key=lambda item: (-worst[item[0][0]], natural(item[0][0])))


def _places(inventory: Inventory, repositories: Sequence[str], most: int) -> str:
    """Repositories; extents behind the name of their scale-out repository."""
    by_whole: dict[str, list[str]] = {}
    for name in repositories:
        by_whole.setdefault(inventory.extent_of.get(name, ""), []).append(name)
    alone = by_whole.pop("", [])
    told = [f"{whole} ({some(extents, most)})" for whole, extents in by_whole.items()]
    return ", ".join([*told, some(alone, most)] if alone else told)


def undecided(plan: Plan) -> list[tuple[str, str]]:
    """Declared jobs without a decision, and why."""
    found = dict.fromkeys(plan.not_covered, "the vendor's page is silent about it")
    found |= {name: f"{source} holds nothing for it" for name, source in plan.idle}
    found |= {name: "disabled" for name, job in plan.inventory.jobs.items() if not job.enabled}
    return sorted(found.items(), key=lambda item: natural(item[0]))


def _counted(counter: Counter[str], most: int = _SOME) -> str:
    names = sorted(counter, key=lambda name: (-counter[name], natural(name)))
    if len(names) == 1 and counter[names[0]] == 1:
        return names[0]
    return some([f"{name} ×{counter[name]:,}" for name in names], most)


def _task_sheet(decisions: Sequence[Decision], most: int) -> Sheet:
    """One line for each decision."""
    rows = [
        (
            d.ruling.job,
            d.ruling.operation,
            d.ruling.side,
            d.ruling.repository,
            d.unit.name,
            d.gateway or ("" if d.ruling.outcome == "none_needed" else Cell(d.ruling.reason or "", "bad")),
            d.proxy or "",
            some(d.fallbacks, most),
            d.ruling.row.id,
        )
        for d in decisions
    ]
    columns = ("job", "operation", "side", "repository", "task", "gateway server", "proxy", "falls back to", "rule")
    return Sheet(columns, rows, optional=("operation", "side", "falls back to", "proxy", "rule"))


# --- gateways, maintenance, trouble -----------------------------------------------------------------------------------


def _gateway_sheet(told: Resolved) -> Sheet:
    """The servers with data tasks, the fullest first. A share is that of all jobs, however few are shown."""
    loads = sorted((load for load in told.gateways if load.tasks), key=lambda load: natural(load.server))
    if told.sort != "name":
        loads.sort(key=lambda load: -load.tasks if told.sort == "tasks" else -load.share)
    rows = []
    for load in loads:
        share = load.share
        filled = min(_BAR, round(share * _BAR))
        bar = "█" * filled + "░" * (_BAR - filled)
        style = "bad" if share > 1 else "warn" if share > 0.8 else ""
        rows.append(
            (load.server, f"{load.tasks:,}", f"{load.at_once:,}", str(load.slots), Cell(f"{bar} {share:.0%}", style))
        )
    numbers = ("data tasks of all jobs" if told.narrowed else "data tasks", "at once", "slots")
    return Sheet(("gateway server", *numbers, "share of slots"), rows, frozenset(numbers))


def _maintenance(told: Resolved, groups: Groups) -> Iterator[Block]:
    """What nobody declares, in one line."""
    declared = told.plan.inventory.jobs
    kept = [(d, number) for d, number in groups if d.ruling.operation == "maintenance" and d.ruling.job not in declared]
    if not kept:
        return
    kinds, gateways, bad = Counter[str](), Counter[str](), 0
    for decision, number in kept:
        kinds[decision.type] += number if decision.side == "target" else 0  # an offload has two sides
        bad += number if _is_bad(decision) else 0
        if decision.gateway is not None:
            gateways[decision.gateway] += number
    tasks = ", ".join(counted(kinds[kind], f"{kind.replace('_', ' ')} task") for kind in sorted(kinds))
    served = f" on {_counted(gateways)}" if gateways else ""
    outcome = f"{bad:,} not served" if bad else f"all served{served}"
    yield Cell(f"maintenance: {tasks}; {outcome}", "bad" if bad else "")
    yield ""


def trouble(groups: Groups) -> Iterator[Block]:
    """What is not served, equal causes together."""
    found: dict[tuple[str, str], Counter[str]] = {}
    for decision, number in groups:
        ruling = decision.ruling
        if _is_bad(decision):
            synthetic = " (synthetic)" if ruling.operation == "synthetic" else ""
            jobs = found.setdefault((f"{ruling.outcome}: {ruling.reason}", decision.why), Counter())
            jobs[f"{ruling.job}{synthetic}"] += number
    if found:
        yield Cell("not served", "head")
    for (what, why), jobs in found.items():
        yield Cell(f"{what} · {why}", "bad")
        tasks = (f"{job} ({number:,} decisions)" if number > 1 else job for job, number in jobs.items())
        yield Branch(1, ", ".join(tasks))
    if found:
        yield ""
