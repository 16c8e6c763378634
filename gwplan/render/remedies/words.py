"""Phrases that the text and the Markdown of recommendations share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence

from gwplan.inventory.edit.wording import flow, scalar
from gwplan.nouns import counted
from gwplan.remedies.changes import ProposedEdit
from gwplan.remedies.problems import KINDS, Problem
from gwplan.remedies.recommend import BeforeAfter, Recommendation, Suggestion

_NOTHING_WRONG = {
    "failing": "nothing fails",
    "loss": "no single loss stops anything",
    "overload": "no gateway server is overloaded",
    "wan": "no data crosses a WAN link for nothing",
}
_REASONS = 8
"""Reasons of one kind of problem that are told."""
_ONE = {"failing": "failure", "overload": "overloaded gateway server", "wan": "needless way over a WAN link"}


def verdict(told: Recommendation, kinds: Collection[str] = KINDS) -> str:
    """What it comes to, in one line."""
    if not told.is_whole:
        number, helped = counted(len(told.problems), "problem"), f"{len(told.helped):,}"
        return f"interrupted: {number} found so far, {helped} of which can be helped by what was tried so far"
    if not told.problems:
        return f"nothing to do: {', '.join(_NOTHING_WRONG[kind] for kind in KINDS if kind in kinds)}"
    return "; ".join((*_of_losses(told), *_of_others(told)))


def _of_losses(told: Recommendation) -> Iterator[str]:
    losses = [problem for problem in told.problems if problem.kind == "loss"]
    if not losses:
        return
    yield f"{counted(len(losses), 'single point')} of failure"
    found = told.smallest_set
    removed = sum(problem.kind == "loss" for problem in found.removes) if found else 0
    if removed and found:
        yield f"{removed} can be removed by {counted(len(found.changes), 'change')}"
    left = [problem for problem in losses if found is None or problem not in found.removes]
    unsure = sum(problem.id in told.unsure for problem in left)
    if unsure:
        yield f"{unsure} may, but not all could be tried"
    if cannot := len(left) - unsure:
        yield f"{cannot} cannot" if removed or unsure else "none can be removed"


def _of_others(told: Recommendation) -> Iterator[str]:
    others = [problem for problem in told.problems if problem.kind != "loss"]
    numbers = Counter(problem.kind for problem in others)
    for kind in KINDS:
        if number := numbers[kind]:
            helped = sum(problem.kind == kind and problem.id in told.helped for problem in others)
            can = "can be helped" if helped or number > 1 else "cannot be helped"
            if not helped and any(problem.kind == kind and problem.id in told.unsure for problem in others):
                can = "is helped by what could be tried" if number > 1 else "nothing helps that could be tried"
            part = "all" if helped == number else f"{helped:,}" if helped else "none"
            yield f"{counted(number, _ONE[kind])}, {'which' if number == 1 else f'{part} of which'} {can}"


def smallest_line(told: Recommendation) -> str:
    """How far the smallest set goes, and how sure that is."""
    found = told.smallest_set
    assert found is not None
    removed = sum(problem.kind == "loss" for problem in found.removes)
    of = removed + len(found.leaves)
    sure = "no smaller set does that" if found.proven else f"at least {counted(found.bound, 'change')} needed"
    changes = counted(len(found.changes), "change")
    return f"{changes} against {removed} of {counted(of, 'single point')} of failure: {sure}"


def is_told(told: Recommendation, suggestion: Suggestion) -> bool:
    """Whether a suggestion is the smallest set, which is told before."""
    return told.smallest_set is not None and suggestion.changes == told.smallest_set.changes


def to_tell(told: Recommendation) -> Sequence[Suggestion]:
    """The suggestions, without an only one that is the smallest set."""
    only = told.found == len(told.suggestions) == 1 and is_told(told, told.suggestions[0])
    return () if only else told.suggestions


def tried(told: Recommendation) -> str:
    """How much the search has looked at."""
    if not told.changes_tried:
        return "no change was worth trying"
    return f"{counted(told.changes_tried, 'set')} of changes tried, each planned and swept anew"


def written(change: ProposedEdit) -> str:
    """A change as it is written into the inventory."""
    return ": ".join((*map(scalar, change.path), flow(change.after)))


def gains(effect: BeforeAfter) -> list[str]:
    """What is better and what is worse, as measured."""
    told = []
    for words, (before, after) in _numbers(effect):
        if before != after:
            told.append(f"{words} {before} → {after}")
    return told or ["nothing else changes"]


def costs(effect: BeforeAfter, changes: Iterable[ProposedEdit]) -> list[str]:
    """What gets worse."""
    found = []
    if limited := [change.path[1] for change in changes if change.kind == "limit"]:
        found.append(f"fewer tasks run at once on {', '.join(limited)}, which takes longer")
    if effect.single_points_of_failure[1] > effect.single_points_of_failure[0]:
        found.append("what runs then depends on one thing")
    if effect.worst_share[1] > effect.worst_share[0]:
        found.append("the worst load grows")
    if effect.wan_decisions[1] > effect.wan_decisions[0]:
        found.append("more data crosses WAN links")
    if effect.findings[1] > effect.findings[0]:
        found.append("`validate` has more to say")
    return found


def _numbers(effect: BeforeAfter) -> list[tuple[str, tuple[str, str]]]:
    before, after = (f"{share:.0%}" for share in effect.worst_share)

    def plain(pair: tuple[int, int]) -> tuple[str, str]:
        return f"{pair[0]:,}", f"{pair[1]:,}"

    return [
        ("single points", plain(effect.single_points_of_failure)),
        ("failed", plain(effect.failed)),
        ("blocked", plain(effect.blocked)),
        ("worst share", (before, after)),
        ("over WAN", plain(effect.wan_decisions)),
        ("findings", plain(effect.findings)),
    ]


def names_of(told: Recommendation) -> dict[str, str]:
    """What people read for the id of each problem."""
    return {problem.id: _name(problem) for problem in told.problems}


def _name(problem: Problem) -> str:
    job, is_of_job, repository = problem.element.removeprefix("job:").rpartition(":repository:")
    return f"{problem.kind}:{job} on {repository}" if is_of_job and problem.kind in ("failing", "wan") else problem.id


def not_helped(told: Recommendation) -> Iterator[tuple[list[str], str]]:
    """The problems that nothing removes, by the reason: of each kind the first few reasons."""
    for kind in KINDS:
        found: dict[str, list[str]] = {}
        for problem in told.problems:
            if problem.kind == kind and problem.id in told.why:
                found.setdefault(told.why[problem.id], []).append(_name(problem))
        reasons = sorted(found.items(), key=lambda item: -len(item[1])) if len(found) > _REASONS else [*found.items()]
        yield from ((names, why) for why, names in reasons[:_REASONS])
        if rest := sum(len(names) for _, names in reasons[_REASONS:]):
            yield [counted(rest, f"more {kind} problem")], "for reasons of their own (--format json lists them)"
