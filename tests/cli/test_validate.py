"""`gwplan validate`: exit codes, formats read by their consumers, selection, comments, baselines, several files."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from consumers import SARIF
from junitparser import JUnitXml
from support import ROOT, Result, data_in, merged, run_cli, text_of
from warm import ended

from gwplan.checks.quiet import Selection

BASE = data_in(ROOT / "tests/cases/checks/base.yaml")
SINGLE = {"repositories": {"smb-paris": {"gateway_servers": ["gw01"]}}}
TWO = {**SINGLE, "jobs": {"vm-daily": {"retries": 0}}}
BROKEN = "gwplan: 1\nbackup_server: nobody\nservers: {a: {os: windows}}\n"
COMMAND = re.compile(r"::(error|warning|notice) ([^:]*)::(.*)")


@pytest.fixture
def validate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs `gwplan validate` with files of a folder of its own; no settings of elsewhere count."""

    def call(*arguments: str, environment: dict[str, str] | None = None) -> Result:
        return run_cli(["validate", *arguments], environment or {}, monkeypatch)

    return call


def write(path: Path, change: dict[str, Any] | None = None, text: str | None = None) -> str:
    path.write_text(text or text_of(merged(BASE, change or {})), "utf-8")
    return str(path)


# --- exit codes -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "options", "code"),
    [
        ({}, [], 0),
        (SINGLE, [], 0),
        (SINGLE, ["--fail-on", "warning"], 1),
        (SINGLE, ["--fail-on", "note"], 1),
        (SINGLE, ["--fail-on", "never"], 0),
        ({"repositories": {"smb-paris": {"max_concurrent_tasks": 129}}}, [], 1),
        ({"repositories": {"smb-paris": {"max_concurrent_tasks": 129}}}, ["--fail-on", "never"], 0),
    ],
)
@pytest.mark.parametrize("form", ["text", "json", "sarif", "github"])
def test_the_exit_code_depends_on_findings_and_never_on_the_format(
    change: dict[str, Any], options: list[str], code: int, form: str, validate: Any, tmp_path: Path
) -> None:
    assert validate(write(tmp_path / "a.yaml", change), *options, "--format", form).code == code


@pytest.mark.parametrize("form", ["json", "sarif", "junit", "github", "gitlab", "markdown"])
def test_an_unreadable_inventory_is_told_in_every_machine_format(form: str, validate: Any, tmp_path: Path) -> None:
    result = validate(write(tmp_path / "a.yaml", text=BROKEN), "--format", form, "--fail-on", "never")

    assert result.code == 2
    assert "GW001" in result.out
    assert result.err == ""


def test_a_file_that_is_not_there(validate: Any) -> None:
    result = validate("nowhere.yaml", "--format", "sarif")
    (found,) = json.loads(result.out)["runs"][0]["results"]

    assert result.code == 2
    assert found["ruleId"] == "GW018"
    assert "region" not in found["locations"][0]["physicalLocation"]


def test_several_inventories_are_validated_though_one_cannot_be_read(validate: Any, tmp_path: Path) -> None:
    good = write(tmp_path / "good.yaml", SINGLE)
    bad = write(tmp_path / "bad.yaml", text=BROKEN)
    document = json.loads(validate(bad, good, "--format", "json").out)

    assert [(f["code"], f["location"]["file"]) for f in document["findings"]] == [("GW001", bad), ("GW050", good)]


