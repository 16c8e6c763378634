"""Which edits change something by themselves: a decision, a finding, a single point of failure or a load.

An edit is laid alone over the earlier inventory, with what it cannot stand without: the entries that it names and that
are added, or those that still name what it removes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from gwplan.checks import check
from gwplan.failures.differences import differences, load_changes
from gwplan.failures.sweep import Sweep, sweep
from gwplan.findings import InventoryError
from gwplan.inventory.difference import Difference, EntryEdit
from gwplan.inventory.form import SECTION_OF
from gwplan.inventory.mentions import mentions, mentions_of
from gwplan.inventory.model import Inventory
from gwplan.inventory.names import group_of
from gwplan.inventory.references import kind_and_name
from gwplan.inventory.renames import ROLES
from gwplan.planning.editions import under_edition
from gwplan.planning.plan import Plan
from gwplan.planning.world import World
from gwplan.review.points import points_only_in
from gwplan.review.side import Asked, Reviewed, key_of, planned
from gwplan.review.surely import Surely

MOST = 20
"""The most edited entries for which each is asked for its effect."""
_TELLS_NOTHING = frozenset({"description", "tags", "id"})
"""Keys that never decide, and of which no check speaks."""


def effects(
    found: Difference, new: Inventory, before: Reviewed, after: Reviewed, asked: Asked,
    sweeps: tuple[Sweep, Sweep] | None, *, differs: bool,
) -> tuple[bool | None, ...]:  # fmt: skip
    """For each edit whether it alone changes something; None for each where there are too many. ``differs``: whether
    all of them together do."""
    if len(found.edits) > MOST:
        return (None,) * len(found.edits)
    speaking = [edit for edit in found.edits if _speaks(edit)]
    if len(speaking) == 1:
        return tuple(_speaks(edit) and differs for edit in found.edits)
    alone = _Alone(found, new, before, after, asked, sweeps, differs=differs)
    return tuple(_speaks(edit) and alone.has_effect(edit) for edit in found.edits)


def _speaks(edit: EntryEdit) -> bool:
    """Whether an edit is more than a new name and new remarks."""
    return edit.change in ("added", "removed") or any(change.key not in _TELLS_NOTHING for change in edit.keys)


class _Alone:
    """The earlier inventory with one edit, or a few."""

    def __init__(
        self, found: Difference, new: Inventory, before: Reviewed, after: Reviewed, asked: Asked,
        sweeps: tuple[Sweep, Sweep] | None, *, differs: bool,
    ) -> None:  # fmt: skip
        self.old, self.new, self.before, self.after, self.asked = found.before, new, before, after, asked
        self.found, self.sweeps, self.differs = found, sweeps, differs
        self.edits = [edit for edit in found.edits if _speaks(edit)]
        self.known: dict[frozenset[int], bool] = {}
        self.surely = Surely(before.plan, new)

    def has_effect(self, edit: EntryEdit) -> bool:
        if self.surely.changes(edit, self._name(edit)):
            return True
        edits = self._together(edit)
        which = frozenset(map(id, edits))
        if which not in self.known:
            self.known[which] = self.differs if len(edits) == len(self.edits) else self._changes(edits)
        return self.known[which]

    def _changes(self, edits: list[EntryEdit]) -> bool:
        try:
            inventory = self.old.changed(**self._overlay(edits))
        except InventoryError:  # it cannot stand without others
            return self.differs
        before = self.before.plan
        if all(self.surely.keeps_plan(edit, self._name(edit)) for edit in edits):
            made = replace(before, world=World(inventory, edition=before.world.edition).without(before.down))
        else:
            made = planned(inventory, self.asked)
        return (
            bool(differences(before, made) or load_changes(before, made))
            or self._changes_findings(made)
            or (self.sweeps is not None and self._changes_points(inventory, self.sweeps[0]))
        )

    def _changes_findings(self, made: Plan) -> bool:
        said = Counter(key_of(finding) for finding in check(made) if finding.code in self.asked.selection)
        before = Counter({key: n for key, n in self.before.said.items() if key[0] in self.asked.selection})
        return bool(said - before - self.after.quiet or before - said - self.before.quiet)

    def _changes_points(self, inventory: Inventory, before: Sweep) -> bool:
        now = sweep(under_edition(inventory, self.asked.edition), strategy=self.asked.strategy)
        return bool(points_only_in(now, before) or points_only_in(before, now))

    # --- what goes together -------------------------------------------------------------------------------------------

    def _together(self, edit: EntryEdit) -> list[EntryEdit]:
        """An edit and those that it cannot stand without."""
        found = [edit]
        for one in found:  # the list grows while it is walked
            found += (other for other in self._needed(one) if not any(other is known for known in found))
        return found

    def _needed(self, edit: EntryEdit) -> Iterator[EntryEdit]:
        if edit.change == "removed":
            gone = edit.kind, self._name(edit)
            earlier = (other for other in self.edits if other.kind != "inventory" and other.change != "added")
            yield from (other for other in earlier if other is not edit and gone in self._named(other, self.old))
        else:
            named = self._named(edit, self.new)
            yield from (other for other in self.edits if other.change == "added" and (other.kind, other.name) in named)

    def _named(self, edit: EntryEdit, inventory: Inventory) -> set[tuple[str, str]]:
        """What the entry of an edit names, as kind and name."""
        if edit.kind == "inventory":
            return {_meant(m, inventory) for m in mentions({edit.name: getattr(inventory, edit.name)})}
        section = SECTION_OF[edit.kind]
        name = self._name(edit) if inventory is self.old else edit.name
        entry = inventory.sections[section].get(name)
        if entry is None:
            return set()
        found = {_meant(m, inventory) for m in mentions_of(section, name, entry)}
        return found | ({("server", name)} if section in ROLES and entry.server is None else set())

    def _name(self, edit: EntryEdit) -> str:
        """What its entry is called in the earlier inventory: what is gone may have been given another name."""
        return self.found.renames.new(SECTION_OF[edit.kind], edit.name) if edit.change == "removed" else edit.name

    def _overlay(self, edits: Iterable[EntryEdit]) -> dict[str, Any]:
        changes: dict[str, Any] = {}
        for edit in edits:
            if edit.kind == "inventory":
                changes[edit.name] = getattr(self.new, edit.name)
            else:
                section = SECTION_OF[edit.kind]
                entry = None if edit.change == "removed" else self.new.sections[section][edit.name]
                changes.setdefault(section, {})[self._name(edit)] = entry
        return changes


def _meant(mention: Any, inventory: Inventory) -> tuple[str, str]:
    kind, name = kind_and_name(mention.name, mention.names, inventory.sections)
    if mention.names.members and name not in inventory.workloads:
        name = group_of(name, inventory.workloads) or name
    return kind, name
