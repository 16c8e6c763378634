"""What a sweep found, for people: the worst losses, single points of failure, fragile jobs, what was examined."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from gwplan.failures.effect import Result
from gwplan.failures.sweep import Sweep
from gwplan.inventory.names import natural
from gwplan.nouns import counted
from gwplan.render.losses.heat import heat_sheet
from gwplan.render.sheet import Block, Branch, Cell, Sheet, some, under
from gwplan.render.things import Swept

_SHOWN = 20


def sweep_blocks(told: Swept) -> Iterator[Block]:
    """``gwplan sweep``."""
    found, accepted = told.found, told.accepted
    yield from under(told.edition)
    if told.heat_by:
        yield heat_sheet(found, told.heat_by)
    points = [name for name in found.single_points if name not in accepted]
    verdict = _verdict_line(found, points)
    yield Cell(verdict, "bad" if points else "good")
    yield ""
    hurting = [r for r in found.results if told.everything or r.lost or r.blocked or r.moved]
    shown = hurting if told.everything else hurting[:_SHOWN]
    if shown:
        yield _result_sheet(found, shown, accepted)
    if len(shown) < len(hurting):
        left = len(hurting) - len(shown)
        what = "that moves or loses something" if left == 1 else "that move or lose something"
        yield Cell(f"{left:,} more {what} (--all lists them)", "dim")
        yield ""
    if found.order == 1 and found.fragile:
        yield Cell("fragile: what alone can stop some of a job", "head")
        for elements, jobs in _by_elements(found.fragile).items():
            yield Branch(1, some(jobs, 8))
            yield Branch(2, some(elements, 8))
        yield ""
    for name in sorted(set(found.single_points) & set(accepted), key=natural):
        yield f"accepted: {name}{f', {accepted[name]}' if accepted[name] else ''}"
    if found.peak is not None:
        yield f"peak share with nothing lost: {_share(found.peak)}"
    if not found.base.inventory.jobs:
        yield "no job is declared: a loss can hit maintenance operations only"
    yield _coverage_line(found)
    yield Cell(verdict, "bad" if points else "good")


def _verdict_line(found: Sweep, points: Sequence[str]) -> str:
    """What it comes to."""
    single = "no single point of failure"
    if points:
        single = f"{counted(len(points), 'single point')} of failure: {some(points, 6)}"
    if found.order == 1:
        return single
    number = len(found.results)
    return f"{counted(number, 'pair')} {'loses' if number == 1 else 'lose'} what neither loses alone; {single}"


def _coverage_line(found: Sweep) -> str:
    what = "losses" if found.order == 1 else "pairs"
    return f"{found.examined:,} of {found.scenarios:,} {what} examined, of {found.elements} elements"


def _result_sheet(found: Sweep, results: Sequence[Result], accepted: Collection[str]) -> Sheet:
    rows = []
    for result in results:
        hit = {*result.lost, *result.blocked}
        is_point = result.is_single_point and len(result.down) == 1
        point = "" if not is_point else "accepted" if set(result.down) & set(accepted) else "yes"
        peak = _share(result.peak) if result.peak and result.peak != found.peak else ""
        rows.append(
            (
                Cell(" + ".join(result.down), "head"),
                f"{result.lost.total():,}",
                f"{result.blocked.total():,}",
                f"{result.moved:,}",
                Cell(point, "bad" if point == "yes" else ""),
                peak,
                _hit(found, hit),
            )
        )
    columns = ("down", "lost", "blocked", "moved", "single point", "new peak share", "jobs hit")
    return Sheet(columns, rows, frozenset({"lost", "blocked", "moved"}), ("new peak share", "single point", "jobs hit"))


def _hit(found: Sweep, names: Collection[str]) -> str:
    operations = found.operations(names)
    told = [some(jobs, 4)] if (jobs := found.jobs(names)) else []
    return " + ".join([*told, *([counted(len(operations), "maintenance operation")] if operations else [])])


def _share(peak: tuple[str, float]) -> str:
    return f"{peak[1]:.0%} {peak[0]}"


def _by_elements(fragile: Mapping[str, Sequence[str]]) -> dict[tuple[str, ...], list[str]]:
    """Jobs that the same elements can stop, together."""
    found: dict[tuple[str, ...], list[str]] = {}
    for job, elements in fragile.items():
        found.setdefault(tuple(elements), []).append(job)
    return found
