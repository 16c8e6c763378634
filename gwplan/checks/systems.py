"""Checks of versions: operating systems of servers and systems of appliances that the product does not support."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gwplan.checks.shape import Hit, check_for, on_key, on_value
from gwplan.checks.view import View
from gwplan.findings import Rule, Severity
from gwplan.inventory.entries import Server

Version = tuple[int, ...]

_WINDOWS_TOO_OLD = re.compile(r"\b(2003|2008|2012|windows (xp|vista|7|8|8\.1))\b")
_LINUX: dict[str, tuple[Version, Version]] = {
    "debian": ((11,), (13, 1)),
    "oracle": ((7,), (10,)),
    "rhel": ((8, 6), (9, 6)),
    "red hat": ((8, 6), (9, 6)),
    "rocky": ((9,), (9,)),
    "sles": ((12,), (15,)),
    "suse": ((12,), (15,)),
    "ubuntu": ((20, 4), (24, 4)),
}
"""The oldest and the newest version of each distribution that a gateway server may run. A version with fewer numbers
stands for all that begin with it."""
_NUMBERS = re.compile(r"[0-9]{1,5}(?:\.[0-9]{1,5})*")


@check_for(Rule(
    "GW005", "gateway-system-unsupported", Severity.WARNING, "system_requirements_gateway.html",
    why="A gateway server runs Windows Server 2016 or later, or one of the Linux versions that the page lists: RHEL "
    "8.6 to 9.6, Rocky 9, Debian 11 to 13.1, Oracle 7 to 10, SLES 12 and 15, Ubuntu 20.04 to 24.04. Some that may "
    "host a repository may not be a gateway server.",
    fix="Upgrade the server, or let another one serve.",
))  # fmt: skip
def gateway_system_unsupported(view: View) -> Iterator[Hit]:
    """As of version 13; a version that cannot be read says nothing."""
    if view.version < 13:
        return
    served: dict[str, dict[str, None]] = {}
    for name in view.behind_gateway():
        for server in view.listed(name):
            served.setdefault(server, {})[name] = None
        for server, one in view.candidates_of.get(name, {}).items():
            if not one.refusals:
                served.setdefault(server, {})[name] = None
    for server, repositories in served.items():
        entry = view.inventory.servers[server]
        if is_unsupported(entry):
            yield Hit(
                "server", server,
                f"{server} may serve as gateway and runs {entry.os_version}, which is not supported for that",
                on_value("servers", server, "os_version"),
                *(on_key("repositories", name, label="may come to it") for name in repositories),
            )  # fmt: skip


def is_unsupported(entry: Server) -> bool:
    """Whether a server certainly runs what no gateway server may run."""
    text = (entry.os_version or "").lower()
    if entry.appliance or not text:
        return False
    if entry.os != "linux":
        return entry.os == "windows" and _WINDOWS_TOO_OLD.search(text) is not None
    if "centos" in text:
        return True
    version = _version(text)
    limits = next((limits for name, limits in _LINUX.items() if name in text), None)
    if version is None or limits is None:
        return False
    oldest, newest = limits
    return version < oldest[: len(version)] or version[: len(newest)] > newest[: len(version)]


def _version(text: str) -> Version | None:
    """The first number in a text, such as 9.4."""
    match = _NUMBERS.search(text)
    return tuple(int(part) for part in match[0].split(".")) if match else None


@check_for(Rule(
    "GW157", "mount-server-system-unsupported", Severity.WARNING, "system_requirements_mount_server.html",
    why="A Linux mount server runs Red Hat Enterprise Linux or Rocky Linux, or is an appliance of Veeam.",
    fix="Let another server be the mount server.",
))  # fmt: skip
def mount_server_system_unsupported(view: View) -> Iterator[Hit]:
    if view.version < 13:
        return
    mounts: dict[str, dict[str, None]] = {}
    for name, repository in view.inventory.repositories.items():
        for server in view.inventory.mount_servers(name) if repository.type != "cloud" else ():
            mounts.setdefault(server, {})[name] = None
    for server, repositories in mounts.items():
        entry = view.inventory.servers[server]
        text = (entry.os_version or "").lower()
        other = any(name in text for name in ("debian", "oracle", "sles", "suse", "ubuntu", "centos"))
        if entry.os == "linux" and not entry.appliance and other:
            yield Hit(
                "server", server,
                f"{server} is a mount server and runs {entry.os_version}, which is not supported for that",
                on_value("servers", server, "os_version"),
                *(on_key("repositories", name, label="its repository") for name in repositories),
            )  # fmt: skip


_FIRMWARE: dict[str, tuple[Version, ...]] = {
    "data_domain": ((7, 9),),
    "storeonce": ((3, 18, 18), (4, 2, 3), (5, 1, 0)),
    "exagrid": ((7, 2, 0),),
    "quantum_dxi": ((5, 2, 0),),
    "fujitsu": ((5, 2, 0),),
    "infinidat": ((3, 12),),
}
"""The oldest version that is supported of each type of appliance; of StoreOnce, of each generation."""


@check_for(Rule(
    "GW045", "firmware-too-old", Severity.WARNING, "system_requirements_backup_target.html",
    why="The system of the appliance is older than what version 13 supports: Data Domain from 7.9, StoreOnce from "
    "3.18.18, 4.2.3 or 5.1.0, ExaGrid from 7.2.0, Quantum DXi and Fujitsu CS800 from 5.2.0, InfiniGuard from 3.12.",
    fix="Upgrade the appliance before the backup server.",
))  # fmt: skip
def firmware_too_old(view: View) -> Iterator[Hit]:
    for name, entry in view.inventory.repositories.items():
        oldest, version = _FIRMWARE.get(entry.type), _version(entry.firmware or "")
        if oldest is None or version is None or view.version < 13:
            continue
        needed = next((one for one in oldest if one[0] == version[0]), oldest[0])
        if version < needed[: len(version)]:
            yield Hit(
                "repository", name,
                f"{name} runs {entry.firmware}, and version 13 needs {'.'.join(map(str, needed))} or later",
                on_value("repositories", name, "firmware"),
            )  # fmt: skip


CHECKS = (gateway_system_unsupported, mount_server_system_unsupported, firmware_too_old)
