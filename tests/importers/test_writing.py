"""What an import writes: whole or not at all, each byte that was not meant as it was, and never over what it reads."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from importing import FIXTURES, answers
from support import Result, data_of, run_cli

REST = FIXTURES / "rest"
SERVERS = [{"id": str(number), "name": name, "type": "WindowsHost", "status": status, "isBackupServer": not number}
           for number, (name, status) in enumerate([("vbr", "Available"), ("gw", "Unavailable")])]  # fmt: skip
STYLES = """\
# kept   as it is
gwplan:   1
backup_server: "vbr"
product_version: "13"
x-odd: { a: 1,b : 2 ,   c: [ 1,2 ] }
servers:
  'vbr':   {os: windows,   id: "0"}    # in one line
  gw:
    os:    windows
    tags:
    - a
    -   b
    description: >-
      folded
      text
    id: "1"
sites:
workloads:
       vm: {platform: vmware}


# the end"""


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Any:
    def command(*arguments: str | Path) -> Result:
        return run_cli([*map(str, arguments)], {}, monkeypatch)

    return command


def source(folder: Path) -> Path:
    (folder / "answers").mkdir()
    return answers(folder / "answers", servers=SERVERS)


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("last", ["", "\n"])
def test_every_byte_that_was_not_meant_stays(mark: str, ending: str, last: str, run: Any, tmp_path: Path) -> None:
    file, link = tmp_path / "real.yaml", tmp_path / "link.yaml"
    text = (mark + STYLES + last).replace("\n", ending).encode()
    file.write_bytes(text)
    file.chmod(0o640)
    link.symlink_to(file.name)
    folder = source(tmp_path)
    shown = run("import", folder, "--into", link, "--dry-run").out
    result = run("import", folder, "--into", link)
    after = file.read_bytes().split(b"\n")

    assert result.code == 0, result.err
    assert [line for line in text.split(b"\n") if line not in after] == []
    new = [line for line in after if line not in text.split(b"\n")]
    assert new == [b"    status: offline  # guessed: was unavailable when it was read" + ending[:-1].encode()]
    assert [line for line in shown.splitlines() if line[:1] in "+-"][2:] == [f"+{new[0].decode().rstrip()}"]
    assert (link.is_symlink(), file.stat().st_mode & 0o777) == (True, 0o640)
    assert run("import", folder, "--into", link).err.endswith("changes: none\n")


SHARED = {
    "an alias": ("x-win: &win {os: windows}\n", "  vbr: {os: windows, id: '0'}\n  gw: *win\n  other: *win\n"),
    "the alias of an entry": ("", "  vbr: &win {os: windows}\n  gw: *win\n"),
    "two merge keys": ("x-a: &a {os: windows}\nx-b: &b {cores: 4}\n", "  vbr: {os: windows}\n  gw: {<<: [*a, *b]}\n"),
    "the same key twice": (
        "x-a: &a {os: windows}\nx-b: &b {cores: 4}\n", "  vbr: {os: windows}\n  gw: {<<: *a, <<: *b}\n",
    ),
    "four spaces": ("", "    vbr: {os: windows}\n    gw:\n        os: windows\n"),
}  # fmt: skip


@pytest.mark.parametrize("kind", SHARED)
def test_what_shares_a_text_is_changed_alone(kind: str, run: Any, tmp_path: Path) -> None:
    head, servers = SHARED[kind]
    file = tmp_path / "inventory.yaml"
    text = f"gwplan: 1\nbackup_server: vbr\n{head}servers:\n{servers}"
    file.write_text(text, "utf-8")
    before = data_of(text)
    result = run("import", source(tmp_path), "--into", file)
    after = data_of(file.read_text("utf-8"))
    for name, new in (("vbr", {"id": "0"}), ("gw", {"id": "1", "status": "offline"})):
        before["servers"][name] = {**before["servers"][name], **new}

    assert result.code == 0, result.err
    assert {key: value for key, value in after.items() if key != "product_version"} == before
    assert set(f"{head}".splitlines()) <= set(file.read_text("utf-8").splitlines())


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_layout_that_a_round_trip_would_not_keep_is_edited_at_its_places(
    ending: str, run: Any, tmp_path: Path
) -> None:
    file = tmp_path / "inventory.yaml"
    servers = "    vbr: {os: windows}  # the one\n    gw:\n        os:   windows\n"
    text = f"gwplan: 1\nbackup_server: vbr\nservers:\n{servers}".replace("\n", ending)
    file.write_bytes(text.encode())
    result = run("import", source(tmp_path), "--into", file)

    assert result.code == 0, result.err
    status = "        status: offline  # guessed: was unavailable when it was read\n"
    version = 'product_version: "13"  # guessed: the source does not say the version\n'
    new = f'{status}        id: "1"\n{version}'
    expected = text.replace("vbr: {os: windows}", 'vbr: {os: windows, id: "0"}') + new.replace("\n", ending)
    assert file.read_bytes().decode() == expected
    assert run("import", tmp_path / "answers", "--into", file).err.endswith("changes: none\n")


