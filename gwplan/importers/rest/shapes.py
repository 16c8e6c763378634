"""Answers of the REST API recognised by their shape, whatever the file is called and whichever revision wrote it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gwplan.importers.words import NO_REPOSITORY, PROVIDERS, REPOSITORY_TYPES

SERVER, PROXY, PROXY_STATE, WAN, REPOSITORY, REPOSITORY_STATE, SCALE_OUT, MOUNT, DATA_SERVER, JOB, JOB_STATE, BACKUP, \
    SERVER_INFO, TRAFFIC = (
        "managed server", "proxy", "proxy state", "WAN accelerator", "repository", "repository state",
        "scale-out repository", "mount server", "unstructured data server", "job", "job state", "backup",
        "server info", "traffic rules",
    )  # fmt: skip

_SERVER_TYPES = frozenset({
    "windowshost", "linuxhost", "vihost", "clouddirectorhost", "hvserver", "hvcluster", "scvmm", "smbv3cluster",
    "smbv3standalonehost", "nutanixcluster", "prismcentral", "proxmoxnode", "proxmoxcluster",
})  # fmt: skip
_DATA_SERVERS = frozenset({
    "fileserver", "smbshare", "nfsshare", "nasfiler", "s3compatible", "amazons3", "azureblob", "azuredatalake",
    "sansmbshare", "sannfsshare",
})  # fmt: skip
_REPOSITORY_TYPES = frozenset(key.lower() for key in (*REPOSITORY_TYPES, *PROVIDERS, *NO_REPOSITORY))
_REPOSITORY_PARTS = (
    "repository", "share", "account", "dellDataDomain", "hpeStoreOnce", "bucket", "container", "mountServer",
    "mountServers",
)  # fmt: skip
_JOB_PARTS = (
    "virtualMachines", "storage", "sourceObjects", "backupRepository", "computers", "primaryJobId", "objects",
    "dataTransfer", "isDisabled",
)  # fmt: skip
_EXPORT_PARTS = (
    "WindowsLocalRepositories", "LinuxLocalRepositories", "SmbRepositories", "NfsRepositories", "windowsHosts",
    "linuxHosts", "viHosts", "proxies", "jobs",
)  # fmt: skip


def unwrap(answer: Any) -> tuple[list[Any], int | None]:
    """The items of a list answer, of a bare list or of a single object, and how many there are in all if it says."""
    if isinstance(answer, dict) and isinstance(answer.get("data"), list):
        pages = answer.get("pagination")
        total = pages.get("total") if isinstance(pages, dict) else None
        return answer["data"], total if isinstance(total, int) and not isinstance(total, bool) else None
    return (answer, None) if isinstance(answer, list) else ([answer], None)


def shape(item: Any) -> tuple[str, str]:
    """The kind of one item, or "" and why no inventory is made of it."""
    if not isinstance(item, dict):
        return "", "is no object"
    kind = _by_keys(item)
    if kind in (SERVER_INFO, TRAFFIC):
        return kind, ""
    if not kind:
        return "", _why_not(item)
    if not isinstance(item.get("id"), str) or not item["id"]:
        return "", f"describes a {kind} without an `id`: a request body, not an answer"
    return kind, ""


def _by_keys(item: dict[str, Any]) -> str:
    if "vbrId" in item and "buildVersion" in item:
        return SERVER_INFO
    if isinstance(item.get("trafficRules"), list):
        return TRAFFIC
    if "performanceTier" in item:
        return SCALE_OUT
    if "isDisabled" in item and "hostId" in item and "isOnline" in item:
        return PROXY_STATE
    if "capacityGB" in item or "freeGB" in item or ("isOnline" in item and "hostId" in item):
        return REPOSITORY_STATE
    server = item.get("server")
    if isinstance(server, dict):
        return WAN if "cache" in item else PROXY if "maxTaskCount" in server or "hostId" in server else ""
    if "isDefault" in item and "settings" in item:
        return MOUNT
    if "platformId" in item and "jobId" in item and "repositoryId" in item and "sessionType" not in item:
        return BACKUP
    return _by_type(item, str(item.get("type", "")).lower())


def _by_type(item: dict[str, Any], word: str) -> str:
    if not word or "sessionType" in item:
        return ""
    if "lastResult" in item and ("workload" in item or "objectsCount" in item or "nextRunPolicy" in item):
        return JOB_STATE
    if word in _SERVER_TYPES or ("credentialsStorageType" in item and "status" in item):
        return SERVER
    if word in _DATA_SERVERS and ("processing" in item or not any(part in item for part in _REPOSITORY_PARTS)):
        return DATA_SERVER
    if word in _REPOSITORY_TYPES or ("uniqueId" in item and any(part in item for part in _REPOSITORY_PARTS)):
        return REPOSITORY
    if "isDisabled" in item or (any(part in item for part in _JOB_PARTS) and "sources" not in item):
        return JOB
    return ""


def _why_not(item: dict[str, Any]) -> str:
    if any(isinstance(item.get(part), list) for part in _EXPORT_PARTS):
        return "is an automation export: it names one gateway where there may be several; save the GET answers instead"
    if "errorCode" in item:
        return f"is an error of the server: {item.get('errorCode')}: {item.get('message', '')}"
    if "sessionType" in item or "state" in item or "result" in item:
        return "is a session or its log: no session says which gateway it used"
    return f"has no shape that an inventory is made of (keys: {', '.join(_keys(item)) or 'none'})"


def _keys(item: dict[str, Any]) -> Iterator[str]:
    yield from list(item)[:6]
    if len(item) > 6:
        yield "…"
