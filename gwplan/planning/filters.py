"""Who may serve: one small function per check, one ordered tuple, every check of every candidate.

Checks are monotone: taking something away can only turn a yes into a no. What is relative lives in ``rank.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from gwplan.network import Network
from gwplan.planning.table import Edition
from gwplan.planning.trace import Verdict


class Far(NamedTuple):
    """What a gateway exchanges data with, away from its repository: where it stands, None where nobody says."""

    what: str
    site: str | None


class Ask(NamedTuple):
    """One question of eligibility; equal questions share their verdicts."""

    server: str
    repository: str
    pool: str = ""  # the pool that names it; only given for a server that hosts a hardened repository
    far: Far | None = None  # None where data comes from nowhere else


def judge(network: Network, edition: Edition, ask: Ask) -> tuple[Verdict, ...]:
    """All verdicts of one candidate, in the order of CHECKS; a check that does not apply gives none."""
    return tuple(verdict for check in CHECKS if (verdict := check(network, edition, ask)) is not None)


def managed(network: Network, _edition: Edition, ask: Ask) -> Verdict:
    """A gateway server is added to the backup infrastructure first. gateway_server.html#requirements"""
    if network.inventory.servers[ask.server].managed:
        return Verdict("managed", True, "is a managed server")
    return Verdict("managed", False, "is not a managed server")


def online(network: Network, _edition: Edition, ask: Ask) -> Verdict:
    """It is online, and nothing takes it down."""
    down = network.server_down(ask.server)
    return Verdict("online", down is None, "{}", (down or "is online",))


def system(network: Network, edition: Edition, ask: Ask) -> Verdict:
    """What the edition lets serve this type of repository: Windows, Linux or a Hyper-V host."""
    os = network.inventory.servers[ask.server].os
    kind = network.inventory.repositories[ask.repository].type
    may = edition.systems.get(kind)
    if may is not None and os not in may:
        named = " and ".join(_SYSTEMS[name] for name in sorted(may - {"hyperv"}, reverse=True))
        return Verdict("os", False, "runs {}; edition {} takes {} only for {}", (os, edition.id, named, kind))
    return Verdict("os", True, "runs {}, which may serve {}", (os, kind))


_SYSTEMS = {"windows": "Windows", "linux": "Linux"}


def role(network: Network, edition: Edition, ask: Ask) -> Verdict:
    """A hardened repository's server keeps that one role. switching_from_linux_repository.html"""
    hardened = network.inventory.hardened_on.get(ask.server)
    if hardened is None:
        return Verdict("role", True, "hosts no hardened repository")
    if ask.pool in edition.hardened_serves:
        return Verdict("role", True, "hosts the hardened repository {}, which is the source itself", (hardened,))
    return Verdict("role", False, "hosts the hardened repository {}", (hardened,))


def backup_server_route(network: Network, _edition: Edition, ask: Ask) -> Verdict:
    """The backup server reaches it."""
    inventory = network.inventory
    here, there = inventory.site_of_server(ask.server), inventory.site_of_server(inventory.backup_server)
    if network.hops(here, there) is None:
        return Verdict("backup-server-route", False, "has no route to the backup server {}", (inventory.backup_server,))
    return Verdict("backup-server-route", True, "reaches the backup server {}", (inventory.backup_server,))


def repository_route(network: Network, _edition: Edition, ask: Ask) -> Verdict:
    """It reaches the repository; over Fibre Channel by a shared fabric. gateway_server.html#requirements"""
    inventory, name = network.inventory, ask.repository
    if network.inventory.repositories[name].is_over_fc:
        return _fabric(network, ask.server, name)
    site = inventory.site_of_repository(name)
    assert site is not None  # only a cloud repository may have none, and no gateway server serves it
    if network.hops(inventory.site_of_server(ask.server), site) is None:
        return Verdict("repository-route", False, "has no route to {}", (name,))
    return Verdict("repository-route", True, "reaches {}", (name,))


def access(network: Network, _edition: Edition, ask: Ask) -> Verdict:
    """The storage lets it in. gateway_server.html#requirements"""
    allowed = network.inventory.allowed.get(ask.repository)
    if allowed is None:
        return Verdict("access", True, "{} is open to all", (ask.repository,))
    site = network.inventory.servers[ask.server].site
    if ("server", ask.server) in allowed or ("site", site) in allowed:
        return Verdict("access", True, "is in accessible_from of {}", (ask.repository,))
    return Verdict("access", False, "is not in accessible_from of {}", (ask.repository,))


def source_route(network: Network, _edition: Edition, ask: Ask) -> Verdict | None:
    """It reaches where the data comes from or goes to. Over Fibre Channel that is the site of the appliance, too: the
    other side's own gateway speaks to the appliance, and the two data movers meet over the network."""
    far = ask.far
    if far is None:
        return None
    if far.site is None:
        return Verdict("source-route", True, "where {} stands is not given", (far.what,), given=False)
    if network.hops(network.inventory.site_of_server(ask.server), far.site) is None:
        return Verdict("source-route", False, "has no route to {}", (far.what,))
    return Verdict("source-route", True, "reaches {}", (far.what,))


def nfs_squash(network: Network, _edition: Edition, ask: Ask) -> Verdict | None:
    """A Veeam Software Appliance works with an NFS share only under all_squash. gateway_server.html#requirements"""
    repository = network.inventory.repositories[ask.repository]
    if repository.type != "nfs":
        return None
    if network.inventory.servers[ask.server].appliance != "software":
        return Verdict("nfs-squash", True, "is no Software Appliance, any squash option will do")
    squash = repository.nfs.squash if repository.nfs else None
    if squash is None:
        text = "is a Software Appliance, and the squash option of {} is not given"
        return Verdict("nfs-squash", True, text, (ask.repository,), given=False)
    if squash != "all_squash":
        return Verdict("nfs-squash", False, "is a Software Appliance, and {} exports with {}", (ask.repository, squash))
    return Verdict("nfs-squash", True, "is a Software Appliance, and {} exports with all_squash", (ask.repository,))


def nfs_security(network: Network, _edition: Edition, ask: Ask) -> Verdict | None:
    """NFS with krb5i or krb5p needs a Linux gateway. nfs_share.html"""
    repository = network.inventory.repositories[ask.repository]
    if repository.type != "nfs":
        return None
    os = network.inventory.servers[ask.server].os
    security = repository.nfs.security if repository.nfs else None
    if os == "linux":
        return Verdict("nfs-security", True, "runs linux, any security will do")
    if security is None:
        return Verdict("nfs-security", True, "the security of {} is not given", (ask.repository,), given=False)
    if security in ("krb5i", "krb5p"):
        return Verdict("nfs-security", False, "runs {}, and {} asks for {}", (os, ask.repository, security))
    return Verdict("nfs-security", True, "runs {}, which {} takes", (os, security))


CHECKS: tuple[Callable[[Network, Edition, Ask], Verdict | None], ...] = (
    managed,
    online,
    system,
    role,
    backup_server_route,
    repository_route,
    access,
    source_route,
    nfs_squash,
    nfs_security,
)


def _fabric(network: Network, server: str, repository: str) -> Verdict:
    shared = network.shares_fabric(server, repository)
    if shared is None:
        return Verdict("fabric", True, "the fabric of {} is not given", (repository,), given=False)
    text = "shares a fabric with {}" if shared else "shares no fabric that is up with {}"
    return Verdict("fabric", shared, text, (repository,))