def test_a_merge_key_is_edited_where_it_is_true(run: Any, tmp_path: Path) -> None:
    file = tmp_path / "inventory.yaml"
    file.write_text("gwplan: 1\nbackup_server: vbr\nx-win: &win {os: windows, cores: 4}\n"
                    "servers:\n  vbr:\n    <<: *win\n  gw:\n    <<: *win\n    tags: [a]\n", "utf-8")  # fmt: skip
    result = run("import", source(tmp_path), "--into", file)
    data = yaml.safe_load(file.read_text("utf-8"))

    assert result.code == 0, result.err
    assert data["x-win"] == {"os": "windows", "cores": 4}
    assert data["servers"]["gw"] == {"os": "windows", "cores": 4, "tags": ["a"], "status": "offline", "id": "1"}
    assert "status" not in data["servers"]["vbr"]


def test_json_stays_json(run: Any, tmp_path: Path) -> None:
    file = tmp_path / "inventory.json"
    text = '{\n  "gwplan": 1, "backup_server": "vbr",\n  "servers": {"vbr": {"os": "windows"}}\n}\n'
    file.write_text(text, "utf-8")
    result = run("import", source(tmp_path), "--into", file)
    data = json.loads(file.read_text("utf-8"))

    assert result.code == 0, result.err
    assert data["servers"]["vbr"] == {"os": "windows", "id": "0"}
    assert data["servers"]["gw"] == {"os": "windows", "status": "offline", "id": "1"}
    assert file.read_text("utf-8").startswith('{\n  "gwplan": 1, "backup_server": "vbr",\n')
    assert run("import", tmp_path / "answers", "--into", file).err.endswith("changes: none\n")


def test_a_source_merged_into_itself_changes_nothing_though_ids_collide(run: Any, tmp_path: Path) -> None:
    items = [{**SERVERS[0], "id": f"a{odd}", "name": name} for odd, name in (("\x01", "one"), ("\x02", "two"))]
    file = tmp_path / "inventory.yaml"
    (tmp_path / "answers").mkdir()
    folder = answers(tmp_path / "answers", servers=items)
    assert run("import", folder, "--output", file).code == 0
    before = file.read_bytes()
    result = run("import", folder, "--into", file)

    assert result.err.endswith("changes: none\n"), result.err
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    "arguments",
    [
        ("resolve", "x.yaml", "--output", "x.yaml"), ("resolve", "x.yaml", "--output", "link.yaml"),
        ("validate", "x.yaml", "--format", "json", "--output", "nothing/../x.yaml"),
        ("validate", "x.yaml", "--baseline", "x.yaml", "--write-baseline"),
        ("import", str(REST), "--into", "x.yaml", "--report", "x.yaml"),
        ("import", str(REST), "--output", "new.yaml", "--report", "new.yaml"),
        ("import", str(REST), "--sites", "x.yaml", "--output", "x.yaml"),
        ("import", str(REST), "--sites", "x.yaml", "--into", "link.yaml"),
        ("resolve", "x.yaml", "--output", "hard.yaml"),
        ("resolve", "x.yaml", "--output", "there.yaml"),
        ("explain", "x.yaml", "vm-daily", "--output", "x.yaml"),
        ("sweep", "hard.yaml", "--output", "x.yaml"),
        ("whatif", "x.yaml", "--scenarios", "hard.yaml", "--output", "x.yaml"),
        ("whatif", "y.yaml", "--with", "x.yaml", "--output", "x.yaml"),
        ("validate", "y.yaml", "--baseline", "x.yaml", "--output", "x.yaml"),
        ("validate", "y.yaml", "--baseline", "x.yaml", "--report", "json=x.yaml"),
        ("validate", "y.yaml", "--report", "json=new.yaml", "--report", "sarif=new.yaml"),
        ("import", "vbr", "--url", "https://x", "--user", "u", "--password-file", "x.yaml", "--output", "x.yaml"),
        ("import", "vbr", "--url", "https://x", "--user", "u", "--ca-file", "x.yaml", "--report", "hard.yaml"),
    ],
)  # fmt: skip
def test_an_output_that_is_an_input_is_refused(
    arguments: tuple[str, ...], run: Any, tmp_path: Path
) -> None:
    file = tmp_path / "x.yaml"
    shutil.copy(FIXTURES.parents[2] / "inventories" / "small.yaml", file)
    shutil.copy(file, tmp_path / "y.yaml")
    (tmp_path / "link.yaml").symlink_to("x.yaml")
    (tmp_path / "there.yaml").symlink_to("link.yaml")
    (tmp_path / "hard.yaml").hardlink_to(file)
    before = file.read_bytes()
    result = run(*(re.sub(r"(?<![\w/.])(?=(\w+/\.\./)?\w+\.yaml$)", f"{tmp_path}/", word) for word in arguments))

    assert (result.code, file.read_bytes()) == (2, before)
    assert "which would be lost: give another file" in result.err
    assert not (tmp_path / "new.yaml").exists()


