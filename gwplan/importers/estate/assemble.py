"""A draft to the plain data of an inventory that loads, with a comment for every guess.

Order: names, then the joins, then what the format demands (a repository is an extent once, a job has a target and a
source). What the format cannot hold as it is will be kept as far as possible, and reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from gwplan.findings import Path, Subject
from gwplan.importers.draft import THIS_SERVER, Draft, ImportFailed, Kind, News, Ref, Thing
from gwplan.importers.estate.jobs import Jobs
from gwplan.importers.estate.join import JoinedNames, named
from gwplan.importers.words import visible
from gwplan.inventory.document import SECTIONS
from gwplan.inventory.entries import OBJECT_STORAGE
from gwplan.inventory.form import SECTION_OF
from gwplan.inventory.names import natural

_NEEDED = {"windows": "server", "linux": "server", "hardened": "server"}
_CHOSEN = frozenset({"gateway_servers", "mount_server", "default_mount_servers"})
"""Keys by which an unlisted server would be chosen to serve; by all others it only hosts something."""


@dataclass(slots=True)
class Estate:
    """An inventory as plain data, sections and entries as people read them, with the comments and addresses by path."""

    data: dict[str, Any]
    comments: dict[Path, str] = field(default_factory=dict)
    addresses: dict[Path, tuple[str, ...]] = field(default_factory=dict)


def assemble(draft: Draft) -> Estate:
    """Join and order everything that was read. Raises ImportFailed if there is no server to begin with."""
    if not any(thing.kind == "server" for thing in draft.things):
        raise ImportFailed(f"{draft.where}: no managed servers in it: an inventory begins with its servers")
    names = JoinedNames(draft)
    _merge_backup_server(draft)
    for thing in sorted(draft.things, key=_order):
        names.take_in(thing)
    entries = {section: dict[str, dict[str, Any]]() for section in SECTIONS}
    head = _head(draft, names)
    things = {id(thing): thing for thing in draft.things}
    for thing in draft.things.copy():
        entries[SECTION_OF[thing.kind]][names.of(thing)] = _entry(thing, names)
    _hosted(draft, names, entries)
    _extents_once(draft, entries)
    _only_what_is_there(draft, names, entries)
    Jobs(draft, names, entries).settle()
    _unused_workloads(entries)
    for thing in draft.things:  # servers that only references name
        if id(thing) not in things:
            if names.uses[id(thing)] <= _CHOSEN:
                thing.guess("managed", False, "no list has it: it is never chosen until somebody says what it is")
            entries["servers"][names.of(thing)] = _entry(thing, names)
    return _ordered(draft, names, head, entries)


def _order(thing: Thing) -> tuple[Any, ...]:
    return SECTIONS.index(SECTION_OF[thing.kind]), natural(thing.name), thing.id, thing.vendor_type


# --- servers and entries ----------------------------------------------------------------------------------------------


def _merge_backup_server(draft: Draft) -> None:
    """The backup server may be listed twice: as "This server", and as a managed server under its own name."""
    own = draft.backup_server
    if not own:
        return
    servers = draft.of("server")
    same = [
        thing
        for thing in servers
        if (own.id and own.id in (thing.id, *thing.aliases)) or thing.name.casefold().startswith(THIS_SERVER)
        or (own.name and thing.name.casefold() == own.name.casefold())
    ]  # fmt: skip
    if not same:
        short = own.name.partition(".")[0].casefold()
        same = [thing for thing in servers if short and thing.name.partition(".")[0].casefold() == short][:1]
    if not same:
        why = f"the source says that {own} is the backup server and does not list it"
        guesses = {"": why, "os": "the usual one"} if own.hint == "windows" else {"": why}
        draft.things.append(Thing("server", own.id, own.name or "backup-server", {"os": own.hint}, "", guesses=guesses))
        return
    kept = next((thing for thing in same if not thing.name.casefold().startswith(THIS_SERVER)), same[0])
    for thing in same:
        if thing is not kept:
            kept.aliases = (*kept.aliases, thing.id, thing.name)
            kept.keys = {**thing.keys, **kept.keys}
            draft.things.remove(thing)
            why = f"is the backup server, which is also listed as {kept.name}: one entry"
            draft.left_out("server", thing.name, why, thing.origin, f"second entry {thing.name}")
    if kept.name.casefold().startswith(THIS_SERVER) and own.name and not own.name.casefold().startswith(THIS_SERVER):
        kept.aliases = (*kept.aliases, kept.name)
        kept.name = own.name
    draft.backup_server = Ref("server", kept.id, kept.name)


def _head(draft: Draft, names: JoinedNames) -> dict[str, Any]:
    server = draft.backup_server
    own = named(server, names, "the installation", "backup_server") if server else None
    if own is None:
        draft.backup_server = Ref("server", "", "backup-server")
        guesses = {"": "the source does not say which server is the backup server"}
        draft.things.append(Thing("server", "", "backup-server", {"os": "windows"}, "", guesses=guesses))
        names.take_in(draft.things[-1])
        own = names.of(draft.things[-1])
    defaults = {os: named(ref, names, "the installation", "default_mount_servers")
                for os, ref in sorted(draft.default_mount_servers.items(), reverse=True)}  # fmt: skip
    return {
        "gwplan": 1,
        "product_version": _version(draft),
        "backup_server": own,
        "default_mount_servers": {os: name for os, name in defaults.items() if name} or None,
    }


def _version(draft: Draft) -> str:
    build = re.match(r"1[23](\.[0-9]{1,9}){0,3}$", draft.product_version)
    if build:
        return build[0]
    why = f"the source says {draft.product_version}" if draft.product_version else "the source does not say the version"
    draft.news.append(News(Kind.GUESSED, None, "product_version 13", why, key="product_version"))
    return "13"


def _entry(thing: Thing, names: JoinedNames) -> dict[str, Any]:
    user = names.of(thing)
    entry = {}
    for key, value in thing.keys.items():
        found = visible(value) if isinstance(value, str) else named(value, names, user, key)
        if found not in (None, [], {}, ""):
            entry[key] = found
    if thing.id:
        entry["id"] = visible(thing.id)
    return entry


_ORDER = (
    "type", "vendor_type", "platform", "os", "os_version", "managed", "appliance", "site", "status", "server",
    "cores", "memory", "host", "count", "size", "provider", "connection", "protocol", "source_side_dedup",
    "gateway_servers", "mount_server", "max_concurrent_tasks", "transport_mode", "enabled", "per_machine", "free",
    "performance_tier", "capacity_tier", "placement_policy", "full_when_extent_offline", "source_repository",
    "source_jobs", "workloads", "plugin", "tape_server", "repository", "wan_accelerators", "proxies", "target_proxies",
    "mode", "off_host_failover", "priority", "schedule",
)  # fmt: skip
_RANK = {key: number for number, key in enumerate(_ORDER)} | {"description": 900, "id": 999}


def ordered(entry: dict[str, Any]) -> dict[str, Any]:
    """The keys of an entry in the order in which people read them: what it is, where, with whom, then details."""
    return {key: entry[key] for key in _in_order(tuple(entry))}


@lru_cache(1024)
def _in_order(keys: tuple[str, ...]) -> list[str]:
    return sorted(keys, key=lambda key: (_RANK.get(key, 800), key))


def _hosted(draft: Draft, names: JoinedNames, entries: dict[str, Any]) -> None:
    """Drop direct attached repositories and roles whose server is not known: they need one."""
    for thing in draft.things.copy():
        section, name = SECTION_OF[thing.kind], names.of(thing)
        entry = entries[section].get(name)
        if entry is None:
            continue
        if section in ("proxies", "wan_accelerators", "tape_servers"):
            if entry.get("server") == name:
                del entry["server"]
            elif "server" not in entry and name not in entries["servers"]:
                del entries[section][name]
                draft.left_out(thing.kind, name, "the source does not say on which server it runs", thing.origin)
        elif section == "repositories" and entry["type"] in _NEEDED and "server" not in entry:
            del entries[section][name]
            draft.left_out(thing.kind, name, f"a {entry['type']} repository without a host", thing.origin)
        elif section == "repositories" and not entry.get("gateway_servers", True):
            del entry["gateway_servers"]


def _extents_once(draft: Draft, entries: dict[str, Any]) -> None:
    repositories = entries["repositories"]
    owner: dict[str, str] = {}

    def free(extents: list[str], whole: str, kinds: frozenset[str] = frozenset()) -> list[str]:
        kept = []
        for extent in extents:
            if extent not in repositories:
                draft.left_out("scale_out_repository", whole, f"{extent} is no repository of this inventory",
                               what=f"extent {extent}")  # fmt: skip
            elif kinds and repositories[extent]["type"] not in kinds:
                why = f"{extent} is a {repositories[extent]['type']} repository: a capacity tier takes object storage"
                draft.left_out("scale_out_repository", whole, why, what=f"extent {extent}")
            elif extent in owner:
                draft.left_out("scale_out_repository", whole, f"{extent} is an extent of {owner[extent]} already",
                               what=f"extent {extent}")  # fmt: skip
            else:
                owner[extent] = whole
                kept.append(extent)
        return kept

    for name, entry in list(entries["scale_out_repositories"].items()):
        entry["performance_tier"] = free(entry.get("performance_tier") or [], name)
        capacity = entry.pop("capacity_tier", None)
        if capacity and (extents := free(capacity.get("extents") or [], name, frozenset({OBJECT_STORAGE}))):
            entry["capacity_tier"] = {**capacity, "extents": extents}
        elif capacity:
            draft.left_out("scale_out_repository", name, "no extent of its capacity tier is in what was read",
                           what="capacity tier")  # fmt: skip
        if not entry["performance_tier"]:
            del entries["scale_out_repositories"][name]
            for extent in entry.get("capacity_tier", {}).get("extents", ()):
                del owner[extent]
            draft.left_out("scale_out_repository", name, "none of its performance extents is in what was read")


_ROLES = (("proxies", "proxies"), ("target_proxies", "proxies"), ("wan_accelerators", "wan_accelerators"))


def _only_what_is_there(draft: Draft, names: JoinedNames, entries: dict[str, Any]) -> None:
    """Take out of jobs the roles that have been left out since they were joined."""
    for thing in draft.of("job"):
        name = names.of(thing)
        job = entries["jobs"][name]
        for key, section in _ROLES:
            named_here = job.get(key) or []
            roles = list(named_here.values()) if isinstance(named_here, dict) else named_here
            for role in (role for role in roles if role not in entries[section]):
                why = f"`{key}` names {role}, which is left out"
                draft.left_out("job", name, why, thing.origin, f"{key} {role}")
            if isinstance(named_here, dict):  # a pair: if only one is left, `Jobs` reports and drops it
                job[key] = {end: role for end, role in named_here.items() if role in entries[section]}
            elif named_here:
                job[key] = [role for role in roles if role in entries[section]]
            if key in job and not job[key]:
                del job[key]
        if job.get("tape_server") and job["tape_server"] not in entries["tape_servers"]:
            del job["tape_server"]  # the job is then kept as `other`, with the reason


def _unused_workloads(entries: dict[str, Any]) -> None:
    used = {item for job in entries["jobs"].values() for item in job.get("workloads") or ()}
    entries["workloads"] = {name: entry for name, entry in entries["workloads"].items() if name in used}


# --- order ------------------------------------------------------------------------------------------------------------


def _ordered(draft: Draft, names: JoinedNames, head: dict[str, Any], entries: dict[str, Any]) -> Estate:
    estate = Estate({key: value for key, value in head.items() if value is not None})
    for news in draft.news:
        if news.kind is Kind.GUESSED and news.key in estate.data:
            estate.comments[news.key,] = f"guessed: {news.why}"
    for section in SECTIONS:
        if entries[section]:
            estate.data[section] = {
                name: ordered(entries[section][name]) for name in sorted(entries[section], key=natural)
            }
    for thing, section, name in _present(draft, names, entries):
        if thing.addresses:
            estate.addresses[section, name] = thing.addresses
        entry = entries[section][name]
        for key, why in thing.guesses.items():
            if key == "" or key in entry:
                path: Path = (section, name, key) if key else (section, name)
                estate.comments[path] = f"guessed: {why}"
                value = f"{key} {_brief(entry[key])}" if key else f"entry {name}"
                if key == "type" and entry[key] == "other":
                    continue  # reported as left out already: it is not planned
                draft.news.append(News(Kind.GUESSED, Subject(thing.kind, name), value, why, thing.origin, key))
    return estate


def _present(draft: Draft, names: JoinedNames, entries: dict[str, Any]) -> Iterator[tuple[Thing, str, str]]:
    for thing in draft.things:
        section, name = SECTION_OF[thing.kind], names.of(thing)
        if name in entries[section]:
            yield thing, section, name


def _brief(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value[:3])) + (f" … ({len(value)} in all)" if len(value) > 3 else "")
    if isinstance(value, dict):
        return ", ".join(f"{key} {_brief(item)}" for key, item in value.items())
    return str(value).lower() if isinstance(value, bool) else str(value)
