"""Checks of where things stand: data that crosses a WAN, or crosses it twice, because a server stands elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gwplan.checks.view import Flow, View, news, on_jobs, on_key, on_listed, on_value, plural, some
from gwplan.findings import Finding, Rule, Severity
from gwplan.inventory.entries import SHARED_FOLDERS
from gwplan.inventory.quantities import RATE_UNITS

MBPS = RATE_UNITS["Mbps"]

_OFF_SITE = """repositories: {smb-lyon: {gateway_servers: %s}}
jobs: {off-site: {type: backup, workloads: [sql01], repository: smb-lyon}}"""
_DD = "repositories: {dd: {type: data_domain, site: lyon, source_side_dedup: true, gateway_servers: [%s], mount_server: mnt02, max_concurrent_tasks: 8}}"
_WAN = "wan_accelerators: {wan-paris: {server: gw01}, wan-lyon: {server: gw03}}\n"
_COPY = "jobs: {copy: {type: backup_copy, source_jobs: [vm-daily], repository: smb-lyon%s}}"

FAR_GATEWAY = Rule(
    "GW070", "gateway-far-from-repository", Severity.WARNING, "gateway_server.html#deployment",
    why="Selected gateway servers should stand as close to the repository as possible: what leaves them is the full "
    "stream of data.",
    fix="List servers of the repository's site.",
    wrong=_OFF_SITE % "[gw01, gw02]",
    right=_OFF_SITE % "[gw03, gw04]",
)  # fmt: skip
FAR_FROM_PROXY = Rule(
    "GW071", "source-side-dedup-far-from-proxy", Severity.WARNING, "dell_dd.html",
    why="With source-side deduplication only unique blocks leave the gateway server, so it should stand close to the "
    "backup proxy.",
    fix="List servers of the proxies' site.",
    wrong=_DD % "gw03, gw04" + "\njobs: {dd-daily: {type: backup, workloads: [sql01], repository: dd}}",
    right=_DD % "gw01, gw02, gw03" + "\njobs: {dd-daily: {type: backup, workloads: [sql01], repository: dd}}",
)  # fmt: skip
REHYDRATED = Rule(
    "GW072", "restore-through-far-gateway", Severity.WARNING, "dell_dd.html",
    why="A gateway server close to the proxies saves traffic for backups with source-side deduplication; a restore ships "
    "rehydrated data from the appliance to it.",
    fix="List a server of the appliance's site as well: restores take the nearest.",
    wrong=_DD % "gw01, gw02" + """
jobs:
  dd-daily: {type: backup, workloads: [sql01], repository: dd}
  drill: {type: restore, source_jobs: [dd-daily], target_site: lyon}""",
    right=_DD % "gw01, gw03" + """
jobs:
  dd-daily: {type: backup, workloads: [sql01], repository: dd}
  drill: {type: restore, source_jobs: [dd-daily], target_site: lyon}""",
)  # fmt: skip
OFF_SITE_AUTOMATIC = Rule(
    "GW073", "off-site-share-on-automatic", Severity.WARNING, "smb_share.html",
    why="On automatic selection the proxy writes to the share itself. Across a WAN that protocol crawls; a gateway server "
    "next to the share receives the Data Movers' own stream instead.",
    fix="List a gateway server of the share's site.",
    wrong=_OFF_SITE % "auto",
    right=_OFF_SITE % "[gw03, gw04]",
)  # fmt: skip
FAR_MOUNT_SERVER = Rule(
    "GW074", "mount-server-elsewhere", Severity.WARNING, "mount_server.html",
    why="A mount server stands in the site of its repository: on automatic selection it serves copies, agents, synthetic "
    "operations, rescan and health check, and all of that would cross between sites.",
    fix="Name a mount server of the repository's site.",
    wrong="repositories: {smb-lyon: {mount_server: mnt01}}",
    right="repositories: {smb-lyon: {mount_server: mnt02}}",
)  # fmt: skip
SYNTHETIC_OVER_WAN = Rule(
    "GW075", "synthetic-over-wan", Severity.WARNING, "gateway_server.html#auto",
    why="A synthetic operation reads and writes the whole chain. Done by a mount server or the backup server across a WAN, "
    "that is twice the size of a full backup.",
    fix="Name a mount server of the share's site, or list gateway servers there.",
    wrong="""repositories: {smb-lyon: {gateway_servers: auto, mount_server: mnt01}}
jobs: {off-site: {type: backup, workloads: [sql01], repository: smb-lyon}}""",
    right="""repositories: {smb-lyon: {gateway_servers: auto, mount_server: mnt02}}
