"""What is wrong with a changed inventory: the findings of loading its text, for no more work than the change needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from gwplan.findings import Finding
from gwplan.inventory import shaping
from gwplan.inventory.contradictions import check_across, check_entries, check_held
from gwplan.inventory.document import SECTIONS
from gwplan.inventory.holdings import Holdings
from gwplan.inventory.references import Checking, Sections, check_references


def check_changed(
    head: Mapping[str, Any], sections: Sections, changes: Mapping[str, Any], holdings: Callable[[], Holdings] | None
) -> list[Finding]:
    """What the changes make wrong. ``head`` and ``sections`` are those of the changed inventory; ``holdings`` is None
    where no unchanged entry can have become wrong."""
    checking = Checking({**head, **sections}, sections, [])
    new = {key: {name: entry for name, entry in value.items() if entry is not None} if key in SECTIONS else value
           for key, value in changes.items()}  # fmt: skip
    if not head.keys().isdisjoint(new):
        shaping.check_head({"gwplan": 1, **head}, checking.findings)
    for section in SECTIONS:
        for name in new.get(section, ()):
            shaping.check_name(section, name, checking.findings)
    check_references(checking, checking.data if holdings else new)
    check_entries(checking, sections if holdings else new)
    if holdings:
        check_across(checking)
        if not checking.findings:
            check_held(checking, holdings())
    return checking.findings
