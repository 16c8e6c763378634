"""Inventories of several shapes, each of any size and always the same: ``shapes.py --shape copies > copies.yaml``.

Each shape strains one axis; all grow with the number of machines, and all of what a shape has many of grows along.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import combinations

from generate import Estate, lines


@dataclass(frozen=True)
class Frame:
    """What the shapes have in common: sites and how they are linked, machines, and jobs of so many of them."""

    machines: int
    per_job: int = 300
    sites: int = 20
    links: str = "ring"
    proxies: int = 40
    servers: dict[str, str] = field(default_factory=dict)

    @property
    def jobs(self) -> int:
        return max(1, self.machines // self.per_job)

    def site(self, number: int) -> str:
        return f"site-{number % self.sites:03d}"

    def head(self) -> Iterator[str]:
        """Everything up to the repositories."""
        yield from ("gwplan: 1", "backup_server: vbr", "sites:")
        yield from (f"  {self.site(i)}: {{}}" for i in range(self.sites))
        yield "links:"
        for here, there in self._linked():
            kind = "lan" if here % 4 == 1 and there == here + 1 else "wan"
            between = f"[{self.site(here)}, {self.site(there)}]"
            yield f"  l-{here:03d}-{there:03d}: {{between: {between}, kind: {kind}, latency: {1 + here % 20} ms}}"
        yield from ("servers:", f"  vbr: {{os: windows, site: {self.site(0)}, cores: 16, memory: 64 GiB}}")
        for i in range(self.sites):
            yield f"  mnt-{i:03d}: {{os: windows, site: {self.site(i)}, cores: 8, memory: 32 GiB}}"
        yield from (f"  {name}: {{{entry}}}" for name, entry in self.servers.items())
        for i in range(self.proxies):
            yield f"  prx-{i:04d}: {{os: windows, site: {self.site(i)}, cores: 8, memory: 16 GiB}}"
        yield "proxies:"
        for i in range(self.proxies):
            yield f"  prx-{i:04d}: {{type: vmware, max_concurrent_tasks: {4 + i % 4 * 4}}}"

    def _linked(self) -> Iterator[tuple[int, int]]:
        if self.links == "mesh":
            yield from combinations(range(self.sites), 2)
        elif self.links == "tree":
            yield from (((i - 1) // 2, i) for i in range(1, self.sites))
        else:
            yield from ((i, i + 1) for i in range(self.sites - 1))
            yield from [(0, self.sites - 1)] if self.sites > 2 else []

    def workloads(self) -> Iterator[str]:
        yield "workloads:"
        for i in range(self.machines):
            site = self.site(i // self.per_job)
            yield f"  vm-{i:06d}: {{platform: vmware, site: {site}, disks: {1 + i % 3}, size: {100 + i % 900} GiB}}"

    def of_job(self, job: int) -> str:
        """The machines of a job, as a list."""
        machines = range(job * self.per_job, (job + 1) * self.per_job)
        return f"[{', '.join(f'vm-{m % self.machines:06d}' for m in machines)}]"

    def backups(self, target: Callable[[int], str]) -> Iterator[str]:
        """The jobs, each to the repository that ``target`` names."""
        yield "jobs:"
        for j in range(self.jobs):
            yield f"  job-{j:04d}: {{type: backup, repository: {target(j)}, workloads: {self.of_job(j)}}}"


def _gateways(number: int, sites: int) -> dict[str, str]:
    return {
        f"gw-{i:04d}": f"os: linux, site: site-{i % sites:03d}, cores: {4 + i % 3 * 4}, memory: {16 + i % 4 * 16} GiB"
        for i in range(number)
    }


def _listed(first: int, size: int, of: int) -> str:
    return f"gateway_servers: [{', '.join(f'gw-{(first + k) % of:04d}' for k in range(size))}]"


def _repository(i: int, frame: Frame, entry: str) -> str:
    return f"  repo-{i:04d}: {{site: {frame.site(i)}, mount_server: mnt-{i % frame.sites:03d}, {entry}}}"


# --- the shapes -------------------------------------------------------------------------------------------------------


def listed(machines: int) -> Iterator[str]:
    """Half of the repositories list their gateways, near ones."""
    return lines(Estate(machines))


def automatic_proxies(machines: int) -> Iterator[str]:
    """Very many proxies that every job may use, lists of two to eight of 120 gateways, jobs that overlap."""
    gateways = max(8, machines * 120 // 50_000)
    frame = Frame(machines, proxies=max(4, machines * 334 // 50_000), servers=_gateways(gateways, 20))
    yield from frame.head()
    yield "repositories:"
    many = max(4, machines // 500)
    for i in range(many):
        yield _repository(i, frame, f"type: smb, {_listed(i * 3, 2 + i % 7, gateways)}")
    yield from frame.workloads()
    yield "jobs:"
    for j in range(machines // 200):
        first = j * 200
        machines_of = ", ".join(f"vm-{m % machines:06d}" for m in range(first, first + 300))
        yield f"  job-{j:04d}: {{type: backup, repository: repo-{j % many:04d}, workloads: [{machines_of}]}}"


def mount_servers(machines: int) -> Iterator[str]:
    """Nobody lists a gateway: mount servers and proxies serve."""
    frame = Frame(machines)
    yield from frame.head()
    yield "repositories:"
    for i in range(frame.jobs):
        kind = ("smb", "nfs", "data_domain", "storeonce")[i % 4]
        yield _repository(i, frame, f"type: {kind}")
    yield from frame.workloads()
    yield from frame.backups(lambda j: f"repo-{j:04d}")


def scale_out(machines: int) -> Iterator[str]:
    """Chains are placed on one of eight extents, and copied to a scale-out repository again."""
    frame = Frame(machines, servers=_gateways(40, 20))
    yield from frame.head()
    yield "repositories:"
    many = max(8, frame.jobs // 8 * 8)
    for i in range(many):
        yield _repository(i, frame, f"type: smb, free: {10 + i % 7} TiB, {_listed(i, 2 + i % 3, 40)}")
    yield "scale_out_repositories:"
    for i in range(many // 8):
        extents = ", ".join(f"repo-{k:04d}" for k in range(i * 8, i * 8 + 8))
        yield f"  sobr-{i:03d}: {{performance_tier: [{extents}]}}"
    yield from frame.workloads()
    yield from frame.backups(lambda j: f"sobr-{j % (many // 8):03d}")
    for j in range(0, frame.jobs, 2):
        target = (j + 1) % (many // 8)
        yield f"  copy-{j:04d}: {{type: backup_copy, source_jobs: [job-{j:04d}], repository: sobr-{target:03d}}}"


def copies_of_copies(machines: int) -> Iterator[str]:
    """Each backup is copied, and each copy is copied again."""
    frame = Frame(machines, servers=_gateways(40, 20))
    yield from frame.head()
    yield "repositories:"
    many = max(6, frame.jobs // 2)
    for i in range(many):
        yield _repository(i, frame, f"type: {('smb', 'data_domain')[i % 2]}, {_listed(i, 2 + i % 3, 40)}")
    yield from frame.workloads()
    yield from frame.backups(lambda j: f"repo-{j % many:04d}")
    for j in range(frame.jobs):
        for number, source in ((1, f"job-{j:04d}"), (2, f"copy1-{j:04d}")):
            target = f"repo-{(j + number) % many:04d}"
            yield f"  copy{number}-{j:04d}: {{type: backup_copy, source_jobs: [{source}], repository: {target}}}"


def fibre_channel(machines: int) -> Iterator[str]:
    """Deduplicating appliances over Fibre Channel, each zoned with its gateways in a fabric."""
    frame = Frame(machines, servers=_gateways(80, 20))
    yield from frame.head()
    yield "repositories:"
    many = max(4, frame.jobs // 4)
    for i in range(many):
        entry = f"type: data_domain, protocol: fc, {_listed(i * 4, 4, 80)}"
        yield _repository(i, frame, entry)
    yield "fabrics:"
    for f in range(20):
        zoned = [f"repo-{i:04d}" for i in range(many) if i % 20 == f]
        servers = {f"gw-{(i * 4 + k) % 80:04d}": None for i in range(many) if i % 20 == f for k in range(4)}
        if zoned:
            yield f"  fab-{f:02d}: [{', '.join([*zoned, *servers])}]"
    yield from frame.workloads()
    yield from frame.backups(lambda j: f"repo-{j % many:04d}")


def fabrics(machines: int) -> Iterator[str]:
    """Very many fabrics, each with an appliance and four gateways, two of which are zoned in the next one, too."""
    many = max(4, machines * 400 // 50_000)
    frame = Frame(machines, per_job=100, servers=_gateways(many * 2, 20))
    yield from frame.head()
    yield "repositories:"
    for i in range(many):
        yield _repository(i, frame, f"type: data_domain, protocol: fc, {_listed(i * 2, 4, many * 2)}")
    yield "fabrics:"
    for i in range(many):
        yield f"  fab-{i:03d}: [repo-{i:04d}, {', '.join(f'gw-{(i * 2 + k) % (many * 2):04d}' for k in range(4))}]"
    yield from frame.workloads()
    yield from frame.backups(lambda j: f"repo-{j % many:04d}")


def small_jobs(machines: int) -> Iterator[str]:
    """Jobs of twenty machines, so that there are very many of them."""
    frame = Frame(machines, per_job=20, servers=_gateways(40, 20))
    yield from frame.head()
    yield "repositories:"
    many = max(4, machines // 500)
    for i in range(many):
        yield _repository(i, frame, f"type: smb, {_listed(i, 2 + i % 3, 40)}")
    yield from frame.workloads()
    yield from frame.backups(lambda j: f"repo-{j % many:04d}")


def groups(machines: int) -> Iterator[str]:
    """Machines are groups with a count, as many machines but little text."""
    frame = Frame(machines, servers=_gateways(40, 20))
    yield from frame.head()
    yield "repositories:"
    many = max(4, frame.jobs // 4)
    for i in range(many):
        yield _repository(i, frame, f"type: smb, {_listed(i, 2 + i % 3, 40)}")
    yield "workloads:"
    for j in range(frame.jobs * 10):
        yield f"  web{j:05d}: {{platform: vmware, site: {frame.site(j // 10)}, disks: 2, count: {frame.per_job // 10}}}"
    yield "jobs:"
    for j in range(frame.jobs):
        named = ", ".join(f"web{j * 10 + k:05d}" for k in range(10))
        yield f"  job-{j:04d}: {{type: backup, repository: repo-{j % many:04d}, workloads: [{named}]}}"


def findings(machines: int) -> Iterator[str]:
    """A thousand findings at 50,000 machines: repositories with a single gateway, far from it."""
    number = max(8, machines // 50)
    frame = Frame(machines, per_job=100, servers=_gateways(number // 2, 20))
    yield from frame.head()
    yield "repositories:"
    for i in range(number):
        yield _repository(i, frame, f"type: smb, {_listed(i + 1, 1, number // 2)}")
    yield from frame.workloads()
    yield from frame.backups(lambda j: f"repo-{j % number:04d}")


def many_sites(links: str) -> Callable[[int], Iterator[str]]:
    """Sites linked in one way, each with a repository, its gateways and a proxy."""

    def shape(machines: int) -> Iterator[str]:
        sites = max(8, machines * (160 if links == "mesh" else 400) // 50_000)
        frame = Frame(machines, per_job=100, sites=sites, links=links, proxies=sites, servers=_gateways(sites, sites))
        yield from frame.head()
        yield "repositories:"
        for i in range(sites):
            yield _repository(i, frame, f"type: smb, {_listed(i, 3, sites)}")
        yield from frame.workloads()
        yield from frame.backups(lambda j: f"repo-{(j + j // sites) % sites:04d}")

    return shape


SHAPES: dict[str, Callable[[int], Iterator[str]]] = {
    "lists": listed,
    "automatic proxies": automatic_proxies,
    "mount servers": mount_servers,
    "scale-out": scale_out,
    "copies of copies": copies_of_copies,
    "fibre channel": fibre_channel,
    "fabrics": fabrics,
    "small jobs": small_jobs,
    "groups": groups,
    "findings": findings,
    "mesh": many_sites("mesh"),
    "ring": many_sites("ring"),
    "tree": many_sites("tree"),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shape", choices=list(SHAPES), required=True)
    parser.add_argument("--machines", type=int, default=50_000)
    arguments = parser.parse_args()
    sys.stdout.writelines(f"{line}\n" for line in SHAPES[arguments.shape](arguments.machines))


if __name__ == "__main__":
    main()
