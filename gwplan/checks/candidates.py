"""Checks of automatic selection: candidates of the vendor's table that could not serve when they are chosen."""

from __future__ import annotations

from collections.abc import Iterator

from gwplan.checks.shape import Hit, agree, check_for, on_jobs, on_key, on_value, some
from gwplan.checks.view import Candidacy, View, lost_with
from gwplan.findings import Rule, Severity
from gwplan.inventory.entries import DEDUPLICATING, OBJECT_STORAGE
from gwplan.planning.editions import refusing


@check_for(Rule(
    "GW020", "fc-needs-explicit-gateway", Severity.ERROR, "gateway_server.html#requirements",
    why="An appliance over Fibre Channel needs at least one gateway server that is selected explicitly: with automatic "
    "selection every task fails.",
    fix="List servers that share a fabric with the appliance under `gateway_servers`.",
))  # fmt: skip
def fc_needs_list(view: View) -> Iterator[Hit]:
    for name, entry in view.inventory.repositories.items():
        if entry.is_over_fc and entry.gateway_servers is None:
            zoned = [f for f, members in view.inventory.fabrics.items() if ("repository", name) in members]
            at = f"of fabric {some(zoned)} " if zoned else ""
            yield Hit(
                "repository", name,
                f"{name} is reached over Fibre Channel but its gateway is chosen automatically",
                on_value("repositories", name, "protocol"),
                fix=f"list at least one server {at}under `gateway_servers`",
            )  # fmt: skip


