"""Estates as other tools hand them over: saved answers of the REST API, and the CSV files of a health check."""

from __future__ import annotations

import csv
import json
import uuid
from pathlib import Path
from typing import Any

SERVERS, PROXIES, REPOSITORIES, A_JOB = 300, 100, 100, 200
"""How many there are of each, and the machines of a job."""


def rest_answers(folder: Path, machines: int) -> list[Path]:
    """Saved answers about so many machines, a file for each kind of thing."""
    servers = [
        {"id": _id("server", n), "name": _server(n), "type": "WindowsHost", "status": "Available",
         "isBackupServer": n == 0, "isDefaultMountServer": n == 0}
        for n in range(SERVERS)
    ]  # fmt: skip
    proxies = [
        {"id": _id("proxy", n), "name": _server(n), "type": "ViProxy",
         "server": {"hostId": _id("server", n), "maxTaskCount": 8, "transportMode": "virtualAppliance"}}
        for n in range(PROXIES)
    ]  # fmt: skip
    repositories = [
        {"id": _id("repository", n), "name": f"smb-{n:03d}", "type": "Smb",
         "share": {"sharePath": f"\\\\nas{n:03d}\\backup", "gatewayServer": {
             "autoSelectEnabled": False,
             "gatewayServerIds": [_id("server", PROXIES + n), _id("server", PROXIES + n + 1)]}},
         "repository": {"taskLimitEnabled": True, "maxTaskCount": 16},
         "mountServer": {"mountServerSettingsType": "Windows", "windows": {"mountServerId": _id("server", n)}}}
        for n in range(REPOSITORIES)
    ]  # fmt: skip
    jobs = [
        {"id": _id("job", n), "name": f"vms-{n:04d}", "type": "VSphereBackup", "isDisabled": False,
         "virtualMachines": {"includes": [
             {"platform": "VSphere", "type": "VirtualMachine", "hostName": "vcenter.lab.example", "name": name,
              "objectId": f"vm-{name}", "size": "40 GB"} for name in names]},
         "storage": {"backupRepositoryId": _id("repository", n % REPOSITORIES),
                     "backupProxies": {"autoSelectEnabled": False, "proxyIds": [_id("proxy", n % PROXIES)]},
                     "advancedSettings": {"backupModeType": "Incremental"}},
         "schedule": {"runAutomatically": True, "daily": {"isEnabled": True, "localTime": "22:00:00"}}}
        for n, names in enumerate(_jobs(machines))
    ]  # fmt: skip
    listed = {"servers": servers, "proxies": proxies, "repositories": repositories, "jobs": jobs}
    folder.mkdir(parents=True, exist_ok=True)
    for name, items in listed.items():
        page = {"total": len(items), "count": len(items), "skip": 0, "limit": len(items)}
        (folder / f"{name}.json").write_text(json.dumps({"data": items, "pagination": page}), "utf-8")
    return [folder / f"{name}.json" for name in listed]


def health_check(folder: Path, machines: int) -> list[Path]:
    """The CSV files of a health check about so many machines."""
    folder.mkdir(parents=True, exist_ok=True)
    servers = [
        {"Id": _id("server", n), "Name": _server(n), "Type": "Local" if n == 0 else "Windows", "IsUnavailable": "False",
         "Cores": "8", "CPUCount": "1", "RAM": "34359738368", "OSInfo": "Microsoft Windows Server 2022 Standard"}
        for n in range(SERVERS)
    ]  # fmt: skip
    proxies = [
        {"Id": _id("proxy", n), "Name": _server(n), "HostId": _id("server", n), "Host": _server(n), "Type": "VMware",
         "IsDisabled": "False", "MaxTasksCount": "8", "TransportMode": "HotAdd"}
        for n in range(PROXIES)
    ]  # fmt: skip
    repositories = [
        {"Id": _id("repository", n), "Name": f"smb-{n:03d}", "HostId": _id("server", n), "Path": f"\\\\nas{n:03d}\\b",
         "Type": "CifsShare", "Status": "Ordinal", "Options(maxtasks)": "16", "gatewayHosts": "System.Object[]"}
        for n in range(REPOSITORIES)
    ]  # fmt: skip
    gateways = [
        {"Repository Name": f"smb-{n:03d}", "Gateway Server": _server(PROXIES + n + k)}
        for n in range(REPOSITORIES) for k in range(2)
    ]  # fmt: skip
    names = _jobs(machines)
    jobs = [
        {"Name": f"vms-{n:04d}", "JobType": "Backup", "RepoName": f"smb-{n % REPOSITORIES:03d}",
         "Algorithm": "Increment", "IsJobEnabled": "True", "ScheduleOptions": "Start time: [22:00:00]"}
        for n in range(len(names))
    ]  # fmt: skip
    sessions = [
        {"JobName": f"vms-{n:04d}", "VMName": name, "Status": "Success", "JobType": "EVmware"}
        for n, of_job in enumerate(names) for name in of_job
    ]  # fmt: skip
    vbr = [{"Version": "13.0.1.1071", "Fixes": "", "DbType": "PostgreSql"}]
    written = {
        "lab_Servers": servers, "lab_Proxies": proxies, "lab_Repositories": repositories, "lab_Gateways": gateways,
        "lab_Jobs": jobs, "lab_vbrinfo": vbr, "VeeamSessionReport": sessions,
    }  # fmt: skip
    return [_table(folder / f"{name}.csv", rows) for name, rows in written.items()]


def _table(file: Path, rows: list[dict[str, Any]]) -> Path:
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]), quoting=csv.QUOTE_ALL)
        writer.writeheader()
        writer.writerows(rows)
    return file


def _jobs(machines: int) -> list[list[str]]:
    names = [f"vm{n:06d}" for n in range(machines)]
    return [names[start : start + A_JOB] for start in range(0, machines, A_JOB)]


def _server(number: int) -> str:
    return f"srv{number:03d}.lab.example"


def _id(kind: str, number: int) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{kind}/{number}"))
