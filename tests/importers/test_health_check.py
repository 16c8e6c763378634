"""CSV folders of the health check and of Get-VBRConfig: by header, joined as far as they can be, nothing lost."""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import Any

import pytest
from importing import Imported, imported, read_health_check, samples, tables

from gwplan.importers.draft import ZERO_ID, ImportFailed, Kind
from gwplan.importers.pipeline import read_folder

VBR, GW, LIN = (f"{digit * 8}-0000-4000-8000-000000000000" for digit in "123")
SERVERS = f"""Name,Id,Type,Cores,RAM,OSInfo,IsUnavailable
vbr01.lab.example,{VBR},Local,16,68719476736,Microsoft Windows Server 2022,False
gw01.lab.example,{GW},Windows,8,34359738368,Microsoft Windows Server 2019,False
lin01,{LIN},Linux,4,17179869184,Rocky Linux 9,True
vcenter,44444444-0000-4000-8000-000000000000,VC,,,,False
"""


def of(folder: Path, **files: str) -> Imported:
    return imported(read_health_check(tables(folder, Servers=SERVERS, **files)))


def repository(folder: Path, header: str, line: str, **files: str) -> tuple[dict[str, Any], Imported]:
    made = of(folder, Repositories=f"Id,Name,{header}\nr1,repo,{line}\n", **files)
    entry = dict(made.data["repositories"]["repo"])
    del entry["id"]
    return entry, made


def test_columns_are_found_by_header_in_any_order_and_case(tmp_path: Path) -> None:
    rows = list(csv.reader(SERVERS.splitlines()))
    turned = "\n".join(",".join(reversed(row)) for row in [[cell.upper() for cell in rows[0]], *rows[1:]])
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    plain = imported(read_health_check(tables(tmp_path / "one", Servers=SERVERS)))
    reversed_ = imported(read_health_check(tables(tmp_path / "two", Servers=turned)))

    assert plain.text == reversed_.text
    assert plain.data["backup_server"] == "vbr01.lab.example"
    assert plain.data["servers"]["gw01.lab.example"] == {
        "os": "windows", "os_version": "Microsoft Windows Server 2019", "cores": 8, "memory": "32 GiB", "id": GW,
    }  # fmt: skip
    assert plain.data["servers"]["lin01"]["status"] == "offline"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_every_encoding_that_powershell_writes(encoding: str, tmp_path: Path) -> None:
    (tmp_path / "vbr_Servers.csv").write_bytes(f"Name,Id,Type\r\nvbr-zürich,{VBR},Local\r\n".encode(encoding))

    assert imported(read_health_check(tmp_path)).data["backup_server"] == "vbr-zürich"


def test_this_server_is_the_backup_server(tmp_path: Path) -> None:
    text = f"Name,Id,Type\nThis server (vbr01.lab.example),{VBR},Local\nVBR01.lab.example,{GW},Windows\n"
    proxies = "Id,Name,HostId,Host,Type,MaxTasksCount\np1,prx,,This server,Vi,4\n"
    made = imported(read_health_check(tables(tmp_path, Servers=text, Proxies=proxies)))

    assert list(made.data["servers"]) == ["VBR01.lab.example"]
    assert made.data["proxies"]["prx"]["server"] == "VBR01.lab.example"


def test_a_cell_with_an_apostrophe_in_front_of_a_formula(tmp_path: Path) -> None:
    entry, _ = repository(tmp_path, "Type,HostId,Description", f"CifsShare,{ZERO_ID},'=cmd|' /C calc'!A0")
    kept, _ = repository(tmp_path, "Type,HostId,Description", f"CifsShare,{ZERO_ID},'tis the share")

    assert entry["description"] == "=cmd|' /C calc'!A0"
    assert kept["description"] == "'tis the share"


@pytest.mark.parametrize("kind", ["CifsShare", "Nfs", "DDBoost", "HPStoreOnceIntegration"])
def test_a_zero_host_is_automatic_selection(kind: str, tmp_path: Path) -> None:
    entry, made = repository(tmp_path, "Type,HostId,gatewayHosts", f"{kind},{ZERO_ID},gw01.lab.example lin01")

    assert entry["gateway_servers"] == "auto"
    assert "repo: 2 gateway names: HostId is zero, which is automatic selection" in made.said(Kind.LEFT_OUT)[-1]


