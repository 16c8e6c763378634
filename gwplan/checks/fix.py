"""What ``validate --fix`` does: the certain edits of findings, made in the text and proven, round after round until
none is left that can be made."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from gwplan.findings import Edit, Finding, Path
from gwplan.inventory.edit import Edited, Refused, edited
from gwplan.inventory.source import Source

_ROUNDS = 8
"""The most rounds: what an edit brings to light is mended, too, but not for ever."""

_TRIES = 100
"""The most parts that are tried by themselves where not all findings can be mended at once."""


@dataclass(frozen=True, slots=True)
class Found:
    """What there is to say of some texts, and whether they can be read as an inventory."""

    findings: tuple[Finding, ...]
    is_readable: bool


@dataclass(frozen=True, slots=True)
class NotFixed:
    """A finding whose edit cannot be made in the text as it is written, and what to write by hand."""

    finding: Finding
    refusal: Refused


@dataclass(frozen=True, slots=True)
class Mended:
    """The texts of an inventory before and after, the findings that were mended, and those that could not be."""

    before: tuple[Source, ...]
    after: tuple[Source, ...]
    fixed: tuple[Finding, ...]
    refused: tuple[NotFixed, ...]


def fix(sources: tuple[Source, ...], find: Callable[[tuple[Source, ...]], Found], *, unsafe: bool) -> Mended:
    """Mend what ``find`` finds in some texts, whether they can be read as an inventory or not.

    An inventory that can be read can be read afterwards, or it is left as it is.
    """
    before, fixed, refused = sources, list[Finding](), list[NotFixed]()
    found = find(sources)
    for _ in range(_ROUNDS):
        tried = [one.finding.remedy for one in refused]
        able = [f for f in found.findings if f.remedy and (unsafe or f.remedy.is_safe) and f.remedy not in tried]
        made, done, further = _made(sources, _apart(able))
        refused += further
        then = find(made) if done else found
        if not done or (found.is_readable and not then.is_readable):
            break
        sources, found = made, then
        fixed += done
    return Mended(before, sources, tuple(fixed), tuple(refused))


def _apart(findings: Iterable[Finding]) -> list[Finding]:
    """The findings whose edits do not clash: not two values for one place, nor one place within another. The first
    of those that clash is kept."""
    taken: dict[Path, Edit] = {}
    around: set[Path] = set()
    found = []
    for finding in findings:
        edits = _edits(finding)
        within = {edit.path[:depth] for edit in edits for depth in range(1, len(edit.path))}
        meets = within & taken.keys() or any(edit.path in around for edit in edits)
        if not meets and all(taken.get(edit.path, edit) == edit for edit in edits):
            taken |= {edit.path: edit for edit in edits}
            around |= within
            found.append(finding)
    return found


def _edits(finding: Finding) -> tuple[Edit, ...]:
    return finding.remedy.edits if finding.remedy else ()


def _made(
    sources: tuple[Source, ...], wanted: list[Finding]
) -> tuple[tuple[Source, ...], list[Finding], list[NotFixed]]:
    """Mend as many findings as can be mended together: all at once, else by halves, in at most ``_TRIES`` tries."""
    made, done, refused = sources, list[Finding](), list[NotFixed]()
    waiting = [wanted] if wanted else []
    tries = 0
    while waiting:
        part, tries = waiting.pop(), tries + 1
        result = edited(sources, [edit for finding in (*done, *part) for edit in _edits(finding)])
        if isinstance(result, Edited):
            made, done = result.sources, done + part
        elif len(part) == 1 or tries > _TRIES:
            refused += [NotFixed(finding, result) for finding in part]
        else:
            waiting += [part[len(part) // 2 :], part[: len(part) // 2]]
    return made, done, refused
