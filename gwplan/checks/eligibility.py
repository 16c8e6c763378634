"""Checks of who may serve: servers that are listed or would be chosen, and should not be."""

from __future__ import annotations

from collections.abc import Iterator

from gwplan.findings import Finding, Rule, Severity, Spot, Subject
from gwplan.inventory.model import Inventory
from gwplan.inventory.schema import BEHIND_GATEWAY, DEDUPLICATING, OBJECT_STORAGE
from gwplan.planning.trace import Plan, Verdict

HYPERV_HOST_LISTED = Rule("GW023", "hyperv-host-for-dedup", Severity.WARNING, "gateway_server.html#requirements")
HYPERV_ON_HOST = Rule("GW024", "hyperv-on-host-for-dedup", Severity.WARNING, "gateway_server.html#requirements")
PROXY_MAY_NOT_SERVE = Rule("GW027", "candidate-without-access", Severity.WARNING, "gateway_server.html#requirements")
NO_MOUNT_SERVER = Rule("GW054", "no-mount-server", Severity.WARNING, "mount_server.html")
OBJECT_GATEWAY_DEFAULT = Rule("GW042", "object-gateway-default", Severity.NOTE, "amazon_repository_account.html")


def hyperv_host_listed(inventory: Inventory, _plan: Plan) -> Iterator[Finding]:
    """The page's revision of 2026-03 forbids Hyper-V hosts for deduplicating appliances."""
    for name, repository in inventory.repositories.items():
        if repository.type not in DEDUPLICATING:
            continue
        for number, server in enumerate(repository.gateway_servers or ()):
            if inventory.servers[server].os == "hyperv":
                yield Finding(
                    HYPERV_HOST_LISTED,
                    Subject("repository", name),
                    f"{name} lists {server}, a Hyper-V host, which later revisions of the vendor's page forbid for "
                    "deduplicating appliances",
                    "list a Windows or Linux server instead",
                    Spot(("repositories", name, "gateway_servers", number)),
                    (Spot(("servers", server), on_key=True, label="the Hyper-V host"),),
                )


def hyperv_on_host_automatic(inventory: Inventory, plan: Plan) -> Iterator[Finding]:
    """On-host processing makes the Hyper-V host the gateway of a deduplicating appliance."""
    found = dict.fromkeys(
        (ruling.job, ruling.repository, ruling.eligible[0])
        for ruling in plan.rulings
        if ruling.tier == "hyperv-host" and inventory.repositories[ruling.repository].type in DEDUPLICATING
    )
    for job, repository, host in found:
        yield Finding(
            HYPERV_ON_HOST,
            Subject("repository", repository),
            f"{job} reaches {repository} through the Hyper-V host {host}, which later revisions of the vendor's page "
            "forbid for deduplicating appliances",
            f"list gateway servers for {repository}, or process {job} off-host",
            Spot(("repositories", repository), on_key=True),
            (Spot(("jobs", job), on_key=True, label="the job"),),
        )


def reading_proxy_may_not_serve(_inventory: Inventory, plan: Plan) -> Iterator[Finding]:
    """The proxy that reads is first in line as gateway; where it may not serve, the role passes on."""
    found: dict[tuple[str, str, str], Verdict] = {}
    for ruling in plan.rulings:
        if ruling.row.id not in ("backup-vmware", "backup-hyperv", "file-backup"):
            continue
        for candidate in ruling.tiers[0].candidates if ruling.tiers else ():
            if candidate.refusal is not None:
                found.setdefault((ruling.job, ruling.repository, candidate.server), candidate.refusal)
    for (job, repository, server), refusal in found.items():
        yield Finding(
            PROXY_MAY_NOT_SERVE,
            Subject("repository", repository),
            f"the proxy on {server} reads for {job} but may not serve {repository}: it {refusal.why}",
            f"let {server} reach {repository}, or list gateway servers for {repository}",
            Spot(("repositories", repository), on_key=True),
            (Spot(("jobs", job), on_key=True, label="the job"),),
        )


def no_mount_server(inventory: Inventory, _plan: Plan) -> Iterator[Finding]:
    """Without a mount server and a default one the backup server acts."""
    for name, repository in inventory.repositories.items():
        if repository.type in BEHIND_GATEWAY and not inventory.mount_servers(name):
            yield Finding(
                NO_MOUNT_SERVER,
                Subject("repository", name),
                f"{name} names no mount server and there is no default one: {inventory.backup_server} acts in its "
                "place",
                "add `mount_server:` to it, or `default_mount_servers:`",
                Spot(("repositories", name), on_key=True),
            )


def object_gateway_default(inventory: Inventory, _plan: Plan) -> Iterator[Finding]:
    """Object storage through a gateway that names none goes through the backup server."""
    for name, repository in inventory.repositories.items():
        through_gateway = repository.type == OBJECT_STORAGE and repository.connection == "gateway"
        if through_gateway and not repository.gateway_servers:
            yield Finding(
                OBJECT_GATEWAY_DEFAULT,
                Subject("repository", name),
                f"{name} connects through a gateway server and lists none: the backup server "
                f"{inventory.backup_server} is taken",
                "list the servers under `gateway_servers`",
                Spot(("repositories", name), on_key=True),
            )
