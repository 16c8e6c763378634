"""Checks of where things stand: data that crosses a WAN, or crosses it twice, because a server stands elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from gwplan.checks.shape import Hit, by_repository, check_for, on_key, on_listed, on_value, some, tb
from gwplan.checks.view import Flow, View
from gwplan.findings import Rule, Severity
from gwplan.inventory.entries import SHARED_FOLDERS
from gwplan.inventory.jobs import JOB_TYPES


@check_for(Rule(
    "GW070", "gateway-far-from-repository", Severity.WARNING, "gateway_server.html#deployment",
    why="Selected gateway servers should stand as close to the repository as possible: what leaves them is the full "
    "stream of data.",
    fix="List servers of the repository's site.",
))  # fmt: skip
def gateway_far_from_repository(view: View) -> Iterator[Hit]:
    """For object storage in a site without servers there is nothing closer to list."""
    inventory = view.inventory
    for name in view.behind_gateway():
        entry, listed = inventory.repositories[name], view.listed(name)
        site = inventory.site_of_repository(name)
        if not listed or entry.source_side_dedup or any(view.in_site_of(server, name) for server in listed):
            continue
        if entry.is_over_fc or not view.has_servers_near(name):
            continue
        yield Hit(
            "repository", name,
            f"{name} stands in {site}, and none of its gateway servers {some(listed)} does",
            *on_listed(view, name, listed), on_value("repositories", name, "site", label="stands here"),
            fix=f"list servers of {site}",
        )  # fmt: skip


@check_for(Rule(
    "GW071", "source-side-dedup-far-from-proxy", Severity.WARNING, "dell_dd.html",
    why="With source-side deduplication only unique blocks leave the gateway server, so it should stand close to the "
    "backup proxy.",
    fix="List servers of the proxies' site.",
))  # fmt: skip
@by_repository(
    "{repository} deduplicates at the source behind {gateways}, in another site than the proxies of {jobs}",
    at=on_listed,
)
def source_side_dedup_far_from_proxy(view: View, flow: Flow) -> bool:
    inventory, ruling = view.inventory, flow.ruling
    reader = view.machine_of(flow.proxy)
    return (
        ruling.operation == "data" and ruling.side == "target" and reader is not None
        and ruling.selection == "explicit"
        and inventory.repositories[ruling.repository].source_side_dedup
        and inventory.site_of_server(reader) != inventory.site_of_server(flow.gateway)
    )  # fmt: skip


@check_for(Rule(
    "GW072", "restore-through-far-gateway", Severity.WARNING, "dell_dd.html",
    why="A gateway server close to the proxies saves traffic for backups with source-side deduplication; a restore "
    "ships rehydrated data from the appliance to it.",
    fix="List a server of the appliance's site as well: restores take the nearest.",
))  # fmt: skip
@by_repository(
    "{repository} sends rehydrated data to {gateways} in another site for {jobs}",
    "list a server of {site} as well: restores take the nearest",
)
def restore_through_far_gateway(view: View, flow: Flow) -> bool:
    return (
        flow.ruling.type in ("restore", "replication_from_backup")
        and view.inventory.repositories[flow.ruling.repository].source_side_dedup
        and not view.in_site_of(flow.gateway, flow.ruling.repository)
    )


@check_for(Rule(
    "GW073", "off-site-share-on-automatic", Severity.WARNING, "smb_share.html",
    why="On automatic selection the proxy writes to the share itself. Across a WAN that protocol crawls; a gateway "
    "server next to the share receives the Data Movers' own stream instead.",
    fix="List a gateway server of the share's site.",
))  # fmt: skip
@by_repository(
    "{repository} is on automatic selection: it gets the data of {jobs} from {gateways} across a WAN",
    "list a gateway server of {site}",
)
def off_site_share_on_automatic(view: View, flow: Flow) -> bool:
    return (
        flow.ruling.row.id in ("backup-vmware", "backup-hyperv", "file-backup")
        and view.inventory.repositories[flow.ruling.repository].type in SHARED_FOLDERS
        and view.is_over_wan(flow.gateway, flow.ruling.repository)
    )


@check_for(Rule(
    "GW074", "mount-server-elsewhere", Severity.WARNING, "mount_server.html",
    why="A mount server stands in the site of its repository: on automatic selection it serves copies, agents, "
    "synthetic operations, rescan and health check, and all of that would cross between sites.",
    fix="Name a mount server of the repository's site.",
))  # fmt: skip
def mount_server_elsewhere(view: View) -> Iterator[Hit]:
    for name, entry in view.inventory.repositories.items():
        named = entry.mount_server is not None
        if entry.type == "cloud" or not (named or view.is_automatic(name)):
            continue
        first = next(iter(view.inventory.mount_servers(name)), None)
        if first is not None and not view.in_site_of(first, name) and view.has_servers_near(name):
            gateway = " and is its gateway on automatic selection" if view.is_automatic(name) else ""
            yield Hit(
                "repository", name,
                f"{name} stands in {view.inventory.site_of_repository(name)}, and its mount server {first} stands in "
                f"{view.inventory.servers[first].site}{gateway}",
                on_value("repositories", name, "mount_server") if named else on_key("repositories", name),
                on_key("servers", first, label="the mount server"),
                fix=f"name a mount server of {view.inventory.site_of_repository(name)}",
            )  # fmt: skip


@check_for(Rule(
    "GW075", "synthetic-over-wan", Severity.WARNING, "gateway_server.html#auto",
    why="A synthetic operation reads and writes the whole chain. Done by a mount server or the backup server across a "
    "WAN, that is twice the size of a full backup.",
    fix="Name a mount server of the share's site, or list gateway servers there.",
))  # fmt: skip
@by_repository(
    "{repository} has its synthetic operations of {jobs} done by {gateways} across a WAN ({tasks})",
    "name a mount server of {site}, or list gateway servers there",
)
def synthetic_over_wan(view: View, flow: Flow) -> bool:
    return (
        flow.ruling.operation == "synthetic" and flow.ruling.tier in ("mount-server", "backup-server")
        and view.inventory.repositories[flow.ruling.repository].type in SHARED_FOLDERS
        and view.is_over_wan(flow.gateway, flow.ruling.repository)
    )  # fmt: skip


@check_for(Rule(
    "GW076", "replica-reads-over-wan", Severity.WARNING, "replica_from_backup.html",
    why="On automatic selection the target proxy is the gateway: it reads the production share across the WAN.",
    fix="List gateway servers of the source repository's site.",
))  # fmt: skip
@by_repository(
    "{repository} is read across a WAN by {gateways}, the target proxy of {jobs}",
    "list gateway servers of {site}",
)
def replica_reads_over_wan(view: View, flow: Flow) -> bool:
    return flow.ruling.row.id == "replication-from-backup" and view.is_over_wan(flow.gateway, flow.ruling.repository)


@check_for(Rule(
    "GW156", "paid-egress", Severity.NOTE, "object_storage_repository.html",
    why="The provider bills what leaves over this link. The sum is of the sizes that are given, for all that the job "
    "processes, before compression and without regard to increments.",
    fix="Name a gateway server on the near side of the link, or another target.",
))  # fmt: skip
def paid_egress(view: View) -> Iterator[Hit]:
    paid = {name for name, link in view.inventory.links.items() if link.egress}
    sent: dict[tuple[str, str], int] = {}
    at: dict[str, str] = {}
    for served, decisions in view.plan.groups if paid else ():
        ruling = served.ruling
        if not ruling.is_served or ruling.side != JOB_TYPES[ruling.type].sides[-1]:
            continue  # both sides of a copy have the same way
        links = paid.intersection(_links(view, served.way.sites))
        size = sum(view.size_of(decision.workloads) for decision in decisions) if links else 0
        for link in links:
            sent[ruling.job, link] = sent.get((ruling.job, link), 0) + size
            at.setdefault(ruling.job, ruling.repository)
    for (job, link), size in sent.items():
        if size:
            declared = job in view.inventory.jobs
            yield Hit(
                "job" if declared else "repository", job if declared else at[job],
                f"{job} moves {tb(size)} over {link}, where what leaves is paid for",
                on_key("jobs", job) if declared else on_key("repositories", at[job]),
                on_value("links", link, "egress", label="the link"),
            )  # fmt: skip


@check_for(Rule(
    "GW081", "data-leaves-location", Severity.NOTE, "locations.html",
    why="The job takes data from one location to another, which VBR warns about: laws may want it to stay.",
    fix="Let it write to a repository of the same location, or make sure that the data may leave.",
))  # fmt: skip
def data_leaves_location(view: View) -> Iterator[Hit]:
    sites = view.inventory.sites.items()
    located: dict[str | None, str] = {name: site.location for name, site in sites if site.location}
    found: dict[str, dict[tuple[str | None, str | None], None]] = {}
    for served, _ in view.plan.groups if len(set(located.values())) > 1 else ():
        way = served.way.sites if served.ruling.is_served and served.ruling.job in view.inventory.jobs else ()
        if way and way[0] in located and way[-1] in located and located[way[0]] != located[way[-1]]:
            found.setdefault(served.ruling.job, {})[way[0], way[-1]] = None
    for job, moves in found.items():
        places = dict.fromkeys(site for move in moves for site in move)
        yield Hit(
            "job", job,
            f"{job} takes data from {some(f'{located[here]} to {located[there]}' for here, there in moves)}",
            on_key("jobs", job),
            *(on_value("sites", site, "location", label="the location") for site in places if site),
        )  # fmt: skip


def _links(view: View, sites: Sequence[str | None]) -> Iterator[str]:
    """The links that data crosses from site to site."""
    for here, there in pairwise(sites):
        if here is not None and there is not None and here != there:
            yield from view.network.route(here, there)[1::2]


CHECKS = (
    gateway_far_from_repository,
    source_side_dedup_far_from_proxy,
    restore_through_far_gateway,
    off_site_share_on_automatic,
    mount_server_elsewhere,
    synthetic_over_wan,
    replica_reads_over_wan,
    paid_egress,
    data_leaves_location,
)
