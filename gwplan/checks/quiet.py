"""Which findings are suppressed: by selection of codes, and by comments beside the thing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from gwplan.checks.report import Suppressed
from gwplan.findings import Finding, Location, Rule, Severity, Spot
from gwplan.inventory.comments import Ignore

UNUSED_IGNORE = Rule(
    "GW148", "unused-ignore", Severity.NOTE, "README.md#keeping-findings-quiet",
    why="A comment asks to ignore a finding that is not there: it would hide the next one.",
    fix="Remove the comment, or the code from its list.",
)  # fmt: skip
INCOMPLETE_IGNORE = Rule(
    "GW149", "incomplete-ignore", Severity.NOTE, "README.md#keeping-findings-quiet",
    why="A comment that ignores findings names their codes and says why: nobody else knows later.",
    fix="Write `# gwplan: ignore[GW050] single by contract`.",
)  # fmt: skip
RULES_OF_COMMENTS = (UNUSED_IGNORE, INCOMPLETE_IGNORE)


@dataclass(frozen=True, slots=True)
class Selection:
    """Which codes are reported: the longest prefix decides; between equal ones, ignoring wins."""

    select: tuple[str, ...] = ("GW",)
    ignore: tuple[str, ...] = ()

    def __contains__(self, code: str) -> bool:
        chosen = max((len(prefix) for prefix in self.select if code.startswith(prefix)), default=0)
        refused = max((len(prefix) for prefix in self.ignore if code.startswith(prefix)), default=0)
        return chosen > refused


def quieten(
    findings: Iterable[Finding], comments: Sequence[Ignore], selection: Selection
) -> tuple[tuple[Finding, ...], tuple[Suppressed, ...]]:
    """The findings that remain, those that comments of the inventory suppress, and findings about the comments."""
    told: list[Finding] = []
    quiet: list[Suppressed] = []
    used: set[tuple[int, str]] = set()
    by_line: dict[tuple[str | None, int | None], list[int]] = {}
    for number, comment in enumerate(comments):
        by_line.setdefault((comment.location.file, comment.line), []).append(number)
    for finding in findings:
        if finding.code not in selection:
            continue
        hit = next(
            (
                (number, code)
                for number in _meant(by_line, finding)
                for code in comments[number].codes
                if finding.code.startswith(code)
            ),
            None,
        )
        if hit is None:
            told.append(finding)
        else:
            used.add(hit)
            quiet.append(Suppressed(finding, "comment", comments[hit[0]].reason))
    for number, comment in enumerate(comments):
        told += [finding for finding in _of_comment(comment, number, used, selection) if finding.code in selection]
    return tuple(sorted(told, key=_order)), tuple(quiet)


def _meant(by_line: Mapping[tuple[str | None, int | None], list[int]], finding: Finding) -> list[int]:
    """The comments that speak of a finding's line, or of its whole file, in their order."""
    location = finding.location
    if location is None:
        return []
    return sorted(by_line.get((location.file, location.line), []) + by_line.get((location.file, None), []))


def _of_comment(comment: Ignore, number: int, used: set[tuple[int, str]], selection: Selection) -> Iterable[Finding]:
    spot = Spot((), location=comment.location)
    if not comment.codes or not comment.reason:
        lacks = "names no code" if not comment.codes else "does not say why"
        fix = "write `# gwplan: ignore[GW050] single by contract`"
        yield Finding(INCOMPLETE_IGNORE, None, f"this comment {lacks}", fix, spot)
    for code in comment.codes:
        if (number, code) not in used and (len(code) < 5 or code in selection):
            yield Finding(UNUSED_IGNORE, None, f"nothing here gives {code}", "remove it from the comment", spot)


def _order(finding: Finding) -> tuple[str, int, int]:
    location: Location | None = finding.location
    return ("", 0, 0) if location is None else (location.file or "", location.line, location.column)
