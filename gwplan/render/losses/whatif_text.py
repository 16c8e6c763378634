"""What a loss changes, for people: the verdict first and last, only what changed between."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from gwplan.failures.compare import CHANGES, Change, WhatIf
from gwplan.inventory.names import natural
from gwplan.nouns import counted
from gwplan.render.diff.words import state_text
from gwplan.render.sheet import Block, Branch, Cell, Sheet, some, under
from gwplan.render.things import Changed

_STYLE = {"lost": "bad", "blocked": "bad", "moved": "warn", "restored": "good", "rebalanced": "dim"}
_WORDS = {
    "lost": "no server may serve them",
    "blocked": "they cannot run",
    "moved": "another server serves",
    "restored": "served again",
    "rebalanced": "their server could still serve them, the load spreads differently",
}


def whatif_blocks(told: Changed) -> Iterator[Block]:
    """``gwplan whatif``."""
    found = told.found
    verdict, style = verdict_line(found), "bad" if found.is_bad_news else "good"
    if found.asks_nothing:
        yield verdict
        return
    yield Cell(f"{told.title}: {verdict}", style)
    yield from under(told.edition)
    yield ""
    yield from _now(found)
    for change in CHANGES:
        changes = found.of(change)
        if changes and change in told.shown:
            yield Cell(f"{change}: {counted(len(changes), 'decision')}, {_WORDS[change]}", _STYLE[change])
            yield from _by_task(changes) if told.by_task else _by(changes, by_gateway=told.by_gateway)
            yield ""
    hidden = len(found.of("rebalanced"))
    if hidden and "rebalanced" not in told.shown:
        yield Cell(f"rebalanced: {counted(hidden, 'decision')} (--rebalanced lists them)", "dim")
        yield ""
    yield from _crossing(found)
    yield _loads(found)
    yield Cell(verdict, style)


def verdict_line(found: WhatIf) -> str:
    """What it comes to, in one line."""
    if found.asks_nothing:
        return "nothing was asked: name a loss with --down, a return with --up, or a changed inventory with --with"
    if not found.changes and not found.running:
        return "nothing changes" if found.has_jobs else "nothing changes: no job is declared"
    parts = [f"{counted(len(found.jobs('lost')), 'job')} lost", f"{len(found.jobs('blocked')):,} blocked"]
    for change in ("lost", "blocked"):
        parts += [f"{_operations(names)} {change}"] if (names := found.operations(change)) else []
    parts += [counted(len(found.of(change)), "decision") + f" {change}" for change in ("moved", "restored")]
    failing = f"{counted(sum(found.failing.values()), 'running task')} of {counted(len(found.failing), 'job')}"
    failing += f" and {_operations(found.failing_operations)}" if found.failing_operations else ""
    return f"{', '.join(parts)}; {failing} would fail"


def _operations(names: Collection[str]) -> str:
    return counted(len(names), "maintenance operation")


def _now(found: WhatIf) -> Iterator[Block]:
    if not found.running:
        yield "running now: nothing fails"
    if jobs := found.failing:
        listed = some([f"{name} ×{number:,}" for name, number in jobs.items()], 8)
        tasks = f"{counted(sum(jobs.values()), 'task')} of {counted(len(jobs), 'job')}"
        yield Cell(f"running now: {tasks} would fail: {listed}", "warn")
    if operations := found.failing_operations:
        yield Cell(f"running now: {_operations(operations)} would fail: {some(operations, 8)}", "warn")
    yield Cell("next start:", "head")


def _by(changes: Iterable[Change], *, by_gateway: bool) -> Iterator[Block]:
    """Changes listed under their job, or under the gateway that served before; losses under their reason."""
    groups: dict[str, Counter[str]] = {}
    for change in changes:
        decision = change.decision
        wave = "" if decision.operation == "data" else f" {decision.operation}"
        place = f"{decision.side} {decision.repository}{wave}"
        step = f"{state_text(change.before)} → {state_text(change.after)}"
        if by_gateway:
            head = (change.before.gateway if change.before else None) or "no gateway before"
            line = f"{decision.job}, {place}: {step}"
        elif change.change in ("lost", "blocked"):
            head = change.after.why if change.after else "no longer planned"
            line = f"{decision.job}, {place}"
        else:
            head, line = decision.job, f"{place}: {step}"
        groups.setdefault(head, Counter())[line] += 1
    for head in sorted(groups, key=natural):
        yield Branch(1, head, "head")
        for line, number in groups[head].items():
            yield Branch(2, f"{line} ×{number:,}" if number > 1 else line)


def _by_task(changes: Iterable[Change]) -> Iterator[Block]:
    rows = [
        (c.decision.job, c.decision.operation, c.decision.side, c.decision.repository, c.decision.task,
         state_text(c.before), state_text(c.after))
        for c in changes
    ]  # fmt: skip
    columns = ("job", "operation", "side", "repository", "task", "before", "after")
    yield Sheet(columns, rows, optional=("operation", "side", "repository"))


def _crossing(found: WhatIf) -> Iterator[Block]:
    """Data that crosses more WAN links than before."""
    ways: Counter[str] = Counter()
    for change in found.changes:
        before, after = change.before, change.after
        if before and after and after.path and after.wan_hops > before.wan_hops:
            ways[f"{after.job}: {' → '.join(after.path[1:])} ({counted(after.wan_hops, 'WAN link')})"] += 1
    if ways:
        yield Cell("now over a WAN link", "warn")
        for text, number in sorted(ways.items(), key=lambda item: natural(item[0])):
            yield Branch(1, f"{text} ×{number:,}" if number > 1 else text)
        yield ""


def _loads(found: WhatIf) -> Sheet:
    shares = {gateway.server: gateway.share for gateway in found.after.gateways}
    rows = [
        (load.server, f"{load.tasks_before:,}", f"{load.tasks_after:,}", str(load.slots),
         Cell(f"{shares.get(load.server, 0):.0%}", "bad" if shares.get(load.server, 0) > 1 else ""))
        for load in found.loads
        if load.tasks_before != load.tasks_after
    ]  # fmt: skip
    columns = ("gateway server", "data tasks before", "after", "slots", "share of slots after")
    return Sheet(columns, rows, frozenset(columns[1:]))
