"""What entries say of each other: names that nothing has, names that two things have, facts that contradict."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from gwplan.findings import (
    BAD_NAME,
    CONTRADICTION,
    DUPLICATE_NAME,
    MISSING_KEY,
    UNKNOWN_REFERENCE,
    Finding,
    Path,
    Rule,
    Spot,
    Subject,
)
from gwplan.inventory.entries import APPLIANCES, BEHIND_GATEWAY, OBJECT_STORAGE, SERVER_HOSTED
from gwplan.inventory.form import KINDS, SECTION_OF, WORDS, as_written, kind_of
from gwplan.inventory.holdings import hold, sources_in_circle
from gwplan.inventory.names import members, natural, nearest

Sections = dict[str, dict[str, Any]]

RESERVED_PREFIXES = ("rescan:", "health_check:", "offload:")
_MEMBER = re.compile(r"(.+)-([0-9]{2,7})", re.DOTALL)


def members_of(item: str, workloads: Mapping[str, Any]) -> Iterable[str]:
    """The machines that an item of ``workloads`` names: a group by its own name, or one member; nothing if unknown."""
    entry = workloads.get(item)
    if entry is not None:
        return members(item, entry.count)
    return (item,) if _group_of(item, workloads) else ()


def _group_of(item: str, workloads: Mapping[str, Any]) -> str | None:
    """The group that has a member of this name."""
    match = _MEMBER.fullmatch(item)
    entry = workloads.get(match[1]) if match else None
    if match is None or entry is None or entry.count == 1:
        return None
    number = int(match[2])
    return match[1] if 1 <= number <= entry.count and f"{number:02d}" == match[2] else None


def check_references(data: Mapping[str, Any], sections: Sections, findings: list[Finding]) -> None:
    """Add everything that is wrong between well-formed entries. ``data`` is the text's data, for names and places."""
    check = _Check(data, sections, findings)
    check.head()
    for section, one in (
        ("links", check.link),
        ("fabrics", check.zone),
        ("failure_domains", check.zone),
        ("servers", check.server),
        ("proxies", check.role),
        ("wan_accelerators", check.role),
        ("tape_servers", check.role),
        ("repositories", check.repository),
        ("scale_out_repositories", check.scale_out),
        ("workloads", check.workload),
        ("jobs", check.job),
    ):
        for name, entry in sections[section].items():
            one(section, name, entry)
    check.extents_once()
    check.circles()
    if not findings:
        check.held()


