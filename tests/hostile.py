"""Hostile names in one place, and how each format is read by those who would obey them.

A format without a reader here fails tests/render/test_every_format.py: write one that says what is safe in it.
"""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Callable
from html.parser import HTMLParser
from xml.etree import ElementTree

from markdown_it import MarkdownIt

from gwplan.inventory.names import name_error

RUNNER = (
    "##[stop-commands]x", "::add-mask::e", "  ::debug::x", "a##[group]b", "###[error]x", "##[add-mask]<b>&'\"]]>|`$(x)",
)  # fmt: skip
"""What the runner of a workflow would obey."""
NASTY = (
    *RUNNER,
    "\x1b[31mred", "\x1b]0;title\x07", "\x9b2J", "a\u202eb", "\u2066x\u2069", "a\u200bb", "[bold]x[/bold]", "[/red]",
    ":smile:", "=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "<script>alert(1)</script>", "<img src=x onerror=y>", "&amp;",
    "| a | b |", "](javascript:x)", "`code`", "**bold**", "# head", "https://evil.example", "www.evil.example", "@team",
    "\x00", "\x0b", "\ufffe", "\ud800", "]]>", "<!--", "%0A::error::x", "a\n::error file=x::forged", "a\r::stop",
    "::set-output", "a,line=1", "a:b", "100%", "\t", "\u2028", "\\", "$x$", "{{ x }}", "${{ secrets.X }}",
    "</style><script>x", "' onload=x a='", '" onload=x a="', "--> <b>", "section_start:1:x\r\x1b[0K", "$(touch OWNED)",
    "*a", "&a", "!!python/object:x", "<<", "{a", "- a", "a: b", "# c", "%YAML", "---", "...", "null", "true", "1", "~",
    '"a"', "'a'", 'a" -> "b', "a];click b x", "x" * 255,
)  # fmt: skip
NAMES = tuple(text for text in NASTY if name_error(text) is None)
"""Those that an inventory takes as names, and NO_NAMES, which it refuses and tells."""
NO_NAMES = tuple(text for text in NASTY if name_error(text) is not None and text.isprintable() is False)
ANNOTATION = re.compile(r"::(?:error|warning|notice) (?:[a-zA-Z]+=[^:,\n]*,?)+::[^\n\r]*")
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def is_visible(text: str, allowed: str = "\n") -> bool:
    """Nothing that moves the cursor, hides or reorders."""
    return not any(unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") for char in {*text} - {*allowed})


def strings_of(value: object) -> list[str]:
    """Every text in plain data, keys too."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for key, item in value.items() for text in (key, *strings_of(item))]
    return [text for item in value for text in strings_of(item)] if isinstance(value, list) else []


def runner_finds_nothing(text: str) -> None:
    """By the rules of GitHub's runner; GitLab's obeys escape sequences alone. Our own annotations are meant."""
    for line in text.splitlines():
        if not ANNOTATION.fullmatch(line):
            assert "##[" not in line
            assert not line.lstrip().startswith("::")
        assert "\x1b" not in line


def text(out: str) -> None:
    assert is_visible(out)


def terminal(out: str) -> None:
    """Our own colours are the only escape sequences."""
    assert is_visible(_COLOURS.sub("", out))


def json_text(out: str) -> None:
    assert out.isascii() and is_visible(out)
    json.loads(out)


def shown_json(out: str) -> None:
    """JSON whose readers print what they find."""
    json_text(out)
    assert all(map(is_visible, strings_of(json.loads(out))))


def csv_text(out: str) -> None:
    """A spreadsheet finds no formula, and as many cells in each line."""
    lines = list(csv.reader(io.StringIO(out), strict=True))
    assert len({len(line) for line in lines}) == 1
    assert not [cell for line in lines[1:] for cell in line if cell.lstrip().startswith(("=", "+", "-", "@"))]
    assert is_visible(out)


def xml_text(out: str) -> None:
    nodes = list(ElementTree.fromstring(out.encode("utf-8")).iter())
    assert {node.tag for node in nodes} <= {
        "testsuites", "testsuite", "testcase", "failure", "system-out", "skipped", "error", "properties", "property",
    }  # fmt: skip
    assert all(is_visible(text) for node in nodes for text in (*node.attrib.values(), node.text or ""))


def svg(out: str) -> None:
    """A picture of shapes and words: nothing that runs, nothing that is fetched."""
    nodes = list(ElementTree.fromstring(out.encode("utf-8")).iter())
    assert {node.tag.rpartition("}")[2] for node in nodes} <= {
        "svg", "title", "desc", "style", "defs", "marker", "g", "rect", "path", "line", "circle", "polygon", "polyline",
        "text", "tspan",
    }  # fmt: skip
    assert not [name for node in nodes for name in node.attrib if name.startswith("on") or name in ("href", "style")]
    assert all(is_visible(words) for node in nodes for words in (*node.attrib.values(), node.text or ""))


def graphml(out: str) -> None:
    nodes = list(ElementTree.fromstring(out.encode("utf-8")).iter())
    ours = {"graphml", "key", "default", "graph", "node", "edge", "data"}
    assert {node.tag.rpartition("}")[2] for node in nodes} <= ours
    assert all(is_visible(words) for node in nodes for words in (*node.attrib.values(), node.text or ""))


def github(out: str) -> None:
    assert is_visible(out)
    assert all(ANNOTATION.fullmatch(line) for line in out.splitlines())


class Tags(HTMLParser):
    """The elements of a page and where its links go."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: set[str] = set()
        self.attributes: set[str] = set()
        self.scripts = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.scripts += tag == "script"
        self.attributes.update(name for name, _ in attrs)
        self.links.update(value or "" for name, value in attrs if name == "href")


def rendered(markdown: str) -> str:
    """A page as the hosts render it."""
    return str(MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(markdown))


def markdown(out: str) -> None:
    page = Tags(rendered(out))
    ours = {"h1", "h2", "h3", "p", "table", "thead", "tbody", "tr", "th", "td", "a", "code", "ul", "ol", "li", "strong",
            "em", "pre", "details", "summary"}  # fmt: skip
    assert page.tags <= ours
    vendor = ("https://helpcenter.veeam.com/docs/", "https://www.veeam.com/kb")
    assert all(link.startswith((*vendor, "#")) or ":" not in link for link in page.links)
    assert is_visible(out, allowed="\n\ufe0f")


def html(out: str) -> None:
    """A page whose scripts and links are its own, and which has no attribute that runs."""
    page = Tags(out)
    assert not page.tags & {"img", "iframe", "object", "embed", "base", "link", "audio", "video"}
    assert page.scripts == 3  # its data, what is drawn for each loss, and its own
    assert not page.attributes & {"style", "src", "srcdoc", "action"}
    assert not [name for name in page.attributes if name.startswith("on")]
    vendor = ("https://helpcenter.veeam.com/docs/", "https://www.veeam.com/kb", "#")
    assert all(link.startswith(vendor) for link in page.links)
    assert is_visible(out)


READERS: dict[str, Callable[[str], None]] = {
    "text": text, "concise": text, "json": json_text, "csv": csv_text, "markdown": markdown, "sarif": shown_json,
    "gitlab": shown_json, "junit": xml_text, "github": github, "svg": svg, "graphml": graphml, "mermaid": text,
    "dot": text, "d2": text, "html": html,
}  # fmt: skip
"""Format → what must hold of everything that is told in it."""
