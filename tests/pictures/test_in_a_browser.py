"""What a real browser makes of drawn pictures, with its fonts: each word in its box, no word over another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pictures.test_consumers import pictures
from support import ROOT

import gwplan
from gwplan.render.pictures.svg import svg

FAULTS = """() => {
  const found = [], words = [], at = (element) => element.getBoundingClientRect();
  for (const node of document.querySelectorAll("g.node")) {
    const box = at(node.querySelector("rect"));
    for (const line of node.querySelectorAll("tspan")) {
      const area = at(line);
      words.push([area, line.textContent]);
      if (area.left < box.left || area.right > box.right || area.top < box.top - 1 || area.bottom > box.bottom + 1)
        found.push(`${line.textContent} leaves its box`);
    }
  }
  for (const line of document.querySelectorAll("text:not(.label):not(.facts)"))
    words.push([at(line), line.textContent]);
  const page = at(document.querySelector("svg"));
  words.forEach(([area, text], number) => {
    if (area.right > page.right || area.bottom > page.bottom) found.push(`${text} leaves the picture`);
    for (const [other, name] of words.slice(number + 1))
      if (area.left < other.right && other.left < area.right
          && area.top + 3 < other.bottom && other.top + 3 < area.bottom)
        found.push(`${text} over ${name}`);
  });
  return [words.length, found];
}"""


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    opened = chromium.new_page()
    yield opened
    opened.close()


def test_every_word_has_its_place(page: Any) -> None:
    shipped = [gwplan.load(str(file)) for file in sorted((ROOT / "inventories").glob("*.yaml"))]
    drawn = [gwplan.graph(inventory, view) for inventory in shipped for view in ("flow", "network")]
    for one in (*drawn, *pictures()):
        page.set_content(f"<!doctype html><meta charset=utf-8><body>{svg(one)}")
        number, faults = page.evaluate(FAULTS)
        assert faults == [], one
        assert number > len(one.nodes)