# --- formats and their consumers --------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", [{}, SINGLE, TWO], ids=["clean", "one", "two"])
def test_sarif_is_valid_against_the_official_schema(change: dict[str, Any], validate: Any, tmp_path: Path) -> None:
    document = json.loads(validate(write(tmp_path / "a b.yaml", change), "--format", "sarif").out)

    SARIF.validate(document)
    for found in document["runs"][0]["results"]:
        rule = document["runs"][0]["tool"]["driver"]["rules"][found["ruleIndex"]]
        assert rule["id"] == found["ruleId"]
        assert "%20" in found["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]


def test_sarif_of_an_unreadable_inventory_is_valid(validate: Any, tmp_path: Path) -> None:
    document = json.loads(validate(write(tmp_path / "a.yaml", text=BROKEN), "nowhere", "--format", "sarif").out)

    SARIF.validate(document)


def test_sarif_fingerprints_survive_moved_lines(validate: Any, tmp_path: Path) -> None:
    def marks() -> list[Any]:
        found = json.loads(validate(str(tmp_path / "a.yaml"), "--format", "sarif").out)["runs"][0]["results"]
        return [(one["ruleId"], one["partialFingerprints"]) for one in found]

    file = write(tmp_path / "a.yaml", TWO)
    before = marks()
    Path(file).write_text("# a line more\n\n" + Path(file).read_text("utf-8"), "utf-8")

    assert marks() == before


def test_sarif_has_suppressed_findings_with_their_reason(validate: Any, tmp_path: Path) -> None:
    text = Path(write(tmp_path / "a.yaml", SINGLE)).read_text("utf-8")
    file = write(tmp_path / "a.yaml", text=text.replace("- gw01\n", "- gw01  # gwplan: ignore[GW050] by contract\n", 1))
    document = json.loads(validate(file, "--format", "sarif").out)

    SARIF.validate(document)
    assert [one["suppressions"] for one in document["runs"][0]["results"]] == [
        [{"kind": "inSource", "justification": "by contract"}]
    ]


def test_junit_is_read_by_a_junit_parser(validate: Any, tmp_path: Path) -> None:
    clean, two = write(tmp_path / "clean.yaml"), write(tmp_path / "two.yaml", TWO)
    document = JUnitXml.fromstring(validate(clean, two, "--format", "junit").out.encode())
    suites = {suite.name: suite for suite in document}

    assert {name: (s.tests, s.failures, s.errors, s.skipped) for name, s in suites.items()} == {
        clean: (1, 0, 0, 0),
        two: (2, 2, 0, 0),
    }
    assert [case.name for case in suites[two]] == ["GW050 smb-paris", "GW056 vm-daily"]


def test_github_commands_say_where(validate: Any, tmp_path: Path) -> None:
    file = write(tmp_path / "a.yaml", SINGLE)
    (line,) = validate(file, "--format", "github").out.splitlines()
    kind, properties, message = COMMAND.fullmatch(line).groups()  # type: ignore[union-attr]
    given = dict(item.split("=", 1) for item in properties.split(","))

    assert (kind, given["file"], given["title"]) == ("warning", file, "GW050 single-gateway")
    assert "smb-paris has one gateway server" in message


def test_gitlab_issues_have_what_code_quality_asks_for(validate: Any, tmp_path: Path) -> None:
    files = [write(tmp_path / f"{name}.yaml", TWO) for name in ("a", "b")]
    issues = json.loads(validate(*files, "--format", "gitlab").out)

    assert all(set(one) == {"description", "check_name", "fingerprint", "severity", "location"} for one in issues)
    assert {one["severity"] for one in issues} <= {"info", "minor", "major", "critical", "blocker"}
    assert len({one["fingerprint"] for one in issues}) == len(issues) == 4
    assert all(one["location"]["lines"]["begin"] >= 1 and one["location"]["path"] for one in issues)


def test_several_formats_at_once(validate: Any, tmp_path: Path) -> None:
    out = {name: tmp_path / f"out.{name}" for name in ("sarif", "junit", "gitlab", "json", "markdown")}
    reports = [word for name, file in out.items() for word in ("--report", f"{name}={file}")]
    result = validate(write(tmp_path / "a.yaml", SINGLE), *reports)

    assert "warning[GW050]" in result.out
    SARIF.validate(json.loads(out["sarif"].read_text()))
    assert ElementTree.fromstring(out["junit"].read_text()).tag == "testsuites"
    assert json.loads(out["json"].read_text())["format"] == "gwplan.findings/1"
    assert json.loads(out["gitlab"].read_text())[0]["check_name"] == "GW050"
    assert out["markdown"].read_text().count("\n| ") == 2


def test_in_a_github_workflow_annotations_and_a_summary_come_in_addition(validate: Any, tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("before\n")
    environment = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary)}
    result = validate(write(tmp_path / "a.yaml", SINGLE), environment=environment)

    assert "warning[GW050] smb-paris" in result.out
    assert "\n::warning file=" in result.out
    assert summary.read_text().startswith("before\n### gwplan: 0 errors, 1 warning, 0 notes")
    assert "::" not in validate(str(tmp_path / "a.yaml"), "--format", "json", environment=environment).out


