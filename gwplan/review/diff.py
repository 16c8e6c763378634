"""What an edit of the inventory changes: decisions, findings, single points of failure, loads, and which edits do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from gwplan.checks.quiet import Selection
from gwplan.failures.compare import Change, is_bad_news
from gwplan.failures.differences import DIFFERENCES, LoadChange, differences, load_changes
from gwplan.failures.sweep import Progress, Sweep, sweep
from gwplan.findings import Finding, Severity
from gwplan.inventory.difference import EntryEdit, difference
from gwplan.inventory.model import Inventory
from gwplan.inventory.notebook import html_table
from gwplan.planning.editions import under_edition
from gwplan.planning.plan import Plan
from gwplan.review.effects import effects
from gwplan.review.points import points_only_in
from gwplan.review.side import Asked, Reviewed, require_down, side_of, unmatched


@dataclass(frozen=True)
class Diff:
    """Two inventories compared. All names are those of the later one; ``effects`` says of each edit whether it alone
    changes something, None where that was not asked."""

    before: Plan
    after: Plan
    edits: tuple[EntryEdit, ...]
    effects: tuple[bool | None, ...]
    changes: tuple[Change, ...]
    findings_new: tuple[Finding, ...]
    findings_fixed: tuple[Finding, ...]
    points_new: tuple[str, ...]
    points_gone: tuple[str, ...]
    loads: tuple[LoadChange, ...]
    swept: bool = True
    """Whether single points of failure were looked for."""

    def __repr__(self) -> str:
        counts = ", ".join(f"{number} {name}" for name, number in self.summary.items() if number)
        return f"<Diff, {self.verdict}{': ' if counts else ''}{counts}>"

    def _repr_html_(self) -> str:
        columns = ("change", "job", "operation", "side", "repository", "task")
        told = (change.to_dict() for change in self.changes)
        return html_table(repr(self), columns, ([row[column] for column in columns] for row in told))

    @cached_property
    def verdict(self) -> str:
        """``worse``, ``better``, ``changed`` or ``same``."""
        if self.points_new or any(map(is_bad_news, self.changes)) or _has_error(self.findings_new):
            return "worse"
        if self.points_gone or self.of("restored") or _has_error(self.findings_fixed):
            return "better"
        return "changed" if self.differs else "same"

    @property
    def differs(self) -> bool:
        """Whether a decision, finding, single point or load differs."""
        parts = (self.changes, self.findings_new, self.findings_fixed, self.points_new, self.points_gone, self.loads)
        return any(parts)

    def of(self, change: str) -> list[Change]:
        return [one for one in self.changes if one.change == change]

    @property
    def summary(self) -> Mapping[str, int]:
        """How many there are of each class, in the order and the words of the JSON."""
        changes = Counter(change.change for change in self.changes)
        edits = Counter(edit.change for edit in self.edits)
        return {
            **{name: changes[name] for name in DIFFERENCES},
            "findings_new": len(self.findings_new),
            "findings_fixed": len(self.findings_fixed),
            "single_points_new": len(self.points_new),
            "single_points_gone": len(self.points_gone),
            **{f"entries_{name}": edits[name] for name in ("added", "removed", "changed", "renamed")},
        }


def _has_error(findings: Iterable[Finding]) -> bool:
    return any(finding.severity is Severity.ERROR for finding in findings)


def diff(
    old: Inventory,
    new: Inventory,
    *,
    down: Iterable[str] = (),
    strategy: str = "nearest",
    edition: str | None = None,
    single_points: bool = True,
    selection: Selection | None = None,
    progress: Progress | None = None,
) -> Diff:
    """What changes from one inventory to the other.

    ``down`` is down on both sides, ``edition`` holds for both, ``selection`` has the codes of findings that count.
    With ``single_points`` every single loss is tried on both sides. Raises UsageError for a name that neither side has,
    and for an edition that is not known.
    """
    names = (down,) if isinstance(down, str) else tuple(down)
    asked = Asked(names, strategy, edition, selection or Selection())
    found = difference(old, new)
    require_down(asked.down, found.before, new)
    before = side_of(found.before, asked, old.text, found.renames)
    after = before if old is new else side_of(new, asked, new.text)
    sweeps = _sweeps(found.before, new, asked, progress) if single_points else None
    base = compared(before, after, sweeps)
    told = effects(found, new, before, after, asked, sweeps, differs=base.differs)
    return replace(base, edits=found.edits, effects=told)


def upgrade(
    inventory: Inventory,
    edition: str,
    *,
    down: Iterable[str] = (),
    strategy: str = "nearest",
    single_points: bool = True,
    selection: Selection | None = None,
    progress: Progress | None = None,
) -> Diff:
    """What changes for one inventory under another edition of the vendor's rules, of which no entry is edited."""
    later = under_edition(inventory, edition)
    found = diff(
        inventory, later, down=down, strategy=strategy, single_points=single_points, selection=selection,
        progress=progress,
    )  # fmt: skip
    return replace(found, edits=(), effects=())


def compared(before: Reviewed, after: Reviewed, sweeps: tuple[Sweep, Sweep] | None) -> Diff:
    """Compare two sides."""
    return Diff(
        before=before.plan,
        after=after.plan,
        edits=(),
        effects=(),
        changes=differences(before.plan, after.plan),
        findings_new=unmatched(after.findings, before.findings),
        findings_fixed=unmatched(before.findings, after.findings),
        points_new=points_only_in(sweeps[1], sweeps[0]) if sweeps else (),
        points_gone=points_only_in(sweeps[0], sweeps[1]) if sweeps else (),
        loads=load_changes(before.plan, after.plan),
        swept=sweeps is not None,
    )


def _sweeps(old: Inventory, new: Inventory, asked: Asked, progress: Progress | None) -> tuple[Sweep, Sweep]:
    """Every single loss on both sides."""
    first = sweep(under_edition(old, asked.edition), strategy=asked.strategy, progress=progress)
    if old is new:
        return first, first
    return first, sweep(under_edition(new, asked.edition), strategy=asked.strategy, progress=progress)
