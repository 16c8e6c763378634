"""Inventories of any size, always the same: ``python tests/bench/generate.py --machines 50000 > big.yaml``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Estate:
    """How large an estate is. Machines are enumerated one by one, two disks each."""

    machines: int = 50_000
    per_job: int = 300
    sites: int = 20
    proxies: int = 40
    gateways: int = 40
    repositories: int = 40
    copied: int = 2
    """Every n-th job is copied to another site."""

    @property
    def jobs(self) -> int:
        return max(1, -(-self.machines // self.per_job))


TIERS = {
    "L": Estate(machines=10_000, per_job=100, sites=10, proxies=80, gateways=40, repositories=60),
    "XL": Estate(machines=30_000, per_job=150, sites=40, proxies=200, gateways=150, repositories=240),
}


def lines(estate: Estate) -> Iterator[str]:
    """The inventory, line by line: explicit and automatic gateways mixed, sites in a ring with a hub."""
    n = estate.sites
    site = [f"site-{i:03d}" for i in range(n)]
    yield "gwplan: 1"
    yield "backup_server: vbr"
    yield "sites:"
    yield from (f"  {name}: {{}}" for name in site)
    yield "links:"
    for i in range(1, n):
        yield f"  hub-{i:03d}: {{between: [{site[0]}, {site[i]}], bandwidth: 1 Gbps, latency: {5 + i % 20} ms}}"
    for i in range(1, n - 1, 2):
        yield f"  metro-{i:03d}: {{between: [{site[i]}, {site[i + 1]}], kind: lan, latency: 1 ms}}"
    yield "servers:"
    yield f"  vbr: {{os: windows, site: {site[0]}, cores: 16, memory: 64 GiB}}"
    for i in range(n):
        yield f"  mnt-{i:03d}: {{os: windows, site: {site[i]}, cores: 8, memory: 32 GiB}}"
    for i in range(estate.gateways):
        os = "windows" if i % 3 else "linux"
        yield f"  gw-{i:03d}: {{os: {os}, site: {site[i % n]}, cores: {4 + i % 3 * 4}, memory: {16 + i % 4 * 16} GiB}}"
    for i in range(estate.proxies):
        yield f"  prx-{i:03d}: {{os: windows, site: {site[i % n]}, cores: 8, memory: 16 GiB}}"
    yield "proxies:"
    for i in range(estate.proxies):
        yield f"  prx-{i:03d}: {{type: vmware, max_concurrent_tasks: {4 + i % 4 * 4}}}"
    yield "repositories:"
    for i in range(estate.repositories):
        home = i % n
        near = [g for g in range(estate.gateways) if g % n == home] or [i % max(1, estate.gateways)]
        kind = ("smb", "nfs", "data_domain", "smb")[i % 4]
        listed = "" if i % 2 else f", gateway_servers: [{', '.join(f'gw-{g:03d}' for g in near)}]"
        extra = ", nfs: {squash: all_squash, security: sys}" if kind == "nfs" else ""
        yield f"  repo-{i:03d}: {{type: {kind}, site: {site[home]}, mount_server: mnt-{home:03d}{listed}{extra}}}"
    yield "workloads:"
    for i in range(estate.machines):
        home = i // estate.per_job % n
        yield f"  vm-{i:06d}: {{platform: vmware, site: {site[home]}, disks: 2, size: {100 + i % 900} GiB}}"
    yield "jobs:"
    for j in range(estate.jobs):
        machines = range(j * estate.per_job, min((j + 1) * estate.per_job, estate.machines))
        target = next((r for r in range(j // n % 4, estate.repositories, 4) if r % n == j % n), j % estate.repositories)
        yield f"  job-{j:04d}:"
        yield f"    {{type: backup, repository: repo-{target:03d}, schedule: {{start: '{20 + j % 4}:00'}},"
        yield f"     workloads: [{', '.join(f'vm-{m:06d}' for m in machines)}]}}"
        if j % estate.copied == 0:
            away = (target + 1) % estate.repositories
            yield f"  copy-{j:04d}: {{type: backup_copy, source_jobs: [job-{j:04d}], repository: repo-{away:03d}}}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--machines", type=int, default=50_000)
    parser.add_argument("--tier", choices=sorted(TIERS))
    arguments = parser.parse_args()
    estate = TIERS[arguments.tier] if arguments.tier else Estate(machines=arguments.machines)
    sys.stdout.writelines(f"{line}\n" for line in lines(estate))


if __name__ == "__main__":
    main()
