"""Twice the text costs at most 2.5 times the work, counted in calls and in the bytes held at the peak."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from growing import MEASURES, MOST

from gwplan.findings import InventoryError
from gwplan.inventory.comments import ignores
from gwplan.inventory.holdings import in_circle
from gwplan.inventory.load import load_sources
from gwplan.inventory.source import Source
from gwplan.render.findings.as_text import full_findings
from gwplan.render.sheet import plain

HEAD = "gwplan: 1\nbackup_server: vbr\nservers: {vbr: {os: windows}}\n"
CHAIN = HEAD + (
    "repositories: {r: {type: smb}}\nworkloads: {w: {platform: vmware}}\nproxies: {vbr: {type: vmware}}\n"
    "jobs:\n  j0: {type: backup, workloads: [w], repository: r}\n"
)


def one_line(size: int) -> Source:
    servers = {"vbr": {"os": "windows"}, **{f"server-{n:05d}": {"os": "windows", "colour": "red"} for n in range(size)}}
    return Source("i.json", json.dumps({"gwplan": 1, "backup_server": "vbr", "servers": servers}) + "\n", is_json=True)


def one_line_yaml(size: int) -> Source:
    return Source("i.yaml", one_line(size).text)


def chain(size: int) -> Source:
    copies = (f"  j{n}: {{type: backup_copy, source_jobs: [j{n - 1}], repository: r}}\n" for n in range(1, size))
    return Source("i.yaml", CHAIN + "".join(copies))


def backward_chain(size: int) -> Source:
    copies = (f"  k{n}: {{type: backup_copy, source_jobs: [k{n + 1}], repository: r}}\n" for n in range(size))
    return Source(
        "i.yaml", CHAIN + "".join(copies) + f"  k{size}: {{type: backup_copy, source_jobs: [j0], repository: r}}\n"
    )


def comments(size: int) -> Source:
    lines = "# gwplan: ignore[GW050] by contract\n" * size
    return Source("i.yaml", f"gwplan: 1\nbackup_server: vbr\n{lines}servers: {{vbr: {{os: windows}}}}\n")


def many(size: int) -> Source:
    return Source("i.yaml", HEAD + "workloads:\n" + "".join(f"  w{n}: {{platform: vmware}}\n" for n in range(size)))


def aliases(size: int) -> Source:
    return Source(
        "i.yaml", HEAD + "x-a: &a {platform: vmware}\nworkloads:\n" + "".join(f"  w{n}: *a\n" for n in range(size))
    )


def read(source: Source) -> None:
    try:
        load_sources((source,))
    except InventoryError as error:
        plain(full_findings(error.findings))


def comments_of(source: Source) -> None:
    assert ignores((source,))


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize(
    ("reader", "text"),
    [(read, text) for text in (one_line, one_line_yaml, chain, backward_chain, many, aliases)]
    + [(comments_of, comments)],
)
def test_twice_the_text_is_at_most_two_and_a_half_times_the_work(
    reader: Callable[[Source], None], text: Callable[[int], Source], measure: Any
) -> None:
    small, large = text(300), text(600)
    measure(lambda: reader(text(2)))  # what is imported and kept at first use

    assert measure(lambda: reader(large)) <= MOST * measure(lambda: reader(small))


def test_a_circle_is_what_feeds_itself_and_what_stands_between_two() -> None:
    feeds = {"a": ["b"], "b": ["a"], "c": ["b"], "d": ["c", "e"], "e": ["d"], "f": ["e"], "g": [], "a2": ["g", "x"]}

    assert in_circle(feeds) == ["a", "b", "c", "d", "e"]
