"""The documentation is true: its commands run and print what it shows, its examples load, its lists are complete."""

from __future__ import annotations

import doctest
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
import yaml
from support import OF_ELSEWHERE, ROOT, inventory_of
from warm import ended

import gwplan
from gwplan.checks import RULES
from gwplan.inventory.form import KINDS
from gwplan.inventory.json_schema import json_schema
from gwplan.render.format_reference import inventory_reference
from gwplan.render.links import PARTS

README = (ROOT / "README.md").read_text("utf-8")
_BLOCK = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)
BLOCKS = _BLOCK.findall(README)
SESSIONS = [
    (file, body)
    for file in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
    for kind, body in _BLOCK.findall(file.read_text("utf-8"))
    if kind == "console"
]


def shown(command: str) -> str:
    """What a command of the README prints, both streams, off a terminal. A shell reads what is more than a command."""
    if command.startswith("gwplan ") and not set(command) & set("|<>;&$`"):
        told = ended(shlex.split(command)[1:])
        return told.out + told.err
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "LC_ALL": "C.UTF-8", "PYTHONIOENCODING": "utf-8"}
    for name in OF_ELSEWHERE:
        environment.pop(name, None)
    result = subprocess.run(["bash", "-c", command], capture_output=True, text=True, cwd=ROOT, env=environment,
                            encoding="utf-8", timeout=120, check=False)  # fmt: skip
    return result.stdout + result.stderr


@pytest.mark.parametrize(("file", "session"), SESSIONS, ids=[body.splitlines()[0][2:60] for _, body in SESSIONS])
def test_readme_and_docs_show_what_their_commands_print(file: Path, session: str) -> None:
    command, _, output = session.removeprefix("$ ").partition("\n")
    printed = shown(command)
    if os.environ.get("GWPLAN_GOLDEN") == "write":
        new = f"```console\n$ {command}\n{printed.rstrip()}\n```"
        file.write_text(file.read_text("utf-8").replace(f"```console\n{session}```", new), "utf-8")
        return

    assert printed.rstrip() == output.rstrip()


@pytest.mark.parametrize("body", [body for kind, body in BLOCKS if kind == "yaml" and "backup_server" in body])
def test_readme_inventories_load(body: str) -> None:
    assert inventory_of(yaml.safe_load(body)).backup_server == "vbr01"


@pytest.mark.parametrize("body", [body for kind, body in BLOCKS if kind == "python"])
def test_readme_python_runs(body: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    exec(compile(body, "README.md", "exec"), {})

    assert "sql01 gw02" in capsys.readouterr().out


def test_the_docstring_of_the_package_is_true(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)

    assert doctest.testmod(gwplan).failed == 0


def test_every_command_is_in_the_readme_and_its_help_ends_with_an_example_and_the_exit_codes() -> None:
    commands = re.findall(r"^  ([a-z-]+)  +[A-Z]", shown("gwplan --help").partition("Commands:")[2], re.MULTILINE)

    assert commands
    assert [name for name in commands if f"`gwplan {name}" not in README] == []
    for name in commands:
        text = shown(f"gwplan {name} --help")
        assert re.search(r"Examples?: gwplan", text), name
        assert "Exit codes: 0 well" in text, name


@pytest.mark.parametrize("file", sorted((ROOT / "inventories").glob("*.yaml")), ids=lambda file: file.name)
def test_example_inventories_load_and_pass_the_schema(file: Path) -> None:
    gwplan.load(file)
    jsonschema.Draft202012Validator(json_schema()).validate(yaml.safe_load(file.read_text("utf-8")))


def test_links_of_the_documents_lead_somewhere() -> None:
    pages = sorted((ROOT / "docs").glob("*.md"))
    linked = set()
    for file in (*(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md")), *pages):
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", file.read_text("utf-8")):
            assert (file.parent / target).exists(), f"{file.name}: {target}"
            linked.add((file.parent / target).resolve())

    assert [page.name for page in pages if page.resolve() not in linked] == []


def test_docs_inventory_is_what_the_models_say() -> None:
    file = ROOT / "docs/inventory.md"
    if os.environ.get("GWPLAN_GOLDEN") == "write":
        file.write_text(inventory_reference(), "utf-8")

    assert file.read_text("utf-8") == inventory_reference()


def test_each_part_of_the_format_that_an_error_points_to_is_there() -> None:
    headings = re.findall("^## (.+)$", (ROOT / "docs/inventory.md").read_text("utf-8"), re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}

    assert PARTS.keys() == set(KINDS.values())
    assert {"form", *PARTS.values()} <= anchors


def test_each_example_of_a_key_is_a_value_that_the_schema_takes() -> None:
    schema = json_schema()
    for name, model in (("Document", schema), *schema["$defs"].items()):
        for key, rule in model.get("properties", {}).items():
            for example in rule.get("examples", ()):
                found = jsonschema.Draft202012Validator({**rule, "$defs": schema["$defs"]}).iter_errors(example)
                assert [error.message for error in found] == [], f"{name}.{key}"


def test_every_key_of_the_format_and_every_kind_of_entry_says_what_it_means() -> None:
    schema = json_schema()
    models = {"Document": schema, **schema["$defs"]}

    assert [name for name, model in models.items() if not model.get("description")] == []
    assert [
        f"{name}.{key}"
        for name, model in models.items()
        for key, rule in model["properties"].items()
        if not rule.get("description")
    ] == []


def test_the_references_of_rules_to_the_documentation_lead_to_a_heading() -> None:
    for rule in RULES:
        file, _, anchor = rule.reference.partition("#")
        if file.endswith(".md"):
            headings = re.findall(r"^#+ (.+)$", (ROOT / file).read_text("utf-8"), re.MULTILINE)
            assert anchor in {heading.lower().replace(" ", "-") for heading in headings}, rule.code
