"""The vendor's own examples, changed at random: what comes of them loads, or the refusal says which is wrong where."""

from __future__ import annotations

import copy
import json
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from importing import SAMPLES, imported, read_health_check, samples

from gwplan.importers.draft import Draft, ImportFailed
from gwplan.importers.pipeline import CONTRADICTS_ITSELF
from gwplan.importers.rest.answers import Answers
from gwplan.importers.rest.read import read

REVISIONS = ("v1.2-rev1", "v1.3-rev0", "v1.3-rev1", "v1.3-rev2")
ODD = st.sampled_from(
    [None, True, "", "x" * 300, "a\x1b[31m", "\u202e", "rescan:x", "This server", 0, -1, 1e-300, float("nan"), 10**400,
     [], {}, [{}], "00000000-0000-0000-0000-000000000000", "6745a759-2205-4cd2-b172-8ec8f7e60ef8", ...]
)  # fmt: skip
SETTINGS = settings(
    deadline=None, max_examples=25,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)  # fmt: skip


@lru_cache
def examples_of(revision: str) -> tuple[dict[str, Any], tuple[tuple[Any, ...], ...], tuple[Any, ...]]:
    """The answers by their files, the place of each value in them, and every plain value that they hold."""
    files = sorted(samples("vbr-rest", "examples", revision).glob("*.json"))
    found: dict[str, Any] = {}
    for file in files:
        try:
            found[file.name] = json.loads(file.read_text("utf-8-sig"))
        except ValueError:
            continue
    places = tuple(_places(found, ()))
    return found, places, tuple(value for value in (_at(found, path) for path in places) if _is_plain(value))


def _places(value: Any, path: tuple[Any, ...]) -> Any:
    if path:
        yield path
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in pairs:
        yield from _places(item, (*path, key))


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


def _is_plain(value: Any) -> bool:
    return not isinstance(value, (dict, list))


@pytest.mark.parametrize("revision", REVISIONS)
@SETTINGS
@given(data=st.data())
def test_changed_answers_load_or_are_refused_in_words(revision: str, data: st.DataObject) -> None:
    examples, places, values = examples_of(revision)
    changed = copy.deepcopy(examples)
    for _ in range(data.draw(st.integers(1, 12))):
        path = data.draw(st.sampled_from(places))
        value = data.draw(ODD | st.sampled_from(values))
        try:
            holder = _at(changed, path[:-1])
            if value is ...:
                del holder[path[-1]]
            else:
                holder[path[-1]] = copy.deepcopy(value)
        except (KeyError, IndexError, TypeError):
            continue
    answers = Answers(Draft("rest", "answers"))
    for name, answer in changed.items():
        answers.take(answer, name)
    try:
        made = imported(read(answers))
    except ImportFailed as error:
        assert str(error).startswith("answers: ")
        assert CONTRADICTS_ITSELF not in str(error)
        return
    assert all(line.isprintable() for line in made.text.split("\n"))


@pytest.mark.skipif(not SAMPLES, reason="set GWPLAN_SAMPLES to the folder of the vendor's documents")
@SETTINGS
@given(data=st.data())
def test_changed_tables_load_or_are_refused_in_words(data: st.DataObject) -> None:
    files = sorted(samples("health-check", "VBRConfig").glob("*.csv"))
    texts = {file.name: file.read_bytes() for file in files}
    for _ in range(data.draw(st.integers(1, 8))):
        name = data.draw(st.sampled_from(sorted(texts)))
        text = texts[name]
        at = data.draw(st.integers(0, len(text)))
        end = min(len(text), at + data.draw(st.integers(0, 40)))
        piece = data.draw(st.sampled_from([b"", b",", b'"', b"\n", b"\x1b[31m", b"9" * 30, b"True", b"\xff", b"'=1"])
                          | st.just(text[at:end] * 2) | st.binary(max_size=6))  # fmt: skip
        texts[name] = text[:at] + piece + text[end:]
    with tempfile.TemporaryDirectory() as folder:
        for name, text in texts.items():
            Path(folder, name).write_bytes(text)
        try:
            made = imported(read_health_check(Path(folder)))
        except ImportFailed as error:
            assert folder in str(error)
            assert CONTRADICTS_ITSELF not in str(error)
            return
    assert all(line.isprintable() for line in made.text.split("\n"))
