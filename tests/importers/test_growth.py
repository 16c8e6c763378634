"""Twice the source costs at most 2.5 times the work, along every axis that a source can be long in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from growing import MEASURES, MOST
from importing import answers, imported, read_health_check, read_saved, tables

from gwplan.importers.pipeline import make_inventory
from gwplan.inventory.source import Source

Lists = dict[str, list[dict[str, Any]]]
VBR = {"id": "v", "name": "vbr", "type": "WindowsHost", "isBackupServer": True, "status": "Available"}
SMALL, LARGE = 40, 80


def server(number: int, **more: Any) -> dict[str, Any]:
    return {"id": f"s{number}", "name": f"gw{number}.example", "type": "WindowsHost", "status": "Available", **more}


def share(number: int, *gateways: int, **more: Any) -> dict[str, Any]:
    chosen = {"autoSelectEnabled": not gateways, "gatewayServerIds": [f"s{gateway}" for gateway in gateways]}
    return {"id": f"r{number}", "name": f"share{number}", "type": "Smb",
            "share": {"sharePath": f"\\\\nas{number}\\x", "gatewayServer": chosen}, **more}  # fmt: skip


def job(number: int, *machines: int, repository: int = 0, **more: Any) -> dict[str, Any]:
    includes = [{"name": f"vm{machine}", "hostName": "vc", "objectId": f"o{machine}", "type": "VirtualMachine"}
                for machine in machines]  # fmt: skip
    return {"id": f"j{number}", "name": f"job{number}", "type": "VSphereBackup", "isDisabled": False, "virtualMachines":
            {"includes": includes}, "storage": {"backupRepositoryId": f"r{repository}"}, **more}  # fmt: skip


def copy(number: int, *, jobs: tuple[str, ...] = (), repositories: tuple[str, ...] = (), to: int = 0) -> dict[str, Any]:
    includes = {"jobs": [{"id": one} for one in jobs], "repositories": [{"id": one} for one in repositories]}
    return {"id": f"c{number}", "name": f"copy{number}", "type": "BackupCopy", "isDisabled": False,
            "sourceObjects": {"includes": includes}, "target": {"backupRepositoryId": f"r{to}"}}  # fmt: skip


def estate(size: int) -> Lists:
    return {
        "servers": [VBR, *(server(n, status="Unavailable" if n % 2 else "Available") for n in range(size))],
        "repositories": [share(n, n, (n + 1) % size) for n in range(size)],
        "jobs": [job(n, n, n + size, repository=n) for n in range(size)],
        "proxies": [{"id": f"p{n}", "name": f"gw{n}.example", "type": "ViProxy",
                     "server": {"maxTaskCount": 4, "hostId": f"s{n}"}} for n in range(size)],
    }  # fmt: skip


def one_job(size: int) -> Lists:
    return {"servers": [VBR], "repositories": [share(0)], "jobs": [job(0, *range(size))]}


def chain(size: int) -> Lists:
    copies = [copy(n, jobs=(f"c{n - 1}" if n else "j0",), to=1) for n in range(size)]
    return {"servers": [VBR], "repositories": [share(0), share(1)], "jobs": [job(0, 1), *copies]}


def circle(size: int) -> Lists:
    copies = [copy(n, jobs=(f"c{(n - 1) % size}",), to=1) for n in range(size)]
    return {"servers": [VBR], "repositories": [share(0), share(1)], "jobs": copies}


def copies_of_one_repository(size: int) -> Lists:
    copies = [copy(n, repositories=("r0",), to=1) for n in range(size)]
    jobs = [job(n, n) for n in range(size)]
    return {"servers": [VBR], "repositories": [share(0), share(1)], "jobs": [*jobs, *copies]}


def replicas(size: int) -> Lists:
    """Jobs that list machines which only a source can bring, along a chain."""
    made = [{**job(n, 1), "id": f"q{n}", "name": f"replica{n}", "type": "VSphereReplica"} for n in range(size)]
    for one in made:
        one["virtualMachines"]["sourceRepositories"] = {"repositoryIds": ["r1"], "sourceType": "BackupFiles"}
    return {**chain(size), "more": made}


def file_jobs(size: int) -> Lists:
    base = {"isDisabled": False, "secondaryTargets": [{}], "backupRepository": {"backupRepositoryId": "r0"}}
    shares = [{"id": f"f{n}", "type": "FileServer", "name": f"files{n}", "processing": {}} for n in range(size)]
    jobs = [{**base, "id": f"n{n}", "name": f"files{n}", "type": "FileBackup",
             "objects": [{"fileServerId": f"f{n}", "path": "/x"}]} for n in range(size)]  # fmt: skip
    copies = [{"id": f"m{n}", "name": f"second{n}", "type": "FileBackupCopy", "primaryJobId": f"n{n}",
               "backupRepositoryId": "r0", "isDisabled": False} for n in range(size)]  # fmt: skip
    return {"servers": [VBR], "repositories": [share(0)], "shares": shares, "jobs": [*jobs, *copies]}


def one_name(size: int) -> Lists:
    """Things that the source calls alike: each needs a name of its own."""
    return {"servers": [VBR, *(server(n, name="gw", id=f"same-id-{n}") for n in range(size))],
            "repositories": [share(n, name="share", id=f"same-id-{n}") for n in range(size)]}  # fmt: skip


def one_short_name(size: int) -> Lists:
    """Names that many could mean, named by many."""
    states = [{"id": f"d{n}", "name": f"dd{n}", "type": "DDBoost", "hostName": "gw", "hostId": "", "isOnline": True,
               "capacityGB": 1} for n in range(size)]  # fmt: skip
    proxies = [{"id": f"p{n}", "name": f"p{n}", "type": "ViProxy", "server": {"hostName": "gw", "maxTaskCount": 2}}
               for n in range(size)]  # fmt: skip
    servers = [VBR, *(server(n, name=f"gw.d{n}.example") for n in range(size))]
    return {"servers": servers, "states": states, "proxies": proxies}


def extents(size: int) -> Lists:
    parts = [{"id": f"r{n}"} for n in range(size)]
    whole = {"id": "w", "name": "all", "performanceTier": {"performanceExtents": parts}}
    wholes = [{**whole, "id": f"w{n}", "name": f"all{n}", "performanceTier": {"performanceExtents": [{"id": f"x{n}"}]}}
              for n in range(size)]  # fmt: skip
    jobs = [job(n, n, storage={"backupRepositoryId": "w"}) for n in range(size)]
    copies = [copy(n, repositories=(f"r{n}",), to=size) for n in range(size)]
    return {"servers": [VBR], "repositories": [share(n) for n in range(size + 1)], "wholes": [whole, *wholes],
            "jobs": [*jobs, *copies]}  # fmt: skip


def dangling(size: int) -> Lists:
    return {"servers": [VBR], "repositories": [share(n, n + 10_000, n + 20_000) for n in range(size)],
            "jobs": [job(n, n, repository=n + 10_000) for n in range(size)]}  # fmt: skip


def twins(size: int) -> Lists:
    """One id over and over, with other settings each time."""
    return {"servers": [VBR, *(server(0, name=f"gw{n}") for n in range(size))]}


REST = (estate, one_job, chain, circle, copies_of_one_repository, replicas, file_jobs, one_name, one_short_name,
        extents, dangling, twins)  # fmt: skip


def saved(axis: Callable[[int], Lists], size: int, folder: Path) -> Path:
    (folder / str(size)).mkdir()
    return answers(folder / str(size), **axis(size))


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("axis", REST)
def test_twice_the_answers(axis: Callable[[int], Lists], measure: Any, tmp_path: Path) -> None:
    small, large = (saved(axis, size, tmp_path) for size in (SMALL, LARGE))
    imported(read_saved(small))  # what is imported and kept at first use

    assert measure(lambda: imported(read_saved(large))) <= MOST * measure(lambda: imported(read_saved(small)))


VBR_ROW = "Id,Name,Type,OSInfo\nv,vbr,Local,Windows\n"


def csv_estate(size: int) -> dict[str, str]:
    numbers = range(size)
    return {
        "Servers": VBR_ROW + "".join(f"s{n},gw {n},Windows,Windows\n" for n in numbers),
        "Repositories": "Id,Name,Type,gatewayHosts\n"
        + "".join(f"r{n},repo{n},CifsShare,gw {n} gw 0\n" for n in numbers),
        "Gateways": "Repository Name,Gateway Server\n" + "".join(f"repo{n},gw {n}\n" for n in numbers),
        "Proxies": "Id,Name,Host,Type\n" + "".join(f"p{n},gw {n},gw {n},Vi\n" for n in numbers),
        "Jobs": "Id,Name,JobType,RepoName\n" + "".join(f"j{n},job{n},Backup,repo{n}\n" for n in numbers),
        "VeeamSessionReport": "JobName,VMName,JobType\n" + "".join(f"job{n},vm{n % 7}-{n},EVmware\n" for n in numbers),
    }


def csv_extents(size: int) -> dict[str, str]:
    numbers = range(size)
    return {
        "Servers": VBR_ROW,
        "SOBRExtents": "Id,Name,Type,Sobr_Name\n" + "".join(f"e{n},ext{n},CifsShare,whole{n % 9}\n" for n in numbers),
        "SOBRs": "Id,Name,EnableCapacityTier\n" + "".join(f"w{n},whole{n},True\n" for n in numbers),
        "capTier": "RepoId,Name,Type,ParentId\n" + "".join(f"b{n},bucket{n},AmazonS3,w{n}\n" for n in numbers),
    }


def csv_tape(size: int) -> dict[str, str]:
    """Tape jobs and copies of one repository, and of jobs that are not there."""
    numbers = range(size)
    return {
        "Servers": VBR_ROW, "TapeServers": "Id,Name,ServerId,IsAvailable\nt,tape,v,True\n",
        "Repositories": "Id,Name,Type,HostId\nr,repo,CifsShare,v\n",
        "Jobs": "Id,Name,JobType,RepoName\n" + "".join(f"j{n},job{n},Backup,repo\n" for n in numbers)
        + "".join(f"c{n},copy{n},SimpleBackupCopyPolicy,repo\n" for n in numbers),
        "TapeJobs": "Id,Name,Type,SourceType,SourceId\n"
        + "".join(f"t{n},tape{n},BackupToTape,Repository,r\n" for n in numbers),
    }  # fmt: skip


def csv_one_name(size: int) -> dict[str, str]:
    return {"Servers": VBR_ROW + "".join("same-id-x,gw,Windows,Windows\n,gw,Windows,Windows\n" for _ in range(size))}


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("axis", (csv_estate, csv_extents, csv_tape, csv_one_name))
def test_twice_the_tables(axis: Callable[[int], dict[str, str]], measure: Any, tmp_path: Path) -> None:
    for size in (SMALL, LARGE):
        (tmp_path / str(size)).mkdir()
    small, large = (tables(tmp_path / str(size), **axis(size)) for size in (SMALL, LARGE))
    imported(read_health_check(small))

    assert measure(lambda: imported(read_health_check(large))) <= MOST * measure(
        lambda: imported(read_health_check(small))
    )


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("axis", (estate, chain, one_name))
def test_twice_the_inventory_that_a_source_is_merged_into(
    axis: Callable[[int], Lists], measure: Any, tmp_path: Path
) -> None:
    """Every other server has come back since, and half of the things are new."""

    def merging(size: int) -> Callable[[], object]:
        lists = axis(size)
        before = {key: items[: max(1, len(items) // 2)] for key, items in lists.items()}
        for name, one in (("before", before), ("after", lists)):
            (tmp_path / f"{name}{size}").mkdir(exist_ok=True)
            answers(tmp_path / f"{name}{size}", **one)
        text = imported(read_saved(tmp_path / f"before{size}")).text
        for one in lists["servers"]:
            one["status"] = "Available"
        answers(tmp_path / f"after{size}", **lists)
        return lambda: make_inventory(read_saved(tmp_path / f"after{size}"), None, Source("i.yaml", text))

    small, large = merging(SMALL), merging(LARGE)
    small()

    assert measure(large) <= MOST * measure(small)
