"""Why a problem cannot be helped, in words."""

from __future__ import annotations

from typing import Any

from gwplan.inventory.names import natural
from gwplan.nouns import numbered
from gwplan.remedies.problems import Problem
from gwplan.remedies.search import Search


class Why:
    """Why many problems cannot be helped. ``most`` changes may be made for one."""

    def __init__(self, search: Search, most: int) -> None:
        self._search, self._most = search, most
        self._wider: Search | None = None
        self._sites: dict[str, str] = {}

    def not_helped(self, problem: Problem) -> str:
        """What is in the way."""
        search, inventory = self._search, self._search.before.inventory
        kind, _, name = problem.element.partition(":")
        if problem.kind == "overload":
            most = numbered(self._most, "change")
            return f"neither lower limits nor another server take enough load off it within {most}"
        if problem.kind == "loss":
            if kind == "server" and name == inventory.backup_server:
                return f"{name} is the backup server"
            if search.before.losses[problem.element].backup_server:
                return f"the backup server {inventory.backup_server} is down with it"
        lack = search.requirements(problem)
        if lack.hopeless is None:
            return f"it takes more than {numbered(self._most, 'change')}, or lets something else fail"
        return self._to_buy(problem) or f"without it {lack.hopeless}" if problem.kind == "loss" else lack.hopeless

    def _to_buy(self, problem: Problem) -> str | None:
        """The sites where a new server would help."""
        wider = self._with_new_servers()
        lack = wider.requirements(problem)
        if lack.hopeless is not None or not lack.requirements:
            return None
        found: dict[str, None] = {}
        for required in lack.requirements:
            names = {name for bundle in required for place, name in bundle if place.kind == "server"}
            sites = {self._sites[name] for name in names}
            if not all(any(place.kind == "server" for place, _ in bundle) for bundle in required):
                continue  # what is there will do
            found.setdefault(next((site for site in found if site in sites), min(sites, key=natural)))
        return f"only with {' '.join(f'--new-server {site}' for site in found)}" if found else None

    def _with_new_servers(self) -> Search:
        if self._wider is None:
            search = self._search
            new: dict[str, dict[str, Any]] = {}
            for site in search.before.inventory.sites or ("",):
                for os in ("windows", "linux"):
                    name = f"new {os} server {len(new)}"
                    new[name] = {"os": os, **({"site": site} if site else {})}
                    self._sites[name] = site or f":{os}"
            kinds = {*search.kinds, "server"}
            self._wider = Search(search.before, search.problems, search.scope, kinds, {**search.bought, **new})
            for name, entry in search.bought.items():
                self._sites[name] = str(entry.get("site", f":{entry['os']}"))
        return self._wider
