"""A picture merged further, for a format that holds less."""

from __future__ import annotations

from dataclasses import replace

from gwplan.pictures.merge import merged
from gwplan.pictures.model import Picture, bands_of


def smaller(picture: Picture, most: int, why: str) -> Picture:
    """At most so many nodes, and why in a note."""
    left = merged(picture.nodes, picture.edges, most)
    if not left.notes:
        return picture
    kept = [note for note in picture.notes if why not in note]
    return replace(
        picture,
        nodes=left.nodes,
        edges=left.edges,
        bands=bands_of(left.nodes, left.sites),
        notes=(*kept, *(f"{why}: {note}" for note in left.notes)),
    )
