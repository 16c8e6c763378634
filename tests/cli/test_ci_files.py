"""What works elsewhere: shell completion, the pre-commit hook, the action and the pipeline template."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from support import ROOT
from warm import ended

SMALL = "inventories/small.yaml"


def complete(line: str) -> list[str]:
    """What bash would offer at the end of a line."""
    words = line.split(" ")
    environment = {"_GWPLAN_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)}
    result = ended([], environment=environment)
    assert result.err == ""
    return result.out.split("\n")[:-1] if result.out.endswith("\n") else result.out.split("\n")


def offered(line: str) -> list[str]:
    return [word for word in complete(line) if word]


@pytest.mark.parametrize("command", ["resolve", "whatif", "report"])
def test_down_completes_the_names_of_the_inventory(command: str) -> None:
    assert offered(f"gwplan {command} {SMALL} --down gw") == ["gw01", "gw02"]
    assert "vbr01" in offered(f"gwplan {command} {SMALL} --down ")


def test_a_role_that_shares_its_servers_name_is_offered_by_kind() -> None:
    assert offered(f"gwplan resolve {SMALL} --down proxy:") == ["proxy:prx01"]


def test_a_diff_completes_the_names_of_its_later_side() -> None:
    edited = "inventories/small-edited.yaml"

    assert offered(f"gwplan diff {SMALL} {edited} --down prx") == ["prx02"]
    assert offered(f"gwplan diff {edited} --against main --down prx") == ["prx02"]
    assert offered(f"gwplan diff {SMALL} {edited} --job vm-") == ["vm-daily", "vm-copy", "vm-test"]


def test_editions_complete() -> None:
    assert offered(f"gwplan resolve {SMALL} --edition 13") == ["13", "13@2026-03-03"]
    assert offered("gwplan rules --edition 1") == ["12", "13", "13@2026-03-03"]


def test_jobs_and_codes_complete() -> None:
    assert offered(f"gwplan explain {SMALL} vm-") == ["vm-daily", "vm-copy", "vm-test"]
    assert offered(f"gwplan explain {SMALL} web-0")[:2] == ["web-01", "web-02"]
    assert offered(f"gwplan explain {SMALL} rescan:n") == ["rescan:nfs-paris"]
    assert offered(f"gwplan resolve {SMALL} --job vm-d") == ["vm-daily"]
    assert offered(f"gwplan resolve {SMALL} --repository smb") == ["smb-paris"]
    assert offered(f"gwplan resolve {SMALL} --gateway gw") == ["gw01", "gw02"]
    assert offered(f"gwplan resolve {SMALL} --type file_b") == ["file_backup", "file_backup_copy"]
    assert offered(f"gwplan whatif {SMALL} --up nfs") == ["nfs-paris"]
    assert offered(f"gwplan sweep {SMALL} --accept server:vbr") == ["server:vbr01"]
    assert offered("gwplan rule fc-") == ["fc-needs-explicit-gateway"]
    assert offered("gwplan rule GW05") == [f"GW05{n}" for n in "012345678" if n != "9"] + ["GW059"]
    assert offered(f"gwplan validate {SMALL} --select GW050,GW14")[0] == "GW050,GW140"


def test_an_inventory_that_cannot_be_read_completes_to_nothing() -> None:
    assert offered("gwplan resolve tests/golden/unreadable.yaml --down gw") == []
    assert offered("gwplan resolve nowhere.yaml --down gw") == []


def read(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text("utf-8"))


def run(script: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["bash", "-eu", "-c", script], capture_output=True, text=True, cwd=folder, check=False,
                          env={**os.environ, **environment}, timeout=60)  # fmt: skip


def test_the_pre_commit_hook_runs_on_the_files_that_it_matches() -> None:
    hook, _ = read(".pre-commit-hooks.yaml")
    files = [name for name in (SMALL, "inventory.yaml", "a/inventory.yml", "inventories/x.json", "docker-compose.yml")
             if re.search(hook["files"], name)]  # fmt: skip
    entry = hook["entry"].replace("gwplan", f"{sys.executable} -m gwplan", 1)

    assert files == [SMALL, "inventory.yaml", "a/inventory.yml", "inventories/x.json"]
    assert run(f"{entry} {SMALL} inventories/two-sites.yaml", ROOT).returncode == 0
    assert run(f"{entry} inventories/broken/error.yaml", ROOT).returncode == 1


@pytest.mark.parametrize(
    ("inputs", "code"),
    [
        ({"INVENTORIES": "inventories/broken/warning.yaml"}, 0),
        ({"INVENTORIES": "inventories/broken/warning.yaml", "FAIL_ON": "warning"}, 1),
        ({"INVENTORIES": "inventories/broken/warning.yaml inventories/broken/error.yaml", "IGNORE": "GW020,GW150"}, 0),
        ({"INVENTORIES": "inventories/broken/w*.yaml"}, 2),
        ({"INVENTORIES": "inventories/broken/warning.yaml; touch forged"}, 2),
        ({"INVENTORIES": "$(touch forged)"}, 2),
    ],
)
def test_the_action_runs_as_written(inputs: dict[str, str], code: int, tmp_path: Path) -> None:
    action = read("action.yml")
    (step,) = (step for step in action["runs"]["steps"] if step.get("name") == "Validate")
    names = {name: re.search(r"inputs\.([a-z-]+)", text)[1] for name, text in step["env"].items()}  # type: ignore[index]
    program = tmp_path / "gwplan" / "bin" / "gwplan"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m gwplan "$@"\n')
    program.chmod(0o755)
    defaults = {name: action["inputs"][key].get("default", "") for name, key in names.items()}
    sarif = tmp_path / "out.sarif"
    environment = {**defaults, "RUNNER_TEMP": str(tmp_path), "SARIF": str(sarif), **inputs}
    result = run(step["run"], ROOT, **environment)

    assert result.returncode == code, result.stderr
    assert sarif.exists()
    assert not (ROOT / "forged").exists()


def test_the_pipeline_template_runs_as_written(tmp_path: Path) -> None:
    job = read("ci/gitlab.yml")["gwplan"]
    (_, command) = job["script"]
    program = command.replace("gwplan validate", f"{sys.executable} -m gwplan validate", 1)
    variables = {**job["variables"], "GWPLAN_INVENTORIES": str(ROOT / SMALL)}
    result = run(program, tmp_path, **variables)

    assert result.returncode == 0, result.stderr
    assert {file.name for file in tmp_path.iterdir()} == set(job["artifacts"]["reports"].values())


def test_the_action_writes_a_page_for_each_inventory(tmp_path: Path) -> None:
    step = next(step for step in read("action.yml")["runs"]["steps"] if "a page for each" in step.get("name", ""))
    (tmp_path / "gwplan/bin").mkdir(parents=True)
    (tmp_path / "gwplan/bin/gwplan").write_text(f'#!/bin/sh\nexec {sys.executable} -m gwplan "$@"\n')
    (tmp_path / "gwplan/bin/gwplan").chmod(0o755)
    inputs = {"INVENTORIES": f"{SMALL} inventories/scale-out.yaml", "RUNNER_TEMP": str(tmp_path)}

    assert run(step["run"], ROOT, **inputs).returncode == 0
    pages = [file.read_text("utf-8") for file in sorted((tmp_path / "gwplan-report").iterdir())]
    assert [re.findall("<title>(.*?)</title>", page)[0] for page in pages] == ["small.yaml", "scale-out.yaml"]
    assert run(step["run"], ROOT, **inputs | {"INVENTORIES": "$(touch forged)"}).returncode == 2
