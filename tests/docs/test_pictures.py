"""The pictures of README and docs are what `make pictures` draws."""

from __future__ import annotations

import os
import re
import shlex

import pytest
from support import ROOT, run_cli

DRAWN = re.findall(r"\$\(BIN\)/gwplan (graph .+) --output (docs/\S+)", (ROOT / "Makefile").read_text("utf-8"))


def test_every_picture_is_drawn_by_make_pictures() -> None:
    files = (ROOT / "docs" / "pictures").glob("*.svg")
    assert {file.relative_to(ROOT).as_posix() for file in files} == {file for _, file in DRAWN}


@pytest.mark.parametrize(("line", "file"), DRAWN, ids=[file for _, file in DRAWN])
def test_a_picture_is_what_the_command_draws(line: str, file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = run_cli(shlex.split(line), {}, monkeypatch).out
    if os.environ.get("GWPLAN_GOLDEN") == "write":
        (ROOT / file).write_text(drawn, "utf-8")

    assert (ROOT / file).read_text("utf-8") == drawn