def test_gateways_from_the_best_table_that_has_them(tmp_path: Path) -> None:
    header, line = "Type,HostId,gatewayHosts", f"CifsShare,{GW},"
    table = "Repository Name,Gateway Server\nREPO,GW01\nREPO,lin01\n"
    lists = {
        "table": repository(tmp_path, header, f"{line}System.Object[]", Gateways=table)[0]["gateway_servers"],
        "cell": repository(tmp_path, header, f"{line}lin01 gw01", Gateways="")[0]["gateway_servers"],
        "host": repository(tmp_path, header, f"{line}System.Object[]", Gateways="")[0]["gateway_servers"],
    }

    assert lists == {
        "table": ["gw01.lab.example", "lin01"],
        "cell": ["lin01", "gw01.lab.example"],
        "host": ["gw01.lab.example"],
    }


def test_a_list_of_every_managed_server_is_how_direct_is_shown(tmp_path: Path) -> None:
    everyone = "vbr01.lab.example gw01.lab.example lin01"
    silent, made = repository(tmp_path, "Type,gatewayHosts", f"AmazonS3Compatible,{everyone}")
    ways = "name,type,ConnectionType,gateway\nrepo,AmazonS3Compatible,Gateway,gw01.lab.example; lin01\n"
    said, _ = repository(
        tmp_path, "Type,gatewayHosts", f"AmazonS3Compatible,{everyone}", ObjectStorageRepos=ways
    )

    assert (silent["connection"], silent.get("gateway_servers")) == ("direct", None)
    assert "the list has all 3 managed servers" in " ".join(made.said(Kind.GUESSED))
    assert (said["connection"], said["gateway_servers"]) == ("gateway", ["gw01.lab.example", "lin01"])


def test_fibre_channel_is_in_the_path_of_a_data_domain(tmp_path: Path) -> None:
    entry, _ = repository(tmp_path, "Type,HostId,Path", f"DDBoost,{GW},ddboost://DFC-dd01:unit@/backups")

    assert (entry["type"], entry["protocol"]) == ("data_domain", "fc")


def test_sessions_tell_what_a_job_protects(tmp_path: Path) -> None:
    jobs = "Name,JobType,RepoName\nnightly,Backup,repo\nweekly,Backup,REPO\n"
    (tmp_path / "VeeamSessionReport.csv").write_text(
        "JobName,VMName,JobType\nnightly,sql01,EHyperV\nNightly,web01,EHyperV\nnightly,sql01,EHyperV\n", "utf-8"
    )
    _, made = repository(tmp_path, "Type,HostId", f"CifsShare,{ZERO_ID}", Jobs=jobs)

    assert made.data["jobs"]["nightly"]["workloads"] == ["sql01", "web01"]
    assert made.data["workloads"]["sql01"]["platform"] == "hyperv"
    assert made.data["workloads"]["weekly"] == {"platform": "vmware"}
    assert (
        "weekly: platform vmware: the source does not list what the job protects: one entry stands for all of it"
        in made.said(Kind.GUESSED)
    )


def test_a_missing_file_means_none_only_where_the_manifest_says_so(tmp_path: Path) -> None:
    manifest = "Name,Success,DurationSeconds,Error\nWanAccelerator,True,1,\nJobs,False,1,Access denied\n"
    told = of(tmp_path, CollectionManifest=manifest).said(Kind.CANNOT_TELL)

    assert not any("WAN accelerators: no" in line for line in told)
    assert ": tape servers: their collection failed: Access denied" in told
    assert ": scale-out repositories: no *_SOBRs.csv, and no manifest says that there are none" in told


def test_the_older_set_of_tables(tmp_path: Path) -> None:
    """Get-VBRConfig: no cores, no limits, no gateways; nested values are the names of their types."""
    text = f"Info,ParentId,Id,Name,Type,IsUnavailable\nx,,{VBR},vbr01,Local,False\nx,,{GW},gw01,Windows,\n"
    draft = read_health_check(
        tables(
            tmp_path, Servers=text,
            Repositories=f"Id,Name,HostId,Type,Options,MountHostId\nr1,repo,{GW},CifsShare,"
                         f"Veeam.Backup.Model.CDomBackupRepositoryOptions,{VBR}\n",
            Jobs="Name,JobType,RepoName\nnightly,Backup,repo\ncopy,BackupSync,repo\n",
        )
    )  # fmt: skip
    made = imported(draft)

    assert draft.source == "get-vbrconfig"
    assert made.data["repositories"]["repo"] == {
        "type": "smb", "gateway_servers": ["gw01"], "mount_server": "vbr01", "id": "r1",
    }  # fmt: skip
    assert made.data["jobs"]["copy"] == {"type": "other", "vendor_type": "BackupSync", "repository": "repo"}


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"PK\x03\x04\x14\x00\x00\x00\xff\xff", "is binary, or no text in UTF-8 or UTF-16: no CSV file"),
        (b'Name,Id\n"never closed', "is no CSV: unexpected end of data"),
        (b"Name,Id\n" + b"x" * 1_100_000, "is no CSV: field larger than field limit (1000000)"),
        (b"," * 2000, "its first line has 2001 columns: no header"),
    ],
)
def test_files_that_are_no_csv_are_left_out_with_the_reason(data: bytes, why: str, tmp_path: Path) -> None:
    (tmp_path / "vbr01_Proxies.csv").write_bytes(data)

    assert f"vbr01_Proxies.csv: vbr01_Proxies.csv: {why}" in of(tmp_path).said(Kind.LEFT_OUT)


