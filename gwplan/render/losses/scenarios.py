"""The outcomes of scenarios: for people, and as JUnit XML for whatever shows test results."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element, indent, tostring

from gwplan.nouns import counted
from gwplan.render.escape import xml
from gwplan.render.losses.whatif_text import verdict_line
from gwplan.render.sheet import Block, Branch, Cell
from gwplan.render.things import Promised


def scenario_blocks(told: Promised) -> Iterator[Block]:
    """One line each, and what was not kept."""
    for outcome in told.outcomes:
        head = f"{'BROKEN' if outcome.broken else 'kept  '} {outcome.scenario.name}"
        yield Branch(0, f"{head}: {verdict_line(outcome.found)}", "bad" if outcome.broken else "good")
        for text in outcome.broken:
            yield Branch(1, text, "bad")
    broken = _broken(told)
    yield Cell(f"{counted(len(told.outcomes), 'scenario')}, {broken:,} broken", "bad" if broken else "good")


def scenario_junit(told: Promised) -> str:
    """JUnit XML: a test case per scenario."""
    root = Element("testsuites")
    suite = xml(root, "testsuite", name=told.file, tests=str(len(told.outcomes)), failures=str(_broken(told)),
                errors="0", skipped="0")  # fmt: skip
    for outcome in told.outcomes:
        case = xml(suite, "testcase", classname="gwplan.scenarios", name=outcome.scenario.name)
        if outcome.broken:
            xml(case, "failure", verdict_line(outcome.found), message="; ".join(outcome.broken), type="promise")
    indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _broken(told: Promised) -> int:
    return sum(bool(outcome.broken) for outcome in told.outcomes)
