"""An estate merged into an inventory that people keep: entries are matched by id, and changed where the source knows.

The source wins on what it states; people win on what it only guessed, on every key that it does not know, and on
names. What is in the file and no longer in the source stays, and is told.
"""

from __future__ import annotations

from io import StringIO
from itertools import chain, count
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError

from gwplan.findings import Path
from gwplan.importers.draft import Draft, ImportFailed
from gwplan.importers.estate.assemble import Estate, ordered
from gwplan.importers.estate.splice import edited_at_places, splice
from gwplan.importers.estate.write import AsWritten, comment, in_one_line, to_commented, yaml
from gwplan.importers.report import Change
from gwplan.importers.words import clean_name
from gwplan.inventory.document import SECTIONS

_SECTIONS_BY_KEY = {
    "server": ("servers",), "gateway_servers": ("servers",), "mount_server": ("servers",), "host": ("servers",),
    "backup_server": ("servers",), "default_mount_servers": ("servers",), "tape_server": ("tape_servers",),
    "wan_accelerators": ("wan_accelerators",), "proxies": ("proxies",), "target_proxies": ("proxies",),
    "workloads": ("workloads",), "source_jobs": ("jobs",), "performance_tier": ("repositories",),
    "extents": ("repositories",), "repository": ("repositories", "scale_out_repositories"),
    "source_repository": ("repositories", "scale_out_repositories"),
}  # fmt: skip
"""The sections that the names under a key may come from."""
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


def merge(text: str, estate: Estate, draft: Draft) -> tuple[str, tuple[Change, ...]]:
    """The new text of an inventory, and what changes in it. The text is one that loads."""
    library = yaml()
    library.Resolver = AsWritten
    try:
        document = library.load(text)
        before = _written(library, document)
    except YAMLError as error:
        why = getattr(error, "problem", "") or "it is not understood"
        advice = "with two merge keys in one mapping, write `<<: [*a, *b]`"
        raise ImportFailed(f"--into: nothing is written: {' '.join(why.split())}: {advice}") from None
    if not isinstance(document, CommentedMap):
        raise ImportFailed("--into: the file is no mapping")
    merging = _Merging(document, estate, _STATED["rest" if draft.source in ("rest", "vbr") else "health-check"])
    changes = merging.merge()
    if all(change.what == "gone" for change in changes):
        return text, tuple(changes)
    try:
        return splice(text, before, _written(library, document), changes), tuple(changes)
    except ImportFailed:
        if (edited := edited_at_places(text, changes, merging.comments)) is None:
            raise
        return edited, tuple(changes)


def _written(library: YAML, document: Any) -> str:
    out = StringIO()
    library.dump(document, out)
    return out.getvalue()


