"""The pictures of a page, with their names told before they are laid out: a scrubbed name may be longer or shorter."""

from __future__ import annotations

from dataclasses import replace

from gwplan.pictures.model import Picture
from gwplan.pictures.picture import picture
from gwplan.planning.plan import Plan
from gwplan.render.pictures.style import STYLE
from gwplan.render.pictures.svg import svg
from gwplan.render.report.scrub import Tell

SVG_STYLE = f"\n{STYLE}"
"""What stands between the tags of ``style`` in each picture."""


def flow_svg(plan: Plan, against: Plan | None, tell: Tell) -> str:
    """Where the data goes; a night is drawn against the plan with nothing down."""
    return svg(_told(picture(plan, "flow", against=against), tell))


def network_svg(plan: Plan, tell: Tell) -> str:
    """The sites and what joins them."""
    return svg(_told(picture(plan, "network"), tell))


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
