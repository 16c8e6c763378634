"""``gwplan.recommendation/1``: keys in the order of the contract."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from gwplan.remedies.problems import Problem
from gwplan.remedies.recommend import Recommendation, Suggestion
from gwplan.render.document import chunks, header
from gwplan.render.things import Recommended


def recommendation_chunks(told: Recommended) -> Iterator[str]:
    """The document as text."""
    found = told.found
    body: dict[str, Any] = {
        "problems": [_problem(found, problem) for problem in found.problems],
        "smallest_set": _smallest(found),
        "suggestions": list(map(_suggestion, found.suggestions)),
        "summary": {
            "problems": len(found.problems),
            "helped": len(found.helped),
            "suggestions": len(found.suggestions),
            "changes_tried": found.changes_tried,
        },
    }
    return chunks(header("recommendation", found.plan), body)


def _problem(found: Recommendation, problem: Problem) -> dict[str, Any]:
    return {
        "id": problem.id,
        "kind": problem.kind,
        "element": problem.element,
        "jobs": list(problem.jobs),
        "decisions": problem.decisions,
        "helped": problem.id in found.helped,
        "why": found.why.get(problem.id),
    }


def _smallest(found: Recommendation) -> dict[str, Any] | None:
    smallest = found.smallest_set
    if smallest is None:
        return None
    return {
        "changes": [change.to_dict() for change in smallest.changes],
        "removes": [problem.id for problem in smallest.removes],
        "leaves": [problem.id for problem in smallest.leaves],
        "proven": smallest.proven,
        "bound": smallest.bound,
        "conditions": list(smallest.conditions),
        "effect": asdict(found.smallest_effect) if found.smallest_effect else None,
    }


def _suggestion(suggestion: Suggestion) -> dict[str, Any]:
    return {
        "changes": [change.to_dict() for change in suggestion.changes],
        "removes": list(suggestion.removes),
        "conditions": list(suggestion.conditions),
        "effect": asdict(suggestion.effect),
    }
