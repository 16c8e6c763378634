"""Every check: what it says of inventories that are wrong, its silence on those that are right, its own examples."""

from __future__ import annotations

import importlib
import os
import re
import subprocess
import sys
from collections import Counter
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml
from support import ROOT, data_in, data_of, merged, text_of

import gwplan
from gwplan.checks import CHECKS, RULES, check
from gwplan.checks.examples import example_of
from gwplan.checks.quiet import RULES_OF_COMMENTS, Selection, quieten
from gwplan.checks.shape import Check, Hit
from gwplan.checks.view import View
from gwplan.findings import BAD_FORM, DUPLICATE_NAME, Finding, InventoryError, Rule, Severity
from gwplan.inventory.comments import ignores
from gwplan.inventory.load import load_sources
from gwplan.inventory.source import Source
from gwplan.planning.plan import plan
from gwplan.render.findings.catalogue import rules_page

NOT_THEMES = {"__init__", "baseline", "fix", "quiet", "report", "shape", "view"}
THEMES = {
    path.stem: importlib.import_module(f"gwplan.checks.{path.stem}")
    for path in sorted((Path(gwplan.__file__).parent / "checks").glob("*.py"))
    if path.stem not in NOT_THEMES
}
FOLDER = ROOT / "tests" / "cases" / "checks"
BASE = data_in(FOLDER / "base.yaml")
CASES = {path.stem: data_in(path) for path in sorted(FOLDER.glob("GW*.yaml"))}
CODES = sorted({one.rule.code for one in CHECKS})
ILLUSTRATED = [rule for rule in RULES if rule.code != "GW018"]  # a file that cannot be read has no text to show


def findings_of(change: dict[str, Any]) -> tuple[Finding, ...]:
    text = text_of(merged(BASE, change))
    inventory = load_sources((Source("case.yaml", text),))
    return check(plan(inventory))


