"""The built wheel, installed alone in an environment of its own: all files, the entry point, and each command.

`make wheel` sets GWPLAN_INSTALLED to that environment's `gwplan`. The suite is not repeated there: the wheel holds the
very bytes that the suite has run with, which is tested here, so only what packaging can spoil is left to ask.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import zipfile
from pathlib import Path

import pytest
from support import ROOT, data_in

import gwplan

INSTALLED = os.environ.get("GWPLAN_INSTALLED", "")
GOLDEN = ROOT / "tests" / "golden"
RUNS = {name: line for name, line in data_in(GOLDEN / "commands.yaml").items() if isinstance(line, str)}

pytestmark = pytest.mark.skipif(not INSTALLED, reason="no installed wheel here: `make wheel` builds one")


def told(line: str, **more: str) -> str:
    """What the installed command prints, as a golden text shows it."""
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "GITHUB_ACTIONS")}
    result = subprocess.run([INSTALLED, *shlex.split(line)], capture_output=True, encoding="utf-8", cwd=ROOT,
                            env=environment | {"LC_ALL": "C.UTF-8"} | more, timeout=60, check=False)  # fmt: skip
    errors = f"[standard error]\n{result.stderr}" if result.stderr else ""
    return f"$ gwplan {line}\n{result.stdout}{errors}[exit code {result.returncode}]\n"


def test_the_wheel_holds_the_very_files_of_the_package() -> None:
    (wheel,) = (ROOT / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        held = {name: archive.read(name) for name in archive.namelist() if name.startswith("gwplan/")}
    written = [file for file in (ROOT / "gwplan").rglob("*") if file.is_file() and "__pycache__" not in file.parts]

    assert held == {file.relative_to(ROOT).as_posix(): file.read_bytes() for file in written}
    assert "gwplan/py.typed" in held


def test_what_runs_is_what_was_installed() -> None:
    python = Path(INSTALLED).with_name("python")
    asked = [python, "-I", "-c", "import gwplan; print(gwplan.__file__)"]
    place = Path(subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip())

    assert place.is_relative_to(python.parent.parent)
    assert told("--version") == f"$ gwplan --version\ngwplan {gwplan.__version__}\n[exit code 0]\n"


def test_each_command_prints_what_it_printed_from_the_source() -> None:
    """One golden text for each command, for each command imports libraries of its own."""
    commands = re.findall(r"^  ([a-z-]+)  +[A-Z]", told("--help").partition("Commands:")[2], re.MULTILINE)
    first = {command: min((name for name, line in RUNS.items() if line.split()[0] == command), key=_is_help)
             for command in commands}  # fmt: skip

    assert len(first) == len(commands) > 1
    for name in first.values():
        assert told(RUNS[name]) == (GOLDEN / f"{name}.txt").read_text("utf-8")
    assert '"$schema"' in told("schema")  # too long for a golden text


def _is_help(name: str) -> bool:
    return "--help" in RUNS[name]


def test_a_server_that_is_not_there_is_told_in_words() -> None:
    shown = told("import vbr --url http://127.0.0.1:1 --user viewer", GWPLAN_VBR_PASSWORD="x")

    assert "Connection refused" in shown
    assert shown.endswith("[exit code 2]\n")
