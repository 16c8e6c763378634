"""What differs from one edition of the vendor's rules to the next: rows, systems, and the limits around them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gwplan.planning.table import Edition, Row


class RuleChange(NamedTuple):
    """One thing that two editions say differently, in words; None where an edition says nothing of it."""

    what: str
    before: str | None
    after: str | None


def between(one: Edition, other: Edition) -> tuple[RuleChange, ...]:
    """Everything that differs, rows first."""
    return (*_rows(one, other), *_systems(one, other), *_limits(one, other))


def _rows(one: Edition, other: Edition) -> Iterator[RuleChange]:
    names = dict.fromkeys([row.id for row in one.rows] + [row.id for row in other.rows])
    for name in names:
        before, after = (_row_text(edition, edition.row_called(name)) for edition in (one, other))
        if before != after:
            yield RuleChange(f"row {name}", before, after)


def _row_text(edition: Edition, row: Row | None) -> str | None:
    if row is None:
        return None
    when = row.when.text.removeprefix("automatic selection, ")
    return f"{when}: {edition.text(row)} ({row.certainty_text})"


def _systems(one: Edition, other: Edition) -> Iterator[RuleChange]:
    """Grouped by what changes, so that types of repository that change alike are told together."""
    alike: dict[tuple[str | None, str | None], list[str]] = {}
    for kind in dict.fromkeys([*one.systems, *other.systems]):
        before, after = (_systems_text(edition, kind) for edition in (one, other))
        if before != after:
            alike.setdefault((before, after), []).append(kind)
    for (before, after), kinds in alike.items():
        yield RuleChange(f"check os of a gateway server for {', '.join(sorted(kinds))}", before, after)


def _systems_text(edition: Edition, kind: str) -> str | None:
    found = edition.systems.get(kind)
    return ", ".join(name for name in ("windows", "linux", "hyperv") if name in found) if found else None


def _limits(one: Edition, other: Edition) -> Iterator[RuleChange]:
    if one.hardened_serves != other.hardened_serves:
        texts = (
            f"serves as {', '.join(sorted(edition.hardened_serves))}" if edition.hardened_serves else "never serves"
            for edition in (one, other)
        )
        yield RuleChange("check role of the server of a hardened repository", *texts)
    if one.fc_needs_selection != other.fc_needs_selection:
        texts = ("explicitly" if edition.fc_needs_selection else "either way" for edition in (one, other))
        yield RuleChange("selection for an appliance over Fibre Channel", *texts)
