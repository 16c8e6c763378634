"""Checks of automatic selection: candidates of the vendor's table that could not serve when they are chosen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gwplan.checks.view import Candidacy, View, news, on_jobs, on_key, on_value, some
from gwplan.findings import Finding, Rule, Severity
from gwplan.inventory.entries import DEDUPLICATING, OBJECT_STORAGE

FC_NEEDS_LIST = Rule(
    "GW020", "fc-needs-explicit-gateway", Severity.ERROR, "gateway_server.html#requirements",
    why="An appliance over Fibre Channel needs at least one gateway server that is selected explicitly: with automatic "
    "selection every task fails.",
    fix="List servers that share a fabric with the appliance under `gateway_servers`.",
    wrong="repositories: {dd: {type: data_domain, protocol: fc, site: paris, mount_server: mnt01, max_concurrent_tasks: 8}}",
    right="repositories: {dd: {type: data_domain, protocol: fc, site: paris, gateway_servers: [gw01, gw02], mount_server: mnt01, max_concurrent_tasks: 8}}",
)  # fmt: skip
HYPERV_ON_HOST = Rule(
    "GW024", "hyperv-on-host-for-dedup", Severity.WARNING, "gateway_server.html#requirements",
    why="On-host processing makes the Hyper-V host the gateway, and revisions of the page since 2026-03 forbid that for "
    "deduplicating appliances.",
    fix="List gateway servers for the appliance, or process off-host.",
    wrong="""repositories: {dd: {type: data_domain, site: paris, mount_server: mnt01, max_concurrent_tasks: 8}}
workloads: {hvapp: {platform: hyperv, host: [hv01, hv02]}}
jobs: {hv: {type: backup, workloads: [hvapp], repository: dd}}""",
    right="""repositories: {dd: {type: data_domain, site: paris, gateway_servers: [gw01, gw02], mount_server: mnt01, max_concurrent_tasks: 8}}
workloads: {hvapp: {platform: hyperv, host: [hv01, hv02]}}
jobs: {hv: {type: backup, workloads: [hvapp], repository: dd}}""",
)  # fmt: skip
CANDIDATE_WITHOUT_ACCESS = Rule(
    "GW027", "candidate-without-access", Severity.WARNING, "gateway_server.html#requirements",
    why="Automatic selection comes to this server first or as a fallback, and it cannot serve: the role passes on, or "
    "the task fails.",
    fix="Let the server reach the repository, or list gateway servers.",
    wrong="repositories: {smb-paris: {gateway_servers: auto, accessible_from: [vbr01, prx01, mnt01]}}",
    right="repositories: {smb-paris: {gateway_servers: auto, accessible_from: [vbr01, prx01, prx02, mnt01]}}",
)  # fmt: skip
NFS_BACKUP_SERVER = Rule(
    "GW028", "nfs-backup-server-without-access", Severity.ERROR, "nfs_share.html",
    why="With automatic selection the backup server needs access to an NFS share, whoever serves in the end.",
    fix="Let the backup server in, or list gateway servers.",
    wrong="repositories: {nfs-paris: {gateway_servers: auto, accessible_from: [prx01, prx02, mnt01]}}",
    right="repositories: {nfs-paris: {gateway_servers: auto, accessible_from: [paris]}}",
)  # fmt: skip
NFS_PROXIES = Rule(
    "GW029", "nfs-proxy-without-access", Severity.ERROR, "nfs_share.html",
    why="With automatic selection every proxy of a job that writes to an NFS share needs access to it; all proxies, where "
    "the job takes any.",
    fix="Let the proxies in, or list gateway servers.",
    wrong="""repositories: {nfs-paris: {gateway_servers: auto, accessible_from: [vbr01, mnt01, prx01]}}
jobs: {nfs-daily: {type: backup, workloads: [sql01], repository: nfs-paris}}""",
    right="""repositories: {nfs-paris: {gateway_servers: auto, accessible_from: [paris]}}
