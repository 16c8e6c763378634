"""The outcomes of scenarios: for people, and as JUnit XML for whatever shows test results."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence

from gwplan.failures.scenarios import Outcome
from gwplan.render.sheet import Block, Branch, Cell, visible
from gwplan.render.whatif_text import verdict_line


def scenario_blocks(outcomes: Sequence[Outcome]) -> Iterator[Block]:
    """One line each, and what was not kept."""
    for outcome in outcomes:
        head = f"{'BROKEN' if outcome.broken else 'kept  '} {outcome.scenario.name}"
        yield Branch(0, f"{head}: {verdict_line(outcome.found)}", "bad" if outcome.broken else "good")
        for text in outcome.broken:
            yield Branch(1, text, "bad")
    broken = sum(bool(outcome.broken) for outcome in outcomes)
    yield Cell(f"{len(outcomes)} scenarios, {broken} broken", "bad" if broken else "good")


def junit(outcomes: Sequence[Outcome], suite: str) -> str:
    """JUnit XML: a test case per scenario. Characters that XML cannot hold are shown as escapes."""
    broken = sum(bool(outcome.broken) for outcome in outcomes)
    root = ET.Element("testsuites")
    tests = ET.SubElement(root, "testsuite", name=visible(suite), tests=str(len(outcomes)), failures=str(broken),
                          errors="0", skipped="0")  # fmt: skip
    for outcome in outcomes:
        case = ET.SubElement(tests, "testcase", classname="gwplan.scenarios", name=visible(outcome.scenario.name))
        if outcome.broken:
            failure = ET.SubElement(case, "failure", message=visible("; ".join(outcome.broken)), type="promise")
            failure.text = visible(verdict_line(outcome.found))
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"