# --- selection --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("select", "ignore", "code", "told"),
    [
        (("GW",), (), "GW050", True),
        (("GW05",), (), "GW050", True),
        (("GW05",), (), "GW060", False),
        (("GW",), ("GW05",), "GW050", False),
        (("GW050",), ("GW05",), "GW050", True),
        (("GW05",), ("GW05",), "GW050", False),
    ],
)
def test_the_longest_prefix_decides(
    select: tuple[str, ...], ignore: tuple[str, ...], code: str, told: bool
) -> None:
    assert (code in Selection(select, ignore)) is told


def codes(result: Result) -> list[str]:
    return [finding["code"] for finding in json.loads(result.out)["findings"]]


def test_select_and_ignore(validate: Any, tmp_path: Path) -> None:
    file = write(tmp_path / "a.yaml", TWO)

    assert codes(validate(file, "--format", "json")) == ["GW050", "GW056"]
    assert codes(validate(file, "--format", "json", "--select", "gw056")) == ["GW056"]
    assert codes(validate(file, "--format", "json", "--ignore", "GW056,GW11")) == ["GW050"]


@pytest.mark.parametrize(
    ("name", "head"), [("gwplan.toml", ""), ("pyproject.toml", "[tool.gwplan]\n")], ids=["own", "pyproject"]
)
def test_settings_come_from_a_file_and_the_command_line_goes_before(name: str, head: str, tmp_path: Path) -> None:
    write(tmp_path / "a.yaml", TWO)
    (tmp_path / name).write_text(f'{head}ignore = ["GW050"]\nfail-on = "warning"\nformat = "concise"\n')
    ours = ended(["validate", "a.yaml"], tmp_path)
    theirs = ended(["validate", "a.yaml", "--ignore", "GW056", "--fail-on", "never"], tmp_path)
    shown = ended(["validate", "a.yaml", "--show-settings", "--fail-on", "note"], tmp_path).out

    assert ("GW056" in ours.out, "GW050" in ours.out, ours.code) == (True, False, 1)
    assert ("GW056" in theirs.out, "GW050" in theirs.out, theirs.code) == (False, True, 0)
    assert f"ignore = GW050  ({name})" in shown
    assert "fail-on = note  (command line)" in shown
    assert "select = GW  (default)" in shown


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('ignor = ["GW050"]', "there is no setting 'ignor'; did you mean 'ignore'?"),
        ('ignore = "GW050"', "ignore is a list of codes"),
        ('fail-on = "always"', "fail-on is one of error, warning, note, never"),
        ('select = ["XX"]', "no code begins with 'XX'"),
        ("= 1", "cannot read gwplan.toml"),
    ],
)
def test_settings_that_make_no_sense(text: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "gwplan.toml").write_text(text)
    write(tmp_path / "a.yaml")
    result = ended(["validate", "a.yaml"], tmp_path)

    assert result.code == 2
    assert says in result.err


# --- comments ---------------------------------------------------------------------------------------------------------

ESTATE = """gwplan: 1
backup_server: vbr
servers: {vbr: {os: windows}, gw: {os: windows}, mnt: {os: windows}}
repositories:
  share:%s
    type: smb
    max_concurrent_tasks: 4
    description: %s
%s
    gateway_servers: [gw]%s
"""


def estate(beside: str = "", above: str = "", described: str = "plain", on_name: str = "") -> str:
    return ESTATE % (on_name, described, above or "    # nothing", beside)


@pytest.mark.parametrize(
    ("text", "told", "suppressed"),
    [
        (estate(), ["GW050"], 0),
        (estate(beside="  # gwplan: ignore[GW050] by contract"), [], 1),
        (estate(beside="  #gwplan:ignore[GW05] by contract"), [], 1),
        (estate(beside="  # gwplan: ignore[GW051, GW050] by contract"), ["GW148"], 1),
        (estate(above="    # gwplan: ignore[GW050] by contract"), [], 1),
        (estate(above="    # gwplan: ignore[GW050] by contract\n    # and more"), [], 1),
        (estate(on_name=" # gwplan: ignore[GW050] elsewhere"), ["GW148", "GW050"], 0),
        ("# gwplan: ignore-file[GW050] a lab\n" + estate(), [], 1),
        (estate(beside="  # gwplan: ignore[GW050]"), ["GW149"], 1),
        (estate(beside="  # gwplan: ignore because"), ["GW149", "GW050"], 0),
        (estate(beside="  # gwplan: ignore[GW093] not so"), ["GW050", "GW148"], 0),
        (estate(described='"# gwplan: ignore-file[GW050] in a text"'), ["GW050"], 0),
        (estate(described="|\n      # gwplan: ignore-file[GW050] in a block"), ["GW050"], 0),
    ],
)
def test_comments_keep_findings_quiet(
    text: str, told: list[str], suppressed: int, validate: Any, tmp_path: Path
) -> None:
    result = validate(write(tmp_path / "a.yaml", text=text), "--format", "json")

    assert sorted(codes(result)) == sorted(told)
    assert json.loads(result.out)["summary"]["suppressed"] == suppressed


