"""Whatever a source holds: an inventory that loads, or a refusal in words; the same text from run to run."""

from __future__ import annotations

import copy
import json
import tempfile
from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from importing import FIXTURES, imported, read_health_check

from gwplan.importers.draft import Draft, ImportFailed
from gwplan.importers.estate.assemble import assemble
from gwplan.importers.estate.merge import merge
from gwplan.importers.pipeline import CONTRADICTS_ITSELF
from gwplan.importers.rest.answers import Answers
from gwplan.importers.rest.read import read
from gwplan.inventory.load import load_sources
from gwplan.inventory.source import Source

ANSWERS = [json.loads(file.read_text("utf-8")) for file in sorted((FIXTURES / "rest").iterdir())]
TABLES = {file.name: file.read_text("utf-8") for file in sorted((FIXTURES / "health-check").iterdir())}
SETTINGS = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])

TEXTS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["", "true", "null", "010", "1.10", "~", "<<", "=", "- a", "# c", "a: b", "{x", "'", '"', "2026-01-31", "1e3",
         "00000000-0000-0000-0000-000000000000", "6745a759-2205-4cd2-b172-8ec8f7e60ef8", "This server", "0x10",
         "rescan:x", "server:gw01", "x" * 300, "\u202e", "\x1b[31m", "é", "\U0001f600", "vms", "all"]
    ),
)  # fmt: skip
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-3, 10**12), st.floats(allow_nan=False), TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXTS, inner, max_size=3)),
    max_leaves=4,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return found + [place for key, item in pairs for place in places(item, (*path, key))]


PLACES = places(ANSWERS)


def at(data: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        data = data[key]
    return data


ODD = st.sampled_from(
    [0.00001, 1e-300, 1e300, float("nan"), float("inf"), 10**400, -(10**400), 10**15, 999_999_999_999_999.5, -0.0,
     {}, [], [[]], [{}], {"": {}}, "a\x1b[31m", "1294537326592"]
)  # fmt: skip
OTHERS = st.sampled_from([value for path in PLACES if not isinstance(value := at(ANSWERS, path), (dict, list))])
"""What the source says elsewhere: the id of another thing, the name of something of another kind."""


@SETTINGS
@given(st.lists(st.tuples(st.sampled_from(PLACES), VALUES | ODD | OTHERS | st.just(...)), min_size=1, max_size=6))
def test_answers_with_anything_anywhere(changes: list[tuple[tuple[Any, ...], Any]]) -> None:
    """A whole estate in which some values are others, or are not there."""
    data = copy.deepcopy(ANSWERS)
    for path, value in changes:
        holder: Any = data
        try:
            for key in path[:-1]:
                holder = holder[key]
            if value is ...:
                del holder[path[-1]]
            else:
                holder[path[-1]] = value
        except (KeyError, IndexError, TypeError):
            continue

    def draft() -> Draft:
        answers = Answers(Draft("rest", "answers"))
        for number, answer in enumerate(copy.deepcopy(data)):
            answers.take(answer, str(number))
        return read(answers)

    try:
        made = imported(draft())
    except ImportFailed as error:
        assert str(error).startswith("answers: no managed servers"), error
        return
    again = assemble(draft())

    assert all(line.isprintable() for line in made.text.split("\n"))
    assert imported(draft()).text == made.text
    assert merge(Source("x", made.text), again, draft())[1] == ()


@SETTINGS
@given(st.sampled_from(sorted(TABLES)), st.integers(0, 400), TEXTS | st.binary(max_size=8))
def test_tables_with_anything_anywhere(name: str, where: int, what: str | bytes) -> None:
    """Tables with something put into the middle of one of them."""
    with tempfile.TemporaryDirectory() as folder:
        for file, text in TABLES.items():
            data = text.encode()
            if file == name:
                data = data[:where] + (what.encode(errors="replace") if isinstance(what, str) else what) + data[where:]
            Path(folder, file).write_bytes(data)
        try:
            imported(read_health_check(Path(folder)))
        except ImportFailed as error:
            assert folder in str(error)
            assert CONTRADICTS_ITSELF not in str(error)


SCALARS = st.sampled_from(
    ["010", "1.10", "no", "on", "2026-01-31", "22:00", "0x1F", "1_000", "1e3", ".5", "~x", "+1", "'quoted'", '"double"',
     "*star", "yes", "0o7", "é", "5", "true", "12:30:45"]
)  # fmt: skip


@SETTINGS
@given(st.lists(SCALARS, min_size=1, max_size=4, unique=True))
def test_what_people_wrote_means_the_same_after_a_merge(words: list[str]) -> None:
    """Texts that other readers of YAML take for numbers and dates are texts before and after."""
    words = [word if not word.startswith("*") else f"'{word}'" for word in words]
    tags = "\n".join(f"      - {word}" for word in words)
    text = f"gwplan: 1\nbackup_server: vbr\nx-note: {words[0]}\nservers:\n  vbr:\n    os: windows\n    tags:\n{tags}\n"
    answers = Answers(Draft("rest", "answers"))
    answers.take([{"id": "1", "name": "gw", "type": "WindowsHost", "status": "Available"}], "servers")
    draft = read(answers)
    merged, changes = merge(Source("x", text), assemble(draft), draft)
    before, after = (load_sources((Source("x", one),)) for one in (text, merged))

    assert changes
    assert set(text.splitlines()) <= set(merged.splitlines())
    assert after.servers["vbr"].tags == before.servers["vbr"].tags
    assert yaml.safe_load(merged)["gwplan"] == 1