jobs: {off-site: {type: backup, workloads: [sql01], repository: smb-lyon}}""",
)  # fmt: skip
REPLICA_OVER_WAN = Rule(
    "GW076", "replica-reads-over-wan", Severity.WARNING, "replica_from_backup.html",
    why="On automatic selection the target proxy is the gateway: it reads the production share across the WAN.",
    fix="List gateway servers of the source repository's site.",
    wrong="""servers: {prx03: {os: windows, site: lyon}, prx04: {os: windows, site: lyon}}
proxies: {prx03: {type: vmware}, prx04: {type: vmware}}
repositories: {smb-paris: {gateway_servers: auto}}
jobs: {replica: {type: replication_from_backup, source_jobs: [vm-daily], target_site: lyon, target_proxies: [prx03, prx04]}}""",
    right="""servers: {prx03: {os: windows, site: lyon}, prx04: {os: windows, site: lyon}}
proxies: {prx03: {type: vmware}, prx04: {type: vmware}}
jobs: {replica: {type: replication_from_backup, source_jobs: [vm-daily], target_site: lyon, target_proxies: [prx03, prx04]}}""",
)  # fmt: skip
THIN_LINK = Rule(
    "GW079", "wan-acceleration", Severity.WARNING, "wan_acceleration.html",
    why="WAN accelerators pay on thin links (up to about 100 Mbps) and cost time on fast ones (a gigabit LAN).",
    fix="Use a pair on the thin link; leave it out on the fast one.",
    wrong="links: {mpls: {bandwidth: 50 Mbps}}\n" + _COPY % "",
    right="links: {mpls: {bandwidth: 50 Mbps}}\n" + _WAN + _COPY % ", wan_accelerators: {source: wan-paris, target: wan-lyon}",
)  # fmt: skip
WRONG_SIDE = Rule(
    "GW080", "wan-accelerator-on-wrong-side", Severity.NOTE, "wan_accelerator.html",
    why="The source accelerator stands near the source, the target accelerator near the target: otherwise the data crosses "
    "the WAN before it is reduced.",
    fix="Swap the pair, or name accelerators of the right sites.",
    wrong=_WAN + _COPY % ", wan_accelerators: {source: wan-lyon, target: wan-paris}",
    right=_WAN + _COPY % ", wan_accelerators: {source: wan-paris, target: wan-lyon}",
)  # fmt: skip


def gateway_far_from_repository(view: View) -> Iterator[Finding]:
    """Selected servers, none of which stands with the repository, without source-side deduplication.

    gateway_server.html#deployment. Object storage where no server of the estate stands leaves nothing closer to list.
    """
    inventory = view.inventory
    for name in view.behind_gateway():
        entry, listed = inventory.repositories[name], view.listed(name)
        site = inventory.site_of_repository(name)
        if not listed or entry.source_side_dedup or any(view.in_site_of(server, name) for server in listed):
            continue
        if entry.is_over_fc or not view.has_servers_near(name):
            continue
        yield news(
            FAR_GATEWAY, "repository", name,
            f"{name} stands in {site}, and none of its gateway servers {some(listed)} does",
            f"list servers of {site}",
            *on_listed(view, name, listed), on_value("repositories", name, "site", label="stands here"),
        )  # fmt: skip


def source_side_dedup_far_from_proxy(view: View) -> Iterator[Finding]:
    """The gateway should stand with the proxy. gateway_server.html#deployment"""

    def is_far(flow: Flow) -> bool:
        reader = view.machine_of(flow.proxy)
        inventory = view.inventory
        return (
            flow.ruling.operation == "data" and flow.ruling.side == "target" and reader is not None
            and flow.ruling.selection == "explicit"
            and inventory.repositories[flow.ruling.repository].source_side_dedup
            and inventory.site_of_server(reader) != inventory.site_of_server(flow.gateway)
        )  # fmt: skip

    for name, servers, jobs, _ in _by_repository(view, is_far):
        yield news(
            FAR_FROM_PROXY, "repository", name,
            f"{name} deduplicates at the source, and its gateway {some(servers)} stands in another site than the proxies of "
            f"{some(jobs)}",
            "list servers of the proxies' site",
            *(on_listed(view, name, servers)), *on_jobs(jobs),
        )  # fmt: skip