@pytest.mark.parametrize(
    ("command", "place"),
    [
        *((command, place) for command in (
            ("resolve", "estate", "--output"), ("validate", "estate", "--output"), ("sweep", "estate", "--output"),
            ("validate", "y.yaml", "estate", "--write-baseline", "--baseline"), ("whatif", "estate", "--output"),
            ("whatif", "y.yaml", "--with", "estate", "--output"), ("explain", "estate", "vm-daily", "--output"),
        ) for place in ("estate/a/x.yaml", "estate/new.json", "estate/a/../b.yml", "outside.yaml", "hard.yaml")),
        (("import", "answers", "--output"), "answers/new.json"), (("import", "answers", "--report"), "answers/b/1.CSV"),
        (("import", "rest", "answers", "--report"), "answers/.hidden.json"),
        (("import", "health-check", "answers", "--output"), "answers/1.csv"),
    ],
)  # fmt: skip
def test_what_is_or_would_be_read_as_a_part_of_a_folder_is_not_written(
    command: tuple[str, ...], place: str, run: Any, tmp_path: Path
) -> None:
    small = FIXTURES.parents[2] / "inventories" / "small.yaml"
    for folder in ("estate/a", "answers/b"):
        (tmp_path / folder).mkdir(parents=True)
    for file in ("estate/a/x.yaml", "outside.yaml", "y.yaml"):
        shutil.copy(small, tmp_path / file)
    (tmp_path / "estate/linked.yaml").symlink_to(tmp_path / "outside.yaml")
    (tmp_path / "hard.yaml").hardlink_to(tmp_path / "estate/a/x.yaml")
    names = {"estate", "answers", "y.yaml"}
    result = run(*(str(tmp_path / word) if word in names else word for word in command), tmp_path / place)
    folder = "estate" if "estate" in command else "answers"

    assert result.code == 2
    assert result.err == (
        f"error: {command[-1] if command[-1] != '--baseline' else '--write-baseline'} {tmp_path / place}: is read as a "
        f"part of {tmp_path / folder}: give a file elsewhere\n"
    )
    assert {file.read_text() for file in tmp_path.rglob("*.y*ml")} == {small.read_text()}


@pytest.mark.parametrize("place", ["estate/.known.json", "estate/plan.txt", "plan.json"])
def test_what_is_not_read_may_stand_in_the_folder(place: str, run: Any, tmp_path: Path) -> None:
    (tmp_path / "estate").mkdir()
    shutil.copy(FIXTURES.parents[2] / "inventories" / "small.yaml", tmp_path / "estate")

    assert run("resolve", tmp_path / "estate", "--output", tmp_path / place).code == 0
    assert (tmp_path / place).stat().st_size


def test_standard_input_is_no_output(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    shutil.copy(FIXTURES.parents[2] / "inventories" / "small.yaml", file)
    before = file.read_bytes()
    with file.open() as stdin:
        result = subprocess.run(
            [sys.executable, "-m", "gwplan", "resolve", "-", "--output", str(file)], stdin=stdin, capture_output=True,
            text=True, timeout=60, check=False,
        )  # fmt: skip

    assert (result.returncode, file.read_bytes()) == (2, before)
    assert result.stderr == f"error: --output {file}: is standard input, which would be lost: give another file\n"


@pytest.mark.parametrize("option", ["--output", "--report", "--into"])
@pytest.mark.parametrize("place", ["closed/x.yaml", "none/x.yaml", ".", "x" * 300])
def test_a_place_that_cannot_be_written_is_told_in_words(
    option: str, place: str, run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "closed").mkdir()
    (tmp_path / "closed").chmod(0)
    if os.access(tmp_path / "closed", os.X_OK):  # root may look everywhere

        really = Path.stat

        def closed(path: Path, **more: Any) -> os.stat_result:
            if "closed" in path.parts:
                raise PermissionError(13, "Permission denied", str(path))
            return really(path, **more)

        monkeypatch.setattr(Path, "stat", closed)
    result = run("import", REST, option, tmp_path / place)
    (tmp_path / "closed").chmod(0o700)

    assert result.code == 2, result.err
    assert "bug in gwplan" not in result.err
    assert not list(tmp_path.glob(".*"))
