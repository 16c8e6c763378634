"""What a case lacks, with nothing lost or under one loss, to be served: sets of names of which one has to be added.

Availability is of sets and grows with what is added, so a case is served where each of its requirements is met.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from gwplan.failures.loss import Loss
from gwplan.failures.needs import Needs
from gwplan.failures.survey import Survey
from gwplan.inventory.names import natural
from gwplan.planning import table
from gwplan.planning.rulings import Ruled, could_serve, rule
from gwplan.planning.tasks import Work
from gwplan.planning.trace import Candidate, Ruling
from gwplan.planning.world import World
from gwplan.remedies.places import (
    DEFAULT_MOUNT,
    Atom,
    Bundle,
    Place,
    Requirement,
    default_slots,
    has_own_mount_server,
    is_listable,
    mount_slots,
    slot_of,
)


class Lack(NamedTuple):
    """What is required, or why nothing helps."""

    requirements: tuple[Requirement, ...] = ()
    hopeless: str | None = None


class Lacks:
    """What many cases lack. ``kinds`` of changes are allowed; ``bought`` servers are not there yet."""

    def __init__(self, base: Survey, kinds: Collection[str], bought: Collection[str] = ()) -> None:
        self.base, self.kinds, self.bought = base, kinds, frozenset(bought)
        self.inventory = base.inventory
        self._wider: dict[str, Work | None] = {}

    def of(self, needs: Needs, loss: Loss | None, sides: Collection[str]) -> Lack:
        """What a case lacks for some of its sides to be served; without any, for it to be read at all."""
        world = loss.world if loss else self.base.world
        ruled = loss.ruled(needs) if loss else needs.ruled
        found: list[Requirement] = []
        first = ruled.sides[0]
        wider = self.with_all_proxies(ruled.work)
        wide = rule(world, wider, ruled.case) if wider is not None and not ruled.synthetic else None
        joins = False
        if first.outcome == "blocked":
            if first.reason != "no_proxy" or wide is None or wide.sides[0].outcome == "blocked":
                return Lack(hopeless=first.cause)
            found.append(frozenset(self._proxies(ruled, wide)))
            ruled, joins = wide, True
        for number, side in enumerate(ruled.sides):
            if side.side not in sides:
                continue
            if side.outcome == "blocked":
                return Lack(hopeless=side.cause)
            if side.outcome == "failed" or (joins and side.tier == table.PROXIES.tier and not self._else(side)):
                required = frozenset(self._side(world, ruled, number, wide))
                if not required:
                    return Lack(hopeless=self._nobody(side))
                found.append(required)
        return Lack(tuple(found))

    def keeping(self, place: Place, losses: Iterable[Loss]) -> set[Requirement]:
        """What a list in place of automatic selection has to have, so that all that is served now stays served."""
        repository = place.name
        if place.kind != "list" or self.inventory.repositories[repository].gateway_servers is not None:
            return set()
        concerned = [n for n in self.base.cases if repository in (n.ruled.case.source, n.ruled.case.target)]
        known = {needs: self._kept(self.base.world, needs.ruled, repository) for needs in concerned}
        sets = {servers for kept in known.values() for servers in kept}
        for loss in losses:
            for needs, kept in known.items():
                if loss.touches(needs):
                    sets.update(self._kept(loss.world, loss.ruled(needs), repository))
                else:
                    sets.update(servers - loss.servers for servers in kept if not loss.servers.isdisjoint(servers))
        least = (one for one in sets if not any(other < one for other in sets))
        return {frozenset(self._bundle((Place("list", repository), server)) for server in one) for one in least}

    def _kept(self, world: World, ruled: Ruled, repository: str) -> list[frozenset[str]]:
        """For each side that depends on a repository's automatic selection: who could serve it if there were a list."""
        found: list[frozenset[str]] = []
        for number, side in enumerate(ruled.sides):
            if side.outcome != "assigned":
                continue
            may = frozenset(c.server for c in could_serve(world, ruled, side) if c.eligible)
            if side.repository == repository:
                found.append(may)
            elif number and side.tiers[0].name == table.SOURCE_GATEWAY.tier:
                source = {c.server for c in could_serve(world, ruled, ruled.sides[0]) if c.eligible}
                found.append(may & source)
        return found

    def replacing(self, repository: str, gone: frozenset[str], losses: Iterable[Loss]) -> set[frozenset[str]]:
        """Sets of servers. One of each set has to become a mount server, so that all stays served without some that now
        are."""
        concerned = [n for n in self.base.cases if repository in (n.ruled.case.source, n.ruled.case.target)]
        known = {needs: [*self._kept_without(self.base.world, needs.ruled, repository, gone)] for needs in concerned}
        sets = {may for kept in known.values() for staying, may in kept if not staying}
        for loss in losses:
            for needs, kept in known.items():
                if loss.touches(needs):
                    kept = [*self._kept_without(loss.world, loss.ruled(needs), repository, gone)]
                elif loss.servers:
                    kept = [(staying - loss.servers, may - loss.servers) for staying, may in kept]
                sets.update(may for staying, may in kept if not staying)
        return {one for one in sets if not any(other < one for other in sets)}

    def _kept_without(
        self, world: World, ruled: Ruled, repository: str, gone: frozenset[str]
    ) -> Iterator[tuple[frozenset[str], frozenset[str]]]:
        """For each side that is served: who is left to serve it without some mount servers, and who could be one."""
        for side in ruled.sides:
            mounted = [tier for tier in side.tiers if tier.name == table.MOUNT_SERVER.tier]
            is_own = table.MOUNT_SERVER in self.base.world.edition.pools(side.row)
            own = side.repository if is_own else ruled.case.source
            if side.outcome != "assigned" or own != repository or not mounted:
                continue
            staying = {s for tier in side.tiers for s in tier.eligible if tier not in mounted or s not in gone}
            may = frozenset(c.server for c in could_serve(world, ruled, side) if c.eligible)
            yield frozenset(staying), may

    def anywhere(self, place: Place) -> Iterator[Bundle]:
        """All names that a list or a pair of mount servers might take, asked for or not; nothing is bought for it."""
        if place.kind not in ("list", "mount"):
            return
        world, known = self.base.world, self.bought
        sides = [(n.ruled, side) for n in self.base.cases for side in n.ruled.sides if side.repository == place.name]
        for server in self.inventory.servers:
            if server not in known and any(could_serve(world, r, side, [server])[0].eligible for r, side in sides):
                if place.kind == "list":
                    yield from self.listing(place.name, [server])
                elif server not in mount_slots(self.inventory, place.name).values():
                    yield frozenset({(place, server)})

    def with_all_proxies(self, work: Work) -> Work | None:
        """A job that lists proxies, as if it listed none; None for others, and where no list of proxies may change."""
        if work.name not in self._wider:
            key = work.job.through_proxies
            changed = None
            if key is not None and work.job.listed_proxies is not None and "proxy" in self.kinds:
                job = work.job.model_copy(update={key: None})
                changed = Work(work.name, job, work.level, work.targets, work.whole, work.implied)
            self._wider[work.name] = changed
        return self._wider[work.name]

    # --- who could serve a side ---------------------------------------------------------------------------------------

    def _side(self, world: World, ruled: Ruled, number: int, wide: Ruled | None) -> Iterator[Bundle]:
        """Everything that would let a side be served."""
        side = ruled.sides[number]
        candidates = could_serve(world, ruled, side)
        may = [candidate.server for candidate in candidates if candidate.eligible]
        there = {candidate.server for tier in side.tiers for candidate in tier.candidates}
        yield from self.listing(side.repository, may)
        yield from self.mounting(side, side.repository, table.MOUNT_SERVER, may)
        yield from self.mounting(side, ruled.case.source or "", table.SOURCE_MOUNT_SERVER, may)
        yield from self._zoning(world, side, candidates, there)
        if wide is not None:
            tiers = (tier for tier in wide.sides[number].tiers if tier.name == table.PROXIES.tier)
            serving = {server for tier in tiers for server in tier.eligible}
            yield from self._proxies(ruled, wide, serving)
        if table.SOURCE_GATEWAY in self.base.world.edition.pools(side.row) and number:
            source = ruled.sides[0]
            both = set(may) & {c.server for c in could_serve(world, ruled, source) if c.eligible}
            yield from self.listing(source.repository, sorted(both, key=natural))
            yield from self.mounting(source, source.repository, table.MOUNT_SERVER, both)

    def listing(self, repository: str, servers: Iterable[str]) -> Iterator[Bundle]:
        """Servers that may be added to a list of gateway servers."""
        if "list" in self.kinds and is_listable(self.inventory, repository):
            listed = self.inventory.repositories[repository].gateway_servers or ()
            for server in servers:
                if server not in listed:
                    yield self._bundle((Place("list", repository), server))

    def mounting(self, side: Ruling, repository: str, pool: table.Pool, servers: Iterable[str]) -> Iterator[Bundle]:
        """Servers that may be mount servers of a repository, where the row of a side names them."""
        if "mount" not in self.kinds or pool not in self.base.world.edition.pools(side.row) or side.row.is_selected:
            return
        slots, default = mount_slots(self.inventory, repository), default_slots(self.inventory)
        own = has_own_mount_server(self.inventory, repository)
        for server in servers:
            if server not in slots.values():
                yield self._bundle((Place("mount", repository), server))
                if not own and default[slot_of(self.inventory, server)] is None:
                    yield self._bundle((DEFAULT_MOUNT, server))

    def _zoning(
        self, world: World, side: Ruling, candidates: Iterable[Candidate], there: Collection[str]
    ) -> Iterator[Bundle]:
        """Servers that nothing but a fabric keeps from serving: those that are candidates, or that are listed too."""
        fabrics = [
            name for name, members in self.inventory.fabrics.items()
            if ("repository", side.repository) in members and ("fabric", name) not in world.down
        ]  # fmt: skip
        if "zone" not in self.kinds or not fabrics:
            return
        for candidate in candidates:
            refused = [verdict.check for verdict in candidate.verdicts if not verdict.ok]
            if refused != ["fabric"]:
                continue
            for fabric in fabrics:
                if ("server", candidate.server) in self.inventory.fabrics[fabric]:
                    continue
                zone = (Place("zone", fabric), candidate.server)
                if candidate.server in there:
                    yield self._bundle(zone)
                else:
                    yield from (bundle | {zone} for bundle in self.listing(side.repository, [candidate.server]))

    def _proxies(self, ruled: Ruled, wide: Ruled, serving: Collection[str] | None = None) -> Iterator[Bundle]:
        """Proxies that the job does not list and that could read; of these, those on ``serving`` servers."""
        listed = self.base.inventory.jobs[ruled.work.name].listed_proxies or ()
        for member in wide.readers.proxies if wide.readers else ():
            server = self.base.world.network.role_server("proxy", member.name)
            if member.name not in listed and (serving is None or server in serving):
                yield self._bundle((Place("proxy", ruled.work.name), member.name))

    def _bundle(self, atom: Atom) -> Bundle:
        """A name at a place, with the purchase of its server if that is not there yet."""
        return frozenset({atom, (Place("server", atom[1]), atom[1])} if atom[1] in self.bought else {atom})

    @staticmethod
    def _else(side: Ruling) -> bool:
        """Whether anybody other than a proxy may serve."""
        return any(tier.eligible for tier in side.tiers if tier.name != table.PROXIES.tier)

    @staticmethod
    def _nobody(side: Ruling) -> str:
        return f"no server that may serve {side.repository} is left"
