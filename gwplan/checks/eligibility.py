"""Checks of the servers that somebody named: gateways, mount servers, proxies and tape servers that cannot do it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gwplan.checks.view import View, news, on_key, on_listed, on_value, some
from gwplan.findings import Finding, Rule, Severity, Spot
from gwplan.inventory.entries import DEDUPLICATING

NOT_MANAGED = Rule(
    "GW003", "gateway-not-managed", Severity.ERROR, "gateway_server.html#requirements",
    why="A gateway server is a managed server: one that was added to the backup infrastructure. Another never serves.",
    fix="Add it with the New Windows Server or New Linux Server wizard, or take it off the list.",
    wrong="servers: {gw02: {managed: false}}",
    right="servers: {gw02: {managed: true}}",
)  # fmt: skip
NO_FABRIC = Rule(
    "GW021", "gateway-without-fabric", Severity.ERROR, "dell_dd.html",
    why="A selected gateway server talks to the appliance over Fibre Channel. Without a shared fabric it cannot: an "
    "error where no listed server can, a warning where some cannot.",
    fix="Zone the server with the appliance, or take it off the list.",
    wrong="""fabrics: {fab-a: [gw03, dd]}
repositories: {dd: {type: data_domain, protocol: fc, site: paris, gateway_servers: [gw01, gw02], mount_server: mnt01, max_concurrent_tasks: 8}}""",
    right="""fabrics: {fab-a: [gw01, gw02, dd]}
repositories: {dd: {type: data_domain, protocol: fc, site: paris, gateway_servers: [gw01, gw02], mount_server: mnt01, max_concurrent_tasks: 8}}""",
)  # fmt: skip
HYPERV_HOST_LISTED = Rule(
    "GW023", "hyperv-host-for-dedup", Severity.WARNING, "gateway_server.html#requirements",
    why="Revisions of the vendor's page since 2026-03 forbid a Hyper-V host as the gateway of a deduplicating appliance.",
    fix="List a Windows or Linux server instead.",
    wrong="repositories: {dd: {type: data_domain, site: paris, gateway_servers: [gw01, hv01], mount_server: mnt01, max_concurrent_tasks: 8}}",
    right="repositories: {dd: {type: data_domain, site: paris, gateway_servers: [gw01, gw02], mount_server: mnt01, max_concurrent_tasks: 8}}",
)  # fmt: skip
EDITION_12 = Rule(
    "GW025", "linux-gateway-in-edition-12", Severity.WARNING, "gateway_server.html?ver=120",
    why="Version 12 takes Windows only as the gateway of SMB, Data Domain and StoreOnce.",
    fix="Let Windows servers serve it, or plan for version 13.",
    wrong="""product_version: "12"
servers: {gw02: {os: linux}}""",
    right="""product_version: "12"
servers: {gw02: {os: windows}}""",
)  # fmt: skip
NO_ACCESS = Rule(
    "GW026", "gateway-without-access", Severity.ERROR, "gateway_server.html#requirements",
    why="A gateway server must have access to the share or the appliance; one that has none is listed in vain.",
    fix="Give it access, or take it off the list.",
    wrong="repositories: {smb-paris: {accessible_from: [gw01]}}",
    right="repositories: {smb-paris: {accessible_from: [gw01, gw02]}}",
)  # fmt: skip
NFS_SECURITY = Rule(
    "GW030", "nfs-security-needs-linux", Severity.ERROR, "nfs_share.html",
    why="An export with krb5i or krb5p is mounted by Linux gateways only: an error where a Windows server is listed, a "
    "warning where automatic selection may come to one.",
    fix="List Linux servers.",
    wrong="repositories: {nfs-paris: {nfs: {security: krb5p}}}",
    right="""servers: {gw01: {os: linux}, gw02: {os: linux}}
