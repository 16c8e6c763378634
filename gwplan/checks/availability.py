"""Checks of what happens when something fails: single servers, common causes, chains that end too early."""

from __future__ import annotations

from collections.abc import Iterator

from gwplan.checks.shape import Hit, check_for, on_jobs, on_key, on_listed, on_value, some
from gwplan.checks.view import View
from gwplan.findings import Rule, Severity
from gwplan.inventory.entries import BEHIND_GATEWAY


@check_for(Rule(
    "GW050", "single-gateway", Severity.WARNING, "gateway_server.html#selection",
    why="With one selected gateway server there is no fallback: while it is not accessible every job on the repository "
    "fails.",
    fix="List a second server.",
))  # fmt: skip
def single_gateway(view: View) -> Iterator[Hit]:
    for name in view.behind_gateway():
        listed = view.listed(name)
        if len(listed) == 1:
            yield Hit(
                "repository", name,
                f"{name} has one gateway server, {listed[0]}, and no fallback: without it every job on {name} fails",
                *on_listed(view, name, listed),
            )  # fmt: skip


@check_for(Rule(
    "GW051", "gateways-fall-together", Severity.WARNING, "gateway_server.html#selection",
    why="All selected gateway servers stand in one failure domain, or in one site that is not the repository's own: "
    "what takes one takes all. An error where none of them is online.",
    fix="List a server that stands elsewhere.",
))  # fmt: skip
def gateways_fall_together(view: View) -> Iterator[Hit]:
    inventory = view.inventory
    for name in view.behind_gateway():
        listed = view.listed(name)
        if len(listed) < 2:
            continue
        spots = on_listed(view, name, listed)
        if all(inventory.servers[server].status != "online" for server in listed):
            yield Hit(
                "repository", name,
                f"{name} lists {some(listed)}, and none of them is online",
                on_key("repositories", name, "gateway_servers"),
                *(on_value("servers", server, "status", label="not online") for server in listed),
                fix="bring one back, or list another server", weight=Severity.ERROR,
            )  # fmt: skip
        first, *rest = (view.domains_of.get(server, {}) for server in listed)
        shared = [domain for domain in first if all(domain in others for others in rest)]
        if shared:
            yield Hit(
                "repository", name,
                f"{name} lists {some(listed)}, which all stand in the failure domain {some(shared)}",
                *spots, *(on_key("failure_domains", domain, label="falls together") for domain in shared),
                fix="list a server outside of it",
            )  # fmt: skip
        sites = {inventory.servers[server].site for server in listed}
        only = next(iter(sites))
        foreign = inventory.site_of_repository(name) not in (None, only)
        if len(sites) == 1 and only is not None and foreign and view.has_servers_near(name):
            yield Hit(
                "repository", name,
                f"{name} stands in {inventory.site_of_repository(name)} and lists {some(listed)}, which all stand in "
                f"{only}",
                *spots, on_key("sites", only, label="the one site of them all"),
                fix=f"list a server of {inventory.site_of_repository(name)}",
            )  # fmt: skip


@check_for(Rule(
    "GW052", "single-candidate", Severity.WARNING, "gateway_server.html#auto",
    why="Automatic selection names one server for this operation and nothing after it: without it the operation fails.",
    fix="List gateway servers, name a Windows and a Linux mount server, or add a proxy.",
))  # fmt: skip
def single_candidate(view: View) -> Iterator[Hit]:
    found: dict[tuple[str, str], dict[str, str]] = {}
    for ruling in view.plan.rulings:
        if ruling.selection != "automatic" or ruling.operation == "synthetic" or ruling.outcome != "assigned":
            continue
        names = {candidate.server for tier in ruling.tiers for candidate in tier.candidates}
        # A host, a source or an accelerator is lost together with the data that it moves.
        is_own = ruling.tier in ("hyperv-host", "source-repository", "source-gateway", "wan-accelerator", "tape-server")
        if len(names) == 1 and not is_own and ruling.row.id != "object-gateway-default":
            one = found.setdefault((ruling.repository, next(iter(names))), {})
            implied = ruling.job not in view.inventory.jobs
            one.setdefault(ruling.job.partition(":")[0].replace("_", " ") if implied else ruling.job, ruling.job)
    for (repository, server), jobs in found.items():
        if server == view.inventory.backup_server and view.inventory.mount_servers(repository) in ((), (server,)):
            continue  # GW053 and GW054 say that the chain has collapsed
        yield Hit(
            "repository", repository,
            f"{repository} has {server} alone for {some(jobs)} on automatic selection",
            on_key("repositories", repository), on_key("servers", server, label="the only candidate"),
            *on_jobs(job for job in jobs.values() if job in view.inventory.jobs),
            fix=f"list gateway servers for {repository}, or name a second candidate",
        )  # fmt: skip


