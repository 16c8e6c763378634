"""How a command ends: with the right exit code and no traceback, whatever the streams, instant and files are."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support import ROOT, run_cli
from warm import CLOSED, ended

from gwplan.cli import watch

SMALL = str(ROOT / "inventories/small.yaml")
SCRIPT = "from gwplan.__main__ import script; script()"
GWPLAN = f"{shlex.quote(sys.executable)} -P -c {shlex.quote(SCRIPT)}"
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (f"gwplan resolve {SMALL} 2>&-", 0),
        (f"gwplan resolve {SMALL} >&-", 0),
        (f"gwplan resolve {SMALL} <&-", 0),
        (f"gwplan resolve {SMALL} >&- 2>&- <&-", 0),
        (f"gwplan resolve {SMALL} --down gw01 --down gw02 >&-", 1),
        (f"gwplan sweep {SMALL} 2>&-", 1),
        ("gwplan resolve none.yaml 2>&-", 2),
        ("gwplan resolve none.yaml 2>/dev/full", 2),
        ("gwplan resolve none.yaml --bad 2>/dev/full", 2),
        ("gwplan resolve - <&-", 2),
        (f"gwplan resolve {SMALL} >/dev/full", 2),
        (f"gwplan resolve {SMALL} >/dev/full 2>/dev/full", 2),
        ("gwplan  >/dev/full", 2),
        ("gwplan --help >&-", 0),
        ("gwplan --help >/dev/full", 2),
        ("gwplan resolve --help >/dev/full", 2),
        ("gwplan --version >&-", 0),
        ("gwplan --version >/dev/full", 2),
    ],
)
def test_closed_and_full_streams_of_a_process_that_starts(line: str, code: int, tmp_path: Path) -> None:
    result = subprocess.run(
        ["sh", "-c", line.replace("gwplan ", f"{GWPLAN} ", 1)], input="", capture_output=True, text=True, timeout=60,
        cwd=tmp_path, env=ENVIRONMENT, check=False,
    )  # fmt: skip

    assert (result.returncode, "Traceback" in result.stderr) == (code, False)


REST = str(ROOT / "tests/fixtures/import/rest")
COMMANDS = {
    f"resolve {SMALL}": 0, f"explain {SMALL} vm-daily": 0, "rules": 0, "rule GW050": 0, "schema plan": 0,
    f"sweep {SMALL}": 1, f"validate {SMALL} --format sarif": 0, f"whatif {SMALL} --down gw01": 0, f"import {REST}": 0,
    f"import {REST} --format json": 0, "import rest none": 2, "import": 2, "none": 2, "--version": 0,
    "import vbr --help": 0, f"diff {SMALL} {SMALL}": 0, f"graph {SMALL} --format svg": 0, "init --stdout": 0,
    f"recommend {SMALL} --for loss": 1, f"report {SMALL}": 0,
}  # fmt: skip
"""Command lines and how they end: one at least of every command, which `test_every_command_is_tried` holds."""
FULL_IS_NO_NEWS = {"import rest none", "none"}
"""What is said on standard error alone."""


def test_every_command_is_tried() -> None:
    from gwplan.cli import main

    assert {line.split()[0] for line in COMMANDS} >= {*main.COMMANDS}


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_with_closed_and_full_streams(line: str, tmp_path: Path) -> None:
    code = COMMANDS[line]
    for streams in ({"stdin": CLOSED, "stdout": CLOSED, "stderr": CLOSED}, {"stderr": "/dev/full"}):
        assert ends(line, tmp_path, **streams)[0] == code, streams
    for streams in ({"stdout": "/dev/full"}, {"stdout": "/dev/full", "stderr": "/dev/full"}):
        assert ends(line, tmp_path, **streams)[0] == (code if line in FULL_IS_NO_NEWS else 2), streams


def ends(line: str, folder: Path, **streams: str) -> tuple[int, str]:
    """The exit code of a command, and what is on standard error."""
    told = ended(shlex.split(line), folder, **streams)
    assert "Traceback" not in told.err
    return told.code, told.err


VBR = "import vbr --url https://127.0.0.1:1 --user u"
WRITING = (
    "resolve {small} --output", "explain {small} vm-daily --output", "rules --output", "rule --all --output",
    "schema --output", "sweep {small} --output", "validate {small} --output", "validate {small} --report json=",
    "validate {small} --write-baseline --baseline", "validate {small} --baseline", "whatif {small} --with",
    "whatif {small} --down gw01 --output", "whatif {small} --scenarios", "import {rest} --output",
    "import {rest} --report", "import {rest} --into", "import {rest} --sites", "import {rest} --into {copy} --output",
    f"{VBR} --password-file", f"{VBR} --ca-file", f"{VBR} --save", "validate", "import", "import rest",
    "import health-check", "diff {small} {small} --output", "diff {small}", "graph {small} --output",
    "recommend {small} --output", "recommend {small} --overlay", "report {small} --output", "report {small} --against",
    "report {small} --output r.html --scenarios",
)  # fmt: skip
"""Every option and argument that takes a path."""


@pytest.mark.parametrize("command", WRITING)
@pytest.mark.parametrize(
    "place", ["file/x.yaml", "none/x.yaml", "folder", "a\nb/x", "loop", "/dev/null/x", "\udcff/x", "x" * 300]
)
def test_a_place_that_cannot_be_used_is_told_in_words(command: str, place: str, tmp_path: Path) -> None:
    """A file that stands where a folder should is what root may not look into, either."""
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    (tmp_path / "loop").symlink_to("loop")
    copy = tmp_path / "copy.yaml"
    copy.write_text(Path(SMALL).read_text())
    words = command.format(small=SMALL, rest=REST, copy=copy).split()
    if words[-1].endswith("="):
        words[-1] += str(tmp_path / place)
    else:
        words.append(str(tmp_path / place))
    with pytest.MonkeyPatch.context() as patch:
        told = run_cli(words, {"GWPLAN_VBR_PASSWORD": "x"}, patch)

    assert told.code == 2, told
    assert told.err.strip()
    assert "Traceback" not in told.err and "bug in gwplan" not in told.err
    assert not [path.name for path in tmp_path.iterdir() if path.name not in ("file", "folder", "loop", "copy.yaml")]
    assert copy.read_text() == Path(SMALL).read_text()


DEEP = "x = " + "[" * 5000 + "]" * 5000


@pytest.mark.parametrize(
    ("file", "text", "line", "error"),
    [
        ("gwplan.toml", DEEP, "validate {small}", "error: cannot read gwplan.toml: it nests too deep"),
        (
            "gwplan.toml",
            f"x = {'1' * 5000}",
            "sweep {small}",
            "error: cannot read gwplan.toml: Exceeds the limit",
        ),
        (
            "s.yaml",
            "- {name: a, down: [gw01], expect: [no_loss]}",
            "whatif {small} --scenarios s.yaml",
            "s.yaml: 1 ",
        ),
        ("bad.yaml", "x: [", "whatif {small} --with bad.yaml", "bad.yaml: 1 error"),
    ],
)
def test_odd_files_are_refused_in_words(file: str, text: str, line: str, error: str, tmp_path: Path) -> None:
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).write_text(text)

    code, told = ends(line.format(small=SMALL), tmp_path)

    assert code == 2
    assert error in told


def test_a_folder_of_scenarios_is_refused(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / f"{name}.yaml").write_text("- {name: a, down: gw01, expect: no_loss}")

    assert ends(f"whatif {SMALL} --scenarios .", tmp_path) == (
        2, "error: --scenarios . is a folder: give one file\n",
    )  # fmt: skip


def test_a_tool_that_is_no_table_holds_no_settings(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("tool = 3")

    assert ends(f"validate {SMALL}", tmp_path)[0] == 0


def test_folders_as_deep_as_a_path_can_be(tmp_path: Path) -> None:
    made = "import os\nfor n in range(1500): os.mkdir('d'); os.chdir('d')\nopen('a.yaml', 'w').write('gwplan: 1')"
    subprocess.run([sys.executable, "-c", made], cwd=tmp_path, check=True, timeout=60)
    try:
        for command in ("resolve d", "import d", "import rest d", "resolve d --output x.txt"):
            assert ends(command, tmp_path)[0] == 2
    finally:
        subprocess.run(["rm", "-rf", "d"], cwd=tmp_path, check=True, timeout=60)


@pytest.mark.parametrize("path", ["closed/x", "closed/y/z"])
@pytest.mark.parametrize(
    "command", ["resolve {path}", "resolve {small} --output {path}", "whatif {small} --with {path}"]
)
def test_paths_that_may_not_be_looked_at(
    command: str, path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "closed").write_text("a file, under which nothing can be looked at")

    assert ends(command.format(small=SMALL, path=path), tmp_path)[0] == 2


@pytest.mark.parametrize("stop", [1, 2, 5, 15, 40, 80, 150, 250, 400])
def test_an_interrupt_during_any_import_ends_quietly(stop: int, tmp_path: Path) -> None:
    code = (
        f"import builtins, sys\nsys.argv = ['gwplan', 'resolve', {SMALL!r}]\nreal, left = builtins.__import__, {stop}\n"
        "def one(*words, **more):\n    global left\n    left -= 1\n    if not left:\n        raise KeyboardInterrupt\n"
        "    return real(*words, **more)\n"
        f"from gwplan.__main__ import script\nbuiltins.__import__ = one\nscript()"
    )
    result = subprocess.run(
        [sys.executable, "-P", "-c", code], capture_output=True, text=True, cwd=tmp_path, env=ENVIRONMENT, timeout=60,
        check=False,
    )  # fmt: skip

    assert (result.returncode, result.stderr) == (130, "")


INTERRUPTED_AT_CALL = """\
import signal, sys
sys.argv = ["gwplan", *sys.argv[2:]]
left = int({stop})
begun = False
def call(frame, event, argument):
    global begun, left
    begun = begun or frame.f_code.co_filename.endswith("__main__.py")
    left -= begun
    if not left:
        signal.raise_signal(signal.SIGINT)
