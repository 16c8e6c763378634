"""The comment of a pull request: never longer than the limit, and no name in it is anything but a name."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from support import inventory_of, merged

from gwplan.inventory.model import Inventory
from gwplan.inventory.names import name_error
from gwplan.render.diff.as_markdown import diff_markdown, marker
from gwplan.render.diff.as_text import diff_blocks
from gwplan.render.diff.words import edit_text
from gwplan.render.escape import code, prose
from gwplan.render.sheet import plain, terminal
from gwplan.render.things import COMMENT_LENGTH, Compared
from gwplan.review.diff import Diff, diff

NASTY = (
    "a|b", "|", "a\\|b", "\\", "a\\", "`x`", "a``b`", "`", "@team", "a @team", "<b>", "</details>", "-->", "--!>",
    "<!-- x -->", "#12", "GH-1", "!3", "~bug", "$5", "%v1", "&2", "**b**", "[x](http://evil)", "http://evil.example",
    "www.evil.example", "/close", "| a | b |", "a\tb", "é☃", "x" * 200, "&#64;team", "{{ x }}", "=1+1", ":smile:",
)  # fmt: skip
NAMES = st.one_of(st.sampled_from(NASTY), st.text(min_size=1, max_size=8), st.text(alphabet="|`\\@<>!-#a ", max_size=8))
PAGE = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
MENTION = re.compile(r"(?:^|[^\w`/])[@#!~$%][\w\[]|\bGH-\d|(?:^|\W)&\d")


def hostile(server: str, repository: str, job: str, machine: str, text: str) -> Diff:
    """A diff in which every name and text from outside is told somewhere."""
    data: dict[str, Any] = {
        "backup_server": "vbr",
        "servers": {name: {"os": "windows"} for name in ("vbr", "one", server)},
        "proxies": {"one": {"type": "vmware"}},
        "repositories": {repository: {"type": "smb", "gateway_servers": [server, "one"]}},
        "workloads": {machine: {"platform": "vmware"}},
        "jobs": {job: {"type": "backup", "workloads": [machine], "repository": repository}},
    }
    edit = {
        "servers": {"one": {"description": text}},
        "repositories": {repository: {"gateway_servers": ["one"]}},
    }
    return diff(inventory_of(data), inventory_of(merged(data, edit)))


def told(found: Diff, before: str = "main:a.yaml", after: str = "a.yaml", limit: int = COMMENT_LENGTH) -> str:
    kinds = ("lost", "blocked", "restored", "moved", "rebalanced", "appeared", "gone")
    return diff_markdown(Compared(found, before, after, "", kinds, max_length=limit))


VALID = NAMES.filter(lambda name: name_error(name) is None and name not in ("vbr", "one"))


@given(st.lists(VALID, min_size=4, max_size=4, unique=True), st.one_of(NAMES, st.text(max_size=12)), NAMES)
@example(["a|b", "`", "@team", "a\\"], "<b>\n::x", "-->")
def test_no_name_breaks_out(names: list[str], text: str, file: str) -> None:
    server, repository, job, machine = names
    page = told(hostile(server, repository, job, machine, text), f"main:{file}", file)
    head, *rest = page.split("\n")

    assert re.fullmatch(r"<!-- gwplan diff [^<> ]* -->", head)
    assert page.count("<!--") == page.count("-->") == 1
    tags = [token.content for token in PAGE.parse("\n".join(rest)) if token.type == "html_block"]
    assert all(re.fullmatch(r"(</?details>|<details><summary>[^<>]*</summary>|\s)*", tag) for tag in tags)
    for table in tables(page):
        assert len({len(row) for row in table}) == 1
    for words in outside_of_code(page):
        assert not MENTION.search(words), words


def tables(page: str) -> list[list[list[str]]]:
    """The cells of each table, as a reader of GitHub's Markdown sees them."""
    found: list[list[list[str]]] = []
    for token in PAGE.parse(page):
        if token.type == "table_open":
            found.append([])
        elif token.type == "tr_open":
            found[-1].append([])
        elif token.type == "inline" and found and token.level > 3:
            found[-1][-1].append(token.content)
    lines = [line for line in page.split("\n") if line.startswith("|")]
    assert sum(len(table) for table in found) == len([line for line in lines if not line.startswith("|---")])
    return found


def outside_of_code(page: str) -> list[str]:
    """What a host would look through for mentions: the words of the page, but not those of code."""
    return [
        inner.content
        for token in PAGE.parse(page)
        for inner in token.children or ()
        if inner.type not in ("code_inline", "softbreak") and not _is_link(inner.type)
    ]


