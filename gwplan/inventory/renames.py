"""An inventory under other names: the entries that are renamed, and every reference to them.

The result describes the same world, so that its plan can be held against another one's under the same names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import BaseModel

from gwplan.inventory.document import SECTIONS
from gwplan.inventory.form import SECTION_OF
from gwplan.inventory.frozen import Frozen
from gwplan.inventory.mentions import Mention, mentions, mentions_of
from gwplan.inventory.model import FIELDS, Inventory
from gwplan.inventory.names import group_of
from gwplan.inventory.references import kind_and_name

ROLES = ("proxies", "wan_accelerators", "tape_servers")
"""Sections whose entries, if they name no server, are on the server that has their own name."""


@dataclass(frozen=True, slots=True)
class Renames:
    """The new names of some entries, by section and old name."""

    inventory: Inventory
    """Under the old names."""
    names: dict[str, dict[str, str]] = field(default_factory=lambda: {section: {} for section in SECTIONS})

    def __bool__(self) -> bool:
        return any(self.names.values())

    def new(self, section: str, name: str) -> str:
        return self.names[section].get(name, name)

    def text(self, mention: Mention) -> str | None:
        """How a mention is written under the new names; None where it stays as it is."""
        names, written = mention.names, mention.name
        kind, name = kind_and_name(written, names, self.inventory.sections)
        group, rest = name, ""
        if names.members and name not in self.inventory.workloads:
            group = group_of(name, self.inventory.workloads) or name
            rest = name[len(group) :]
        new = self.names[SECTION_OF[kind]].get(group)
        if new is None:
            return None
        return f"{kind}:{new}{rest}" if names.may_say_kind else new + rest

    def entry(self, section: str, name: str, entry: Any) -> Any:
        """An entry with the new names of everything that it names; the very same where it names nothing renamed."""
        found: dict[Any, Any] = {}
        for mention in mentions_of(section, name, entry):
            new = self.text(mention)
            if new is not None:
                _plant(found, mention.path[2:], new)
        entry = _rewritten(entry, found) if found else entry
        server = name if section in ROLES and entry.server is None else None
        if server is not None and (name in self.names[section] or name in self.names["servers"]):
            return entry.model_copy(update={"server": self.new("servers", server)})
        return entry


def renamed(inventory: Inventory, renames: Renames) -> Inventory:
    """The inventory under the new names; its text keeps the old ones."""
    if not renames:
        return inventory
    touched: dict[str, set[str]] = {section: set() for section in SECTIONS}
    head: dict[Any, Any] = {}
    keys = {"backup_server": inventory.backup_server, "default_mount_servers": inventory.default_mount_servers}
    for mention in mentions({**keys, **inventory.sections}):
        if (new := renames.text(mention)) is None:
            continue
        if mention.path[0] in SECTIONS:
            touched[str(mention.path[0])].add(str(mention.path[1]))
        else:
            _plant(head, mention.path, new)
    for section in ROLES:
        touched[section] |= renames.names[section].keys() | renames.names["servers"].keys()
    changed: dict[str, Any] = {key: _rewritten(keys[key], found) for key, found in head.items()}
    for section, entries in inventory.sections.items():
        if renames.names[section] or touched[section]:
            changed[FIELDS.get(section, section)] = Frozen(
                (renames.new(section, name), renames.entry(section, name, e) if name in touched[section] else e)
                for name, e in entries.items()
            )
    return replace(inventory, **changed)


_ITSELF = object()


def _plant(tree: dict[Any, Any], path: Iterable[Any], new: str) -> None:
    """Put a new name at the end of a path through nested values."""
    for part in path:
        tree = tree.setdefault(part, {})
    tree[_ITSELF] = new


def _rewritten(value: Any, tree: Mapping[Any, Any]) -> Any:
    """A value with the new names of ``tree`` in it; a new name for the key of a mapping renames the key."""
    if isinstance(value, BaseModel):
        return value.model_copy(update={key: _rewritten(getattr(value, key), inner) for key, inner in tree.items()})
    if isinstance(value, tuple):
        items = list(value)
        for number, inner in tree.items():
            items[number] = _rewritten(items[number], inner)
        return tuple(items)
    if isinstance(value, Mapping):
        pairs = ((key, item, tree.get(key, {})) for key, item in value.items())
        return Frozen((inner.get(_ITSELF, key), _rewritten(item, _below(inner))) for key, item, inner in pairs)
    return tree.get(_ITSELF, value)


def _below(tree: Mapping[Any, Any]) -> Mapping[Any, Any]:
    return {key: inner for key, inner in tree.items() if key is not _ITSELF}
