"""The command line as a process: exit codes, streams, terminals, pipes, files, and that nothing heavy is imported."""

from __future__ import annotations

import io
import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path
from pkgutil import resolve_name
from xml.etree import ElementTree

import pytest
from support import ROOT, text_of

from gwplan.cli import progress
from gwplan.render import formats

SMALL = "inventories/small.yaml"
GWPLAN = [str(Path(sys.executable).with_name("gwplan"))]
PYTHON = [sys.executable, "-P", "-c"]  # -P: what is installed, not what lies in the folder


def run(
    *arguments: str, stdin: str | None = None, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    clean = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS")}
    return subprocess.run(
        [*GWPLAN, *arguments], input=stdin, capture_output=True, text=True, cwd=ROOT, env={**clean, **(env or {})},
        encoding="utf-8", timeout=60, check=False,
    )  # fmt: skip


def on_a_terminal(*arguments: str, columns: int = 80, env: dict[str, str] | None = None) -> str:
    """What a command prints on a terminal of so many columns."""
    main, side = pty.openpty()
    clean = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "FORCE_COLOR")}
    environment = {**clean, "COLUMNS": str(columns), "TERM": "xterm", **(env or {})}
    with subprocess.Popen([*GWPLAN, *arguments], stdout=side, stderr=side, stdin=side, cwd=ROOT, env=environment):
        os.close(side)
        chunks = []
        while True:
            try:
                chunk = os.read(main, 65536)
            except OSError:  # the other end is closed
                break
            if not chunk:
                break
            chunks.append(chunk)
    os.close(main)
    return b"".join(chunks).decode()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("resolve", SMALL), 0),
        (("resolve", SMALL, "--down", "gw01", "--down", "gw02"), 1),
        (("explain", SMALL, "vm-daily", "--down", "server:gw01", "--down", "gw02"), 1),
        (("explain", SMALL, "vm-daily", "web"), 0),
        (("resolve", "inventories/none.yaml"), 2),
        (("resolve", "tests/golden"), 2),
        (("resolve", SMALL, "--down", "nobody"), 2),
        (("resolve", SMALL, "--format", "yaml"), 2),
        (("resolve",), 2),
        (("rules", "--format", "json"), 0),
        (("schema",), 0),
        (("--version",), 0),
        (("-h",), 0),
    ],
)
def test_exit_codes(arguments: tuple[str, ...], code: int) -> None:
    result = run(*arguments)

    assert (result.returncode, "Traceback" in result.stderr) == (code, False)


def test_json_goes_to_standard_output_and_is_pure() -> None:
    result = run("resolve", SMALL, "--format", "json", "--down", "gw01")

    assert result.stderr == ""
    assert json.loads(result.stdout)["down"] == ["server:gw01"]


def test_standard_input_and_a_file_with_the_same_text_give_the_same_plan() -> None:
    text = (ROOT / SMALL).read_text("utf-8")

    from_input = run("resolve", "-", "--format", "json", stdin=text)

    assert from_input.stdout.replace('"file": null', f'"file": "{SMALL}"') == run(
        "resolve", SMALL, "--format", "json"
    ).stdout


def test_output_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "plan.json"
    run("resolve", SMALL, "--format", "json", "--output", str(target))
    missing = run("resolve", SMALL, "--output", str(tmp_path / "no" / "plan.txt"))

    assert json.loads(target.read_text("utf-8"))["format"] == "gwplan.plan/1"
    assert [file.name for file in tmp_path.iterdir()] == ["plan.json"]
    assert (missing.returncode, missing.stderr) == (
        2, f"error: cannot write {tmp_path}/no/plan.txt: No such file or directory\n")  # fmt: skip


def test_colour_and_box_drawing_only_on_a_terminal() -> None:
    piped, shown = run("resolve", SMALL).stdout, on_a_terminal("resolve", SMALL)
    without_colour = on_a_terminal("resolve", SMALL, env={"NO_COLOR": "1"})
    dumb = on_a_terminal("resolve", SMALL, env={"TERM": "dumb"})
    forced = run("resolve", SMALL, env={"FORCE_COLOR": "1"}).stdout

    assert [("\x1b[" in text, "╭" in text) for text in (piped, shown, without_colour, dumb, forced)] == [
        (False, False), (True, True), (False, True), (False, False), (True, True)]  # fmt: skip


