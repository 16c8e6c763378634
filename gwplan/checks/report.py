"""What is told and what is kept quiet: selection by code, comments beside the thing, a baseline of known findings."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gwplan.findings import Finding, Location, Rule, Severity, Spot
from gwplan.inventory.comments import Ignore

UNUSED_IGNORE = Rule(
    "GW148", "unused-ignore", Severity.NOTE, "README.md#keeping-findings-quiet",
    "A comment asks to ignore a finding that is not there: it would hide the next one.",
    "Remove the comment, or the code from its list.",
    "x-note: nothing is wrong here  # gwplan: ignore[GW050] by contract",
    "x-note: nothing is wrong here",
)  # fmt: skip
INCOMPLETE_IGNORE = Rule(
    "GW149", "incomplete-ignore", Severity.NOTE, "README.md#keeping-findings-quiet",
    "A comment that ignores findings names their codes and says why: nobody else knows later.",
    "Write `# gwplan: ignore[GW050] single by contract`.",
    "x-note: single by contract  # gwplan: ignore[GW050]",
    "x-note: single by contract  # gwplan: ignore[GW050] single by contract",
)  # fmt: skip
RULES = (UNUSED_IGNORE, INCOMPLETE_IGNORE)


@dataclass(frozen=True, slots=True)
class Selection:
    """Which codes are told: the longest prefix decides, and of equal ones the ignored."""

    select: tuple[str, ...] = ("GW",)
    ignore: tuple[str, ...] = ()

    def __contains__(self, code: str) -> bool:
        chosen = max((len(prefix) for prefix in self.select if code.startswith(prefix)), default=0)
        refused = max((len(prefix) for prefix in self.ignore if code.startswith(prefix)), default=0)
        return chosen > refused


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A finding that is kept quiet, by what (``comment`` or ``baseline``) and why."""

    finding: Finding
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """What there is to say of some inventories. ``product_version`` is None where they differ or cannot be read."""

    findings: tuple[Finding, ...]
    suppressed: tuple[Suppressed, ...] = ()
    product_version: str | None = None
    strategy: str | None = None
    names: tuple[str, ...] = field(default=())
    """The inventories, as given."""

    def count(self, severity: Severity) -> int:
        return sum(finding.severity is severity for finding in self.findings)

    @property
    def worst_first(self) -> list[Finding]:
        """The findings by severity, each severity in the order of the text."""
        order = list(Severity)
        return sorted(self.findings, key=lambda finding: order.index(finding.severity))

    def fails(self, fail_on: str) -> bool:
        """Whether a finding is at or above a severity; ``never``: no."""
        order = [str(severity) for severity in Severity]
        return fail_on != "never" and any(order.index(f.severity) <= order.index(fail_on) for f in self.findings)


def quieten(
    findings: Iterable[Finding], comments: Sequence[Ignore], selection: Selection
) -> tuple[tuple[Finding, ...], tuple[Suppressed, ...]]:
    """The findings that remain of one inventory, those that its comments keep quiet, and news of the comments."""
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


# --- fingerprints and the baseline ------------------------------------------------------------------------------------

_DIGITS = re.compile("[0-9]+")


def fingerprints(findings: Iterable[Finding]) -> tuple[str, ...]:
    """One for each finding, the same when lines move and numbers change: code, subject, path, words, and which of
    several equal ones it is."""
    seen: Counter[str] = Counter()
    found = []
    for finding in findings:
        subject = (finding.subject.kind, finding.subject.name) if finding.subject else ("", "")
        path = [str(part) for part in finding.spot.path if isinstance(part, str)] if finding.spot else []
        words = [] if finding.subject else [_DIGITS.sub("#", finding.message)]
        cause = [] if not finding.subject else [_DIGITS.sub("#", finding.fix)]
        text = "\x1f".join((finding.code, *subject, *path, *words, *cause))
        found.append(hashlib.sha256(f"{text}\x1f{seen[text]}".encode("utf-8", "surrogatepass")).hexdigest()[:32])
        seen[text] += 1
    return tuple(found)


def baseline_document(findings: Sequence[Finding], version: str) -> dict[str, Any]:
    """``gwplan.baseline/1``: what is known today, by fingerprint, with the words for the people who review it."""
    return {
        "format": "gwplan.baseline/1",
        "gwplan_version": version,
        "findings": [
            {
                "fingerprint": mark,
                "code": finding.code,
                "subject": f"{finding.subject.kind} {finding.subject.name}" if finding.subject else None,
                "message": finding.message,
            }
            for mark, finding in zip(fingerprints(findings), findings, strict=True)
        ],
    }


def known_of(document: Any) -> frozenset[str] | None:
    """The fingerprints of a baseline document; None where it is none."""
    if not isinstance(document, Mapping) or document.get("format") != "gwplan.baseline/1":
        return None
    entries = document.get("findings")
    if not isinstance(entries, list) or not all(isinstance(entry, Mapping) for entry in entries):
        return None
    return frozenset(str(entry.get("fingerprint")) for entry in entries)


def without_known(findings: Sequence[Finding], known: frozenset[str]) -> tuple[tuple[Finding, ...], tuple[Suppressed, ...]]:
    """The findings that a baseline does not have, and those that it has."""
    marks = fingerprints(findings)
    new = tuple(finding for mark, finding in zip(marks, findings, strict=True) if mark not in known)
    old = tuple(
        Suppressed(finding, "baseline", "in the baseline")
        for mark, finding in zip(marks, findings, strict=True)
        if mark in known
    )
    return new, old
