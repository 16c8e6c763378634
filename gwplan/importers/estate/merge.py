"""An estate merged into an inventory that people keep: entries are matched by id, and changed where the source knows.

The source wins on what it states; people win on what it only guessed, on every key that it does not know, and on
names. What is in the file and no longer in the source stays, and is reported.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from copy import deepcopy
from itertools import chain, count
from typing import Any

from gwplan.findings import REMOVED, Edit, Path
from gwplan.importers.draft import Draft, ImportFailed
from gwplan.importers.estate.assemble import Estate, ordered
from gwplan.importers.estate.guesses import guessed, marked
from gwplan.importers.report import MergeDifference
from gwplan.importers.words import clean_name
from gwplan.inventory.build import parse
from gwplan.inventory.document import SECTIONS
from gwplan.inventory.edit import Refused, edited
from gwplan.inventory.form import SECTION_OF
from gwplan.inventory.mentions import mentions
from gwplan.inventory.source import Source

_PEOPLES = frozenset({"site", "description", "id"})
"""Keys that are only added: people's words win."""
_ROLES = frozenset({"proxies", "wan_accelerators", "tape_servers"})
_STATED = {
    "rest": {
        "proxies": {"enabled"},
        "repositories": {"gateway_servers", "mount_server", "max_concurrent_tasks", "per_machine", "protocol"},
        "scale_out_repositories": {"capacity_tier", "placement_policy", "full_when_extent_offline", "per_machine"},
        "jobs": {"enabled", "proxies", "target_proxies", "wan_accelerators", "mode", "priority", "gfs", "encryption"},
    },
    "health-check": {
        "proxies": {"enabled"},
        "repositories": {"max_concurrent_tasks", "per_machine"},
        "scale_out_repositories": {"placement_policy", "full_when_extent_offline", "per_machine"},
        "jobs": {"enabled"},
    },
}
"""Keys whose absence means that the default holds in the source, so that an older value is removed."""


def merge(source: Source, estate: Estate, draft: Draft) -> tuple[str, tuple[MergeDifference, ...]]:
    """The new text of an inventory that loads, and what changes in it. Raises ImportFailed where the text cannot take
    the changes."""
    merging = _Merging(parse(source)[0], guessed(source), estate, _stated(draft))
    changes = merging.merge()
    edits = [
        Edit(change.path, REMOVED if change.what == "remove" else {} if change.after is None else change.after)
        for change in changes
        if change.what != "gone"
    ]
    if not edits:
        return source.text, tuple(changes)
    made = edited((source,), edits)
    if isinstance(made, Refused):
        raise ImportFailed(f"--into: nothing is written: {made.reason}; write by hand:\n{made.by_hand}")
    return marked(made.sources[0], merging.notes).text, tuple(changes)


def _stated(draft: Draft) -> dict[str, set[str]]:
    return _STATED["rest" if draft.source in ("rest", "vbr") else "health-check"]