sys.settrace(call)
from gwplan.__main__ import script
script()
"""
CALLS = [2, 3, 4, 6, 9, 14, 20, 50, 200, 800, 3000, 8000, 12000, 16000, 20000, 30000, 45000]
ENDING = [
    ("resolve", SMALL), ("validate", SMALL), ("sweep", SMALL), ("whatif", SMALL, "--down", "gw01"), ("--help",),
    ("import", str(ROOT / "tests/fixtures/import/rest")), ("--version",), ("schema",),
]  # fmt: skip


@pytest.mark.parametrize(
    ("command", "stop"),
    [(ENDING[(number + more) % len(ENDING)], stop) for more in (0, 3) for number, stop in enumerate(CALLS)],
)
def test_an_interrupt_at_any_call_from_the_first_on_ends_quietly(
    command: tuple[str, ...], stop: int, tmp_path: Path
) -> None:
    """The first call is the module that holds ``script``, before anything of gwplan has run; the second comes in it."""
    result = subprocess.run(
        [sys.executable, "-P", "-c", INTERRUPTED_AT_CALL.format(stop=stop), "", *command], capture_output=True,
        text=True, cwd=tmp_path, env=ENVIRONMENT, timeout=60, check=False,
    )  # fmt: skip
    ended = {"sweep": 1}.get(command[0], 0)  # before there were so many calls

    assert result.returncode == 130 or (stop > 10 and result.returncode == ended)
    assert result.stderr == "" or (result.returncode == ended and command[0] == "import")


def test_an_interrupt_of_a_watch_ends_quietly_and_a_folder_that_vanishes_does_not(tmp_path: Path) -> None:
    folder = tmp_path / "estate"
    folder.mkdir()
    (folder / "a.yaml").write_text(Path(SMALL).read_text())
    with subprocess.Popen(
        [sys.executable, "-P", "-c", SCRIPT, "validate", "--watch", str(folder)], stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, cwd=tmp_path, env=ENVIRONMENT,
    ) as process:  # fmt: skip
        assert process.stderr is not None
        assert process.stderr.readline() == "watching; Ctrl-C ends\n"
        (folder / "a.yaml").unlink()
        folder.rmdir()
        time.sleep(1.5)
        process.send_signal(signal.SIGINT)
        told = process.communicate(timeout=30)[1]

    assert process.returncode == 130
    assert "Traceback" not in told and "bug" not in told


def test_a_folder_that_vanishes_while_it_is_looked_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(_: Path) -> None:
        raise FileNotFoundError

    monkeypatch.setattr(Path, "iterdir", gone)

    assert [name for name, _, _ in watch._stamps(tmp_path)] == [str(tmp_path)]
