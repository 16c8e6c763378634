"""Checks of what happens when something fails: single servers, common causes, chains that end too early."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from gwplan.checks.view import View, news, on_jobs, on_key, on_listed, on_value, plural, some
from gwplan.findings import Finding, Rule, Severity, Spot
from gwplan.inventory.entries import BEHIND_GATEWAY

SINGLE_GATEWAY = Rule(
    "GW050", "single-gateway", Severity.WARNING, "gateway_server.html#selection",
    why="With one selected gateway server there is no fallback: while it is not accessible every job on the repository "
    "fails.",
    fix="List a second server.",
    wrong="repositories: {smb-paris: {gateway_servers: [gw01]}}",
    right="repositories: {smb-paris: {gateway_servers: [gw01, gw02]}}",
)  # fmt: skip
COMMON_CAUSE = Rule(
    "GW051", "gateways-fall-together", Severity.WARNING, "gateway_server.html#selection",
    why="All selected gateway servers stand in one failure domain, or in one site that is not the repository's own: what "
    "takes one takes all. An error where none of them is online.",
    fix="List a server that stands elsewhere.",
    wrong="failure_domains: {esx-a: [gw01, gw02]}",
    right="failure_domains: {esx-a: [gw01], esx-b: [gw02]}",
)  # fmt: skip
SHORT_CHAIN = Rule(
    "GW052", "single-candidate", Severity.WARNING, "gateway_server.html#auto",
    why="Automatic selection names one server for this operation and nothing after it: without it the operation fails.",
    fix="List gateway servers, name a Windows and a Linux mount server, or add a proxy.",
    wrong="repositories: {smb-paris: {gateway_servers: auto}}",
    right="repositories: {smb-paris: {gateway_servers: [gw01, gw02]}}",
)  # fmt: skip
MOUNT_IS_BACKUP_SERVER = Rule(
    "GW053", "mount-server-is-backup-server", Severity.WARNING, "gateway_server.html#auto",
    why="The table fails over from the mount server to the backup server; where they are one machine there is no fallback.",
    fix="Let another server be the mount server, or list gateway servers.",
    wrong="repositories: {smb-paris: {gateway_servers: auto, mount_server: vbr01}}",
    right="repositories: {smb-paris: {gateway_servers: auto, mount_server: mnt01}}",
)  # fmt: skip
NO_MOUNT_SERVER = Rule(
    "GW054", "no-mount-server", Severity.WARNING, "mount_server.html",
    why="The repository names no mount server and there is no default one, so the backup server acts in its place.",
    fix="Add `mount_server:` to the repository, or `default_mount_servers:`.",
    wrong="repositories: {smb-paris: {gateway_servers: auto, mount_server: null}}",
    right="repositories: {smb-paris: {gateway_servers: auto, mount_server: mnt01}}",
)  # fmt: skip
NO_RETRY = Rule(
    "GW056", "no-retry", Severity.WARNING, "gateway_server.html#requirements",
    why="A gateway server that is lost during the run fails the job; a new one is selected at the next start only, and "
    "without retries that is the next day.",
    fix="Allow the job a retry.",
    wrong="jobs: {vm-daily: {retries: 0}}",
    right="jobs: {vm-daily: {retries: 3}}",
)  # fmt: skip
WAN_PAIR = Rule(
    "GW057", "wan-accelerator-pair", Severity.WARNING, "wan_accelerator.html",
    why="A copy over WAN accelerators needs both of them up and on two machines; it never falls back to the direct path.",
    fix="Name two accelerators on two servers that are online.",
    wrong="""wan_accelerators: {wan-paris: {server: gw01}, wan-lyon: {server: gw03}}
jobs: {copy: {type: backup_copy, source_jobs: [vm-daily], repository: smb-lyon, wan_accelerators: {source: wan-paris, target: wan-paris}}}""",
    right="""wan_accelerators: {wan-paris: {server: gw01}, wan-lyon: {server: gw03}}
jobs: {copy: {type: backup_copy, source_jobs: [vm-daily], repository: smb-lyon, wan_accelerators: {source: wan-paris, target: wan-lyon}}}""",
)  # fmt: skip
SHARED_ACCELERATOR = Rule(
    "GW059", "shared-source-accelerator", Severity.ERROR, "backup_copy_wan.html",
    why="A source WAN accelerator serves one job at a time: an error where jobs start at the same time, a warning where "
    "their schedule is not given.",
    fix="Start the jobs at different times, or give each its own source accelerator.",
    wrong="""wan_accelerators: {wan-paris: {server: gw01}, wan-lyon: {server: gw03}}
