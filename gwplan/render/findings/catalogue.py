"""The catalogue of ``validate``: one rule explained, all in a table, as JSON, or as a page of documentation."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from gwplan.checks.examples import example_of
from gwplan.findings import Rule
from gwplan.render.links import page
from gwplan.render.sheet import Block, Cell, Sheet

_STYLE = {"error": "bad", "warning": "warn", "note": "dim"}


def catalogue_blocks(rules: Sequence[Rule]) -> Iterator[Block]:
    """One rule is explained, several are listed."""
    return _explained(rules[0]) if len(rules) == 1 else _listed(rules)


def _explained(rule: Rule) -> Iterator[Block]:
    """Why, a wrong and a right example, the fix, the page."""
    yield Cell(f"{rule.code} {rule.name} ({rule.severity})", "head")
    yield f"  why: {rule.why}"
    for label, text in _illustrated(rule):
        yield f"  {label}:"
        yield from (f"    {line}" for line in text.splitlines())
    yield f"  fix: {rule.fix}"
    yield Cell(f"  see: {page(rule.reference) or rule.reference}", "dim")


def _listed(rules: Iterable[Rule]) -> Iterator[Block]:
    """All rules, a line each."""
    rows = [(one.code, one.name, Cell(one.severity, _STYLE[one.severity]), one.reference) for one in rules]
    yield Sheet(("code", "rule", "severity", "page"), rows)


def catalogue_json(rules: Iterable[Rule]) -> str:
    """``gwplan.checks/1``."""
    return json.dumps({"format": "gwplan.checks/1", "rules": [_rule_object(rule) for rule in rules]}, indent=1) + "\n"


def _rule_object(rule: Rule) -> dict[str, Any]:
    example = example_of(rule.code)
    return {
        "code": rule.code,
        "name": rule.name,
        "severity": str(rule.severity),
        "why": rule.why,
        "fix": rule.fix,
        "wrong": example.wrong if example else None,
        "right": example.right if example else None,
        "reference": rule.reference,
    }


def rules_page(rules: Iterable[Rule]) -> str:
    """The page of documentation: the words are the project's own, so they stand as they are."""
    parts = ["# The rules of `gwplan validate`\n"]
    for one in rules:
        link = page(one.reference) or f"../{one.reference}"
        parts.append(f"## {one.code} {one.name}\n\n*{one.severity}.* {one.why}\n\n{one.fix}\n")
        for label, text in _illustrated(one):
            parts.append(f"{label.capitalize()}:\n\n```yaml\n{text}\n```\n")
        parts.append(f"See [{one.reference}]({link}).\n")
    return "\n".join(parts)


def _illustrated(rule: Rule) -> Iterator[tuple[str, str]]:
    """``wrong`` and ``right``, each with its text; nothing where there is no text to show."""
    example = example_of(rule.code)
    if example:
        yield from example._asdict().items()