def test_two_collections_are_not_mixed(tmp_path: Path) -> None:
    for name in ("monday", "tuesday"):
        (tmp_path / name).mkdir()
        tables(tmp_path / name, Servers=SERVERS)

    with pytest.raises(ImportFailed, match="give the folder of one server and collection"):
        read_health_check(tmp_path)


def test_a_folder_says_itself_what_it_holds(tmp_path: Path) -> None:
    tables(tmp_path, Servers=SERVERS)

    assert read_folder(tmp_path).source == "health-check"
    (tmp_path / "a.json").write_text("{}", "utf-8")
    with pytest.raises(ImportFailed, match="has 1 JSON and 1 CSV files: say which to read"):
        read_folder(tmp_path)


def test_the_golden_files_import_and_every_dangling_reference_is_named() -> None:
    """Every host id of the tables that no line of `_Servers.csv` has is in the report by the name beside it."""
    folder = samples("health-check")
    made = imported(read_health_check(folder))
    told = " ".join([*made.said(Kind.GUESSED), *made.said(Kind.LEFT_OUT)])

    def rows(table: str) -> list[dict[str, str]]:
        return list(csv.DictReader((folder / "VBRConfig" / f"_{table}.csv").read_text("utf-8-sig").splitlines()))

    listed = {row["Id"] for row in rows("Servers") if row["Type"] in ("Local", "Windows", "Linux")}
    users = [row for table in ("Repositories", "SOBRExtents", "Proxies", "HvProxy", "WanAcc") for row in rows(table)]
    dangling = [row["Name"] for row in users if row["HostId"] not in listed]

    assert dangling
    assert [name for name in dangling if f"`server` of {name} names server" not in told] == []
    assert made.data["jobs"]["Production-VM-Backup"]["workloads"][:2] == ["DC01", "SQL-PROD01"]


def test_jobs_of_every_table(tmp_path: Path) -> None:
    _, made = repository(
        tmp_path, "Type,HostId", f"CifsShare,{ZERO_ID}",
        Jobs="Name,JobType,RepoName\nagents,EpAgentBackup,repo\nshares,NasBackup,repo\nreplica,Replica,repo\n"
             "vmtape,VmTapeBackup,\nstrange,VmbApiPolicyTempJob,repo\n",
        AgentBackupJob="Id,Name,JobType,TargetRepositoryId\nja,AGENTS,PhysicalBackup,r1\njb,laptops,PhysicalBackup,r1\n",
        nasBCJ="Id,Name,SourceJobId,TargetRepositoryId\njc,share copy,jn,r1\n",
        nasBackup="Id,Name,IsEnabled,TargetRepositoryId\njn,homes,False,r1\n",
        pluginjobs="Id,Name,Platform,TargetRepositoryId\njp,hana,SapHana,r1\njq,odd,Informix,r1\n",
    )  # fmt: skip

    assert {name: job["type"] for name, job in made.data["jobs"].items()} == {
        "agents": "agent_backup", "hana": "plugin_backup", "homes": "file_backup", "laptops": "agent_backup",
        "odd": "other", "replica": "other", "share copy": "file_backup_copy", "shares": "file_backup",
        "strange": "other", "vmtape": "other",
    }  # fmt: skip
    assert made.data["jobs"]["share copy"]["source_jobs"] == ["homes"]
    assert made.data["jobs"]["homes"]["enabled"] is False
    assert made.data["jobs"]["hana"]["plugin"] == "sap_hana"


