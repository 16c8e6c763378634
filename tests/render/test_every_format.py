"""Hostile names through every command and every format, and into the log of a workflow: no reader obeys any of them.

What is tried is taken from render/formats.py: a new thing or format fails here until it has a command or a reader.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hostile import NAMES, NO_NAMES, READERS, RUNNER, json_text, runner_finds_nothing, strings_of, terminal, text
from importing import answers
from support import Result, data_in, run_cli, text_of

from gwplan.render import formats

COMMANDS = {
    "PLAN": (("resolve", "{i}"), ("resolve", "{i}", "--down", "vbr")),
    "STORY": (("explain", "{i}", "{job}"), ("explain", "{i}", "::add-mask::e")),
    "VENDOR_TABLE": (("rules",),),
    "FINDINGS": (("validate", "{i}"), ("validate", "{bad}")),
    "CATALOGUE": (("rule", "--all"),),
    "WHATIF": (("whatif", "{i}", "--down", "vbr"),),
    "SCENARIOS": (("whatif", "{i}", "--scenarios", "{one}"), ("whatif", "{little}", "--scenarios", "{scenarios}")),
    "SWEEP": (("sweep", "{i}", "--all"),),
    "GRAPH": (
        ("graph", "{i}"), ("graph", "{i}", "--down", "##[add-mask]gw"), ("graph", "{i}", "--view", "network"),
        ("graph", "{i}", "--view", "job", "--job", "{job}"), ("graph", "{i}", "--focus", "##[none]"),
    ),
    "EDITION_LIST": (("rules", "--editions"),),
    "DIFF": (("diff", "{i}", "{edited}"), ("diff", "{edited}", "{i}", "--detail"), ("diff", "{i}", "--edition", "12")),
    "UNREADABLE": (("diff", "{bad}", "{i}"), ("diff", "##[none]:::x", "{i}")),
    "REPORT": (("report", "{i}", "--title", "{job}"), ("report", "{i}", "--down", "##[none]")),
    "RECOMMENDATION": (("recommend", "{i}"),),
    "IMPORT": (("import", "{answers}"), ("import", "{answers}", "--into", "{into}", "--dry-run")),
}
"""For each thing that has formats, the commands that tell it."""
THINGS = {name: value for name, value in vars(formats).items() if name.isupper() and isinstance(value, dict)}
WORKFLOW = {"GITHUB_ACTIONS": "true"}


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("hostile") / "##[x]"
    (folder / "answers").mkdir(parents=True)
    for file, data in _inventories().items():
        (folder / file).write_text(json.dumps(data, indent=1))
    (folder / "into.yaml").write_text(text_of(_inventories()["i.json"]))
    scenarios = [{"name": name, "down": ["vbr"], "expect": "no_loss"} for name in NAMES]
    (folder / "s.yaml").write_text(text_of(scenarios))
    (folder / "one.yaml").write_text(text_of(scenarios[:1]))
    servers = [{"id": name, "name": name, "type": "WindowsHost", "description": name} for name in (*NAMES, *NO_NAMES)]
    shares = [{"id": f"r{name}", "name": name, "type": "Smb", "description": name, "share": {
        "gatewayServer": {"autoSelectEnabled": False, "gatewayServerIds": [name]}}} for name in (*NAMES, *NO_NAMES)]
    answers(folder / "answers", servers=servers, repositories=shares, jobs=[{"id": name, "name": name, "type": name,
            "isDisabled": False} for name in (*NAMES, *NO_NAMES)])  # fmt: skip
    return {
        "i": f"{folder}/i.json", "edited": f"{folder}/edited.json", "bad": f"{folder}/bad.json",
        "scenarios": f"{folder}/s.yaml", "one": f"{folder}/one.yaml", "little": f"{folder}/little.json",
        "job": NAMES[0], "answers": f"{folder}/answers", "into": f"{folder}/into.yaml",
    }  # fmt: skip


def _inventories() -> dict[str, object]:
    good = _good(NAMES)
    wrong = {name: {name: name} for name in (*NAMES, *NO_NAMES) if name != "\ud800"}
    fewer = {section: dict([*good[section].items()][1:]) for section in ("repositories", "jobs")}
    edited = {**good, **fewer}
    bad = {**good, "repositories": wrong, "failure_domains": wrong, **wrong}
    return {"i.json": good, "little.json": _good(NAMES[:2]), "edited.json": edited, "bad.json": bad}


def _good(names: Sequence[str]) -> dict[str, Any]:
    return {
        "gwplan": 1, "backup_server": "vbr",
        "sites": {"home": {}, **{name: {"description": name} for name in names}},
        "servers": {"vbr": {"os": "windows", "site": "home"},
                    **{name: {"os": "linux", "site": name, "description": name} for name in names}},
        "workloads": {name: {"platform": "vmware", "site": name} for name in names},
        "repositories": {name: {"type": "smb", "site": name, "gateway_servers": [name]} for name in names},
        "proxies": {name: {"type": "vmware", "server": name} for name in names},
        "jobs": {name: {"type": "backup", "workloads": [name], "repository": name} for name in names},
    }  # fmt: skip


def test_every_thing_that_has_formats_is_tried_and_every_format_has_a_reader() -> None:
    assert set(COMMANDS) == set(THINGS)
    assert {form for forms in THINGS.values() for form in forms} == set(READERS)


TRIES = [
    pytest.param(thing, form, environment, id=f"{thing}-{form}-{where}")
    for thing, forms in THINGS.items()
    for form in forms
    for where, environment in (("plain", {}), ("workflow", WORKFLOW), ("terminal", {"FORCE_COLOR": "1"}))
    if where != "terminal" or forms[form].is_text
]


@pytest.mark.parametrize(("thing", "form", "environment"), TRIES)
def test_no_name_is_obeyed(
    thing: str, form: str, environment: dict[str, str], paths: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for command in COMMANDS[thing]:
        words = [word.format(**paths) for word in command]
        form_of = [] if thing == "REPORT" else ["--format", form]  # a page has one form
        told = run_cli([*words, *form_of], environment, monkeypatch)
        assert told.code in (0, 1, 2), told.err
        _read(thing, form, told, environment)


def _read(thing: str, form: str, told: Result, environment: dict[str, str]) -> None:
    """As the format's readers do; an import tells on standard error, as its inventory goes to standard output."""
    if environment == WORKFLOW:
        runner_finds_nothing(told.out)
        runner_finds_nothing(told.err)
        return
    out, err = (told.err, told.out) if thing == "IMPORT" else (told.out, told.err)
    if environment:
        terminal(out)
    elif out and not out.startswith(("error: ", "Usage: ")):
        READERS[form](out)
    (terminal if environment else text)(err)


