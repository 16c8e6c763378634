"""Checks of load and limits: what a machine has to carry at once, and what task limits let through."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gwplan.checks.view import View, news, on_jobs, on_key, on_listed, on_value, plural, some
from gwplan.findings import Finding, Rule, Severity, Spot
from gwplan.inventory.entries import APPLIANCES, SERVER_HOSTED, Server
from gwplan.planning.rank import GIB, slots

FUNNEL = Rule(
    "GW077", "funnel-through-one-server", Severity.WARNING, "gateway_server.html#auto",
    why="On automatic selection every agent comes through the one mount server and every plug-in through the backup "
    "server; nothing is spread.",
    fix="List several gateway servers.",
    wrong="""workloads: {pc: {platform: agent, site: paris, count: 5}}
repositories: {smb-paris: {gateway_servers: auto}}
jobs: {pcs: {type: agent_backup, workloads: [pc], repository: smb-paris}}""",
    right="""workloads: {pc: {platform: agent, site: paris, count: 5}}
jobs: {pcs: {type: agent_backup, workloads: [pc], repository: smb-paris}}""",
)  # fmt: skip
BACKUP_SERVER_SIZE = Rule(
    "GW078", "backup-server-too-small-for-plugins", Severity.WARNING, "system_requirements_backup_server.html",
    why="On automatic selection plug-ins come through the backup server, which then needs what a gateway server needs on "
    "top of its own 8 cores and 16 GB: 2 cores, and 4 GB with 1 GB a stream.",
    fix="Give the backup server more, or list gateway servers.",
    wrong="""servers: {vbr01: {cores: 8, memory: 16 GiB}}
workloads: {ora: {platform: plugin, site: paris}}
repositories: {smb-paris: {gateway_servers: auto}}
jobs: {rman: {type: plugin_backup, plugin: oracle_rman, workloads: [ora], repository: smb-paris}}""",
    right="""servers: {vbr01: {cores: 16, memory: 64 GiB}}
workloads: {ora: {platform: plugin, site: paris}}
repositories: {smb-paris: {gateway_servers: auto}}
jobs: {rman: {type: plugin_backup, plugin: oracle_rman, workloads: [ora], repository: smb-paris}}""",
)  # fmt: skip
TOO_LITTLE_MEMORY = Rule(
    "GW090", "gateway-too-small", Severity.WARNING, "system_requirements_gateway.html",
    why="A gateway server needs 2 cores and 4 GB, and 1 GB for each machine disk that it takes at once. Below the minimum "
    "itself this is an error.",
    fix="Give it more memory, limit the tasks of the repository, or list another server.",
    wrong="servers: {gw01: {memory: 5 GiB}}",
    right="servers: {gw01: {memory: 32 GiB}}",
)  # fmt: skip
ROLES_TOO_MANY = Rule(
    "GW091", "roles-exceed-cores", Severity.WARNING, "limiting_tasks.html",
    why="A machine with several roles must sustain the sum of their tasks: two a core, and the memory of each.",
    fix="Lower the limits, move a role, or give the machine more.",
    wrong="proxies: {prx01: {type: vmware, max_concurrent_tasks: 40}}",
    right="proxies: {prx01: {type: vmware, max_concurrent_tasks: 4}}",
)  # fmt: skip
LIMIT_ABOVE_GATEWAYS = Rule(
    "GW092", "limit-above-gateways", Severity.WARNING, "limiting_tasks.html",
    why="The repository lets more tasks in than its gateway servers can carry; gateways have no limit of their own that "
    "would make tasks wait.",
    fix="Lower the limit, or list more servers.",
    wrong="repositories: {smb-paris: {max_concurrent_tasks: 100}}",
    right="repositories: {smb-paris: {max_concurrent_tasks: 8}}",
)  # fmt: skip
NO_LIMIT = Rule(
    "GW093", "no-task-limit", Severity.WARNING, "repository_repository.html",
    why="With per-machine chains and no task limit every machine writes at once; the vendor advises to keep the limit on.",
    fix="Set `max_concurrent_tasks`.",
    wrong="repositories: {smb-paris: {max_concurrent_tasks: null}}",
    right="repositories: {smb-paris: {max_concurrent_tasks: 8}}",
)  # fmt: skip
EXTENT_WITHOUT_LIMIT = Rule(
    "GW095", "data-domain-extent-without-limit", Severity.ERROR, "performance_tier_limitations.html",
    why="A Data Domain in a scale-out repository must have a task limit, so that the sum stays below its stream limit.",
    fix="Set `max_concurrent_tasks` on the extent.",
    wrong="""repositories: {dd: {type: data_domain, site: paris, gateway_servers: [gw01, gw02], mount_server: mnt01}}