@check_for(Rule(
    "GW053", "mount-server-is-backup-server", Severity.WARNING, "gateway_server.html#auto",
    why="The table fails over from the mount server to the backup server; where they are one machine there is no "
    "fallback.",
    fix="Let another server be the mount server, or list gateway servers.",
))  # fmt: skip
def mount_server_is_backup_server(view: View) -> Iterator[Hit]:
    backup_server = view.inventory.backup_server
    for name in view.behind_gateway():
        if view.is_automatic(name) and view.inventory.mount_servers(name) == (backup_server,):
            own = view.inventory.repositories[name].mount_server is not None
            yield Hit(
                "repository", name,
                f"{name} has the backup server {backup_server} as its mount server, so it fails over to itself",
                on_value("repositories", name, "mount_server") if own else on_key("repositories", name),
                on_value("backup_server", label="the backup server"),
            )  # fmt: skip


@check_for(Rule(
    "GW054", "no-mount-server", Severity.WARNING, "mount_server.html",
    why="The repository names no mount server and there is no default one, so the backup server acts in its place.",
    fix="Add `mount_server:` to the repository, or `default_mount_servers:`.",
))  # fmt: skip
def no_mount_server(view: View) -> Iterator[Hit]:
    for name, repository in view.inventory.repositories.items():
        if repository.type in BEHIND_GATEWAY and view.is_automatic(name) and not view.inventory.mount_servers(name):
            yield Hit(
                "repository", name,
                f"{name} names no mount server and there is no default one: {view.inventory.backup_server} acts in its "
                "place",
                on_key("repositories", name),
                fix="add `mount_server:` to it, or `default_mount_servers:`",
            )  # fmt: skip


@check_for(Rule(
    "GW056", "no-retry", Severity.WARNING, "gateway_server.html#requirements",
    why="A gateway server that is lost during the run fails the job; a new one is selected at the next start only, and "
    "without retries that is the next day.",
    fix="Allow the job a retry.",
))  # fmt: skip
def no_retry(view: View) -> Iterator[Hit]:
    through = {ruling.job for ruling in view.plan.rulings if ruling.outcome == "assigned"}
    for name, job in view.inventory.jobs.items():
        if job.retries == 0 and name in through:
            yield Hit(
                "job", name,
                f"{name} is not retried: a gateway server lost during the run fails it until its next start",
                on_value("jobs", name, "retries"),
                fix="allow it a retry",
            )  # fmt: skip


@check_for(Rule(
    "GW060", "single-off-host-proxy", Severity.WARNING, "backup_job_storage_hv.html",
    why="Without failover to on-host processing the job does not start when its only off-host proxy is unavailable.",
    fix="Add an off-host proxy, or allow the failover.",
))  # fmt: skip
def single_off_host_proxy(view: View) -> Iterator[Hit]:
    enabled = {name for name, p in view.inventory.proxies.items() if p.type == "hyperv_off_host" and p.enabled}
    for name, job in view.jobs("backup"):
        if job.mode != "off_host" or job.off_host_failover:
            continue
        usable = enabled.intersection(job.proxies) if job.proxies else enabled
        if len(usable) == 1:
            (only,) = usable
            yield Hit(
                "job", name,
                f"{name} has one off-host proxy, {only}, and may not fail over to on-host processing",
                on_value("jobs", name, "off_host_failover"), on_key("proxies", only, label="the only one"),
                fix="add an off-host proxy, or say `off_host_failover: true`",
            )  # fmt: skip


@check_for(Rule(
    "GW062", "single-proxy", Severity.WARNING, "backup_job_storage_vm.html",
    why="The vendor recommends at least two proxies where they are selected: with one, its failure stops the job.",
    fix="Select a second proxy, or say `proxies: auto`.",
))  # fmt: skip
def single_proxy(view: View) -> Iterator[Hit]:
    for name, job in view.jobs("backup", "file_backup", "restore", "replication_from_backup"):
        key = "target_proxies" if job.type == "replication_from_backup" else "proxies"
        listed = set(getattr(job, key) or ())
        if len(listed) == 1:
            message = f"{name} has one proxy, {next(iter(listed))}: its failure stops the job"
            yield Hit(
                "job", name, message,
                on_value("jobs", name, key),
                fix=f"select a second proxy, or say `{key}: auto`",
            )  # fmt: skip


@check_for(Rule(
    "GW064", "tape-server-offline", Severity.WARNING, "connecting_tape_devices.html",
    why="A tape library depends on one tape server: while that is not online, the library's jobs cannot run.",
    fix="Bring it back, or let another tape server do the job.",
))  # fmt: skip
def tape_server_offline(view: View) -> Iterator[Hit]:
    jobs: dict[str, list[str]] = {}
    for name, job in view.jobs("tape"):
        jobs.setdefault(job.tape_server, []).append(name)
    for tape, names in jobs.items():
        server = view.network.role_server("tape_server", tape)
        if (why := view.inventory.servers[server].status) != "online":
            yield Hit(
                "tape_server", tape,
                f"{tape} is {'in maintenance' if why == 'maintenance' else 'offline'}, and {some(names)} "
                f"{'depends' if len(names) == 1 else 'depend'} on it",
                on_value("servers", server, "status"),
                *(on_value("jobs", name, "tape_server", label="the job") for name in names),
                fix="bring it back, or name another tape server",
            )  # fmt: skip


CHECKS = (
    single_gateway,
    gateways_fall_together,
    single_candidate,
    mount_server_is_backup_server,
    no_mount_server,
    no_retry,
    single_off_host_proxy,
    single_proxy,
    tape_server_offline,
)
