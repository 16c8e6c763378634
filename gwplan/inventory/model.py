"""The inventory as the planner reads it: what a text declares, and what follows from it.

The fields are what is declared; all that follows is derived from them in one place, when it is first asked for. An
inventory is never changed: ``changed`` makes another, which is what loading the changed text would give.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain, count, repeat
from typing import Any

from gwplan.findings import InventoryError
from gwplan.inventory.any_job import Job
from gwplan.inventory.changing import check_changed
from gwplan.inventory.document import SECTIONS
from gwplan.inventory.entries import (
    Extent,
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
from gwplan.inventory.frozen import Frozen
from gwplan.inventory.holdings import Holdings, hold
from gwplan.inventory.names import members, members_of
from gwplan.inventory.notebook import html_table
from gwplan.inventory.places import place
from gwplan.inventory.references import kind_and_name
from gwplan.inventory.source import Source
from gwplan.inventory.types import MEMBER, PLACE, Names

THE_SITE = ""
"""The one implied site of an inventory without ``sites``."""

Element = tuple[str, str]
"""``(kind, name)``."""


@dataclass(frozen=True)
class Inventory:
    """One backup server's world. Everything is named; the sections map names to entries."""

    product_version: str
    backup_server: str
    default_mount_servers: MountServerPair | None
    sites: Mapping[str, Site]
    links: Mapping[str, Link]
    listed_fabrics: Mapping[str, tuple[str, ...]]
    """The members of each as the text names them; ``fabrics`` has what they mean."""
    listed_failure_domains: Mapping[str, tuple[str, ...]]
    clusters: Mapping[str, tuple[str, ...]]
    """The Hyper-V hosts of each."""
    servers: Mapping[str, Server]
    proxies: Mapping[str, Proxy]
    wan_accelerators: Mapping[str, WanAccelerator]
    tape_servers: Mapping[str, TapeServer]
    repositories: Mapping[str, Repository]
    scale_out_repositories: Mapping[str, ScaleOutRepository]
    workloads: Mapping[str, Workload]
    jobs: Mapping[str, Job]
    text: tuple[Source, ...] = field(repr=False, compare=False)

    def __repr__(self) -> str:
        counts = ", ".join(f"{section} {len(entries)}" for section, entries in self._sizes())
        return f"<Inventory of {self.backup_server}, version {self.product_version}: {counts}>"

    def _repr_html_(self) -> str:
        rows = ((section, len(entries), ", ".join(list(entries)[:8])) for section, entries in self._sizes())
        return html_table(f"Inventory of {self.backup_server}", ("section", "entries", "such as"), rows)

    def _sizes(self) -> list[tuple[str, Mapping[str, object]]]:
        """The sections that say most about an estate."""
        return [(name, getattr(self, name)) for name in ("servers", "proxies", "repositories", "workloads", "jobs")]

    @property
    def sections(self) -> dict[str, Mapping[str, Any]]:
        """Every section by its name, as it is declared."""
        return {section: getattr(self, FIELDS.get(section, section)) for section in SECTIONS}

    # --- what follows -------------------------------------------------------------------------------------------------

    @cached_property
    def fabrics(self) -> Mapping[str, frozenset[Element]]:
        """The members of each, kind ``server`` or ``repository``."""
        return self._meant(self.listed_fabrics, MEMBER)

    @cached_property
    def failure_domains(self) -> Mapping[str, frozenset[Element]]:
        """The members of each, kind ``server`` or ``repository``."""
        return self._meant(self.listed_failure_domains, MEMBER)

    @cached_property
    def allowed(self) -> Mapping[str, frozenset[Element]]:
        """``accessible_from`` of each repository that has one, kind ``server`` or ``site``."""
        listed = {name: entry.accessible_from for name, entry in self.repositories.items()}
        return self._meant({name: places for name, places in listed.items() if places is not None}, PLACE)

    @cached_property
    def machines(self) -> Mapping[str, Workload]:
        """Every single workload, as ``web-01`` of a group ``web``; on a cluster, with the hosts that it goes to."""
        if not self.clusters and all(entry.count == 1 for entry in self.workloads.values()):
            return self.workloads
        return Frozen(chain.from_iterable(self._machines(group, entry) for group, entry in self.workloads.items()))

    @cached_property
    def holdings(self) -> Holdings:
        return hold(self.jobs, self.workloads, self.machines, self.scale_out_repositories)

    @cached_property
    def extent_of(self) -> Mapping[str, str]:
        """The scale-out repository of each performance extent."""
        wholes = self.scale_out_repositories.items()
        return Frozen((extent, name) for name, whole in wholes for extent in whole.performance_tier)

    @cached_property
    def held_on(self) -> Mapping[str, Mapping[str, str]]:
        """For each scale-out repository: the extent that ``holds`` names for a machine."""
        return Frozen((name, self._held(whole.performance_tier)) for name, whole in self.scale_out_repositories.items())

    @cached_property
    def held_in_capacity(self) -> Mapping[str, Mapping[str, str]]:
        """The same of the capacity tier of each scale-out repository that has one."""
        wholes = self.scale_out_repositories.items()
        return Frozen((name, self._held(whole.capacity_tier.extents)) for name, whole in wholes if whole.capacity_tier)

    @cached_property
    def hardened_on(self) -> Mapping[str, str]:
        """The hardened repository of each server that hosts one."""
        ordered = sorted(self.repositories.items(), reverse=True)
        return Frozen((entry.server, name) for name, entry in ordered if entry.type == "hardened" and entry.server)

    def _meant(self, listed: Mapping[str, tuple[str, ...]], names: Names) -> Mapping[str, frozenset[Element]]:
        sections = {"servers": self.servers, "repositories": self.repositories, "sites": self.sites}
        return Frozen(
            (name, frozenset(kind_and_name(item, names, sections) for item in items)) for name, items in listed.items()
        )

    def _machines(self, group: str, entry: Workload) -> Iterable[tuple[str, Workload]]:
        names = members(group, entry.count)
        if self.clusters.keys().isdisjoint(entry.host):
            return zip(names, repeat(entry))
        alike: dict[tuple[str, ...], Workload] = {}
        orders = (self.hosts(entry.host, turn) for turn in count())
        return (
            (name, alike.get(hosts) or alike.setdefault(hosts, entry.model_copy(update={"host": hosts})))
            for name, hosts in zip(names, orders, strict=False)
        )

    def _held(self, tier: Mapping[str, Extent]) -> Mapping[str, str]:
        return Frozen(
            (machine, extent)
            for extent, settings in tier.items()
            for item in settings.holds
            for machine in members_of(item, self.workloads)
        )

    # --- another inventory --------------------------------------------------------------------------------------------

    def changed(self, **changes: Any) -> Inventory:
        """The inventory with some of it changed: what loading the changed text would give.

        A section is given with the entries that are new or different, as models (of a fabric or a failure domain, the
        names of its members), and None for those that go: ``changed(servers={"gw01": server, "old": None})``. Beside
        sections, ``product_version``, ``backup_server`` and ``default_mount_servers`` can be given.
        Raises InventoryError if the changed text would not load.
        """
        fields = {FIELDS.get(key, key): self._with(key, value) for key, value in changes.items()}
        made = replace(self, **fields)
        for fact, sources in _DERIVED_FROM.items():
            if fact in self.__dict__ and sources.isdisjoint(fields):
                made.__dict__[fact] = self.__dict__[fact]
        head = {key: getattr(made, key) for key in ("product_version", "backup_server", "default_mount_servers")}
        everything = not self._is_all_that_hangs_on(changes)
        findings = check_changed(head, made.sections, changes, (lambda: made.holdings) if everything else None)
        if findings:
            raise InventoryError(place(findings, self.text))
        return made

    def _with(self, key: str, value: Any) -> Any:
        """A section with its new entries and without the old ones; of what is no section, the new value."""
        if key not in SECTIONS:
            return value
        entries = {**getattr(self, FIELDS.get(key, key)), **value}
        for name in [name for name, entry in value.items() if entry is None]:
            del entries[name]
        return Frozen(entries)

    def _is_all_that_hangs_on(self, changes: Mapping[str, Any]) -> bool:
        """Whether the changes can make no other entry wrong: they add and remove nothing, and no other entry depends on
        more than the names of what they change."""

        def is_alone(section: str, name: str, entry: Any) -> bool:
            old = getattr(self, section).get(name)
            return None not in (old, entry) and (section != "repositories" or old.type == entry.type)

        return all(
            section in _ALONE and all(is_alone(section, name, entry) for name, entry in entries.items())
            for section, entries in changes.items()
            if section in SECTIONS
        )

    # --- places -------------------------------------------------------------------------------------------------------

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

    def site_of_workload(self, workload: Workload) -> str | None:
        """Where a workload stands; None for an agent that roams: where there are sites, and it names none."""
        if workload.host:
            return self.site_of_server(self.hosts(workload.host)[0])
        if workload.site is None and self.sites:
            return None
        return workload.site or THE_SITE

    def hosts(self, names: tuple[str, ...], turn: int = 0) -> tuple[str, ...]:
        """Hyper-V hosts in the order in which a machine goes to them. A cluster stands for its own hosts, beginning at
        the one whose ``turn`` it is."""
        if self.clusters.keys().isdisjoint(names):
            return names
        found: dict[str, None] = {}
        for name in names:
            nodes = self.clusters.get(name, (name,))
            first = turn % len(nodes)
            found |= dict.fromkeys(nodes[first:] + nodes[:first])
        return tuple(found)

    def turn_of(self, machine: str) -> int:
        """Which member of its group a machine is, counted from 0; on a cluster, that decides the host it begins at."""
        return 0 if machine in self.workloads else int(machine.rpartition("-")[2]) - 1

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


