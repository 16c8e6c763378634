"""The pictures of a page, with their names told before they are laid out: a scrubbed name may be longer or shorter."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from gwplan.pictures.layout import FACT, layout
from gwplan.pictures.model import Picture
from gwplan.pictures.picture import picture
from gwplan.planning.plan import Plan
from gwplan.render.pictures.style import STYLE
from gwplan.render.pictures.svg import placed_chunks
from gwplan.render.report.scrub import Tell

SVG_STYLE = f"\n{STYLE}"
"""What stands between the tags of ``style`` in each picture."""


_SMALLEST_LETTERS = 10.0
"""How high the smallest letters may become, in pixels, where a picture is wider than the window."""
_WIDEST_UPRIGHT = 760.0
"""What fits on a sheet of paper that stands upright."""


class Drawing(NamedTuple):
    """A picture as SVG, and how wide it is drawn where there is room."""

    svg: str
    width: float

    @property
    def least_width(self) -> int:
        """How narrow it may become, so that its letters can still be read."""
        return round(self.width * _SMALLEST_LETTERS / FACT)

    @property
    def is_wide(self) -> bool:
        """Whether it is printed across the sheet."""
        return self.width > _WIDEST_UPRIGHT


def flow(plan: Plan, against: Plan | None, tell: Tell) -> Drawing:
    """Where the data goes; a night is drawn against the plan with nothing down."""
    return _drawing(_told(picture(plan, "flow", against=against), tell))


def network(plan: Plan, tell: Tell) -> Drawing:
    """The sites with what stands in them, and what joins them."""
    return _drawing(_told(picture(plan, "network"), tell))


def _drawing(drawn: Picture) -> Drawing:
    found = layout(drawn)
    return Drawing("".join(placed_chunks(drawn, found)), found.width)


def _told(drawn: Picture, tell: Tell) -> Picture:
    nodes = tuple(
        replace(
            node, id=tell(node.id), label=tell(node.label), site=node.site and tell(node.site),
            members=tuple(map(tell, node.members)), domains=tuple(map(tell, node.domains)),
            says=tuple((tell(word), number) for word, number in node.says),
        )
        for node in drawn.nodes
    )  # fmt: skip
    edges = tuple(
        replace(edge, source=tell(edge.source), target=tell(edge.target), jobs=tuple(map(tell, edge.jobs)),
                label=tell(edge.label))
        for edge in drawn.edges
    )  # fmt: skip
    bands = tuple(
        band._replace(site=band.site and tell(band.site), label=tell(band.label),
                      members=tuple(map(tell, band.members)), nodes=tuple(map(tell, band.nodes)))
        for band in drawn.bands
    )  # fmt: skip
    return replace(drawn, nodes=nodes, edges=edges, bands=bands, title=tell(drawn.title),
                   verdict=tell(drawn.verdict), notes=tuple(map(tell, drawn.notes)))  # fmt: skip
