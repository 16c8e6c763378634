"""What an import writes: whole or not at all, each byte that was not meant as it was, and never over what it reads."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from importing import FIXTURES, answers
from support import Result, run_cli

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
    "two merge keys": ("x-a: &a {os: windows}\nx-b: &b {cores: 4}\n", "  vbr: {os: windows}\n  gw: {<<: *a, <<: *b}\n"),
}  # fmt: skip


@pytest.mark.parametrize("kind", SHARED)
def test_what_cannot_be_changed_alone_is_refused_and_stays(kind: str, run: Any, tmp_path: Path) -> None:
    head, servers = SHARED[kind]
    file = tmp_path / "inventory.yaml"
    file.write_text(f"gwplan: 1\nbackup_server: vbr\n{head}servers:\n{servers}", "utf-8")
    assert run("validate", file).code in (0, 1)
    before = file.read_bytes()
    result = run("import", source(tmp_path), "--into", file)

    assert (result.code, file.read_bytes()) == (2, before)
    assert "--into: nothing is written: " in result.err
    assert "write" in result.err.partition("nothing is written")[2]


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
    new = f'{status}        id: "1"\nproduct_version: "13"\n'
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


def test_json_is_not_made_yaml(run: Any, tmp_path: Path) -> None:
    file = tmp_path / "inventory.json"
    file.write_text('{"gwplan": 1, "backup_server": "vbr", "servers": {"vbr": {"os": "windows"}}}', "utf-8")
    before = file.read_bytes()
    result = run("import", REST, "--into", file)

    assert (result.code, file.read_bytes()) == (2, before)
    assert "is JSON, which has no room for comments: give a YAML file" in result.err


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
    ],
)  # fmt: skip
def test_an_output_that_is_an_input_is_refused(
    arguments: tuple[str, ...], run: Any, tmp_path: Path
) -> None:
    file = tmp_path / "x.yaml"
    shutil.copy(FIXTURES.parents[2] / "inventories" / "small.yaml", file)
    (tmp_path / "link.yaml").symlink_to("x.yaml")
    before = file.read_bytes()
    result = run(*(f"{tmp_path}/{word}" if word.endswith(".yaml") else word for word in arguments))

    assert (result.code, file.read_bytes()) == (2, before)
    assert "which would be lost: give another file" in result.err
    assert not (tmp_path / "new.yaml").exists()


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
