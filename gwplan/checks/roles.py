"""Checks of the other roles of a server: proxies, mount servers and tape servers on machines that cannot be one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from gwplan.checks.shape import Hit, check_for, on_key, on_listed, on_value
from gwplan.checks.view import View
from gwplan.findings import Rule, Severity, Spot


@check_for(Rule(
    "GW038", "role-on-hardened-repository", Severity.ERROR, "switching_from_linux_repository.html",
    why="The server of a hardened repository keeps that one role: it is no gateway, no mount server and no tape "
    "server.",
    fix="Give the role to another server.",
))  # fmt: skip
def role_on_hardened_repository(view: View) -> Iterator[Hit]:
    hardened = view.inventory.hardened_on
    roles: dict[str, list[Spot]] = {server: [] for server in hardened}
    for server, spot in _roles(view):
        if server in roles:
            roles[server].append(spot)
    for server, spots in roles.items():
        if spots:
            yield Hit(
                "server", server,
                f"{server} hosts the hardened repository {hardened[server]} and is given another role",
                *spots, on_value("repositories", hardened[server], "server", label="its hardened repository"),
            )  # fmt: skip


def _roles(view: View) -> Iterator[tuple[str, Spot]]:
    """Every server that is listed as gateway, or named as mount server or tape server, and where."""
    inventory = view.inventory
    for name in view.behind_gateway():
        listed = view.listed(name)
        yield from zip(listed, on_listed(view, name, listed, "listed as gateway"), strict=True)
    for name, entry in inventory.repositories.items():
        yield from _mounts(entry.mount_server, "named as mount server", "repositories", name, "mount_server")
    yield from _mounts(inventory.default_mount_servers, "the default mount server", "default_mount_servers")
    for name in inventory.tape_servers:
        yield view.network.role_server("tape_server", name), on_key("tape_servers", name, label="is a tape server")


def _mounts(given: Any, label: str, *path: str) -> Iterator[tuple[str, Spot]]:
    """One mount server, or a pair of them."""
    if isinstance(given, str):
        yield given, on_value(*path, label=label)
    elif given is not None:
        for key in ("windows", "linux"):
            if (server := getattr(given, key)) is not None:
                yield server, on_value(*path, key, label=label)


@check_for(Rule(
    "GW063", "tape-server-on-appliance", Severity.ERROR, "tape_servers.html",
    why="A tape server needs a machine that gives it root: neither a Software or Infrastructure Appliance nor the "
    "server of a hardened repository.",
    fix="Let another server be the tape server.",
))  # fmt: skip
def tape_server_on_appliance(view: View) -> Iterator[Hit]:
    for name in view.inventory.tape_servers:
        server = view.network.role_server("tape_server", name)
        appliance = view.inventory.servers[server].appliance
        if appliance:
            what = f"a Veeam {appliance.title()} Appliance"
            cause = on_value("servers", server, "appliance", label="the appliance")
        elif server in view.inventory.hardened_on:
            what = f"the server of the hardened repository {view.inventory.hardened_on[server]}"
            cause = on_key("repositories", view.inventory.hardened_on[server], label="the hardened repository")
        else:
            continue
        message = f"{name} is a tape server on {server}, {what}"
        yield Hit("tape_server", name, message, on_key("tape_servers", name), cause)


@check_for(Rule(
    "GW140", "transport-mode-impossible", Severity.ERROR, "transport_modes.html",
    why="A proxy on a Software Appliance or on the server of a hardened repository reads over the network only.",
    fix="Say `transport_mode: network`, or move the proxy.",
))  # fmt: skip
def transport_mode_impossible(view: View) -> Iterator[Hit]:
    for name, proxy in view.inventory.proxies.items():
        server = view.network.role_server("proxy", name)
        if proxy.type != "vmware" or proxy.transport_mode not in ("direct_storage", "virtual_appliance"):
            continue
        if view.inventory.servers[server].appliance == "software":
            what = "a Software Appliance"
        elif server in view.inventory.hardened_on:
            what = "the server of a hardened repository"
        else:
            continue
        message = f"{name} reads by {proxy.transport_mode} on {server}, {what}, which can read over the network only"
        yield Hit(
            "proxy", name, message,
            on_value("proxies", name, "transport_mode"), on_key("servers", server, label="its server"),
        )  # fmt: skip


@check_for(Rule(
    "GW143", "off-host-proxy-impossible", Severity.ERROR, "offhost_backup_proxy.html",
    why="An off-host proxy is a Windows Server, of 2016 or later, that is no node of the cluster that it "
    "protects.",
    fix="Let another Windows server be the off-host proxy.",
))  # fmt: skip
def off_host_proxy_impossible(view: View) -> Iterator[Hit]:
    """Also system_requirements_hv_proxy.html."""
    inventory = view.inventory
    proxies = [name for name, proxy in inventory.proxies.items() if proxy.type == "hyperv_off_host"]
    off_host = {name: view.network.role_server("proxy", name) for name in proxies}
    for name, server in off_host.items():
        if inventory.servers[server].os == "linux":
            message = f"{name} is an off-host proxy on {server}, which runs Linux"
            yield Hit(
                "proxy", name, message,
                on_key("proxies", name), on_value("servers", server, "os", label="runs Linux"),
                fix="let a Windows server be the off-host proxy",
            )  # fmt: skip
        elif _CLIENT_OR_OLD.search((inventory.servers[server].os_version or "").lower()):
            message = f"{name} is an off-host proxy on {server}, which runs {inventory.servers[server].os_version}"
            yield Hit(
                "proxy", name, message,
                on_key("proxies", name), on_value("servers", server, "os_version", label="its version"),
                fix="let a Windows Server of 2016 or later be the off-host proxy",
            )  # fmt: skip
    if not off_host or not any(job.mode == "off_host" for _, job in view.jobs("backup")):
        return
    nodes = {host: name for name, entry in inventory.workloads.items() for host in inventory.hosts(entry.host)}
    for name, server in off_host.items():
        if server in nodes:
            message = f"{name} is an off-host proxy on {server}, a node that runs {nodes[server]} itself"
            yield Hit(
                "proxy", name, message,
                on_key("proxies", name), on_key("workloads", nodes[server], "host", label="its host"),
                fix="let a server outside the cluster be the off-host proxy",
            )  # fmt: skip


_CLIENT_OR_OLD = re.compile(r"\b(windows (7|8|8\.1|10|11)|200[38]|2012)\b")


@check_for(Rule(
    "GW144", "proxy-on-hardened-repository", Severity.NOTE, "best_practices_analyzer.html",
    why="The vendor advises against any further role on the server of a hardened repository.",
    fix="Move the proxy to another server.",
))  # fmt: skip
def proxy_on_hardened_repository(view: View) -> Iterator[Hit]:
    for name in view.inventory.proxies:
        server = view.network.role_server("proxy", name)
        repository = view.inventory.hardened_on.get(server)
        if repository:
            message = f"{name} is a proxy on {server}, the server of the hardened repository {repository}"
            yield Hit(
                "proxy", name, message,
                on_key("proxies", name), on_key("repositories", repository, label="its repository"),
            )  # fmt: skip


CHECKS = (
    role_on_hardened_repository,
    tape_server_on_appliance,
    transport_mode_impossible,
    off_host_proxy_impossible,
    proxy_on_hardened_repository,
)
