"""The comment of a pull request: a marker, the verdict, the counts, and one part that opens for each class.

It is never longer than the limit: whole rows are left out, and their number is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import quote

from gwplan.failures.compare import Change
from gwplan.findings import Finding, UsageError
from gwplan.nouns import counted
from gwplan.render.diff.words import MEANS, cause_text, counts, decision_place, edit_text, state_text
from gwplan.render.escape import code, prose
from gwplan.render.things import Compared, Unreadable
from gwplan.review.diff import Diff

_MARK = {"worse": "❌", "better": "✅", "changed": "🔶", "same": "✅"}
_LONGEST_KEY = 80


@dataclass(frozen=True, slots=True)
class _Part:
    """A table that opens."""

    title: str
    columns: tuple[str, ...]
    rows: list[str]

    def text(self, number: int) -> str:
        """The part with its first rows, and how many there are besides."""
        left = len(self.rows) - number
        more = f"\n… and {counted(left, 'row')} left out\n" if left else ""
        head = f"| {' | '.join(self.columns)} |\n|{'---|' * len(self.columns)}\n" if number else ""
        body = "".join(self.rows[:number])
        return f"\n<details><summary>{self.title}</summary>\n\n{head}{body}{more}\n</details>\n"


def diff_markdown(told: Compared) -> str:
    """The comment."""
    found = told.found
    head = f"{marker(told.after)}\n### {_MARK[found.verdict]} gwplan: {found.verdict}\n"
    names = f"\n{code(told.before)} → {code(told.after)}\n"
    sides = f"{names}\n{prose(counts(found))}\n{_conditions(found)}\n{_counts(found)}"
    return _fitted(head, sides, list(_parts(told)), told.max_length)


def unreadable_markdown(told: Unreadable) -> str:
    """The same where a side cannot be read."""
    head = f"{marker(told.name)}\n### ❌ gwplan: the inventory cannot be read\n"
    parts = [
        _Part(
            f"{side.word}: {counted(len(side.findings), 'error')}",
            ("place", "what is", "what would be right"),
            [_row(code(str(f.location or side.where)), prose(f.message), prose(f.fix)) for f in side.findings],
        )
        for side in told.sides
    ]
    return _fitted(head, "", parts, told.max_length)


def marker(name: str) -> str:
    """The first line, by which a comment is found again: the same for the same inventory."""
    key = quote(name.encode("utf-8", "surrogatepass"), safe="/._").replace("~", "%7E")
    if len(key) > _LONGEST_KEY:
        key = f"{key[:_LONGEST_KEY]}~{sha256(key.encode()).hexdigest()[:12]}"
    return f"<!-- gwplan diff {key} -->"


def _fitted(head: str, sides: str, parts: list[_Part], limit: int) -> str:
    """As many whole rows as there is room for, the first parts first; what has no room at all is told in a line."""
    least = sum(len(part.text(0)) for part in parts)
    if len(head) + len(sides) + least > limit:  # names may be longer than any limit
        told = f"\n{counted(len(parts), 'part')} left out: there is room for {limit:,} characters\n"
        short = next((text for text in (head + sides + told, head + told, head) if len(text) <= limit), None)
        if short is None:
            raise UsageError(f"--max-length {limit}: the first lines alone need {len(head)} characters")
        return short
    room = limit - len(head) - len(sides) - least
    written = []
    for part in parts:
        number, size = _fitting(part, len(part.text(0)) + room)
        room -= size - len(part.text(0))
        written.append(part.text(number))
    return head + sides + "".join(written)


def _fitting(part: _Part, room: int) -> tuple[int, int]:
    """How many rows have room, and how long the part is with them."""
    low, high = 0, len(part.rows)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if len(part.text(middle)) <= room else (low, middle - 1)
    return low, len(part.text(low))


# --- parts ------------------------------------------------------------------------------------------------------------


def _conditions(found: Diff) -> str:
    down = f"down on both sides: {', '.join(map(code, found.after.down))}" if found.after.down else ""
    versions = code(found.before.product_version), code(found.after.product_version)
    edition = f"edition {versions[0]} → {versions[1]}" if versions[0] != versions[1] else ""
    skipped = "" if found.swept else "single points of failure were not looked for"
    return "".join(f"\n{line}\n" for line in (down, edition, skipped) if line)


def _counts(found: Diff) -> str:
    told = found.summary
    decisions = ("lost", "blocked", "restored", "moved", "rebalanced", "appeared", "gone")
    head = (*decisions, "findings", "single points of failure", "entries")
    entries = sum(told[f"entries_{word}"] for word in ("added", "removed", "changed", "renamed"))
    cells = [
        *(f"{told[word]:,}" for word in decisions),
        f"+{told['findings_new']:,} −{told['findings_fixed']:,}",
        f"+{told['single_points_new']:,} −{told['single_points_gone']:,}",
        f"{entries:,} edited",
    ]
    return f"| {' | '.join(head)} |\n|{'---|' * len(head)}\n| {' | '.join(cells)} |\n"


def _parts(told: Compared) -> Iterator[_Part]:
    found = told.found
    for word, points in (("new", found.points_new), ("gone", found.points_gone)):
        if points:
            title = f"single points of failure {word}: {len(points):,}"
            yield _Part(title, ("element",), [_row(code(point)) for point in points])
    for kind in told.shown:
        changes = [change for change in told.changes if change.change == kind]
        if changes:
            title = f"{kind}: {counted(len(changes), 'decision')}, {MEANS[kind]}"
            rows = list(_task_rows(changes) if told.by_task else _job_rows(changes))
            yield _Part(title, ("job", "task" if told.by_task else "tasks", "where", "before", "after", "why"), rows)
    for title, findings in (("findings new", found.findings_new), ("findings fixed", found.findings_fixed)):
        if findings:
            columns = ("", "rule", "place", "what is", "what would be right")
            yield _Part(f"{title}: {len(findings):,}", columns, list(map(_finding_row, findings)))
    if found.loads:
        columns = ("gateway server", "data tasks before", "after", "slots before", "after")
        rows = [_row(code(one.server), *("–" if n is None else f"{n:,}" for n in one[1:])) for one in found.loads]
        yield _Part(f"load: {counted(len(rows), 'gateway server')}", columns, rows)
    quiet = [edit for edit, effect in zip(found.edits, found.effects, strict=True) if effect is False]
    if quiet:
        yield _Part(f"edits without effect: {len(quiet):,}", ("edit",), [_row(prose(edit_text(e))) for e in quiet])


def _job_rows(changes: Iterable[Change]) -> Iterator[str]:
    """What is alike but for its task in one row, with the number of tasks."""
    alike: dict[tuple[str, ...], int] = {}
    for change in changes:
        states = state_text(change.before), state_text(change.after)
        cells = (change.decision.job, decision_place(change.decision), *states, cause_text(change))
        alike[cells] = alike.get(cells, 0) + 1
    for (job, *rest, why), number in alike.items():
        yield _row(code(job), f"{number:,}", *map(code, rest), prose(why))


def _task_rows(changes: Iterable[Change]) -> Iterator[str]:
    for change in changes:
        decision = change.decision
        states = state_text(change.before), state_text(change.after)
        cells = (decision.job, decision.task, decision_place(decision), *states)
        yield _row(*map(code, cells), prose(cause_text(change)))


def _finding_row(finding: Finding) -> str:
    where = code(str(finding.location)) if finding.location else ""
    return _row(str(finding.severity), finding.code, where, prose(finding.message), prose(finding.fix))


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |\n"