def told(code: str, change: dict[str, Any]) -> list[dict[str, str]]:
    return [
        {
            "severity": str(finding.severity),
            "subject": f"{finding.subject.kind} {finding.subject.name}" if finding.subject else "",
            "message": finding.message,
            "fix": finding.fix,
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
    said = told(code, case["change"])

    assert [{key: one[key] for key in wanted} for one, wanted in zip(said, case["says"], strict=True)] == case["says"]


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
    assert (example_of(rule.code) is not None) == (rule in ILLUSTRATED)


@pytest.mark.parametrize("rule", ILLUSTRATED, ids=lambda rule: rule.code)
def test_the_examples_of_a_rule_are_true(rule: Rule) -> None:
    example = example_of(rule.code)

    assert example is not None
    assert rule.code in codes_of_example(rule, example.wrong)
    assert rule.code not in codes_of_example(rule, example.right)


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
    if rule in BAD_FORM and rule.code not in found and example == example_of(rule.code).wrong:
        with pytest.raises(InventoryError) as raised:
            load_sources((Source("case.yaml", f"gwplan: 1\nbackup_server: gw01\n{example}\n"),))
        found = {finding.code for finding in raised.value.findings}
    return found


def test_the_rules_of_a_version_are_those_of_the_edition_that_is_asked() -> None:
    change = {"servers": {"gw02": {"os": "linux"}}, "repositories": {"smb-paris": {"per_machine": False}}}
    inventory = load_sources((Source("case.yaml", text_of(merged(BASE, change))),))

    codes = {edition: {f.code for f in check(plan(inventory, edition=edition))} for edition in ("12", "13")}

    assert {edition: found & {"GW025", "GW133"} for edition, found in codes.items()} == {
        "12": {"GW025"}, "13": {"GW133"}
    }  # fmt: skip


def test_codes_and_names_are_used_once() -> None:
    rules = {id(rule): rule for rule in (*BAD_FORM, *(one.rule for one in CHECKS), *RULES_OF_COMMENTS)}.values()

    assert Counter(rule.code for rule in rules) == Counter(rule.code for rule in RULES)
    assert len({rule.name for rule in rules}) == len(rules)


def test_a_name_in_braces_is_told_as_it_stands() -> None:
    """The shared shapes put names into templates, and a name is never one itself."""
    share = {**BASE["repositories"]["smb-lyon"], "gateway_servers": "auto"}
    appliance = {**BASE["repositories"]["smb-paris"], "type": "data_domain"}
    job = {"type": "backup", "workloads": ["sql01"]}
    change = {
        "repositories": {"{jobs}": share, "{}": appliance},
        "jobs": {
            "{site}": {**job, "repository": "{jobs}"},
            "{0}": {**job, "repository": "{}", "backup_method": "reverse_incremental"},
        },
    }

    assert [said["message"] for said in told("GW073", change)] == [
        "{jobs} is on automatic selection: it gets the data of {site} from prx01 across a WAN"
    ]
    assert [said["message"] for said in told("GW110", change)] == ["{0} is reverse incremental, which {} does not take"]


def test_every_check_is_listed_once_by_its_theme() -> None:
    listed = Counter(id(one) for one in CHECKS)
    defined = [one for theme in THEMES.values() for one in vars(theme).values() if isinstance(one, Check)]

    assert {one.rule.code for one in defined if listed[id(one)] != 1} == set()
    assert len(defined) == len(CHECKS)


def test_the_examples_of_a_theme_stand_in_its_file() -> None:
    rules = {name: [one.rule for one in theme.CHECKS] for name, theme in THEMES.items()}
    rules["model"].remove(DUPLICATE_NAME)  # a rule of bad form, which a check shares
    rules |= {"bad_form": list(BAD_FORM), "comments": list(RULES_OF_COMMENTS)}

    assert {name: sorted(rule.code for rule in of if rule in ILLUSTRATED) for name, of in rules.items()} == {
        name: sorted(yaml.safe_load(text)) for name, text in example_files().items()
    }


def example_files() -> dict[str, str]:
    folder = files("gwplan.checks.examples")
    return {Path(file.name).stem: file.read_text("utf-8") for file in folder.iterdir() if file.name.endswith(".yaml")}


def test_nobody_reads_the_examples_who_does_not_ask_for_them() -> None:
    script = "import gwplan, gwplan.checks, sys; print('gwplan.checks.examples' in sys.modules)"

    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert told.stdout == "False\n"


def test_a_hit_without_a_fix_says_the_fix_of_its_rule() -> None:
    rule = Rule("GW999", "made-up", Severity.NOTE, "page.html", why="It is so.", fix="Say `this`, or that.")
    hits = [Hit("job", "a", "is so"), Hit("job", "b", "is so", fix="do it", weight=Severity.ERROR)]
    one = Check(rule, lambda _: hits)
    inventory = load_sources((Source("case.yaml", yaml.safe_dump(BASE)),))

    found = list(one(View(plan(inventory))))

    assert [(f.code, f.fix, f.severity) for f in found] == [
        ("GW999", "say `this`, or that", Severity.NOTE),
        ("GW999", "do it", Severity.ERROR),
    ]


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

    file = ROOT / "docs" / "rules.md"
    if os.environ.get("GWPLAN_GOLDEN") == "write":
        file.write_text(rules_page(RULES), "utf-8")

    assert file.read_text("utf-8") == rules_page(RULES)


CATALOGUE = ((1, 10), (20, 47), (50, 68), (70, 83), (90, 107), (110, 133), (140, 157))
"""The stretches of codes that stand for something that the vendor's pages say."""


def test_each_code_is_a_rule_or_says_why_it_is_none() -> None:
    page = (ROOT / "docs" / "rules-not-written.md").read_text("utf-8")
    unwritten = re.findall(r"^\| (GW\d{3}) \| .+ \| .+ \|$", page, re.MULTILINE)
    codes = [f"GW{number:03d}" for first, last in CATALOGUE for number in range(first, last + 1)]

    assert unwritten == [code for code in codes if code not in {rule.code for rule in RULES}]
    assert {code for code in re.findall(r"GW\d{3}", page) if code not in unwritten} <= {rule.code for rule in RULES}