repositories: {nfs-paris: {nfs: {security: krb5p}}}""",
)  # fmt: skip
NFS_VERSION = Rule(
    "GW031", "nfs-version-on-windows", Severity.ERROR, "nfs_share.html",
    why="Through a Windows gateway NFS 3.0 and 4.1 work, other versions do not.",
    fix="List Linux servers, or export with NFS 3.0 or 4.1.",
    wrong='repositories: {nfs-paris: {nfs: {version: "4.2"}}}',
    right='repositories: {nfs-paris: {nfs: {version: "4.1"}}}',
)  # fmt: skip
NFS_SQUASH = Rule(
    "GW033", "appliance-needs-all-squash", Severity.ERROR, "gateway_server.html#requirements",
    why="A Veeam Software Appliance works with an NFS share only where the export says all_squash: an error where it "
    "is listed, a warning where automatic selection may come to it.",
    fix="Export with all_squash, or let other servers serve.",
    wrong="""servers: {gw01: {os: linux, appliance: software}}
repositories: {nfs-paris: {nfs: {squash: root_squash}}}""",
    right="""servers: {gw01: {os: linux, appliance: software}}
repositories: {nfs-paris: {nfs: {squash: all_squash}}}""",
)  # fmt: skip
HARDENED_ROLE = Rule(
    "GW038", "role-on-hardened-repository", Severity.ERROR, "switching_from_linux_repository.html",
    why="The server of a hardened repository keeps that one role: it is no gateway, no mount server and no tape server.",
    fix="Give the role to another server.",
    wrong="""servers: {hard01: {os: linux, site: paris}}
repositories:
  hard: {type: hardened, server: hard01, max_concurrent_tasks: 8}
  smb-paris: {gateway_servers: [gw01, gw02, hard01]}""",
    right="""servers: {hard01: {os: linux, site: paris}}
repositories: {hard: {type: hardened, server: hard01, max_concurrent_tasks: 8}}""",
)  # fmt: skip
TAPE_SERVER = Rule(
    "GW063", "tape-server-on-appliance", Severity.ERROR, "tape_servers.html",
    why="A tape server needs a machine that gives it root: neither a Software or Infrastructure Appliance nor the server "
    "of a hardened repository.",
    fix="Let another server be the tape server.",
    wrong="""servers: {tape01: {os: linux, site: paris, appliance: infrastructure}}
tape_servers: {tape01: {}}""",
    right="""servers: {tape01: {os: linux, site: paris}}
tape_servers: {tape01: {}}""",
)  # fmt: skip
TRANSPORT_MODE = Rule(
    "GW140", "transport-mode-impossible", Severity.ERROR, "transport_modes.html",
    why="A proxy on a Software Appliance or on the server of a hardened repository reads over the network only.",
    fix="Say `transport_mode: network`, or move the proxy.",
    wrong="""servers: {prx01: {os: linux, appliance: software}}
proxies: {prx01: {transport_mode: direct_storage}}""",
    right="proxies: {prx01: {transport_mode: direct_storage}}",
)  # fmt: skip
OFF_HOST_PROXY = Rule(
    "GW143", "off-host-proxy-impossible", Severity.ERROR, "offhost_backup_proxy.html",
    why="An off-host proxy is a Windows Server that is no node of the cluster that it protects.",
    fix="Let another Windows server be the off-host proxy.",
    wrong="""servers: {off01: {os: linux, site: paris}}
proxies: {off01: {type: hyperv_off_host}}""",
    right="""servers: {off01: {os: windows, site: paris}}
proxies: {off01: {type: hyperv_off_host}}""",
)  # fmt: skip
HARDENED_PROXY = Rule(
    "GW144", "proxy-on-hardened-repository", Severity.NOTE, "best_practices_analyzer.html",
    why="The vendor advises against any further role on the server of a hardened repository.",
    fix="Move the proxy to another server.",
    wrong="""servers: {hard01: {os: linux, site: paris}}
repositories: {hard: {type: hardened, server: hard01, max_concurrent_tasks: 8}}
proxies: {hard01: {type: vmware, transport_mode: network}}""",
    right="""servers: {hard01: {os: linux, site: paris}}
