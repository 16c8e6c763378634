"""Mutated inventories and sources through every command: an exit code that is meant, nothing that a terminal obeys.

GWPLAN_FUZZ_SECONDS says how long to look for more; without it only what `found/` keeps and a few examples are tried.
"""

from __future__ import annotations

import os
import re
import shutil
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from importing import FIXTURES
from support import ROOT, Result, run_cli

from gwplan.importers.pipeline import CONTRADICTS_ITSELF

SEEDS = [file for file in sorted((ROOT / "inventories").glob("*.yaml")) if file.stat().st_size < 8_000]
"""Small ones: what is found is shown."""
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


FOLDERS = [
    {file.name: file.read_text("utf-8") for file in sorted((FIXTURES / source).iterdir())}
    for source in ("rest", "health-check")
]
"""What an import reads: saved answers, and tables."""


@st.composite
def mutated(draw: st.DrawFn, text: str) -> str:
    """A text with a few stretches cut out, doubled, or replaced."""
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 40)))
        piece = draw(st.one_of(st.sampled_from(PIECES), st.just(text[start:end] * 2), st.text(max_size=5)))
        text = text[:start] + piece + text[end:]
    return text


INVENTORIES = st.sampled_from(SEEDS).flatmap(lambda seed: mutated(seed.read_text("utf-8")))


@st.composite
def sources(draw: st.DrawFn) -> tuple[str, str]:
    """A file of a folder that an import reads, mutated."""
    name, text = draw(st.sampled_from([pair for files in FOLDERS for pair in files.items()]))
    return name, draw(mutated(text))


def holds(text: bytes, command: tuple[str, ...], folder: Path, suffix: str) -> None:
    file = folder / f"i{suffix}"
    file.write_bytes(text)
    ends_well([command[0], str(file), *command[1:]])


def ends_well(words: list[str]) -> Result:
    with pytest.MonkeyPatch.context() as patch:
        told = run_cli(words, {"GITHUB_ACTIONS": "true"}, patch)
    assert told.code in (0, 1, 2), told.err
    assert CONTRADICTS_ITSELF not in told.err
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", told.out + told.err)
    return told


def imports_well(changed: str, told: str, kept: str, folder: Path) -> None:
    """What is written loads; what people keep is changed as a whole or not at all, and the second time not at all."""
    source = folder / "source"
    shutil.rmtree(source, ignore_errors=True)
    source.mkdir()
    for name, text in next(files for files in FOLDERS if changed in files).items():
        (source / name).write_text(told if name == changed else text, "utf-8", "surrogatepass")
    new, into = folder / "new.yaml", folder / "into.yaml"
    into.write_text(kept, "utf-8", "surrogatepass")
    if ends_well(["import", str(source), "--output", str(new)]).code == 0:
        assert ends_well(["validate", str(new)]).code in (0, 1)
    before = into.read_bytes()
    if ends_well(["import", str(source), "--into", str(into)]).code:
        assert into.read_bytes() == before
    else:
        changed_once = into.read_bytes()
        assert ends_well(["import", str(source), "--into", str(into)]).code == 0
        assert into.read_bytes() == changed_once


@pytest.mark.parametrize("command", COMMANDS, ids="-".join)
@pytest.mark.parametrize("file", FOUND, ids=lambda file: file.name)
def test_what_was_found_once_ends_as_it_should(file: Path, command: tuple[str, ...], tmp_path: Path) -> None:
    holds(file.read_bytes(), command, tmp_path, file.suffix)


def test_mutated_inventories_and_sources(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("fuzz")

    def look(examples: int, *, again: bool) -> None:
        limits = settings(max_examples=examples, derandomize=again, database=None, deadline=None,
                          suppress_health_check=list(HealthCheck))  # fmt: skip

        @limits
        @given(INVENTORIES, st.sampled_from(COMMANDS))
        def inventories(text: str, command: tuple[str, ...]) -> None:
            holds(text.encode("utf-8", "surrogatepass"), command, folder, ".yaml")

        @limits
        @given(sources(), st.one_of(st.sampled_from(SEEDS).map(lambda seed: seed.read_text("utf-8")), INVENTORIES))
        def imports(source: tuple[str, str], kept: str) -> None:
            imports_well(*source, kept, folder)

        inventories()
        imports()

    look(25, again=True)
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        look(50, again=False)
