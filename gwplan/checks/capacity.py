"""Checks of load: what a machine has to carry at once, against what it has to carry it with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from gwplan.checks.shape import Hit, check_for, on_jobs, on_key, on_listed, on_value, some
from gwplan.checks.view import View
from gwplan.findings import Rule, Severity, Spot
from gwplan.inventory.entries import SERVER_HOSTED, Server
from gwplan.inventory.quantities import RATE_UNITS
from gwplan.nouns import numbered
from gwplan.planning.carried import at_once
from gwplan.planning.rank import GIB, slots

GBPS = RATE_UNITS["Gbps"]
_FUNNELS = frozenset({"agent-backup", "plugin-backup", "copy-direct-attached", "copy-from-object-direct"})
"""Rows that send every task of a repository to one machine."""


@check_for(Rule(
    "GW077", "funnel-through-one-server", Severity.WARNING, "gateway_server.html#auto",
    why="On automatic selection every agent, and every copy from a direct-attached repository, comes through the one "
    "mount server and every plug-in through the backup server; nothing is spread.",
    fix="List several gateway servers.",
))  # fmt: skip
def funnel_through_one_server(view: View) -> Iterator[Hit]:
    found: dict[tuple[str, str], tuple[dict[str, None], list[int]]] = {}
    for flow in view.certain_flows:
        if flow.ruling.row.id in _FUNNELS:
            jobs, tasks = found.setdefault((flow.ruling.repository, flow.gateway), ({}, []))
            jobs[flow.ruling.job] = None
            tasks.append(flow.tasks)
    for (repository, server), (jobs, tasks) in found.items():
        if sum(tasks) > 1:
            yield Hit(
                "repository", repository,
                f"{repository} takes all {sum(tasks)} streams of {some(jobs)} through {server} on automatic selection",
                on_key("repositories", repository), *on_jobs(jobs), on_key("servers", server, label="takes them all"),
                fix=f"list several gateway servers for {repository}",
            )  # fmt: skip


@check_for(Rule(
    "GW078", "backup-server-too-small-for-plugins", Severity.WARNING, "system_requirements_backup_server.html",
    why="On automatic selection plug-ins come through the backup server, which then needs what a gateway server needs "
    "on top of its own 8 cores and 16 GB: 2 cores, and 4 GB with 1 GB a stream.",
    fix="Give the backup server more, or list gateway servers.",
))  # fmt: skip
def backup_server_too_small(view: View) -> Iterator[Hit]:
    name = view.inventory.backup_server
    entry = view.inventory.servers[name]
    flows = [f for f in view.certain_flows if f.ruling.row.id == "plugin-backup" and f.gateway == name]
    streams = sum(flow.tasks for flow in flows)
    jobs = sum(job.enabled for job in view.inventory.jobs.values())
    memory = 16 * GIB + jobs * GIB // 2 + (4 + streams) * GIB
    short = []
    if entry.cores is not None and entry.cores < 10:
        short.append((f"{entry.cores} of 10 cores", "cores"))
    if entry.memory is not None and entry.memory < memory:
        short.append((f"{entry.memory // GIB} of {-(-memory // GIB)} GiB", "memory"))
    if streams and short:
        yield Hit(
            "server", name,
            f"{name} is the backup server and the gateway of {numbered(streams, 'plug-in stream')}, with "
            f"{some(text for text, _ in short)}",
            *(on_value("servers", name, key) for _, key in short),
            *(on_key("jobs", job, label="comes through it") for job in dict.fromkeys(f.ruling.job for f in flows)),
            fix="give it more, or list gateway servers",
        )  # fmt: skip


@check_for(Rule(
    "GW090", "gateway-too-small", Severity.WARNING, "system_requirements_gateway.html",
    why="A gateway server needs 2 cores and 4 GB, and 1 GB for each machine disk that it takes at once. Below the "
    "minimum itself this is an error.",
    fix="Give it more memory, limit the tasks of the repository, or list another server.",
))  # fmt: skip
def gateway_too_small(view: View) -> Iterator[Hit]:
    """A gigabyte for each disk at once: limiting_tasks.html."""
    for name, disks in _disks(view).items():
        entry = view.inventory.servers[name]
        short = _below(entry, cores=2, memory=4 * GIB)
        if short:
            have = some(short.values())
            yield Hit(
                "server", name,
                f"{name} serves as gateway with {have}, below the minimum of 2 cores and 4 GB",
                *(on_value("servers", name, key) for key in short),
                fix="give it more, or take it off the list", weight=Severity.ERROR,
            )  # fmt: skip
        elif entry.memory is not None and entry.memory < (4 + disks) * GIB:
            yield Hit(
                "server", name,
                f"{name} has {_gib(entry.memory)} and takes {numbered(disks, 'disk')} at once, which needs {4 + disks} "
                "GiB",
                on_value("servers", name, "memory"), *_limits(view, name),
                fix="give it more memory, limit the tasks of its repositories, or list another server",
            )  # fmt: skip


@check_for(Rule(
    "GW097", "gateway-oversubscribed", Severity.WARNING, "gateway_server.html#selection",
    why="Where tasks outnumber gateway servers one server takes several. More than two a core, or than its memory "
    "holds, is more than it can carry. Synthetic operations, which all come to one mount server, count by themselves.",
    fix="Limit the tasks of the repository, list more servers, or start the jobs apart.",
))  # fmt: skip
def gateway_oversubscribed(view: View) -> Iterator[Hit]:
    """The number that `resolve` shows; and the same sum of synthetic operations, if the data alone is not too much."""
    at_most = {load.server: load.at_once for load in view.plan.gateways}  # a task with both sides here counts once
    told: set[str] = set()
    for operation, what in (("data", "tasks"), ("synthetic", "synthetic operations")):
        for name, number in at_once(view.inventory, view.carried(operation)).items():
            entry, room = view.inventory.servers[name], slots(view.inventory, name)
            number = min(number, at_most[name]) if operation == "data" else number
            if number > room and name not in told and (entry.cores or entry.memory or entry.max_gateway_tasks):
                told.add(name)
                yield Hit(
                    "server", name,
                    f"{name} takes {number} {what} at once and has room for {room}: {number - room} are too many",
                    on_key("servers", name), *_limits(view, name, operation),
                    fix="limit the tasks of its repositories, list more servers, or start the jobs apart",
                )  # fmt: skip


def _disks(view: View) -> dict[str, int]:
    """The disks that each server takes at once in the data wave, as far as limits let them through: of the proxies that
    read them, and of the repositories, split evenly over their gateways. limiting_tasks.html"""
    flows: dict[tuple[str, str], Counter[str | None]] = {}
    servers_of: dict[str, set[str]] = {}
    for flow in view.flows:
        if flow.ruling.operation == "data":
            servers_of.setdefault(flow.ruling.repository, set()).add(flow.gateway)
            flows.setdefault((flow.gateway, flow.ruling.repository), Counter())[flow.proxy] += flow.disks
    found: Counter[str] = Counter()
    for (server, repository), by_proxy in flows.items():
        disks = 0
        for name, some_disks in by_proxy.items():
            proxy = view.inventory.proxies.get(name or "")
            disks += min(some_disks, proxy.max_concurrent_tasks) if proxy else some_disks
        allowed = view.inventory.repositories[repository].max_concurrent_tasks
        found[server] += min(disks, -(-allowed // len(servers_of[repository]))) if allowed else disks
    return found


def _limits(view: View, server: str, operation: str = "data") -> list[Spot]:
    """The repositories that a server serves: where a limit stands or should."""
    names = [repository for by, repository in view.carried(operation).on if by == server]
    return [on_key("repositories", name, label="served by it") for name in names]


@check_for(Rule(
    "GW091", "roles-exceed-cores", Severity.WARNING, "limiting_tasks.html",
    why="A machine with several roles must sustain the sum of their tasks: two a core, and the memory of each.",
    fix="Lower the limits, move a role, or give the machine more.",
))  # fmt: skip
def roles_exceed_cores(view: View) -> Iterator[Hit]:
    for server, roles in _roles(view).items():
        if all(role.is_gateway for role in roles):
            continue  # GW090, GW092 and GW097 speak of gateways alone
        machine = view.inventory.servers[server]
        tasks, memory = sum(role.tasks for role in roles), sum(role.memory for role in roles)
        if machine.cores is not None and tasks > 2 * machine.cores:
            key, have, room = "cores", f"{tasks} tasks", f"{2 * machine.cores} on {machine.cores} cores"
        elif machine.memory is not None and memory * GIB > machine.memory:
            key, have, room = "memory", f"tasks that need {memory:.4g} GiB", _gib(machine.memory)
        else:
            continue
        yield Hit(
            "server", server,
            f"{server} has {have} at once as {some(role.words for role in roles)}, and room for {room}",
            on_value("servers", server, key), *(role.spot for role in roles),
        )  # fmt: skip


_PER_TASK = {"vmware": 1.0, "hyperv_off_host": 0.5, "general_purpose": 4.0}
"""The memory that a task of a proxy takes, in GB."""


class _Role(NamedTuple):
    """What a server does for one proxy or repository: tasks at once, the memory that they take in GB, and where."""

    tasks: int
    memory: float
    words: str
    spot: Spot
    is_gateway: bool = False


def _roles(view: View) -> dict[str, list[_Role]]:
    """The roles of each server, as far as their tasks are limited."""
    found: dict[str, list[_Role]] = {}
    for name, proxy in view.inventory.proxies.items():
        if proxy.enabled:
            tasks, spot = proxy.max_concurrent_tasks, on_key("proxies", name, label="a proxy")
            role = _Role(tasks, tasks * _PER_TASK[proxy.type], f"proxy {name}", spot)
            found.setdefault(view.network.role_server("proxy", name), []).append(role)
    for name, entry in view.inventory.repositories.items():
        limit, listed = entry.max_concurrent_tasks, view.listed(name)
        if limit is None:
            continue
        if entry.type in SERVER_HOSTED and entry.server:
            role = _Role(limit, limit, f"repository {name}", on_key("repositories", name, label="a repository on it"))
            found.setdefault(entry.server, []).append(role)
        for server, spot in zip(listed, on_listed(view, name, listed, "a gateway"), strict=True):
            share = -(-limit // len(listed))
            found.setdefault(server, []).append(_Role(share, share, f"gateway of {name}", spot, is_gateway=True))
    return found


@check_for(Rule(
    "GW104", "gateway-network-too-slow", Severity.WARNING, "system_requirements_gateway.html",
    why="A gateway server needs a network of 1 Gbps in the site of its repository, and of 1 Mbps elsewhere.",
    fix="Give it a faster network adapter, or list another server.",
))  # fmt: skip
def gateway_network_too_slow(view: View) -> Iterator[Hit]:
    slow = {name for name, entry in view.inventory.servers.items() if entry.network and entry.network < GBPS}
    pairs = {(flow.gateway, flow.ruling.repository): None for flow in view.flows if flow.gateway in slow}
    pairs |= {(s, name): None for name in view.behind_gateway() for s in view.listed(name) if s in slow}
    served: dict[str, list[str]] = {}
    for server, repository in pairs:
        needs = GBPS if view.in_site_of(server, repository) else GBPS // 1000
        if (view.inventory.servers[server].network or needs) < needs:
            served.setdefault(server, []).append(repository)
    for server, repositories in served.items():
        yield Hit(
            "server", server,
            f"{server} is a gateway server of {some(repositories)}, and its network carries less than they need",
            on_value("servers", server, "network"),
            *(on_key("repositories", name, label="served by it") for name in repositories),
        )  # fmt: skip


@check_for(Rule(
    "GW106", "appliance-too-small", Severity.WARNING, "system_requirements_via.html",
    why="An Infrastructure Appliance needs 2 cores and 8 GB for itself, on top of the 2 cores and 4 GB of a gateway "
    "server.",
    fix="Give it at least 4 cores and 12 GB.",
))  # fmt: skip
def appliance_too_small(view: View) -> Iterator[Hit]:
    listed = {server for name in view.inventory.repositories for server in view.listed(name)}
    for name, entry in view.inventory.servers.items():
        if entry.appliance != "infrastructure" or name not in listed:
            continue
        short = _below(entry, cores=4, memory=12 * GIB)
        if short:
            have = some(short.values())
            yield Hit(
                "server", name,
                f"{name} is an Infrastructure Appliance and a gateway with {have}; the two together need 4 cores and "
                "12 GB",
                *(on_value("servers", name, key) for key in short),
                fix="give it more",
            )  # fmt: skip


def _below(entry: Server, *, cores: int, memory: int) -> dict[str, str]:
    """The keys of a server that are given and too small, with what they say."""
    short = {}
    if entry.cores and entry.cores < cores:
        short["cores"] = numbered(entry.cores, "core")
    if entry.memory and entry.memory < memory:
        short["memory"] = _gib(entry.memory)
    return short


def _gib(size: int) -> str:
    return f"{size / GIB:.4g} GiB"


CHECKS = (
    funnel_through_one_server,
    backup_server_too_small,
    gateway_too_small,
    gateway_oversubscribed,
    roles_exceed_cores,
    gateway_network_too_slow,
    appliance_too_small,
)