jobs:
  copy-1: {type: backup_copy, source_jobs: [vm-daily], repository: smb-lyon, wan_accelerators: {source: wan-paris, target: wan-lyon}, schedule: {start: "23:00"}}
  copy-2: {type: backup_copy, source_jobs: [vm-daily], repository: smb-lyon, wan_accelerators: {source: wan-paris, target: wan-lyon}, schedule: {start: "23:00"}}""",
    right="""wan_accelerators: {wan-paris: {server: gw01}, wan-lyon: {server: gw03}}
jobs:
  copy-1: {type: backup_copy, source_jobs: [vm-daily], repository: smb-lyon, wan_accelerators: {source: wan-paris, target: wan-lyon}, schedule: {start: "23:00"}}
  copy-2: {type: backup_copy, source_jobs: [vm-daily], repository: smb-lyon, wan_accelerators: {source: wan-paris, target: wan-lyon}, schedule: {start: "03:00"}}""",
)  # fmt: skip
OFF_HOST_ALONE = Rule(
    "GW060", "single-off-host-proxy", Severity.WARNING, "backup_job_storage_hv.html",
    why="Without failover to on-host processing the job does not start when its only off-host proxy is unavailable.",
    fix="Add an off-host proxy, or allow the failover.",
    wrong="""servers: {off01: {os: windows, site: paris}}
proxies: {off01: {type: hyperv_off_host}}
workloads: {hvapp: {platform: hyperv, host: [hv01, hv02]}}
jobs: {hv: {type: backup, workloads: [hvapp], repository: smb-paris, mode: off_host, off_host_failover: false}}""",
    right="""servers: {off01: {os: windows, site: paris}}
proxies: {off01: {type: hyperv_off_host}}
workloads: {hvapp: {platform: hyperv, host: [hv01, hv02]}}
jobs: {hv: {type: backup, workloads: [hvapp], repository: smb-paris, mode: off_host}}""",
)  # fmt: skip
SINGLE_PROXY = Rule(
    "GW062", "single-proxy", Severity.WARNING, "backup_job_storage_vm.html",
    why="The vendor recommends at least two proxies where they are selected: with one, its failure stops the job.",
    fix="Select a second proxy, or say `proxies: auto`.",
    wrong="jobs: {vm-daily: {proxies: [prx01]}}",
    right="jobs: {vm-daily: {proxies: [prx01, prx02]}}",
)  # fmt: skip
TAPE_OFFLINE = Rule(
    "GW064", "tape-server-offline", Severity.WARNING, "connecting_tape_devices.html",
    why="A tape library hangs on one tape server: while it is not online, its jobs cannot run.",
    fix="Bring it back, or let another tape server do the job.",
    wrong="""servers: {tape01: {os: windows, site: paris, status: offline}}
tape_servers: {tape01: {}}
jobs: {weekly: {type: tape, source_repository: smb-paris, tape_server: tape01}}""",
    right="""servers: {tape01: {os: windows, site: paris}}
tape_servers: {tape01: {}}
jobs: {weekly: {type: tape, source_repository: smb-paris, tape_server: tape01}}""",
)  # fmt: skip
PERFORMANCE_OFFLINE = Rule(
    "GW065", "performance-policy-extent-offline", Severity.WARNING, "backup_repository_sobr_placement.html",
    why="Under the performance policy a chain spreads over extents: while one is offline it is broken, and no full backup "
    "is made elsewhere.",
    fix="Say `full_when_extent_offline: true`, or bring the extent back.",
    wrong="""servers: {e1: {os: windows, site: paris}, e2: {os: windows, site: paris}}
repositories:
  ext-1: {type: windows, server: e1, max_concurrent_tasks: 8, status: offline}
  ext-2: {type: windows, server: e2, max_concurrent_tasks: 8}
scale_out_repositories: {sobr: {performance_tier: [ext-1, ext-2], placement_policy: performance}}""",
    right="""servers: {e1: {os: windows, site: paris}, e2: {os: windows, site: paris}}
repositories:
  ext-1: {type: windows, server: e1, max_concurrent_tasks: 8, status: offline}
  ext-2: {type: windows, server: e2, max_concurrent_tasks: 8}
scale_out_repositories: {sobr: {performance_tier: [ext-1, ext-2], placement_policy: performance, full_when_extent_offline: true}}""",
)  # fmt: skip
EXTENT_CLOSED = Rule(
    "GW066", "active-chain-on-closed-extent", Severity.WARNING, "sobr_maintenance.html",
    why="An extent in maintenance takes no data, so jobs with a chain there fail; sealed, their next run is an active full "
    "elsewhere.",
    fix="Evacuate the chains, or end the maintenance.",
    wrong="""servers: {e1: {os: windows, site: paris}, e2: {os: windows, site: paris}}