class _Merging:
    """What changes in a document, which stays as it is; ``notes`` has the guess beside each changed value, if any."""

    def __init__(
        self, document: dict[str, Any], guesses: Set[Path], estate: Estate, stated: dict[str, set[str]]
    ) -> None:
        self.document, self.guesses, self.estate, self.stated = document, guesses, estate, stated
        self.changes: list[MergeDifference] = []
        self.notes: dict[Path, str] = {}
        self.sites = {**(document.get("sites") or {}), **estate.data.get("sites", {})}
        self.known = {section: self._pairs(section) for section in SECTIONS}
        self.names = {section: self._fresh(section) | self.known[section] for section in SECTIONS}
        """The name in the file of everything in the estate, including what will be added."""

    def merge(self) -> list[MergeDifference]:
        self._head()
        for section in SECTIONS:
            if section != "links" or self.sites or "links" not in self.document:
                self._section(section)
        return self.changes

    def _pairs(self, section: str) -> dict[str, str]:
        """The name in the file of each entry of the estate that it has: by id, else by name if the ids do not clash."""
        there = self.document.get(section) or {}
        by_id: dict[str, list[str]] = {}
        for name, entry in there.items():
            if isinstance(entry, dict) and entry.get("id"):
                by_id.setdefault(str(entry["id"]).lower(), []).append(name)
        found = {}
        for name, entry in self.estate.data.get(section, {}).items():
            identifier = str(entry.get("id", "")).lower() if isinstance(entry, dict) else ""
            if identifier in by_id:  # several may have the same id: then the name tells them apart
                found[name] = name if name in by_id[identifier] else by_id[identifier][0]
            elif name in there and not (identifier and isinstance(there[name], dict) and there[name].get("id")):
                found[name] = name
        return found

    def _fresh(self, section: str) -> dict[str, str]:
        """Names for what the file does not have; with a part of the id where the name is that of something else."""
        taken = set(self.document.get(section) or ())
        found = {}
        for name, entry in self.estate.data.get(section, {}).items():
            if name not in self.known[section]:
                detail = str(entry.get("id", "imported"))[:8] if isinstance(entry, dict) else "imported"
                first = (name, clean_name(f"{name[:200]} ({detail})"))
                choices = chain(first, (f"{name[:200]} ({number})" for number in count(2)))
                found[name] = next(choice for choice in choices if choice not in taken)
                taken.add(found[name])
        return found

    def _named(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """A part of the estate with the names of the file for everything that it names."""
        named: dict[str, Any] = deepcopy(dict(data))
        for mention in list(mentions(named)):
            holder: Any = named
            for part in mention.path[:-1]:
                holder = holder[part]
            known = (self.names[SECTION_OF[kind]].get(mention.name) for kind in mention.names.kinds)
            holder[mention.path[-1]] = next(filter(None, known), mention.name)
        return named

    def _explicit(self, section: str, name: str, entry: dict[str, Any]) -> dict[str, Any]:
        """A role with the server that its name implies: the file may call either by another name."""
        return {"server": name, **entry} if section in _ROLES else entry

    def _head(self) -> None:
        head = self._named({key: value for key, value in self.estate.data.items() if key not in SECTIONS})
        for key in ("product_version", "default_mount_servers"):
            value = head.get(key)
            if value is not None and self.document.get(key) != value:
                if key == "product_version" and str(value) == "13" and key in self.document:
                    continue  # only assumed, as the source does not say it
                self._set(self.document, (key,), value, self.estate.comments.get((key,), ""))

    def _section(self, section: str) -> None:
        estate = self.estate.data.get(section) or {}
        new = self._named({section: {name: self._explicit(section, name, entry) for name, entry in estate.items()}})
        there = self.document.get(section) or {}
        claimed = set(self.known[section].values())
        for name, entry in new[section].items():
            known = self.known[section].get(name)
            if known is None:
                self._add(section, name, entry)
            elif isinstance(there[known], dict):
                self._update(section, known, name, entry)
        if section in ("sites", "links"):
            return
        for name, entry in there.items():
            if name not in claimed and name not in estate and isinstance(entry, dict) and entry.get("id"):
                self.changes.append(MergeDifference("gone", (section, str(name))))

    def _add(self, section: str, name: str, entry: dict[str, Any]) -> None:
        old, name = name, self.names[section][name]
        if section in _ROLES and entry["server"] == name:
            del entry["server"]
        path: Path = (section, name)
        needs_site = section in ("servers", "workloads", "repositories") and "host" not in entry
        if self.sites and needs_site and "site" not in entry and not (
            section == "repositories" and "server" in entry
        ):  # fmt: skip
            entry["site"] = self._home()
            self.estate.comments[section, old, "site"] = "guessed: where the backup server stands"
        entry = ordered(entry)
        self.changes.append(MergeDifference("add", path, None, entry))
        for tail in ((), *((key,) for key in entry)):
            if text := self.estate.comments.get((section, old, *tail)):
                self.notes[*path, *tail] = text

    def _home(self) -> str:
        server = (self.document.get("servers") or {}).get(self.document.get("backup_server")) or {}
        return str(server.get("site") or next(iter(self.sites)))

    def _update(self, section: str, known: str, name: str, entry: dict[str, Any]) -> None:
        there: dict[str, Any] = self.document[section][known]
        gone: set[str] = set()
        if section == "jobs" and there.get("type") != entry["type"]:
            if entry["type"] == "other":
                return  # somebody has completed what the source cannot tell
            gone = set(there) - set(entry) - _PEOPLES
        for key, value in entry.items():
            guess = self.estate.comments.get((section, name, key), "")
            is_guess = (section, known, key) in self.guesses
            if there.get(key) is not None and (key in _PEOPLES or (guess and not is_guess)):
                continue
            if key != "site" or self.sites:
                self._key((section, known, key), there, value, guess)
        older = {key for key in there if (section, known, key) in self.guesses} - _PEOPLES
        if entry.get("type") != "other":
            gone |= (self.stated.get(section, set()) | older) - set(entry)
        for key in sorted(gone):
            if there.get(key) is not None:
                self.changes.append(MergeDifference("remove", (section, known, key), there[key]))

    def _key(self, path: Path, there: dict[str, Any], value: Any, guess: str) -> None:
        key = str(path[-1])
        if key == "performance_tier" and isinstance(there.get(key), dict):
            self._extents(there[key], path, value)
            return
        own_name = key == "server" and path[0] in _ROLES and there.get(key, path[1]) == value
        if own_name or _same(key, there.get(key), value):
            return
        self._set(there, path, value, guess)

    def _extents(self, there: dict[str, Any], path: Path, extents: list[str]) -> None:
        """Extents with settings (`holds`) keep them."""
        for extent in [extent for extent in there if extent not in extents]:
            self.changes.append(MergeDifference("remove", (*path, extent), there[extent]))
        for extent in extents:
            if extent not in there:
                self.changes.append(MergeDifference("add", (*path, extent)))

    def _set(self, holder: dict[str, Any], path: Path, value: Any, guess: str) -> None:
        what = "change" if path[-1] in holder else "add"
        self.changes.append(MergeDifference(what, path, holder.get(str(path[-1])), value))
        self.notes[path] = guess


def _same(key: str, before: Any, after: Any) -> bool:
    """Whether two values are spellings of one."""
    if before == after:
        return True
    if key == "capacity_tier" and isinstance(before, list):
        before = {"extents": before, "copy": False, "move": True}
    if isinstance(before, list) and isinstance(after, list):
        return sorted(map(str, before)) == sorted(map(str, after))
    if before is None and after in ("auto", "direct"):
        return True
    return [before] == after or str(before) == str(after)