@dataclass(frozen=True, slots=True)
class _Check:
    data: Mapping[str, Any]
    sections: Sections
    findings: list[Finding]

    # --- what all share -----------------------------------------------------------------------------------------------

    def known(self, section: str) -> Mapping[str, Any]:
        """Every name of a section, those of entries with a bad form included."""
        entries = self.data.get(section)
        return entries if isinstance(entries, dict) else {}

    def report(self, rule: Rule, path: Path, message: str, fix: str, *related: Spot, on_key: bool = False) -> None:
        subject = Subject(kind_of(path[0]), str(path[1])) if len(path) > 1 else None
        self.findings.append(Finding(rule, subject, message, fix, Spot(path, on_key), related))

    def refer(self, path: Path, name: str, *kinds: str, what: str = "") -> bool:
        """Whether a reference resolves to one of the kinds; if not, it is reported where it stands."""
        kind, colon, rest = name.partition(":")
        if len(kinds) > 1 and colon and kind in kinds:
            return self.refer(path, rest, kind)
        having = [kind for kind in kinds if name in self.known(SECTION_OF[kind])]
        if len(having) == 1 or (having and "scale_out_repository" in kinds):  # a shared name is told where it is given
            return True
        owner = f"`{path[-1]}` of {path[1]}" if len(path) > 1 else f"`{path[-1]}`"
        if having:
            choices = " or ".join(f"{kind}:{name}" for kind in having)
            self.report(DUPLICATE_NAME, self.item(path, name), f"{owner} names {name}, which is {_a(*having)}",
                        f"write {choices}")  # fmt: skip
            return False
        elsewhere = [kind for section, kind in KINDS.items() if name in self.known(section)]
        wanted = " or ".join(WORDS[kind] for kind in kinds)
        message = f"{owner} names {what or wanted} {name!r}, which is not in the inventory"
        if elsewhere:
            message = f"{owner} names {name!r}, which is {_a(*elsewhere)}, not {_a(*kinds)}"
        guess = next((g for kind in kinds if (g := nearest(name, self.known(SECTION_OF[kind])))), None)
        sections = " or ".join(f"`{SECTION_OF[kind]}`" for kind in kinds)
        fix = f"did you mean {guess!r}?" if guess else f"add it under {sections}, or name one that is there"
        self.report(UNKNOWN_REFERENCE, self.item(path, name), message, fix)
        return False

    def item(self, path: Path, name: str) -> Path:
        """The path of one name in what may be a list, a mapping of names or a single name."""
        value: Any = self.data
        for part in path:
            value = value.get(part) if isinstance(value, dict) else None
        if isinstance(value, list):
            return next(((*path, i) for i, item in enumerate(value) if as_written(item) == name), path)
        return (*path, name) if isinstance(value, dict) and name in value else path

    def needs_site(self, section: str, name: str, site: str | None, *, required: bool) -> None:
        if site is not None:
            self.refer((section, name, "site"), site, "site")
        elif required and self.known("sites") and not self.gives(section, name, "site"):
            kind = WORDS[kind_of(section)]
            message = f"{name} does not say in which site it stands"
            fix = f"add `site:`; with `sites`, every such {kind} names one of {_some(self.known('sites'))}"
            self.report(MISSING_KEY, (section, name), message, fix, on_key=True)

    def gives(self, section: str, name: str, *keys: str) -> bool:
        """Whether an entry says something under one of the keys, rightly or wrongly."""
        raw = self.known(section).get(name)
        return isinstance(raw, dict) and any(raw.get(key) is not None for key in keys)

    # --- one kind of entry each ---------------------------------------------------------------------------------------

    def head(self) -> None:
        document = self.sections.get("head", {}).get("")
        if document is None:
            return
        if document.backup_server is not None:
            self.refer(("backup_server",), document.backup_server, "server")
        if pair := document.default_mount_servers:
            for system in ("windows", "linux"):
                if name := getattr(pair, system):
                    self.refer(("default_mount_servers", system), name, "server")

    def link(self, section: str, name: str, entry: Any) -> None:
        if entry.between is None:
            return
        for site in dict.fromkeys(entry.between):
            self.refer((section, name, "between"), site, "site")
        if entry.between[0] == entry.between[1]:
            message = f"{name} joins {entry.between[0]} with itself"
            self.report(CONTRADICTION, (section, name, "between"), message, "name two different sites")

    def zone(self, section: str, name: str, items: tuple[str, ...]) -> None:
        for item in items:
            self.refer((section, name), item, "server", "repository")

    def server(self, section: str, name: str, entry: Any) -> None:
        self.needs_site(section, name, entry.site, required=True)

    def role(self, section: str, name: str, entry: Any) -> None:
        if entry.server is not None:
            self.refer((section, name, "server"), entry.server, "server")
        elif name not in self.known("servers") and not self.gives(section, name, "server"):
            kind = WORDS[kind_of(section)]
            guess = nearest(name, self.known("servers"))
            fix = f"add `server:`, the machine that has the role{f'; did you mean {guess!r}?' if guess else ''}"
            self.report(UNKNOWN_REFERENCE, (section, name), f"the {kind} {name} names no server, and no server is "
                        "called so", fix, on_key=True)  # fmt: skip

    def repository(self, section: str, name: str, entry: Any) -> None:
        path = (section, name)
        if entry.server is not None:
            self.refer((*path, "server"), entry.server, "server")
        elif entry.type in SERVER_HOSTED and not self.gives(section, name, "server"):
            message = f"{name} is a {entry.type} repository and does not say on which server it stands"
            self.report(MISSING_KEY, path, message, "add `server:`", on_key=True)
        self.needs_site(section, name, entry.site, required=entry.type in BEHIND_GATEWAY | APPLIANCES)
        for gateway in entry.gateway_servers or ():
            self.refer((*path, "gateway_servers"), gateway, "server")
        if isinstance(entry.mount_server, str):
            self.refer((*path, "mount_server"), entry.mount_server, "server")
        elif entry.mount_server is not None:
            for system in ("windows", "linux"):
                if mount := getattr(entry.mount_server, system):
                    self.refer((*path, "mount_server", system), mount, "server")
        for place in entry.accessible_from or ():
            self.refer((*path, "accessible_from"), place, "server", "site")
        for proxy in entry.proxy_affinity:
            self.refer((*path, "proxy_affinity"), proxy, "proxy")
        if name in self.known("scale_out_repositories"):
            other = Spot(("scale_out_repositories", name), on_key=True, label="the scale-out repository")
            message = f"{name} is the name of a repository and of a scale-out repository"
            self.report(DUPLICATE_NAME, path, message, "rename one of the two", other, on_key=True)

    def scale_out(self, section: str, name: str, entry: Any) -> None:
        path: Path = (section, name)
        for extent, settings in (entry.performance_tier or {}).items():
            self.refer((*path, "performance_tier"), extent, "repository")
            for item in settings.holds:
                self.workload_item((*path, "performance_tier", extent, "holds"), item)
        capacity: Path = (*path, "capacity_tier")
        if isinstance((self.known(section).get(name) or {}).get("capacity_tier"), dict):
            capacity = (*capacity, "extents")
        for extent in entry.capacity_tier.extents if entry.capacity_tier else ():
            if self.refer(capacity, extent, "repository"):
                repository = self.sections["repositories"].get(extent)
                if repository is not None and repository.type != OBJECT_STORAGE:
                    message = f"{extent} is in the capacity tier of {name} and is a {repository.type} repository"
                    self.report(CONTRADICTION, self.item(capacity, extent), message, "a capacity tier takes "
                                "object storage")  # fmt: skip

    def workload(self, section: str, name: str, entry: Any) -> None:
        if entry.site in self.known("sites") and not entry.host and "-" not in name:
            return  # the common case, tens of thousands of times
        for host in entry.host:
            self.refer((section, name, "host"), host, "server")
        if entry.host and entry.platform != "hyperv":
            message = f"{name} is a {entry.platform} workload and names a host"
            self.report(CONTRADICTION, (section, name, "host"), message, "`host` is for platform hyperv; leave it out")
        self.needs_site(section, name, entry.site, required=not entry.host)
        group = _group_of(name, self.sections["workloads"])
        if group is not None:
            other = Spot((section, group), on_key=True, label="the group")
            message = f"{name} is the name of a workload and of a member of the group {group}"
            self.report(DUPLICATE_NAME, (section, name), message, "rename one of the two", other, on_key=True)

    def workload_item(self, path: Path, item: str) -> bool:
        if item in self.known("workloads") or _group_of(item, self.sections["workloads"]):
            return True
        return self.refer(path, item, "workload")

    def job(self, section: str, name: str, job: Any) -> None:
        path = (section, name)
        for prefix in RESERVED_PREFIXES:
            if name.startswith(prefix):
                message = f"{name} begins with {prefix!r}, as the operations do that the plan adds by itself"
                self.report(BAD_NAME, path, message, "rename the job", on_key=True)
        if job.type == "other":
            return
        for key, kinds in _JOB_REFERENCES.items():
            value = getattr(job, key, None) or ()
            for item in (value,) if isinstance(value, str) else dict.fromkeys(value):
                self.refer((*path, key), item, *kinds)
        if pair := getattr(job, "wan_accelerators", None):
            for side in ("source", "target"):
                self.refer((*path, "wan_accelerators", side), getattr(pair, side), "wan_accelerator")
        if job.type in _SOURCED:
            self.source(path, job)
        if job.type == "offload":
            target = self.sections["repositories"].get(job.repository)
            if job.repository in self.known("scale_out_repositories") or (target and target.type != OBJECT_STORAGE):
                message = f"{name} offloads to {job.repository}, which is no object storage repository"
                self.report(CONTRADICTION, (*path, "repository"), message, "name an object storage repository")
        self.platforms(path, job)

    def source(self, path: Path, job: Any) -> None:
        given = [key for key in ("source_repository", "source_jobs") if getattr(job, key) is not None]
        if len(given) == 2:
            message = f"{path[1]} has both `source_repository` and `source_jobs`"
            self.report(CONTRADICTION, (*path, "source_jobs"), message, "keep one of the two",
                        Spot((*path, "source_repository"), on_key=True), on_key=True)  # fmt: skip
        elif not given and not self.gives("jobs", str(path[1]), "source_repository", "source_jobs"):
            fix = "add `source_repository: NAME` or `source_jobs: [NAMES]`"
            self.report(MISSING_KEY, path, f"{path[1]} does not say what it reads from", fix, on_key=True)

    def platforms(self, path: Path, job: Any) -> None:
        """The workloads that a job lists are known, of one platform, and of one that the type takes."""
        platforms: dict[str, str] = {}
        for item in dict.fromkeys(getattr(job, "workloads", None) or ()):
            if not self.workload_item((*path, "workloads"), item):
                continue
            workloads = self.sections["workloads"]
            entry = workloads.get(item) or workloads.get(_group_of(item, workloads) or "")
            if entry is None:
                continue
            if job.takes and entry.platform not in job.takes:
                message = f"{path[1]} is a {job.type} job and lists {item}, a {entry.platform} workload"
                fix = f"it takes workloads of platform {' or '.join(job.takes)}"
                self.report(CONTRADICTION, self.item((*path, "workloads"), item), message, fix)
            elif platforms and entry.platform not in platforms:
                first, other = next(iter(platforms.items()))
                message = f"{path[1]} lists {item} of platform {entry.platform} beside {other} of platform {first}"
                fix = "keep the workloads of a job to one platform"
                self.report(CONTRADICTION, self.item((*path, "workloads"), item), message, fix)
            platforms.setdefault(entry.platform, item)

    # --- across entries -----------------------------------------------------------------------------------------------

    def extents_once(self) -> None:
        """A repository is an extent once, of one scale-out repository."""
        places: dict[str, list[tuple[str, Path]]] = {}
        for name, entry in self.sections["scale_out_repositories"].items():
            path: Path = ("scale_out_repositories", name)
            for extent in entry.performance_tier or ():
                places.setdefault(extent, []).append((name, self.item((*path, "performance_tier"), extent)))
            raw = (self.known("scale_out_repositories").get(name) or {}).get("capacity_tier")
            capacity = (*path, "capacity_tier", "extents") if isinstance(raw, dict) else (*path, "capacity_tier")
            for extent in entry.capacity_tier.extents if entry.capacity_tier else ():
                places.setdefault(extent, []).append((name, self.item(capacity, extent)))
        for extent, found in places.items():
            for name, path in found[1:]:
                where = "twice" if name == found[0][0] else f"in {found[0][0]} and in {name}"
                other = Spot(found[0][1], label="first here")
                message = f"{extent} is an extent {where}"
                self.report(DUPLICATE_NAME, path, message, "a repository is an extent once", other)

    def circles(self) -> None:
        circle = sources_in_circle(self.sections["jobs"])
        if circle:
            related = [Spot(("jobs", name, "source_jobs"), on_key=True) for name in circle[1:]]
            message = f"{', '.join(circle)} feed each other in a circle" if len(circle) > 1 else (
                f"{circle[0]} feeds itself")  # fmt: skip
            self.report(CONTRADICTION, ("jobs", circle[0], "source_jobs"), message,
                        "let one of them read from a repository", *related, on_key=True)  # fmt: skip

    def held(self) -> None:
        """A job with a source lists only what the source holds. Asked last, of an inventory that is sound so far."""
        workloads = self.sections["workloads"]
        jobs = self.sections["jobs"]
        named = {name for name, job in jobs.items() if job.type in _SOURCED_LISTS and job.workloads}
        if not named:
            return
        listed = {
            name: tuple(dict.fromkeys(m for item in job.workloads for m in members_of(item, workloads)))
            for name, job in jobs.items()
            if getattr(job, "workloads", None) and job.type != "other"
        }
        machines = {m: entry for name, entry in workloads.items() for m in members(name, entry.count)}
        holdings = hold(jobs, listed, machines, self.sections["scale_out_repositories"])
        for name in sorted(named, key=natural):
            job = jobs[name]
            source = getattr(job, "source_repository", None)
            feeders = holdings.writers.get(source, ()) if source else job.source_jobs
            has = {machine for feeder in feeders for machine in holdings.workloads[feeder]}
            for item in dict.fromkeys(job.workloads):
                if not has.issuperset(members_of(item, workloads)):
                    what = source or ", ".join(job.source_jobs)
                    message = f"{name} lists {item}, which {what} does not hold"
                    fix = f"name one of {_some(has)}" if has else f"no job writes to {what}: add one that does"
                    self.report(UNKNOWN_REFERENCE, self.item(("jobs", name, "workloads"), item), message, fix)


_SOURCED = frozenset({"backup_copy", "file_backup_copy", "tape", "restore", "replication_from_backup"})
_SOURCED_LISTS = _SOURCED | {"offload", "move_backup", "copy_backup"}
_JOB_REFERENCES = {
    "repository": ("repository", "scale_out_repository"),
    "source_repository": ("repository", "scale_out_repository"),
    "source_jobs": ("job",),
    "proxies": ("proxy",),
    "target_proxies": ("proxy",),
    "tape_server": ("tape_server",),
    "target_site": ("site",),
    "target_host": ("server",),
}


def _a(*kinds: str) -> str:
    return " and ".join(f"a {WORDS[kind]}" for kind in kinds)


def _some(names: Iterable[str]) -> str:
    ordered = sorted(names, key=natural)
    return ", ".join(ordered[:5]) + (f" … ({len(ordered)} in all)" if len(ordered) > 5 else "")


