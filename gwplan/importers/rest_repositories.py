"""Repositories of the REST API, scale-out ones too: where each revision keeps gateways, limits and mount servers.

Three spellings of "automatic" (`autoSelect`, `autoSelectEnabled`, `autoSelection`), two of the task limit
(`taskLimitEnabled`, `enableTaskLimit`), three of the mount server (flat, nested, `mountServers`).
"""

from __future__ import annotations

from typing import Any

from gwplan.importers import rest_shapes as shapes
from gwplan.importers.draft import Draft, Ref, Thing, mapped
from gwplan.importers.item import Item
from gwplan.importers.rest import Answers
from gwplan.importers.words import NO_REPOSITORY, PROVIDERS, REPOSITORY_TYPES
from gwplan.inventory.entries import BEHIND_GATEWAY, SERVER_HOSTED

_AUTOMATIC = ("autoSelectEnabled", "autoSelection", "autoSelect")
_LIMIT_FLAGS = ("taskLimitEnabled", "enableTaskLimit")
_EXTENT_STATUS = {"Sealed": "sealed", "Maintenance": "maintenance", "Evacuate": "sealed"}


def read_repositories(answers: Answers) -> None:
    """Add every repository, those that only the states know included, then the scale-out repositories."""
    for item in answers.of(shapes.REPOSITORY):
        _repository(item, answers)
    for state in answers.of(shapes.REPOSITORY_STATE):
        if state.id not in answers.items[shapes.REPOSITORY]:
            _only_a_state(state, answers)
    for item in answers.of(shapes.SCALE_OUT):
        _scale_out(item, answers)


def kind_of_repository(word: str) -> tuple[str, str] | None:
    """The inventory's type and provider for a vendor's type, or None."""
    if provider := mapped(PROVIDERS, word):
        return "object_storage", provider
    kind = mapped(REPOSITORY_TYPES, word)
    return (kind, "") if kind else None


def why_no_repository(word: str) -> str:
    if word.lower().endswith("external"):
        return f"a {word}: storage of another product, read only"
    reason = mapped(NO_REPOSITORY, word)
    return f"a {word}: {reason}" if reason else f"its type {word!r} is not known: gwplan cannot plan for it"


def _repository(item: Item, answers: Answers) -> None:
    draft = answers.draft
    kind = kind_of_repository(item.type)
    if kind is None:
        draft.left_out("repository", item.name, why_no_repository(item.type), item.origin)
        return
    keys: dict[str, Any] = {"description": item.description, "type": kind[0], "provider": kind[1] or None}
    thing = Thing("repository", item.id, item.name, keys, item.origin, item.type)
    if kind[0] not in BEHIND_GATEWAY:
        os = "windows" if kind[0] == "windows" else "linux"
        keys["server"] = Ref("server", item.identifier("hostId"), "", os)
    _share(item, thing)
    _object_storage(item, thing)
    _appliance(item, thing)
    keys["mount_server"] = _mount_server(item)
    _limit(item, thing)
    if item.flag("repository", "advancedSettings", "perVmBackup") is False:
        keys["per_machine"] = False
    if item.has("proxyAppliance"):
        draft.left_out("repository", item.name, "a helper appliance, not a gateway", item.origin, "proxy appliance")
    state = answers.items[shapes.REPOSITORY_STATE].get(item.id)
    if state:
        _state(state, thing)
    draft.add(thing)


def _share(item: Item, thing: Thing) -> None:
    if not item.has("share"):
        return
    thing.addresses = (_host_of_share(item.text("share", "sharePath")),)
    _gateways(item, thing, ("share", "gatewayServer"))


def _appliance(item: Item, thing: Thing) -> None:
    for part, server in (("dellDataDomain", "ddServername"), ("hpeStoreOnce", "storeOnceServerName")):
        if not item.has(part):
            continue
        name = item.text(part, server) or item.text(part, "ddServerName")
        thing.addresses = (name,) if name else ()
        if item.flag(part, "useFCConnectivity"):
            thing.keys["protocol"] = "fc"
        if item.flag(part, "useStoreOnceWanLink"):
            thing.guess("source_side_dedup", True, "a StoreOnce over a WAN link works in low bandwidth mode")
        _gateways(item, thing, (part, "gatewayServer"))


def _gateways(item: Item, thing: Thing, path: tuple[str, ...]) -> None:
    """Selected gateways; automatic unless the answer says otherwise."""
    automatic = next((flag for name in _AUTOMATIC if (flag := item.flag(*path, name)) is not None), None)
    listed = item.identifiers(*path, "gatewayServerIds")
    if single := item.identifier(*path, "gatewayServerId"):
        listed = listed or [single]
    if automatic and listed:
        item.draft.left_out("repository", item.name, "the selection is automatic: the ids have no effect", item.origin,
                            f"{len(listed)} gateway ids")  # fmt: skip
    elif listed:
        thing.keys["gateway_servers"] = [Ref("server", identifier) for identifier in listed]
        everyone = gateways_of_everyone(thing, item.draft)
        if automatic is None and everyone:
            thing.guess("gateway_servers", "auto", everyone)
    elif automatic is False:
        thing.guess("gateway_servers", "auto", "the selection is not automatic, and no gateway is listed")


def _object_storage(item: Item, thing: Thing) -> None:
    if thing.keys["type"] != "object_storage":
        return
    path = ("account", "connectionSettings")
    connection = item.text(*path, "connectionType").lower()
    listed = item.identifiers(*path, "gatewayServerIds")
    if connection in ("selectedgateway", "gateway"):
        thing.keys["connection"] = "gateway"
        if listed:
            thing.keys["gateway_servers"] = [Ref("server", identifier) for identifier in listed]
        else:
            thing.guess("connection", "gateway", "through a gateway, and none is listed: the backup server serves")
        return
    if listed:
        item.draft.left_out("repository", item.name, "the connection is direct: the ids have no effect", item.origin,
                            f"{len(listed)} gateway ids")  # fmt: skip
    if connection == "direct":
        thing.keys["connection"] = "direct"
    else:
        why = f"{connection!r} is not known" if connection else "the answer does not say how it is reached"
        thing.guess("connection", "direct", why)