def restore_through_far_gateway(view: View) -> Iterator[Finding]:
    """Rehydrated data leaves the appliance for a gateway in another site."""

    def is_far(flow: Flow) -> bool:
        return (
            flow.ruling.type in ("restore", "replication_from_backup")
            and view.inventory.repositories[flow.ruling.repository].source_side_dedup
            and not view.in_site_of(flow.gateway, flow.ruling.repository)
        )  # fmt: skip

    for name, servers, jobs, _ in _by_repository(view, is_far):
        yield news(
            REHYDRATED, "repository", name,
            f"{name} sends rehydrated data to {some(servers)} in another site whenever {some(jobs)} reads from it",
            f"list a server of {view.inventory.site_of_repository(name)} as well: restores take the nearest",
            on_key("repositories", name), *on_jobs(jobs),
        )  # fmt: skip


def off_site_share_on_automatic(view: View) -> Iterator[Finding]:
    """Proxies or hosts that write to a shared folder across a WAN."""

    def is_far(flow: Flow) -> bool:
        return (
            flow.ruling.row.id in ("backup-vmware", "backup-hyperv", "file-backup")
            and view.inventory.repositories[flow.ruling.repository].type in SHARED_FOLDERS
            and view.is_over_wan(flow.gateway, flow.ruling.repository)
        )  # fmt: skip

    for name, servers, jobs, _ in _by_repository(view, is_far):
        yield news(
            OFF_SITE_AUTOMATIC, "repository", name,
            f"{name} is on automatic selection, and {some(servers)} of {some(jobs)} writes to it across a WAN",
            f"list a gateway server of {view.inventory.site_of_repository(name)}",
            on_key("repositories", name), *on_jobs(jobs),
        )  # fmt: skip


def mount_server_elsewhere(view: View) -> Iterator[Finding]:
    """The mount server that is tried first, where it is the gateway or was named for this repository."""
    for name, entry in view.inventory.repositories.items():
        named = entry.mount_server is not None
        if entry.type == "cloud" or not (named or view.is_automatic(name)):
            continue
        first = next(iter(view.inventory.mount_servers(name)), None)
        if first is not None and not view.in_site_of(first, name) and view.has_servers_near(name):
            gateway = " and is its gateway on automatic selection" if view.is_automatic(name) else ""
            yield news(
                FAR_MOUNT_SERVER, "repository", name,
                f"{name} stands in {view.inventory.site_of_repository(name)}, and its mount server {first} stands in "
                f"{view.inventory.servers[first].site}{gateway}",
                f"name a mount server of {view.inventory.site_of_repository(name)}",
                on_value("repositories", name, "mount_server") if named else on_key("repositories", name),
                on_key("servers", first, label="the mount server"),
            )  # fmt: skip


def synthetic_over_wan(view: View) -> Iterator[Finding]:
    """Synthetic operations on shared folders by a server across a WAN."""

    def is_far(flow: Flow) -> bool:
        return (
            flow.ruling.operation == "synthetic" and flow.ruling.tier in ("mount-server", "backup-server")
            and view.inventory.repositories[flow.ruling.repository].type in SHARED_FOLDERS
            and view.is_over_wan(flow.gateway, flow.ruling.repository)
        )  # fmt: skip

    for name, servers, jobs, tasks in _by_repository(view, is_far):
        yield news(
            SYNTHETIC_OVER_WAN, "repository", name,
            f"{name} has its synthetic operations of {some(jobs)} done by {some(servers)} across a WAN "
            f"({plural(tasks, 'task')})",
            f"name a mount server of {view.inventory.site_of_repository(name)}, or list gateway servers there",
            on_key("repositories", name), *on_jobs(jobs),
        )  # fmt: skip


def replica_reads_over_wan(view: View) -> Iterator[Finding]:
    """The target proxy of a replication from backup reads across a WAN."""

    def is_far(flow: Flow) -> bool:
        ruling = flow.ruling
        return ruling.row.id == "replication-from-backup" and view.is_over_wan(flow.gateway, ruling.repository)

    for name, servers, jobs, _ in _by_repository(view, is_far):
        yield news(
            REPLICA_OVER_WAN, "repository", name,
            f"{name} is read across a WAN by {some(servers)}, the target proxy of {some(jobs)}",
            f"list gateway servers of {view.inventory.site_of_repository(name)}",
            on_key("repositories", name), *on_jobs(jobs),
        )  # fmt: skip


def wan_acceleration(view: View) -> Iterator[Finding]:
    """A thin link without accelerators, a fast network with them. wan_acceleration.html: about 100 Mbps"""
    for name, job in view.jobs("backup_copy"):
        narrowest = _narrowest(view, view.sources(job), view.targets(job))
        if job.wan_accelerators is None and narrowest is not None and narrowest[0] <= 100 * MBPS:
            rate, links = narrowest
            yield news(
                THIN_LINK, "job", name,
                f"{name} copies over {some(links)} with {rate // MBPS} Mbps and without WAN accelerators",
                "give it `wan_accelerators`",
                on_key("jobs", name), *(on_value("links", link, "bandwidth", label="the thin link") for link in links),
            )  # fmt: skip
        elif job.wan_accelerators is not None and _is_fast(view, view.sources(job), view.targets(job)):
            yield news(
                THIN_LINK, "job", name,
                f"{name} uses WAN accelerators within a site or over a LAN of 1 Gbps and more, where they cost time",
                "leave `wan_accelerators` out",
                on_key("jobs", name, "wan_accelerators"),
            )  # fmt: skip


