"""What the REST API says of repositories, and where each revision keeps their gateways, limits and mount servers.

Three spellings of "automatic" (`autoSelect`, `autoSelectEnabled`, `autoSelection`), two of the task limit
(`taskLimitEnabled`, `enableTaskLimit`), three of the mount server (flat, nested, `mountServers`).
"""

from __future__ import annotations

from collections.abc import Iterable

from gwplan.importers.draft import Ref
from gwplan.importers.facts import NONE, Repository, ScaleOut
from gwplan.importers.judge import Judge
from gwplan.importers.rest import shapes
from gwplan.importers.rest.answers import Answers
from gwplan.importers.rest.item import Item

_GATEWAYS = {
    "share": ("share", "gatewayServer"),
    "dellDataDomain": ("dellDataDomain", "gatewayServer"),
    "hpeStoreOnce": ("hpeStoreOnce", "gatewayServer"),
    "account": ("account", "connectionSettings"),
}
"""Where gateways are, by the part that a type has."""
_AUTOMATIC = ("autoSelectEnabled", "autoSelection", "autoSelect")
_LIMIT_FLAGS = ("taskLimitEnabled", "enableTaskLimit")
_SERVER_NAMES = (
    ("dellDataDomain", "ddServername"), ("dellDataDomain", "ddServerName"), ("hpeStoreOnce", "storeOnceServerName"),
)  # fmt: skip


def read_repositories(answers: Answers, judge: Judge) -> None:
    """Judge every repository, also those of which there is only a state, then the scale-out repositories."""
    states = answers.items[shapes.REPOSITORY_STATE]
    for item in answers.of(shapes.REPOSITORY):
        judge.repository(_repository(item, states.get(item.id)))
    for state in states.values():
        if state.id not in answers.items[shapes.REPOSITORY] and state.type.lower() != "extendablerepository":
            judge.repository(_only_a_state(state))
    for item in answers.of(shapes.SCALE_OUT):
        judge.scale_out(_scale_out(item))


def _repository(item: Item, state: Item | None) -> Repository:
    path = next((path for part, path in _GATEWAYS.items() if item.has(part)), ("share", "gatewayServer"))
    single = item.identifier(*path, "gatewayServerId")
    gateways = item.identifiers(*path, "gatewayServerIds") or ([single] if single else [])
    return Repository(
        id=item.id, name=item.name, origin=item.origin, word=item.type, description=item.description,
        host=Ref("server", item.identifier("hostId")),
        gateways=tuple(Ref("server", identifier) for identifier in gateways),
        automatic=_flag(item, *((*path, name) for name in _AUTOMATIC)),
        connection=item.text(*path, "connectionType"),
        fibre_channel=_flag(item, ("dellDataDomain", "useFCConnectivity"), ("hpeStoreOnce", "useFCConnectivity")),
        wan_link=item.flag("hpeStoreOnce", "useStoreOnceWanLink"),
        mount_server=_mount_server(item),
        limit=_limit(item),
        per_machine=item.flag("repository", "advancedSettings", "perVmBackup"),
        state=_state(state), free=state.decimal("freeGB") if state else None,
        addresses=_addresses(item, state),
        has_proxy_appliance=item.has("proxyAppliance"),
    )  # fmt: skip


def _only_a_state(state: Item) -> Repository:
    """A repository that the list has no model for, such as Data Domain before 1.3-rev2: what its state says of it."""
    identifier, name = state.identifier("hostId"), state.text("hostName")
    host = Ref("server", identifier, name) if identifier else NONE
    return Repository(
        id=state.id, name=state.name, origin=state.origin, word=state.type,
        why="the list of repositories does not have it; its state does",
        host=host,
        gateways=(host,) if host else (), gateways_why="the host of its state; there may be more of them",
        automatic=None if host else True, automatic_why="its state names no host",
        connection=None,
        state=_state(state), free=state.decimal("freeGB"),
        addresses=(name,) if name else (),
    )  # fmt: skip


def _flag(item: Item, *paths: tuple[str, ...]) -> bool | None:
    """The first of some flags that is there: their names differ from revision to revision."""
    return next((flag for path in paths if (flag := item.flag(*path)) is not None), None)


def _mount_server(item: Item) -> Ref | dict[str, Ref] | None:
    block = "mountServer" if item.has("mountServer") else "mountServers"
    if flat := item.identifier(block, "mountServerId"):  # before 1.3
        return Ref("server", flat)
    wanted = item.text(block, "mountServerSettingsType").lower()
    pair = {
        os: Ref("server", identifier, "", os)
        for os in ("windows", "linux")
        if (identifier := item.identifier(block, os, "mountServerId")) and wanted in (os, "both", "")
    }
    return next(iter(pair.values())) if len(pair) == 1 else pair or None


def _limit(item: Item) -> tuple[int, bool | None] | None:
    """The number of tasks and whether it is a limit, from the first place where it may be one."""
    for path in (("repository",), ()):
        count, flag = item.number(*path, "maxTaskCount"), _flag(item, *((*path, name) for name in _LIMIT_FLAGS))
        if count is not None and count > 0 and flag is not False:
            return count, flag
    return None


def _state(state: Item | None) -> str:
    return "offline" if state and state.flag("isOnline") is False else ""


def _addresses(item: Item, state: Item | None) -> tuple[str, ...]:
    appliance: Iterable[str] = (item.text(*path) for path in _SERVER_NAMES)
    if name := next(filter(None, appliance), ""):
        return (name,)
    if item.has("share"):
        return (_host_of_share(item.text("share", "sharePath")),)
    name = state.text("hostName") if state else ""
    return (name,) if name else ()


def _host_of_share(path: str) -> str:
    """The host of `\\\\host\\share`, `//host/share` or `host:/export`."""
    text = path.replace("\\", "/").lstrip("/")
    return text.partition(":/")[0] if ":/" in text and not path.startswith(("\\", "/")) else text.partition("/")[0]


def _scale_out(item: Item) -> ScaleOut:
    extents = item.items("performanceTier", "performanceExtents")
    advanced = ("performanceTier", "advancedSettings")
    return ScaleOut(
        id=item.id, name=item.name, origin=item.origin, description=item.description,
        extents=tuple(map(_extent, extents)),
        states={extent.id: extent.words("status") for extent in extents},
        capacity_tier=item.flag("capacityTier", "isEnabled"),
        capacity_extents=tuple(map(_extent, item.items("capacityTier", "extents"))),
        copy=item.flag("capacityTier", "copyPolicyEnabled"), move=item.flag("capacityTier", "movePolicyEnabled"),
        archive_tier=item.flag("archiveTier", "isEnabled"),
        policy=item.text("placementPolicy", "type"),
        full_when_extent_offline=item.flag(*advanced, "fullWhenExtentOffline"),
        per_machine=item.flag(*advanced, "perVmBackup"),
    )  # fmt: skip


def _extent(item: Item) -> Ref:
    return Ref("repository", item.id, item.text("name"))
