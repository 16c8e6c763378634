"""Checks of task limits: out of range, missing, not what the vendor sets, or more than what stands behind them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import chain

from gwplan.checks.shape import Hit, agree, check_for, decides, on_jobs, on_key, on_listed, on_value, some
from gwplan.checks.view import View
from gwplan.findings import CertainFix, Rule, Severity
from gwplan.inventory.components import components
from gwplan.inventory.entries import APPLIANCES
from gwplan.inventory.jobs import JOB_TYPES
from gwplan.inventory.names import natural
from gwplan.nouns import numbered
from gwplan.planning.rank import slots


@check_for(Rule(
    "GW094", "task-limit-out-of-range", Severity.ERROR, "limiting_tasks.html",
    why="The product takes task limits of 1 to 128 for a repository, 1 to 270 for Data Domain and 1 to 100 for a "
    "backup proxy.",
    fix="Write a limit that the product takes.",
))  # fmt: skip
def task_limit_out_of_range(view: View) -> Iterator[Hit]:
    """Also Add-VBRBackupRepository and Add-VBRViProxy of the PowerShell reference."""
    for name, repository in view.inventory.repositories.items():
        limit = 270 if repository.type == "data_domain" else 128
        if (repository.max_concurrent_tasks or 0) > limit:
            message = f"{name} is limited to {repository.max_concurrent_tasks} tasks; the product takes 1 to {limit}"
            spot = on_value("repositories", name, "max_concurrent_tasks")
            yield Hit("repository", name, message, spot, fix=f"write at most {limit}", remedy=decides(spot.path, limit))
    for name, proxy in view.inventory.proxies.items():
        if proxy.max_concurrent_tasks > 100:
            message = f"{name} is limited to {proxy.max_concurrent_tasks} tasks; the product takes 1 to 100"
            spot = on_value("proxies", name, "max_concurrent_tasks")
            yield Hit("proxy", name, message, spot, fix="write at most 100", remedy=decides(spot.path, 100))


@check_for(Rule(
    "GW092", "limit-above-gateways", Severity.WARNING, "limiting_tasks.html",
    why="The repository lets more tasks in than its gateway servers can carry; gateways have no limit of their own "
    "that would make tasks wait, hence a warning. A note where it is the other way round: the repositories let in less "
    "than half of what the proxies that write to them can read, and the rest stand idle.",
    fix="Lower the limit, or list more servers.",
))  # fmt: skip
def limit_above_gateways(view: View) -> Iterator[Hit]:
    """Idle proxies: backup_proxy_requirements.html."""
    yield from _more_than_gateways_carry(view)
    yield from _less_than_proxies_read(view)


def _more_than_gateways_carry(view: View) -> Iterator[Hit]:
    """Only where it is known how much every listed server can carry."""
    for name in view.behind_gateway():
        limit, listed = view.inventory.repositories[name].max_concurrent_tasks, view.listed(name)
        room = _room(view, listed)
        if limit and room and limit > room:
            yield Hit(
                "repository", name,
                f"{name} lets {limit} tasks in at once, and {some(listed)} can take {room}",
                on_value("repositories", name, "max_concurrent_tasks"), *on_listed(view, name, listed, "takes a part"),
                fix=f"lower the limit to {room}, or list more servers",
            )  # fmt: skip


def _less_than_proxies_read(view: View) -> Iterator[Hit]:
    """Groups of proxies and repositories that jobs join, if every repository of the group has a limit."""
    proxies, repositories = view.inventory.proxies, view.inventory.repositories
    for readers, written in _joined(view):
        limits = [repositories[name].max_concurrent_tasks for name in written]
        slots_of_proxies = sum(proxies[name].max_concurrent_tasks for name in readers)
        let_in = sum(limit or slots_of_proxies for limit in limits)
        if written and 2 * let_in < slots_of_proxies:
            first, *_ = names = sorted(written, key=natural)
            lets = "lets" if len(names) == 1 else "together let"
            yield Hit(
                "repository", first,
                f"{some(names)} {lets} {numbered(let_in, 'task')} in at once, and {some(readers)} can read for "
                f"{slots_of_proxies}: {slots_of_proxies - let_in} of their slots stand idle",
                *(on_value("repositories", name, "max_concurrent_tasks") for name in names),
                *(on_key("proxies", name, label="reads for it") for name in readers),
                fix="raise the limits as far as the gateway servers carry it, or lower those of the proxies",
                weight=Severity.NOTE,
            )  # fmt: skip


def _joined(view: View) -> Iterator[tuple[list[str], list[str]]]:
    """Groups of proxies and the repositories that they write to: what shares either of them is in one group."""
    pairs: list[tuple[list[str], list[str]]] = []
    for choice in filter(lambda choice: choice.usable, view.proxy_choices):
        jobs = [view.inventory.jobs[name] for name in choice.jobs]
        targets = dict.fromkeys(job.target for job in jobs if job.writes and job.target)
        if repositories := [name for target in targets for name in view.repositories_of(target)]:
            pairs.append((choice.usable, repositories))
    for part in components(pairs, lambda pair: [(side, name) for side in (0, 1) for name in pair[side]]):
        proxies, repositories = (list(dict.fromkeys(chain.from_iterable(names))) for names in zip(*part, strict=True))
        yield proxies, repositories


def _room(view: View, listed: Collection[str]) -> int:
    """How many tasks some servers can carry; 0 where that is not known of every one."""
    servers = view.inventory.servers
    known = all(servers[s].cores or servers[s].memory or servers[s].max_gateway_tasks for s in listed)
    return sum(slots(view.inventory, server) for server in listed) if known else 0


def _limited(view: View, name: str) -> CertainFix | None:
    """A limit of as many tasks as the listed gateway servers of a repository can carry and the product takes."""
    room = _room(view, view.listed(name))
    most = 270 if view.inventory.repositories[name].type == "data_domain" else 128
    return decides(("repositories", name, "max_concurrent_tasks"), min(room, most)) if room else None


@check_for(Rule(
    "GW093", "no-task-limit", Severity.WARNING, "repository_repository.html",
    why="With per-machine chains and no task limit every machine writes at once; the vendor advises to keep the limit "
    "on.",
    fix="Set `max_concurrent_tasks`.",
))  # fmt: skip
def no_task_limit(view: View) -> Iterator[Hit]:
    written = {name for job in view.inventory.jobs.values() if job.enabled for name in view.targets(job)}
    for name, entry in view.inventory.repositories.items():
        if entry.max_concurrent_tasks is not None or entry.type in APPLIANCES | {"cloud"} or name not in written:
            continue
        if view.is_per_machine(name):
            yield Hit(
                "repository", name,
                f"{name} has no task limit: every machine writes to it at once",
                on_key("repositories", name), remedy=_limited(view, name),
            )  # fmt: skip


@check_for(Rule(
    "GW095", "data-domain-extent-without-limit", Severity.ERROR, "performance_tier_limitations.html",
    why="A Data Domain in a scale-out repository must have a task limit, so that the sum stays below its stream limit.",
    fix="Set `max_concurrent_tasks` on the extent.",
))  # fmt: skip
def data_domain_extent_without_limit(view: View) -> Iterator[Hit]:
    for name, whole in view.inventory.extent_of.items():
        entry = view.inventory.repositories[name]
        if entry.type == "data_domain" and entry.max_concurrent_tasks is None:
            yield Hit(
                "repository", name,
                f"{name} is a Data Domain in {whole} and has no task limit",
                on_key("repositories", name), on_key("scale_out_repositories", whole, label="the scale-out repository"),
                fix="set `max_concurrent_tasks`", remedy=_limited(view, name),
            )  # fmt: skip


@check_for(Rule(
    "GW096", "appliance-limit-not-ten", Severity.NOTE, "deduplicating_appliance_exgrid.html",
    why="ExaGrid, Quantum DXi, Fujitsu CS800 and InfiniGuard are set to 10 tasks; any other number is a matter for the "
    "vendor's support.",
    fix="Set `max_concurrent_tasks: 10`.",
))  # fmt: skip
def appliance_limit_not_ten(view: View) -> Iterator[Hit]:
    for name, entry in view.inventory.repositories.items():
        limit = entry.max_concurrent_tasks
        if entry.type in APPLIANCES and limit != 10:
            yield Hit(
                "repository", name,
                f"{name} has {'no task limit' if limit is None else f'a limit of {limit} tasks'}; the vendor sets 10 "
                "for it",
                on_value("repositories", name, "max_concurrent_tasks") if limit else on_key("repositories", name),
                remedy=decides(("repositories", name, "max_concurrent_tasks"), 10),
            )  # fmt: skip


@check_for(Rule(
    "GW098", "whole-job-on-one-gateway", Severity.WARNING, "per_vm_backup_files.html",
    why="Without per-machine backup files one gateway server takes the whole job, whether the servers are listed or "
    "chosen automatically: the others stand idle.",
    fix="Say `per_machine: true` (the chains need an active full), or split the job.",
))  # fmt: skip
def whole_job_on_one_gateway(view: View) -> Iterator[Hit]:
    for name in view.behind_gateway():
        listed = view.listed(name)
        if len(listed) > 1 and not view.is_per_machine(name):
            whole = view.inventory.extent_of.get(name)
            at = ("scale_out_repositories", whole) if whole else ("repositories", name)
            yield Hit(
                "repository", name,
                f"{name} lists {some(listed)} and has no per-machine backup files: one of them takes each job whole",
                on_value(*at, "per_machine"), *on_listed(view, name, listed, "one of them"),
                fix="say `per_machine: true`, or split the jobs",
            )  # fmt: skip
    yield from _whole_jobs_on_automatic(view)


def _whole_jobs_on_automatic(view: View) -> Iterator[Hit]:
    """Backup jobs that several proxies may read, of which the one that is assigned first writes for all."""
    found: dict[str, tuple[dict[str, None], dict[str, None]]] = {}
    seen: set[tuple[str, int]] = set()
    for ruling in view.plan.rulings:
        one_chain = ruling.operation == "data" and ruling.side == "target" and JOB_TYPES[ruling.type].one_chain
        if not one_chain or ruling.serving is None or ruling.serving.name != "proxy":
            continue
        if view.is_automatic(ruling.repository) and not view.is_per_machine(ruling.repository):
            servers, jobs = found.setdefault(ruling.repository, ({}, {}))
            jobs[ruling.job] = None
            among = (ruling.repository, id(ruling.serving.candidates))  # jobs that choose among the same share them
            if among not in seen:
                seen.add(among)
                servers.update(dict.fromkeys(ruling.serving.eligible))
    for name, (servers, jobs) in found.items():
        if len(servers) > 1:
            whole = view.inventory.extent_of.get(name)
            at = ("scale_out_repositories", whole) if whole else ("repositories", name)
            yield Hit(
                "repository", name,
                f"{name} chooses automatically among {some(servers)} and has no per-machine backup files: one of them "
                f"takes {some(jobs)} whole",
                on_value(*at, "per_machine"), *(on_key("servers", s, label="one of them") for s in servers),
                *on_jobs(jobs),
                fix="say `per_machine: true`, or split the jobs",
            )  # fmt: skip


@check_for(Rule(
    "GW100", "share-needs-slot-on-every-extent", Severity.WARNING, "unstructured_data_backup_in_sobr.html",
    why="Backup of a file share to a scale-out repository takes a task slot on every extent, for each share.",
    fix="Raise the limits of the extents, or split the job.",
))  # fmt: skip
def share_needs_slot_on_every_extent(view: View) -> Iterator[Hit]:
    for name, job in view.jobs("file_backup"):
        if job.repository not in view.inventory.scale_out_repositories:
            continue
        shares = len(view.inventory.holdings.workloads[name])
        limits = {e: view.inventory.repositories[e].max_concurrent_tasks for e in view.targets(job)}
        tight = [extent for extent, limit in limits.items() if limit is not None and limit < shares]
        if tight:
            yield Hit(
                "job", name,
                f"{name} has {numbered(shares, 'share')}, each of which takes a slot on every extent of "
                f"{job.repository}, and {some(tight)} {agree(tight, 'has', 'have')} fewer",
                on_value("jobs", name, "repository"),
                *(on_value("repositories", extent, "max_concurrent_tasks", label="fewer slots") for extent in tight),
            )  # fmt: skip


@check_for(Rule(
    "GW103", "storeonce-share-fc-gateway", Severity.WARNING, "deduplicating_appliance_storeonce.html",
    why="Over Fibre Channel a host has few connections to StoreOnce: several repositories on one gateway compete for "
    "them.",
    fix="Give each repository gateway servers of its own.",
))  # fmt: skip
def storeonce_share_fc_gateway(view: View) -> Iterator[Hit]:
    users: dict[str, list[str]] = {}
    for name, entry in view.inventory.repositories.items():
        if entry.type == "storeonce" and entry.protocol == "fc":
            for server in view.listed(name):
                users.setdefault(server, []).append(name)
    for server, names in users.items():
        if len(names) > 1:
            yield Hit(
                "server", server,
                f"{server} is the Fibre Channel gateway of {some(names)}, which compete for its few connections",
                on_key("servers", server),
                *(spot for name in names for spot in on_listed(view, name, [server], "listed here")),
            )  # fmt: skip


@check_for(Rule(
    "GW101", "more-channels-than-slots", Severity.WARNING, "plugins_resource_planning.html",
    why="Each channel of a plug-in takes a task slot of the repository; those that get none wait, and the database "
    "with them.",
    fix="Raise the limit, or open fewer channels.",
))  # fmt: skip
def more_channels_than_slots(view: View) -> Iterator[Hit]:
    for name, job in view.jobs("plugin_backup"):
        limits = [view.inventory.repositories[target].max_concurrent_tasks for target in view.targets(job)]
        channels = (job.channels or 0) * len(view.inventory.holdings.workloads[name])
        room = sum(limit or channels for limit in limits)
        if channels > room:
            yield Hit(
                "job", name,
                f"{name} opens {numbered(channels, 'channel')}, and {job.repository} takes {numbered(room, 'task')} at "
                "once",
                on_value("jobs", name, "channels"), on_value("jobs", name, "repository", label="the repository"),
            )  # fmt: skip


CHECKS = (
    task_limit_out_of_range,
    limit_above_gateways,
    no_task_limit,
    data_domain_extent_without_limit,
    appliance_limit_not_ten,
    whole_job_on_one_gateway,
    share_needs_slot_on_every_extent,
    storeonce_share_fc_gateway,
    more_channels_than_slots,
)