class _Merging:
    def __init__(self, document: CommentedMap, estate: Estate, stated: dict[str, set[str]]) -> None:
        self.document, self.estate, self.stated = document, estate, stated
        self.changes: list[Change] = []
        self.comments: dict[Path, str] = {}
        """What is said behind the new keys."""
        self.known = {section: self._pairs(section) for section in SECTIONS}
        self.names = {section: self._fresh(section) | self.known[section] for section in SECTIONS}
        """The name in the file of everything in the estate, of what will be added too."""

    def merge(self) -> list[Change]:
        self._head()
        for section in SECTIONS:
            if section not in ("sites", "links") or "sites" in self.document or section not in self.document:
                self._section(section)
        return self.changes

    def _pairs(self, section: str) -> dict[str, str]:
        """The name in the file of each entry of the estate that it has: by id, then by a name that has no other id."""
        there = self.document.get(section) or {}
        by_id: dict[str, list[str]] = {}
        for name, entry in there.items():
            if isinstance(entry, dict) and entry.get("id"):
                by_id.setdefault(str(entry["id"]).lower(), []).append(name)
        found = {}
        for name, entry in self.estate.data.get(section, {}).items():
            identifier = str(entry.get("id", "")).lower() if isinstance(entry, dict) else ""
            if identifier in by_id:  # which several may have: then the name tells them apart
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

    def _named(self, key: str, value: Any) -> Any:
        """A value with the names of the file."""
        sections = _SECTIONS_BY_KEY.get(key)
        if isinstance(value, dict):
            return {inner: self._named(inner if inner == "extents" else key, item) for inner, item in value.items()}
        if sections is None:
            return value
        if isinstance(value, list):
            return [self._named(key, item) for item in value]
        return next((self.names[section][value] for section in sections if value in self.names[section]), value)

    def _explicit(self, section: str, name: str, entry: dict[str, Any]) -> dict[str, Any]:
        """A role with the server that its name implies: the file may call either by another name."""
        return {"server": name, **entry} if section in _ROLES else entry

    def _head(self) -> None:
        for key in ("product_version", "default_mount_servers"):
            value = self._named(key, self.estate.data.get(key))
            if value is not None and self.document.get(key) != value:
                if key == "product_version" and str(value) == "13" and key in self.document:
                    continue  # only assumed, as the source does not say it
                self._set(self.document, (key,), value)

    def _section(self, section: str) -> None:
        new = self.estate.data.get(section) or {}
        if new and self.document.get(section) is None:
            self.document[section] = CommentedMap()
        there = self.document.get(section) or {}
        claimed = set(self.known[section].values())
        for name, entry in new.items():
            known = self.known[section].get(name)
            if known is None:
                self._add(section, name, self._explicit(section, name, entry))
            elif isinstance(there[known], CommentedMap):
                self._update(section, known, name, self._explicit(section, name, entry))
        if section in ("sites", "links"):
            return
        for name, entry in list(there.items()):
            if name not in claimed and name not in new and isinstance(entry, dict) and entry.get("id"):
                self.changes.append(Change("gone", (section, str(name))))

    def _add(self, section: str, name: str, entry: dict[str, Any]) -> None:
        there = self.document[section]
        old, name = name, self.names[section][name]
        entry = {key: self._named(key, value) for key, value in entry.items()}
        if section in _ROLES and entry["server"] == name:
            del entry["server"]
        path: Path = (section, name)
        needs_site = section in ("servers", "workloads", "repositories") and "host" not in entry
        if self.document.get("sites") and needs_site and "site" not in entry and not (
            section == "repositories" and "server" in entry
        ):  # fmt: skip
            entry["site"] = self._home()
            self.estate.comments[section, old, "site"] = "guessed: where the backup server stands"
        entry = ordered(entry)
        there[name] = to_commented(entry)
        self.changes.append(Change("add", path, None, _plain(entry)))
        for key in ("", *entry):
            tail = (key,) if key else ()
            if text := self.estate.comments.get((section, old, *tail)):
                self._comment((*path, *tail), text)

    def _home(self) -> str:
        server = (self.document.get("servers") or {}).get(self.document.get("backup_server")) or {}
        return str(server.get("site") or next(iter(self.document["sites"])))

    def _update(self, section: str, known: str, name: str, entry: dict[str, Any]) -> None:
        there: CommentedMap = self.document[section][known]
        if section == "jobs" and there.get("type") != entry["type"]:
            if entry["type"] == "other":
                return  # somebody has completed what the source cannot tell
            for key in set(there) - set(entry) - _PEOPLES:
                self.changes.append(Change("remove", (section, known, str(key)), _plain(there.pop(key))))
        for key, value in entry.items():
            guess = self.estate.comments.get((section, name, key), "")
            if there.get(key) is not None and (key in _PEOPLES or (guess and not _is_guess(there, key))):
                continue
            if key != "site" or self.document.get("sites"):
                self._key((section, known, key), there, self._named(key, value), guess)
        older = {key for key in there if _is_guess(there, key)} - _PEOPLES
        for key in sorted((self.stated.get(section, set()) | older) - set(entry)):
            if there.get(key) is not None and entry.get("type") != "other":
                self.changes.append(Change("remove", (section, known, key), _plain(there[key])))
                del there[key]

    def _key(self, path: Path, there: CommentedMap, value: Any, guess: str) -> None:
        key = str(path[-1])
        if key == "performance_tier" and isinstance(there.get(key), CommentedMap):
            self._extents(there[key], path, value)
            return
        own_name = key == "server" and path[0] in _ROLES and there.get(key, path[1]) == value
        if own_name or _same(key, there.get(key), value):
            return
        self._set(there, path, value)
        if guess:
            self._comment(path, guess)

    def _comment(self, path: Path, text: str) -> None:
        comment(self.document, path, text)
        self.comments[path] = in_one_line(text)

    def _extents(self, there: CommentedMap, path: Path, extents: list[str]) -> None:
        """Extents with settings (`holds`) keep them."""
        for extent in [extent for extent in there if extent not in extents]:
            self.changes.append(Change("remove", (*path, str(extent)), _plain(there.pop(extent))))
        for extent in extents:
            if extent not in there:
                there[extent] = CommentedMap()
                self.changes.append(Change("add", (*path, extent)))

    def _set(self, holder: CommentedMap, path: Path, value: Any) -> None:
        key = path[-1]
        what = "change" if key in holder else "add"
        self.changes.append(Change(what, path, _plain(holder.get(key)), value))
        if key not in holder and "id" in holder:
            holder.insert(list(holder).index("id"), key, to_commented({key: value})[key])
        else:
            holder[key] = to_commented({key: value})[key]


def _is_guess(there: CommentedMap, key: str) -> bool:
    """Whether an import guessed a value: its comment says so until somebody corrects it."""
    comments = there.ca.items.get(key) or ()
    return any(str(getattr(token, "value", "")).lstrip("# ").startswith("guessed:") for token in comments)


def _same(key: str, before: Any, after: Any) -> bool:
    """Two spellings of one value."""
    before = _plain(before)
    if before == after:
        return True
    if key == "capacity_tier" and isinstance(before, list):
        before = {"extents": before, "copy": False, "move": True}
    if isinstance(before, list) and isinstance(after, list):
        return sorted(map(str, before)) == sorted(map(str, after))
    if before is None and after in ("auto", "direct"):
        return True
    return [before] == after or str(before) == str(after)


def _plain(value: Any) -> Any:
    """The library's value as plain data."""
    if isinstance(value, CommentedMap | dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, CommentedSeq | list):
        return [_plain(item) for item in value]
    if isinstance(value, bool) or value is None:
        return value
    return int(value) if isinstance(value, int) else str(value)
