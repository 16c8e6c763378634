"""What is narrowed narrows everything that `resolve` prints, in each of its formats."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from support import run_cli, text_of

ESTATE = {
    "gwplan": 1,
    "backup_server": "vbr",
    "servers": {"vbr": {"os": "windows"}, "gw1": {"os": "windows"}, "gw2": {"os": "windows"}},
    "repositories": {
        "smb-a": {"type": "smb", "gateway_servers": ["gw1"]},
        "=smb-b": {"type": "smb", "gateway_servers": ["gw2"]},
    },
    "workloads": {"pc1": {"platform": "agent"}, "pc2": {"platform": "agent"}},
    "jobs": {
        "one": {"type": "agent_backup", "workloads": ["pc1"], "repository": "smb-a"},
        "two": {"type": "agent_backup", "workloads": ["pc2"], "repository": "=smb-b"},
        "off": {"type": "agent_backup", "workloads": ["pc2"], "repository": "smb-a", "enabled": False},
    },
}


@pytest.fixture
def estate(tmp_path: Path) -> str:
    file = tmp_path / "estate.yaml"
    file.write_text(text_of(ESTATE), "utf-8")
    return str(file)


@pytest.mark.parametrize("narrowed", [["--job", "one"], ["--repository", "smb-a"], ["--gateway", "gw1"]])
def test_nothing_of_the_other_job_is_printed(
    estate: str, narrowed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = run_cli(["resolve", estate, *narrowed], {}, monkeypatch).out
    told = json.loads(run_cli(["resolve", estate, *narrowed, "--format", "json"], {}, monkeypatch).out)

    assert "gw1" in text
    assert not any(name in text for name in ("gw2", "=smb-b", "two", "off "))
    assert {d["gateway"] for d in told["decisions"]} == {g["server"] for g in told["gateways"]} == {"gw1"}
    assert not any(finding["subject"]["name"] == "=smb-b" for finding in told["findings"])
    assert told["summary"]["decisions"] == len(told["decisions"])


def test_a_finding_about_other_jobs_of_a_shared_repository_is_not_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = {**ESTATE, "repositories": {"smb": {"type": "smb", "mount_server": "gw1"}}}
    shared["workloads"] = {"pc": {"platform": "agent", "count": 8}, "vm": {"platform": "vmware"}}
    shared["proxies"] = {"gw2": {"type": "vmware"}}
    shared["jobs"] = {
        "one": {"type": "backup", "workloads": ["vm"], "repository": "smb"},
        "two": {"type": "agent_backup", "workloads": ["pc"], "repository": "smb"},
    }
    file = tmp_path / "shared.yaml"
    file.write_text(text_of(shared), "utf-8")
    codes = {
        job: {found["code"] for found in json.loads(
            run_cli(["resolve", str(file), "--job", job, "--format", "json"], {}, monkeypatch).out
        )["findings"]}
        for job in ("one", "two")
    }  # fmt: skip

    assert "GW077" in codes["two"]
    assert "GW077" not in codes["one"]


def test_only_what_failed(estate: str, monkeypatch: pytest.MonkeyPatch) -> None:
    well = run_cli(["resolve", estate, "--failed"], {}, monkeypatch)
    bad = run_cli(["resolve", estate, "--failed", "--down", "gw2", "--format", "json"], {}, monkeypatch)

    assert (well.code, bad.code) == (0, 1)
    assert "no decision is like that" in well.out
    assert {d["repository"] for d in json.loads(bad.out)["decisions"]} == {"=smb-b"}


@pytest.mark.parametrize(
    ("option", "message"),
    [
        (["--gateway", "gw3"], "error: there is no server 'gw3'; did you mean 'gw1'?\n"),
        (["--type", "agent-backup"], "error: there is no type of job 'agent-backup'; did you mean 'agent_backup'?\n"),
    ],
)
def test_a_name_that_nothing_has(
    estate: str, option: list[str], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run_cli(["resolve", estate, *option], {}, monkeypatch)[::2] == (2, message)


def test_a_disabled_job_has_a_row(estate: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = run_cli(["resolve", estate], {}, monkeypatch).out.splitlines()

    assert [row.split() for row in rows if row.startswith("off")] == [["off", "agent_backup", "0", "disabled"]]


def test_the_output_file_names_its_format_and_no_cell_is_a_formula(
    estate: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "plan.csv"
    run_cli(["resolve", estate, "--output", str(file)], {}, monkeypatch)
    rows = list(csv.DictReader(io.StringIO(file.read_text("utf-8"))))

    assert {row["repository"] for row in rows} == {"smb-a", "'=smb-b"}
    assert {row["disks"] for row in rows} >= {"1"}
