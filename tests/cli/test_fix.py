"""``validate --fix``: what is certain is mended in the files, all of it or nothing; what is left is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from consumers import SARIF
from support import ROOT, Result, run_cli

from gwplan.inventory.edit import edited

BROKEN = """\
# an estate
gwplan: 1
backup_server: vbr
servers:
  vbr: {os: windows, cores: 8, memory: 32 GiB}
  gw-paris: {os: 'linx'}  # the one
proxies: {vbr: {type: vmware}}
repositories:
  smb:
    typ: smb
    gatway_servers: [gw-pariss, vbr, vbr]   # both
  win: {type: windows, server: vbr, gateway_servers: [vbr], max_concurrent_tasks: 4}
workloads: {vm: {platform: vmware}}
jobs:
  j: {type: backup, workloads: [vm], repository: smbb, enabled: yes}
"""
MENDED = """\
# an estate
gwplan: 1
backup_server: vbr
servers:
  vbr: {os: windows, cores: 8, memory: 32 GiB}
  gw-paris: {os: 'linux'}  # the one
proxies: {vbr: {type: vmware}}
repositories:
  smb:
    type: smb
    gateway_servers: [gw-paris, vbr]   # both
  win: {type: windows, server: vbr, max_concurrent_tasks: 4}
workloads: {vm: {platform: vmware}}
jobs:
  j: {type: backup, workloads: [vm], repository: smb, enabled: true}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "estate.yaml"
    made.write_text(BROKEN, "utf-8")
    return made


