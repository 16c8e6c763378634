"""`gwplan diff` on the command line: revisions of a repository, what cannot be read, narrowing, exit codes."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from support import ROOT, Result

from gwplan.cli.main import run as run_line

SMALL = (ROOT / "inventories" / "small.yaml").read_text("utf-8")
WORSE = SMALL.replace("gateway_servers: [gw01, gw02]", "gateway_servers: [gw02]")
assert WORSE != SMALL


def git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main")
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    done = subprocess.run(["git", *identity, *arguments], cwd=folder, env=environment, check=True, capture_output=True)
    return done.stdout.decode()


def commit(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "change")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "--quiet")
    head, _, rest = SMALL.partition("\nservers:")
    files = {"estate/a.yaml": head + "\n", "estate/b/c.yaml": "gwplan: 1\nservers:" + rest}
    commit(folder, {"inventory.yaml": SMALL, **files})
    return folder


@pytest.fixture
def diff(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    def ask(folder: Path, *arguments: str) -> Result:
        monkeypatch.chdir(folder)
        for name in ("NO_COLOR", "FORCE_COLOR", "GITHUB_ACTIONS"):
            monkeypatch.delenv(name, raising=False)
        code = run_line(["diff", *arguments])
        told = capsys.readouterr()
        return Result(code, told.out, told.err)

    return ask


# --- revisions --------------------------------------------------------------------------------------------------------


def test_a_file_a_folder_and_a_place_below_are_read_as_a_revision_has_them(repository: Path, diff: Any) -> None:
    for old, new in (
        ("main:inventory.yaml", "inventory.yaml"),
        ("HEAD:./inventory.yaml", "inventory.yaml"),
        ("main:estate/", "estate/"),
        ("main:estate", "estate"),
        ("main:inventory.yaml", "HEAD~0:inventory.yaml"),
        ("main:estate/", "inventory.yaml"),
    ):
        assert diff(repository, old, new, "--fail-on", "changed").code == 0, (old, new)
    assert diff(repository / "estate", "main:./", ".", "--fail-on", "changed").code == 0
    assert diff(repository / "estate", "main:inventory.yaml", "../inventory.yaml", "--fail-on", "changed").code == 0


def test_against_a_revision_names_the_old_side_after_it(repository: Path, diff: Any) -> None:
    (repository / "inventory.yaml").write_text(WORSE, "utf-8")
    told = diff(repository, "--against", "main", "inventory.yaml", "--format", "json")
    document = json.loads(told.out)

    assert (told.code, document["verdict"]) == (1, "worse")
    assert document["before"]["inventory"] == "main:./inventory.yaml"
    assert document["after"]["inventory"] == "inventory.yaml"
    back = json.loads(diff(repository, "inventory.yaml", "main:inventory.yaml", "--format", "json").out)
    assert {f["location"]["file"] for f in back["findings"]["fixed"]} == {"inventory.yaml"}
    assert {f["location"]["file"] for f in document["findings"]["new"]} == {"inventory.yaml"}


def test_places_of_the_old_side_are_those_of_the_revision(repository: Path, diff: Any) -> None:
    folder = repository / "estate"
    text = (folder / "b" / "c.yaml").read_text("utf-8")
    commit(repository, {"estate/b/c.yaml": text.replace("[gw01, gw02]", "[gw02]").replace("gw02", "gwx")})
    (folder / "b" / "c.yaml").write_text(text, "utf-8")
    told = json.loads(diff(repository, "HEAD:estate/", "estate/", "--format", "json").out)

    assert [(f["code"], f["location"]["file"], f["location"]["line"]) for f in told["findings"]["fixed"]][-1] == (
        "GW050", "HEAD:estate/b/c.yaml", 18,
    )  # fmt: skip
    assert told["findings"]["fixed"][-1]["subject"]["name"] == "smb-paris"
    assert [edit["was"] for edit in told["inventory"] if edit["change"] == "renamed"] == ["gwx"]


def test_an_absolute_path_is_found_from_the_folder_below(repository: Path, diff: Any) -> None:
    told = diff(repository, "--against", "main", str(repository / "estate" / "b" / ".." / ".." / "inventory.yaml"))

    assert (told.code, told.err) == (0, "")


def test_a_file_that_is_there_wins(repository: Path, diff: Any) -> None:
    (repository / "main:inventory.yaml").write_text(WORSE, "utf-8")

    assert diff(repository, "main:inventory.yaml", "inventory.yaml", "--fail-on", "changed").code == 1


@pytest.mark.parametrize(
    "name", ["a b.yaml", "x:y.yaml", "--", "--help.yaml", "größe ☃.yaml", "[a]*?.yaml", "$(x).json"]
)
def test_names_of_files_are_only_names(name: str, repository: Path, diff: Any) -> None:
    text = json.dumps({"gwplan": 1, "backup_server": "v", "servers": {"v": {"os": "windows"}}})
    commit(repository, {f"other/{name}": text})

    assert diff(repository, f"main:other/{name}", f"other/{name}", "--fail-on", "changed").code == 0
    assert diff(repository, "--fail-on", "changed", "--against", "HEAD", "--", f"other/{name}").code == 0


def test_links_are_followed_within_the_revision_and_hidden_files_passed_over(repository: Path, diff: Any) -> None:
    head, _, rest = SMALL.partition("\nservers:")
    hidden = {"linked/.hidden.yaml": "[", "linked/.git-like/x.yaml": "[", "linked/readme.md": "["}
    commit(repository, {"linked/a.yaml": head + "\n", "parts/rest.txt": "gwplan: 1\nservers:" + rest, **hidden})
    (repository / "linked" / "b.yaml").symlink_to("../parts/rest.txt")
    (repository / "linked" / "dangling.yaml").symlink_to("nowhere.yaml")
    commit(repository, {})

    for old in ("main:linked/", "main:./linked", "main:./parts/../linked/"):
        told = diff(repository, old, "linked/", "--fail-on", "changed")
        assert (told.code, told.err) == (0, "")
    assert diff(repository / "parts", "main:../linked/", "../inventory.yaml", "--fail-on", "changed").code == 0


def test_a_link_that_is_named_is_followed_within_the_revision(repository: Path, diff: Any) -> None:
    (repository / "link.yaml").symlink_to("inventory.yaml")
    (repository / "estate" / "up.yaml").symlink_to("../inventory.yaml")
    (repository / "out.yaml").symlink_to("nowhere.yaml")
    commit(repository, {})
    (repository / "inventory.yaml").write_text("gwplan: 1\n", "utf-8")
    (repository / "new.yaml").write_text(SMALL, "utf-8")

    for old in ("main:link.yaml", "main:./link.yaml", "main:estate/up.yaml"):
        told = diff(repository, old, "new.yaml", "--fail-on", "changed")
        assert (told.code, told.err) == (0, ""), old
    told = diff(repository, "main:out.yaml", "new.yaml")
    assert told.code == 2
    assert "error[GW018] main:out.yaml is a link, and revision main has no file where it leads" in told.err


@pytest.mark.parametrize(
    ("old", "message", "fix"),
    [
        ("nope:inventory.yaml", "there is no file 'nope:inventory.yaml', and no revision 'nope' in this repository",
         "`git fetch origin nope` brings it, if the other side has it"),
        ("origin/main:inventory.yaml",
         "there is no file 'origin/main:inventory.yaml', and no revision 'origin/main' in this repository",
         "`git fetch origin main` brings it, if the other side has it"),
        ("main~9:inventory.yaml",
         "there is no file 'main~9:inventory.yaml', and no revision 'main~9' in this repository",
         "`git fetch origin main` brings it, if the other side has it"),
        ("main:nowhere.yaml", "revision main has no nowhere.yaml",
         "`git ls-tree -r --name-only main` lists what it has"),
        ("main:../../x.yaml", "../../x.yaml is outside of the repository, or the repository has no files of its own",
         "give the path from the root of the repository, without ./"),
        ("--help:inventory.yaml", "'--help' is no revision", "write REV:PATH, such as main:estate/"),
        (":inventory.yaml", "':' is no revision", "write REV:PATH, such as main:estate/"),
        ("main:empty/", "main:empty/ holds no inventory", "name a directory that holds *.yaml, *.yml or *.json files"),
    ],
)  # fmt: skip
def test_a_revision_or_a_path_that_is_not_there_is_told_in_words(
    old: str, message: str, fix: str, repository: Path, diff: Any
) -> None:
    commit(repository, {"empty/readme.md": "nothing"})
    told = diff(repository, "--", old, "inventory.yaml")

    assert (told.code, told.out) == (2, "")
    assert told.err.splitlines()[0] == f"{old}:1:1: error[GW018] {message}"
    assert told.err.splitlines()[1] == f"  fix: {fix}"


def test_a_shallow_clone_says_that_it_is_shallow(repository: Path, diff: Any, tmp_path: Path) -> None:
    commit(repository, {"inventory.yaml": WORSE})
    git(tmp_path, "clone", "--quiet", "--depth", "1", f"file://{repository}", "shallow")
    told = diff(tmp_path / "shallow", "HEAD~1:inventory.yaml", "inventory.yaml")

    assert told.code == 2
    assert "there is no revision 'HEAD~1' here: this clone is shallow" in told.err
    assert "`git fetch --unshallow` all of its history" in told.err


def test_a_partial_clone_fetches_nothing(repository: Path, diff: Any, tmp_path: Path) -> None:
    git(repository, "config", "uploadpack.allowFilter", "true")
    commit(repository, {"inventory.yaml": WORSE})
    git(tmp_path, "clone", "--quiet", "--filter=blob:none", f"file://{repository}", "partial")
    before = sorted((tmp_path / "partial" / ".git" / "objects").rglob("*"))
    told = diff(tmp_path / "partial", "HEAD~1:inventory.yaml", "inventory.yaml")

    assert told.code == 2
    assert sorted((tmp_path / "partial" / ".git" / "objects").rglob("*")) == before
    assert "is not in this clone" in told.err


def test_a_bare_repository_has_its_revisions_and_no_files(repository: Path, diff: Any, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", "--bare", str(repository), "bare")

    assert diff(tmp_path / "bare", "main:inventory.yaml", "main:estate/", "--fail-on", "changed").code == 0
    told = diff(tmp_path / "bare", "main:./inventory.yaml", "main:inventory.yaml")
    assert (told.code, "or the repository has no files of its own" in told.err) == (2, True)


def test_outside_of_a_repository_and_without_git(tmp_path: Path, diff: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "inventory.yaml").write_text(SMALL, "utf-8")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    told = diff(tmp_path, "main:inventory.yaml", "inventory.yaml")
    assert (told.code, "is in no git repository" in told.err) == (2, True)

    monkeypatch.setenv("PATH", str(tmp_path))
    told = diff(tmp_path, "main:inventory.yaml", "inventory.yaml")
    assert (told.code, "and git is not on PATH" in told.err) == (2, True)


# --- what cannot be read or makes no sense ----------------------------------------------------------------------------


def test_all_errors_of_both_sides_are_told_each_with_its_side(repository: Path, diff: Any) -> None:
    commit(repository, {"inventory.yaml": SMALL.replace("[gw01, gw02]", "[gw1, gw02]", 1)})
    (repository / "inventory.yaml").write_text("gwplan: 1\n", "utf-8")
    told = diff(repository, "--against", "HEAD", "inventory.yaml")
    lines = told.err.splitlines()

    assert (told.code, told.out) == (2, "")
    assert "before, HEAD:./inventory.yaml: 1 error" in lines
    assert lines[-1] == "after, inventory.yaml: 1 error"
    document = json.loads(diff(repository, "--against", "HEAD", "inventory.yaml", "--format", "json").out)
    assert document["format"] == "gwplan.findings/1"
    assert [(f["side"], f["code"], f["location"]["file"]) for f in document["findings"]] == [
        ("before", "GW001", "HEAD:./inventory.yaml"), ("after", "GW014", "inventory.yaml"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("inventory.yaml",), "give two inventories, or --against REV, or --edition for one under another edition"),
        (("a", "b", "c"), "diff takes OLD and NEW, or --against REV and NEW"),
        (("a", "b", "--against", "main"), "diff takes OLD and NEW, or --against REV and NEW"),
        (("-", "-"), "standard input can be read once: give the others as files"),
        (("-", "--against", "main"), "--against REV needs a file or a directory, which standard input is not"),
        (("inventory.yaml", "--edition", "14"),
         'the rules of version \'14\' are not known; those of "12", "13", "13@2026-03-03" are, and of their builds'),
        (("inventory.yaml", "--edition", ""),
         'the rules of version \'\' are not known; those of "12", "13", "13@2026-03-03" are, and of their builds'),
        (("inventory.yaml", "inventory.yaml", "--job", "vm-dayly"),
         "neither side has a job 'vm-dayly'; did you mean 'vm-daily'?"),
        (("inventory.yaml", "inventory.yaml", "--down", "gw1"), "nothing is called 'gw1'; did you mean 'gw01'?"),
        (("inventory.yaml", "inventory.yaml", "--only", "lots"),
         "--only takes lost, blocked, restored, moved, rebalanced, appeared, gone, not lots"),
        (("inventory.yaml", "inventory.yaml", "--skip", "all"), "--skip takes single-points, not all"),
        (("inventory.yaml", "estate", "--output", "inventory.yaml"),
         "--output inventory.yaml: is inventory.yaml, which would be lost: give another file"),
        (("inventory.yaml", "inventory.yaml", "--format", "markdown", "--max-length", "20"),
         "--max-length 20: the first lines alone need 55 characters"),
    ],
)  # fmt: skip
def test_misuse_is_told_in_words(arguments: tuple[str, ...], words: str, repository: Path, diff: Any) -> None:
    assert diff(repository, *arguments) == (2, "", f"error: {words}\n")


# --- what is listed, and exit codes -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("new", "fail_on", "code"),
    [
        (WORSE, "worse", 1), (WORSE, "changed", 1), (WORSE, "never", 0),
        (SMALL.replace("memory: 32 GiB", "memory: 12 GiB"), "worse", 0),
        (SMALL.replace("memory: 32 GiB", "memory: 12 GiB"), "changed", 1),
        (SMALL + "# a remark\n", "changed", 0),
        (SMALL.replace("gw01", "first"), "changed", 0),
    ],
)  # fmt: skip
def test_the_exit_code_is_that_of_the_verdict(new: str, fail_on: str, code: int, repository: Path, diff: Any) -> None:
    (repository / "new.yaml").write_text(new, "utf-8")

    assert diff(repository, "inventory.yaml", "new.yaml", "--fail-on", fail_on).code == code


def test_narrowing_narrows_what_is_listed_and_nothing_else(repository: Path, diff: Any) -> None:
    (repository / "new.yaml").write_text(WORSE, "utf-8")
    ask = ("inventory.yaml", "new.yaml", "--format", "json")
    whole = json.loads(diff(repository, *ask).out)
    told = diff(repository, *ask, "--only", "lost,gone", "--job", "vm-copy")
    narrowed = json.loads(told.out)

    assert (told.code, narrowed["changes"]) == (1, [])
    assert {key: narrowed[key] for key in narrowed if key != "changes"} == {
        key: whole[key] for key in whole if key != "changes"
    }
    assert {c["job"] for c in json.loads(diff(repository, *ask, "--job", "vm-copy").out)["changes"]} == {"vm-copy"}


def test_what_only_spreads_differently_is_counted_and_listed_on_demand(repository: Path, diff: Any) -> None:
    (repository / "old.yaml").write_text(WORSE, "utf-8")
    ask = ("old.yaml", "inventory.yaml", "--format", "json", "--skip", "single-points")
    told, listed = (json.loads(diff(repository, *ask, *more).out) for more in ((), ("--rebalanced",)))

    assert told["summary"]["rebalanced"] == 19
    assert (len(told["changes"]), len(listed["changes"])) == (0, 19)
    assert told["single_points_of_failure"] == {"new": [], "gone": [], "skipped": True}


def test_the_name_of_the_output_gives_the_format(repository: Path, diff: Any) -> None:
    assert diff(repository, "inventory.yaml", "estate/", "--output", "comment.md").code == 0
    assert (repository / "comment.md").read_text("utf-8").startswith("<!-- gwplan diff estate/ -->\n")


def test_an_edition_holds_for_both_sides_or_is_the_question(repository: Path, diff: Any) -> None:
    same = json.loads(diff(repository, "inventory.yaml", "estate", "--edition", "12", "--format", "json").out)
    upgrade = json.loads(diff(repository, "inventory.yaml", "--edition", "12", "--format", "json").out)

    assert (same["verdict"], same["product_version"], same["before"]["product_version"]) == ("same", "12", "12")
    assert (upgrade["verdict"], upgrade["before"], upgrade["after"], upgrade["inventory"]) == (
        "worse", {"inventory": "inventory.yaml", "product_version": "13"},
        {"inventory": "inventory.yaml", "product_version": "12"}, [],
    )  # fmt: skip


def test_comments_and_settings_keep_findings_quiet_on_both_sides(repository: Path, diff: Any) -> None:
    quiet = WORSE.replace("gateway_servers: [gw02] ", "gateway_servers: [gw02] # gwplan: ignore[GW050] known ")
    (repository / "new.yaml").write_text(quiet, "utf-8")
    ask = ("inventory.yaml", "new.yaml", "--format", "json", "--skip", "single-points")
    codes = [f["code"] for f in json.loads(diff(repository, *ask).out)["findings"]["new"]]
    (repository / "gwplan.toml").write_text('ignore = ["GW09"]\n', "utf-8")
    fewer = [f["code"] for f in json.loads(diff(repository, *ask).out)["findings"]["new"]]

    assert (codes, fewer) == (["GW090"], [])


def test_a_hook_of_git_may_ask(repository: Path, diff: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hook runs with the variables that say where the repository is."""
    monkeypatch.setenv("GIT_DIR", str(repository / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(repository / ".git" / "index"))

    assert diff(repository, "--against", "HEAD", "inventory.yaml").code == 0
