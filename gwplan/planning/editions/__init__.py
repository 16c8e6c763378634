"""The editions of the vendor's rules: one file each, listed here once.

``product_version`` of an inventory picks one: a build takes its major's, another version of a major takes it too.
"""

from __future__ import annotations

from gwplan.planning.editions.v12 import V12
from gwplan.planning.editions.v13 import V13
from gwplan.planning.editions.v13_2026_03_03 import V13_2026_03_03
from gwplan.planning.table import Edition

EDITIONS: tuple[Edition, ...] = (V12, V13, V13_2026_03_03)
BY_ID = {edition.id: edition for edition in EDITIONS}


def edition_of(product_version: str) -> Edition:
    """The edition that a ``product_version`` means. Raises KeyError for one that no edition is known of."""
    return BY_ID.get(product_version) or BY_ID[product_version.partition(".")[0]]