repositories:
  ext-1: {type: windows, server: e1, max_concurrent_tasks: 8, status: sealed}
  ext-2: {type: windows, server: e2, max_concurrent_tasks: 8}
scale_out_repositories: {sobr: {performance_tier: {ext-1: {holds: [sql01]}, ext-2: {}}}}""",
    right="""servers: {e1: {os: windows, site: paris}, e2: {os: windows, site: paris}}
repositories:
  ext-1: {type: windows, server: e1, max_concurrent_tasks: 8, status: sealed}
  ext-2: {type: windows, server: e2, max_concurrent_tasks: 8}
scale_out_repositories: {sobr: {performance_tier: {ext-1: {}, ext-2: {holds: [sql01]}}}}""",
)  # fmt: skip


def single_gateway(view: View) -> Iterator[Finding]:
    """Exactly one server is selected."""
    for name in view.behind_gateway():
        listed = view.listed(name)
        if len(listed) == 1:
            yield news(
                SINGLE_GATEWAY, "repository", name,
                f"{name} has one gateway server, {listed[0]}, and no fallback: without it every job on {name} fails",
                "list a second server",
                *on_listed(view, name, listed),
            )  # fmt: skip


def gateways_fall_together(view: View) -> Iterator[Finding]:
    """One failure domain, one foreign site, or none of them online."""
    inventory = view.inventory
    for name in view.behind_gateway():
        listed = view.listed(name)
        if len(listed) < 2:
            continue
        spots = on_listed(view, name, listed)
        if all(inventory.servers[server].status != "online" for server in listed):
            yield news(
                COMMON_CAUSE, "repository", name,
                f"{name} lists {some(listed)}, and none of them is online",
                "bring one back, or list another server",
                on_key("repositories", name, "gateway_servers"),
                *(on_value("servers", server, "status", label="not online") for server in listed),
                weight=Severity.ERROR,
            )  # fmt: skip
        first, *rest = (view.domains_of.get(server, {}) for server in listed)
        shared = [domain for domain in first if all(domain in others for others in rest)]
        if shared:
            yield news(
                COMMON_CAUSE, "repository", name,
                f"{name} lists {some(listed)}, which all stand in the failure domain {some(shared)}",
                "list a server outside of it",
                *spots, *(on_key("failure_domains", domain, label="falls together") for domain in shared),
            )  # fmt: skip
        sites = {inventory.servers[server].site for server in listed}
        only = next(iter(sites))
        foreign = inventory.site_of_repository(name) not in (None, only)
        if len(sites) == 1 and only is not None and foreign and view.has_servers_near(name):
            yield news(
                COMMON_CAUSE, "repository", name,
                f"{name} stands in {inventory.site_of_repository(name)} and lists {some(listed)}, which all stand in {only}",
                f"list a server of {inventory.site_of_repository(name)}",
                *spots, on_key("sites", only, label="the one site of them all"),
            )  # fmt: skip


def single_candidate(view: View) -> Iterator[Finding]:
    """Automatic selection comes to one server, and its loss alone fails the operation."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for ruling in view.plan.rulings:
        if ruling.selection != "automatic" or ruling.operation == "synthetic" or ruling.outcome != "assigned":
            continue
        names = {candidate.server for tier in ruling.tiers for candidate in tier.candidates}
        is_own = ruling.tier in ("hyperv-host", "source-repository", "source-gateway", "wan-accelerator", "tape-server")
        if len(names) == 1 and not is_own and ruling.row.id != "object-gateway-default":  # a host, a source or an accelerator is lost with the data that it moves
            one = found.setdefault((ruling.repository, next(iter(names))), {})
            implied = ruling.job not in view.inventory.jobs
            one.setdefault(ruling.job.partition(":")[0].replace("_", " ") if implied else ruling.job, ruling.job)
    for (repository, server), jobs in found.items():
        if server == view.inventory.backup_server and view.inventory.mount_servers(repository) in ((), (server,)):
            continue  # GW053 and GW054 say that the chain has collapsed
        yield news(
            SHORT_CHAIN, "repository", repository,
            f"{repository} has {server} alone for {some(jobs)} on automatic selection",
            f"list gateway servers for {repository}, or name a second candidate",
            on_key("repositories", repository),
            on_key("servers", server, label="the only candidate"),
            *on_jobs(job for job in jobs.values() if job in view.inventory.jobs),
        )  # fmt: skip


