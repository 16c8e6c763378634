"""The words of a diff that every format for people shares: what it comes to, who served and who serves, and why."""

from __future__ import annotations

import json
from typing import Any

from gwplan.failures.compare import Change, mover
from gwplan.inventory.difference import EntryEdit, KeyChange
from gwplan.nouns import counted
from gwplan.planning.decision import Decision
from gwplan.render.sheet import some
from gwplan.review.diff import Diff

MEANS = {
    "lost": "no server may serve them",
    "blocked": "they cannot run",
    "restored": "served again",
    "moved": "another server serves",
    "rebalanced": "the load spreads differently",
    "appeared": "only the new side has them",
    "gone": "only the old side had them",
}
_SHORT = 12
"""The most names of two lists that are both told; of longer ones, only what came and went is."""
_COUNTED = (
    ("lost", "decision", "lost"), ("blocked", "decision", "blocked"), ("restored", "decision", "restored"),
    ("single_points_new", "single point of failure", "new"), ("single_points_gone", "single point of failure", "gone"),
    ("moved", "decision", "moved"), ("rebalanced", "decision", "rebalanced"), ("appeared", "decision", "appeared"),
    ("gone", "decision", "gone"), ("findings_new", "finding", "new"), ("findings_fixed", "finding", "fixed"),
    ("entries_added", "entry", "added"), ("entries_removed", "entry", "removed"),
    ("entries_changed", "entry", "changed"), ("entries_renamed", "entry", "renamed"),
)  # fmt: skip


def tally(found: Diff) -> str:
    """The verdict and the counts."""
    return f"{found.verdict}: {counts(found)}"


def counts(found: Diff) -> str:
    """Everything that is not zero, counted: a noun is said once for all that follows it."""
    parts: list[str] = []
    said = ""
    for key, noun, word in _COUNTED:
        if number := found.summary[key]:
            parts.append(f"{number:,} {word}" if noun == said else f"{counted(number, noun)} {word}")
            said = noun
    if found.verdict == "same":
        parts = ["the night does not change", *parts]
    elif not parts or all(found.summary[key] == 0 for key, noun, _ in _COUNTED if noun != "entry"):
        parts = [f"another load on {counted(len(found.loads), 'gateway server')}", *parts]
    return ", ".join(parts)


def decision_place(decision: Decision) -> str:
    """Where in the night it is: the side, the repository, and the wave where that is not the data's."""
    wave = "" if decision.operation == "data" else f" {decision.operation}"
    return f"{decision.side} {decision.repository}{wave}"


def state_text(decision: Decision | None) -> str:
    """Who serves, or why nobody does."""
    if decision is None:
        return "not planned"
    if decision.outcome == "none_needed":
        return f"data mover {decision.data_mover or decision.repository}"
    return decision.gateway or f"{decision.outcome} ({decision.reason})"


def step_text(change: Change) -> str:
    """From what to what, with the readers where they alone differ."""
    was, now = change.before, change.after
    step = f"{state_text(was)} → {state_text(now)}"
    if was is not None and now is not None and state_text(was) == state_text(now) and was.proxy != now.proxy:
        return f"{state_text(now)}, read by {was.proxy or 'nobody'} → {now.proxy or 'nobody'}"
    return step


def cause_text(change: Change) -> str:
    """Why it differs, as far as the later plan says so."""
    was, now = change.before, change.after
    if now is None:
        return "no longer planned"
    if change.change in ("lost", "blocked"):
        return now.why
    if was is None:
        return "newly planned"
    if change.change == "restored":
        return f"before: {was.why}"
    if was.repository != now.repository:
        return f"{was.repository} → {now.repository}"
    if change.change == "rebalanced":
        return MEANS["rebalanced"]
    if mover(was) == mover(now):
        return f"{was.proxy or 'nobody'} reads it no more"
    return _no_longer(mover(was), now)


def _no_longer(server: str, now: Decision) -> str:
    """Why a server serves no more."""
    found = [one for tier in now.ruling.tiers for one in tier.candidates if one.server == server]
    refusal = next((candidate.refusal for candidate in found if candidate.refusal), None)
    return f"{server} {refusal.why}" if refusal else f"{server} is no candidate any more"


def edit_text(edit: EntryEdit) -> str:
    """One edit in a line."""
    thing = edit.kind.replace("_", " ")
    if edit.kind == "inventory":
        return f"{_key_text(edit.keys[0])}"
    keys = "; ".join(map(_key_text, edit.keys))
    if edit.change == "renamed":
        guess = " (guessed: otherwise equal)" if edit.guessed else ""
        return f"{thing} {edit.was} is now {edit.name}{guess}{f'; {keys}' if keys else ''}"
    return f"{thing} {edit.name} {edit.change}{f': {keys}' if keys else ''}"


def _key_text(change: KeyChange) -> str:
    before, after = change.before, change.after
    if isinstance(before, list) and isinstance(after, list) and len(before) + len(after) > _SHORT:
        was, now = ({_value_text(item): None for item in items} for items in (before, after))
        came, went = [f"+{item}" for item in now if item not in was], [f"−{item}" for item in was if item not in now]
        return f"{change.key} {some([*came, *went], _SHORT) or 'in another order'}"
    return f"{change.key} {_value_text(change.before)} → {_value_text(change.after)}"


def _value_text(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return f"[{', '.join(value)}]"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