scale_out_repositories: {sobr: {performance_tier: [dd]}}""",
    right="""repositories: {dd: {type: data_domain, site: paris, gateway_servers: [gw01, gw02], mount_server: mnt01, max_concurrent_tasks: 8}}
scale_out_repositories: {sobr: {performance_tier: [dd]}}""",
)  # fmt: skip
TEN_TASKS = Rule(
    "GW096", "appliance-limit-not-ten", Severity.NOTE, "deduplicating_appliance_exgrid.html",
    why="ExaGrid, Quantum DXi, Fujitsu CS800 and InfiniGuard are set to 10 tasks; another number is for their support to "
    "say.",
    fix="Set `max_concurrent_tasks: 10`.",
    wrong="repositories: {exa: {type: exagrid, site: paris, max_concurrent_tasks: 4}}",
    right="repositories: {exa: {type: exagrid, site: paris, max_concurrent_tasks: 10}}",
)  # fmt: skip
OVERSUBSCRIBED = Rule(
    "GW097", "gateway-oversubscribed", Severity.WARNING, "gateway_server.html#selection",
    why="Where tasks outnumber gateway servers one server takes several. More than two a core, or than its memory holds, "
    "is more than it can carry.",
    fix="Limit the tasks of the repository, list more servers, or start the jobs apart.",
    wrong="""workloads: {web: {platform: vmware, site: paris, count: 60}}
repositories: {smb-paris: {max_concurrent_tasks: 100}}""",
    right="workloads: {web: {platform: vmware, site: paris, count: 4}}",
)  # fmt: skip
ONE_OF_SEVERAL = Rule(
    "GW098", "whole-job-on-one-gateway", Severity.WARNING, "per_vm_backup_files.html",
    why="Without per-machine backup files one gateway server takes the whole job: the others on the list stand idle.",
    fix="Say `per_machine: true` (the chains need an active full), or split the job.",
    wrong="repositories: {smb-paris: {per_machine: false}}",
    right="repositories: {smb-paris: {per_machine: true}}",
)  # fmt: skip
SLOTS_PER_SHARE = Rule(
    "GW100", "share-needs-slot-on-every-extent", Severity.WARNING, "unstructured_data_backup_in_sobr.html",
    why="Backup of a file share to a scale-out repository takes a task slot on every extent, for each share.",
    fix="Raise the limits of the extents, or split the job.",
    wrong="""servers: {e1: {os: windows, site: paris}, e2: {os: windows, site: paris}}
repositories:
  ext-1: {type: windows, server: e1, max_concurrent_tasks: 8}
  ext-2: {type: windows, server: e2, max_concurrent_tasks: 2}
scale_out_repositories: {sobr: {performance_tier: [ext-1, ext-2]}}
proxies: {nas01: {type: general_purpose, server: prx01}, nas02: {type: general_purpose, server: prx02}}
workloads: {share: {platform: file_share, site: paris, count: 4}}
jobs: {files: {type: file_backup, workloads: [share], repository: sobr}}""",
    right="""servers: {e1: {os: windows, site: paris}, e2: {os: windows, site: paris}}
repositories:
  ext-1: {type: windows, server: e1, max_concurrent_tasks: 8}
  ext-2: {type: windows, server: e2, max_concurrent_tasks: 8}