repositories: {hard: {type: hardened, server: hard01, max_concurrent_tasks: 8}}""",
)  # fmt: skip


def gateway_not_managed(view: View) -> Iterator[Finding]:
    """A listed gateway that is no managed server."""
    for name in view.behind_gateway():
        bad = [server for server in view.listed(name) if not view.inventory.servers[server].managed]
        if bad:
            yield news(
                NOT_MANAGED, "repository", name,
                f"{name} lists {some(bad)}, not added to the backup infrastructure: it never serves",
                "add it as a managed server, or take it off the list",
                *on_listed(view, name, bad),
                *(on_key("servers", server, label="not managed") for server in bad),
            )  # fmt: skip


def gateway_without_fabric(view: View) -> Iterator[Finding]:
    """Over Fibre Channel a listed server shares a fabric with the appliance. gateway_server.html#requirements"""
    for name in view.behind_gateway():
        entry = view.inventory.repositories[name]
        if not entry.is_over_fc:
            continue
        listed = view.listed(name)
        bad = [server for server in listed if view.network.shares_fabric(server, name) is False]
        if bad:
            every = len(bad) == len(listed)
            yield news(
                NO_FABRIC, "repository", name,
                f"{name} is reached over Fibre Channel and {some(bad)} of its gateway servers "
                f"{'shares' if len(bad) == 1 else 'share'} no fabric with it{': nothing can serve it' if every else ''}",
                "zone them together under `fabrics`, or take them off the list",
                *on_listed(view, name, bad),
                weight=None if every else Severity.WARNING,
            )  # fmt: skip


def hyperv_host_listed(view: View) -> Iterator[Finding]:
    """The page's revision of 2026-03 forbids Hyper-V hosts for deduplicating appliances."""
    for name in view.behind_gateway():
        if view.inventory.repositories[name].type not in DEDUPLICATING:
            continue
        bad = [server for server in view.listed(name) if view.inventory.servers[server].os == "hyperv"]
        if bad:
            yield news(
                HYPERV_HOST_LISTED, "repository", name,
                f"{name} lists {some(bad)}, a Hyper-V host, which later revisions of the vendor's page forbid for "
                "deduplicating appliances",
                "list a Windows or Linux server instead",
                *on_listed(view, name, bad),
                *(on_key("servers", server, label="the Hyper-V host") for server in bad),
            )  # fmt: skip


def linux_gateway_in_edition_12(view: View) -> Iterator[Finding]:
    """Listed or a candidate of automatic selection."""
    inventory = view.inventory
    if inventory.edition > 12:
        return
    for name in view.behind_gateway():
        kind = inventory.repositories[name].type
        if kind not in DEDUPLICATING and kind != "smb":
            continue
        listed = [server for server in view.listed(name) if inventory.servers[server].os == "linux"]
        chosen = [
            server for (repository, server), one in view.automatic.items() if repository == name and "os" in one.refusals
        ]
        if bad := listed or chosen:
            yield news(
                EDITION_12, "repository", name,
                f"{name} would use {some(bad)} on Linux, and version {inventory.product_version} takes Windows only for "
                f"{kind}",
                "let Windows servers serve it, or plan for version 13",
                *(on_listed(view, name, listed) or [on_key("repositories", name)]),
                *(on_value("servers", server, "os", label="runs Linux") for server in bad),
            )  # fmt: skip


