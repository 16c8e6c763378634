"""What is lost, and what the rules say then: which cases it touches, ruled again, and nothing of the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from gwplan.failures.needs import Kind, Needs, kind_of
from gwplan.failures.parts import cut_off, parts_of_sites
from gwplan.failures.survey import Survey
from gwplan.failures.tiers import Placed
from gwplan.network import Element
from gwplan.planning.rulings import Ruled, rule_again, rule_alike
from gwplan.planning.tasks import Asked, Case, Work, asked
from gwplan.planning.world import World


class Lost:
    """One set of elements lost, and what the rules say then. ``less`` are known losses of a part of it."""

    def __init__(self, base: Survey, down: frozenset[Element], less: Sequence[Lost] = ()) -> None:
        self.base, self.down, self.less = base, down, less
        self.world = World(base.inventory, down, base=base.world)
        self.lost = base.index.with_all(down)
        self.fallen = self._fallen("server")
        self.repositories = self._fallen("repository")
        self.backup_server = base.inventory.backup_server in self.fallen
        self.cut_off = cut_off(base.inventory, base.neighbours, base.parts, self.lost)
        self.is_cut = base.inventory.site_of_server(base.inventory.backup_server) in self.cut_off
        self.unreached = base.index.with_all(("site", site) for site in self.cut_off) if not self.is_cut else {}
        self.servers = self.fallen.union(name for kind, name in self.unreached if kind == "server")
        self.unzoned = {
            member for kind, name in self.lost if kind == "fabric" for member in base.inventory.fabrics[name]
        }
        self.asking = [*self.lost, *self.unreached, *self.unzoned]
        self._halves = tuple(less) if len(less) == 2 and _meet_nowhere(*less) else ()
        self._hit: dict[Kind, bool] = {}
        self._now: dict[Kind, Ruled] = {}
        self._then: dict[object, Kind] = {}
        self._changes_who: dict[Kind, bool] = {}
        self._tasks: dict[str, tuple[Asked, ...]] = {}
        self.tiers = self._tiers()
        self.placement, self.replaced = base.placement, frozenset[str]()  # ``Loss`` places chains again
        self.placed: Mapping[str, Placed] = {}

    def _fallen(self, kind: str) -> frozenset[str]:
        """The servers, or the repositories, that were up and no longer are."""
        network, base = self.world.network, self.base.world.network
        names = (name for one, name in self.lost if one == kind)
        if kind == "server":
            return frozenset(n for n in names if network.server_down(n) is not None and base.server_down(n) is None)
        return frozenset(  # one in maintenance may still be read
            n for n in names if (down := network.repository_down(n)) is not None and down != base.repository_down(n)
        )

    def _tiers(self) -> frozenset[str]:
        """The tiers whose chains may be placed elsewhere: an extent is down, or a question is answered otherwise."""
        found = {tier for name in self.repositories for tier in self.base.tiers_of.get(name, ())}
        found = found.union(*(loss.tiers for loss in self.less))
        for kind in filter(self.base.placing.__contains__, self._asking_for):
            tiers = self.base.tiers_of.get(kind.ruled.case.target or "", found)
            if kind.ruled.synthetic or found.issuperset(tiers):
                continue
            if self.now(kind).sides[-1].is_served != kind.is_served:
                found |= tiers
        return frozenset(found)

    @cached_property
    def touched(self) -> list[Needs]:
        """The cases to look at: nothing changes for the others."""
        base = self.base
        if self.takes_all:
            return [*base.cases]
        numbers = [number for kind in self.touched_kinds for number in base.cases_of.get(kind, ())]
        return [base.cases[number] for number in sorted(numbers)]

    @cached_property
    def touched_kinds(self) -> frozenset[Kind]:
        """The same of kinds of cases, also of those that are only asked for to place chains."""
        return self._farther.union(self._asking_for)

    @cached_property
    def _asking_for(self) -> tuple[Kind, ...]:
        """Those that need something that falls, in their order: who is asked first says who need not be asked."""
        if self.takes_all:
            return self.base.kinds
        return tuple(map(self.base.kinds.__getitem__, sorted(self.base.index.of(self.asking))))

    @cached_property
    def _farther(self) -> frozenset[Kind]:
        """The kinds of cases for which a distance changes."""
        base, network = self.base, self.world.network
        if not network.changes_routes:
            return frozenset()
        return frozenset(map(base.kinds.__getitem__, base.index.farther(base.world.network, network, self.lost)))

    @property
    def cuts(self) -> bool:
        """Whether a site or a link is lost, over which others reach each other."""
        return any(kind in ("site", "link") for kind, _ in self.lost)

    @cached_property
    def reaches(self) -> dict[str, frozenset[str]]:
        """For each site that is left, all that it reaches."""
        return parts_of_sites(self.base.inventory, self.lost)

    @property
    def takes_all(self) -> bool:
        """Whether no index can say what is touched."""
        return self.backup_server or self.is_cut

    # --- outcomes -----------------------------------------------------------------------------------------------------

    def touches(self, needs: Needs) -> bool:
        """Whether the outcome of a case may change. If not, it is surely the same."""
        return self.hits(needs.kind)

    def hits(self, kind: Kind) -> bool:
        """The same of all cases of a kind."""
        found = self._hit.get(kind)
        if found is None:
            found = self._hit[kind] = self._hits(kind)
        return found

    def _hits(self, kind: Kind) -> bool:
        if self.takes_all:
            return True
        if not kind.hosts.isdisjoint(self.servers):
            return True
        if kind.readers is not None and kind.readers <= self.servers:
            return True
        if any(servers is not None and servers <= self.servers for servers in kind.servers):
            return True
        if kind.over_fc and not kind.hard.isdisjoint(self.unzoned):
            return True
        return any(
            element in self.unreached or (
                name in self.servers if what == "server" else name in self.repositories if what == "repository"
                else element in self.lost
            )
            for element in kind.hard for what, name in (element,)
        )  # fmt: skip

    def ruled(self, needs: Needs) -> Ruled:
        """What the rules say of a case now: the very same where the loss does not touch it."""
        return rule_again(self.world, needs.ruled) if self.touches(needs) else needs.ruled

    def now(self, kind: Kind) -> Ruled:
        """The same of all cases of a kind, in the name of one of them."""
        if not self.hits(kind):
            return kind.ruled
        found = self._now.get(kind)
        if found is None:
            alone = self._alone(kind)
            found = self._now[kind] = alone.now(kind) if alone else self._again(kind.ruled)
        return found

    def _again(self, ruled: Ruled) -> Ruled:
        return rule_alike(self.world, ruled.work, ruled.case, synthetic=ruled.synthetic)

    def kind_of(self, work: Work, case: Case, *, synthetic: bool = False) -> Kind:
        """The kind of a case that nothing may have asked for before."""
        known = self.base.kind_of(work, case, synthetic=synthetic)
        return known or self._kind(rule_alike(self.world, work, case, synthetic=synthetic))

    def then(self, kind: Kind) -> Kind:
        """What the cases of a kind need now: where nothing touches them, no server that may come first and no distance
        to one is another."""
        if kind not in self.touched_kinds:
            return kind
        alone = self._alone(kind)
        return alone.then(kind) if alone else self._kind(self._again(kind.ruled))

    def _alone(self, kind: Kind) -> Lost | None:
        """Of two losses that make up this one, the one that alone says what becomes of a kind of case: the other one
        takes nothing that it needs or may choose, and the two cut no way together."""
        if not self._halves or kind.hosts:
            return None
        one, other = self._halves
        return one if other._leaves(kind) else other if one._leaves(kind) else None

    def _leaves(self, kind: Kind) -> bool:
        return kind not in self.touched_kinds and self.servers.isdisjoint(kind.everyone)

    def _kind(self, ruled: Ruled) -> Kind:
        found = self._then.get(ruled.kind)
        if found is None:
            found = self._then[ruled.kind] = kind_of(self.world, ruled, self.base.strategy)
        return found

    def tasks_of(self, work: Work) -> tuple[Asked, ...]:
        """The tasks of a job whose chains may be placed otherwise."""
        base = self.base
        if work.name not in base.lumped:
            return (self.placed.get(work.tier) or base.placed.of(work.tier).before).tasks_of(work)
        if work.name not in self._tasks:
            self._tasks[work.name] = tuple(asked(base.inventory, work, self.placement, base.placement))
        return self._tasks[work.name]

    def changes_who(self, kind: Kind) -> bool:
        """Whether another server or proxy may be chosen for a case: one of the leaders falls, or stands farther."""
        found = self._changes_who.get(kind)
        if found is None:
            found = self._changes_who[kind] = self._chooses_otherwise(kind)
        return found

    def _chooses_otherwise(self, kind: Kind) -> bool:
        if self.hits(kind) and any(
            new.outcome != old.outcome or new.eligible != old.eligible or new.tier != old.tier
            for new, old in zip(self.now(kind).sides, kind.ruled.sides, strict=True)
        ):
            return True
        if not kind.leaders.isdisjoint(self.servers):
            return True
        if not kind.hosts.isdisjoint(self.servers):  # another host reads, and nearness may be measured from it
            return True
        role = self.world.network.role_server
        if any(role("proxy", name) in self.servers for name in kind.reading if name in self.base.heeded):
            return True
        if self.unzoned and not self.unzoned.isdisjoint((*kind.hard, *(("server", name) for name in kind.leaders))):
            return True
        return kind in self._farther


def _meet_nowhere(one: Lost, other: Lost) -> bool:
    """Whether two losses have no way that only both of them cut."""
    return not (one.cuts and other.cuts) and one.unzoned.isdisjoint(other.unzoned)
