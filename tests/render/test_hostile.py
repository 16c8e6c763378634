"""Hostile texts, and what is made of them, come out harmless in every format of `validate`; a consumer reads each."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree

from hostile import ANNOTATION, NASTY, Tags, is_visible, rendered, strings_of
from hypothesis import example, given
from hypothesis import strategies as st

from gwplan.checks import RULES_BY_CODE
from gwplan.checks.report import Report, Suppressed
from gwplan.findings import Finding, Location, Spot, Subject
from gwplan.render.escape import visible
from gwplan.render.findings.as_json import findings_chunks
from gwplan.render.findings.as_text import concise_report, full_report
from gwplan.render.findings.github import github
from gwplan.render.findings.gitlab import gitlab
from gwplan.render.findings.junit import junit
from gwplan.render.findings.markdown import findings_markdown
from gwplan.render.findings.sarif import sarif
from gwplan.render.sheet import plain, terminal
from gwplan.render.things import Told

TEXTS = st.one_of(
    st.sampled_from(NASTY),
    st.text(max_size=12),
    st.lists(st.sampled_from(NASTY), max_size=3).map("".join),
    st.text(alphabet="%:,\r\n\x1b\x9b\u202e<>&|`*_[]()\\#@$=+-'\" ax", max_size=20),
)


@st.composite
def reports(draw: st.DrawFn) -> Report:
    """Reports whose every word from outside is hostile: names, messages, labels, files, source lines, reasons."""
    findings = []
    for code in draw(st.lists(st.sampled_from(("GW050", "GW001", "GW042")), min_size=1, max_size=3)):
        place = Location(draw(st.one_of(st.none(), TEXTS)), 3, 2, 3, 5, draw(TEXTS))
        spot = Spot(("repositories", draw(TEXTS)), location=place, label=draw(TEXTS))
        subject = Subject("repository", draw(TEXTS))
        findings.append(Finding(RULES_BY_CODE[code], subject, draw(TEXTS), draw(TEXTS), spot, (spot,)))
    quiet = (Suppressed(findings[0], "comment", draw(TEXTS)),) if draw(st.booleans()) else ()
    return Report(tuple(findings), quiet, "13", "nearest", (draw(TEXTS),))


@given(reports())
def test_text_has_nothing_that_a_terminal_obeys(report: Report) -> None:
    for blocks in (full_report, concise_report):
        assert is_visible(plain(blocks(Told(report, with_suppressed=True))))


@given(reports())
def test_on_a_terminal_the_only_escapes_are_our_own_colours(report: Report) -> None:
    shown = terminal(full_report(Told(report, with_suppressed=True)), 80, colour=True)

    assert is_visible(re.sub(r"\x1b\[[0-9;]*m", "", shown))
    assert is_visible(terminal(full_report(Told(report, with_suppressed=True)), 80, colour=False))


@given(reports())
def test_json_is_ascii_and_gives_the_words_back(report: Report) -> None:
    text = "".join(findings_chunks(Told(report, with_suppressed=True)))

    assert text.isascii()
    assert is_visible(text)
    assert [one["message"] for one in json.loads(text)["findings"]] == [f.message for f in report.findings]


@given(reports())
def test_sarif_and_gitlab_show_what_is_invisible(report: Report) -> None:
    for document in (json.loads(sarif(Told(report))), json.loads(gitlab(Told(report)))):
        assert all(is_visible(text) for text in strings_of(document))


@given(reports())
def test_sarif_addresses_are_relative_references(report: Report) -> None:
    for result in json.loads(sarif(Told(report)))["runs"][0]["results"]:
        address = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]

        assert re.fullmatch(r"(?:[A-Za-z0-9/._~!$&'()*+,;=@-]|%[0-9A-F]{2})*", address)
        assert not address.startswith("//")


def test_what_is_visible_can_be_held_by_xml() -> None:
    every = "".join(map(chr, (*range(0xD800), *range(0xE000, 0x110000))))

    assert ElementTree.fromstring(f"<a>{visible(every).replace('&', '').replace('<', '')}</a>").text


@given(reports())
def test_junit_is_xml_that_any_parser_reads(report: Report) -> None:
    root = ElementTree.fromstring(junit(Told(report)).encode("utf-8"))
    texts = [text for node in root.iter() for text in (*node.attrib.values(), node.text or "")]

    ours = {"testsuites", "testsuite", "testcase", "failure", "system-out", "skipped"}

    assert {node.tag for node in root.iter()} <= ours
    assert all(is_visible(text) for text in texts)


@given(reports())
@example(Report((Finding(RULES_BY_CODE["GW050"], None, "a\n::error::forged\r::x", "%0A", None),)))
def test_github_no_text_ends_a_command_or_begins_another(report: Report) -> None:
    text = github(Told(report))
    lines = text.split("\n")[:-1]

    assert len(lines) == len(report.findings)
    assert "\r" not in text
    assert is_visible(text)
    for line in lines:
        assert ANNOTATION.fullmatch(line)
        assert not re.search("%(?!25|0A|0D|3A|2C)", line)
        properties = dict(item.split("=", 1) for item in line.split("::")[1].split(" ", 1)[1].split(","))
        assert set(properties) <= {"file", "line", "endLine", "col", "endColumn", "title"}


@given(reports())
def test_markdown_renders_to_a_table_and_our_own_links_only(report: Report) -> None:
    html = rendered(findings_markdown(Told(report)))
    seen = Tags(html)
    rows = html.count("<tr>")

    assert rows == len(report.findings) + 1
    assert seen.tags <= {"h3", "table", "thead", "tbody", "tr", "th", "td", "a"}
    assert all(link.startswith("https://helpcenter.veeam.com/docs/") for link in seen.links)
    assert is_visible(findings_markdown(Told(report)), allowed="\n\ufe0f")


@given(TEXTS)
def test_markdown_has_no_mention_shortcode_or_bare_link(text: str) -> None:
    finding = Finding(RULES_BY_CODE["GW050"], None, text, "", None)
    row = findings_markdown(Told(Report((finding,)))).splitlines()[-1].split(" | ")[3]

    assert not re.search(r"[@:`*_<>\[\]]|www\.", row, re.IGNORECASE)
