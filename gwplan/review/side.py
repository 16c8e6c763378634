"""One side of a comparison: an inventory under the names of the later one, its plan and its findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace

from gwplan.checks import check
from gwplan.checks.quiet import Selection, quieten
from gwplan.findings import Finding, Path, Spot, Subject, UsageError
from gwplan.inventory.comments import ignores
from gwplan.inventory.document import SECTIONS
from gwplan.inventory.model import Inventory
from gwplan.inventory.places import place
from gwplan.inventory.renames import Renames
from gwplan.inventory.source import Source
from gwplan.network import elements
from gwplan.planning.editions import under_edition
from gwplan.planning.plan import Plan, plan

FindingKey = tuple[str, Subject | None, str]
"""Code, subject and message: findings that share them say the same."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of both sides alike. ``selection`` has the codes of findings that count."""

    down: tuple[str, ...]
    strategy: str
    edition: str | None
    selection: Selection


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A plan and its findings. ``quiet`` counts those that comments suppress, ``said`` all of them."""

    plan: Plan
    findings: tuple[Finding, ...]
    quiet: Counter[FindingKey]
    said: Counter[FindingKey]


def side_of(inventory: Inventory, asked: Asked, text: tuple[Source, ...], renames: Renames | None = None) -> Reviewed:
    """Plan and check an inventory. Its findings are placed in the text, which may have the names before ``renames``."""
    made = planned(inventory, asked)
    found = check(made)
    if renames:
        found = place(_under_old_names(found, renames), text)
    told, suppressed = quieten(found, ignores(text), asked.selection)
    quiet = Counter(key_of(one.finding) for one in suppressed)
    return Reviewed(made, told, quiet, Counter(map(key_of, found)))


def planned(inventory: Inventory, asked: Asked) -> Plan:
    """The plan of one inventory with what it has of all that is down."""
    known = [name for name in asked.down if _has(inventory, name)]
    return plan(under_edition(inventory, asked.edition), down=known, strategy=asked.strategy)


def require_down(down: Collection[str], *inventories: Inventory) -> None:
    """Raises UsageError for a name that no side has."""
    for name in down:
        if not any(_has(inventory, name) for inventory in inventories):
            elements(inventories[-1], (name,))


def _has(inventory: Inventory, name: str) -> bool:
    try:
        return bool(elements(inventory, (name,)))
    except UsageError:
        return False


def key_of(finding: Finding) -> FindingKey:
    return finding.code, finding.subject, finding.message


def unmatched(ours: Iterable[Finding], theirs: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings that the other side does not have: matched by code, subject and message, what is left by code and
    subject."""
    ours, theirs = _left(tuple(ours), tuple(theirs), key_of)
    return _left(ours, theirs, lambda finding: (finding.code, finding.subject))[0]


def _left(
    ours: tuple[Finding, ...], theirs: tuple[Finding, ...], key: Callable[[Finding], object]
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """What is left on each side when equal findings are paired off."""
    return _without(ours, Counter(map(key, theirs)), key), _without(theirs, Counter(map(key, ours)), key)


def _without(
    findings: tuple[Finding, ...], counts: Counter[object], key: Callable[[Finding], object]
) -> tuple[Finding, ...]:
    left = []
    for finding in findings:
        if counts[key(finding)] > 0:
            counts[key(finding)] -= 1
        else:
            left.append(finding)
    return tuple(left)


# --- places under the old names ---------------------------------------------------------------------------------------


def _under_old_names(findings: Iterable[Finding], renames: Renames) -> list[Finding]:
    """The findings with the paths that the text has."""
    old = {section: {new: was for was, new in names.items()} for section, names in renames.names.items()}

    def path_of(path: Path) -> Path:
        if len(path) < 2 or path[0] not in SECTIONS:
            return path
        head = (path[0], old[str(path[0])].get(str(path[1]), path[1]))
        rest = path[2:]
        if path[0] == "scale_out_repositories":  # whose extents are keys
            rest = tuple(old["repositories"].get(part, part) if isinstance(part, str) else part for part in rest)
        return (*head, *rest)

    def spot_of(spot: Spot) -> Spot:
        return replace(spot, path=path_of(spot.path), location=None)

    return [
        replace(one, spot=one.spot and spot_of(one.spot), related=tuple(map(spot_of, one.related))) for one in findings
    ]