def gateway_without_access(view: View) -> Iterator[Finding]:
    """Let in by the storage, and a route to it; one finding per cause."""
    for name in view.behind_gateway():
        listed = view.listed(name)
        entry = view.inventory.repositories[name]
        allowed = view.inventory.allowed.get(name)
        if allowed is not None:
            out = [
                server for server in listed
                if ("server", server) not in allowed and ("site", view.inventory.servers[server].site) not in allowed
            ]  # fmt: skip
            if out:
                yield news(
                    NO_ACCESS, "repository", name,
                    f"{name} lists {some(out)} as gateway, not in its `accessible_from`",
                    f"add {some(out)} or its site to `accessible_from`, or take it off the list",
                    *on_listed(view, name, out),
                    on_key("repositories", name, "accessible_from", label="lets in only these"),
                )  # fmt: skip
        site = view.inventory.site_of_repository(name)
        if entry.is_over_fc or site is None:
            continue
        cut = [s for s in listed if view.network.hops(view.inventory.site_of_server(s), site) is None]
        if cut:
            yield news(
                NO_ACCESS, "repository", name,
                f"{name} stands in {site}, and {some(cut)} of its gateway servers has no route there",
                "add the link under `links`, or take the server off the list",
                *on_listed(view, name, cut),
                *(on_value("servers", server, "site", label="stands here") for server in cut),
            )  # fmt: skip


def nfs_security(view: View) -> Iterator[Finding]:
    """krb5i and krb5p need Linux."""
    for name in _nfs(view):
        nfs = view.inventory.repositories[name].nfs
        if nfs and nfs.security in ("krb5i", "krb5p"):
            listed = [server for server in view.listed(name) if view.inventory.servers[server].os != "linux"]
            chosen = _refused(view, name, "nfs-security")
            yield from _unfit(view, NFS_SECURITY, name, listed, chosen, f"exports with {nfs.security}, which needs Linux",
                              "runs", "list Linux servers", "security")  # fmt: skip


def nfs_version(view: View) -> Iterator[Finding]:
    """3.0 and 4.1 only, through Windows."""
    for name in _nfs(view):
        nfs = view.inventory.repositories[name].nfs
        if nfs and nfs.version and nfs.version.strip().lower().removeprefix("v") not in ("3", "3.0", "4.1"):
            windows = {server for server, entry in view.inventory.servers.items() if entry.os != "linux"}
            listed = [server for server in view.listed(name) if server in windows]
            chosen = [s for (repository, s) in view.automatic if repository == name and s in windows]
            yield from _unfit(view, NFS_VERSION, name, listed, chosen, f"is NFS {nfs.version}; through Windows only 3.0 "
                              "and 4.1 work", "runs", "list Linux servers, or export with 3.0 or 4.1", "version")  # fmt: skip


def nfs_squash(view: View) -> Iterator[Finding]:
    """A Software Appliance needs all_squash."""
    for name in _nfs(view):
        nfs = view.inventory.repositories[name].nfs
        if nfs and nfs.squash not in (None, "all_squash"):
            listed = [s for s in view.listed(name) if view.inventory.servers[s].appliance == "software"]
            chosen = _refused(view, name, "nfs-squash")
            yield from _unfit(view, NFS_SQUASH, name, listed, chosen, f"exports with {nfs.squash}, and a Software "
                              "Appliance needs all_squash", "is", "export with all_squash, or let other servers serve",
                              "squash")  # fmt: skip


def _nfs(view: View) -> Iterator[str]:
    return (name for name, entry in view.inventory.repositories.items() if entry.type == "nfs")


def _refused(view: View, repository: str, check: str) -> list[str]:
    return [server for (name, server), one in view.automatic.items() if name == repository and check in one.refusals]


def _unfit(
    view: View, rule: Rule, name: str, listed: list[str], chosen: list[str], what: str, verb: str, fix: str, key: str
) -> Iterator[Finding]:
    """Of an NFS share: an error for listed servers, a warning for those that automatic selection may come to."""
    cause = on_value("repositories", name, "nfs", key, label="the export")
    if bad := listed or chosen:
        how = "lists" if listed else "may come to"
        servers = view.inventory.servers
        why = {s: "a Software Appliance" if verb == "is" else {"hyperv": "Hyper-V"}.get(servers[s].os, "Windows") for s in bad}
        yield news(
            rule, "repository", name, f"{name} {what}, and it {how} {some(bad)}", fix,
            *(on_listed(view, name, listed) or [cause]),
            *([cause] if listed else []),
            *(on_key("servers", server, label=f"{verb} {why[server]}") for server in bad),
            weight=None if listed else Severity.WARNING,
        )  # fmt: skip


