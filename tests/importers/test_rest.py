"""Saved answers of the REST API: every revision's spelling, every trap, and nothing lost in silence."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from importing import FIXTURES, Imported, answers, imported, read_saved, samples

from gwplan.cli.main import run
from gwplan.importers.draft import ZERO_ID, ImportFailed, Kind
from gwplan.importers.sizes import size_text, time_of_day

VBR = "6745a759-2205-4cd2-b172-8ec8f7e60ef8"
GW, MNT = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
SERVERS: list[dict[str, Any]] = [
    {"id": VBR, "name": "vbr01", "type": "WindowsHost", "status": "Available", "isBackupServer": True},
    {"id": GW, "name": "gw01", "type": "WindowsHost", "status": "Available"},
    {"id": MNT, "name": "mnt01", "type": "LinuxHost", "status": "Available"},
]


def of(folder: Path, **lists: list[dict[str, Any]]) -> Imported:
    return imported(read_saved(answers(folder, servers=SERVERS, **lists)))


def repository(folder: Path, **keys: Any) -> tuple[dict[str, Any], Imported]:
    """The entry of one repository, without what every one has."""
    item = {"id": "33333333-3333-4333-8333-333333333333", "name": "repo", "uniqueId": "u", **keys}
    made = of(folder, repositories=[item])
    entry = dict(made.data["repositories"]["repo"])
    del entry["id"]
    return entry, made


def test_a_whole_estate_is_read_whatever_the_files_are_called() -> None:
    made = imported(read_saved(FIXTURES / "rest"))

    assert made.data["backup_server"] == "vbr01.lab.example"
    assert made.data["jobs"]["vms"]["proxies"] == ["gw01.lab.example (vmware)"]
    assert made.data["repositories"]["hardened"]["status"] == "sealed"
    assert made.data["scale_out_repositories"]["all"]["capacity_tier"] == {
        "extents": ["bucket"], "copy": True, "move": False,
    }  # fmt: skip


def test_the_order_of_the_files_does_not_matter(tmp_path: Path) -> None:
    for number, file in enumerate(sorted((FIXTURES / "rest").iterdir(), reverse=True)):
        (tmp_path / f"{number:02d}.json").write_bytes(file.read_bytes())

    assert imported(read_saved(tmp_path)).text == imported(read_saved(FIXTURES / "rest")).text


@pytest.mark.parametrize("flag", ["autoSelect", "autoSelectEnabled", "autoSelection"])
@pytest.mark.parametrize(("kind", "part"), [("Smb", "share"), ("DellDataDomain", "dellDataDomain")])
def test_automatic_selection_in_its_three_spellings(flag: str, kind: str, part: str, tmp_path: Path) -> None:
    gateways = {flag: True, "gatewayServerIds": [GW]}
    automatic, made = repository(tmp_path, type=kind, **{part: {"gatewayServer": gateways}})
    (tmp_path / "explicit").mkdir()
    explicit, _ = repository(
        tmp_path / "explicit", type=kind, **{part: {"gatewayServer": {flag: False, "gatewayServerIds": [GW]}}}
    )

    assert "gateway_servers" not in automatic
    assert made.said(Kind.LEFT_OUT) == ["repo: 1 gateway id: the selection is automatic: the ids have no effect"]
    assert explicit["gateway_servers"] == ["gw01"]


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("DDBoost", "data_domain"), ("DellDataDomain", "data_domain"), ("HPStoreOnceIntegration", "storeonce"),
        ("HPEStoreOnce", "storeonce"), ("Smb", "smb"), ("nfs", "nfs"), ("CifsShare", "smb"),
    ],
)  # fmt: skip
def test_types_of_every_revision_that_stand_behind_a_gateway(word: str, kind: str, tmp_path: Path) -> None:
    assert repository(tmp_path, type=word, share={"sharePath": "x"})[0]["type"] == kind


@pytest.mark.parametrize(
    ("word", "provider"),
    [
        ("SmartObjectS3", "s3_compatible"), ("S3Integrated", "s3_compatible"), ("AzureArchive", "azure_blob"),
        ("AmazonS3Glacier", "amazon_s3"), ("wasabicloud", "wasabi"), ("VeeamDataCloudVault", "data_cloud_vault"),
    ],
)  # fmt: skip
def test_direct_object_storage_has_no_gateways_whatever_its_ids_say(word: str, provider: str, tmp_path: Path) -> None:
    entry, made = repository(
        tmp_path, type=word, account={"connectionSettings": {"connectionType": "direct", "gatewayServerIds": [GW]}}
    )

    assert entry == {"type": "object_storage", "provider": provider, "connection": "direct"}
    assert made.said(Kind.LEFT_OUT) == ["repo: 1 gateway id: the connection is direct: the ids have no effect"]


def test_object_storage_through_gateways(tmp_path: Path) -> None:
    settings = {"connectionType": "SelectedGateway", "gatewayServerIds": [GW, ZERO_ID, VBR]}
    entry, _ = repository(tmp_path, type="S3Compatible", account={"connectionSettings": settings})

    assert (entry["connection"], entry["gateway_servers"]) == ("gateway", ["gw01", "vbr01"])


def test_a_list_of_every_managed_server_means_nothing_unless_the_answer_says_so(tmp_path: Path) -> None:
    everyone = {"gatewayServerIds": [VBR, GW, MNT]}
    silent, made = repository(tmp_path, type="Smb", share={"gatewayServer": everyone})
    (tmp_path / "said").mkdir()
    spoken = {**everyone, "autoSelectEnabled": False}
    said, _ = repository(tmp_path / "said", type="Smb", share={"gatewayServer": spoken})

    assert silent["gateway_servers"] == "auto"
    assert (
        "repo: gateway_servers auto: the list has all 3 managed servers, which is how an automatic choice is shown"
        in made.said(Kind.GUESSED)
    )
    assert said["gateway_servers"] == ["vbr01", "gw01", "mnt01"]


@pytest.mark.parametrize(
    ("block", "entry"),
    [
        ({"mountServer": {"mountServerId": MNT}}, "mnt01"),
        ({"mountServer": {"mountServerSettingsType": "Windows", "windows": {"mountServerId": VBR},
                          "linux": {"mountServerId": MNT}}}, "vbr01"),
        ({"mountServers": {"mountServerSettingsType": "linux", "windows": {"mountServerId": VBR},
                           "linux": {"mountServerId": MNT}}}, "mnt01"),
        ({"mountServers": {"mountServerSettingsType": "Both", "windows": {"mountServerId": VBR},
                           "linux": {"mountServerId": MNT}}}, {"windows": "vbr01", "linux": "mnt01"}),
        ({"mountServer": {"mountServerId": ZERO_ID}}, None),
    ],
)  # fmt: skip
def test_mount_servers_flat_nested_and_plural(block: dict[str, Any], entry: Any, tmp_path: Path) -> None:
    assert repository(tmp_path, type="Smb", share={}, **block)[0].get("mount_server") == entry


@pytest.mark.parametrize("inside", [True, False])
@pytest.mark.parametrize("flag", ["taskLimitEnabled", "enableTaskLimit"])
def test_task_limits_in_both_spellings_and_places(flag: str, inside: bool, tmp_path: Path) -> None:
    for limited, expected in ((True, 7), (False, None)):
        limit = {flag: limited, "maxTaskCount": 7}
        folder = tmp_path / str(limited)
        folder.mkdir()
        keys = {"repository": limit, "share": {}} if inside else {"share": {}, **limit}

        assert repository(folder, type="Smb", **keys)[0].get("max_concurrent_tasks") == expected


def test_the_backup_server_under_two_names_is_one_server(tmp_path: Path) -> None:
    servers = [
        {"id": VBR, "name": "This server", "type": "WindowsHost", "status": "Available"},
        {"id": GW, "name": "VBR01.lab.example", "type": "WindowsHost", "status": "Available"},
    ]
    info = {"vbrId": "x", "name": "vbr01.lab.example", "buildVersion": "13.0.1.1071"}
    proxies = [{"id": "p", "name": "prx", "type": "ViProxy", "server": {"hostName": "This server", "maxTaskCount": 2}}]
    folder = answers(tmp_path, servers=servers, proxies=proxies)
    (folder / "info.json").write_text(json.dumps(info), "utf-8")
    made = imported(read_saved(folder))

    assert list(made.data["servers"]) == [made.data["backup_server"]] == ["VBR01.lab.example"]
    assert made.data["proxies"]["prx"]["server"] == "VBR01.lab.example"
    assert made.said(Kind.LEFT_OUT) == [
        "This server: second entry This server: is the backup server, which is also listed as VBR01.lab.example: "
        "one entry"
    ]


def test_a_gateway_that_no_list_has_is_kept_and_never_chosen(tmp_path: Path) -> None:
    gone = "99999999-9999-4999-8999-999999999999"
    gateways = {"autoSelectEnabled": False, "gatewayServerIds": [GW, gone]}
    entry, made = repository(tmp_path, type="Nfs", share={"gatewayServer": gateways})

    assert entry["gateway_servers"] == ["gw01", "server-99999999"]
    assert made.data["servers"]["server-99999999"] == {"os": "windows", "managed": False, "id": gone}
    assert (
        f"server-99999999: entry server-99999999: `gateway_servers` of repo names server {gone}, "
        "which is not in what was read"
    ) in made.said(Kind.GUESSED)


def test_a_value_of_the_wrong_type_is_told_and_left_out(tmp_path: Path) -> None:
    entry, made = repository(tmp_path, type="Smb", share="//nas", repository={"maxTaskCount": "many"}, description=7)

    assert entry == {"type": "smb"}
    assert made.said(Kind.LEFT_OUT) == [
        "repo: value of description: it is 7, where text would be right",
        "repo: value of repository.maxTaskCount: it is 'many', where an integer would be right",
    ]


def test_names_that_an_inventory_cannot_have(tmp_path: Path) -> None:
    items = [
        {"id": str(number), "name": name, "type": "WindowsHost", "status": "Available"}
        for number, name in enumerate(["a\x1b[31mb", " spaced ", "x" * 300, "", "twice", "twice", "site:paris"])
    ]
    made = imported(read_saved(answers(tmp_path, servers=[*SERVERS, *items])))

    assert {"a?[31mb", "spaced", "x" * 255, "3", "twice", "twice (servers)", "site paris"} <= set(made.data["servers"])
    assert "\x1b" not in made.text


def test_a_missing_page_is_told(tmp_path: Path) -> None:
    page = {"data": SERVERS, "pagination": {"total": 431, "count": 3, "skip": 0, "limit": 3}}
    (tmp_path / "a.json").write_text(json.dumps(page), "utf-8")

    assert (
        ": all of the managed servers: 3 of 431 were there: a page is missing"
        in imported(read_saved(tmp_path)).said(Kind.CANNOT_TELL)
    )


def test_copies_of_repositories_and_of_backups_find_their_jobs(tmp_path: Path) -> None:
    repositories = [{"id": f"r{number}", "name": f"r{number}", "type": "Smb", "share": {}} for number in (1, 2, 3)]
    jobs = [
        {"id": f"j{number}", "name": f"j{number}", "type": "Backup", "isDisabled": False,
         "virtualMachines": {"includes": [{"name": f"vm{number}", "objectId": f"vm-{number}"}]},
         "storage": {"backupRepositoryId": f"r{number}"}}
        for number in (1, 2)
    ]  # fmt: skip
    copies = [
        ("one", {"repositories": [{"id": "r1"}]}),
        ("two", {"repositories": [{"id": "r1"}, {"id": "r2"}]}),
        ("backup", {"backups": [{"id": "b1", "name": "chain"}]}),
        ("nothing", {}),
        ("itself", {"jobs": [{"id": "c-itself"}]}),
    ]
    jobs += [
        {"id": f"c-{name}", "name": name, "type": "BackupCopy", "isDisabled": False,
         "sourceObjects": {"includes": includes}, "target": {"backupRepositoryId": "r3"}}
        for name, includes in copies
    ]  # fmt: skip
    backups = [{"id": "b1", "name": "chain", "jobId": "j2", "repositoryId": "r2", "platformId": ZERO_ID}]
    made = of(tmp_path, repositories=repositories, jobs=jobs, backups=backups)
    read = {name: {key: made.data["jobs"][name].get(key) for key in ("type", "source_repository", "source_jobs")}
            for name, _ in copies}  # fmt: skip

    assert read == {
        "one": {"type": "backup_copy", "source_repository": "r1", "source_jobs": None},
        "two": {"type": "backup_copy", "source_repository": None, "source_jobs": ["j1", "j2"]},
        "backup": {"type": "backup_copy", "source_repository": None, "source_jobs": ["j2"]},
        "nothing": {"type": "other", "source_repository": None, "source_jobs": None},
        "itself": {"type": "other", "source_repository": None, "source_jobs": None},
    }


def test_what_is_no_answer_is_refused_in_words(tmp_path: Path) -> None:
    answers(tmp_path, servers=SERVERS)
    (tmp_path / "html.json").write_text("<html><body>Sign in</body></html>", "utf-8")
    (tmp_path / "half.json").write_text('{"data": [', "utf-8")
    (tmp_path / "deep.json").write_text("[" * 100_000, "utf-8")
    (tmp_path / "zip.json").write_bytes(b"PK\x03\x04\xff\xfe\x00")
    (tmp_path / "error.json").write_text('{"errorCode": "AccessDenied", "message": "no"}', "utf-8")
    (tmp_path / "export.json").write_text('{"windowsHosts": []}', "utf-8")
    told = {line.partition(": ")[0]: line for line in imported(read_saved(tmp_path)).said(Kind.LEFT_OUT)}

    assert told["html.json"].endswith("is HTML, not JSON")
    assert "is no JSON: Expecting value" in told["half.json"]
    assert told["deep.json"].endswith("is nested too deep")
    assert "is no" in told["zip.json"]
    assert told["error.json"].endswith("is an error of the server: AccessDenied: no")
    assert told["export.json"].endswith("save the GET answers instead")


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "no *.json file in it: save the answers of the VBR REST API there"),
        ({"a.json": "7"}, "nothing in it is an answer of the VBR REST API"),
        ({"a.json": '{"vbrId": "x", "buildVersion": "13.0.0.1", "name": "v"}'}, "no managed servers in it"),
    ],
)
def test_folders_that_hold_nothing(files: dict[str, str], message: str, tmp_path: Path) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text, "utf-8")

    with pytest.raises(ImportFailed, match=message.replace("*", r"\*")):
        imported(read_saved(tmp_path))


@pytest.mark.parametrize("revision", ["v1.2-rev1", "v1.3-rev0", "v1.3-rev1", "v1.3-rev2"])
def test_every_example_of_the_vendor_is_read_or_refused_in_words(revision: str, tmp_path: Path) -> None:
    """Each alone, beside one server: it adds to what was read, or the report says why not."""
    examples = sorted(samples("vbr-rest", "examples", revision).glob("*.json"))

    assert examples
    for example in examples:
        folder = tmp_path / example.stem
        folder.mkdir()
        answers(folder, servers=SERVERS)
        (folder / example.name).write_bytes(example.read_bytes())
        made = imported(read_saved(folder))
        read = [what for what, origin, _ in made.report.read if origin == example.name]
        refused = [news.why for news in made.report.news if news.origin == example.name]

        assert read or refused, example.name
        assert ("Model" in example.name or "Result" in example.name or bool(refused)), example.name


@pytest.mark.parametrize("revision", ["v1.2-rev1", "v1.3-rev0", "v1.3-rev1", "v1.3-rev2"])
def test_all_examples_of_a_revision_make_an_inventory(revision: str) -> None:
    made = imported(read_saved(samples("vbr-rest", "examples", revision)))

    assert made.data["repositories"]["Default Backup Repository"]["server"] == made.data["backup_server"]


def test_a_name_that_may_be_two_servers_is_not_guessed(tmp_path: Path) -> None:
    twins = [
        {"id": f"t{number}", "name": f"twin.{site}.example", "type": "WindowsHost", "status": "Available"}
        for number, site in enumerate(["paris", "lyon"])
    ]
    proxies = [{"id": "p", "name": "prx", "type": "ViProxy", "server": {"hostName": "TWIN", "maxTaskCount": 2}}]
    made = imported(read_saved(answers(tmp_path, servers=[*SERVERS, *twins], proxies=proxies)))

    assert "proxies" not in made.data
    assert made.said(Kind.LEFT_OUT) == [
        "TWIN: TWIN: `server` of prx names server TWIN, which may be twin.lyon.example, twin.paris.example",
        "prx: prx: the source does not say on which server it runs",
    ]


def test_repositories_that_only_their_states_know(tmp_path: Path) -> None:
    """Data Domain before 1.3-rev2: the list has no model for it."""
    states = [
        {"id": "dd", "name": "dd", "type": "DDBoost", "hostId": GW, "hostName": "gw01", "capacityGB": 9, "freeGB": 4.5,
         "isOnline": True},
        {"id": "so", "name": "so", "type": "HPStoreOnceIntegration", "hostId": ZERO_ID, "freeGB": 1, "isOnline": False},
        {"id": "all", "name": "all", "type": "ExtendableRepository", "hostId": ZERO_ID, "freeGB": 1, "isOnline": True},
    ]  # fmt: skip
    made = of(tmp_path, states=states)

    assert made.data["repositories"] == {
        "dd": {"type": "data_domain", "gateway_servers": ["gw01"], "free": "4.5 GiB", "id": "dd"},
        "so": {"type": "storeonce", "status": "offline", "gateway_servers": "auto", "free": "1 GiB", "id": "so"},
    }
    assert made.said(Kind.LEFT_OUT) == []


def test_extents_belong_to_one_scale_out_repository(tmp_path: Path) -> None:
    repositories = [{"id": name, "name": name, "type": "Smb", "share": {}} for name in ("a", "b")]
    wholes = [
        {"id": f"w{number}", "name": f"whole{number}", "performanceTier": {"performanceExtents": extents}}
        for number, extents in enumerate([[{"id": "a"}], [{"id": "a"}, {"id": "b"}, {"id": "gone"}], [{"id": "b"}]])
    ]
    made = of(tmp_path, repositories=repositories, wholes=wholes)

    assert {name: entry["performance_tier"] for name, entry in made.data["scale_out_repositories"].items()} == {
        "whole0": ["a"], "whole1": ["b"],
    }  # fmt: skip
    assert made.said(Kind.LEFT_OUT) == [
        "gone: gone: `performance_tier` of whole1 names repository gone, which is not in what was read",
        "whole1: extent a: a is an extent of whole0 already",
        "whole2: extent b: b is an extent of whole1 already",
        "whole2: whole2: none of its performance extents is in what was read",
    ]


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("4:00", "04:00"), ("22:00:00", "22:00"), ("10:30 PM", "22:30"), ("12:05 am", "00:05"),
        ("2026-01-31T21:15:00.0000000", "21:15"), ("25:00", ""), ("noon", ""), ("", ""),
    ],
)  # fmt: skip
def test_times_of_day(text: str, time: str) -> None:
    assert time_of_day(text) == time


@pytest.mark.parametrize(
    ("text", "size"),
    [("43.5 GB", "43.5 GiB"), ("1,5 tb", "1.5 TiB"), ("0 B", ""), ("N/A", ""), ("512 B", "512 B"), ("9 parsecs", "")],
)
def test_sizes(text: str, size: str) -> None:
    assert size_text(text) == size


@pytest.mark.parametrize(("source", "suffix"), [("rest", "json"), ("health-check", "csv")])
def test_files_that_are_not_read_are_told(
    source: str, suffix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(FIXTURES / source, tmp_path / "in")
    (tmp_path / "in" / "report.html").write_text("<html>")
    (tmp_path / "in" / "jobs.yaml").write_text("kind: VBRJob")
    (tmp_path / "in" / ".hidden").write_text("")

    assert run(["import", source, str(tmp_path / "in"), "--output", str(tmp_path / "out.yaml")]) == 0
    told = capsys.readouterr().err
    assert f"  file *.html ×1, file *.yaml ×1: not read: this source is *.{suffix} files\n" in told
    assert "hidden" not in told
