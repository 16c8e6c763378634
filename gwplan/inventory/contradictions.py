"""Whether entries agree beyond their names: facts that are missing, given twice, or contradictory."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gwplan.findings import (
    BAD_NAME,
    CONTRADICTION,
    DUPLICATE_NAME,
    MISSING_KEY,
    REMOVED,
    UNKNOWN_REFERENCE,
    CertainFix,
    Edit,
    Path,
    Spot,
)
from gwplan.inventory.entries import APPLIANCES, BEHIND_GATEWAY, OBJECT_STORAGE, SERVER_HOSTED
from gwplan.inventory.form import WORDS, kind_of
from gwplan.inventory.holdings import Holdings, in_circle
from gwplan.inventory.jobs import Sourced
from gwplan.inventory.mentions import Mention, mentions_of
from gwplan.inventory.names import group_of, members_of, natural
from gwplan.inventory.references import Checking, Sections

RESERVED_PREFIXES = ("rescan:", "health_check:", "offload:")


def check_entries(checking: Checking, entries: Sections) -> None:
    """Report well-formed entries that do not go together with others."""
    for section, check in _CHECKS.items():
        for name, entry in entries.get(section, {}).items():
            check(checking, section, name, entry)


def check_across(checking: Checking) -> None:
    """Report what is wrong with the entries of an inventory taken together."""
    _extents_once(checking)
    _circles(checking)


def check_held(checking: Checking, holdings: Holdings) -> None:
    """Report jobs that list what their source does not hold. Checked last, once the rest is sound."""
    workloads, jobs = checking.sections["workloads"], checking.sections["jobs"]
    for name in sorted((name for name, job in jobs.items() if job.has_source and job.listed), key=natural):
        job = jobs[name]
        feeders = holdings.writers.get(job.source, ()) if job.source else job.feeds_on
        has = {machine for feeder in feeders for machine in holdings.workloads[feeder]}
        for item in dict.fromkeys(job.listed):
            if not has.issuperset(members_of(item, workloads)):
                what = job.source or ", ".join(job.feeds_on)
                message = f"{name} lists {item}, which {what} does not hold"
                fix = f"name one of {_some(has)}" if has else f"no job writes to {what}: add one that does"
                path = ("jobs", name, "workloads", job.listed.index(item))
                checking.report(UNKNOWN_REFERENCE, path, message, fix)


# --- one kind of entry each -------------------------------------------------------------------------------------------


def _link(checking: Checking, section: str, name: str, entry: Any) -> None:
    if entry.between is not None and entry.between[0] == entry.between[1]:
        message = f"{name} joins {entry.between[0]} with itself"
        checking.report(CONTRADICTION, (section, name, "between"), message, "name two different sites")


def _cluster(checking: Checking, section: str, name: str, hosts: Any) -> None:
    if not hosts:
        checking.report(MISSING_KEY, (section, name), f"{name} names no host", "list its Hyper-V hosts: `[HOST, HOST]`")
    if name in checking.known("servers"):
        other = Spot(("servers", name), on_key=True, label="the server")
        message = f"{name} is the name of a cluster and of a server"
        checking.report(DUPLICATE_NAME, (section, name), message, "rename one of the two", other, on_key=True)


def _server(checking: Checking, section: str, name: str, entry: Any) -> None:
    _needs_site(checking, section, name, entry)


def _role(checking: Checking, section: str, name: str, entry: Any) -> None:
    says_so = checking.gives(section, name, "server", "servers")  # `servers` is reported as an unknown key
    if entry.server is None and name not in checking.known("servers") and not says_so and checking.has_names("servers"):
        kind = WORDS[kind_of(section)]
        guess = checking.guess("servers", name)
        message = f"the {kind} {name} names no server, and no server is called so"
        fix = f"add `server:`, the machine that has the role{f'; did you mean {guess!r}?' if guess else ''}"
        checking.report(UNKNOWN_REFERENCE, (section, name), message, fix, on_key=True)


def _repository(checking: Checking, section: str, name: str, entry: Any) -> None:
    path = (section, name)
    if entry.server is None and entry.type in SERVER_HOSTED and not checking.gives(section, name, "server"):
        message = f"{name} is a {entry.type} repository and does not say on which server it stands"
        checking.report(MISSING_KEY, path, message, "add `server:`", on_key=True)
    if entry.type in BEHIND_GATEWAY | APPLIANCES:
        _needs_site(checking, section, name, entry)
    if name in checking.known("scale_out_repositories"):
        other = Spot(("scale_out_repositories", name), on_key=True, label="the scale-out repository")
        message = f"{name} is the name of a repository and of a scale-out repository"
        checking.report(DUPLICATE_NAME, path, message, "rename one of the two", other, on_key=True)


def _scale_out(checking: Checking, section: str, name: str, _entry: Any) -> None:
    for mention in _extents(checking, section, name):
        repository = checking.sections["repositories"].get(mention.name)
        if mention.key[2] != "capacity_tier" or repository is None:
            continue
        if repository.type not in (None, OBJECT_STORAGE):
            message = f"{mention.name} is in the capacity tier of {name} and is a {repository.type} repository"
            checking.report(CONTRADICTION, mention.path, message, "a capacity tier takes object storage")


def _workload(checking: Checking, section: str, name: str, entry: Any) -> None:
    if entry.host and entry.platform not in (None, "hyperv"):
        message = f"{name} is a {entry.platform} workload and names a host"
        fix = "`host` is for platform hyperv; leave it out"
        checking.report(CONTRADICTION, (section, name, "host"), message, fix)
    if not entry.host and entry.platform != "agent":  # an agent without a site roams
        _needs_site(checking, section, name, entry)
    if "-" in name and (group := group_of(name, checking.sections[section])) is not None:
        other = Spot((section, group), on_key=True, label="the group")
        message = f"{name} is the name of a workload and of a member of the group {group}"
        checking.report(DUPLICATE_NAME, (section, name), message, "rename one of the two", other, on_key=True)


def _job(checking: Checking, section: str, name: str, job: Any) -> None:
    path = (section, name)
    for prefix in RESERVED_PREFIXES:
        if name.startswith(prefix):
            message = f"{name} begins with {prefix!r}, as the operations do that the plan adds by itself"
            checking.report(BAD_NAME, path, message, "rename the job", on_key=True)
    if isinstance(job, Sourced):
        _source(checking, path, job)
    if job.needs_object_storage and job.target is not None:
        target = checking.sections["repositories"].get(job.target)
        is_other = target is not None and target.type not in (None, OBJECT_STORAGE)
        if is_other or job.target in checking.known("scale_out_repositories"):
            message = f"{name} offloads to {job.target}, which is no object storage repository"
            checking.report(CONTRADICTION, (*path, "repository"), message, "name an object storage repository")
    _platforms(checking, path, job)


def _source(checking: Checking, path: Path, job: Sourced) -> None:
    if job.source_repository is not None and job.source_jobs is not None:
        message = f"{path[1]} has both `source_repository` and `source_jobs`"
        other = Spot((*path, "source_repository"), on_key=True)
        checking.report(CONTRADICTION, (*path, "source_jobs"), message, "keep one of the two", other, on_key=True)
    elif not job.has_source and not checking.gives("jobs", str(path[1]), "source_repository", "source_jobs"):
        fix = "add `source_repository: NAME` or `source_jobs: [NAMES]`"
        checking.report(MISSING_KEY, path, f"{path[1]} does not say what it reads from", fix, on_key=True)


def _platforms(checking: Checking, path: Path, job: Any) -> None:
    """Report listed workloads of a platform that the job's type does not take, or of another than the first."""
    workloads = checking.sections["workloads"]
    first: dict[str, str] = {}
    for item in dict.fromkeys(job.listed):
        entry = workloads.get(item) or workloads.get(group_of(item, workloads) or "")
        if entry is None or entry.platform is None:
            continue
        message = fix = ""
        if job.takes and entry.platform not in job.takes:
            message = f"{path[1]} is a {job.type} job and lists {item}, a {entry.platform} workload"
            fix = f"it takes workloads of platform {' or '.join(job.takes)}"
        elif first and entry.platform not in first:
            platform, other = next(iter(first.items()))
            message = f"{path[1]} lists {item} of platform {entry.platform} beside {other} of platform {platform}"
            fix = "keep the workloads of a job to one platform"
        if message:
            checking.report(CONTRADICTION, (*path, "workloads", job.listed.index(item)), message, fix)
        first.setdefault(entry.platform, item)