def role_on_hardened_repository(view: View) -> Iterator[Finding]:
    """Listed as gateway, named as mount server or tape server."""
    hardened = view.inventory.hardened_on
    roles: dict[str, list[Spot]] = {server: [] for server in hardened}
    for server, spot in _roles(view):
        if server in roles:
            roles[server].append(spot)
    for server, spots in roles.items():
        if spots:
            yield news(
                HARDENED_ROLE, "server", server,
                f"{server} hosts the hardened repository {hardened[server]} and is given another role",
                "give the role to another server",
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


def tape_server_on_appliance(view: View) -> Iterator[Finding]:
    """Neither an appliance nor a hardened repository's server."""
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
        yield news(TAPE_SERVER, "tape_server", name, message, "let another server be the tape server",
                   on_key("tape_servers", name), cause)  # fmt: skip


def transport_mode_impossible(view: View) -> Iterator[Finding]:
    """The network only, from an appliance or a hardened repository's server."""
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
        yield news(TRANSPORT_MODE, "proxy", name, message, "say `transport_mode: network`, or move the proxy",
                   on_value("proxies", name, "transport_mode"), on_key("servers", server, label="its server"))  # fmt: skip


def off_host_proxy_impossible(view: View) -> Iterator[Finding]:
    """Windows, and no node of the protected cluster. offhost_backup_proxy.html, system_requirements_hv_proxy.html"""
    inventory = view.inventory
    proxies = [name for name, proxy in inventory.proxies.items() if proxy.type == "hyperv_off_host"]
    off_host = {name: view.network.role_server("proxy", name) for name in proxies}
    for name, server in off_host.items():
        if inventory.servers[server].os == "linux":
            message = f"{name} is an off-host proxy on {server}, which runs Linux"
            yield news(OFF_HOST_PROXY, "proxy", name, message, "let a Windows server be the off-host proxy",
                       on_key("proxies", name), on_value("servers", server, "os", label="runs Linux"))  # fmt: skip
    nodes = {host: name for name, entry in inventory.workloads.items() for host in entry.host}
    for name, server in off_host.items():
        if server in nodes and any(job.mode == "off_host" for _, job in view.jobs("backup")):
            message = f"{name} is an off-host proxy on {server}, a node that runs {nodes[server]} itself"
            yield news(OFF_HOST_PROXY, "proxy", name, message, "let a server outside the cluster be the off-host proxy",
                       on_key("proxies", name), on_key("workloads", nodes[server], "host", label="its host"))  # fmt: skip


def proxy_on_hardened_repository(view: View) -> Iterator[Finding]:
    """Advice against it."""
    for name in view.inventory.proxies:
        server = view.network.role_server("proxy", name)
        repository = view.inventory.hardened_on.get(server)
        if repository:
            message = f"{name} is a proxy on {server}, the server of the hardened repository {repository}"
            yield news(HARDENED_PROXY, "proxy", name, message, "move the proxy to another server",
                       on_key("proxies", name), on_key("repositories", repository, label="its repository"))  # fmt: skip


CHECKS = (
    (NOT_MANAGED, gateway_not_managed),
    (NO_FABRIC, gateway_without_fabric),
    (HYPERV_HOST_LISTED, hyperv_host_listed),
    (EDITION_12, linux_gateway_in_edition_12),
    (NO_ACCESS, gateway_without_access),
    (NFS_SECURITY, nfs_security),
    (NFS_VERSION, nfs_version),
    (NFS_SQUASH, nfs_squash),
    (HARDENED_ROLE, role_on_hardened_repository),
    (TAPE_SERVER, tape_server_on_appliance),
    (TRANSPORT_MODE, transport_mode_impossible),
    (OFF_HOST_PROXY, off_host_proxy_impossible),
    (HARDENED_PROXY, proxy_on_hardened_repository),
)
