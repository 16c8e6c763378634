"""``gwplan.diff/1``: keys in the order of the contract."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gwplan.failures.compare import Change
from gwplan.inventory.difference import EntryEdit
from gwplan.planning.decision import Decision
from gwplan.render.document import chunks, header
from gwplan.render.findings.as_json import finding_object
from gwplan.render.things import Compared, Unreadable

_TOLD_WHERE_THEY_DIFFER = ("proxy", "data_mover", "repository")


def diff_chunks(told: Compared) -> Iterator[str]:
    """The document as text."""
    found = told.found
    points: dict[str, Any] = {"new": list(found.points_new), "gone": list(found.points_gone)}
    body: dict[str, Any] = {
        "before": {"inventory": told.before, "product_version": found.before.product_version},
        "after": {"inventory": told.after, "product_version": found.after.product_version},
        "verdict": found.verdict,
        "inventory": [_edit_object(*both) for both in zip(found.edits, found.effects, strict=True)],
        "changes": [_change_object(change) for change in told.changes],
        "findings": {
            "new": list(map(finding_object, found.findings_new)),
            "fixed": list(map(finding_object, found.findings_fixed)),
        },
        "single_points_of_failure": points if found.swept else {**points, "skipped": True},
        "gateways": [load._asdict() for load in found.loads],
        "summary": dict(found.summary),
    }
    return chunks(header("diff", found.after), body)


def unreadable_chunks(told: Unreadable) -> Iterator[str]:
    """``gwplan.findings/1`` of the sides that cannot be read; each finding says of which side it is."""
    rows = [{**finding_object(one), "side": side.word} for side in told.sides for one in side.findings]
    counts = {"error": len(rows), "warning": 0, "note": 0, "suppressed": 0}
    return chunks(header("findings", None), {"findings": rows, "summary": counts})


def _edit_object(edit: EntryEdit, effect: bool | None) -> dict[str, Any]:
    found = {
        "kind": edit.kind,
        "name": edit.name,
        "change": edit.change,
        "was": edit.was,
        "keys": [key._asdict() for key in edit.keys],
        "effect": effect,
    }
    return {**found, "guessed": True} if edit.guessed else found


def _change_object(change: Change) -> dict[str, Any]:
    keys = ("job", "type", "operation", "side", "repository", "task")
    was, now = change.before, change.after
    also = [key for key in _TOLD_WHERE_THEY_DIFFER if was and now and getattr(was, key) != getattr(now, key)]
    return {
        **{key: getattr(change.decision, key) for key in keys},
        "before": _state_object(was, also),
        "after": _state_object(now, also),
        "change": change.change,
    }


def _state_object(decision: Decision | None, also: list[str]) -> dict[str, Any] | None:
    if decision is None:
        return None
    return {key: getattr(decision, key) for key in ("outcome", "gateway", "reason", *also)}
