"""The editions of the vendor's rules: one file each, listed here once.

The ``product_version`` of an inventory picks one: a build, and any other version of a major, takes that of its major.
"""

from __future__ import annotations

import copyreg
from typing import TYPE_CHECKING

from gwplan.findings import UsageError
from gwplan.inventory.document import is_known_version
from gwplan.planning.editions.v12 import V12
from gwplan.planning.editions.v13 import V13
from gwplan.planning.editions.v13_2026_03_03 import V13_2026_03_03
from gwplan.planning.table import Edition, Row

if TYPE_CHECKING:
    from gwplan.inventory.model import Inventory

EDITIONS: tuple[Edition, ...] = (V12, V13, V13_2026_03_03)
BY_ID = {edition.id: edition for edition in EDITIONS}


def edition_of(product_version: str) -> Edition:
    """The edition that a ``product_version`` means. Raises KeyError for one that no edition is known of."""
    return BY_ID[product_version.partition(".")[0]]


def refusing(kind: str, os: str, since: Edition) -> Edition | None:
    """The first edition, from ``since`` on, under which no server of this system may serve this type of repository."""
    later = EDITIONS[EDITIONS.index(since) :]
    return next((edition for edition in later if os not in edition.systems[kind]), None)


def is_beyond_pages(product_version: str) -> bool:
    """Whether the version is a later one of its major than any whose page is known: 13.1, but not 13.0.1.1071."""
    edition = edition_of(product_version)
    if edition.date is None:
        return False
    told, known = (tuple(map(int, text.split(".")[1:2])) for text in (product_version, edition.build))
    return told > known


def under_edition(inventory: Inventory, edition: str | None) -> Inventory:
    """The inventory as it would be with this ``product_version``; the very same where none is asked for.

    Raises UsageError for one whose rules are not known.
    """
    if edition is None or edition == inventory.product_version:
        return inventory
    require_known(edition)
    return inventory.changed(product_version=edition)


def require_known(edition: str) -> None:
    """Raises UsageError for a version whose rules are not known, with the list of those that are."""
    if not is_known_version(edition):
        known = ", ".join(f'"{one.id}"' for one in EDITIONS)
        raise UsageError(f'the rules of version {edition!r} are not known; those of {known} are, and of their builds')


def _row_of(edition: str, number: int) -> Row:
    return BY_ID[edition].rows[number]


def _edition_called(name: str) -> Edition:
    return BY_ID[name]


def _reduce_row(row: Row) -> tuple[object, ...]:
    """A row holds functions, which cannot be pickled: it is named by its edition and its number there."""
    for edition in EDITIONS:
        for number, other in enumerate(edition.rows):
            if other is row:
                return _row_of, (edition.id, number)
    raise TypeError(f"{row.id} is in no known edition")


def _reduce_edition(edition: Edition) -> tuple[object, ...]:
    return _edition_called, (edition.id,)


copyreg.pickle(Row, _reduce_row)  # type: ignore[arg-type]
copyreg.pickle(Edition, _reduce_edition)  # type: ignore[arg-type]
