"""One set of elements lost, and what it does: only what it touches is ruled again, only who it reaches folded again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable
from dataclasses import dataclass
from typing import Any

from gwplan.failures.base import Base, Stand, parts_of_sites, stand_of, touching
from gwplan.failures.whatif import changes_of
from gwplan.inventory.model import Inventory
from gwplan.inventory.names import natural
from gwplan.network import Element
from gwplan.planning.decision import Decision
from gwplan.planning.placement import place_chains
from gwplan.planning.plan import decide, serve
from gwplan.planning.rank import slots
from gwplan.planning.rulings import Ruled, rule_again
from gwplan.planning.serve import WAVES, Serving
from gwplan.planning.tasks import Work
from gwplan.planning.trace import BAD, Ruling
from gwplan.planning.world import World


@dataclass(frozen=True, slots=True)
class Result:
    """What one loss, or one pair, costs. ``lost`` and ``blocked`` count decisions, by job; ``peak`` is the gateway with
    the largest share of its slots then, None where none moves data. ``is_single_point``: something is newly failed, or
    blocked other than because its source is down."""

    down: tuple[str, ...]
    lost: Counter[str]
    blocked: Counter[str]
    moved: int
    peak: tuple[str, float] | None
    is_single_point: bool

    def to_dict(self) -> dict[str, Any]:
        """Plain data in one row, for a table."""
        server, share = self.peak or (None, None)
        return {
            "down": ", ".join(self.down), "lost": self.lost.total(), "blocked": self.blocked.total(),
            "moved": self.moved, "peak_server": server, "peak_share": share, "is_single_point": self.is_single_point,
        }  # fmt: skip

    @property
    def order(self) -> tuple[object, ...]:
        """Worst first: lost and blocked, moved, peak, names."""
        share = self.peak[1] if self.peak else 0.0
        return -(self.lost.total() + self.blocked.total()), -self.moved, -share, tuple(map(natural, self.down))


class Loss:
    """One set of elements lost, and what it does to each ruling."""

    def __init__(self, base: Base, down: frozenset[Element]) -> None:
        self.base, self.down = base, down
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
        self._ruled: dict[Stand, Ruled] = {}
        self._from_scratch: list[Decision] | None = None

    def _falls(self, kind: str, name: str) -> bool:
        network, base = self.world.network, self.base.world.network
        if kind == "server":
            return network.server_down(name) is not None and base.server_down(name) is None
        return network.repository_down(name) is not None and base.repository_down(name) is None

    # --- outcomes -----------------------------------------------------------------------------------------------------

    def touches(self, stand: Stand) -> bool:
        """Whether the outcome of a case may be another: else it is surely the same."""
        if self.backup_server or self.is_cut or (self.fabrics and stand.over_fc):
            return True
        if not stand.hosts.isdisjoint(self.servers):
            return True
        if stand.readers is not None and stand.readers <= self.servers:
            return True
        if any(servers is not None and servers <= self.servers for servers in stand.servers):
            return True
        return any(
            (kind == "server" and name in self.servers)
            or (kind == "repository" and name in self.repositories)
            or (kind == "site" and name in self.sites)
            for kind, name in stand.hard
        )

    def ruled(self, stand: Stand) -> Ruled:
        """What the rules say of a case now: the very same where the loss does not touch it."""
        found = self._ruled.get(stand)
        if found is None:
            found = self._ruled[stand] = rule_again(self.world, stand.ruled) if self.touches(stand) else stand.ruled
        return found

    def stand(self, stand: Stand) -> Stand:
        """On what a case stands now."""
        return stand_of(self.world, rule_again(self.world, stand.ruled), self.base.strategy)

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
            return bool(self._bad_everywhere() - one._bad_everywhere() - other._bad_everywhere())
        lumped = set()
        for stand in self.base.stands:
            if stand.job in self.base.lumped:
                lumped.add(stand.ruled.work)
                continue
            for was, now, first, second in zip(
                stand.ruled.sides, self.ruled(stand).sides, one.ruled(stand).sides, other.ruled(stand).sides,
                strict=True,
            ):
                if was.outcome not in BAD and now.outcome in BAD and not {first.outcome, second.outcome} & set(BAD):
                    return True
        return any(self.bad_tasks(work) - one.bad_tasks(work) - other.bad_tasks(work) for work in lumped)

    def _bad_everywhere(self) -> set[tuple[str, str, str, str]]:
        return {
            (d.job, d.operation, d.side, machine)
            for d in self._decisions()
            if d.outcome in BAD
            for machine in (d.workloads or (d.task,))
        }

    def _decisions(self) -> list[Decision]:
        if self._from_scratch is None:
            base = self.base
            made = decide(self.world, base.todo, self.placement, base.placement, base.strategy)[0]
            self._from_scratch = list(made.decisions)
        return self._from_scratch

    # --- the result ---------------------------------------------------------------------------------------------------

    def result(self) -> Result:
        """What it costs."""
        if self.is_replaced:
            return self._result_from_scratch()
        lost, blocked, moved, single = Counter[str](), Counter[str](), 0, False
        changed: set[str] = set()
        lumped: dict[str, Work] = {}
        for stand in self.base.stands:
            now = self.ruled(stand).sides
            if now is not stand.ruled.sides and stand.job in self.base.lumped:
                lumped[stand.job] = stand.ruled.work
            for was, is_now in zip(stand.ruled.sides, now, strict=True):
                if was.outcome in BAD or stand.job in self.base.lumped:
                    continue
                number = self.base.numbers.get(was, 0)
                if is_now.outcome in BAD:
                    (lost if is_now.outcome == "failed" else blocked)[stand.job] += number
                    single |= number > 0 and is_now.reason != "source_down"
                else:
                    moved += self._moved(was)
            if stand.ruled.is_data and self._changes_who(stand, now):
                changed.add(stand.job)
        for name in self.base.lumped:
            counts = self._lumped(name, lumped.get(name))
            lost.update(counts[0])
            blocked.update(counts[1])
            moved += counts[2]
            single |= counts[3]
        named = tuple(sorted((f"{kind}:{name}" for kind, name in self.down), key=natural))
        return Result(named, +lost, +blocked, moved, self._peak(changed | set(lumped)), single)

    def _moved(self, ruling: Ruling) -> int:
        movers = self.base.movers.get(ruling)
        return sum(movers[name] for name in self.servers if name in movers) if movers else 0

    def _lumped(self, name: str, work: Work | None) -> tuple[Counter[str], Counter[str], int, bool]:
        """A job whose tasks hold several machines: planned again by itself where a ruling of it is touched."""
        before = self.base.decisions.get(name, [])
        if work is None:
            rulings = dict.fromkeys(decision.ruling for decision in before)
            return Counter(), Counter(), sum(map(self._moved, rulings)), False
        fold = self._served([work], spread=self.base.strategy == "spread")
        return self._count(before, fold.decisions)

    def _count(
        self, before: Iterable[Decision], after: Iterable[Decision]
    ) -> tuple[Counter[str], Counter[str], int, bool]:
        lost, blocked, moved, single = Counter[str](), Counter[str](), 0, False
        for change in changes_of(before, after, self.world.network):
            if change.change == "moved":
                moved += 1
            elif change.change in ("lost", "blocked"):
                (lost if change.change == "lost" else blocked)[change.decision.job] += 1
                single |= change.after is None or change.after.reason != "source_down"
        return lost, blocked, moved, single

    def _result_from_scratch(self) -> Result:
        lost, blocked, moved, single = self._count(self.base.plan.decisions, self._decisions())
        base = self.base
        made = decide(self.world, base.todo, self.placement, base.placement, base.strategy)[0]
        loads = {load.server: load.tasks for load in made.gateways}
        named = tuple(sorted((f"{kind}:{name}" for kind, name in self.down), key=natural))
        return Result(named, lost, blocked, moved, _peak(base.inventory, loads), single)

    # --- load ---------------------------------------------------------------------------------------------------------

    def _changes_who(self, stand: Stand, now: tuple[Ruling, ...]) -> bool:
        """Whether another server or proxy may be chosen for a case: one of the leaders falls, or stands farther."""
        if now is not stand.ruled.sides and any(
            new.outcome != old.outcome or new.eligible != old.eligible or new.tier != old.tier
            for new, old in zip(now, stand.ruled.sides, strict=True)
        ):
            return True
        if not stand.leaders.isdisjoint(self.servers):
            return True
        if not stand.hosts.isdisjoint(self.servers):  # another host reads, and nearness may be measured from it
            return True
        role = self.world.network.role_server
        machines = [role("proxy", name) for name in stand.reading]
        if any(name in self.servers for name in machines):
            return True
        return self.reaches is not None and self._stands_farther(stand, machines)

    def _stands_farther(self, stand: Stand, machines: list[str]) -> bool:
        inventory, case = self.base.inventory, stand.ruled.case
        places = {case.site} | {inventory.site_of_repository(n) for n in (case.source, case.target) if n is not None}
        names = [*stand.leaders, *machines]
        new, old = self.world.network, self.base.world.network
        return self.fabrics or any(
            new.hops(place, site) != old.hops(place, site)
            for place in places
            if place is not None
            for site in {*map(inventory.site_of_server, names), *(p for p in places if p is not None)}
        )

    def _peak(self, changed: set[str]) -> tuple[str, float] | None:
        """The most loaded gateway: groups of jobs that a change reaches are folded again, the others stay."""
        base = self.base
        groups = {base.groups[job] for job in changed if job in base.groups}
        for stand in base.stands:
            if stand.job in changed and stand.ruled.is_data:
                for name in touching(self.stand(stand)):
                    groups |= base.touching.get(name, frozenset())
        loads = Counter(base.loads)
        if groups:
            works = [work for work in base.todo if base.groups.get(work.name) in groups and work.job.enabled]
            spread = base.strategy == "spread"
            fold = self._served(works, spread=spread, operations=("data",))
            for work in works:
                loads.subtract(base.parts.get(work.name, {}))
            loads.update(fold.waves["data"].gateways.counts)
        return _peak(base.inventory, loads)


def _peak(inventory: Inventory, loads: dict[str, int]) -> tuple[str, float] | None:
    shares = [(tasks / slots(inventory, name), name) for name, tasks in loads.items() if tasks > 0]
    if not shares:
        return None
    most = max(share for share, _ in shares)
    return min((name for share, name in shares if share == most), key=natural), most
