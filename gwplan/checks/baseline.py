"""Findings that are known already: a baseline has their fingerprints, which outlast moved lines and changed numbers."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gwplan.checks.report import Suppressed
from gwplan.findings import Finding

_DIGITS = re.compile("[0-9]+")


def fingerprints(findings: Iterable[Finding]) -> tuple[str, ...]:
    """A fingerprint of each finding that stays the same when lines move and numbers change: of its code, subject, path,
    words, and its place among equal ones."""
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
    """The fingerprints of a baseline document; None where it is no such document."""
    if not isinstance(document, Mapping) or document.get("format") != "gwplan.baseline/1":
        return None
    entries = document.get("findings")
    if not isinstance(entries, list) or not all(isinstance(entry, Mapping) for entry in entries):
        return None
    return frozenset(str(entry.get("fingerprint")) for entry in entries)


def without_known(
    findings: Sequence[Finding], known: frozenset[str]
) -> tuple[tuple[Finding, ...], tuple[Suppressed, ...]]:
    """The findings that a baseline does not have, and those that it has."""
    marks = fingerprints(findings)
    new = tuple(finding for mark, finding in zip(marks, findings, strict=True) if mark not in known)
    old = tuple(
        Suppressed(finding, "baseline", "in the baseline")
        for mark, finding in zip(marks, findings, strict=True)
        if mark in known
    )
    return new, old