scale_out_repositories: {sobr: {performance_tier: [ext-1, ext-2]}}
proxies: {nas01: {type: general_purpose, server: prx01}, nas02: {type: general_purpose, server: prx02}}
workloads: {share: {platform: file_share, site: paris, count: 4}}
jobs: {files: {type: file_backup, workloads: [share], repository: sobr}}""",
)  # fmt: skip
STOREONCE_FC = Rule(
    "GW103", "storeonce-share-fc-gateway", Severity.WARNING, "deduplicating_appliance_storeonce.html",
    why="Over Fibre Channel a host has few connections to StoreOnce: several repositories on one gateway compete for them.",
    fix="Give each repository gateway servers of its own.",
    wrong="""repositories:
  so-1: {type: storeonce, protocol: fc, site: paris, gateway_servers: [gw01, gw02], mount_server: mnt01, max_concurrent_tasks: 4}
  so-2: {type: storeonce, protocol: fc, site: paris, gateway_servers: [gw01, gw02], mount_server: mnt01, max_concurrent_tasks: 4}""",
    right="""repositories:
  so-1: {type: storeonce, protocol: fc, site: paris, gateway_servers: [gw01, gw02], mount_server: mnt01, max_concurrent_tasks: 4}""",
)  # fmt: skip
APPLIANCE_BASE = Rule(
    "GW106", "appliance-too-small", Severity.WARNING, "system_requirements_via.html",
    why="An Infrastructure Appliance needs 2 cores and 8 GB for itself, on top of the 2 cores and 4 GB of a gateway server.",
    fix="Give it at least 4 cores and 12 GB.",
    wrong="servers: {gw02: {os: linux, appliance: infrastructure, cores: 2, memory: 8 GiB}}",
    right="servers: {gw02: {os: linux, appliance: infrastructure, cores: 8, memory: 32 GiB}}",
)  # fmt: skip


def funnel_through_one_server(view: View) -> Iterator[Finding]:
    """Agents through the mount server, plug-ins through the backup server."""
    found: dict[tuple[str, str], tuple[dict[str, None], list[int]]] = {}
    for flow in view.flows:
        if flow.ruling.row.id in ("agent-backup", "plugin-backup"):
            jobs, tasks = found.setdefault((flow.ruling.repository, flow.gateway), ({}, []))
            jobs[flow.ruling.job] = None
            tasks.append(flow.tasks)
    for (repository, server), (jobs, tasks) in found.items():
        if sum(tasks) > 1:
            yield news(
                FUNNEL, "repository", repository,
                f"{repository} takes all {sum(tasks)} streams of {some(jobs)} through {server} on automatic selection",
                f"list several gateway servers for {repository}",
                on_key("repositories", repository),
                *on_jobs(jobs),
                on_key("servers", server, label="takes them all"),
            )  # fmt: skip


def backup_server_too_small(view: View) -> Iterator[Finding]:
    """What the backup server carries for plug-ins beside its own work."""
    name = view.inventory.backup_server
    entry = view.inventory.servers[name]
    flows = [f for f in view.flows if f.ruling.row.id == "plugin-backup" and f.gateway == name]
    streams = sum(flow.tasks for flow in flows)
    jobs = sum(job.enabled for job in view.inventory.jobs.values())
    memory = 16 * GIB + jobs * GIB // 2 + (4 + streams) * GIB
    short = []
    if entry.cores is not None and entry.cores < 10:
        short.append((f"{entry.cores} of 10 cores", "cores"))
    if entry.memory is not None and entry.memory < memory:
        short.append((f"{entry.memory // GIB} of {-(-memory // GIB)} GiB", "memory"))
    if streams and short:
        yield news(
            BACKUP_SERVER_SIZE, "server", name,
            f"{name} is the backup server and the gateway of {plural(streams, 'plug-in stream')}, with "
            f"{some(text for text, _ in short)}",
            "give it more, or list gateway servers",
            *(on_value("servers", name, key) for _, key in short),
            *(on_key("jobs", job, label="comes through it") for job in dict.fromkeys(f.ruling.job for f in flows)),
        )  # fmt: skip


class _Load(NamedTuple):
    """What one server carries at once in the data wave."""

    tasks: int
    disks: int


def _loads(view: View) -> dict[str, _Load]:
    """What the plan puts on each server, at most what limits let through: those of repositories, evenly over their
    gateways, and for the disks (for the tasks where it is its own machine) those of the proxies that read them.

    Limits exist on proxies and repositories only. limiting_tasks.html
    """
    flows: dict[tuple[str, str], dict[str | None, list[int]]] = {}
    servers_of: dict[str, set[str]] = {}
    for flow in view.flows:
        if flow.ruling.operation == "data":
            servers_of.setdefault(flow.ruling.repository, set()).add(flow.gateway)
            by_proxy = flows.setdefault((flow.gateway, flow.ruling.repository), {})
            count = by_proxy.setdefault(flow.proxy, [0, 0])
            count[0] += flow.tasks
            count[1] += flow.disks
    loads: dict[str, _Load] = {}
    for (server, repository), by_proxy in flows.items():
        tasks = disks = 0
        for name, (some_tasks, some_disks) in by_proxy.items():
            proxy = view.inventory.proxies.get(name or "")
            limit = proxy.max_concurrent_tasks if proxy else some_disks
            disks += min(some_disks, limit)
            tasks += min(some_tasks, limit) if proxy and view.machine_of(name) == server else some_tasks
        allowed = view.inventory.repositories[repository].max_concurrent_tasks
        share = -(-allowed // len(servers_of[repository])) if allowed else max(tasks, disks)
        before = loads.get(server, _Load(0, 0))
        loads[server] = _Load(before.tasks + min(tasks, share), before.disks + min(disks, share))
    return loads


def gateway_too_small(view: View) -> Iterator[Finding]:
    """The vendor's minimum, and a gigabyte for each disk at once. system_requirements_gateway.html, limiting_tasks.html"""
    for name, (_, disks) in _loads(view).items():
        entry = view.inventory.servers[name]
        short = _below(entry, cores=2, memory=4 * GIB)
        if short:
            have = some(short.values())
            yield news(
                TOO_LITTLE_MEMORY, "server", name, f"{name} serves as gateway with {have}, below the minimum of 2 cores and 4 GB",
                "give it more, or take it off the list", *(on_value("servers", name, key) for key in short),
                weight=Severity.ERROR,
            )  # fmt: skip
        elif entry.memory is not None and entry.memory < (4 + disks) * GIB:
            yield news(
                TOO_LITTLE_MEMORY, "server", name,
                f"{name} has {_gib(entry.memory)} and takes {plural(disks, 'disk')} at once, which needs {4 + disks} GiB",
                "give it more memory, limit the tasks of its repositories, or list another server",
                on_value("servers", name, "memory"), *_limits(view, name),
            )  # fmt: skip


