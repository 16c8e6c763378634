"""The loss report of an import for people: one line each, and like things in one line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from gwplan.importers.draft import Kind, News
from gwplan.importers.report import ImportReport, MergeDifference
from gwplan.inventory.form import WORDS
from gwplan.nouns import plural
from gwplan.render.sheet import Block, Cell

_HEADS = {
    Kind.GUESSED: ("guessed, and marked in the inventory", "warn"),
    Kind.CANNOT_TELL: ("what this source cannot tell", "dim"),
    Kind.LEFT_OUT: ("left out", "warn"),
}
_NAMES = 4
"""Names of a line; more are counted."""


def import_blocks(report: ImportReport) -> Iterator[Block]:
    """The whole report."""
    counts: defaultdict[str, int] = defaultdict(int)
    for what, _, count in report.read:
        counts[what.replace("_", " ")] += count
    read = ", ".join(f"{count} {_plural(what, count)}" for what, count in counts.items())
    revision = f", revision {report.revision}" if report.revision else ""
    yield Cell(f"read from {report.where} ({report.source}{revision}): {read}", "head")
    for kind in Kind:
        news = report.of(kind)
        if news:
            head, style = _HEADS[kind]
            yield Cell(f"{head} ({len(news)}):", style)
            yield from _grouped(news)
    if report.changes is not None:
        yield from _changes(report.changes)


def _plural(word: str, count: int) -> str:
    return word if count == 1 or word.endswith(("s", "info")) else plural(word)


def _grouped(news: tuple[News, ...]) -> Iterator[Block]:
    groups: defaultdict[tuple[str, str], list[News]] = defaultdict(list)
    for item in news:
        groups[_about(item), item.why].append(item)
    for (_, why), items in groups.items():
        names = list(dict.fromkeys(_name(item) for item in items))
        shown = ", ".join(names[:_NAMES])
        more = f" … ({len(names)} in all; --report FILE lists them)" if len(names) > _NAMES else ""
        yield f"  {shown}{more}: {why}"


def _about(item: News) -> str:
    """Things of one kind are told together; parts of a thing are told with their names."""
    return item.subject.kind if item.subject else ""


def _name(item: News) -> str:
    if item.subject is None:
        return item.text
    kind = WORDS.get(item.subject.kind, item.subject.kind)
    if item.text in (item.subject.name, f"entry {item.subject.name}"):
        return f"{kind} {item.subject.name}"
    return f"{kind} {item.subject.name}: {item.text}" if item.subject.kind != "file" else item.text


def _changes(changes: tuple[MergeDifference, ...]) -> Iterator[Block]:
    yield Cell(f"changes ({len(changes)}):" if changes else "changes: none", "head")
    for change in changes:
        where = " ".join(map(str, change.path))
        if change.what == "change":
            yield f"  change {where}: {change.before} → {change.after}"
        elif change.what == "gone":
            yield f"  kept   {where}: the source does not have it any more"
        else:
            yield f"  {change.what:6} {where}" + (f": {change.after or change.before}" if len(change.path) > 2 else "")
