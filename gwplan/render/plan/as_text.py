"""What people read of a plan: the jobs, the gateways, what is not served and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from gwplan.inventory.names import natural
from gwplan.planning.decision import Decision
from gwplan.planning.plan import GatewayLoad, Plan, grouped
from gwplan.render.findings.as_text import concise_findings
from gwplan.render.formats import Resolved
from gwplan.render.sheet import Block, Branch, Cell, Sheet, counted, some

Groups = Sequence[tuple[Decision, int]]
"""Decisions that differ only in their task, with their number."""

_SOME = 4
_BAR = 12


def resolve_blocks(told: Resolved) -> Iterator[Block]:
    """``gwplan resolve``: the sum first and last, between them jobs, gateways, maintenance, trouble, findings."""
    plan = told.plan
    groups = [(alike[0], len(alike)) for _, alike in grouped(told.decisions)]
    total = _summary_line(plan, groups)
    yield Cell(f"{told.title}: {total}", "head")
    if plan.down:
        yield Cell(f"down: {', '.join(plan.down)}", "warn")
    yield ""
    yield _task_sheet(told.decisions) if told.by_task else _job_sheet(groups)
    yield _gateway_sheet(plan.gateways)
    yield from _maintenance(groups)
    yield from _trouble(groups)
    if told.findings:
        yield Cell("findings", "head")
        yield from concise_findings(told.findings)
        yield ""
    yield "Within a wave all jobs are taken to run at once, which is the worst case."
    yield Cell(total, "bad" if any(_is_bad(decision) for decision, _ in groups) else "good")


def _summary_line(plan: Plan, groups: Groups) -> str:
    """One line that sums up."""
    outcomes: Counter[str] = Counter()
    for decision, number in groups:
        outcomes[decision.ruling.outcome] += number
    jobs = len({d.ruling.job for d, _ in groups if d.ruling.operation != "maintenance" or ":" not in d.ruling.job})
    parts = [f"{outcomes['assigned']:,} assigned", f"{outcomes['none_needed']:,} without need of a gateway"]
    parts += [f"{outcomes[kind]:,} {kind}" for kind in ("failed", "blocked")]
    text = f"{counted(sum(outcomes.values()), 'decision')} for {counted(jobs, 'job')}: {', '.join(parts)}"
    return text + (f"; {counted(len(plan.not_covered), 'job')} not covered" if plan.not_covered else "")


def _is_bad(decision: Decision) -> bool:
    return decision.ruling.outcome in ("failed", "blocked")


# --- jobs -------------------------------------------------------------------------------------------------------------


class _Row:
    """What one line of the job table sums up: a job's decisions on one side."""

    def __init__(self) -> None:
        self.repositories: dict[str, None] = {}
        self.gateways: Counter[str] = Counter()
        self.fallbacks: dict[str, None] = {}
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
        else:
            self.movers[ruling.data_mover or ruling.repository] += number

    def notes(self) -> str:
        parts = [_counted(self.bad)] if self.bad else []
        if self.wan:
            parts.append(f"crosses {counted(self.wan, 'WAN link')}")
        if self.inferred:
            parts.append("inferred")
        if self.synthetic:
            parts.append(f"synthetic on {_counted(self.synthetic)}")
        if self.synthetic_bad:
            parts.append(f"synthetic not served: {_counted(self.synthetic_bad)}")
        return "; ".join(parts)


def _job_sheet(groups: Groups) -> Sheet:
    rows: dict[tuple[str, str, str], _Row] = {}
    for decision, number in groups:
        ruling = decision.ruling
        if ruling.operation != "maintenance":
            key = (ruling.job, ruling.type, ruling.side)
            row = rows.get(key)
            if row is None:
                row = rows[key] = _Row()
            row.add(decision, number)
    two_sided = Counter(job for job, _, _ in rows)
    lines = []
    for (job, kind, side), row in rows.items():
        where = "from " if side == "source" else "to "
        serving = _counted(row.gateways)
        if row.movers:
            own = f"none needed: {_counted(row.movers)}"
            serving = f"{serving}, {own}" if serving else own
        others = [name for name in row.fallbacks if len(row.gateways) != 1 or name not in row.gateways]
        first = side == "source" or two_sided[job] == 1
        lines.append(
            (
                Cell(job if first else "", "head"),
                kind if first else "",
                where + some(list(row.repositories), _SOME),
                f"{row.tasks:,}",
                Cell(serving or "nobody", "" if serving else "bad"),
                some(sorted(others, key=natural) if len(row.gateways) > 1 else others, _SOME),
                Cell(row.notes(), "bad" if row.bad or row.synthetic_bad else ""),
            )
        )
    columns = ("job", "type", "repository", "tasks", "gateway servers", "falls back to", "notes")
    return Sheet(columns, lines, frozenset({"tasks"}), ("repository", "tasks", "falls back to", "type"))


def _counted(counter: Counter[str]) -> str:
    names = sorted(counter, key=lambda name: (-counter[name], natural(name)))
    if len(names) == 1 and counter[names[0]] == 1:
        return names[0]
    return some([f"{name} ×{counter[name]:,}" for name in names], _SOME)


def _task_sheet(decisions: Sequence[Decision]) -> Sheet:
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
            some(d.fallbacks, _SOME),
            d.ruling.row.id,
        )
        for d in decisions
    ]
    columns = ("job", "operation", "side", "repository", "task", "gateway server", "proxy", "falls back to", "rule")
    return Sheet(columns, rows, optional=("operation", "side", "falls back to", "proxy", "rule"))


# --- gateways, maintenance, trouble -----------------------------------------------------------------------------------


def _gateway_sheet(gateways: Sequence[GatewayLoad]) -> Sheet:
    rows = []
    for load in gateways:
        share = load.share
        filled = min(_BAR, round(share * _BAR))
        bar = "█" * filled + "░" * (_BAR - filled)
        style = "bad" if share > 1 else "warn" if share > 0.8 else ""
        rows.append((load.server, f"{load.tasks:,}", str(load.slots), Cell(f"{bar} {share:.0%}", style)))
    return Sheet(("gateway server", "data tasks", "slots", "share of slots"), rows, frozenset({"data tasks", "slots"}))


def _maintenance(groups: Groups) -> Iterator[Block]:
    kept = [(decision, number) for decision, number in groups if decision.ruling.operation == "maintenance"]
    if not kept:
        return
    kinds, gateways, bad = Counter[str](), Counter[str](), 0
    for decision, number in kept:
        kinds[decision.type] += number if decision.side == "target" else 0  # an offload has two sides
        bad += number if _is_bad(decision) else 0
        if decision.gateway is not None:
            gateways[decision.gateway] += number
    told = ", ".join(counted(kinds[kind], f"{kind.replace('_', ' ')} task") for kind in sorted(kinds))
    served = f" on {_counted(gateways)}" if gateways else ""
    outcome = f"{bad:,} not served" if bad else f"all served{served}"
    yield Cell(f"maintenance: {told}; {outcome}", "bad" if bad else "")
    yield ""


def _trouble(groups: Groups) -> Iterator[Block]:
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
