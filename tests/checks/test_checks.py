"""Every check: what it says of inventories that are wrong, its silence on those that are right, its own examples."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from support import ROOT, data_in, data_of, merged, text_of

from gwplan.checks import CHECKS, RULES, check
from gwplan.checks.report import RULES as RULES_OF_COMMENTS
from gwplan.checks.report import Selection, quieten
from gwplan.findings import BAD_FORM, Finding, InventoryError, Rule
from gwplan.inventory.comments import ignores
from gwplan.inventory.load import load_sources
from gwplan.inventory.reader import Source
from gwplan.planning.plan import plan

FOLDER = ROOT / "tests" / "cases" / "checks"
BASE = data_in(FOLDER / "base.yaml")
CASES = {path.stem: data_in(path) for path in sorted(FOLDER.glob("GW*.yaml"))}
CODES = sorted({rule.code for rule, _ in CHECKS})
ILLUSTRATED = [rule for rule in RULES if rule.wrong]


def findings_of(change: dict[str, Any]) -> tuple[Finding, ...]:
    text = text_of(merged(BASE, change))
    inventory = load_sources((Source("case.yaml", text),))
    return check(inventory, plan(inventory))


def told(code: str, change: dict[str, Any]) -> list[dict[str, str]]:
    return [
        {
            "severity": str(finding.severity),
            "subject": f"{finding.subject.kind} {finding.subject.name}" if finding.subject else "",
            "message": finding.message,
        }
        for finding in findings_of(change)
        if finding.code == code
    ]


def numbered(kind: str) -> list[Any]:
    return [
        pytest.param(code, case, id=f"{code}-{number}")
        for code, cases in CASES.items()
        for number, case in enumerate(cases[kind])
    ]


def test_a_clean_estate_is_silent() -> None:
    assert findings_of({}) == ()


@pytest.mark.parametrize(("code", "case"), numbered("firing"))
def test_a_check_fires(code: str, case: dict[str, Any]) -> None:
    assert told(code, case["change"]) == case["says"]


@pytest.mark.parametrize(("code", "case"), numbered("silent"))
def test_a_check_is_silent(code: str, case: dict[str, Any]) -> None:
    assert told(code, case["change"]) == []


def test_every_check_has_a_case_file_with_both_kinds() -> None:
    complete = {code for code, cases in CASES.items() if cases["firing"] and cases["silent"]}

    assert sorted(complete) == CODES


@pytest.mark.parametrize(("code", "case"), numbered("firing"))
def test_every_place_of_a_finding_is_a_place_in_the_file(code: str, case: dict[str, Any]) -> None:
    for finding in findings_of(case["change"]):
        spots = [spot for spot in (finding.spot, *finding.related) if spot is not None]

        assert spots
        assert all(spot.location is not None and spot.location.source_line for spot in spots)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_rule_explains_itself(rule: Rule) -> None:
    assert rule.why and rule.fix and rule.reference
    assert (rule.wrong and rule.right) or rule.code == "GW018"  # a file that cannot be read has no text to show


@pytest.mark.parametrize("rule", ILLUSTRATED, ids=lambda rule: rule.code)
def test_the_examples_of_a_rule_are_true(rule: Rule) -> None:
    assert rule.code in codes_of_example(rule, rule.wrong)
    assert rule.code not in codes_of_example(rule, rule.right)


def codes_of_example(rule: Rule, example: str) -> set[str]:
    """What an example gives, laid over the clean estate; a text whose form is wrong stands by itself."""
    if rule in RULES_OF_COMMENTS:
        source = Source("case.yaml", f"{text_of(BASE)}{example}\n")
        return {finding.code for finding in quieten((), ignores((source,)), Selection())[0]}
    try:
        found = {finding.code for finding in findings_of(data_of(example))}
    except InventoryError as error:
        found = {finding.code for finding in error.findings}
    except yaml.YAMLError:
        found = set()
    if rule in BAD_FORM and rule.code not in found and example == rule.wrong:
        with pytest.raises(InventoryError) as raised:
            load_sources((Source("case.yaml", f"gwplan: 1\nbackup_server: gw01\n{example}\n"),))
        found = {finding.code for finding in raised.value.findings}
    return found


def test_codes_are_used_once() -> None:
    by_code = {rule.code: rule.name for rule in RULES}

    assert len(set(by_code.values())) == len(by_code) == len(RULES)


def test_every_severity_of_a_case_is_the_rules_own_or_explained() -> None:
    """A finding that weighs more or less than its rule says so in the rule's words."""
    rules = {rule.code: rule for rule in RULES}
    other = {
        code
        for code, cases in CASES.items()
        for case in cases["firing"]
        for said in case["says"]
        if said["severity"] != rules[code].severity
    }

    assert {code for code in other if not {"warning", "error"} & set(re.findall("[a-z]+", rules[code].why))} == set()


def test_the_folder_holds_nothing_else() -> None:
    assert {Path(path).stem for path in FOLDER.iterdir()} == {"base", *CODES}


def test_the_page_of_documentation_is_made_of_the_rules() -> None:
    from gwplan.render.rule_text import rules_markdown

    file = ROOT / "docs" / "rules.md"
    if os.environ.get("GWPLAN_GOLDEN") == "write":
        file.write_text(rules_markdown(RULES), "utf-8")

    assert file.read_text("utf-8") == rules_markdown(RULES)