def gateway_oversubscribed(view: View) -> Iterator[Finding]:
    """More tasks at once than slots, where cores or memory say how many those are."""
    for name, (tasks, _) in _loads(view).items():
        entry = view.inventory.servers[name]
        room = slots(view.inventory, name)
        if tasks > room and (entry.cores or entry.memory or entry.max_gateway_tasks):
            yield news(
                OVERSUBSCRIBED, "server", name,
                f"{name} takes {tasks} tasks at once and has room for {room}: {tasks - room} are too many",
                "limit the tasks of its repositories, list more servers, or start the jobs apart",
                on_key("servers", name), *_limits(view, name),
            )  # fmt: skip


def _limits(view: View, server: str) -> list[Spot]:
    """The repositories that a server serves: where a limit stands or should."""
    return [on_key("repositories", name, label="served by it") for name in view.served.get(server, ())]


def _below(entry: Server, *, cores: int, memory: int) -> dict[str, str]:
    """The keys of a server that are given and too small, with what they say."""
    short = {}
    if entry.cores and entry.cores < cores:
        short["cores"] = plural(entry.cores, "core")
    if entry.memory and entry.memory < memory:
        short["memory"] = _gib(entry.memory)
    return short


def _gib(size: int) -> str:
    return f"{size / GIB:.4g} GiB"


_PER_TASK = {"vmware": 1.0, "hyperv_off_host": 0.5, "general_purpose": 4.0}


