"""Why a problem cannot be helped, in words."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from gwplan.inventory.names import natural
from gwplan.nouns import numbered
from gwplan.remedies.hitting import fewest_places
from gwplan.remedies.places import CHANGE_KINDS, places_of
from gwplan.remedies.problems import Problem
from gwplan.remedies.search import Search

_VERIFIED = 8
"""Sets that may be tried at least, for a purchase to be tried before it is told."""
_UNTRIED = "not looked at, after so many others: --for, --job or --repository narrow what is looked at"


class Why:
    """Why many problems cannot be helped. ``most`` changes may be made for one."""

    def __init__(self, search: Search, most: int) -> None:
        self._search, self._most = search, most
        self._sites: dict[str, str] = {}

    def not_helped(self, problem: Problem, *, is_tried: bool = True) -> str:
        """What is in the way; of a problem against which nothing was tried, whether anything is."""
        if not is_tried and self.is_open(problem):
            return _UNTRIED
        told = self._because(problem)
        return f"{told}; not all that may help could be tried" if problem.id in self._search.cut else told

    def is_open(self, problem: Problem) -> bool:
        """Whether only trying can tell what helps."""
        return self._search.requirements(problem).hopeless is None and not self._is_fixed(problem)

    def _is_fixed(self, problem: Problem) -> bool:
        return problem.kind == "loss" and self._search.before.losses[problem.element].backup_server

    def _because(self, problem: Problem) -> str:
        search, inventory = self._search, self._search.before.inventory
        kind, _, name = problem.element.partition(":")
        if problem.kind == "overload":
            return self._overloaded()
        if problem.kind == "loss":
            if kind == "server" and name == inventory.backup_server:
                return f"{name} is the backup server"
            if self._is_fixed(problem):
                return f"the backup server {inventory.backup_server} is down with it"
        lack = search.requirements(problem)
        if lack.hopeless is None:
            return self._in_the_way(problem)
        told = self._left_out(problem) or self._to_buy(problem)
        return told or (f"without it {lack.hopeless}" if problem.kind == "loss" else lack.hopeless)

    def _overloaded(self) -> str:
        kinds = self._search.kinds
        tried = [words for kind, words in (("limit", "lower limits"), ("list", "other servers")) if kind in kinds]
        if not tried:
            return "it takes changes that --only leaves out: limit, list"
        most = numbered(self._most, "change")
        told = f"neither {tried[0]} nor {tried[1]} take" if len(tried) == 2 else f"no {tried[0]} take"
        return f"{told} enough load off it within {most}"

    def _in_the_way(self, problem: Problem) -> str:
        """Where all that is asked for is there."""
        search = self._search
        least = fewest_places(search.requirements(problem).requirements).bound
        if least > self._most:
            return f"it takes at least {numbered(least, 'change')} (--max-changes {least})"
        if search.refused:
            return f"the changed inventory would not load: {next(iter(search.refused.values()))}"
        return f"{numbered(self._most, 'change')} at most that would do let something else fail or bring an error"

    def _left_out(self, problem: Problem) -> str | None:
        """The kinds of changes that would help, and were not asked for."""
        if self._search.kinds >= {*CHANGE_KINDS} - {"server"}:
            return None
        lack = self._of_all_kinds.requirements(problem)
        if lack.hopeless is not None:
            return None
        first = fewest_places(lack.requirements).parts
        kinds = {place.kind for sets in first for place in sets[0]} - self._search.kinds
        return f"it takes changes that --only leaves out: {', '.join(sorted(kinds))}" if kinds else None

    @cached_property
    def _of_all_kinds(self) -> Search:
        search = self._search
        return Search(search.before, search.problems, search.scope, CHANGE_KINDS, search.bought)

    def _to_buy(self, problem: Problem) -> str | None:
        """The sites where a new server would help: tried, where that does not take long."""
        wider = self._with_new_servers
        lack = wider.requirements(problem)
        if lack.hopeless is not None or not lack.requirements:
            return None
        if wider.patience < _VERIFIED:
            names = {
                min((name for place, name in next(iter(sorted(required, key=wider.order))) if place.kind == "server"))
                for required in lack.requirements
                if all(any(place.kind == "server" for place in places_of(bundle)) for bundle in required)
            }
        else:
            made = next(wider.for_problem(problem, self._most), None)
            names = {name for place, name in made.atoms if place.kind == "server"} if made else set()
        sites = sorted({self._sites[name] for name in names}, key=natural)
        how = "with" if problem.id in self._search.cut else "only with"
        return f"{how} {' '.join(f'--new-server {site}' for site in sites)}" if sites else None

    @cached_property
    def _with_new_servers(self) -> Search:
        search = self._search
        new: dict[str, dict[str, Any]] = {}
        for site in search.before.inventory.sites or ("",):
            for os in ("windows", "linux"):
                name = f"new server {len(new)}, {os}"  # so that windows comes first, which may be left out
                new[name] = {"os": os, **({"site": site} if site else {})}
        for name, entry in (*new.items(), *search.bought.items()):
            site = str(entry.get("site", ""))
            self._sites[name] = site if site and entry["os"] == "windows" else f"{site}:{entry['os']}"
        kinds = {*search.kinds, "server"}
        return Search(search.before, search.problems, search.scope, kinds, {**search.bought, **new})
