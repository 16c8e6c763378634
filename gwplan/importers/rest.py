"""Answers of the VBR REST API, revisions 1.1 to 1.3-rev2, to a draft: servers, roles, mount servers, traffic rules.

Repositories and jobs are in files of their own. Answers come from a folder (saved.py) or from a server (vbr.py).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from gwplan.importers import rest_shapes as shapes
from gwplan.importers.draft import BUILT_IN_SERVER, Draft, ImportFailed, Ref, Thing, TrafficRule, mapped
from gwplan.importers.item import Item
from gwplan.importers.words import PROXY_TYPES, SERVER_OS, TRANSPORT_MODES

_SILENT = (
    ("sites and links", "REST has no locations: give --sites FILE, or traffic rules whose ranges hold the servers"),
    ("cores and memory of servers", "REST does not show them: without them gwplan computes no gateway slots"),
    ("tape servers and tape jobs", "REST has none: a health-check folder lists them"),
    ("plug-in jobs (RMAN, HANA, Db2 …)", "REST has none: a health-check folder lists them"),
    ("disks of machines", "REST does not count them: each machine has one disk until somebody says more"),
    ("what reaches what", "`accessible_from`, fabrics and failure domains are for people to add"),
)  # fmt: skip


@dataclass(slots=True)
class Answers:
    """Items by shape, each once, with how many of them there should be."""

    draft: Draft
    items: defaultdict[str, dict[str, Item]] = field(default_factory=lambda: defaultdict(dict))
    totals: Counter[str] = field(default_factory=Counter)

    def take(self, answer: Any, origin: str) -> None:
        """Sort the items of one answer; what is none of ours is told."""
        found, total = shapes.unwrap(answer)
        strangers: Counter[str] = Counter()
        kinds: set[str] = set()
        for data in found:
            kind, why = shapes.shape(data)
            if not kind:
                strangers[why] += 1
                continue
            kinds.add(kind)
            item = Item(data, origin, self.draft, _SUBJECTS.get(kind, "server"))
            key = item.id or f"{kind} of {origin}"
            known = self.items[kind].setdefault(key, item)
            self.draft.read[kind, origin] += 1
            if known is not item and known.data != data:
                why = f"has the id of {known.name} ({known.origin}) and other settings: the first one counts"
                self.draft.left_out(item.kind, item.name, why, origin)
        if total is not None and len(kinds) == 1:
            only = kinds.pop()
            self.totals[only] = max(total, self.totals[only])
        for why, count in strangers.items():
            what = f"{count} item{'s' if count > 1 else ''} of {origin}" if found != [answer] else origin
            self.draft.left_out("file", origin, why, origin, what)

    def of(self, kind: str) -> Iterable[Item]:
        return self.items[kind].values()


_SUBJECTS = {
    shapes.PROXY: "proxy", shapes.PROXY_STATE: "proxy", shapes.WAN: "wan_accelerator",
    shapes.REPOSITORY: "repository", shapes.REPOSITORY_STATE: "repository",
    shapes.SCALE_OUT: "scale_out_repository", shapes.JOB: "job", shapes.JOB_STATE: "job", shapes.BACKUP: "job",
}  # fmt: skip


def read(answers: Answers) -> Draft:
    """Everything that was answered, as a draft."""
    from gwplan.importers.rest_jobs import read_jobs
    from gwplan.importers.rest_repositories import read_repositories

    draft = answers.draft
    if not any(answers.items.values()):
        raise ImportFailed(f"{draft.where}: nothing in it is an answer of the VBR REST API")
    for kind, total in answers.totals.items():
        if total > len(answers.items[kind]):
            why = f"{len(answers.items[kind])} of {total} were there: a page is missing"
            draft.cannot_tell(f"all of the {kind}s", why)
    clusters = _servers(answers)
    _proxies(answers)
    for item in answers.of(shapes.WAN):
        draft.add(Thing("wan_accelerator", item.id, item.name, {"server": _host(item)}, item.origin))
    _mount_servers(answers)
    read_repositories(answers)
    read_jobs(answers, clusters)
    _traffic_rules(answers)
    for what, why in _SILENT:
        draft.cannot_tell(what, why)
    return draft


# --- servers ----------------------------------------------------------------------------------------------------------


def _servers(answers: Answers) -> dict[str, list[str]]:
    """Managed servers, which of them is the backup server, and the nodes of each Hyper-V cluster by its name."""
    draft = answers.draft
    clusters: dict[str, list[str]] = {}
    for item in answers.of(shapes.SERVER):
        if item.type.lower() == "hvcluster":
            clusters[item.name.casefold()] = [child.name for child in item.items("childServers")]
        os = mapped(SERVER_OS, item.type)
        if os is None:
            draft.left_out("server", item.name, f"a {item.type}: it takes no role and is no gateway", item.origin)
            continue
        keys: dict[str, Any] = {"description": item.description, "os": os}
        thing = Thing("server", item.id, item.name, keys, item.origin, item.type, addresses=(item.name,))
        if item.flag("isVBRLinuxAppliance"):
            thing.guess("appliance", "software" if item.flag("isBackupServer") else "infrastructure",
                        "the source says that it is an appliance, not which")  # fmt: skip
        if item.text("status").lower() == "unavailable":
            thing.guess("status", "offline", "was unavailable when it was read")
        components = [part.text("optionalComponent") for part in item.items("optionalComponents", "optionalComponents")]
        if components:
            draft.left_out("server", item.name, f"{', '.join(components)}: the inventory has no key for them",
                           item.origin, "optional components")  # fmt: skip
        if item.flag("isBackupServer"):
            draft.backup_server = Ref("server", item.id, item.name, os)
        if item.flag("isDefaultMountServer"):
            draft.default_mount_servers.setdefault("linux" if os == "linux" else "windows", Ref("server", item.id))
        draft.add(thing)
    _server_info(answers)
    return clusters


def _server_info(answers: Answers) -> None:
    draft = answers.draft
    info = next(iter(answers.of(shapes.SERVER_INFO)), None)
    if info is not None:
        draft.product_version = info.text("buildVersion")
    name = info.text("name") if info else ""
    os = info.text("platform").lower() if info else ""
    listed = draft.find("server", BUILT_IN_SERVER)
    if draft.backup_server is None and (info is not None or listed is not None):
        hint = "linux" if os == "linux" else "windows"
        draft.backup_server = Ref("server", BUILT_IN_SERVER if listed else "", name or (listed.name if listed else ""),
                                  hint)  # fmt: skip
    if info is None:
        draft.cannot_tell("the version of the product", "the answer of /serverInfo is not there: 13 is assumed")


def _host(item: Item) -> Ref:
    return Ref("server", item.identifier("server", "hostId"), item.text("server", "hostName"))


# --- roles ------------------------------------------------------------------------------------------------------------


def _proxies(answers: Answers) -> None:
    draft = answers.draft
    states = answers.items[shapes.PROXY_STATE]
    for item in answers.of(shapes.PROXY):
        kind = mapped(PROXY_TYPES, item.type)
        if kind is None:
            why = f"a proxy of type {item.type}: the vendor's gateway page does not speak of it"
            draft.left_out("proxy", item.name, why, item.origin)
            continue
        keys: dict[str, Any] = {"description": item.description, "type": kind, "server": _host(item)}
        thing = Thing("proxy", item.id, item.name, keys, item.origin, item.type)
        if (tasks := item.number("server", "maxTaskCount")) and tasks > 0:
            keys["max_concurrent_tasks"] = tasks
        mode = item.text("server", "transportMode")
        if mode and kind == "vmware":
            keys["transport_mode"] = mapped(TRANSPORT_MODES, mode)
            if keys["transport_mode"] is None:
                draft.left_out("proxy", item.name, f"{mode!r} is not known: auto", item.origin, "transport mode")
        state = states.get(item.id)
        if state and state.flag("isDisabled"):
            keys["enabled"] = False
        if state and state.flag("isOnline") is False:
            draft.left_out("proxy", item.name, "was offline when it was read: give its server a status to plan so",
                           state.origin, "online state")  # fmt: skip
        draft.add(thing)
    if answers.items[shapes.PROXY] and not states:
        draft.cannot_tell("which proxies are disabled", "the answer of /proxies/states is not there: all are enabled")


def _mount_servers(answers: Answers) -> None:
    for item in answers.of(shapes.MOUNT):
        if item.flag("isDefault"):
            os = "linux" if item.type.lower() == "linux" else "windows"
            answers.draft.default_mount_servers[os] = Ref("server", item.id, "", os)


def _traffic_rules(answers: Answers) -> None:
    for rules in answers.of(shapes.TRAFFIC):
        for item in rules.items("trafficRules"):
            limit = ""
            unit = {"mbitperspec": ("Mbps", 1), "mbitpersec": ("Mbps", 1), "mbytepersec": ("Mbps", 8),
                    "kbytepersec": ("kbps", 8)}.get(item.text("throttlingUnit").lower())  # fmt: skip
            if item.flag("throttlingEnabled") and unit and (value := item.number("throttlingValue")) and value > 0:
                limit = f"{value * unit[1]} {unit[0]}"
            answers.draft.traffic_rules.append(
                TrafficRule(
                    item.name,
                    (item.text("sourceIPStart"), item.text("sourceIPEnd")),
                    (item.text("targetIPStart"), item.text("targetIPEnd")),
                    limit,
                )
            )