_CHECKS = {
    "links": _link,
    "clusters": _cluster,
    "servers": _server,
    "proxies": _role,
    "wan_accelerators": _role,
    "tape_servers": _role,
    "repositories": _repository,
    "scale_out_repositories": _scale_out,
    "workloads": _workload,
    "jobs": _job,
}


def _needs_site(checking: Checking, section: str, name: str, entry: Any) -> None:
    if entry.site is None and checking.known("sites") and not checking.gives(section, name, "site"):
        message = f"{name} does not say in which site it stands"
        kind = WORDS[kind_of(section)]
        fix = f"add `site:`; with `sites`, every such {kind} names one of {_some(checking.known('sites'))}"
        checking.report(MISSING_KEY, (section, name), message, fix, on_key=True)


# --- across entries ---------------------------------------------------------------------------------------------------


def _extents(checking: Checking, section: str, name: str) -> Iterable[Mention]:
    """The extents of a scale-out repository, where they stand in the text."""
    found = mentions_of(section, name, checking.known(section)[name])
    return (mention for mention in found if "repository" in mention.names.kinds)


def _extents_once(checking: Checking) -> None:
    """Report repositories that are listed as an extent more than once."""
    places: dict[str, list[Mention]] = {}
    section = "scale_out_repositories"
    for name in checking.sections[section]:
        for mention in _extents(checking, section, name):
            places.setdefault(mention.name, []).append(mention)
    for extent, (first, *others) in places.items():
        for other in others:
            one, two = first.path[1], other.path[1]
            message = f"{extent} is an extent {'twice' if one == two else f'in {one} and in {two}'}"
            related = Spot(first.path, label="first here")
            repeat = CertainFix((Edit(other.path, REMOVED),), is_safe=True) if first.key == other.key else None
            fix = "a repository is an extent once"
            checking.report(DUPLICATE_NAME, other.path, message, fix, related, remedy=repeat)


def _circles(checking: Checking) -> None:
    circle = in_circle({name: job.feeds_on for name, job in checking.sections["jobs"].items()})
    if circle:
        related = [Spot(("jobs", name, "source_jobs"), on_key=True) for name in circle[1:]]
        many = len(circle) > 1
        message = f"{', '.join(circle)} feed each other in a circle" if many else f"{circle[0]} feeds itself"
        path = ("jobs", circle[0], "source_jobs")
        checking.report(CONTRADICTION, path, message, "let one of them read from a repository", *related, on_key=True)


def _some(names: Iterable[str]) -> str:
    ordered = sorted(names, key=natural)
    return ", ".join(ordered[:5]) + (f" … ({len(ordered)} in all)" if len(ordered) > 5 else "")
