"""Checks of NFS shares: the servers that an export does not take, and the access that automatic selection needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gwplan.checks.shape import Hit, check_for, on_jobs, on_key, on_listed, on_value, some
from gwplan.checks.view import View, lost_with
from gwplan.findings import Rule, Severity
from gwplan.inventory.entries import Nfs, Server


@check_for(Rule(
    "GW030", "nfs-security-needs-linux", Severity.ERROR, "nfs_share.html",
    why="An export with krb5i or krb5p is mounted by Linux gateways only: an error where a Windows server is listed or "
    "nobody else is left, a warning where automatic selection may come to one.",
    fix="List Linux servers.",
))  # fmt: skip
def nfs_security(view: View) -> Iterator[Hit]:
    for name, export in _exports(view):
        if export.security in ("krb5i", "krb5p"):
            listed = _listed(view, name, lambda server: server.os != "linux")
            chosen = _refused(view, name, "nfs-security")
            yield from _unfit(
                view, name, "security", f"exports with {export.security}, which needs Linux", listed, chosen
            )


@check_for(Rule(
    "GW031", "nfs-version-on-windows", Severity.ERROR, "nfs_share.html",
    why="Through a Windows gateway NFS 3.0 and 4.1 work, other versions do not.",
    fix="List Linux servers, or export with NFS 3.0 or 4.1.",
))  # fmt: skip
def nfs_version(view: View) -> Iterator[Hit]:
    servers = view.inventory.servers
    for name, export in _exports(view):
        if export.version and export.version.strip().lower().removeprefix("v") not in ("3", "3.0", "4.1"):
            what = f"is NFS {export.version}; through Windows only 3.0 and 4.1 work"
            listed = _listed(view, name, lambda server: server.os != "linux")
            chosen = [server for server in view.candidates_of.get(name, {}) if servers[server].os != "linux"]
            fix = "list Linux servers, or export with 3.0 or 4.1"
            yield from _unfit(view, name, "version", what, listed, chosen, fix)


@check_for(Rule(
    "GW033", "appliance-needs-all-squash", Severity.ERROR, "gateway_server.html#requirements",
    why="A Veeam Software Appliance works with an NFS share only where the export says all_squash: an error where it "
    "is listed or nobody else is left, a warning where automatic selection may come to it.",
    fix="Export with all_squash, or let other servers serve.",
))  # fmt: skip
def nfs_squash(view: View) -> Iterator[Hit]:
    for name, export in _exports(view):
        if export.squash not in (None, "all_squash"):
            what = f"exports with {export.squash}, and a Software Appliance needs all_squash"
            listed = _listed(view, name, lambda server: server.appliance == "software")
            yield from _unfit(view, name, "squash", what, listed, _refused(view, name, "nfs-squash"))


def _exports(view: View) -> Iterator[tuple[str, Nfs]]:
    """The NFS shares that say how they are exported."""
    return ((name, r.nfs) for name, r in view.inventory.repositories.items() if r.type == "nfs" and r.nfs)


def _listed(view: View, repository: str, is_unfit: Callable[[Server], bool]) -> list[str]:
    return [server for server in view.listed(repository) if is_unfit(view.inventory.servers[server])]


def _refused(view: View, repository: str, check: str) -> list[str]:
    return [server for server, one in view.candidates_of.get(repository, {}).items() if check in one.refusals]


def _unfit(
    view: View, name: str, key: str, what: str, listed: list[str], chosen: list[str], fix: str | None = None
) -> Iterator[Hit]:
    """A hit on an NFS share: an error for listed servers and where nobody else is left, a warning for those that
    automatic selection may come to."""
    if bad := listed or chosen:
        lost = [] if listed else lost_with(view.candidates_of[name][server] for server in chosen)
        whom = f"for {some(lost)} it has {some(bad)} alone" if lost else f"it may come to {some(bad)}"
        yield Hit(
            "repository", name,
            f"{name} {what}, and {f'it lists {some(bad)}' if listed else whom}",
            *on_listed(view, name, listed), on_value("repositories", name, "nfs", key, label="the export"),
            *(on_key("servers", server, label=_flaw(view.inventory.servers[server], key)) for server in bad),
            fix=fix, weight=None if listed or lost else Severity.WARNING,
        )  # fmt: skip


def _flaw(server: Server, key: str) -> str:
    """What a server is or runs that an export does not take."""
    if key == "squash":
        return "is a Software Appliance"
    return "runs Hyper-V" if server.os == "hyperv" else "runs Windows"


@check_for(Rule(
    "GW028", "nfs-backup-server-without-access", Severity.ERROR, "nfs_share.html",
    why="With automatic selection the backup server needs access to an NFS share, whoever serves in the end.",
    fix="Let the backup server in, or list gateway servers.",
))  # fmt: skip
def nfs_backup_server(view: View) -> Iterator[Hit]:
    server = view.inventory.backup_server
    for name in _nfs_automatic(view):
        if not view.is_let_in(server, name):
            yield Hit(
                "repository", name,
                f"{name} is on automatic selection, and the backup server {server} is not in its `accessible_from`",
                on_key("repositories", name, "accessible_from"),
                fix=f"add {server} to it, or list gateway servers",
            )  # fmt: skip


@check_for(Rule(
    "GW029", "nfs-proxy-without-access", Severity.ERROR, "nfs_share.html",
    why="With automatic selection every proxy of a job that writes to an NFS share needs access to it; all proxies, "
    "where the job takes any.",
    fix="Let the proxies in, or list gateway servers.",
))  # fmt: skip
def nfs_proxies(view: View) -> Iterator[Hit]:
    found: dict[str, tuple[dict[str, None], list[str]]] = {name: ({}, []) for name in _nfs_automatic(view)}
    enabled: dict[str | None, list[str]] = {}
    for proxy, entry in view.inventory.proxies.items():
        if entry.enabled:
            enabled.setdefault(entry.type, []).append(proxy)
    left_out: dict[tuple[str, str | None, tuple[str, ...] | None], list[str]] = {}
    for job_name, job in view.jobs("backup", "file_backup"):
        for name in found.keys() & view.targets(job):
            kind = view.proxy_kind(job_name, job)
            asked = (name, None if job.proxies else kind, job.proxies)
            if asked not in left_out:
                listed = job.proxies or enabled.get(kind, [])
                left_out[asked] = [p for p in listed if not _is_let_in(view, p, name)]
            if out := left_out[asked]:
                bad, told = found[name]
                bad.update(dict.fromkeys(out))
                told.append(job_name)
    for name, (bad, told) in found.items():
        if bad:
            yield Hit(
                "repository", name,
                f"{name} is on automatic selection, and its `accessible_from` leaves out {some(bad)}, by which "
                f"{some(told)} may read",
                on_key("repositories", name, "accessible_from"),
                *(on_key("proxies", proxy, label="the proxy") for proxy in bad), *on_jobs(told),
                fix="add their servers to it, or list gateway servers",
            )  # fmt: skip


def _is_let_in(view: View, proxy: str, repository: str) -> bool:
    return view.is_let_in(view.network.role_server("proxy", proxy), repository)


def _nfs_automatic(view: View) -> Iterator[str]:
    allowed = view.inventory.allowed
    return (
        name for name, entry in view.inventory.repositories.items()
        if entry.type == "nfs" and name in allowed and not view.listed(name)
    )  # fmt: skip


CHECKS = (
    nfs_security,
    nfs_version,
    nfs_squash,
    nfs_backup_server,
    nfs_proxies,
)