FIELDS = {"fabrics": "listed_fabrics", "failure_domains": "listed_failure_domains"}
"""The fields of the sections that are kept as they are listed."""
_DERIVED_FROM = {
    "fabrics": {"listed_fabrics", "servers", "repositories"},
    "failure_domains": {"listed_failure_domains", "servers", "repositories"},
    "allowed": {"repositories", "servers", "sites"},
    "machines": {"workloads", "clusters"},
    "holdings": {"jobs", "workloads", "scale_out_repositories"},
    "extent_of": {"scale_out_repositories"},
    "held_on": {"scale_out_repositories", "workloads"},
    "held_in_capacity": {"scale_out_repositories", "workloads"},
    "hardened_on": {"repositories"},
}
_ALONE = {"sites", "links", "servers", "proxies", "wan_accelerators", "tape_servers", "repositories"}
"""Sections whose entries matter to others by name only; of a repository, the type matters, too."""


def inventory_of(head: Any, sections: Mapping[str, Mapping[str, Any]], text: tuple[Source, ...]) -> Inventory:
    """The inventory of well-formed entries whose references all resolve."""
    return Inventory(
        product_version=head.product_version,
        backup_server=head.backup_server,
        default_mount_servers=head.default_mount_servers,
        **{FIELDS.get(section, section): Frozen(entries) for section, entries in sections.items()},
        text=text,
    )
