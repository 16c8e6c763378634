"""How large a file and a function of the package may be: a file can be held in the head, a function on a screen."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from support import ROOT

FILES = sorted((ROOT / "gwplan").rglob("*.py"))
LINES_OF_A_FILE = 300
LINES_OF_A_FUNCTION = 60  # of its body: the options of a command are its signature
UNCUT = {"document"}
"""The loop over a million events of ``inventory/build.py``, where a call for each would cost half the time."""


def name_of(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def test_there_are_files() -> None:
    assert len(FILES) > 50


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_a_file_can_be_held_in_the_head(file: Path) -> None:
    assert len(file.read_text("utf-8").splitlines()) <= LINES_OF_A_FILE


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_a_function_fits_on_a_screen(file: Path) -> None:
    too_long = {
        node.name: length
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name not in UNCUT
        and (length := (node.end_lineno or 0) - node.body[0].lineno + 1) > LINES_OF_A_FUNCTION
    }

    assert too_long == {}
