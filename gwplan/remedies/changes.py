"""Changes to an inventory as values, from the names that are added at its places; and the inventory with them."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, count
from typing import Any

from gwplan.inventory.entries import MountServerPair, Repository, Server
from gwplan.inventory.model import Inventory
from gwplan.inventory.names import MAX_LENGTH, natural
from gwplan.inventory.types import AUTO
from gwplan.nouns import numbered
from gwplan.remedies.places import Atom, Place, default_slots, has_own_mount_server, mount_slots, slot_of


@dataclass(frozen=True)
class ProposedEdit:
    """One key of the inventory with another value: plain data, as it is written. ``text`` says it in words."""

    kind: str
    path: tuple[str, ...]
    before: Any
    after: Any
    text: str

    def to_dict(self) -> dict[str, Any]:
        """Plain data: the keys and values of the JSON."""
        return {
            "kind": self.kind, "path": list(self.path), "before": self.before, "after": self.after, "text": self.text,
        }  # fmt: skip


Bought = Mapping[str, Mapping[str, Any]]
"""Servers that may be bought, as they would be written."""


def changes_for(inventory: Inventory, atoms: Iterable[Atom], bought: Bought) -> tuple[ProposedEdit, ...]:
    """What adding some names comes to: one change for each place, purchases first."""
    at: dict[Place, list[str]] = {}
    for place, name in sorted(atoms, key=lambda atom: (atom[0], natural(atom[1]))):
        at.setdefault(place, []).append(name)
    in_order = sorted(at, key=lambda place: (place.kind != "server", place.kind, natural(place.name)))
    return tuple(_change(inventory, place, at[place], bought) for place in in_order)


def limited(inventory: Inventory, limits: Mapping[str, int]) -> tuple[ProposedEdit, ...]:
    """The changes that lower limits of concurrent tasks."""
    return tuple(
        ProposedEdit(
            "limit", ("repositories", name, "max_concurrent_tasks"),
            inventory.repositories[name].max_concurrent_tasks, limit,
            f"limit {name} to {numbered(limit, 'task')} at once{_instead(inventory.repositories[name])}",
        )
        for name, limit in sorted(limits.items(), key=lambda item: natural(item[0]))
    )  # fmt: skip


def _instead(repository: Repository) -> str:
    old = repository.max_concurrent_tasks
    return ", which has no limit" if old is None else f" instead of {old:,}"


def changed(inventory: Inventory, changes: Iterable[ProposedEdit]) -> Inventory:
    """The inventory with the changes: what loading the changed text gives."""
    sections: dict[str, Any] = {}
    for change in changes:
        section, *rest = change.path
        if change.kind == "server":
            sections.setdefault(section, {})[rest[0]] = Server.model_validate(change.after)
        elif change.kind == "zone":
            sections.setdefault(section, {})[rest[0]] = tuple(change.after)
        elif not rest:
            sections[section] = MountServerPair.model_validate(change.after)
        else:
            name, key = rest
            entry = sections.setdefault(section, {}).get(name) or getattr(inventory, section)[name]
            sections[section][name] = entry.model_copy(update={key: _value(key, change.after)})
    return inventory.changed(**sections) if sections else inventory


def _value(key: str, after: Any) -> Any:
    """A value as its model has it."""
    if key == "mount_server" and isinstance(after, dict):
        return MountServerPair.model_validate(after)
    if isinstance(after, list):
        return tuple(after)
    return None if after == AUTO else after


# --- one change -------------------------------------------------------------------------------------------------------


def _change(inventory: Inventory, place: Place, names: list[str], bought: Bought) -> ProposedEdit:
    kind, name = place
    if kind == "server":
        text = f"buy the server {name}{_described(bought[name])}"
        return ProposedEdit(kind, ("servers", name), None, dict(bought[name]), text)
    if kind == "zone":
        old = [*inventory.listed_fabrics[name]]
        return ProposedEdit(kind, ("fabrics", name), old, old + names, f"zone {_and(names)} in the fabric {name}")
    if kind == "proxy":
        return _proxies(inventory, name, names)
    if kind == "mount":
        return _mount(inventory, name, names)
    listed = inventory.repositories[name].gateway_servers
    path = ("repositories", name, "gateway_servers")
    if listed is None:
        text = f"select {_and(names)} as the gateway {_servers(names)} of {name}, which is on automatic selection"
        return ProposedEdit(kind, path, None, names, text)
    return ProposedEdit(kind, path, [*listed], [*listed, *names], f"add {_and(names)} to the gateway servers of {name}")


def _proxies(inventory: Inventory, job: str, names: list[str]) -> ProposedEdit:
    entry = inventory.jobs[job]
    old = [*(entry.listed_proxies or ())]
    path = ("jobs", job, entry.through_proxies or "")
    if len(names) > 1:  # nobody has to name several where automatic selection has them all
        return ProposedEdit("proxy", path, old, AUTO, f"let {job} choose its proxies automatically")
    return ProposedEdit("proxy", path, old, old + names, f"add {_and(names)} to the proxies of {job}")


def _mount(inventory: Inventory, repository: str, names: list[str]) -> ProposedEdit:
    new = {slot_of(inventory, name): name for name in names}
    if not repository:
        old = {slot: name for slot, name in default_slots(inventory).items() if name}
        text = f"make {_and(names)} {'a default mount server' if len(names) == 1 else 'default mount servers'}"
        return ProposedEdit("mount", ("default_mount_servers",), old or None, _pair({**old, **new}), text)
    given = inventory.repositories[repository].mount_server
    before: Any = given if isinstance(given, str) else None
    if isinstance(given, MountServerPair) and has_own_mount_server(inventory, repository):
        before = _pair({"windows": given.windows, "linux": given.linux})
    slots = mount_slots(inventory, repository)
    after: Any = _pair({**slots, **new})
    if len(after) == 1 and not isinstance(before, dict):
        (after,) = after.values()
    gone = [slots[slot] for slot in new if slots[slot]]
    instead = f" instead of {_and([name for name in gone if name])}" if gone else ""
    text = f"make {_and(names)} the mount {_servers(names)} of {repository}{instead}"
    if not gone and any(slots.values()):
        text = f"make {_and(names)} a mount server of {repository} too"
    return ProposedEdit("mount", ("repositories", repository, "mount_server"), before, after, text)


def _pair(slots: Mapping[str, str | None]) -> dict[str, str]:
    return {slot: name for slot in ("windows", "linux") if (name := slots.get(slot))}


def _and(names: Collection[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def _servers(names: Collection[str]) -> str:
    return "server" if len(names) == 1 else "servers"


def _described(server: Mapping[str, Any]) -> str:
    hardware = [numbered(int(server['cores']), 'core')] if "cores" in server else []
    hardware += [str(server["memory"])] if "memory" in server else []
    place = f" for {server['site']}" if "site" in server else ""
    return f"{place} ({', '.join([str(server['os']), *hardware])})"


def has_room(inventory: Inventory, atoms: Iterable[Atom]) -> bool:
    """Whether no two names are to be the mount server of one system in one place."""
    taken = [(place, slot_of(inventory, name)) for place, name in atoms if place.kind == "mount"]
    return len(taken) == len(set(taken))


def bought_servers(inventory: Inventory, wanted: Iterable[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The servers of ``--new-server SITE[:OS[:CORES[:MEMORY]]]``, by the names that they would get.

    Raises UsageError for a text that describes no server, or for a site that is not there.
    """
    from gwplan.findings import UsageError

    taken = {*inventory.servers}
    for text in wanted:
        site, rest = _site_of(text, inventory)
        if len(rest) > 3:
            raise UsageError(f"--new-server takes SITE[:OS[:CORES[:MEMORY]]], not {text!r}")
        if site not in inventory.sites and (inventory.sites or site):
            raise UsageError(f"--new-server {text}: {_no_site(site, inventory)}")
        os, cores, memory = ([part or None for part in rest] + [None, None, None])[:3]
        entry: dict[str, Any] = {"os": os or "windows"}
        if site:
            entry["site"] = site
        if cores is not None:
            entry["cores"] = int(cores) if cores.isascii() and cores.isdigit() else cores
        if memory is not None:
            entry["memory"] = memory
        _must_be_a_server(text, entry)
        name = _new_name(site, taken)
        taken.add(name)
        yield name, entry


