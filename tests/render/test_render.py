"""What is printed: every plan of any inventory can be told, and nothing of a name reaches the output as it is."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import inventories, losses
from support import inventory_of

from gwplan.checks import check
from gwplan.planning.plan import EVERY_JOB, plan
from gwplan.render.escape import visible
from gwplan.render.plan.as_text import resolve_blocks
from gwplan.render.plan.story import story_blocks
from gwplan.render.sheet import Branch, Cell, Sheet, plain, terminal
from gwplan.render.things import Resolved, Story

OWN = frozenset("\n")


def is_safe(text: str) -> bool:
    """Whether nothing in a text moves the cursor, hides or reorders it."""
    return not any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") for c in {*text} - OWN)


@given(inventories(), st.data(), st.sampled_from(("nearest", "spread")))
def test_every_plan_can_be_told(data: dict[str, Any], more: st.DataObject, strategy: str) -> None:
    inventory, down = inventory_of(data), more.draw(losses(data))
    made = plan(inventory, down=down, strategy=strategy, trace=EVERY_JOB)
    told = Resolved(made, made.decisions, check(made), "x")
    blocks = [
        *resolve_blocks(replace(told, by_task=True)),
        *resolve_blocks(told),
        *story_blocks(Story(made, made.decisions)),
    ]

    assert is_safe(plain(blocks))
    assert is_safe(terminal(blocks, more.draw(st.sampled_from((20, 80, 200))), colour=False))


@given(st.text())
def test_what_is_visible_is_safe_and_plain_text_stays_as_it_is(text: str) -> None:
    assert is_safe(visible(text))
    assert visible("gw01 [red] ä 漢 :smile: \\") == "gw01 [red] ä 漢 :smile: \\"


@given(st.lists(st.text(), min_size=1, max_size=4), st.integers(1, 120), st.booleans())
def test_any_text_in_any_block_is_safe_on_any_terminal(texts: list[str], width: int, colour: bool) -> None:
    cells = [Cell(text, "bad") for text in texts]
    blocks = [Sheet(tuple(f"c{i}" for i in range(len(texts))), [cells, texts]), *cells, *texts]
    blocks += [Branch(depth, text) for depth, text in enumerate(texts)]
    shown = terminal(blocks, width, colour=colour)
    for code in ("\x1b[0m", "\x1b[1m", "\x1b[1;31m", "\x1b[2m"):
        shown = shown.replace(code, "")

    assert is_safe(plain(blocks))
    assert is_safe(shown)


@given(st.lists(st.text("abc[]: ", min_size=1, max_size=12), min_size=1, max_size=3), st.integers(30, 100))
def test_a_table_keeps_every_character_of_a_name(names: list[str], width: int) -> None:
    rows = [(name.strip() or "x", name.strip() or "x") for name in names]
    shown = terminal([Sheet(("one", "two"), rows)], width, colour=False)

    for name, _ in rows:
        assert all(shown.count(char) >= 2 * name.count(char) for char in set(name) - {" "})


@pytest.mark.parametrize("rows", [3, 3000])
def test_a_table_of_any_length_fits_the_terminal(rows: int) -> None:
    sheet = Sheet(
        ("job", "gateway servers", "rule", "notes"),
        [(f"job-{n}", "gw01 ×12, gw02 ×7, gw03 ×1", "manual-selection", "crosses a WAN link") for n in range(rows)],
        optional=("rule",),
    )
    shown = terminal([sheet], 40, colour=False)

    assert max(map(len, shown.splitlines())) <= 40
    assert shown.count("crosses a") == rows
    assert "manual-selection" not in shown
    assert "not shown at this width: rule" in shown
