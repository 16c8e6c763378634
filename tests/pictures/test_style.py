"""The look of a picture: contrast in light, in dark and in print, and nothing that a page would have to allow."""

from __future__ import annotations

import re

import pytest
from support import ROOT

from gwplan import load, plan
from gwplan.pictures.picture import picture
from gwplan.render.pictures.style import DARK, LIGHT, PRINT
from gwplan.render.pictures.svg import svg

MODES = {"light": LIGHT, "dark": LIGHT | DARK, "print": LIGHT | PRINT}


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(char * 2 for char in colour[1:])
    channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("mode", MODES)
def test_contrast(mode: str) -> None:
    colours = MODES[mode]
    texts = {(ink, ground) for ink in ("ink", "soft") for ground in ("paper", "band", "box")}
    lines = {(line, ground) for line in ("data", "offload", "bad", "moved", "line") for ground in ("paper", "band")}
    marks = {(mark, "box") for mark in ("line", "busy", "good", "bad", "source", "proxy", "gateway", "repository")}
    told = {pair: contrast(colours[pair[0]], colours[pair[1]]) for pair in texts | lines | marks}

    assert {pair: value for pair, value in told.items() if value < (4.5 if pair in texts else 3)} == {}


@pytest.mark.parametrize("view", ["flow", "network"])
def test_there_is_nothing_but_text_shapes_and_classes(view: str) -> None:
    text = svg(picture(plan(load(ROOT / "inventories" / "two-sites.yaml")), view))

    assert not re.search(r"<(script|image|foreignObject|use|a)\b|\sstyle=|\son\w+=|href|@import|url\((?!#)", text)
    assert 'role="img"' in text
    for attribute, tag in (("aria-labelledby", "title"), ("aria-describedby", "desc")):
        name = re.search(f'{attribute}="([^"]+)"', text)
        assert name and f'<{tag} id="{name[1]}">' in text


def test_the_same_plan_is_drawn_with_the_same_bytes() -> None:
    inventory = load(ROOT / "inventories" / "object-storage.yaml")

    assert svg(picture(plan(inventory))) == svg(picture(plan(inventory)))


def test_a_node_is_drawn_for_each_node_and_an_edge_for_each_edge() -> None:
    drawn = picture(plan(load(ROOT / "inventories" / "pharmax-lab.yaml")))
    text = svg(drawn)

    assert text.count('<g class="node ') == len(drawn.nodes)
    assert text.count('<path class="edge ') == len(drawn.edges)