@pytest.mark.parametrize("columns", [20, 80, 200])
def test_a_terminal_never_cuts_a_name(columns: int) -> None:
    shown = on_a_terminal("resolve", SMALL, columns=columns, env={"NO_COLOR": "1"})

    assert "…" not in shown
    assert columns < 80 or all(name in shown for name in ("vm-daily", "vm-copy", "nfs-paris", "gw01", "gw02"))


def test_names_never_reach_the_terminal_as_control_characters(tmp_path: Path) -> None:
    evil = tmp_path / "evil.yaml"
    evil.write_text('gwplan: 1\nbackup_server: "\\e[31mvbr"\n"\\u202eabc": 1\nservers: {"a\\x9bb": {os: "\\e]0;x"}}\n')
    shown = on_a_terminal("resolve", str(evil)) + on_a_terminal("resolve", SMALL, "--down", "\x1b[31mx\u202e")
    shown += on_a_terminal("resolve", SMALL, "--\x1b[31m")
    for code in ("\x1b[0m", "\x1b[1m", "\x1b[1;31m", "\x1b[31m", "\x1b[2m", "\x1b[33m"):
        shown = shown.replace(code, "") if code != "\x1b[31m" else shown

    assert "\x1b" not in shown
    assert "\x9b" not in shown
    assert "\u202e" not in shown


def test_a_broken_pipe_ends_quietly() -> None:
    command = f"{GWPLAN[0]} resolve {SMALL} --format json | head -c 9 >/dev/null; echo ${{PIPESTATUS[0]}}"
    result = subprocess.run(["bash", "-c", command], capture_output=True, text=True, cwd=ROOT, check=False)

    assert (result.stderr, result.stdout.strip()) == ("", "0")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize(
    ("rest", "where"), [("> /dev/full", "to standard output"), ("--output /dev/full", "/dev/full")]
)
def test_a_full_disk_is_told(rest: str, where: str) -> None:
    command = f"{' '.join(GWPLAN)} resolve {SMALL} {rest}"
    result = subprocess.run(["bash", "-c", command], capture_output=True, text=True, cwd=ROOT, check=False)

    assert (result.returncode, result.stderr) == (2, f"error: cannot write {where}: No space left on device\n")


def test_an_overlay_is_laid_over_standard_input() -> None:
    command = f"{' '.join(GWPLAN)} whatif {{}} --with tests/golden/overlay-stdin.yaml < {SMALL}"
    told = [
        subprocess.run(["bash", "-c", command.format(where)], capture_output=True, text=True, cwd=ROOT, check=False)
        for where in (SMALL, "-")
    ]

    assert (told[1].stdout, told[1].stderr, told[1].returncode) == (told[0].stdout, "", told[0].returncode)
    assert "moved" in told[1].stdout


def test_standard_input_is_not_the_inventory_and_its_overlay() -> None:
    command = f"{' '.join(GWPLAN)} whatif - --with - < {SMALL}"
    result = subprocess.run(["bash", "-c", command], capture_output=True, text=True, cwd=ROOT, check=False)

    assert (result.returncode, result.stdout, result.stderr) == (
        2, "", "error: standard input can be read once: give the others as files\n")  # fmt: skip


