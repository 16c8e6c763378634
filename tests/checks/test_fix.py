"""What is mended by itself: no decision changes, nothing that can be mended is left, and misspelt words come back."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import inventories
from support import text_of

from gwplan.checks import check
from gwplan.checks.fix import Found, fix
from gwplan.findings import InventoryError
from gwplan.inventory.load import load_sources
from gwplan.inventory.model import Inventory
from gwplan.inventory.source import Source
from gwplan.planning.plan import plan

Sources = tuple[Source, ...]


def found_in(sources: Sources) -> Found:
    try:
        return Found(check(plan(load_sources(sources))), is_readable=True)
    except InventoryError as error:
        return Found(error.findings, is_readable=False)


def decided(sources: Sources) -> list[tuple[Any, ...]]:
    decisions = plan(load_sources(sources)).decisions
    return [(d.job, d.operation, d.side, d.task, d.repository, d.outcome, d.gateway, d.proxy) for d in decisions]


def _with_repeats(draw: Any, data: dict[str, Any]) -> dict[str, Any]:
    """The same, in which some lists of names have one of them twice, and nothing means anything else."""
    for entries in (data["repositories"], data["jobs"]):
        for entry in entries.values():
            for key in ("gateway_servers", "accessible_from", "workloads", "source_jobs", "proxies"):
                if isinstance(entry.get(key), list) and draw(st.booleans()):
                    entry[key] = [*entry[key], entry[key][0]]
            if draw(st.integers(0, 3)) == 0:
                entry.setdefault("gateway_servers", ["vbr"]) if entry.get("server") else None
    return data


@given(st.data())
@settings(max_examples=25, deadline=None)
def test_what_is_mended_by_itself_changes_no_decision(data: st.DataObject) -> None:
    estate = _with_repeats(data.draw, data.draw(inventories()))
    sources = (Source("x.yaml", text_of({"gwplan": 1, **estate})),)

    mended = fix(sources, found_in, unsafe=False)

    assert decided(mended.after) == decided(sources)
    assert [finding.code for finding in found_in(mended.after).findings if finding.fixable == "safe"] == []
    assert mended.refused == ()


def _names(inventory: Inventory) -> set[str]:
    return {name for entries in inventory.sections.values() for name in entries}


@given(st.data())
@settings(max_examples=25, deadline=None)
def test_a_slip_in_a_key_comes_back_as_it_was(data: st.DataObject) -> None:
    estate = data.draw(inventories())
    text = text_of({"gwplan": 1, **estate})
    word = data.draw(
        st.sampled_from(["gateway_servers", "workloads", "mount_server", "per_machine", "max_concurrent_tasks"])
    )
    at = data.draw(st.integers(1, len(word) - 2))
    slip = word[:at] + word[at + 1 :]
    sources = (Source("x.yaml", text.replace(f"{word}:", f"{slip}:")),)

    mended = fix(sources, found_in, unsafe=False)

    assert load_sources(mended.after) == load_sources((Source("x.yaml", mended.after[0].text),))
    assert decided(mended.after) == decided(fix((Source("x.yaml", text),), found_in, unsafe=False).after)


@given(st.data())
@settings(max_examples=25, deadline=None)
def test_what_is_unsafe_never_makes_an_inventory_unreadable(data: st.DataObject) -> None:
    sources = (Source("x.yaml", text_of({"gwplan": 1, **data.draw(inventories())})),)

    mended = fix(sources, found_in, unsafe=True)

    found = found_in(mended.after)
    assert found.is_readable
    assert [finding.code for finding in found.findings if finding.fixable] == []
    assert _names(load_sources(mended.after)) == _names(load_sources(sources))


def test_a_word_that_would_bring_an_error_is_not_mended() -> None:
    text = "gwplan: 1\nbackup_server: vbr\nservers:\n  vbr: {os: windows, memroy: lots}\n  gw: {os: linux, coers: 4}\n"
    mended = fix((Source("x.yaml", text),), found_in, unsafe=False)

    assert mended.after[0].text == text.replace("coers", "cores")
    assert [finding.message for finding in mended.fixed] == ["gw has an unknown key `coers`"]
    assert [one.refusal.reason.partition(": ")[0] for one in mended.refused] == ["it would bring an error"]
    assert [one.finding.message for one in mended.refused] == ["vbr has an unknown key `memroy`"]
