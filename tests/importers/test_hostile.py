"""What a source says wrongly is news in the report, or a refusal in words; and what is written loads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from importing import imported, read_health_check, read_saved, tables

from gwplan.importers.draft import ImportFailed, Kind
from gwplan.importers.rest.json_text import BadJson, read_json
from gwplan.importers.sizes import bytes_text, gib_text, size_text
from gwplan.inventory.quantities import size

SERVER = {"id": "s1", "name": "srv1", "type": "WindowsHost"}
SMB = {"id": "r1", "name": "r", "type": "Smb"}
STATE = {"id": "r1", "name": "r", "type": "Smb", "hostId": "s1", "hostName": "srv1", "capacityGB": 1}


def of(folder: Path, *answers: Any) -> Any:
    for number, items in enumerate(answers):
        text = json.dumps({"data": items} if isinstance(items, list) else items)
        (folder / f"{number}.json").write_text(text, "utf-8")
    return imported(read_saved(folder))


def test_a_tiny_free_space(tmp_path: Path) -> None:
    assert of(tmp_path, [SERVER], [{**STATE, "freeGB": 0.00001}]).data["repositories"]["r"]["free"] == "0.00001 GiB"


@pytest.mark.parametrize("free", [10**400, -1, float("nan"), float("inf"), "much"])
def test_a_free_space_that_is_none_is_told(free: Any, tmp_path: Path) -> None:
    made = of(tmp_path, [SERVER], [{**STATE, "freeGB": free}])

    assert "free" not in made.data["repositories"]["r"]
    assert [said for said in made.said(Kind.LEFT_OUT) if "free" in said]


def test_a_backup_server_without_a_name(tmp_path: Path) -> None:
    made = of(tmp_path, [SERVER], {"vbrId": "x", "buildVersion": "13.0.1.1071"})

    assert made.data["backup_server"] == "backup-server"
    assert any("does not say which server is the backup server" in said for said in made.said(Kind.GUESSED))


def test_a_plain_repository_in_a_capacity_tier(tmp_path: Path) -> None:
    local = {"id": "r2", "name": "local", "type": "WinLocal", "hostId": "s1"}
    tiers = {"performanceTier": {"performanceExtents": [{"id": "r1"}]},
             "capacityTier": {"isEnabled": True, "extents": [{"id": "r2"}]}}  # fmt: skip
    made = of(tmp_path, [SERVER], [SMB, local], [{"id": "t", "name": "all", **tiers}])

    assert "capacity_tier" not in made.data["scale_out_repositories"]["all"]
    assert ("all: extent local: local is a windows repository: a capacity tier takes object storage"
            in made.said(Kind.LEFT_OUT))  # fmt: skip


def test_a_proxy_without_a_host_that_a_job_names(tmp_path: Path) -> None:
    proxy = {"id": "p1", "name": "p", "type": "ViProxy", "server": {"maxTaskCount": 8}}
    job = {"id": "j1", "name": "vms", "type": "VSphereBackup", "isDisabled": False,
           "virtualMachines": {"includes": [{"inventoryObject": {"name": "vm", "type": "VirtualMachine"}}]},
           "storage": {"backupRepositoryId": "r1", "backupProxies": {"autoSelectEnabled": False, "proxyIds": ["p1"]}},
           }  # fmt: skip
    made = of(tmp_path, [SERVER], [SMB], [proxy], [job])

    assert made.data["jobs"]["vms"]["repository"] == "r"
    assert "proxies" not in made.data["jobs"]["vms"]
    assert "vms: proxies p: `proxies` names p, which is left out" in made.said(Kind.LEFT_OUT)


def test_control_characters_come_through_nothing(tmp_path: Path) -> None:
    made = of(tmp_path, [{**SERVER, "id": f"{letter}\x1b[31m"} for letter in "abc"])

    assert list(made.data["servers"]) == ["backup-server", "srv1", "srv1 (c?[31m)", "srv1 (servers)"]
    assert all(line.isprintable() for line in made.text.split("\n"))


@pytest.mark.parametrize("text", ["[" * 200_000, '{"data":' * 500 + "1" + "}" * 500, '{"a":[' * 60 + "]}" * 60])
def test_answers_that_are_too_deep_are_told_by_their_file(text: str, tmp_path: Path) -> None:
    (tmp_path / "deep.json").write_text(text, "utf-8")
    made = of(tmp_path, [SERVER])

    assert "deep.json: deep.json: is nested too deep" in made.said(Kind.LEFT_OUT)


@pytest.mark.parametrize(
    ("text", "said"),
    [(b"[" + b"{}," * 1_000_000 + b"{}]", "more than 1000000 values"), (b"9" * 5000, "too many digits"),
     (b"\xff\xff\xff", "is no text in UTF")],
)  # fmt: skip
def test_json_that_is_not_read(text: bytes, said: str) -> None:
    with pytest.raises(BadJson, match=said):
        read_json(text)


@pytest.mark.parametrize("ram", ["1294537326592", "17179869184", "17179869185", "1", "115292150460684697", "9" * 18])
def test_any_amount_of_memory(ram: str, tmp_path: Path) -> None:
    servers = f"Id,Name,Type,OSInfo,Cores,RAM\na,vbr01,Local,Windows,4,{ram}\n"
    made = imported(read_health_check(tables(tmp_path, Servers=servers)))
    memory = made.data["servers"]["vbr01"].get("memory")

    assert size(memory) == int(ram) if memory else f"vbr01: memory: {ram} bytes is no size" in made.said(Kind.LEFT_OUT)


@given(st.integers(0, 10**20))
def test_bytes_are_written_as_they_are_read(count: int) -> None:
    text = bytes_text(count)

    assert size(text) == count if text else count >= 10**15


@given(st.floats(0, 1e9, exclude_max=True))
def test_free_space_is_written_as_it_is_read(amount: float) -> None:
    assert size(gib_text(amount)) == pytest.approx(amount * 1024**3, rel=1e-9, abs=1)


@pytest.mark.parametrize("unit", ["B", "KB", "MB", "GB", "TB", "PB", "KiB", "MiB", "GiB", "TiB", "PiB"])
def test_no_unit_is_dropped(unit: str) -> None:
    power = "BKMGTP".index(unit[0])

    assert size(size_text(f"1,5 {unit}")) == int(1.5 * 1024**power)


def test_a_folder_without_servers_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(ImportFailed, match="no managed servers in it"):
        of(tmp_path, [SMB])