def mount_server_is_backup_server(view: View) -> Iterator[Finding]:
    """The chain mount server, backup server has one machine."""
    backup_server = view.inventory.backup_server
    for name in view.behind_gateway():
        if view.is_automatic(name) and view.inventory.mount_servers(name) == (backup_server,):
            own = view.inventory.repositories[name].mount_server is not None
            yield news(
                MOUNT_IS_BACKUP_SERVER, "repository", name,
                f"{name} has the backup server {backup_server} as its mount server, so it fails over to itself",
                "let another server be the mount server, or list gateway servers",
                on_value("repositories", name, "mount_server") if own else on_key("repositories", name),
                on_value("backup_server", label="the backup server"),
            )  # fmt: skip


def no_mount_server(view: View) -> Iterator[Finding]:
    """Without a mount server and a default one the backup server acts."""
    for name, repository in view.inventory.repositories.items():
        if repository.type in BEHIND_GATEWAY and view.is_automatic(name) and not view.inventory.mount_servers(name):
            yield news(
                NO_MOUNT_SERVER, "repository", name,
                f"{name} names no mount server and there is no default one: {view.inventory.backup_server} acts in its "
                "place",
                "add `mount_server:` to it, or `default_mount_servers:`",
                on_key("repositories", name),
            )  # fmt: skip


def no_retry(view: View) -> Iterator[Finding]:
    """``retries: 0`` on a job that works through gateways."""
    through = {ruling.job for ruling in view.plan.rulings if ruling.outcome == "assigned"}
    for name, job in view.inventory.jobs.items():
        if job.retries == 0 and name in through:
            yield news(
                NO_RETRY, "job", name,
                f"{name} is not retried: a gateway server lost during the run fails it until its next start",
                "allow it a retry",
                on_value("jobs", name, "retries"),
            )  # fmt: skip


def wan_accelerator_pair(view: View) -> Iterator[Finding]:
    """Two accelerators, two machines, both online."""
    servers = {name: view.network.role_server("wan_accelerator", name) for name in view.inventory.wan_accelerators}
    for name, job in view.jobs("backup_copy"):
        pair = job.wan_accelerators
        if pair is None:
            continue
        spots = [on_value("jobs", name, "wan_accelerators", side) for side in ("source", "target")]
        if servers[pair.source] == servers[pair.target]:
            one = pair.source if pair.source == pair.target else f"{pair.source} and {pair.target}, on one server,"
            message = f"{name} has {one} on both ends of its WAN"
            yield news(WAN_PAIR, "job", name, message, "name an accelerator near the source and one near the target", *spots)
            continue
        off = [a for a in (pair.source, pair.target) if view.network.role_down("wan_accelerator", a)]
        if off:
            yield news(
                WAN_PAIR, "job", name,
                f"{name} works over {some(off)}, not online, and never falls back to the direct path",
                "bring it back, or leave `wan_accelerators` out",
                *(spot for spot, a in zip(spots, (pair.source, pair.target), strict=True) if a in off),
                *(on_value("servers", servers[a], "status", label="not online") for a in off),
            )  # fmt: skip


def shared_source_accelerator(view: View) -> Iterator[Finding]:
    """One source accelerator, several jobs at once."""
    users: dict[str, list[tuple[str, str | None]]] = {}
    for name, job in view.jobs("backup_copy"):
        if job.wan_accelerators is not None:
            users.setdefault(job.wan_accelerators.source, []).append((name, job.schedule.start))
    for accelerator, jobs in users.items():
        starts = Counter(start for _, start in jobs)
        at_once = [name for name, start in jobs if start is not None and starts[start] > 1]
        unknown = [name for name, start in jobs if start is None]
        if len(jobs) < 2 or not (at_once or unknown):
            continue
        told = at_once or [name for name, _ in jobs]
        when = "at the same time" if at_once else "at times that are not all given"
        yield news(
            SHARED_ACCELERATOR, "wan_accelerator", accelerator,
            f"{accelerator} is the source accelerator of {some(told)}, which start {when}; it serves one job at a time",
            "start them apart, or give each its own source accelerator",
            *(on_value("jobs", name, "wan_accelerators", "source", label="used here") for name in told),
            on_key("wan_accelerators", accelerator, label="the accelerator"),
            weight=None if at_once else Severity.WARNING,
        )  # fmt: skip