def test_json_gives_the_names_back_as_they_are(paths: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    told = run_cli(["resolve", paths["i"], "--format", "json"], {}, monkeypatch)

    assert set(NAMES) <= set(strings_of(json.loads(told.out)))


ARGUMENTS = (
    ("resolve", "{i}", "--down", "{name}"), ("resolve", "{i}", "--job", "{name}"), ("resolve", "{name}"),
    ("explain", "{i}", "{name}"), ("validate", "{name}"), ("validate", "{i}", "--select", "{name}"),
    ("validate", "{i}", "--baseline", "{name}"), ("validate", "{i}", "--report", "{name}"), ("rule", "{name}"),
    ("whatif", "{i}", "--up", "{name}"), ("whatif", "{i}", "--with", "{name}"), ("sweep", "{i}", "--accept", "{name}"),
    ("whatif", "{i}", "--only", "{name}"), ("sweep", "{i}", "--over", "{name}"), ("schema", "{name}"),
    ("import", "rest", "{name}"), ("import", "{answers}", "--sites", "{name}"), ("import", "rest", "a", "--{name}"),
    ("import", "{answers}", "--into", "{name}"), ("import", "vbr", "--url", "{name}", "--user", "u"), ("{name}",),
    ("resolve", "{i}", "--strategy", "{name}"), ("resolve", "{i}", "--{name}"), ("import", "vbr", "--{name}"),
)  # fmt: skip


@pytest.mark.parametrize("command", ARGUMENTS, ids=" ".join)
def test_no_argument_is_obeyed(
    command: tuple[str, ...], paths: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (*RUNNER, "\x1b[31mred", "a\n::error file=x::forged", "a\r::stop", "a\u202eb"):
        words = [word.format(name=name, **paths) for word in command]
        told = run_cli(words, WORKFLOW, monkeypatch)
        assert told.code in (0, 1, 2), told.err
        for stream in (told.out, told.err):
            runner_finds_nothing(stream)
            assert stream.isprintable() or text(stream) is None


def test_an_inventory_that_a_log_would_obey_is_not_printed_there(
    paths: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = run_cli(["import", paths["answers"]], WORKFLOW, monkeypatch)
    file = tmp_path / "new.yaml"

    assert (told.code, told.out) == (2, "")
    assert told.err == (
        "error: the inventory is not printed here, as a part of it would be a command to "
        "the runner of this workflow: give --output FILE\n"
    )
    assert run_cli(["import", paths["answers"], "--output", str(file)], WORKFLOW, monkeypatch).code == 0
    assert run_cli(["resolve", str(file)], WORKFLOW, monkeypatch).code in (0, 1)
    assert set(NAMES) <= set(data_in(file)["servers"]) & set(data_in(file)["repositories"])


def test_a_baseline_and_an_overlay_of_hostile_names_are_read_back(
    paths: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known, overlay = tmp_path / "known.json", tmp_path / "overlay.yaml"
    overlay.write_text(text_of({"servers": {name: {"status": "offline"} for name in NAMES}}), "utf-8")
    assert run_cli(["validate", paths["i"], "--baseline", str(known), "--write-baseline"], {}, monkeypatch).code == 0
    json_text(known.read_text())
    told = run_cli(["validate", paths["i"], "--baseline", str(known), "--format", "json"], {}, monkeypatch)

    assert json.loads(told.out)["findings"] == []
    assert run_cli(["whatif", paths["i"], "--with", str(overlay)], {}, monkeypatch).code in (0, 1)


def test_the_traceback_of_a_bug_is_no_command_either(
    paths: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ValueError("a\n::add-mask::e\x1b[31m ##[error]x")

    monkeypatch.setattr("gwplan.inventory.load.load_sources", broken)
    with monkeypatch.context() as patch:
        told = run_cli(["resolve", paths["i"], "--debug"], WORKFLOW, patch)

    assert told.code == 3
    assert "Traceback" in told.err
    runner_finds_nothing(told.err)