def wan_accelerator_on_wrong_side(view: View) -> Iterator[Finding]:
    """Each accelerator stands in a site of its own side."""
    inventory = view.inventory
    if not inventory.sites:
        return
    for name, job in view.jobs("backup_copy"):
        if job.wan_accelerators is None:
            continue
        wrong = []
        for side, repositories in (("source", view.sources(job)), ("target", view.targets(job))):
            accelerator = getattr(job.wan_accelerators, side)
            site = inventory.site_of_server(view.network.role_server("wan_accelerator", accelerator))
            sites = {inventory.site_of_repository(repository) for repository in repositories} - {None}
            if sites and site not in sites:
                wrong.append((side, accelerator, site))
        if wrong:
            told = some(f"{accelerator} ({side}) in {site}" for side, accelerator, site in wrong)
            yield news(
                WRONG_SIDE, "job", name,
                f"{name} has {told}, where that side does not stand",
                "swap the pair, or name accelerators of the right sites",
                *(on_value("jobs", name, "wan_accelerators", side) for side, _, _ in wrong),
                *(on_key("wan_accelerators", accelerator, label="the accelerator") for _, accelerator, _ in wrong),
            )  # fmt: skip


def _by_repository(
    view: View, chosen: Callable[[Flow], bool]
) -> Iterator[tuple[str, list[str], list[str], int]]:
    """Of the flows that are chosen: each repository with its gateways, its jobs and the number of tasks."""
    found: dict[str, tuple[dict[str, None], dict[str, None], list[int]]] = {}
    for flow in view.flows:
        if chosen(flow):
            servers, jobs, tasks = found.setdefault(flow.ruling.repository, ({}, {}, []))
            servers[flow.gateway] = jobs[flow.ruling.job] = None
            tasks.append(flow.tasks)
    for repository, (servers, jobs, tasks) in found.items():
        declared = [job for job in jobs if job in view.inventory.jobs]
        yield repository, list(servers), declared, sum(tasks)


def _narrowest(view: View, sources: tuple[str, ...], targets: tuple[str, ...]) -> tuple[int, list[str]] | None:
    """The smallest bandwidth between any source and any target, with its links; None where nothing is told."""
    found: tuple[int, list[str]] | None = None
    for here, there in _pairs(view, sources, targets):
        for link in view.network.route(here, there)[1::2]:
            rate = view.inventory.links[link].bandwidth
            if rate is not None and (found is None or rate <= found[0]):
                found = (rate, [link] if found is None or rate < found[0] else [*dict.fromkeys((*found[1], link))])
    return found


def _is_fast(view: View, sources: tuple[str, ...], targets: tuple[str, ...]) -> bool:
    pairs = _pairs(view, sources, targets)
    if not view.inventory.sites or not pairs:
        return False
    for here, there in pairs:
        for link in view.network.route(here, there)[1::2]:
            entry = view.inventory.links[link]
            if entry.kind == "wan" or entry.bandwidth is None or entry.bandwidth < 1000 * MBPS:
                return False
        if view.network.hops(here, there) is None:
            return False
    return True


def _pairs(view: View, sources: tuple[str, ...], targets: tuple[str, ...]) -> list[tuple[str, str]]:
    site_of = view.inventory.site_of_repository
    starts = dict.fromkeys(site for name in sources if (site := site_of(name)) is not None)
    ends = dict.fromkeys(site for name in targets if (site := site_of(name)) is not None)
    return [(here, there) for here in starts for there in ends]


CHECKS = (
    (FAR_GATEWAY, gateway_far_from_repository),
    (FAR_FROM_PROXY, source_side_dedup_far_from_proxy),
    (REHYDRATED, restore_through_far_gateway),
    (OFF_SITE_AUTOMATIC, off_site_share_on_automatic),
    (FAR_MOUNT_SERVER, mount_server_elsewhere),
    (SYNTHETIC_OVER_WAN, synthetic_over_wan),
    (REPLICA_OVER_WAN, replica_reads_over_wan),
    (THIN_LINK, wan_acceleration),
    (WRONG_SIDE, wan_accelerator_on_wrong_side),
)
