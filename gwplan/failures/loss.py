"""One set of elements lost, and what it does: only what it touches is ruled again, only what it reaches served anew."""

from __future__ import annotations

from collections.abc import Container, Iterable
from functools import cached_property

from gwplan.failures.data_wave import served_again
from gwplan.failures.effect import Effect, Result, Taken, Tally
from gwplan.failures.needs import Load, Needs, needs_of
from gwplan.failures.parts import parts_of_sites
from gwplan.failures.survey import Survey, peak_of
from gwplan.network import Element
from gwplan.planning.carried import Carried
from gwplan.planning.placement import place_chains
from gwplan.planning.plan import Plan, decide, serve
from gwplan.planning.rulings import Ruled, rule_again
from gwplan.planning.serving import WAVES, Serving
from gwplan.planning.tasks import Work
from gwplan.planning.trace import BAD, Ruling
from gwplan.planning.world import World


class Loss:
    """One set of elements lost, and what it does to each ruling."""

    def __init__(self, base: Survey, down: frozenset[Element]) -> None:
        self.base, self.down = base, down
        self.world = World(base.inventory, down, base=base.world)
        self.lost = base.index.with_all(down)
        self.servers = self._fallen("server")
        self.repositories = self._fallen("repository")
        self.sites = frozenset(name for kind, name in down if kind == "site")
        self.fabrics = any(kind == "fabric" for kind, _ in down)
        self.reaches = parts_of_sites(base.inventory, self.lost) if self.world.network.changes_routes else None
        self.is_cut = self.reaches is not None and any(
            part != base.parts[site] - self.sites for site, part in self.reaches.items()
        )
        self.backup_server = base.inventory.backup_server in self.servers
        self._ruled: dict[Needs, Ruled] = {}
        self.placement = base.placement
        if self._may_place_otherwise():
            self.placement = place_chains(self.world, base.todo, base.placement)
        self.is_replaced = self.placement.chosen != base.placement.chosen or (
            self.placement.offline != base.placement.offline
        )

    def _fallen(self, kind: str) -> frozenset[str]:
        """The servers, or the repositories, that were up and no longer are."""
        network, base = self.world.network, self.base.world.network
        names = (name for one, name in self.lost if one == kind)
        if kind == "server":
            return frozenset(n for n in names if network.server_down(n) is not None and base.server_down(n) is None)
        return frozenset(  # one in maintenance may still be read
            n for n in names if (down := network.repository_down(n)) is not None and down != base.repository_down(n)
        )

    def _may_place_otherwise(self) -> bool:
        """Whether an extent is down, or another answer is given to a question that placing chains asks."""
        return not self.base.extents.isdisjoint(self.repositories) or any(
            self.ruled(needs).sides[-1].is_served != needs.ruled.sides[-1].is_served for needs in self.placing
        )

    @cached_property
    def touched(self) -> list[Needs]:
        """The cases to look at: nothing changes for the others."""
        if self.takes_all:
            return [*self.base.cases]
        found = self.base.index.of(self.lost)
        if self.reaches is not None:
            found |= self.base.index.farther(self.base.world.network, self.world.network)
        return [self.base.cases[number] for number in sorted(found)]

    @cached_property
    def placing(self) -> list[Needs]:
        """The same for the questions that placing chains asks."""
        base = self.base
        if self.takes_all:
            return [*base.placing]
        return [base.placing[number] for number in sorted(base.placing_index.of(self.lost))]

    @property
    def takes_all(self) -> bool:
        """Whether no index can say what is touched."""
        return self.backup_server or self.is_cut or self.fabrics

    @cached_property
    def _farther(self) -> frozenset[Needs]:
        """The cases for which a distance changes."""
        found = self.base.index.farther(self.base.world.network, self.world.network)
        return frozenset(self.base.cases[number] for number in found)

    # --- outcomes -----------------------------------------------------------------------------------------------------

    def touches(self, needs: Needs) -> bool:
        """Whether the outcome of a case may change. If not, it is surely the same."""
        if self.backup_server or self.is_cut or (self.fabrics and needs.over_fc):
            return True
        if not needs.hosts.isdisjoint(self.servers):
            return True
        if needs.readers is not None and needs.readers <= self.servers:
            return True
        if any(servers is not None and servers <= self.servers for servers in needs.servers):
            return True
        return any(
            (kind == "server" and name in self.servers)
            or (kind == "repository" and name in self.repositories)
            or (kind == "site" and name in self.sites)
            for kind, name in needs.hard
        )

    def ruled(self, needs: Needs) -> Ruled:
        """What the rules say of a case now: the very same where the loss does not touch it."""
        found = self._ruled.get(needs)
        if found is None:
            found = self._ruled[needs] = rule_again(self.world, needs.ruled) if self.touches(needs) else needs.ruled
        return found

    def needs_now(self, needs: Needs) -> Needs:
        """What a case needs now."""
        return needs_of(self.world, rule_again(self.world, needs.ruled), self.base.strategy)

    def _served(self, works: Iterable[Work], *, spread: bool, operations: Container[str] = WAVES) -> Serving:
        """Some jobs served by themselves."""
        serving = Serving(self.world, spread=spread, operations=operations)
        serve(serving, works, self.placement, self.base.placement)
        return serving

    def bad_tasks(self, job: Work) -> set[tuple[str, str, str]]:
        """(operation, side, machine) of a lumped job's tasks that cannot be served."""
        fold = self._served([job], spread=False)
        return {
            (d.operation, d.side, machine) for d in fold.decisions if d.outcome in BAD for machine in d.workloads
        }

    def loses_more_than(self, one: Loss, other: Loss) -> bool:
        """Whether a task is lost that neither of two smaller losses takes."""
        if self.is_replaced or one.is_replaced or other.is_replaced:
            return bool(self.bad_everywhere() - one.bad_everywhere() - other.bad_everywhere())
        lumped = set()
        for needs in self.touched:
            if needs.job in self.base.lumped:
                lumped.add(needs.ruled.work)
                continue
            for was, now, first, second in zip(
                needs.ruled.sides, self.ruled(needs).sides, one.ruled(needs).sides, other.ruled(needs).sides,
                strict=True,
            ):
                if was.outcome not in BAD and now.outcome in BAD and not {first.outcome, second.outcome} & set(BAD):
                    return True
        return any(self.bad_tasks(work) - one.bad_tasks(work) - other.bad_tasks(work) for work in lumped)

    def bad_everywhere(self) -> set[tuple[str, str, str, str]]:
        """(job, operation, side, machine or task) of all that cannot be served, from the plan made from scratch."""
        return {
            (d.job, d.operation, d.side, machine)
            for d in self.made[0].decisions
            if d.outcome in BAD
            for machine in (d.workloads or (d.task,))
        }

    @cached_property
    def made(self) -> tuple[Plan, Serving]:
        """The plan from scratch, and the loads that made it."""
        base = self.base
        return decide(self.world, base.todo, self.placement, base.placement, base.strategy)

    # --- the result ---------------------------------------------------------------------------------------------------

    def result(self) -> Result:
        """What it costs."""
        return self.effect().result

    def effect(self) -> Effect:
        """The same, with all that it is counted from."""
        if self.is_replaced:
            return self._effect_from_scratch()
        tally, changed, lumped = Tally(), set[str](), dict[str, Work | None]()
        for needs in self.touched:
            now = self.ruled(needs).sides
            if needs.job not in self.base.lumped:
                self._count_sides(tally, needs, now)
            elif now is not needs.ruled.sides or needs.job not in lumped:
                lumped[needs.job] = None if now is needs.ruled.sides else needs.ruled.work
            if needs.ruled.is_data and self.changes_who(needs, now):
                changed.add(needs.job)
        for name, work in lumped.items():
            self._count_lumped(tally, name, work)
        loads = self._loads(changed | {name for name, work in lumped.items() if work})
        return tally.effect(self.down, loads, self._peak(loads))

    def _count_sides(self, tally: Tally, needs: Needs, after: Iterable[Ruling]) -> None:
        for was, now in zip(needs.ruled.sides, after, strict=True):
            number = self.base.numbers.get(was, 0)
            if was.outcome in BAD or not number:
                continue
            if now.outcome in BAD:
                is_bad_news, case = now.reason != "source_down", needs.ruled.case
                hit = Taken(was.job, was.operation, was.side, was.repository, case, number, is_bad_news)
                tally.take(now.outcome, hit)
            else:
                tally.moved += self._moved(was, now)

    def _moved(self, was: Ruling, now: Ruling) -> int:
        """How many decisions of a ruling another server serves, because theirs no longer may."""
        movers = self.base.movers.get(was)
        if movers is None or now.outcome != "assigned":
            return 0
        if was is now:  # the ruling stands, so that only servers that are down no longer serve
            return sum(movers[name] for name in self.servers if name in movers)
        return sum(number for name, number in movers.items() if name not in now.eligible)

    def _count_lumped(self, tally: Tally, name: str, work: Work | None) -> None:
        """A job whose tasks hold several machines: planned again by itself where a ruling of it is touched."""
        before = self.base.decisions.get(name, [])
        if work is None:
            rulings = dict.fromkeys(decision.ruling for decision in before)
            tally.moved += sum(self._moved(ruling, ruling) for ruling in rulings)
        else:
            fold = self._served([work], spread=self.base.strategy == "spread")
            tally.compare(before, fold.decisions, self.world)

    def _effect_from_scratch(self) -> Effect:
        tally = Tally()
        made, fold = self.made
        tally.compare(self.base.plan.decisions, made.decisions, self.world)
        return tally.effect(self.down, fold.data, self._peak(fold.data))

    # --- load ---------------------------------------------------------------------------------------------------------

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
        return self.reaches is not None and (self.fabrics or needs in self._farther)

    def _peak(self, loads: Carried) -> tuple[str, float] | None:
        """The most loaded gateway."""
        return self.base.peak if loads is self.base.loads else peak_of(self.base.inventory, loads, self.base.slots)

    def _loads(self, changed: set[str]) -> Carried:
        """What the gateways carry: what a change reaches is served again, the rest carries what it did."""
        base = self.base
        if not changed:
            return base.loads
        again = frozenset(self.touched)
        self._keep_what_is_ruled(again)
        asked: dict[str, list[Load]] = {}
        heeded: Container[str] = base.heeded
        for job in changed:
            needs = [self.needs_now(needs) if needs in again else needs for needs in base.of_job.get(job, ())]
            asked[job] = [load for one in needs for load in one.loads]
            if any(one.heeds_reader and not one.reading <= base.heeded for one in needs):
                heeded = base.inventory.proxies
        loads = Carried(base.loads.tasks, base.loads.on)
        for was, now in served_again(base.wave, self.world, asked, heeded):
            loads.subtract(was)
            loads.update(now)
        return loads

    def _keep_what_is_ruled(self, again: Iterable[Needs]) -> None:
        """Keep the rulings of cases that nothing touches: who may come first there and how far it is stays the same."""
        ruled = dict(self.base.world.ruled)
        for needs in again:
            ruled.pop((needs.ruled.work, needs.ruled.case), None)
        self.world.ruled = ruled | self.world.ruled