jobs: {nfs-daily: {type: backup, workloads: [sql01], repository: nfs-paris}}""",
)  # fmt: skip
OBJECT_GATEWAY_DEFAULT = Rule(
    "GW042", "object-gateway-default", Severity.NOTE, "amazon_repository_account.html",
    why="Object storage that connects through a gateway and lists none goes through the backup server.",
    fix="List the servers under `gateway_servers`.",
    wrong="repositories: {s3: {type: object_storage, site: paris, connection: gateway, mount_server: mnt01, max_concurrent_tasks: 8}}",
    right="repositories: {s3: {type: object_storage, site: paris, connection: gateway, gateway_servers: [gw01, gw02], mount_server: mnt01, max_concurrent_tasks: 8}}",
)  # fmt: skip
BACKUP_SERVER_UNFIT = Rule(
    "GW055", "fallback-cannot-serve", Severity.WARNING, "gateway_server.html#auto",
    why="The table ends with the backup server, and here it cannot serve: the chain is one shorter than it looks.",
    fix="Let the backup server reach the repository, or list gateway servers.",
    wrong="repositories: {smb-paris: {gateway_servers: auto, accessible_from: [prx01, prx02, mnt01]}}",
    right="repositories: {smb-paris: {gateway_servers: auto, accessible_from: [paris]}}",
)  # fmt: skip
OFF_HOST_FAILOVER = Rule(
    "GW061", "off-host-failover-moves-gateway", Severity.WARNING, "backup_job_storage_hv.html",
    why="When off-host processing fails over, the Hyper-V host becomes the automatic gateway, and here it should not: it "
    "has no access, or the repository is a deduplicating appliance.",
    fix="List gateway servers for the repository, or let the host reach it.",
    wrong="""servers: {off01: {os: windows, site: paris}, off02: {os: windows, site: paris}}
proxies: {off01: {type: hyperv_off_host}, off02: {type: hyperv_off_host}}
repositories: {dd: {type: data_domain, site: paris, mount_server: mnt01, max_concurrent_tasks: 8}}
workloads: {hvapp: {platform: hyperv, host: [hv01, hv02]}}
jobs: {hv: {type: backup, workloads: [hvapp], repository: dd, mode: off_host}}""",
    right="""servers: {off01: {os: windows, site: paris}, off02: {os: windows, site: paris}}
