"""Completion in real shells, through a terminal: no name runs anything, and what is offered comes back unchanged."""

from __future__ import annotations

import os
import pty
import select
import shlex
import shutil
import string
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hostile import NASTY
from support import ROOT, text_of

from gwplan.cli.complete import _matching

OFFERED = ("m0plain", "m1A_b.c+d/e-f9")
HOSTILE = tuple(f"n{n:02d}{char}x" for n, char in enumerate(string.punctuation + " ") if char not in "_.+/-")
RUNNING = tuple(
    f"r{number:02d}{text}"
    for number, text in enumerate(
        ("$(touch OWNED)", "\\$(touch OWNED)", "`touch OWNED`", ";touch OWNED;", "'$(touch OWNED)'", '"$(touch OWNED)"',
         "&touch OWNED&", "|touch OWNED", "(touch OWNED)", "\\\\$(touch OWNED)", "))';touch OWNED;'((", "{touch,OWNED}")
    )
)  # fmt: skip
STEP = 1 if os.environ.get("GWPLAN_ALL_NAMES") else 6
"""Each by itself takes minutes. All at once are always asked for, and every character is in the rule's own test."""
RC = {
    "bash": (["--norc", "--noprofile", "-i"], "bind 'set bell-style none' 2>/dev/null\n"),
    "zsh": (["-f", "-i"], "autoload -Uz compinit; compinit -u -D\n"),
    "fish": (["--no-config", "-i"], ""),
}


def test_only_what_every_shell_reads_as_text_is_offered() -> None:
    assert tuple(_matching((*OFFERED, *HOSTILE, *RUNNING, "-x", ".x", "a:b:c", "~x", "x\n"), "")) == OFFERED
    assert tuple(_matching(NASTY, "")) == ("www.evil.example", "a:b", "null", "true", "1", "x" * 255)
    assert tuple(_matching(("site:paris", "fabric:$x"), "")) == ("site:paris",)


class Shell:
    """An interactive shell whose ``gwplan`` completes for real, and writes down what else it is called with."""

    def __init__(self, name: str, folder: Path) -> None:
        self.folder, self.calls = folder, 0
        program = shutil.which(name)
        if program is None:
            pytest.skip(f"{name} is not installed")
        real = f"{shlex.quote(sys.executable)} -c 'from gwplan.__main__ import script; script()'"
        stub = folder / "gwplan"
        stub.write_text(
            '#!/bin/sh\n'
            f'if [ -n "$_GWPLAN_COMPLETE" ]; then echo >>"$ASKED"; {real} "$@"; echo >>"$ANSWERED"; exit; fi\n'
            'for word in "$@"; do printf "%s\\0" "$word"; done >"$CALLED.new" && mv "$CALLED.new" "$CALLED"\n'
        )
        stub.chmod(0o755)
        environment = {
            "PATH": f"{folder}:{os.environ['PATH']}", "HOME": str(folder), "LC_ALL": "C.UTF-8",
            "TERM": "dumb" if name == "bash" else "xterm",
            "PYTHONPATH": str(ROOT), "CALLED": str(folder / "called"), "ASKED": str(folder / "asked"),
            "ANSWERED": str(folder / "answered"),
            "XDG_CONFIG_HOME": str(folder), "XDG_DATA_HOME": str(folder),
        }  # fmt: skip
        script = subprocess.run(
            [sys.executable, "-m", "gwplan", "--show-completion", name], capture_output=True, text=True, check=True,
            cwd=folder, env=environment | {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}, timeout=60,
        ).stdout  # fmt: skip
        flags, before = RC[name]
        (folder / "setup").write_text(before + script)
        main, side = pty.openpty()
        self.main = main
        self.process = subprocess.Popen(
            [program, *flags], stdin=side, stdout=side, stderr=side, cwd=folder, env=environment,
            start_new_session=True, preexec_fn=_own_terminal,
        )  # fmt: skip
        os.close(side)
        self._settle()
        os.write(self.main, b"source ./setup\r")
        self._settle()

    def _settle(self, quiet: float = 1.2) -> None:
        """Read until it has been quiet for a while; answers what fish asks of a terminal."""
        end = time.monotonic() + 20
        while time.monotonic() < end and select.select([self.main], [], [], quiet)[0]:
            try:
                seen = os.read(self.main, 65536)
            except OSError:
                return
            if b"\x1b[c" in seen or b"\x1b[0c" in seen:
                os.write(self.main, b"\x1b[?62c")

    def _until(self, happened: Callable[[], bool]) -> None:
        """And it is quiet then."""
        end = time.monotonic() + 10
        while not happened() and time.monotonic() < end:
            self._settle(0.05)
        self._settle(0.3)

    def _lines(self, name: str) -> int:
        return len(file.read_text()) if (file := self.folder / name).exists() else 0

    def completes(self, start: str) -> list[str]:
        """The words of the command line after TAB and Enter."""
        called, before = self.folder / "called", self._lines("asked")
        called.unlink(missing_ok=True)
        os.write(self.main, f"gwplan resolve i.yaml --down {start}\t".encode())
        self._until(lambda: before < self._lines("asked") == self._lines("answered"))
        os.write(self.main, b"\r")
        self._until(called.exists)
        words = called.read_text().split("\0")[:-1] if called.exists() else []
        os.write(self.main, b"\x03")
        self._settle(0.3)
        return words

    def end(self) -> None:
        self.process.kill()
        self.process.wait(10)
        os.close(self.main)


def _own_terminal() -> None:
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


@pytest.mark.parametrize("name", RC)
def test_tab_and_enter_run_nothing_and_give_the_name_back(name: str, tmp_path: Path) -> None:
    servers = {one: {"os": "windows"} for one in ("vbr", *OFFERED, *HOSTILE, *RUNNING)}
    (tmp_path / "i.yaml").write_text(text_of({"gwplan": 1, "backup_server": "vbr", "servers": servers}))
    shell = Shell(name, tmp_path)
    try:
        for one in OFFERED:
            assert shell.completes(one[:2]) == ["resolve", "i.yaml", "--down", one]
        first = 2 * [*RC].index(name) % STEP  # what one shell is not asked for by itself, another is
        some = *(one[:3] for one in HOSTILE[first::STEP]), *(one[:3] for one in RUNNING[first::STEP])
        for one in ("n", "r", *some):
            shell.completes(one)
            assert not (tmp_path / "OWNED").exists(), one
    finally:
        shell.end()
