"""A process of ``gwplan`` per command line, forked from one that has imported everything: real streams, no start.

What may happen while a process starts (what it imports, an interrupt, how it finds its streams) is tried in processes
that do start.
"""

from __future__ import annotations

import atexit
import functools
import gc
import json
import os
import pkgutil
import signal
import subprocess
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import IO, Any, NamedTuple

from support import OF_ELSEWHERE, ROOT

KEPT, CLOSED = "", "-"
STREAMS = (("stdin", "r", "strict"), ("stdout", "w", "strict"), ("stderr", "w", "backslashreplace"))


class Ended(NamedTuple):
    """How a process ended, and what is on those streams that are kept."""

    code: int
    out: str
    err: str


def ended(
    arguments: list[str], folder: Path = ROOT, *, environment: dict[str, str] | None = None,
    stdin: str = os.devnull, stdout: str = KEPT, stderr: str = KEPT,
) -> Ended:  # fmt: skip
    """Run ``gwplan`` to its end in a folder. A stream is a file, closed, or kept to be looked at."""
    given = {"arguments": arguments, "folder": str(folder), "environment": environment or {},
             "streams": (stdin, stdout, stderr)}  # fmt: skip
    process = _warm()
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(json.dumps(given) + "\n")
    process.stdin.flush()
    return Ended(*json.loads(process.stdout.readline()))


@functools.cache
def _warm() -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if name not in OF_ELSEWHERE}
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", "import warm; warm.serve()"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        encoding="utf-8", env={**environment, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"},
    )  # fmt: skip
    atexit.register(process.communicate)  # it ends when nothing more can be asked
    return process


def serve() -> None:
    """Answer each line of standard input, what a process is given, by how it ended."""
    import gwplan

    for module in pkgutil.walk_packages(gwplan.__path__, "gwplan."):
        import_module(module.name)
    gwplan.load(ROOT / "inventories/small.yaml")
    gc.freeze()
    for line in sys.stdin:
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            child = os.fork()
            if not child:
                _become(json.loads(line), (0, out.fileno(), err.fileno()))
            code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            print(json.dumps((code, _text(out), _text(err))), flush=True)


def _become(given: dict[str, Any], kept: tuple[int, int, int]) -> None:
    """The command, with its streams as a new interpreter has them. It does not come back."""
    from gwplan.__main__ import script

    signal.alarm(60)
    places = [kept[number] if place == KEPT else place for number, place in enumerate(given["streams"])]
    for number, place in enumerate(places):
        if place != CLOSED:
            os.dup2(os.open(place, os.O_WRONLY if number else os.O_RDONLY) if isinstance(place, str) else place, number)
    for number, (name, mode, errors) in enumerate(STREAMS):
        opened = open(number, mode, encoding="utf-8", errors=errors, closefd=False)  # noqa: SIM115 - a number
        setattr(sys, name, None if places[number] == CLOSED else opened)
    for number, place in enumerate(places):
        if place == CLOSED:
            os.close(number)
    os.chdir(given["folder"])
    os.environ.update(given["environment"])
    sys.argv = ["gwplan", *given["arguments"]]
    script()


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8")