proxies: {off01: {type: hyperv_off_host}, off02: {type: hyperv_off_host}}
repositories: {dd: {type: data_domain, site: paris, mount_server: mnt01, max_concurrent_tasks: 8}}
workloads: {hvapp: {platform: hyperv, host: [hv01, hv02]}}
jobs: {hv: {type: backup, workloads: [hvapp], repository: dd, mode: off_host, off_host_failover: false}}""",
)  # fmt: skip


def fc_needs_list(view: View) -> Iterator[Finding]:
    """Fibre Channel on automatic selection."""
    for name, entry in view.inventory.repositories.items():
        if entry.is_over_fc and entry.gateway_servers is None:
            zoned = [f for f, members in view.inventory.fabrics.items() if ("repository", name) in members]
            at = f"of fabric {some(zoned)} " if zoned else ""
            yield news(
                FC_NEEDS_LIST, "repository", name,
                f"{name} is reached over Fibre Channel but its gateway is chosen automatically",
                f"list at least one server {at}under `gateway_servers`",
                on_value("repositories", name, "protocol"),
            )  # fmt: skip


def hyperv_on_host(view: View) -> Iterator[Finding]:
    """On-host processing makes the Hyper-V host the gateway of a deduplicating appliance."""
    for name, hosts in _hosts(view).items():
        if view.inventory.repositories[name].type in DEDUPLICATING:
            servers, jobs = hosts
            yield news(
                HYPERV_ON_HOST, "repository", name,
                f"{name} is reached through the Hyper-V host {some(servers)} by {some(jobs)}, which later revisions of the "
                "vendor's page forbid for deduplicating appliances",
                f"list gateway servers for {name}, or process off-host",
                on_key("repositories", name),
                *on_jobs(jobs),
            )  # fmt: skip


def _hosts(view: View) -> dict[str, tuple[list[str], list[str]]]:
    """Repositories whose gateway is a Hyper-V host by on-host processing: the hosts, the jobs."""
    found: dict[str, tuple[list[str], list[str]]] = {}
    for ruling in view.plan.rulings:
        if ruling.tier == "hyperv-host" and ruling.type == "backup" and ruling.tiers[0].name == "hyperv-host":
            servers, jobs = found.setdefault(ruling.repository, ([], []))
            servers.append(ruling.eligible[0])
            if ruling.job not in jobs:
                jobs.append(ruling.job)
    return found


_OWN_RULE = {"online", "os", "nfs-squash", "nfs-security"}
"""Refusals that another rule speaks of, or that pass: a server that is down is no flaw of the inventory."""


def candidate_without_access(view: View) -> Iterator[Finding]:
    """One finding per repository and cause; the backup server as the last fallback is GW055."""
    causes: dict[tuple[str, str], dict[str, Candidacy]] = {}
    for (repository, server), one in view.automatic.items():
        for check in one.refusals:
            if check not in _OWN_RULE and list(one.tiers) != ["backup-server"]:
                causes.setdefault((repository, check), {})[server] = one
    for (repository, check), servers in causes.items():
        why = next(iter(servers.values())).refusals[check].why
        jobs = dict.fromkeys(job for one in servers.values() for job in one.jobs if job in view.inventory.jobs)
        each = "it" if len(servers) == 1 else "each"
        yield news(
            CANDIDATE_WITHOUT_ACCESS, "repository", repository,
            f"{repository} may come to {some(servers)} on automatic selection, which may not serve: {each} {why}",
            f"let {some(servers)} reach {repository}, or list gateway servers for it",
            on_key("repositories", repository),
            *(on_key("servers", server, label="the candidate") for server in servers),
            *on_jobs(jobs),
        )  # fmt: skip


def nfs_backup_server(view: View) -> Iterator[Finding]:
    """Access of the backup server to an NFS share on automatic selection."""
    server = view.inventory.backup_server
    for name in _nfs_automatic(view):
        if not _is_let_in(view, server, name):
            yield news(
                NFS_BACKUP_SERVER, "repository", name,
                f"{name} is on automatic selection, and the backup server {server} is not in its `accessible_from`",
                f"add {server} to it, or list gateway servers",
                on_key("repositories", name, "accessible_from"),
            )  # fmt: skip


def nfs_proxies(view: View) -> Iterator[Finding]:
    """Access of every proxy of the jobs that write to an NFS share on automatic selection."""
    found: dict[str, tuple[dict[str, None], list[str]]] = {name: ({}, []) for name in _nfs_automatic(view)}
    enabled: dict[str | None, list[str]] = {}
    for proxy, entry in view.inventory.proxies.items():
        if entry.enabled:
            enabled.setdefault(entry.type, []).append(proxy)
    for job_name, job in view.jobs("backup", "file_backup"):
        for name in found.keys() & view.targets(job):
            kind = "general_purpose" if job.type == "file_backup" else _proxy_kind(view, job_name, job)
            listed = job.proxies or enabled.get(kind, [])
            out = [p for p in listed if not _is_let_in(view, view.network.role_server("proxy", p), name)]
            if out:
                bad, told = found[name]
                bad.update(dict.fromkeys(out))
                told.append(job_name)
    for name, (bad, told) in found.items():
        if bad:
            yield news(
                NFS_PROXIES, "repository", name,
                f"{name} is on automatic selection, and its `accessible_from` leaves out {some(bad)}, by which {some(told)} may "
                "read",
                "add their servers to it, or list gateway servers",
                on_key("repositories", name, "accessible_from"),
                *(on_key("proxies", proxy, label="the proxy") for proxy in bad),
                *on_jobs(told),
            )  # fmt: skip


def _proxy_kind(view: View, name: str, job: Any) -> str | None:
    """The type of proxy that a backup job of virtual machines reads through; on-host there is none."""
    first = next(iter(view.inventory.holdings.workloads[name]), None)
    if first is None or view.inventory.machines[first].platform != "hyperv":
        return "vmware"
    return "hyperv_off_host" if job.mode == "off_host" else None


def _nfs_automatic(view: View) -> Iterator[str]:
    allowed = view.inventory.allowed
    return (
        name for name, entry in view.inventory.repositories.items()
        if entry.type == "nfs" and name in allowed and not view.listed(name)
    )  # fmt: skip


def _is_let_in(view: View, server: str, repository: str) -> bool:
    allowed = view.inventory.allowed[repository]
    return ("server", server) in allowed or ("site", view.inventory.servers[server].site) in allowed


def object_gateway_default(view: View) -> Iterator[Finding]:
    """Object storage through a gateway that names none goes through the backup server."""
    for name, repository in view.inventory.repositories.items():
        through_gateway = repository.type == OBJECT_STORAGE and repository.connection == "gateway"
        if through_gateway and not repository.gateway_servers:
            yield news(
                OBJECT_GATEWAY_DEFAULT, "repository", name,
                f"{name} connects through a gateway server and lists none: the backup server "
                f"{view.inventory.backup_server} is taken",
                "list the servers under `gateway_servers`",
                on_key("repositories", name),
            )  # fmt: skip


def fallback_cannot_serve(view: View) -> Iterator[Finding]:
    """The backup server, where the table ends with it."""
    for (repository, server), one in view.automatic.items():
        refusals = [verdict for check, verdict in one.refusals.items() if check != "online"]
        if "backup-server" in one.tiers and refusals:
            yield news(
                BACKUP_SERVER_UNFIT, "repository", repository,
                f"{repository} falls back to the backup server {server}, which may not serve it: it {refusals[0].why}",
                f"let {server} reach {repository}, or list gateway servers for it",
                on_key("repositories", repository),
                on_key("servers", server, label="the backup server"),
            )  # fmt: skip


def off_host_failover(view: View) -> Iterator[Finding]:
    """Off-host fails over to the host, which becomes the automatic gateway. backup_job_storage_hv.html"""
    found: dict[str, tuple[dict[str, str], dict[str, None]]] = {}
    for ruling in view.plan.rulings:
        if ruling.row.id not in ("backup-hyperv", "backup-object-direct") or len(ruling.tiers) < 2:
            continue
        dedup = view.inventory.repositories[ruling.repository].type in DEDUPLICATING
        for candidate in ruling.tiers[-1].candidates if ruling.tiers[-1].name == "hyperv-host" else ():
            refusal = next((v for v in candidate.verdicts if not v.ok and v.check != "online"), None)
            if dedup or refusal:
                hosts, jobs = found.setdefault(ruling.repository, ({}, {}))
                hosts[candidate.server] = refusal.why if refusal else "later revisions of the vendor's page forbid that"
                jobs[ruling.job] = None
    for repository, (hosts, jobs) in found.items():
        yield news(
            OFF_HOST_FAILOVER, "repository", repository,
            f"{repository} would get the Hyper-V host {some(hosts)} as its gateway when {some(jobs)} fails over to on-host "
            f"processing: {next(iter(hosts.values()))}",
            f"list gateway servers for {repository}, or say `off_host_failover: false`",
            on_key("repositories", repository),
            *on_jobs(jobs),
        )  # fmt: skip


CHECKS = (
    (FC_NEEDS_LIST, fc_needs_list),
    (HYPERV_ON_HOST, hyperv_on_host),
    (CANDIDATE_WITHOUT_ACCESS, candidate_without_access),
    (NFS_BACKUP_SERVER, nfs_backup_server),
    (NFS_PROXIES, nfs_proxies),
    (OBJECT_GATEWAY_DEFAULT, object_gateway_default),
    (BACKUP_SERVER_UNFIT, fallback_cannot_serve),
    (OFF_HOST_FAILOVER, off_host_failover),
)