@check_for(Rule(
    "GW024", "hyperv-on-host-for-dedup", Severity.WARNING, "gateway_server.html#requirements",
    why="On-host processing makes the Hyper-V host the gateway, and revisions of the page since 2026-03 forbid that "
    "for deduplicating appliances.",
    fix="List gateway servers for the appliance, or process off-host.",
))  # fmt: skip
def hyperv_on_host(view: View) -> Iterator[Hit]:
    for name, hosts in _hosts(view).items():
        kind = view.inventory.repositories[name].type
        forbids = refusing(kind, "hyperv", view.plan.world.edition) if kind in DEDUPLICATING else None
        if forbids is not None:
            servers, jobs = hosts
            yield Hit(
                "repository", name,
                f"{name} is reached through the Hyper-V host {some(servers)} by {some(jobs)}, which "
                f"{forbids.cited} forbids for deduplicating appliances",
                on_key("repositories", name), *on_jobs(jobs),
                fix=f"list gateway servers for {name}, or process off-host",
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


@check_for(Rule(
    "GW027", "candidate-without-access", Severity.WARNING, "gateway_server.html#requirements",
    why="Automatic selection comes to this server first or as a fallback, and it cannot serve: the role passes on to "
    "the next. Where there is none the job fails, and this is an error.",
    fix="Let the server reach the repository, or list gateway servers.",
))  # fmt: skip
def candidate_without_access(view: View) -> Iterator[Hit]:
    """One finding per repository and cause; the backup server as the last fallback is GW055."""
    causes: dict[tuple[str, str, bool], dict[str, Candidacy]] = {}
    for (repository, server), one in view.automatic.items():
        for check in one.refusals:
            if check not in _OWN_RULE and list(one.tiers) != ["backup-server"]:
                causes.setdefault((repository, check, bool(one.lost)), {})[server] = one
    told: set[tuple[str, str]] = set()  # two checks may refuse in the same words: no route, on either side of a copy
    for (repository, check, is_lost), servers in causes.items():
        why = next(iter(servers.values())).refusals[check].why
        jobs = dict.fromkeys(job for one in servers.values() for job in (one.lost if is_lost else one.jobs))
        each = "it" if len(servers) == 1 else "each"
        picks = f"may pick {some(servers)}"
        if is_lost:
            picks = f"for {some(lost_with(servers.values()))} can pick only {some(servers)}"
        message = f"automatic selection on {repository} {picks}, which cannot serve: {each} {why}"
        if (repository, message) in told:
            continue
        told.add((repository, message))
        yield Hit(
            "repository", repository, message,
            on_key("repositories", repository),
            *(on_key("servers", server, label="the candidate") for server in servers),
            *on_jobs(job for job in jobs if job in view.inventory.jobs),
            fix=f"{_remedy(some(servers), repository, check)}, or list gateway servers for it",
            weight=Severity.ERROR if is_lost else None,
        )  # fmt: skip


def _remedy(servers: str, repository: str, check: str) -> str:
    """What would let a candidate serve; a failed source-route is about the other side of the task."""
    if check == "source-route":
        return f"let {servers} reach where the data comes from or goes to"
    return f"let {servers} reach {repository}"


@check_for(Rule(
    "GW042", "object-gateway-default", Severity.NOTE, "amazon_repository_account.html",
    why="Object storage that connects through a gateway and lists none goes through the backup server.",
    fix="List the servers under `gateway_servers`.",
))  # fmt: skip
def object_gateway_default(view: View) -> Iterator[Hit]:
    for name, repository in view.inventory.repositories.items():
        through_gateway = repository.type == OBJECT_STORAGE and repository.connection == "gateway"
        if through_gateway and not repository.gateway_servers:
            yield Hit(
                "repository", name,
                f"{name} connects through a gateway server and lists none: the backup server "
                f"{view.inventory.backup_server} is taken",
                on_key("repositories", name),
            )  # fmt: skip


@check_for(Rule(
    "GW055", "fallback-cannot-serve", Severity.WARNING, "gateway_server.html#auto",
    why="The table ends with the backup server, and here it cannot serve: the chain is one shorter than it looks. An "
    "error where nothing comes before it that can.",
    fix="Let the backup server reach the repository, or list gateway servers.",
))  # fmt: skip
def fallback_cannot_serve(view: View) -> Iterator[Hit]:
    for (repository, server), one in view.automatic.items():
        refusals = [verdict for check, verdict in one.refusals.items() if check != "online"]
        if "backup-server" in one.tiers and refusals:
            cannot = "which may not serve it"
            if one.lost:
                cannot = f"which cannot serve {some(lost_with([one]))}, and nobody else can"
            yield Hit(
                "repository", repository,
                f"{repository} falls back to the backup server {server}, {cannot}: it {refusals[0].why}",
                on_key("repositories", repository), on_key("servers", server, label="the backup server"),
                fix=f"{_remedy(server, repository, refusals[0].check)}, or list gateway servers for it",
                weight=Severity.ERROR if one.lost else None,
            )  # fmt: skip


@check_for(Rule(
    "GW061", "off-host-failover-moves-gateway", Severity.WARNING, "backup_job_storage_hv.html",
    why="When off-host processing fails over, the Hyper-V host becomes the automatic gateway, and here it should not: "
    "it has no access, or the repository is a deduplicating appliance.",
    fix="List gateway servers for the repository, or let the host reach it.",
))  # fmt: skip
def off_host_failover(view: View) -> Iterator[Hit]:
    found: dict[str, tuple[dict[str, str], dict[str, None]]] = {}
    for ruling in view.plan.rulings:
        if ruling.row.id not in ("backup-hyperv", "backup-object-direct") or len(ruling.tiers) < 2:
            continue
        kind = view.inventory.repositories[ruling.repository].type
        forbids = refusing(kind, "hyperv", view.plan.world.edition) if kind in DEDUPLICATING else None
        for candidate in ruling.tiers[-1].candidates if ruling.tiers[-1].name == "hyperv-host" else ():
            refusal = next((v for v in candidate.verdicts if not v.ok and v.check != "online"), None)
            why = refusal.why if refusal else f"{forbids.cited} forbids that" if forbids else None
            if why is not None:
                hosts, jobs = found.setdefault(ruling.repository, ({}, {}))
                hosts[candidate.server] = why
                jobs[ruling.job] = None
    for repository, (hosts, jobs) in found.items():
        yield Hit(
            "repository", repository,
            f"{repository} would get the Hyper-V {agree(hosts, 'host', 'hosts')} {some(hosts)} as its gateway when "
            f"{some(jobs)} {agree(jobs, 'fails', 'fail')} over to on-host processing: {next(iter(hosts.values()))}",
            on_key("repositories", repository), *on_jobs(jobs),
            fix=f"list gateway servers for {repository}, or say `off_host_failover: false`",
        )  # fmt: skip


CHECKS = (
    fc_needs_list,
    hyperv_on_host,
    candidate_without_access,
    object_gateway_default,
    fallback_cannot_serve,
    off_host_failover,
)
