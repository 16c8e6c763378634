"""What is lost, and what the rules say then: which cases it touches, ruled again, and nothing of the rest."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from gwplan.failures.needs import Needs, needs_of
from gwplan.failures.parts import cut_off, parts_of_sites
from gwplan.failures.survey import Survey
from gwplan.failures.touched import Index
from gwplan.network import Element
from gwplan.planning.rulings import Ruled, rule, rule_again, rule_synthetic
from gwplan.planning.tasks import Asked, Case, Singly, Work, asked
from gwplan.planning.trace import Ruling
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
        self._ruled: dict[Needs, Ruled] = {}
        self._tasks: dict[str, tuple[Asked, ...]] = {}
        self._leading: dict[Ruled, tuple[frozenset[str], ...]] = {}
        self.tiers = self._tiers()
        self.placement, self.replaced = base.placement, frozenset[str]()  # ``Loss`` places chains again

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
        for needs in self.placing:
            if needs.ruled.synthetic or needs.ruled.work.tier in found:
                continue
            if self.ruled(needs).sides[-1].is_served != needs.ruled.sides[-1].is_served:
                found.add(needs.ruled.work.tier)
        return frozenset(found)

    @cached_property
    def touched(self) -> list[Needs]:
        """The cases to look at: nothing changes for the others."""
        if self.takes_all:
            return [*self.base.cases]
        found = self.base.index.of(self.asking) | self.farther_in(self.base.index)
        return [self.base.cases[number] for number in sorted(found)]

    @cached_property
    def placing(self) -> list[Needs]:
        """The same for the questions that placing chains asks."""
        base = self.base
        if self.takes_all:
            return [*base.placing]
        return [base.placing[number] for number in sorted(base.placing_index.of(self.asking))]

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

    def farther_in(self, index: Index) -> set[int]:
        """The cases for which a distance changes, by their numbers."""
        if not self.world.network.changes_routes:
            return set()
        return index.farther(self.base.world.network, self.world.network, self.lost)

    @cached_property
    def _farther(self) -> frozenset[Needs]:
        return frozenset(self.base.cases[number] for number in self.farther_in(self.base.index))

    # --- outcomes -----------------------------------------------------------------------------------------------------

    def touches(self, needs: Needs) -> bool:
        """Whether the outcome of a case may change. If not, it is surely the same."""
        if self.takes_all:
            return True
        if not needs.hosts.isdisjoint(self.servers):
            return True
        if needs.readers is not None and needs.readers <= self.servers:
            return True
        if any(servers is not None and servers <= self.servers for servers in needs.servers):
            return True
        if needs.over_fc and not needs.hard.isdisjoint(self.unzoned):
            return True
        return any(
            element in self.unreached or (
                name in self.servers if kind == "server" else name in self.repositories if kind == "repository"
                else element in self.lost
            )
            for element in needs.hard for kind, name in (element,)
        )  # fmt: skip

    def ruled(self, needs: Needs) -> Ruled:
        """What the rules say of a case now: the very same where the loss does not touch it."""
        found = self._ruled.get(needs)
        if found is None:
            found = self._ruled[needs] = rule_again(self.world, needs.ruled) if self.touches(needs) else needs.ruled
        return found

    def ruled_of(self, work: Work, case: Case, *, synthetic: bool = False) -> Ruled:
        """The same of a case that nothing may have asked for before."""
        needs = self.base.known.get((work, case, synthetic))
        if needs is not None:
            return self.ruled(needs)
        return (rule_synthetic if synthetic else rule)(self.world, work, case)

    def tasks_of(self, work: Work) -> tuple[Asked, ...]:
        """The tasks of a job whose chains may be placed otherwise."""
        if work.name not in self._tasks:
            base = self.base
            is_placed = work.name in base.rows and work.name not in base.lumped
            self._tasks[work.name] = tuple(
                self._tasks_placed(work) if is_placed else asked(base.inventory, work, self.placement, base.placement)
            )
        return self._tasks[work.name]

    def needs_now(self, needs: Needs) -> Needs:
        """What a case needs now."""
        return needs_of(self.world, rule_again(self.world, needs.ruled), self.base.strategy)

    def leading(self, ruled: Ruled, side: int) -> frozenset[str]:
        """The servers that may come first on a side now."""
        if ruled not in self._leading:
            self._leading[ruled] = needs_of(self.world, rule_again(self.world, ruled), self.base.strategy).leading
        return self._leading[ruled][side]

    def _tasks_placed(self, work: Work) -> list[Singly]:
        """The tasks of a job whose chains may be placed elsewhere: what ``asked`` says, from the rows that are kept."""
        rows, chosen = self.base.rows[work.name], self.placement.chosen[work.name]
        offline = {machine for name, machine in self.placement.offline if name == work.name}
        known: dict[tuple[Case, str, bool], Case] = {}
        found = Singly([row.machine for row in rows], [])
        for machine, case, _ in rows:
            key = (case, chosen[machine], machine in offline)
            placed = known.get(key)
            if placed is None:
                placed = known[key] = case._replace(target=key[1], offline=key[2])
            found.cases.append(placed)
        return [found] if rows else []

    def changes_who(self, needs: Needs, now: tuple[Ruling, ...]) -> bool:
        """Whether another server or proxy may be chosen for a case: one of the leaders falls, or stands farther."""
        if now is not needs.ruled.sides and any(
            new.outcome != old.outcome or new.eligible != old.eligible or new.tier != old.tier
            for new, old in zip(now, needs.ruled.sides, strict=True)
        ):
            return True
        if not needs.leaders.isdisjoint(self.servers):
            return True
        if not needs.hosts.isdisjoint(self.servers):  # another host reads, and nearness may be measured from it
            return True
        role = self.world.network.role_server
        if any(role("proxy", name) in self.servers for name in needs.reading if name in self.base.heeded):
            return True
        if self.unzoned and not self.unzoned.isdisjoint((*needs.hard, *(("server", name) for name in needs.leaders))):
            return True
        return self.world.network.changes_routes and needs in self._farther