def gateways_of_everyone(thing: Thing, draft: Draft) -> str:
    """Why a gateway list means nothing: it has every managed server, which is how some tools write "any of them"."""
    everyone = {server.id for server in draft.of("server")}
    listed = {ref.id for ref in thing.keys.get("gateway_servers") or ()}
    if len(everyone) > 1 and listed == everyone:
        return f"the list has all {len(everyone)} managed servers, which is how an automatic choice is shown"
    return ""


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
    if len(pair) == 1:
        return next(iter(pair.values()))
    return pair or None


def _limit(item: Item, thing: Thing) -> None:
    for path in (("repository",), ()):
        count = item.number(*path, "maxTaskCount")
        flag = next((found for name in _LIMIT_FLAGS if (found := item.flag(*path, name)) is not None), None)
        if count is None or count < 1 or flag is False:
            continue
        if flag:
            thing.keys["max_concurrent_tasks"] = count
        else:
            thing.guess("max_concurrent_tasks", count, "the answer gives a number and not whether it limits")
        return


def _state(state: Item, thing: Thing) -> None:
    if state.flag("isOnline") is False:
        thing.guess("status", "offline", "was offline when it was read")
    free = state.decimal("freeGB")
    if free is not None and 0 <= free < 1e12:
        thing.keys["free"] = f"{free:.10g} GiB" if free < 1e9 else None
    if state.text("hostName") and not thing.addresses:
        thing.addresses = (state.text("hostName"),)


def _only_a_state(state: Item, answers: Answers) -> None:
    """A repository that the list has no model for, as Data Domain before 1.3-rev2: what its state says of it."""
    draft = answers.draft
    kind = kind_of_repository(state.type)
    if kind is None:
        if state.type.lower() != "extendablerepository":
            draft.left_out("repository", state.name, why_no_repository(state.type), state.origin)
        return
    keys: dict[str, Any] = {"type": kind[0], "provider": kind[1] or None}
    why = "the list of repositories does not have it; its state does"
    thing = Thing("repository", state.id, state.name, keys, state.origin, state.type, guesses={"": why})
    host = Ref("server", state.identifier("hostId"), state.text("hostName") if state.identifier("hostId") else "")
    if kind[0] in BEHIND_GATEWAY:
        if host and kind[0] != "object_storage":
            thing.guess("gateway_servers", [host], "the host of its state; there may be more of them")
        elif kind[0] != "object_storage":
            thing.guess("gateway_servers", "auto", "its state names no host")
    elif host or kind[0] in SERVER_HOSTED:
        keys["server"] = host
    _state(state, thing)
    draft.add(thing)


def _host_of_share(path: str) -> str:
    """The host of `\\\\host\\share`, `//host/share` or `host:/export`."""
    text = path.replace("\\", "/").lstrip("/")
    return text.partition(":/")[0] if ":/" in text and not path.startswith(("\\", "/")) else text.partition("/")[0]


# --- scale-out --------------------------------------------------------------------------------------------------------


def _scale_out(item: Item, answers: Answers) -> None:
    draft = answers.draft
    extents = item.items("performanceTier", "performanceExtents")
    keys: dict[str, Any] = {
        "description": item.description,
        "performance_tier": [_extent(extent) for extent in extents],
    }
    thing = Thing("scale_out_repository", item.id, item.name, keys, item.origin)
    for extent in extents:
        _extent_status(extent, answers)
    _tiers(item, thing)
    if item.text("placementPolicy", "type").lower() == "performance":
        keys["placement_policy"] = "performance"
    if item.flag("performanceTier", "advancedSettings", "fullWhenExtentOffline"):
        keys["full_when_extent_offline"] = True
    if item.flag("performanceTier", "advancedSettings", "perVmBackup") is False:
        keys["per_machine"] = False
    draft.add(thing)


def _extent(item: Item) -> Ref:
    return Ref("repository", item.id, item.text("name"))


def _extent_status(extent: Item, answers: Answers) -> None:
    found = extent.data.get("status")
    words = [found] if isinstance(found, str) else found if isinstance(found, list) else []
    repository = answers.draft.find("repository", extent.id)
    for word in words:
        status = mapped(_EXTENT_STATUS, word) if isinstance(word, str) else None
        if status and repository is not None and "status" not in repository.keys:
            repository.keys["status"] = status
            if status != str(word).lower():
                repository.guesses["status"] = f"the extent is in state {word}: it takes no new backups"


def _tiers(item: Item, thing: Thing) -> None:
    draft = item.draft
    if item.flag("capacityTier", "isEnabled"):
        extents = [_extent(extent) for extent in item.items("capacityTier", "extents")]
        if extents:
            thing.keys["capacity_tier"] = {
                "extents": extents,
                "copy": bool(item.flag("capacityTier", "copyPolicyEnabled")),
                "move": bool(item.flag("capacityTier", "movePolicyEnabled")),
            }
        else:
            draft.left_out("scale_out_repository", item.name, "it is enabled and names no extent", item.origin,
                           "capacity tier")  # fmt: skip
    if item.flag("archiveTier", "isEnabled"):
        draft.left_out("scale_out_repository", item.name, "the inventory has no archive tier", item.origin,
                       "archive tier")  # fmt: skip

