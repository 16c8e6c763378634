"""What an edit changes, for people: the verdict first and last, the worst first between."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from gwplan.failures.compare import Change
from gwplan.findings import Finding
from gwplan.inventory.names import natural
from gwplan.nouns import counted
from gwplan.render.diff.words import MEANS, cause_text, decision_place, edit_text, state_text, step_text, tally
from gwplan.render.findings.as_text import concise_findings, full_findings
from gwplan.render.sheet import Block, Branch, Cell, Sheet
from gwplan.render.things import Compared, Unreadable
from gwplan.review.diff import Diff
from gwplan.review.effects import MOST

_STYLE = {"lost": "bad", "blocked": "bad", "restored": "good", "moved": "warn"}
_VERDICT = {"worse": "bad", "better": "good", "changed": "warn", "same": "good"}
_SHOWN = 40
"""Lines of one class, unless each task is asked for."""


def diff_blocks(told: Compared) -> Iterator[Block]:
    """``gwplan diff``."""
    found = told.found
    verdict = Cell(tally(found), _VERDICT[found.verdict])
    yield Cell(f"{told.title}: {verdict.text}", verdict.style)
    if found.after.down:
        yield f"down on both sides: {', '.join(found.after.down)}"
    if found.before.product_version != found.after.product_version:
        yield f"edition {found.before.product_version} → {found.after.product_version}"
    yield ""
    yield from _points(found)
    for kind in told.shown:
        changes = [change for change in told.changes if change.change == kind]
        if changes:
            yield Cell(f"{kind}: {counted(len(changes), 'decision')}, {MEANS[kind]}", _STYLE.get(kind, "head"))
            yield from _by_task(changes) if told.by_task else (*_by_cause(changes), "")
    hidden = len(found.of("rebalanced"))
    if hidden and "rebalanced" not in told.shown:
        yield Cell(f"rebalanced: {counted(hidden, 'decision')} (--rebalanced lists them)", "dim")
        yield ""
    yield from _findings("findings new", found.findings_new, told)
    yield from _findings("findings fixed", found.findings_fixed, told)
    yield _loads(found)
    yield from _edits(found, told)
    yield verdict


def unreadable_blocks(told: Unreadable) -> Iterator[Block]:
    """Every error of both sides, each under its side."""
    for side in told.sides:
        yield from full_findings(side.findings)
        yield f"{side.word}, {side.where}: {counted(len(side.findings), 'error')}"


def _points(found: Diff) -> Iterator[Block]:
    for word, points, style in (("new", found.points_new, "bad"), ("gone", found.points_gone, "good")):
        if points:
            yield Cell(f"single points of failure {word}: {', '.join(points)}", style)
    if not found.swept:
        yield Cell("single points of failure: not looked for (--skip single-points)", "dim")
    if found.points_new or found.points_gone or not found.swept:
        yield ""


def _by_cause(changes: Iterable[Change]) -> Iterator[Block]:
    """Changes by cause and job: those that share both in one line."""
    groups: dict[tuple[str, str], Counter[str]] = {}
    for change in changes:
        decision = change.decision
        key = (cause_text(change), decision.job)
        step = "" if change.change in ("lost", "blocked") else f": {step_text(change)}"
        groups.setdefault(key, Counter())[f"{decision_place(decision)}{step}"] += 1
    lines: list[Block] = []
    last = ""
    for cause, job in sorted(groups, key=lambda key: (natural(key[0]), natural(key[1]))):
        if cause != last:
            lines.append(Branch(1, cause, "head"))
            last = cause
        places = [f"{line} ×{number:,}" if number > 1 else line for line, number in groups[cause, job].items()]
        lines += [Branch(2, f"{job}, {line}") for line in places]
    yield from _first(lines)


def _first(lines: Sequence[Block]) -> Iterator[Block]:
    yield from lines[:_SHOWN]
    if len(lines) > _SHOWN:
        yield Cell(f"  and {counted(len(lines) - _SHOWN, 'more line')} (--detail lists everything)", "dim")


def _by_task(changes: Iterable[Change]) -> Iterator[Block]:
    rows = [
        (c.decision.job, c.decision.task, decision_place(c.decision), state_text(c.before), state_text(c.after),
         cause_text(c))
        for c in changes
    ]  # fmt: skip
    columns = ("job", "task", "where", "before", "after", "why")
    yield Sheet(columns, rows, optional=("where", "why"))


def _findings(head: str, findings: tuple[Finding, ...], told: Compared) -> Iterator[Block]:
    if findings:
        yield Cell(f"{head}: {len(findings):,}", "head")
        blocks = list(concise_findings(findings))
        yield from blocks if told.by_task else _first(blocks)
        yield ""


def _loads(found: Diff) -> Sheet:
    shares = {gateway.server: gateway.share for gateway in found.after.gateways}
    rows = [
        (load.server, f"{load.tasks_before:,}", f"{load.tasks_after:,}",
         _slots_text(load.slots_before, load.slots_after),
         Cell(f"{shares.get(load.server, 0):.0%}", "bad" if shares.get(load.server, 0) > 1 else ""))
        for load in found.loads
    ]  # fmt: skip
    columns = ("gateway server", "data tasks before", "after", "slots", "share of slots after")
    return Sheet(columns, rows, frozenset(columns[1:]))


def _slots_text(before: int | None, after: int | None) -> str:
    if before == after or before is None or after is None:
        return str(before if after is None else after)
    return f"{before} → {after}"


def _edits(found: Diff, told: Compared) -> Iterator[Block]:
    """The edits with an effect, then those without; where there are too many, none was tried by itself."""
    classes = (
        (True, "edits with an effect of their own"),
        (False, "edits without effect"),
        (None, f"edits (more than {MOST}: none was tried by itself)"),
    )
    for effect, head in classes:
        edits = [edit for edit, has in zip(found.edits, found.effects, strict=True) if has is effect]
        if edits:
            yield Cell(f"{head}: {len(edits):,}", "head")
            lines = [Branch(1, edit_text(edit)) for edit in edits]
            yield from lines if told.by_task else _first(lines)
            yield ""