def validate(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> Result:
    return run_cli(["validate", *map(str, arguments)], {}, monkeypatch)


def test_an_inventory_that_cannot_be_read_is_mended(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = validate(monkeypatch, file)
    after = validate(monkeypatch, file, "--fix")

    assert before.code == 2
    assert after.code == 0
    assert file.read_text("utf-8") == MENDED
    assert after.err.splitlines()[-1] == "fixed 8 findings in 1 file"
    assert f"fixed {file}:10:5: GW012 smb has an unknown key `typ`: did you mean 'type'?" in after.err
    assert validate(monkeypatch, file, "--fix").err == "fixed 0 findings\n"


def test_a_key_of_another_entry_is_no_misspelling(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "inventory.yaml"
    text = (
        "gwplan: 1\nbackup_server: v\nservers: {v: {os: windows}}\n"
        "repositories: {r: {type: hardened, server: v, gfs: true}}\n"
    )
    file.write_text(text, "utf-8")

    assert validate(monkeypatch, file, "--fix").err.startswith("fixed 0 findings\n")
    assert file.read_text("utf-8") == text


def test_the_exit_code_is_of_what_is_left(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert validate(monkeypatch, file, "--fix", "--fail-on", "warning").code == 1


@pytest.mark.parametrize("prefix", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_a_mark_stay(prefix: bytes, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_bytes(prefix + BROKEN.replace("\n", "\r\n").encode())

    assert validate(monkeypatch, file, "--fix").code == 0
    assert file.read_bytes() == prefix + MENDED.replace("\n", "\r\n").encode()


def test_what_changes_a_decision_is_made_only_where_that_is_asked_for(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text(MENDED.replace("{os: 'linux'}", "{os: linux, cores: 4}"), "utf-8")
    before = file.read_text("utf-8")

    assert "GW093" in validate(monkeypatch, file, "--fix", "--format", "concise").out
    assert file.read_text("utf-8") == before
    assert "GW093" not in validate(monkeypatch, file, "--unsafe-fixes", "--format", "concise").out
    assert file.read_text("utf-8") == before.replace("# both\n", "# both\n    max_concurrent_tasks: 24\n")


def test_a_diff_is_what_would_be_written_and_writes_nothing(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = validate(monkeypatch, file, "--diff")

    assert shown.code == 2  # as the file stays as it is
    assert file.read_text("utf-8") == BROKEN
    assert shown.out.startswith(f"--- {file}\n+++ {file}\n@@ -3,13 +3,13 @@\n")
    assert [line for line in shown.out.splitlines() if line.startswith("+ ")] == [
        line for line in (f"+{line}" for line in MENDED.splitlines()) if line[1:] not in BROKEN.splitlines()
    ]
    assert shown.err.splitlines()[-1] == "would fix 8 findings in 1 file"


def test_json_says_what_can_be_fixed_and_what_was(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = json.loads(validate(monkeypatch, file, "--format", "json").out)
    after = json.loads(validate(monkeypatch, file, "--fix", "--format", "json").out)

    assert {one["code"]: one["fixable"] for one in before["findings"]} == {
        "GW001": "safe", "GW012": "safe", "GW013": "safe", "GW014": None,
    }  # fmt: skip
    assert "fixed" not in before
    assert sorted(one["code"] for one in after["fixed"]) == [
        "GW001", "GW001", "GW007", "GW012", "GW012", "GW013", "GW013", "GW170",
    ]  # fmt: skip


def test_only_what_is_selected_is_mended(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert validate(monkeypatch, file, "--fix", "--select", "GW001").code == 2
    assert file.read_text("utf-8") == BROKEN.replace("smbb", "smb")


def test_what_a_comment_keeps_quiet_stays(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    line = "  win: {type: windows, server: vbr, gateway_servers: [vbr], max_concurrent_tasks: 4}"
    text = MENDED.replace(
        "  win: {type: windows, server: vbr, max_concurrent_tasks: 4}", f"{line}  # gwplan: ignore[GW007] x"
    )
    file.write_text(text, "utf-8")

    assert validate(monkeypatch, file, "--fix").err == "fixed 0 findings\n"
    assert file.read_text("utf-8") == text


def test_what_cannot_be_mended_is_told_with_the_text_to_write_by_hand(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = MENDED.replace("  win: {type: windows", "  win: &win {type: windows").replace(
        "max_concurrent_tasks: 4}",
        "max_concurrent_tasks: 4, gateway_servers: [vbr]}\n  nas: {<<: *win, type: smb, server: null}",
    )
    file.write_text(text, "utf-8")

    made = validate(monkeypatch, file, "--fix")

    assert file.read_text("utf-8") == text
    assert made.err == (
        f"not fixed: {file}:12:67: GW007 win lists gateway servers and runs its own data mover: the list is ignored: "
        "it would change what was not meant, as an anchor or a merge key shares the text\n"
        "write by hand:\n  # leave out repositories.win.gateway_servers\n"
        "fixed 0 findings\n"
    )


def test_several_files_are_mended_together_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    head, _, tail = BROKEN.partition("repositories:\n")
    one, two = tmp_path / "a.yaml", tmp_path / "b.yaml"
    one.write_text(head, "utf-8")
    two.write_text(f"gwplan: 1\nrepositories:\n{tail}", "utf-8")
    two.chmod(0o444)

    refused = validate(monkeypatch, tmp_path, "--fix")

    assert refused == Result(2, "", f"error: cannot write {two}: it is read-only: nothing is written\n")
    assert one.read_text("utf-8") == head
    two.chmod(0o644)
    assert validate(monkeypatch, tmp_path, "--fix").code == 0
    assert "'linux'" in one.read_text("utf-8") and "gateway_servers: [gw-paris, vbr]" in two.read_text("utf-8")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.yaml", "b.yaml"]


def test_a_link_stays_and_the_mode_too(tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.chmod(0o640)
    link = tmp_path / "link.yaml"
    link.symlink_to(file)

    assert validate(monkeypatch, link, "--fix").code == 0
    assert link.is_symlink()
    assert file.read_text("utf-8") == MENDED
    assert file.stat().st_mode & 0o777 == 0o640


def test_a_file_that_changes_meanwhile_is_not_written(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def edited_while_somebody_writes(*arguments: Any) -> Any:
        file.write_text(BROKEN + "# more\n", "utf-8")
        return edited(*arguments)

    monkeypatch.setattr("gwplan.checks.fix.edited", edited_while_somebody_writes)
    made = validate(monkeypatch, file, "--fix")

    assert made == Result(2, "", f"error: {file}: has changed since it was read: nothing is written\n")
    assert file.read_text("utf-8") == BROKEN + "# more\n"


def test_an_extent_that_a_list_has_twice_is_taken_out(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = MENDED.replace("repository: smb,", "repository: all,").replace(
        "workloads:",
        "scale_out_repositories:\n  all:\n    performance_tier:\n    - smb # one\n    - smb\nworkloads:",
        1,
    )
    file.write_text(text, "utf-8")

    assert validate(monkeypatch, file).code == 2
    assert validate(monkeypatch, file, "--fix").code == 0
    assert file.read_text("utf-8") == text.replace("    - smb\n", "")


def test_one_file_that_is_given_twice_is_mended_once(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert validate(monkeypatch, file, file, "--fix").code == 0
    assert file.read_text("utf-8") == MENDED


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--fix", "--watch"], "--fix, --unsafe-fixes and --diff do not go with --watch"),
        (["--diff", "--format", "json"], "--diff prints a diff: leave --format json out"),
        (["--diff", "--baseline", "b.json", "--write-baseline"],
         "--fix, --unsafe-fixes and --diff do not go with --write-baseline"),
    ],
)  # fmt: skip
def test_what_does_not_go_together_is_refused(
    arguments: list[str], why: str, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert validate(monkeypatch, file, *arguments) == Result(2, "", f"error: {why}\n")


@pytest.mark.parametrize("eol", ["\n", "\r\n"])
def test_sarif_has_the_edit_of_what_fix_would_mend(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, eol: str
) -> None:
    file = tmp_path / "estate.yaml"
    file.write_bytes(MENDED.replace("os: windows, cores: 8", "os: windows, coers: 8").replace("\n", eol).encode())
    log = json.loads(validate(monkeypatch, file, "--format", "sarif").out)
    (result,) = log["runs"][0]["results"]
    (fix,) = result["fixes"]
    (change,) = fix["artifactChanges"]
    (replacement,) = change["replacements"]

    SARIF.validate(log)
    assert fix["description"] == {"text": "did you mean 'cores'?"}
    assert change["artifactLocation"]["uri"].endswith("/estate.yaml")
    assert replacement == {
        "deletedRegion": {"startLine": 5, "startColumn": 22, "endLine": 5, "endColumn": 27},
        "insertedContent": {"text": "cores"},
    }


def test_a_fix_in_sarif_is_made_where_it_is_said(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    results = json.loads(validate(monkeypatch, file, "--format", "sarif").out)["runs"][0]["results"]
    lines = BROKEN.splitlines()
    seen = {}
    for result in results:
        for one in result.get("fixes", ()):
            (replacement,) = one["artifactChanges"][0]["replacements"]
            region = replacement["deletedRegion"]
            gone = lines[region["startLine"] - 1][region["startColumn"] - 1 : region["endColumn"] - 1]
            seen[gone] = replacement["insertedContent"]["text"]

    assert seen == {
        "'linx'": "'linux'", "typ": "type", "gatway_servers": "gateway_servers", "smbb": "smb", "yes": "true",
    }  # fmt: skip


def test_an_unsafe_fix_is_no_fix_of_sarif(monkeypatch: pytest.MonkeyPatch) -> None:
    log = validate(monkeypatch, ROOT / "inventories" / "small.yaml", "--format", "sarif").out
    results = json.loads(log)["runs"][0]["results"]
    unsafe = [one for one in results if one.get("properties", {}).get("fixable") == "unsafe"]

    assert unsafe
    assert [one for one in unsafe if "fixes" in one] == []