def _is_link(kind: str) -> bool:
    assert kind not in ("link_open", "image", "html_inline", "em_open", "strong_open", "s_open"), kind
    return False


@given(st.one_of(NAMES, st.text(max_size=300)))
def test_the_marker_is_one_line_and_the_same_for_the_same_inventory(name: str) -> None:
    assert re.fullmatch(r"<!-- gwplan diff [A-Za-z0-9%/._~-]* -->", marker(name))
    assert marker(name) == marker(name)
    assert len(marker(name)) < 120


def test_inventories_have_markers_of_their_own() -> None:
    names = ["a/inventory.yaml", "b/inventory.yaml", "a", "a/", "a b", "a%20b", "x" * 300, "x" * 299 + "y"]

    assert len({marker(name) for name in names}) == len(names)
    assert marker("estate/") == "<!-- gwplan diff estate/ -->"


MANY = {
    "backup_server": "vbr",
    "servers": {name: {"os": "windows"} for name in ("vbr", "g1", "g2")},
    "proxies": {"g1": {"type": "vmware", "max_concurrent_tasks": 400}},
    "repositories": {"smb": {"type": "smb", "gateway_servers": ["g1", "g2"]}},
    "workloads": {"vm": {"platform": "vmware"}},
    "jobs": {f"job-{n:03d}": {"type": "backup", "workloads": ["vm"], "repository": "smb"} for n in range(300)},
}


@cache
def many() -> Diff:
    return diff(inventory_of(MANY), inventory_of(merged(MANY, {"servers": {"g1": {"status": "offline"}}})))


@cache
def whole_comment() -> str:
    return told(many(), limit=10_000_000)


@pytest.mark.parametrize("limit", [60, 120, 400, 700, 1_500, 4_000, 20_000, COMMENT_LENGTH])
def test_a_comment_is_never_longer_than_the_limit_and_says_what_is_left_out(limit: int) -> None:
    page = told(many(), limit=limit)

    assert len(page) <= limit
    assert page.startswith("<!-- gwplan diff a.yaml -->\n### ❌ gwplan: worse\n")
    rows = len(re.findall(r"\n\| (?:`|warning|error|note)", page))
    left = sum(int(number.replace(",", "")) for number in re.findall(r"… and ([0-9,]+) rows? left out", page))
    whole = whole_comment()
    assert "left out" not in whole
    if limit >= 1_500:
        assert rows + left == len(re.findall(r"\n\| (?:`|warning|error|note)", whole))
        assert page.count("<details>") == page.count("</details>") == whole.count("<details>")
    elif limit > 120:
        assert "left out: there is room for" in page


def test_many_changes_are_told_in_few_lines_and_all_of_them_on_demand() -> None:
    found = many()
    shown = Compared(found, "old", "new", "old → new", ("lost", "blocked", "restored", "moved"))
    text = plain(diff_blocks(shown))

    assert "more lines (--detail lists everything)" in text
    assert len(text.splitlines()) < 160
    for width in (80, 160):
        lines = terminal(diff_blocks(shown), width, colour=False).splitlines()
        assert max(map(len, lines)) <= width


@given(st.one_of(NAMES, st.text(max_size=20)))
def test_a_code_span_is_one_span_and_prose_has_no_mention(text: str) -> None:
    (inline,) = (token for token in PAGE.parse(f"a {code(text)} b") if token.type == "inline")
    kinds = [token.type for token in inline.children or ()]

    assert kinds in (["text", "code_inline", "text"], ["text"]) or set("|<>\\") & set(text) or not text.strip()
    assert not MENTION.search("".join(outside_of_code(f"a {code(text)} b {prose(text)}")))


def test_of_a_long_list_what_came_and_went_is_told_whatever_its_items_are() -> None:
    """The vendor's own keys of a job outside of the table may hold anything."""
    def estate(*racks: object) -> Inventory:
        job = {"type": "other", "vendor_type": "X", "racks": list(racks)}
        return inventory_of({"backup_server": "vbr", "servers": {"vbr": {"os": "windows"}}, "jobs": {"j": job}})

    racks = [{"number": number} for number in range(12)]
    found = diff(estate(*racks, "old"), estate(*racks, {"number": 12}, 7))
    assert edit_text(found.edits[0]) == 'job j changed: racks +{"number": 12}, +7, −old'