def test_an_interrupt_ends_with_130() -> None:
    pipes = {"stdin": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen([*GWPLAN, "resolve", "-"], cwd=ROOT, **pipes) as process:  # type: ignore[call-overload]
        assert process.stdin is not None and process.stderr is not None
        process.stdin.write(b"#\n" * 500_000)  # more than a pipe holds: when it is written, the other end is reading
        time.sleep(0.5)  # and by then it waits for more: between two reads Python notices a signal only after the next
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 130
        assert process.stderr.read() == b""


def test_a_bug_is_one_line_and_a_traceback_on_request() -> None:
    script = (
        "import sys; import gwplan.planning.plan as p; p.works = lambda inventory: 1 / 0; "
        "from gwplan.cli.main import run; sys.exit(run(sys.argv[1:]))"
    )
    told, traced = (
        subprocess.run(
            [*PYTHON, script, "resolve", SMALL, *more], capture_output=True, text=True, cwd=ROOT, check=False
        )
        for more in ([], ["--debug"])
    )

    assert told.returncode == traced.returncode == 3
    assert told.stderr.startswith("bug in gwplan ")
    assert len(told.stderr.splitlines()) == 1
    assert "Traceback" in traced.stderr


@pytest.mark.parametrize("command", ["resolve --format csv", "resolve --format markdown", "validate --format junit",
                                     "validate --format github", "import"])  # fmt: skip
def test_what_programs_read_keeps_names_on_a_stream_that_has_no_characters_for_them(
    command: str, tmp_path: Path
) -> None:
    name, (first, *rest) = "größe→", command.split()
    source = tmp_path / "i.yaml"
    source.write_text(text_of({
        "gwplan": 1, "backup_server": "vbr", "servers": {"vbr": {"os": "windows"}},
        "workloads": {"w": {"platform": "vmware"}}, "repositories": {name: {"type": "smb"}},
        "jobs": {name: {"type": "backup", "workloads": ["w"], "repository": name}},
    }), "utf-8")  # fmt: skip
    answer = {"data": [{"id": "1", "name": name, "type": "WindowsHost"}]}
    (tmp_path / "a.json").write_text(json.dumps(answer))
    told = subprocess.run(
        [sys.executable, "-m", "gwplan", first, str(tmp_path if first == "import" else source), *rest],
        capture_output=True, timeout=60, check=False, env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )  # fmt: skip

    assert name in told.stdout.decode("utf-8")
    assert told.stderr.isascii()


def test_a_text_that_the_output_cannot_encode_is_shown_in_ascii() -> None:
    result = run("explain", SMALL, "vm-daily", "sql01", env={"PYTHONIOENCODING": "cp1252"})

    assert result.returncode == 0
    assert "sql01 -> prx01" in result.stdout


HEAVY = ("typer", "rich", "rich.table", "yaml", "pydantic", "networkx", "httpx", "jinja2")
READING = ["typer", "yaml", "pydantic"]


@pytest.mark.parametrize(
    ("arguments", "imported"),
    [
        (["--version"], []),
        (["--help"], ["typer"]),
        (["import", "--help"], ["typer"]),
        (["schema"], ["typer", "pydantic"]),
        (["rules"], ["typer", "rich", "pydantic"]),
        (["rule", "GW021"], READING),
        (["resolve", SMALL], ["typer", "rich", "yaml", "pydantic"]),
        (["resolve", SMALL, "--format", "json"], READING),
        (["validate", SMALL], READING),
        (["explain", SMALL, "vm-daily", "sql01"], READING),
        (["whatif", SMALL, "--down", "gw01"], READING),
        (["sweep", SMALL], READING),
        (["graph", SMALL], READING),
        (["diff", SMALL, "--edition", "12"], READING),
        (["recommend", SMALL], READING),
        (["init", "--stdout"], ["typer"]),
    ],
)
def test_a_command_imports_nothing_heavy_that_it_does_not_need(arguments: list[str], imported: list[str]) -> None:
    script = (
        "import sys\nfrom gwplan.__main__ import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    command = [*PYTHON, script, *arguments]
    result = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)

    assert result.stderr.strip() == str(imported)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("whatif", SMALL, "--down", "gw01"), 0),
        (("whatif", SMALL, "--down", "mnt01"), 1),
        (("whatif", SMALL, "--down", "mnt01", "--with", "tests/golden/overlay.yaml"), 0),
        (("whatif", SMALL, "--with", "tests/golden/overlay-broken.yaml"), 2),
        (("whatif", SMALL, "--down", "gw01", "--only", "gone"), 2),
        (("whatif", SMALL, "--up", "proxy:prx01"), 2),
        (("whatif", SMALL, "--down", "mnt01", "--job", "laptop"), 2),
        (("whatif", SMALL, "--down", "mnt01", "--only", "moved"), 1),
        (("whatif", SMALL, "--down", "mnt01", "--only", "moved", "--format", "json"), 1),
        (("whatif", SMALL, "--scenarios", "tests/golden/scenarios.yaml"), 1),
        (("whatif", SMALL, "--scenarios", SMALL), 2),
        (("whatif", SMALL, "--scenarios", "tests/golden/scenarios.yaml", "--down", "gw01"), 2),
        (("whatif", SMALL, "--scenarios", "tests/golden/scenarios.yaml", "--job", "vm-daily"), 2),
        (("whatif", SMALL, "--format", "junit"), 2),
        (("sweep", SMALL), 1),
        (("sweep", SMALL, "--fail-on", "never"), 0),
        (("sweep", SMALL, "--over", "link,fabric"), 0),
        (("sweep", SMALL, "--over", "moon"), 2),
        (("sweep", SMALL, "--order", "3"), 2),
        (("sweep", SMALL, "--accept", "nobody"), 2),
    ],
)
def test_exit_codes_of_losses(arguments: tuple[str, ...], code: int) -> None:
    result = run(*arguments)

    assert (result.returncode, "Traceback" in result.stderr) == (code, False)


