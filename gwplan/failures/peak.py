"""The most loaded gateway after a loss, from what the loss changes alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from gwplan.inventory.model import Inventory
from gwplan.inventory.names import NaturalKey, natural
from gwplan.planning.carried import Carried, at_once

Peak = tuple[str, float]
"""A gateway and the share of its slots that it has to carry at once."""


class Peaks:
    """The shares of all gateways with nothing lost, the largest first, and who has a part of which repository."""

    def __init__(self, inventory: Inventory, loads: Carried, room: Mapping[str, int]) -> None:
        self._inventory, self._loads, self.room = inventory, loads, room
        self._servers: defaultdict[str, set[str]] = defaultdict(set)
        self._repositories: defaultdict[str, set[str]] = defaultdict(set)
        for server, repository in loads.on:
            self._servers[repository].add(server)
            self._repositories[server].add(repository)
        self._shares = sorted(self._shares_of(loads))

    def after(self, more: Carried) -> Peak | None:
        """``more`` is what the gateways carry beyond what they do with nothing lost, or less."""
        changed = {server for server, tasks in more.tasks.items() if tasks}
        for (server, repository), tasks in more.on.items():
            if tasks:  # the limit of a repository is shared by all that carry a part of it
                changed |= {server, *self._servers.get(repository, ())}
        shares = [*self._shares_of(self._around(changed, more))]
        shares += islice((share for share in self._shares if share[2] not in changed), 1)
        if not shares:
            return None
        share, _, name = min(shares)
        return name, -share

    def together(self, servers: Iterable[str], more: Carried) -> dict[str, int]:
        """How many tasks each of some gateways has to carry at once then; none where it carries nothing."""
        found = at_once(self._inventory, self._around(servers, more))
        return {name: found[name] for name in servers if name in found}

    def _around(self, changed: Iterable[str], more: Carried) -> Carried:
        """What these gateways carry then, with all that the others carry of the same repositories."""
        repositories = {name for server in changed for name in self._repositories.get(server, ())}
        repositories.update(repository for _, repository in more.on)
        on = ((server, name) for name in repositories for server in self._servers.get(name, ()))
        found = Carried({name: self._loads.tasks[name] for name in changed}, {key: self._loads.on[key] for key in on})
        found.update(more)
        return found

    def _shares_of(self, loads: Carried) -> Iterator[tuple[float, NaturalKey, str]]:
        """Each share, negative so that the largest comes first, with its gateway."""
        for name, tasks in at_once(self._inventory, loads).items():
            yield -tasks / self.room[name], natural(name), name
