"""What gwplan makes of what a source says: one judgement for all sources, with the reason of everything it guesses.

Servers come first: whether a gateway list means anything depends on how many there are.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from gwplan.importers.draft import BUILT_IN_SERVER, THIS_SERVER, Draft, Ref, Thing, TrafficRule
from gwplan.importers.facts import Fact, Phrases, Repository, Role, ScaleOut, Server
from gwplan.importers.sizes import bytes_text, gib_text
from gwplan.importers.words import (
    EXTENT_STATES,
    NO_REPOSITORY,
    PROVIDERS,
    PROXY_TYPES,
    REPOSITORY_TYPES,
    SERVER_OS,
    TRANSPORT_MODES,
    UNITS,
    mapped,
)  # fmt: skip
from gwplan.inventory.entries import BEHIND_GATEWAY, OBJECT_STORAGE, SERVER_HOSTED
from gwplan.nouns import numbered

_STATES = {"offline": "online state", "not available": "availability"}
"""What the report calls the state that kept a role from working."""


@dataclass(slots=True)
class Judge:
    """Turns facts into things of a draft."""

    draft: Draft
    phrases: Phrases
    _ids: set[str] = field(default_factory=set)
    _names: set[str] = field(default_factory=set)
    _short_names: set[str] = field(default_factory=set)
    _repositories: set[str] = field(default_factory=set)

    # --- servers and roles --------------------------------------------------------------------------------------------

    def server(self, fact: Server) -> None:
        """A server that may hold a role; all others are left out."""
        os = fact.local_os or mapped(SERVER_OS, fact.word)
        if os is None or not fact.name:
            why = f"a {fact.word or 'thing without type'}: it takes no role and is no gateway"
            self.draft.left_out("server", fact.name or fact.id, why, fact.origin)
            return
        thing = _thing("server", fact, os=os)
        thing.addresses = (fact.name,)
        if fact.local_os == "windows" and "windows" not in fact.os_version.lower():
            thing.guesses["os"] = "the type is Local, and the system is not told"
        thing.keys["os_version"] = fact.os_version or None
        thing.keys["cores"] = fact.cores if fact.cores and fact.cores > 0 else None
        if fact.memory and fact.memory > 0:
            thing.keys["memory"] = bytes_text(fact.memory)
            if not thing.keys["memory"]:
                self.draft.left_out("server", fact.name, f"{fact.memory} bytes is no size", fact.origin, "memory")
        if fact.appliance:
            thing.guess("appliance", fact.appliance, "the source says that it is an appliance, not which")
        if not fact.available:
            thing.guess("status", "offline", "was unavailable when it was read")
        if fact.components:
            why = f"{', '.join(fact.components)}: the inventory has no key for them"
            self.draft.left_out("server", fact.name, why, fact.origin, "optional components")
        if fact.is_backup_server:
            own = _inner_name(fact.name) or fact.name
            self.draft.backup_server = Ref("server", fact.id or BUILT_IN_SERVER, own, os)
        if fact.is_default_mount_server:
            self.draft.default_mount_servers.setdefault("linux" if os == "linux" else "windows", Ref("server", fact.id))
        if self.draft.add(thing) is thing:
            name = fact.name.casefold()
            self._ids.add(fact.id)
            self._names.add(name)
            self._short_names.add(name.partition(".")[0])

    def role(self, fact: Role) -> None:
        """A proxy, a WAN accelerator or a tape server."""
        thing = _thing(fact.kind, fact, server=fact.host)
        if fact.kind == "proxy":
            kind = thing.keys["type"] = mapped(PROXY_TYPES, fact.word)
            if kind is None:
                why = f"a proxy of type {fact.word}{self.phrases.unknown_proxy}"
                self.draft.left_out("proxy", fact.name, why, fact.origin)
                return
            if fact.tasks and fact.tasks > 0:
                thing.keys["max_concurrent_tasks"] = fact.tasks
            if fact.transport_mode and kind == "vmware":
                thing.keys["transport_mode"] = mapped(TRANSPORT_MODES, fact.transport_mode)
                if thing.keys["transport_mode"] is None:
                    why = f"{fact.transport_mode!r} is not known: auto"
                    self.draft.left_out("proxy", fact.name, why, fact.origin, "transport mode")
            if fact.disabled:
                thing.keys["enabled"] = False
        if fact.state:
            why = f"was {fact.state} when it was read: give its server a status to plan so"
            self.draft.left_out(fact.kind, fact.name, why, fact.state_origin or fact.origin, _STATES[fact.state])
        self.draft.add(thing)

    # --- repositories -------------------------------------------------------------------------------------------------

    def repository(self, fact: Repository) -> None:
        """A repository of a type that gwplan knows; all others are left out."""
        kind, provider = kind_of_repository(fact.word)
        if not kind:
            self.draft.left_out("repository", fact.name, _why_no_repository(fact.word), fact.origin)
            return
        thing = _thing("repository", fact, type=kind, provider=provider or None)
        thing.addresses = fact.addresses
        if fact.why:
            thing.guesses[""] = fact.why
        if fact.fibre_channel:
            thing.keys["protocol"] = "fc"
        if fact.wan_link:
            thing.guess("source_side_dedup", True, "a StoreOnce over a WAN link works in low bandwidth mode")
        if kind == OBJECT_STORAGE:
            self._connect(fact, thing)
        elif kind in BEHIND_GATEWAY:
            self._select_gateways(fact, thing)
        elif kind in SERVER_HOSTED or fact.host.id:
            thing.keys["server"] = replace(fact.host, hint="windows" if kind == "windows" else "linux")
        thing.keys["mount_server"] = fact.mount_server
        self._settings(fact, thing)
        self.draft.add(thing)
        self._repositories.add(fact.name.casefold())

    def has_repository(self, identifier: str, name: str) -> bool:
        """Whether something is in the draft already under this id or name."""
        known = identifier and self.draft.find("repository", identifier) is not None
        return bool(known) or name.casefold() in self._repositories

    def _select_gateways(self, fact: Repository, thing: Thing) -> None:
        """The gateways that are listed, unless the choice is automatic."""
        listed = list(fact.gateways)
        if fact.automatic:
            if listed:
                self._no_effect(fact, self.phrases.no_effect_automatic)
            if fact.automatic_why:
                thing.guess("gateway_servers", "auto", fact.automatic_why)
        elif fact.automatic is None and (everyone := self._everyone(fact)):
            thing.guess("gateway_servers", "auto", everyone)
        elif listed and fact.gateways_why:
            thing.guess("gateway_servers", listed, fact.gateways_why)
        elif listed:
            thing.keys["gateway_servers"] = listed
        elif fact.automatic is False:
            thing.guess("gateway_servers", "auto", "the selection is not automatic, and no gateway is listed")

    def _connect(self, fact: Repository, thing: Thing) -> None:
        """Object storage: direct, through gateways, or a guess where the source does not say which."""
        if fact.connection is None:
            return
        way, listed, everyone = fact.connection.lower(), list(fact.gateways), self._everyone(fact)
        unsaid = f"{way!r} is not known" if way else self.phrases.no_connection
        if way in ("gateway", "selectedgateway"):
            thing.keys["connection"] = "gateway"
            if not listed:
                thing.guess("connection", "gateway", "through a gateway, and none is listed: the backup server serves")
            thing.keys["gateway_servers"] = listed or None
        elif way == "direct":
            thing.keys["connection"] = "direct"
            if listed:
                self._no_effect(fact, self.phrases.no_effect_direct)
        elif listed and not everyone:
            thing.keys["gateway_servers"] = listed
            thing.guess("connection", "gateway", f"{unsaid}, and gateways are listed")
        else:
            thing.guess("connection", "direct", everyone or unsaid)

    def _everyone(self, fact: Repository) -> str:
        """Why a gateway list means nothing: it has every managed server, which is how some tools write "any"."""
        ids = {ref.id for ref in fact.gateways}
        names = {ref.name.casefold() for ref in fact.gateways}
        by_name = names == self._names or {name.partition(".")[0] for name in names} == self._short_names
        everyone = self._ids if ids == self._ids else self._names if by_name else ()
        return f"the list has all {len(everyone)} managed servers, {self.phrases.everyone}" if len(everyone) > 1 else ""

    def _no_effect(self, fact: Repository, why: str) -> None:
        what = numbered(len(fact.gateways), self.phrases.gateway)
        self.draft.left_out("repository", fact.name, why, fact.origin, what)

    def _settings(self, fact: Repository, thing: Thing) -> None:
        tasks, limited = fact.limit or (None, False)
        if limited:
            thing.keys["max_concurrent_tasks"] = tasks
        elif limited is None:
            thing.guess("max_concurrent_tasks", tasks, "the answer gives a number and not whether it limits")
        if fact.per_machine is False and thing.keys["type"] != OBJECT_STORAGE:
            thing.keys["per_machine"] = False
        if fact.has_proxy_appliance:
            why = "a helper appliance, not a gateway"
            self.draft.left_out("repository", fact.name, why, fact.origin, "proxy appliance")
        if fact.state in ("offline", "unavailable"):
            thing.guess("status", "offline", f"was {fact.state} when it was read")
        elif fact.state in ("maintenance", "sealed"):
            thing.keys["status"] = fact.state
        if fact.free is not None:
            thing.keys["free"] = gib_text(fact.free)
            if not thing.keys["free"]:
                why = f"{fact.free:g} GiB is no size"
                self.draft.left_out("repository", fact.name, why, fact.origin, "free space")

    def scale_out(self, fact: ScaleOut) -> None:
        """A scale-out repository, and what its own list says of the state of its extents."""
        thing = _thing("scale_out_repository", fact, performance_tier=list(fact.extents))
        for extent, words in fact.states.items():
            self._extent_state(extent, words)
        if fact.capacity_tier and fact.capacity_extents:
            extents = list(fact.capacity_extents)
            tier = {"extents": extents, "copy": bool(fact.copy), "move": bool(fact.move)}
            thing.keys["capacity_tier"] = tier
        elif fact.capacity_tier:
            self._part_left_out(fact, "capacity tier", self.phrases.no_capacity_extent)
        if fact.archive_tier:
            self._part_left_out(fact, "archive tier", "the inventory has no archive tier")
        if fact.policy.lower() == "performance":
            thing.keys["placement_policy"] = "performance"
        elif fact.policy.lower() not in ("datalocality", ""):
            why = f"{fact.policy!r} is no placement policy that is known: data locality"
            self._part_left_out(fact, "placement policy", why)
        if fact.full_when_extent_offline:
            thing.keys["full_when_extent_offline"] = True
        if fact.per_machine is False:
            thing.keys["per_machine"] = False
        self.draft.add(thing)

    def _part_left_out(self, fact: ScaleOut, what: str, why: str) -> None:
        self.draft.left_out("scale_out_repository", fact.name, why, fact.origin, what)

    def _extent_state(self, extent: str, words: list[str]) -> None:
        repository = self.draft.find("repository", extent)
        for word in words:
            status = mapped(EXTENT_STATES, word)
            if status and repository is not None and "status" not in repository.keys:
                repository.keys["status"] = status
                if status != word.lower():
                    repository.guesses["status"] = f"the extent is in state {word}: it takes no new backups"

    # --- traffic rules ------------------------------------------------------------------------------------------------

    def traffic_rule(self, source: tuple[str, str], target: tuple[str, str], limited: bool | None,
                     value: int | None, unit: str) -> None:  # fmt: skip
        """Two ranges of addresses, and the limit between them where there is one."""
        word, factor = UNITS.get(unit) or UNITS.get(unit.lower(), ("", 0))
        limit = f"{value * factor} {word}" if limited and word and value and value > 0 else ""
        self.draft.traffic_rules.append(TrafficRule(source, target, limit))


def kind_of_repository(word: str) -> tuple[str, str]:
    """The inventory's type and provider for a vendor's type; nothing for one that gwplan cannot plan for."""
    if provider := mapped(PROVIDERS, word):
        return OBJECT_STORAGE, provider
    return mapped(REPOSITORY_TYPES, word) or "", ""


def _why_no_repository(word: str) -> str:
    if word.lower().endswith("external"):
        return f"a {word}: storage of another product, read only"
    reason = mapped(NO_REPOSITORY, word)
    return f"a {word}: {reason}" if reason else f"its type {word!r} is not known: gwplan cannot plan for it"


def _thing(kind: str, fact: Fact, **keys: Any) -> Thing:
    return Thing(kind, fact.id, fact.name, {"description": fact.description, **keys}, fact.origin, fact.word)


def _inner_name(name: str) -> str:
    """`This server (vbr01.lab.local)` is vbr01.lab.local."""
    inner = name[len(THIS_SERVER) :].strip()
    own = name.casefold().startswith(THIS_SERVER) and inner.startswith("(") and inner.endswith(")")
    return inner[1:-1].strip() if own else ""