def _no_site(site: str, inventory: Inventory) -> str:
    from gwplan.inventory.names import nearest

    if not inventory.sites:
        return f"there is no site {site!r}, nor any: leave the site out, as in `:linux`"
    if not site:
        return f"the site is left out: begin with one of {', '.join(sorted(inventory.sites, key=natural))}"
    guess = nearest(site, inventory.sites)
    return f"there is no site {site!r}{f'; did you mean {guess!r}?' if guess else ''}"


def _site_of(text: str, inventory: Inventory) -> tuple[str, list[str]]:
    """The site and what follows it. A site that is there may have colons in its name: the longest is meant."""
    text = text.strip()
    known = (site for site in inventory.sites if f"{text}:".startswith(f"{site}:"))
    site = max(known, key=len, default=text.partition(":")[0].strip())
    rest = text[len(site) :].partition(":")[2]
    return site, [part.strip() for part in rest.split(":")] if rest else []


def _new_name(site: str, taken: Container[str]) -> str:
    """A name that nothing has, after the site unless that makes it too long."""
    base = f"new-{site or 'server'}"
    if len(base) > MAX_LENGTH - 8:
        base = "new-server"
    numbered = (f"{base}-{number}" for number in count(2))
    return next(name for name in chain((base,), numbered) if name not in taken)


def _must_be_a_server(text: str, entry: Mapping[str, Any]) -> None:
    from pydantic import ValidationError

    from gwplan.findings import UsageError

    try:
        Server.model_validate(entry)
    except ValidationError as error:
        key = error.errors()[0]["loc"][0]
        expected = {"os": "windows, linux or hyperv", "cores": "a number of cores", "memory": "a size such as `16 GiB`"}
        raise UsageError(
            f"--new-server {text}: {expected.get(str(key), 'a server')} is expected, not {entry.get(str(key))!r}"
        ) from None