def test_scenarios_are_told_as_junit() -> None:
    root = ElementTree.fromstring(
        run("whatif", SMALL, "--scenarios", "tests/golden/scenarios.yaml", "--format", "junit").stdout
    )

    assert [(case.get("name"), len(case)) for case in root.iter("testcase")] == [
        ("gw01 is patched", 0), ("the mount server is lost", 1), ("nobody reads", 0)]  # fmt: skip


def test_accepted_losses_come_with_their_reason_from_the_settings(tmp_path: Path) -> None:
    names = ("vbr01", "server:prx01", "server:mnt01", "server:repo01", "server:elsewhere")
    lines = "\n".join(f'"{name}" = "one is enough"' for name in names)
    (tmp_path / "gwplan.toml").write_text(f"[accept]\n{lines}\n")
    (tmp_path / "small.yaml").write_text((ROOT / SMALL).read_text("utf-8"), "utf-8")
    command = [*GWPLAN, "sweep", "small.yaml"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False)

    assert result.returncode == 0
    assert "accepted: server:vbr01, one is enough\n" in result.stdout


def test_an_interrupted_sweep_tells_what_it_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    from gwplan.failures import sweep as module
    from gwplan.inventory.load import load

    def stop(done: int, of: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    found = module.sweep(load(str(ROOT / SMALL)), progress=stop)

    assert (found.examined, len(found.results)) == (3, 3)


def test_an_interrupted_sweep_of_pairs_keeps_what_it_knows_of_single_losses() -> None:
    from gwplan.failures.sweep import sweep
    from gwplan.inventory.load import load

    def stop(done: int, of: int) -> None:
        if (done, of) == (3, 15):  # of the pairs, not of the single losses
            raise KeyboardInterrupt

    inventory = load(str(ROOT / SMALL))
    found = sweep(inventory, order=2, progress=stop)

    assert (found.examined, found.scenarios) == (3, 15)
    assert found.single_points == sweep(inventory).single_points
    assert found.fragile == sweep(inventory).fragile


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True

    def shows(self, text: str) -> bool:
        """Whether it does so within ten seconds."""
        end = time.monotonic() + 10
        while text not in self.getvalue() and time.monotonic() < end:
            time.sleep(0.01)
        return text in self.getvalue()


def test_progress_lives_before_anything_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = _Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(progress, "_DELAY", 0.0)
    monkeypatch.setenv("TERM", "xterm")

    with progress.progress("pairs of losses") as step:
        assert terminal.shows("pairs of losses")
        step(3, 10)
        assert terminal.shows("3/10")


@pytest.mark.parametrize(("stream", "term"), [(io.StringIO(), "xterm"), (_Terminal(), "dumb")])
def test_progress_is_drawn_on_a_terminal_alone(
    stream: io.StringIO, term: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(progress, "_DELAY", 0.0)
    monkeypatch.setenv("TERM", term)

    with progress.progress("losses") as step:
        time.sleep(0.2)
        step(1, 2)

    assert stream.getvalue() == ""


def test_progress_tells_a_log_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    log, now = io.StringIO(), 100.0
    monkeypatch.setattr(sys, "stderr", log)
    monkeypatch.setattr(progress.time, "monotonic", lambda: now)

    with progress.progress("pairs of losses") as step:
        for second in range(40):
            now = 100.0 + second
            step(second * 1000, 119_316)

    assert log.getvalue() == (
        "pairs of losses: 16,000 of 119,316 examined\npairs of losses: 32,000 of 119,316 examined\n"
    )


THINGS = [value for name, value in vars(formats).items() if name.isupper() and isinstance(value, dict)]


@pytest.mark.parametrize("writer", sorted({one.writer for thing in THINGS for one in thing.values()}))
def test_every_format_has_a_writer(writer: str) -> None:
    assert callable(resolve_name(f"gwplan.render.{writer}"))


def test_the_public_functions_say_what_the_commands_say() -> None:
    import gwplan

    inventory = gwplan.load(ROOT / SMALL)

    found = gwplan.whatif(inventory, ["gw01"])
    assert (found.jobs("moved"), found.operations("moved")) == (["vm-copy", "vm-daily"], ["health_check:smb-paris"])
    assert gwplan.sweep(inventory).single_points == ("server:mnt01", "server:prx01", "server:repo01", "server:vbr01")
    assert [d.gateway for d in gwplan.explain(inventory, "vm-daily", "sql01", operation="data")] == ["gw01"]