def test_scale_out_repositories_and_their_tiers(tmp_path: Path) -> None:
    made = of(
        tmp_path,
        SOBRs="Id,Name,PolicyType,Extents,UsePerVMBackupFiles,PerformFullWhenExtentOffline,EnableCapacityTier,"
              "CapacityTierCopyPolicyEnabled,CapacityTierMovePolicyEnabled,ArchiveTierEnabled\n"
              's1,whole,Performance,"ext1, ext2",False,True,True,True,False,False\n',
        SOBRExtents=f"Id,Name,HostId,MountHostId,Type,SOBR_Name,Status\ne1,ext1,{LIN},{GW},LinuxLocal,WHOLE,Sealed\n"
                    f"e2,ext2,{GW},{ZERO_ID},WinLocal,whole,Ordinal\n",
        capTier="Status,Type,RepoId,ConnectionType,GatewayServer,ParentId,Name\n"
                "Normal,AmazonS3,c1,Gateway,gw01.lab.example; lin01,s1,bucket\n",
    )  # fmt: skip
    repositories = made.data["repositories"]

    assert made.data["scale_out_repositories"]["whole"] == {
        "performance_tier": ["ext1", "ext2"], "capacity_tier": {"extents": ["bucket"], "copy": True, "move": False},
        "placement_policy": "performance", "full_when_extent_offline": True, "per_machine": False, "id": "s1",
    }  # fmt: skip
    assert (repositories["ext1"]["status"], repositories["ext1"]["mount_server"]) == ("sealed", "gw01.lab.example")
    assert (repositories["bucket"]["connection"], repositories["bucket"]["gateway_servers"]) == (
        "gateway", ["gw01.lab.example", "lin01"],
    )  # fmt: skip


def test_twice_the_servers_and_repositories_are_twice_the_work(tmp_path: Path) -> None:
    """In calls: comparing each gateway list with all servers would be four times as many."""

    def calls(count: int) -> int:
        folder = tmp_path / str(count)
        folder.mkdir()
        servers = "".join(f"gw {number},s{number},Windows\n" for number in range(count))
        lines = "".join(f"r{number},repo{number},CifsShare,gw {number} gw 0\n" for number in range(count))
        tables(folder, Servers=f"Name,Id,Type\nvbr,v,Local\n{servers}",
               Repositories=f"Id,Name,Type,gatewayHosts\n{lines}")  # fmt: skip
        made = 0

        def count_calls(frame: object, event: str, argument: object) -> None:
            nonlocal made
            made += event in ("call", "c_call")

        sys.setprofile(count_calls)
        try:
            read_health_check(folder)
        finally:
            sys.setprofile(None)
        return made

    assert calls(400) < 2.2 * calls(200)


def test_a_folder_is_walked_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    walks: list[Path] = []
    walk = Path.iterdir

    def counted(self: Path) -> object:
        walks.append(self)
        return walk(self)

    monkeypatch.setattr(Path, "iterdir", counted)
    imported(read_folder(tables(tmp_path, Servers=SERVERS)))

    assert walks == [tmp_path]


def test_rows_without_an_id_are_different_things(tmp_path: Path) -> None:
    proxies = "Name,Host,Type,MaxTasksCount\nprx,gw01.lab.example,Vi,4\n"
    hyper_v = "Name,Host,MaxTasksCount\nhv01,gw01.lab.example,2\nhv02,gw01.lab.example,2\n"

    assert list(of(tmp_path, Proxies=proxies, HvProxy=hyper_v).data["proxies"]) == ["hv01", "hv02", "prx"]


@pytest.mark.parametrize(
    ("unit", "bandwidth"),
    [("Mbps", "100 Mbps"), ("MBps", "800 Mbps"), ("KBps", "800 kbps"), ("MbitPerSec", "100 Mbps")],
)
def test_only_the_case_of_a_unit_tells_bits_from_bytes(unit: str, bandwidth: str, tmp_path: Path) -> None:
    header = "SourceIpStart,SourceIpEnd,TargetIpStart,TargetIpEnd,ThrottlingEnabled,ThrottlingValue,ThrottlingUnit"
    rules = f"{header}\n10.1.0.0,10.1.0.255,10.2.0.0,10.2.0.255,True,100,{unit}\n"
    servers = f"Name,Id,Type\n10.1.0.5,{VBR},Local\n10.2.0.7,{GW},Windows\n"
    made = imported(read_health_check(tables(tmp_path, Servers=servers, TrafficRules=rules)))

    (link,) = made.data["links"].values()
    assert link["bandwidth"] == bandwidth