def single_off_host_proxy(view: View) -> Iterator[Finding]:
    """One off-host proxy and no failover."""
    proxies = view.inventory.proxies
    for name, job in view.jobs("backup"):
        if job.mode != "off_host" or job.off_host_failover:
            continue
        listed = [p for p in (job.proxies or proxies) if proxies[p].type == "hyperv_off_host" and proxies[p].enabled]
        if len(set(listed)) == 1:
            yield news(
                OFF_HOST_ALONE, "job", name,
                f"{name} has one off-host proxy, {listed[0]}, and may not fail over to on-host processing",
                "add an off-host proxy, or say `off_host_failover: true`",
                on_value("jobs", name, "off_host_failover"),
                on_key("proxies", listed[0], label="the only one"),
            )  # fmt: skip


def single_proxy(view: View) -> Iterator[Finding]:
    """One proxy is selected."""
    for name, job in view.jobs("backup", "file_backup", "restore", "replication_from_backup"):
        key = "target_proxies" if job.type == "replication_from_backup" else "proxies"
        listed = set(getattr(job, key) or ())
        if len(listed) == 1:
            message = f"{name} has one proxy, {next(iter(listed))}: its failure stops the job"
            yield news(SINGLE_PROXY, "job", name, message, f"select a second proxy, or say `{key}: auto`",
                       on_value("jobs", name, key))  # fmt: skip


def tape_server_offline(view: View) -> Iterator[Finding]:
    """A tape server of enabled jobs that is not online."""
    jobs: dict[str, list[str]] = {}
    for name, job in view.jobs("tape"):
        jobs.setdefault(job.tape_server, []).append(name)
    for tape, names in jobs.items():
        server = view.network.role_server("tape_server", tape)
        if (why := view.inventory.servers[server].status) != "online":
            yield news(
                TAPE_OFFLINE, "tape_server", tape,
                f"{tape} is {'in maintenance' if why == 'maintenance' else 'offline'}, and {some(names)} "
                f"{'hangs' if len(names) == 1 else 'hang'} on it",
                "bring it back, or name another tape server",
                on_value("servers", server, "status"),
                *(on_value("jobs", name, "tape_server", label="the job") for name in names),
            )  # fmt: skip


def performance_policy_extent_offline(view: View) -> Iterator[Finding]:
    """Chains that spread over extents, one of them offline."""
    for name, whole in view.inventory.scale_out_repositories.items():
        if whole.placement_policy != "performance" or whole.full_when_extent_offline:
            continue
        off = [extent for extent in whole.performance_tier if view.network.repository_down(extent)]
        if off:
            yield news(
                PERFORMANCE_OFFLINE, "scale_out_repository", name,
                f"{name} places for performance and {some(off)} is not online: chains over it are broken",
                "say `full_when_extent_offline: true`, or bring the extent back",
                on_value("scale_out_repositories", name, "placement_policy"),
                *(on_key("repositories", extent, label="not online") for extent in off),
            )  # fmt: skip


def active_chain_on_closed_extent(view: View) -> Iterator[Finding]:
    """What an extent in maintenance or sealed still holds."""
    for name, whole in view.inventory.scale_out_repositories.items():
        spots: list[Spot] = []
        for extent, settings in whole.performance_tier.items():
            status = view.inventory.repositories[extent].status
            if status in ("maintenance", "sealed") and settings.holds:
                label = f"holds {plural(len(settings.holds), 'chain')}, {status}"
                spots.append(on_key("scale_out_repositories", name, "performance_tier", extent, label=label))
        if spots:
            extents = some(str(spot.path[-1]) for spot in spots)
            yield news(
                EXTENT_CLOSED, "scale_out_repository", name,
                f"{name} has active chains on {extents}, which takes no more data",
                "evacuate the chains, or end the maintenance",
                *spots,
                *(on_value("repositories", str(spot.path[-1]), "status", label="its status") for spot in spots),
            )  # fmt: skip


CHECKS = (
    (SINGLE_GATEWAY, single_gateway),
    (COMMON_CAUSE, gateways_fall_together),
    (SHORT_CHAIN, single_candidate),
    (MOUNT_IS_BACKUP_SERVER, mount_server_is_backup_server),
    (NO_MOUNT_SERVER, no_mount_server),
    (NO_RETRY, no_retry),
    (WAN_PAIR, wan_accelerator_pair),
    (SHARED_ACCELERATOR, shared_source_accelerator),
    (OFF_HOST_ALONE, single_off_host_proxy),
    (SINGLE_PROXY, single_proxy),
    (TAPE_OFFLINE, tape_server_offline),
    (PERFORMANCE_OFFLINE, performance_policy_extent_offline),
    (EXTENT_CLOSED, active_chain_on_closed_extent),
)
