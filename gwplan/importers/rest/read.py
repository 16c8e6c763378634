"""What answers of the REST API, revisions 1.1 to 1.3-rev2, say: servers, roles, mount servers, traffic rules.

Repositories and jobs are in files of their own. Answers come from a folder (saved.py) or from a server (live.py).
"""

from __future__ import annotations

from gwplan.importers.draft import BUILT_IN_SERVER, Draft, ImportFailed, Ref
from gwplan.importers.facts import Phrases, Role, Server
from gwplan.importers.judge import Judge
from gwplan.importers.rest import shapes
from gwplan.importers.rest.answers import Answers
from gwplan.importers.rest.item import Item
from gwplan.importers.rest.jobs import read_jobs
from gwplan.importers.rest.repositories import read_repositories
from gwplan.nouns import plural

_PHRASES = Phrases(
    unknown_proxy=": the vendor's gateway page does not speak of it",
    gateway="gateway id",
    no_effect_automatic="the selection is automatic: the ids have no effect",
    no_effect_direct="the connection is direct: the ids have no effect",
    everyone="which is how an automatic choice is shown",
    no_connection="the answer does not say how it is reached",
    no_capacity_extent="it is enabled and names no extent",
)
_SILENT = (
    ("sites and links", "REST has no locations: give --sites FILE, or traffic rules whose ranges hold the servers"),
    ("cores and memory of servers", "REST does not show them: without them gwplan computes no gateway slots"),
    ("tape servers and tape jobs", "REST has none: a health-check folder lists them"),
    ("plug-in jobs (RMAN, HANA, Db2 …)", "REST has none: a health-check folder lists them"),
    ("disks of machines", "REST does not count them: each machine has one disk until somebody says more"),
    ("what reaches what", "`accessible_from`, fabrics and failure domains are for people to add"),
)  # fmt: skip


def read(answers: Answers) -> Draft:
    """Everything that was answered, as a draft."""
    draft = answers.draft
    if not any(answers.items.values()):
        raise ImportFailed(f"{draft.where}: nothing in it is an answer of the VBR REST API")
    for kind, total in answers.totals.items():
        if total > len(answers.items[kind]):
            why = f"{len(answers.items[kind])} of {total} were there: a page is missing"
            draft.cannot_tell(f"all of the {plural(kind.replace('_', ' '))}", why)
    judge = Judge(draft, _PHRASES)
    for item in answers.of(shapes.SERVER):
        judge.server(_server(item))
    _server_info(answers)
    _proxies(answers, judge)
    for item in answers.of(shapes.WAN):
        judge.role(Role(kind="wan_accelerator", id=item.id, name=item.name, origin=item.origin, host=_host(item)))
    _mount_servers(answers)
    read_repositories(answers, judge)
    read_jobs(answers)
    _traffic_rules(answers, judge)
    for what, why in _SILENT:
        draft.cannot_tell(what, why)
    return draft


def _server(item: Item) -> Server:
    own = item.flag("isBackupServer")
    return Server(
        id=item.id, name=item.name, origin=item.origin, word=item.type, description=item.description,
        appliance=("software" if own else "infrastructure") if item.flag("isVBRLinuxAppliance") else "",
        available=item.text("status").lower() != "unavailable",
        components=tuple(part.text("optionalComponent")
                         for part in item.items("optionalComponents", "optionalComponents")),
        is_backup_server=bool(own),
        is_default_mount_server=bool(item.flag("isDefaultMountServer")),
    )  # fmt: skip


def _server_info(answers: Answers) -> None:
    """The version, and which server is the backup server where the list of servers does not say it."""
    draft = answers.draft
    info = next(iter(answers.of(shapes.SERVER_INFO)), None)
    if info is not None:
        draft.product_version = info.text("buildVersion")
    name = info.text("name") if info else ""
    os = info.text("platform").lower() if info else ""
    listed = draft.find("server", BUILT_IN_SERVER)
    name = name or (listed.name if listed else "")
    if draft.backup_server is None and (name or listed is not None):
        hint = "linux" if os == "linux" else "windows"
        draft.backup_server = Ref("server", BUILT_IN_SERVER if listed else "", name, hint)
    if info is None:
        draft.cannot_tell("the version of the product", "the answer of /serverInfo is not there: 13 is assumed")


def _host(item: Item) -> Ref:
    return Ref("server", item.identifier("server", "hostId"), item.text("server", "hostName"))


def _proxies(answers: Answers, judge: Judge) -> None:
    states = answers.items[shapes.PROXY_STATE]
    for item in answers.of(shapes.PROXY):
        state = states.get(item.id)
        judge.role(
            Role(
                kind="proxy", id=item.id, name=item.name, origin=item.origin, word=item.type,
                description=item.description, host=_host(item),
                tasks=item.number("server", "maxTaskCount"),
                transport_mode=item.text("server", "transportMode"),
                disabled=bool(state and state.flag("isDisabled")),
                state="offline" if state and state.flag("isOnline") is False else "",
                state_origin=state.origin if state else "",
            )
        )  # fmt: skip
    if answers.items[shapes.PROXY] and not states:
        why = "the answer of /proxies/states is not there: all are enabled"
        answers.draft.cannot_tell("which proxies are disabled", why)


def _mount_servers(answers: Answers) -> None:
    for item in answers.of(shapes.MOUNT):
        if item.flag("isDefault"):
            os = "linux" if item.type.lower() == "linux" else "windows"
            answers.draft.default_mount_servers[os] = Ref("server", item.id, "", os)


def _traffic_rules(answers: Answers, judge: Judge) -> None:
    for rules in answers.of(shapes.TRAFFIC):
        for item in rules.items("trafficRules"):
            judge.traffic_rule(
                (item.text("sourceIPStart"), item.text("sourceIPEnd")),
                (item.text("targetIPStart"), item.text("targetIPEnd")),
                item.flag("throttlingEnabled"), item.number("throttlingValue"), item.text("throttlingUnit"),
            )  # fmt: skip
