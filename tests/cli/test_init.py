"""``gwplan init``: what it writes can be used at once, and it never takes anything away."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from support import Result, run_cli

TEMPLATES = ("minimal", "two-sites", "fibre-channel", "object-storage", "scale-out")
PIPELINES = {"github": ".github/workflows/gwplan.yml", "gitlab": ".gitlab-ci.yml"}


def run(line: list[str], monkeypatch: pytest.MonkeyPatch) -> Result:
    return run_cli(line, {}, monkeypatch)


@pytest.mark.parametrize("template", TEMPLATES)
def test_what_a_template_writes_has_nothing_wrong_with_it(
    template: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "estate" / "inventory.yaml"

    made = run(["init", str(file), "--from", template], monkeypatch)

    assert made == Result(
        0,
        f"{file} written, from {template}\n{file.parent}/gwplan.toml written\n"
        f"{file.parent}/.inventory.schema.json written\nnext: cd {file.parent} && gwplan validate inventory.yaml\n",
        "",
    )
    assert run(["validate", str(file.parent)], monkeypatch).out == "no findings\n"
    assert run(["resolve", str(file)], monkeypatch).code == 0
    assert file.read_text("utf-8").startswith("# yaml-language-server: $schema=.inventory.schema.json\n")
    assert run(["init", "--stdout", "--from", template], monkeypatch).out == file.read_text("utf-8")


def test_the_settings_are_read_from_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from gwplan.cli.settings import settings_file

    run(["init", str(tmp_path)], monkeypatch)

    monkeypatch.chdir(tmp_path)
    assert settings_file() == ("gwplan.toml", {"fail-on": "error", "accept": {}})


@pytest.mark.parametrize("ci", PIPELINES)
def test_a_pipeline_checks_the_inventory(ci: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(["init", str(tmp_path / "estate.yaml"), "--ci", ci], monkeypatch)

    pipeline = yaml.safe_load((tmp_path / PIPELINES[ci]).read_text("utf-8"))
    steps = pipeline["jobs"]["validate"]["steps"] if ci == "github" else pipeline["gwplan"]["script"]
    last = steps[-1]["run"] if ci == "github" else steps[-1]
    assert last.startswith("gwplan validate ") and last.endswith(" -- estate.yaml")


@pytest.mark.parametrize("ci", PIPELINES)
def test_a_pipeline_and_its_settings_stand_at_the_root_of_the_repository(
    ci: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".git").mkdir()

    made = run(["init", str(tmp_path / "paris/estate.yaml"), "--ci", ci], monkeypatch)

    assert made.out == (
        f"{tmp_path}/paris/estate.yaml written, from minimal\n{tmp_path}/{PIPELINES[ci]} written\n"
        f"{tmp_path}/gwplan.toml written\n{tmp_path}/paris/.inventory.schema.json written\n"
        f"next: cd {tmp_path} && gwplan validate paris/estate.yaml\n"
    )
    assert " -- paris/estate.yaml\n" in (tmp_path / PIPELINES[ci]).read_text()


@pytest.mark.parametrize("there", ["inventory.yaml", ".gitlab-ci.yml"])
def test_nothing_is_overwritten_and_nothing_written_beside_it(
    there: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / there).write_text("mine\n")

    made = run(["init", str(tmp_path / "inventory.yaml"), "--ci", "gitlab"], monkeypatch)

    said = f"error: {tmp_path / there} is there already, and nothing is overwritten: nothing is written\n"
    assert made == Result(2, "", said)
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [(there, "mine\n")]


def test_settings_that_are_there_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gwplan.toml").write_text("fail-on = 'never'\n")

    made = run(["init", str(tmp_path)], monkeypatch)

    assert f"{tmp_path}/gwplan.toml is there already, and stays as it is\n" in made.out
    assert (tmp_path / "gwplan.toml").read_text() == "fail-on = 'never'\n"


def test_a_link_that_points_at_nothing_is_in_the_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "inventory.yaml").symlink_to(tmp_path / "elsewhere.yaml")

    assert run(["init", str(tmp_path / "inventory.yaml")], monkeypatch).code == 2
    assert not (tmp_path / "elsewhere.yaml").exists()


@pytest.mark.parametrize("name", ["a b.yaml", "$(date).yaml", "${{ x }}.yaml", "-x.yaml", "a'.yaml"])
def test_a_name_never_becomes_code_of_a_pipeline(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = run(["init", str(tmp_path / name), "--ci", "github"], monkeypatch)

    assert made.code == 2
    assert "name the file with letters, digits" in made.err
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_written_is_told_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".github").write_text("no folder\n")

    made = run(["init", str(tmp_path / "inventory.yaml"), "--ci", "github"], monkeypatch)

    assert made.code == 2 and made.err.endswith(": nothing is written\n")
    assert [file.name for file in tmp_path.iterdir()] == [".github"]


def test_stdout_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(["init", str(tmp_path / "x.yaml"), "--stdout"], monkeypatch).code == 0
    assert list(tmp_path.iterdir()) == []
    assert run(["init", "--stdout", "--ci", "github"], monkeypatch) == Result(
        2, "", "error: --stdout prints the inventory alone: leave --ci out\n"
    )


def test_what_cannot_be_written_whole_leaves_no_folder_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".github").write_text("a file where the folder of the pipeline would be", "utf-8")
    result = run_cli(["init", str(tmp_path / "deep" / "er" / "estate.yaml"), "--ci", "github"], {}, monkeypatch)

    assert (result.code, result.out) == (2, "")
    assert "nothing is written" in result.err
    assert sorted(path.name for path in tmp_path.iterdir()) == [".git", ".github"]
