"""What must hold of the checks for any inventory: they answer, point into the file, and do not depend on order."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from consumers import SARIF
from hypothesis import given
from hypothesis import strategies as st
from strategies import facts_for_checks, inventories, losses
from support import inventory_of

from gwplan.checks import check
from gwplan.checks.baseline import fingerprints
from gwplan.checks.report import Report
from gwplan.findings import Finding
from gwplan.planning.plan import plan
from gwplan.render.findings.sarif import sarif
from gwplan.render.plan.as_json import plan_chunks
from gwplan.render.things import Resolved, Told

OF_FACTS = {
    "GW005", "GW008", "GW009", "GW022", "GW036", "GW045", "GW101", "GW104", "GW117", "GW122", "GW126", "GW131",
    "GW081", "GW123", "GW141", "GW154", "GW155", "GW156", "GW157",
}  # fmt: skip
"""The rules that speak only of facts that are known for checks."""


def found(data: dict[str, Any], down: list[str] | None = None) -> tuple[Finding, ...]:
    inventory = inventory_of(data)
    return check(plan(inventory, down=down or ()))


def decided(data: dict[str, Any], down: list[str]) -> str:
    made = plan(inventory_of(data), down=down)
    return "".join(plan_chunks(Resolved(made, made.decisions)))


def reversed_everywhere(data: Any) -> Any:
    """The same mappings with their entries in the opposite order; lists keep theirs, for it may mean something."""
    if isinstance(data, dict):
        return {key: reversed_everywhere(value) for key, value in reversed(data.items())}
    return data


@given(inventories(), st.data())
def test_facts_for_checks_never_change_a_plan(data: dict[str, Any], more: st.DataObject) -> None:
    down = more.draw(losses(data))

    assert decided(more.draw(facts_for_checks(data)), down) == decided(data, down)


@given(inventories())
def test_absent_facts_are_silent(data: dict[str, Any]) -> None:
    assert OF_FACTS.isdisjoint(finding.code for finding in found(data))


@given(inventories().flatmap(facts_for_checks))
def test_every_finding_points_into_the_file(data: dict[str, Any]) -> None:
    for finding in found(data):
        assert finding.message and finding.fix and finding.subject
        for spot in (finding.spot, *finding.related):
            assert spot is not None and spot.location is not None, finding
            assert spot.location.source_line, finding


@given(inventories().flatmap(facts_for_checks), st.data())
def test_the_order_of_the_file_is_irrelevant_to_what_is_found(data: dict[str, Any], more: st.DataObject) -> None:
    down = more.draw(losses(data))
    one, other = (
        Counter((finding.code, finding.subject, finding.severity) for finding in found(order, down))
        for order in (data, reversed_everywhere(data))
    )

    assert one == other


@given(inventories().flatmap(facts_for_checks))
def test_one_code_says_a_thing_of_a_subject_once(data: dict[str, Any]) -> None:
    twice = Counter((f.code, f.subject, f.message) for f in found(data))

    assert [key for key, number in twice.items() if number > 1] == []


@given(inventories().flatmap(facts_for_checks))
def test_fingerprints_are_unique_and_sarif_is_valid(data: dict[str, Any]) -> None:
    findings = found(data)

    assert len(set(fingerprints(findings))) == len(findings)
    SARIF.validate(json.loads(sarif(Told(Report(findings, (), "13", "nearest", ("case.yaml",))))))