def roles_exceed_cores(view: View) -> Iterator[Finding]:
    """Two tasks a core over all roles, and the memory of each. limiting_tasks.html"""
    inventory = view.inventory
    roles: dict[str, list[tuple[int, float, str, Spot]]] = {}
    for name, proxy in inventory.proxies.items():
        if proxy.enabled:
            spot = on_key("proxies", name, label="a proxy")
            tasks = proxy.max_concurrent_tasks
            server = view.network.role_server("proxy", name)
            roles.setdefault(server, []).append((tasks, tasks * _PER_TASK[proxy.type], f"proxy {name}", spot))
    for name, entry in inventory.repositories.items():
        limit = entry.max_concurrent_tasks
        if limit is None:
            continue
        if entry.type in SERVER_HOSTED and entry.server:
            spot = on_key("repositories", name, label="a repository on it")
            roles.setdefault(entry.server, []).append((limit, limit, f"repository {name}", spot))
        for server, spot in zip(view.listed(name), on_listed(view, name, view.listed(name), "a gateway"), strict=True):
            share = -(-limit // len(view.listed(name)))
            roles.setdefault(server, []).append((share, share, f"gateway of {name}", spot))
    for server, given in roles.items():
        if all(role[2].startswith("gateway of") for role in given):
            continue  # GW090, GW092 and GW097 speak of gateways alone
        machine = inventory.servers[server]
        tasks, memory = sum(role[0] for role in given), sum(role[1] for role in given)
        over_cores = machine.cores is not None and tasks > 2 * machine.cores
        if over_cores or (machine.memory is not None and memory * GIB > machine.memory):
            room = f"{2 * (machine.cores or 0)} on {machine.cores} cores" if over_cores else f"{_gib(machine.memory or 0)}"
            have = f"{tasks} tasks" if over_cores else f"tasks that need {memory:.4g} GiB"
            yield news(
                ROLES_TOO_MANY, "server", server,
                f"{server} has {have} at once as {some(role[2] for role in given)}, and room for {room}",
                "lower the limits, move a role, or give the machine more",
                on_value("servers", server, "cores" if over_cores else "memory"), *(role[3] for role in given),
            )  # fmt: skip


def limit_above_gateways(view: View) -> Iterator[Finding]:
    """A repository's limit against the room on its listed servers, where that is known."""
    servers = view.inventory.servers
    for name in view.behind_gateway():
        limit, listed = view.inventory.repositories[name].max_concurrent_tasks, view.listed(name)
        known = all(servers[s].cores or servers[s].memory or servers[s].max_gateway_tasks for s in listed)
        room = sum(slots(view.inventory, server) for server in listed)
        if listed and limit and known and limit > room:
            yield news(
                LIMIT_ABOVE_GATEWAYS, "repository", name,
                f"{name} lets {limit} tasks in at once, and its gateway servers {some(listed)} have room for {room}",
                f"lower the limit to {room}, or list more servers",
                on_value("repositories", name, "max_concurrent_tasks"), *on_listed(view, name, listed, "takes a part"),
            )  # fmt: skip


def no_task_limit(view: View) -> Iterator[Finding]:
    """Per-machine chains without a limit, on repositories that some job writes to."""
    written = {name for job in view.inventory.jobs.values() if job.enabled for name in view.targets(job)}
    for name, entry in view.inventory.repositories.items():
        if entry.max_concurrent_tasks is not None or entry.type in APPLIANCES | {"cloud"} or name not in written:
            continue
        if view.is_per_machine(name):
            yield news(
                NO_LIMIT, "repository", name, f"{name} has no task limit: every machine writes to it at once",
                "set `max_concurrent_tasks`", on_key("repositories", name),
            )  # fmt: skip


def data_domain_extent_without_limit(view: View) -> Iterator[Finding]:
    """Data Domain in a performance tier."""
    for name, whole in view.inventory.extent_of.items():
        entry = view.inventory.repositories[name]
        if entry.type == "data_domain" and entry.max_concurrent_tasks is None:
            yield news(
                EXTENT_WITHOUT_LIMIT, "repository", name,
                f"{name} is a Data Domain in {whole} and has no task limit", "set `max_concurrent_tasks`",
                on_key("repositories", name), on_key("scale_out_repositories", whole, label="the scale-out repository"),
            )  # fmt: skip


def appliance_limit_not_ten(view: View) -> Iterator[Finding]:
    """Ten tasks, unless the appliance's support says otherwise."""
    for name, entry in view.inventory.repositories.items():
        limit = entry.max_concurrent_tasks
        if entry.type in APPLIANCES and limit != 10:
            yield news(
                TEN_TASKS, "repository", name,
                f"{name} has {'no task limit' if limit is None else f'a limit of {limit} tasks'}; the vendor sets 10 for it",
                "set `max_concurrent_tasks: 10`",
                on_value("repositories", name, "max_concurrent_tasks") if limit else on_key("repositories", name),
            )  # fmt: skip


def whole_job_on_one_gateway(view: View) -> Iterator[Finding]:
    """Several servers are listed, one serves."""
    for name in view.behind_gateway():
        listed = view.listed(name)
        if len(listed) > 1 and not view.is_per_machine(name):
            whole = view.inventory.extent_of.get(name)
            at = ("scale_out_repositories", whole) if whole else ("repositories", name)
            yield news(
                ONE_OF_SEVERAL, "repository", name,
                f"{name} lists {some(listed)} and has no per-machine backup files: one of them takes each job whole",
                "say `per_machine: true`, or split the jobs",
                on_value(*at, "per_machine"), *on_listed(view, name, listed, "one of them"),
            )  # fmt: skip


def share_needs_slot_on_every_extent(view: View) -> Iterator[Finding]:
    """As many slots on each extent as a job has shares."""
    for name, job in view.jobs("file_backup"):
        if job.repository not in view.inventory.scale_out_repositories:
            continue
        shares = len(view.inventory.holdings.workloads[name])
        limits = {e: view.inventory.repositories[e].max_concurrent_tasks for e in view.targets(job)}
        tight = [extent for extent, limit in limits.items() if limit is not None and limit < shares]
        if tight:
            yield news(
                SLOTS_PER_SHARE, "job", name,
                f"{name} has {plural(shares, 'share')}, each of which takes a slot on every extent of {job.repository}, and "
                f"{some(tight)} has fewer",
                "raise the limits of the extents, or split the job",
                on_value("jobs", name, "repository"),
                *(on_value("repositories", extent, "max_concurrent_tasks", label="fewer slots") for extent in tight),
            )  # fmt: skip


def storeonce_share_fc_gateway(view: View) -> Iterator[Finding]:
    """StoreOnce repositories over Fibre Channel that list the same server."""
    users: dict[str, list[str]] = {}
    for name, entry in view.inventory.repositories.items():
        if entry.type == "storeonce" and entry.protocol == "fc":
            for server in view.listed(name):
                users.setdefault(server, []).append(name)
    for server, names in users.items():
        if len(names) > 1:
            yield news(
                STOREONCE_FC, "server", server,
                f"{server} is the Fibre Channel gateway of {some(names)}, which compete for its few connections",
                "give each repository gateway servers of its own",
                on_key("servers", server), *(spot for name in names for spot in on_listed(view, name, [server], "listed here")),
            )  # fmt: skip


def appliance_too_small(view: View) -> Iterator[Finding]:
    """An Infrastructure Appliance that is a listed gateway."""
    listed = {server for name in view.inventory.repositories for server in view.listed(name)}
    for name, entry in view.inventory.servers.items():
        if entry.appliance != "infrastructure" or name not in listed:
            continue
        short = _below(entry, cores=4, memory=12 * GIB)
        if short:
            have = some(short.values())
            yield news(
                APPLIANCE_BASE, "server", name,
                f"{name} is an Infrastructure Appliance and a gateway with {have}; the two together need 4 cores and 12 GB",
                "give it more", *(on_value("servers", name, key) for key in short),
            )  # fmt: skip


CHECKS = (
    (FUNNEL, funnel_through_one_server),
    (BACKUP_SERVER_SIZE, backup_server_too_small),
    (TOO_LITTLE_MEMORY, gateway_too_small),
    (ROLES_TOO_MANY, roles_exceed_cores),
    (LIMIT_ABOVE_GATEWAYS, limit_above_gateways),
    (NO_LIMIT, no_task_limit),
    (EXTENT_WITHOUT_LIMIT, data_domain_extent_without_limit),
    (TEN_TASKS, appliance_limit_not_ten),
    (OVERSUBSCRIBED, gateway_oversubscribed),
    (ONE_OF_SEVERAL, whole_job_on_one_gateway),
    (SLOTS_PER_SHARE, share_needs_slot_on_every_extent),
    (STOREONCE_FC, storeonce_share_fc_gateway),
    (APPLIANCE_BASE, appliance_too_small),
)
