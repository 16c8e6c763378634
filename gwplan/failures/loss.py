"""One set of elements lost, and what it does: only what it touches is ruled again, only who it reaches folded again."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from functools import cached_property

from gwplan.failures.effect import Effect, Hit, Result, Tally
from gwplan.failures.survey import Needs, Survey, needs_of, parts_of_sites, touching
from gwplan.inventory.components import components
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

    def __init__(
        self, base: Survey, down: frozenset[Element], known: Mapping[frozenset[str], Carried] | None = None
    ) -> None:
        self.base, self.down = base, down
        self.folds: dict[frozenset[str], Carried] = {}
        """What jobs that were folded together add to the data wave, by their names."""
        self._known_folds = known or {}
        self.world = World(base.inventory, down, base=base.world)
        network = self.world.network
        self.servers = frozenset(name for name in base.inventory.servers if self._falls("server", name))
        self.repositories = frozenset(name for name in base.inventory.repositories if self._falls("repository", name))
        self.sites = frozenset(name for kind, name in down if kind == "site")
        self.fabrics = any(kind == "fabric" for kind, _ in down)
        self.reaches = parts_of_sites(network, base.inventory.sites or [""]) if network.changes_routes else None
        before = parts_of_sites(base.world.network, base.inventory.sites or [""]) if self.reaches is not None else {}
        self.is_cut = self.reaches is not None and any(
            part != before[site] - self.sites for site, part in self.reaches.items()
        )
        self.backup_server = base.inventory.backup_server in self.servers
        self.placement = place_chains(self.world, base.todo, base.placement) if base.has_choice else base.placement
        self.is_replaced = self.placement.chosen != base.placement.chosen or (
            self.placement.offline != base.placement.offline
        )
        self._ruled: dict[Needs, Ruled] = {}

    def _falls(self, kind: str, name: str) -> bool:
        network, base = self.world.network, self.base.world.network
        if kind == "server":
            return network.server_down(name) is not None and base.server_down(name) is None
        down = network.repository_down(name)
        return down is not None and down != base.repository_down(name)  # one in maintenance may still be read

    # --- outcomes -----------------------------------------------------------------------------------------------------

    def touches(self, needs: Needs) -> bool:
        """Whether the outcome of a case may be another: else it is surely the same."""
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
        if self.base.has_choice:
            return bool(self.bad_everywhere() - one.bad_everywhere() - other.bad_everywhere())
        lumped = set()
        for needs in self.base.cases:
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
            for d in self._made[0].decisions
            if d.outcome in BAD
            for machine in (d.workloads or (d.task,))
        }

    @cached_property
    def _made(self) -> tuple[Plan, Serving]:
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
        tally, changed, lumped = Tally(), set[str](), dict[str, Work]()
        for needs in self.base.cases:
            now = self.ruled(needs).sides
            if needs.job not in self.base.lumped:
                self._count_sides(tally, needs, now)
            elif now is not needs.ruled.sides:
                lumped[needs.job] = needs.ruled.work
            if needs.ruled.is_data and self.changes_who(needs, now):
                changed.add(needs.job)
        for name in self.base.lumped:
            self._count_lumped(tally, name, lumped.get(name))
        return tally.effect(self.base.inventory, self.down, self._loads(changed | set(lumped)))

    def _count_sides(self, tally: Tally, needs: Needs, after: Iterable[Ruling]) -> None:
        for was, now in zip(needs.ruled.sides, after, strict=True):
            number = self.base.numbers.get(was, 0)
            if was.outcome in BAD or not number:
                continue
            if now.outcome in BAD:
                is_bad_news, case = now.reason != "source_down", needs.ruled.case
                hit = Hit(was.job, was.operation, was.side, was.repository, case, number, is_bad_news)
                tally.take(now.outcome, hit)
            else:
                tally.moved += self._moved(was, now)

    def _moved(self, was: Ruling, now: Ruling) -> int:
        """The decisions of a ruling that another server serves, because theirs may no longer."""
        movers = self.base.movers.get(was)
        if movers is None or now.outcome != "assigned":
            return 0
        if was is now:  # ruled before the loss, which takes none but the servers that are down
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
        made, fold = self._made
        tally.compare(self.base.plan.decisions, made.decisions, self.world)
        return tally.effect(self.base.inventory, self.down, fold.data)

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
        machines = [role("proxy", name) for name in needs.reading]
        if any(name in self.servers for name in machines):
            return True
        return self.reaches is not None and self._stands_farther(needs, machines)

    def _stands_farther(self, needs: Needs, machines: list[str]) -> bool:
        inventory, case = self.base.inventory, needs.ruled.case
        places = {case.site} | {inventory.site_of_repository(n) for n in (case.source, case.target) if n is not None}
        names = [*needs.leaders, *machines]
        new, old = self.world.network, self.base.world.network
        return self.fabrics or any(
            new.hops(place, site) != old.hops(place, site)
            for place in places
            if place is not None
            for site in {*map(inventory.site_of_server, names), *(p for p in places if p is not None)}
        )

    def _loads(self, changed: set[str]) -> Carried:
        """What the gateways carry: groups of jobs that a change reaches are folded again, the others stay."""
        base = self.base
        loads = Carried(base.loads.tasks, base.loads.on)
        for works in self._reached(changed):
            names = frozenset(work.name for work in works)
            data = self._known_folds.get(names)
            if data is None:
                data = self._served(works, spread=base.strategy == "spread", operations=("data",)).data
            self.folds[names] = data
            for work in works:
                loads.subtract(base.parts.get(work.name, Carried()))
            loads.update(data)
        return loads

    def _reached(self, changed: set[str]) -> Iterator[list[Work]]:
        """The jobs whose groups changed jobs are in or reach now, those together that may meet."""
        base = self.base
        meets: dict[str, set[object]] = {job: {base.groups[job]} for job in base.groups if job in changed}
        for needs in base.cases:
            if needs.job in meets and needs.ruled.is_data:
                names = set(touching(self.needs_now(needs)))
                meets[needs.job] |= names.union(*(base.touching.get(name, ()) for name in names))
        parts = components(meets, meets.__getitem__)
        part_of = {group: number for number, jobs in enumerate(parts) for job in jobs for group in meets[job]}
        works: list[list[Work]] = [[] for _ in parts]
        for work in base.todo:
            if work.job.enabled and (number := part_of.get(base.groups.get(work.name))) is not None:
                works[number].append(work)
        yield from works
