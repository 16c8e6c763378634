"""`--into`: what the source knows changes, what people added stays; and `--sites`, so that proximity has a meaning."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from importing import FIXTURES, answers, imported, read_health_check, read_saved, tables
from support import Result, run_cli

from gwplan.importers.draft import ImportFailed, Kind
from gwplan.importers.estate.sites import read_places

REST = FIXTURES / "rest"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Any:
    def command(*arguments: str | Path) -> Result:
        return run_cli(["import", *map(str, arguments)], {}, monkeypatch)

    return command


def changed(folder: Path, file: str, change: Any) -> Path:
    """The REST fixture with the items of one file changed."""
    made = folder / "changed"
    if not made.exists():
        shutil.copytree(REST, made)
    page = json.loads((made / file).read_text("utf-8"))
    change({item["name"]: item for item in page["data"]}, page["data"])
    (made / file).write_text(json.dumps(page), "utf-8")
    return made


def edited(run: Any, folder: Path, *edits: tuple[str, str]) -> Path:
    """The imported fixture, edited by people."""
    file = folder / "inventory.yaml"
    assert run("rest", REST, "--output", file).code == 0
    text = file.read_text("utf-8")
    for before, after in edits:
        assert before in text, before
        text = text.replace(before, after, 1)
    file.write_text(text, "utf-8")
    return file


def test_the_same_source_again_changes_nothing(run: Any, tmp_path: Path) -> None:
    file = edited(run, tmp_path)
    before = file.read_bytes()
    result = run("rest", REST, "--into", file)

    assert (result.code, file.read_bytes()) == (0, before)
    assert result.err.endswith("changes: none\n")


def test_what_people_added_stays_and_what_the_source_knows_changes(run: Any, tmp_path: Path) -> None:
    file = edited(
        run, tmp_path,
        ("  nas-share:\n", "  # the old one in the cellar\n  the nas:\n    accessible_from: [gw01.lab.example]\n"),
        ("source_repository: nas-share", "source_repository: the nas"),
        ("    repository: nas-share", "    repository: the nas"),
        ("max_concurrent_tasks: 6", "max_concurrent_tasks: 60   # too many"),
        ("performance_tier: [hardened, nfs-export]", "performance_tier: {hardened: {}, nfs-export: {holds: [app]}}"),
        ("\nservers:", "\nfailure_domains: {rack: [gw01.lab.example]}\nservers:"),
    )  # fmt: skip
    source = changed(tmp_path, "four.json", lambda by_name, _: by_name["nas-share"].update(name="renamed in VBR"))
    result = run("rest", source, "--into", file)
    lines = file.read_text("utf-8").splitlines()

    assert result.code == 0, result.err
    assert "  # the old one in the cellar" in lines
    assert "    accessible_from: [gw01.lab.example]" in lines
    assert "failure_domains: {rack: [gw01.lab.example]}" in lines
    assert "    performance_tier: {hardened: {}, nfs-export: {holds: [app]}}" in lines
    assert "    max_concurrent_tasks: 6   # too many" in lines
    assert result.err.splitlines()[-2:] == [
        "changes (1):", "  change repositories the nas max_concurrent_tasks: 60 → 6",
    ]  # fmt: skip


def test_a_correction_of_a_guess_stays_and_a_guess_that_nobody_corrected_goes(run: Any, tmp_path: Path) -> None:
    file = edited(run, tmp_path, ("platform: agent  # guessed", "platform: agent\n    count: 30  # was guessed"))

    def back(by_name: dict[str, Any], items: list[Any]) -> None:
        by_name["gw02.lab.example"]["status"] = "Available"

    result = run("rest", changed(tmp_path, "one.json", back), "--into", file)

    assert "count: 30" in file.read_text("utf-8")
    assert "remove servers gw02.lab.example status: offline" in result.err
    assert "status: offline" not in file.read_text("utf-8")


def test_new_things_come_in_where_sites_are_and_old_ones_are_told(run: Any, tmp_path: Path) -> None:
    sites = tmp_path / "sites.csv"
    sites.write_text("*,paris\n", "utf-8")
    file = tmp_path / "inventory.yaml"
    assert run("rest", REST, "--sites", sites, "--output", file).code == 0

    def change(by_name: dict[str, Any], items: list[Any]) -> None:
        items.append({**by_name["gw01.lab.example"], "id": "f" * 8, "name": "gw03.lab.example"})
        items.remove(by_name["hv01"])

    result = run("rest", changed(tmp_path, "one.json", change), "--into", file)

    assert result.code == 0, result.err
    assert yaml.safe_load(file.read_text("utf-8"))["servers"]["gw03.lab.example"]["site"] == "paris"
    assert "site: paris  # guessed: where the backup server stands" in file.read_text("utf-8")
    assert "  kept   servers hv01: the source does not have it any more" in result.err


def test_two_sources_of_one_server_come_together(run: Any, tmp_path: Path) -> None:
    """Other ids under the same names: both are kept apart, every reference goes to its own."""
    file = tmp_path / "inventory.yaml"
    assert run(FIXTURES / "health-check", "--output", file).code == 0
    result = run(REST, "--into", file)
    data = yaml.safe_load(file.read_text("utf-8"))

    assert result.code == 0, result.err
    assert data["servers"]["gw01.lab.example (adc6deb5)"]["id"].startswith("adc6deb5")
    assert data["proxies"]["gw01.lab.example (0bd1a01d)"]["server"] == "gw01.lab.example (adc6deb5)"
    assert data["proxies"]["gw01.lab.example"] == {
        "type": "vmware", "max_concurrent_tasks": 8, "transport_mode": "virtual_appliance",
        "id": "ccccccc1-0000-4000-8000-000000000000",
    }  # fmt: skip
    before = file.read_bytes()
    assert run(REST, "--into", file).code == 0
    assert file.read_bytes() == before


def test_a_server_that_people_have_renamed_keeps_its_roles(run: Any, tmp_path: Path) -> None:
    file = edited(
        run, tmp_path, ("\n  gw01.lab.example:\n    os: windows", "\n  gw-one:\n    os: windows"),
        ("gateway_servers: [gw01.lab.example, gw02.lab.example]", "gateway_servers: [gw-one, gw02.lab.example]"),
        ("gateway_servers: [gw01.lab.example, server-707acd25]", "gateway_servers: [gw-one, server-707acd25]"),
        ("mount_server: gw01.lab.example", "mount_server: gw-one"),
        ("    server: gw01.lab.example", "    server: gw-one"),
        ("    type: general_purpose", "    server: gw-one\n    type: general_purpose"),
        ("wan_accelerators:\n  gw01.lab.example:\n", "wan_accelerators:\n  gw01.lab.example:\n    server: gw-one\n"),
    )  # fmt: skip
    result = run("rest", REST, "--into", file)

    assert result.err.endswith("changes: none\n"), result.err


def test_a_job_that_somebody_completed_stays_complete(run: Any, tmp_path: Path) -> None:
    file = tmp_path / "inventory.yaml"
    folder = FIXTURES / "health-check"
    assert run(folder, "--output", file).code == 0
    text = file.read_text("utf-8").replace(
        "type: other  # guessed: what it reads from is not known\n    vendor_type: SimpleBackupCopyPolicy",
        "type: backup_copy\n    source_jobs: [nightly]",
    )
    file.write_text(text, "utf-8")
    result = run(folder, "--into", file)

    assert result.err.endswith("changes: none\n")
    assert file.read_text("utf-8") == text


def test_a_dry_run_shows_the_difference_and_writes_nothing(run: Any, tmp_path: Path) -> None:
    file = edited(run, tmp_path, ("max_concurrent_tasks: 6", "max_concurrent_tasks: 60"))
    before = file.read_bytes()
    result = run("rest", REST, "--into", file, "--dry-run")

    assert "-    max_concurrent_tasks: 60\n+    max_concurrent_tasks: 6\n" in result.out
    assert (result.code, file.read_bytes()) == (0, before)
    assert list(tmp_path.iterdir()) == [file]
    assert "give it with --into FILE" in run("rest", REST, "--dry-run").err


@pytest.mark.parametrize(
    ("name", "message"),
    [("none.yaml", "none.yaml: is not there: give one file"), ("broken.yaml", "GW014"), (".", "is a folder")],
)
def test_into_what_is_no_inventory(name: str, message: str, run: Any, tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("gwplan: 1\nservers: {a: {}}\n", "utf-8")
    result = run("rest", REST, "--into", tmp_path / name)

    assert (result.code, result.out) == (2, "")
    assert message in result.err


# --- sites ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("sites.csv", "pattern,site\nlin*,lyon\n*.lab.example , paris\n# a comment\n\nhv01,lyon\n"),
        ("sites.yaml", "lin*: lyon\n'*.lab.example': paris\nhv01: lyon\n"),
        ("sites.yml", "lyon: [LIN*, hv01]\nparis: ['*.lab.example']\n"),
    ],
)
def test_a_file_of_patterns(name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    made = imported(read_saved(REST), tmp_path / name)
    data = made.data

    assert {server: entry["site"] for server, entry in data["servers"].items() if "-" not in server} == {
        "gw01.lab.example": "paris", "gw02.lab.example": "paris", "hv01": "lyon", "lin01.lab.example": "lyon",
        "vbr01.lab.example": "paris",
    }  # fmt: skip
    assert data["links"] == {"paris - lyon": {"between": ["paris", "lyon"], "kind": "wan"}}
    assert data["repositories"]["datadomain"]["site"] == "paris"
    assert data["workloads"]["sql01"]["site"] == "paris"
    assert "site" not in data["workloads"]["app"]
    assert (
        "server-707acd25: site paris: neither its name nor its address is in --sites "
        f"{name}: where the backup server stands"
    ) in made.said(Kind.GUESSED)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.csv", "one,two,three\n", "'one,two,three' is not `pattern,site`"),
        ("a.csv", "", "no line of it says `pattern,site`"),
        ("a.yaml", "- a\n", "is no mapping of `pattern: site`"),
        ("a.yaml", "a: b\nparis: [gw*\n", "a.yaml:3: a list in brackets is not closed"),
        ("a.yaml", "a: b\n'", "a.yaml:2: "),
        ("a.yaml", "a: b\na: c\n", "a"),
        ("a.yaml", "a: {b: c}\n", "a is neither `pattern: site` nor `site: [patterns]`"),
        ("a.csv", "a, b\x07\n", "a control or invisible character"),
    ],
)
def test_files_of_patterns_that_are_none(name: str, text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(ImportFailed) as caught:
        read_places(tmp_path / name)

    assert message in str(caught.value)


def test_patterns_that_fit_nothing_are_misuse(run: Any, tmp_path: Path) -> None:
    (tmp_path / "sites.csv").write_text("tokyo*,tokyo\n", "utf-8")
    result = run("rest", REST, "--sites", tmp_path / "sites.csv")

    assert (result.code, result.out) == (2, "")
    assert "no pattern of it fits a server of" in result.err


def rule(source: str, target: str, **keys: Any) -> dict[str, Any]:
    first, last = source.split("-")
    begin, end = target.split("-")
    ends = {"sourceIPStart": first, "sourceIPEnd": last, "targetIPStart": begin, "targetIPEnd": end}
    return {"name": "rule", **ends, **keys}


def test_sites_from_the_subnets_of_traffic_rules(tmp_path: Path) -> None:
    servers = [
        {"id": str(number), "name": name, "type": "WindowsHost", "status": "Available", "isBackupServer": not number}
        for number, name in enumerate(["10.1.0.5", "10.2.0.7", "vbr-proxy.lab.example"])
    ]
    limit = {"throttlingEnabled": True, "throttlingValue": 50, "throttlingUnit": "MbitPerSpec"}
    rules = [rule("10.1.0.0-10.1.0.255", "10.2.0.0-10.2.0.255", **limit), rule("Any-", "Internet-")]
    folder = answers(tmp_path, servers=servers)
    (folder / "rules.json").write_text(json.dumps({"trafficRules": rules}), "utf-8")
    made = imported(read_saved(folder))

    lines = made.text.splitlines()

    assert "product_version: \"13\"  # guessed: the source does not say the version" in lines
    assert lines[lines.index("sites:") - 1] == (
        "# guessed: the ranges of the traffic rules: rename them, or give --sites FILE"
    )
    assert (
        "    kind: wan  # guessed: no source tells links: say how these sites are joined, `kind: lan` or `wan`" in lines
    )
    assert list(made.data["sites"]) == ["10.1.0.0/24", "10.2.0.0/24"]
    assert [entry["site"] for entry in made.data["servers"].values()] == ["10.1.0.0/24", "10.2.0.0/24", "10.1.0.0/24"]
    assert made.data["links"] == {
        "10.1.0.0/24 - 10.2.0.0/24": {
            "between": ["10.1.0.0/24", "10.2.0.0/24"], "kind": "wan", "bandwidth": "50 Mbps",
        }
    }  # fmt: skip
    assert (
        ": sites 10.1.0.0/24, 10.2.0.0/24: the ranges of the traffic rules: rename them, or give --sites FILE"
        in made.said(Kind.GUESSED)
    )


def test_rest_and_csv_agree_on_what_both_know(tmp_path: Path) -> None:
    """The same gateways, limits and hosts, from answers and from tables."""
    vbr, gateway = "6745a759-2205-4cd2-b172-8ec8f7e60ef8", "11111111-0000-4000-8000-000000000000"
    (tmp_path / "rest").mkdir()
    (tmp_path / "csv").mkdir()
    rest = imported(
        read_saved(
            answers(
                tmp_path / "rest",
                servers=[
                    {"id": vbr, "name": "vbr01", "type": "WindowsHost", "isBackupServer": True, "status": "Available"},
                    {"id": gateway, "name": "gw01", "type": "WindowsHost", "status": "Available"},
                ],
                repositories=[
                    {"id": "a", "name": "auto", "type": "Smb", "share": {"gatewayServer": {"autoSelectEnabled": True}}},
                    {"id": "b", "name": "one", "type": "Nfs",
                     "share": {"gatewayServer": {"autoSelectEnabled": False, "gatewayServerIds": [gateway]}},
                     "repository": {"taskLimitEnabled": True, "maxTaskCount": 4}},
                    {"id": "c", "name": "local", "type": "WinLocal", "hostId": vbr},
                ],
            )
        )
    )  # fmt: skip
    zero = "00000000-0000-0000-0000-000000000000"
    made = imported(
        read_health_check(
            tables(
                tmp_path / "csv",
                Servers=f"Id,Name,Type,OSInfo\n{vbr},vbr01,Local,Windows\n{gateway},gw01,Windows,Windows\n",
                Repositories="Id,Name,Type,HostId,gatewayHosts,Options(maxtasks),Options(Unlimited Tasks)\n"
                f"a,auto,CifsShare,{zero},,-1,True\nb,one,Nfs,{gateway},gw01,4,False\nc,local,WinLocal,{vbr},,-1,True\n",
            )
        )
    )

    def facts(data: dict[str, Any]) -> dict[str, Any]:
        keys = ("type", "server", "max_concurrent_tasks", "id")
        return {
            name: {**{key: entry.get(key) for key in keys}, "gateways": entry.get("gateway_servers", "auto")}
            for name, entry in data["repositories"].items()
        }

    assert facts(rest.data) == facts(made.data)
