"""The inventory as the planner reads it: entries by name, every reference resolved, groups expanded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from gwplan.findings import Finding, Location, Spot
from gwplan.inventory.entries import (
    Link,
    MountServerPair,
    Proxy,
    Repository,
    ScaleOutRepository,
    Server,
    Site,
    TapeServer,
    WanAccelerator,
    Workload,
)
from gwplan.inventory.holdings import Holdings
from gwplan.inventory.jobs import Job
from gwplan.inventory.reader import Source, locate

THE_SITE = ""
"""The one implied site of an inventory without ``sites``."""


@dataclass(frozen=True, slots=True)
class Inventory:
    """One backup server's world. Everything is named; the sections map names to entries."""

    product_version: str
    backup_server: str
    sites: Mapping[str, Site]
    links: Mapping[str, Link]
    fabrics: Mapping[str, frozenset[tuple[str, str]]]
    """Members of a fabric or a failure domain are ``(kind, name)``, kind ``server`` or ``repository``."""
    failure_domains: Mapping[str, frozenset[tuple[str, str]]]
    servers: Mapping[str, Server]
    default_mount_servers: MountServerPair | None
    proxies: Mapping[str, Proxy]
    wan_accelerators: Mapping[str, WanAccelerator]
    tape_servers: Mapping[str, TapeServer]
    repositories: Mapping[str, Repository]
    scale_out_repositories: Mapping[str, ScaleOutRepository]
    workloads: Mapping[str, Workload]
    jobs: Mapping[str, Job]
    machines: Mapping[str, Workload]
    """Every single workload: ``web-01`` … for a group ``web``."""
    holdings: Holdings
    extent_of: Mapping[str, str]
    """The scale-out repository of each performance extent."""
    held_on: Mapping[str, Mapping[str, str]]
    """For each scale-out repository: the extent that ``holds`` names for a machine."""
    allowed: Mapping[str, frozenset[tuple[str, str]]]
    """``accessible_from`` of each repository that has one, as ``(kind, name)``, kind ``server`` or ``site``."""
    hardened_on: Mapping[str, str]
    """The hardened repository of each server that hosts one."""
    text: tuple[Source, ...] = field(repr=False, compare=False)

    @property
    def edition(self) -> int:
        """The major version, whose rules apply: 12 or 13."""
        return int(self.product_version.partition(".")[0])

    def site_of_server(self, name: str) -> str:
        return self.servers[name].site or THE_SITE

    def site_of_repository(self, name: str) -> str | None:
        """Where a repository stands; None for a cloud repository that does not say."""
        repository = self.repositories[name]
        if repository.type in ("windows", "linux", "hardened") and repository.server:
            return self.site_of_server(repository.server)
        if repository.type == "cloud" and repository.site is None:
            return None
        return repository.site or THE_SITE

    def site_of_machine(self, name: str) -> str:
        return self.site_of_workload(self.machines[name])

    def site_of_workload(self, workload: Workload) -> str:
        if workload.host:
            return self.site_of_server(workload.host[0])
        return workload.site or THE_SITE

    def mount_servers(self, repository: str) -> tuple[str, ...]:
        """A repository's mount servers, or the default ones, in the order in which they are tried."""
        entry = self.repositories[repository]
        given = entry.mount_server
        if isinstance(given, str):
            return (given,)
        pair = given if given and (given.windows or given.linux) else self.default_mount_servers
        if pair is None:
            return ()
        linux_first = entry.type == "nfs" and entry.nfs is not None and entry.nfs.security in ("krb5i", "krb5p")
        ordered = (pair.linux, pair.windows) if linux_first else (pair.windows, pair.linux)
        return tuple(dict.fromkeys(name for name in ordered if name))

    def is_direct_object(self, repository: str) -> bool:
        entry = self.repositories[repository]
        return entry.type == "object_storage" and entry.connection == "direct"


def place(findings: Iterable[Finding], text: tuple[Source, ...]) -> tuple[Finding, ...]:
    """The same findings with the lines and columns of what they speak of, in the order of the text."""
    findings = list(findings)
    spots = [spot for finding in findings for spot in (finding.spot, *finding.related) if spot is not None]
    found = locate(text, spots)
    files = {source.name: number for number, source in enumerate(text)}

    def placed(spot: Spot) -> Spot:
        return replace(spot, location=spot.location or found.get(spot))

    def order(finding: Finding) -> tuple[int, int, int, str, str]:
        where: Location | None = finding.location
        if where is None:
            return len(files), 0, 0, finding.code, finding.message
        return files.get(where.file, 0), where.line, where.column, finding.code, finding.message

    return tuple(
        sorted(
            (
                replace(f, spot=f.spot and placed(f.spot), related=tuple(placed(spot) for spot in f.related))
                for f in findings
            ),
            key=order,
        )
    )
