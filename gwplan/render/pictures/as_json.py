"""``gwplan.graph/1``: the model of a picture, keys in the order of the contract, then ours."""

from __future__ import annotations

from collections.abc import Iterator

from gwplan.pictures.model import Picture
from gwplan.render.document import chunks, header


def graph_chunks(picture: Picture) -> Iterator[str]:
    """The document as text."""
    told = picture.to_dict()
    body = {key: told.pop(key) for key in ("nodes", "edges", "bands", "notes")}
    return chunks({**header("graph", picture.plan), **told}, body)
