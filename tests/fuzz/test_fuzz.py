"""Mutated inventories through every command: an exit code that is meant, no traceback, nothing that a terminal obeys.

GWPLAN_FUZZ_SECONDS says how long to look for more; without it only what `found/` keeps and a few examples are tried.
"""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support import ROOT, run_cli

SEEDS = sorted((ROOT / "inventories").glob("*.yaml"))
FOUND = sorted(Path(__file__).with_name("found").iterdir())
SECONDS = float(os.environ.get("GWPLAN_FUZZ_SECONDS", "0"))
COMMANDS = (
    ("validate",), ("validate", "--format", "json"), ("validate", "--format", "sarif"),
    ("validate", "--format", "junit"),
    ("resolve",), ("resolve", "--format", "json", "--trace"), ("whatif", "--down", "vbr01"), ("sweep",),
    ("graph",), ("graph", "--down", "vbr01", "--format", "mermaid"), ("graph", "--view", "network", "--format", "json"),
)  # fmt: skip
PIECES = ("null", "[]", "{}", "*a", "&a ", "<<: ", "!!x ", "0x", "1e999", "9" * 5000, "##[x]", "\x1b[31m", "$(x)", "'",
          '"', ": ", "\n", "- ", "\t", "\u202e", "# gwplan: ignore[GW050]", "~", "-1",
          "windows", "x" * 300)  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """An inventory with a few stretches cut out, doubled, or replaced."""
    text = draw(st.sampled_from(SEEDS)).read_text("utf-8")
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 40)))
        piece = draw(st.one_of(st.sampled_from(PIECES), st.just(text[start:end] * 2), st.text(max_size=5)))
        text = text[:start] + piece + text[end:]
    return text


def holds(text: bytes, command: tuple[str, ...], folder: Path, suffix: str) -> None:
    file = folder / f"i{suffix}"
    file.write_bytes(text)
    with pytest.MonkeyPatch.context() as patch:
        told = run_cli([command[0], str(file), *command[1:]], {"GITHUB_ACTIONS": "true"}, patch)
    assert told.code in (0, 1, 2), told.err
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", told.out + told.err)


@pytest.mark.parametrize("command", COMMANDS, ids="-".join)
@pytest.mark.parametrize("file", FOUND, ids=lambda file: file.name)
def test_what_was_found_once_ends_as_it_should(file: Path, command: tuple[str, ...], tmp_path: Path) -> None:
    holds(file.read_bytes(), command, tmp_path, file.suffix)


def test_mutated_inventories(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("fuzz")

    def look(examples: int, *, again: bool) -> None:
        @settings(
            max_examples=examples, derandomize=again, database=None, deadline=None,
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(mutated(), st.sampled_from(COMMANDS))
        def one(text: str, command: tuple[str, ...]) -> None:
            holds(text.encode("utf-8", "surrogatepass"), command, folder, ".yaml")

        one()

    look(40, again=True)
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        look(100, again=False)