def test_an_unused_comment_is_no_news_where_its_rule_is_not_asked_for(validate: Any, tmp_path: Path) -> None:
    file = write(tmp_path / "a.yaml", text=estate(beside="  # gwplan: ignore[GW050] by contract"))

    assert codes(validate(file, "--format", "json", "--select", "GW09,GW148")) == []


def test_what_is_kept_quiet_can_be_shown(validate: Any, tmp_path: Path) -> None:
    file = write(tmp_path / "a.yaml", text=estate(beside="  # gwplan: ignore[GW050] by contract"))

    assert validate(file).out == "no findings; 1 suppressed\n"
    assert "GW050" in validate(file, "--show-suppressed").out
    assert "(kept quiet by comment: by contract)" in validate(file, "--show-suppressed").out
    (one,) = json.loads(validate(file, "--show-suppressed", "--format", "json").out)["suppressed"]
    assert (one["code"], one["suppressed_by"], one["reason"]) == ("GW050", "comment", "by contract")


# --- baseline ---------------------------------------------------------------------------------------------------------


def test_a_baseline_keeps_quiet_about_what_was_known(validate: Any, tmp_path: Path) -> None:
    baseline = str(tmp_path / "known.json")
    file = write(tmp_path / "a.yaml", SINGLE)
    first = validate(file, "--baseline", baseline, "--write-baseline", "--fail-on", "warning")
    write(tmp_path / "a.yaml", TWO)
    Path(file).write_text("# moved\n" + Path(file).read_text("utf-8"), "utf-8")
    second = validate(file, "--baseline", baseline, "--format", "json", "--fail-on", "warning")

    assert first.code == 0
    assert codes(second) == ["GW056"]
    assert json.loads(second.out)["summary"]["suppressed"] == 1


@pytest.mark.parametrize("text", [None, "{}", "[", '{"format": "gwplan.baseline/1", "findings": 3}'])
def test_a_baseline_that_is_none(text: str | None, validate: Any, tmp_path: Path) -> None:
    file = tmp_path / "known.json"
    if text is not None:
        file.write_text(text)
    result = validate(write(tmp_path / "a.yaml"), "--baseline", str(file))

    assert result.code == 2
    assert "--write-baseline" in result.err


# --- where people work ------------------------------------------------------------------------------------------------


def test_standard_input_has_a_name(tmp_path: Path) -> None:
    text = write(tmp_path / "a.yaml", SINGLE)
    named = ended(["validate", "-", "--stdin-filename", "estate.yaml", "--format", "concise"], tmp_path, stdin=text)
    unnamed = json.loads(ended(["validate", "-", "--format", "json"], tmp_path, stdin=text).out)

    assert named.out.startswith("estate.yaml:")
    assert unnamed["findings"][0]["location"]["file"] is None


def test_watch_validates_again_when_a_file_changes(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    write(file)
    command = [sys.executable, "-u", "-m", "gwplan", "validate", "a.yaml", "--watch", "--format", "concise"]
    with (tmp_path / "out").open("w+") as out:
        process = subprocess.Popen(command, cwd=tmp_path, stdout=out, stderr=subprocess.DEVNULL)
        try:
            assert eventually(tmp_path / "out", "no findings")
            write(file, SINGLE)
            assert eventually(tmp_path / "out", "GW050")
        finally:
            process.terminate()
            process.wait(10)


def eventually(file: Path, text: str) -> bool:
    for _ in range(300):
        if text in file.read_text():
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize(
    "arguments",
    [["-", "-"], ["-", "--watch"], ["a.yaml", "--report", "sarif"], ["a.yaml", "--report", "pdf=x"],
     ["a.yaml", "--write-baseline"]],
)  # fmt: skip
def test_misuse(arguments: list[str], validate: Any) -> None:
    result = validate(*arguments)

    assert result.code == 2
    assert result.err.startswith("error: ")
