"""The search: for each problem the fewest changes that remove it, each proven on the changed inventory."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from gwplan.failures.loss import Loss
from gwplan.failures.survey import Survey, survey
from gwplan.failures.sweep import elements_of
from gwplan.findings import InventoryError
from gwplan.inventory.entries import Server
from gwplan.inventory.names import natural
from gwplan.planning.rank import near_repository
from gwplan.planning.rulings import Ruled, could_serve
from gwplan.planning.trace import Ruling
from gwplan.remedies.asks import Asks
from gwplan.remedies.changes import ProposedEdit, changed, changes_for, has_room
from gwplan.remedies.conditions import conditions_of
from gwplan.remedies.hitting import name_sets, number_of_names, places_up_to
from gwplan.remedies.lacks import Lack, Lacks
from gwplan.remedies.measure import NEW_ERROR, Measured, harm, measure, measure_limits
from gwplan.remedies.places import (
    DEFAULT_MOUNT,
    Bundle,
    Place,
    Requirement,
    extents_of,
    has_own_mount_server,
    mount_slots,
    places_of,
    slot_of,
)
from gwplan.remedies.problems import Problem, Scope, is_removed
from gwplan.remedies.remedy import Near, Remedy

_TRIED = 40
"""The most sets of names at the same places that are tried; fewer in a large estate."""
_WEIGHT = 150_000
"""Cases times losses that may be measured for the same places."""
_ALL = 4_000_000
"""Cases times losses that may be measured in all, before the search ends; but so many sweeps may be made at least:"""
_SWEEPS = 24


class _Losses(Mapping[str, Loss]):
    """Every single loss of a survey, made when it is asked for."""

    def __init__(self, base: Survey) -> None:
        self._base = base
        self._elements = {":".join(element): element for element in elements_of(base.inventory)}
        self._known: dict[str, Loss] = {}

    def __getitem__(self, name: str) -> Loss:
        if name not in self._known:
            self._known[name] = Loss(self._base, frozenset({self._elements[name]}))
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._elements)

    def __len__(self) -> int:
        return len(self._elements)


class Search:
    """What was tried so far, and what it did. ``base`` is the inventory with what may be bought, as it is searched."""

    def __init__(
        self, before: Measured, problems: Collection[Problem], scope: Scope, kinds: Collection[str],
        bought: Mapping[str, Mapping[str, Any]],
    ) -> None:  # fmt: skip
        self.before, self.problems, self.scope = before, problems, scope
        self.kinds, self.bought = frozenset(kinds), bought
        self.base: Survey = before.survey
        self.losses: Mapping[str, Loss] = before.losses
        if bought:
            servers = {name: Server.model_validate(entry) for name, entry in bought.items()}
            self.base = survey(before.inventory.changed(servers=servers), before.plan.strategy)
            self.losses = _Losses(self.base)
        self.lacks = Lacks(self.base, kinds, bought)
        self.tried = 0
        weight = len(self.base.cases) * len(self.losses) + 1
        self.patience = max(1, min(_TRIED, _WEIGHT // weight))
        self._sweeps_left = max(_SWEEPS, _ALL // weight)
        self._made: dict[str, Remedy | None] = {}
        self._asks = Asks(before, self.base, self.losses, scope, self.lacks)
        self._required: dict[Problem, Lack] = {}
        self.errors = 0
        """How often an error finding spoke against a set: those of load come and go with what else is changed."""
        self._erring: set[str] = set()
        self.refused: dict[str, str] = {}
        """What would not load, and why."""
        self.cut: set[str] = set()
        """The ids of problems for which not all could be tried that may help."""
        self._keeping: dict[Place, set[Requirement]] = {}
        wholes = before.inventory.scale_out_repositories.values()
        self.extents = frozenset(name for whole in wholes for name in extents_of(whole))
        self._replaced: dict[tuple[str, frozenset[str]], set[frozenset[str]]] = {}

    # --- trying -------------------------------------------------------------------------------------------------------

    @property
    def is_over(self) -> bool:
        """Whether so much was swept anew that no further problem is to be looked at."""
        return self._sweeps_left <= 0

    def attempt(
        self, changes: tuple[ProposedEdit, ...], atoms: Bundle = frozenset(), conditions: tuple[str, ...] = ()
    ) -> Remedy | None:
        """The changes, made and measured; None where they do harm."""
        key = repr(sorted((change.path, repr(change.after)) for change in changes))
        if key not in self._made:
            self.tried += 1
            self._made[key] = None
            try:
                inventory = changed(self.before.inventory, changes)
            except InventoryError as error:
                self.refused[key] = error.findings[0].message
                return None
            if all(change.kind == "limit" and change.path[1] not in self.extents for change in changes):
                after = measure_limits(self.before, inventory)
            else:
                self._sweeps_left -= 1
                after = measure(inventory, self.before.plan.strategy)
            if not after.is_whole:
                raise KeyboardInterrupt
            harmed = harm(self.before, after)
            if harmed == NEW_ERROR:
                self._erring.add(key)
            if harmed is None:
                removed = tuple(problem for problem in self.problems if is_removed(problem, after, self.scope))
                self._made[key] = Remedy(
                    changes, after.numbers, removed, conditions, atoms, self._nearness(atoms)
                )
        self.errors += key in self._erring
        return self._made[key]

    def at(self, names: Bundle) -> Remedy | None:
        """Names added at their places."""
        changes = changes_for(self.base.inventory, names, self.bought)
        return self.attempt(changes, names, conditions_of(self.base, names))

    def without_idle_names(self, remedy: Remedy, gone: Collection[Problem]) -> Remedy:
        """The same without names that the end of some problems does not rest on."""
        for atom in sorted(remedy.atoms, key=lambda atom: self.order(frozenset({atom})), reverse=True):
            place, name = atom
            fewer = remedy.atoms - {atom}
            if place not in places_of(fewer) or place.kind == "server":
                continue  # a place is never idle
            if not any(other == name and at.kind != "server" for at, other in fewer):
                fewer -= {(Place("server", name), name)}
            made = self.at(fewer)
            if made is not None and {*made.removes} >= {*gone}:
                remedy = made
        return remedy

    def best_at(
        self, places: frozenset[Place], requirements: Collection[Requirement], is_good: Callable[[Remedy], bool]
    ) -> Remedy | None:
        """The fewest names at some places that meet all requirements: the nearest, then with the lowest worst load."""
        return self.first_good(self.names_at(places, requirements), is_good)

    def names_at(self, places: frozenset[Place], requirements: Collection[Requirement]) -> Iterator[Bundle]:
        """Names at some places that meet all requirements, and with which all that is served stays so: best first."""
        needed = {*requirements, *(one for place in sorted(places) for one in self.keeping(place))}
        inventory = self.base.inventory
        others = (bundle for place in places for bundle in self.lacks.anywhere(place))
        def may_be(atoms: Bundle) -> bool:
            return has_room(inventory, atoms)

        sets = name_sets(needed, places, self.order, may_be, others)
        return (names for names in sets if self.keeps_mounting(names))

    def keeps_mounting(self, atoms: Bundle) -> bool:
        """Whether all stays served that is now served by a mount server which would be replaced."""
        new: dict[str, set[str]] = {}
        for place, name in atoms:
            if place.kind == "mount" and place != DEFAULT_MOUNT:
                new.setdefault(place.name, set()).add(name)
        return all(
            all(not needed.isdisjoint(names) for needed in self._replacing(repository, frozenset(names)))
            for repository, names in new.items()
        )

    def _replacing(self, repository: str, names: frozenset[str]) -> set[frozenset[str]]:
        slots = mount_slots(self.base.inventory, repository)
        new = {**slots, **{slot_of(self.base.inventory, name): name for name in names}}
        gone = frozenset(old for old in slots.values() if old and old not in new.values())
        if (repository, gone) not in self._replaced:
            found = self.lacks.replacing(repository, gone, self.losses.values()) if gone else set()
            self._replaced[repository, gone] = found
        return self._replaced[repository, gone]

    def first_good(self, sets: Iterable[Bundle], is_good: Callable[[Remedy], bool]) -> Remedy | None:
        """The first that does no harm; of those that only load and names tell apart, the one that loads least."""
        best: Remedy | None = None
        for names in islice(sets, self.patience):
            if best is not None and not self._is_as_good(names, best.atoms):
                break  # what follows has more names, or is farther away
            made = self.at(names)
            if made is None or not is_good(made):
                continue
            if best is None or made.after.worst_share < best.after.worst_share:
                best = made
        return best

    def candidates(self, ruled: Ruled, side: Ruling) -> list[str]:
        """Servers that could serve a side with nothing lost."""
        return [candidate.server for candidate in could_serve(self.base.world, ruled, side) if candidate.eligible]

    def keeping(self, place: Place) -> set[Requirement]:
        if place not in self._keeping:
            self._keeping[place] = self.lacks.keeping(place, self.losses.values())
        return self._keeping[place]

    def for_problem(self, problem: Problem, most: int) -> Iterator[Remedy]:
        """Each smallest set of changes that removes a problem; beside them those that buy, where that may be."""
        asked = self.requirements(problem).requirements
        if not asked:
            return
        made = [*self._at_fewest(problem, asked, most)] or [*islice(self._at_more(problem, asked, most), 1)]
        yield from made
        if self.bought and not any(_buys(remedy.atoms) for remedy in made):
            yield from self._at_fewest(problem, _bought(asked), most)

    def _at_fewest(self, problem: Problem, asked: Collection[Requirement], most: int) -> Iterator[Remedy]:
        for places in places_up_to(asked, most)[0]:
            if self.is_over:
                self.cut.add(problem.id)
                return
            made = self.best_at(places, asked, lambda remedy: problem in remedy.removes)
            if made is not None:
                yield made

    def _at_more(self, problem: Problem, asked: Collection[Requirement], most: int) -> Iterator[Remedy]:
        """Where all that is just enough does harm: with one more of its places, or with what another problem needs."""
        own = {place for one in asked for bundle in one for place in places_of(bundle)}
        for places in places_up_to(asked, most - 1)[0]:
            for place in sorted(own - places):
                made = self.best_at(places | {place}, asked, lambda remedy: problem in remedy.removes)
                if made is not None:
                    yield made
        others = (other for other in self.problems if other != problem and not set(problem.jobs).isdisjoint(other.jobs))
        for other in islice(others, self.patience):
            needed = [one for one in self.requirements(other).requirements if one not in asked]
            for more in (*([one] for one in needed if len(needed) > 1), needed):
                if more:
                    yield from self._at_fewest(problem, [*asked, *more], most)

    def requirements(self, problem: Problem) -> Lack:
        """What has to be met for a problem to go away."""
        if problem not in self._required:
            self._required[problem] = self._asks.of(problem)
        return self._required[problem]

    # --- order --------------------------------------------------------------------------------------------------------

    def order(self, atoms: Bundle) -> tuple[object, ...]:
        """The nearest first, then names."""
        names = sorted(natural(name) for _, name in atoms)
        places = sorted((place.kind, natural(place.name)) for place, _ in atoms)
        return number_of_names(atoms), self._nearness(atoms), names, places

    def _is_as_good(self, names: Bundle, others: Bundle) -> bool:
        """Whether only load and names tell two sets apart."""
        same = number_of_names(names) == number_of_names(others)
        return same and self._nearness(names) == self._nearness(others)

    def _nearness(self, atoms: Bundle) -> Near:
        """How near each name is to the repositories that it is to serve, the farthest first."""
        inventory, network = self.base.inventory, self.base.world.network
        found: Near = []
        for place, name in atoms:
            server, repositories = name, [place.name]
            if place.kind == "proxy":
                server, repositories = network.role_server("proxy", name), [inventory.jobs[place.name].target or ""]
            elif place == DEFAULT_MOUNT:
                repositories = [one for one in inventory.repositories if not has_own_mount_server(inventory, one)]
            if place.kind in ("list", "mount", "proxy"):
                known = [one for one in repositories if one in inventory.repositories]
                found.append(max((near_repository(network, server, one) for one in known), default=(0, 0.0)))
        return sorted(found, reverse=True)


def _bought(requirements: Collection[Requirement]) -> list[Requirement]:
    """The same, met by what is bought wherever that can be."""
    found = [frozenset(bundle for bundle in one if _buys(bundle)) for one in requirements]
    return [one or required for one, required in zip(found, requirements, strict=True)] if any(found) else []


def _buys(atoms: Bundle) -> bool:
    return any(place.kind == "server" for place, _ in atoms)
