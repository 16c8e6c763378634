"""What is wrong with an inventory, problem by problem: what fails, what hangs on one thing, what carries too much, what
crosses a WAN link for nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from gwplan.findings import UsageError
from gwplan.inventory.entries import Repository, Server
from gwplan.inventory.model import Inventory
from gwplan.inventory.names import natural, nearest
from gwplan.planning.decision import Key, Served
from gwplan.planning.legs import way
from gwplan.planning.plan import plan
from gwplan.planning.rulings import Ruled, could_serve
from gwplan.planning.trace import BAD, Ruling
from gwplan.planning.world import World
from gwplan.remedies.measure import Measured
from gwplan.remedies.places import extents_of

KINDS = ("failing", "loss", "overload", "wan")
"""The kinds of problems, the gravest first."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. ``jobs`` are those that it concerns, implied operations too; ``keys`` the decisions that
    fail or cross a WAN link. ``what`` tells it in words."""

    kind: str
    element: str
    jobs: tuple[str, ...]
    decisions: int
    what: str
    keys: frozenset[Key] = frozenset()

    @property
    def id(self) -> str:
        return f"{self.kind}:{self.element}"


@dataclass(frozen=True, slots=True)
class Scope:
    """What is asked about: kinds of problems, and the jobs or repositories that they have to concern (None: all)."""

    kinds: tuple[str, ...] = KINDS
    jobs: frozenset[str] | None = field(default=None)
    repositories: frozenset[str] | None = field(default=None)

    def has(self, job: str, repository: str) -> bool:
        return (self.jobs is None or job in self.jobs) and (
            self.repositories is None or repository in self.repositories
        )


def scope_of(
    inventory: Inventory, kinds: Collection[str], jobs: Collection[str], repositories: Collection[str]
) -> Scope:
    """Raises UsageError for a name that nothing has. A scale-out repository stands for its extents."""
    if unknown := [kind for kind in kinds if kind not in KINDS]:
        raise UsageError(f"{unknown[0]!r} is no kind of problem: {', '.join(KINDS)}")
    operations = {f"{kind}:{name}" for kind in ("rescan", "health_check") for name in inventory.repositories}
    for name in jobs:
        if name not in inventory.jobs and name not in operations and name not in inventory.holdings.offloads:
            raise UsageError(f"there is no job {name!r}{_guess(name, inventory.jobs)}")
    found: set[str] = set()
    for name in repositories:
        whole = inventory.scale_out_repositories.get(name)
        if whole is None and name not in inventory.repositories:
            known = [*inventory.repositories, *inventory.scale_out_repositories]
            raise UsageError(f"there is no repository {name!r}{_guess(name, known)}")
        found |= {*extents_of(whole)} if whole else {name}
    return Scope(
        tuple(kind for kind in KINDS if kind in kinds) or KINDS,
        frozenset(jobs) or None,
        frozenset(found) or None,
    )


def _guess(name: str, known: Iterable[str]) -> str:
    guess = nearest(name, known)
    return f"; did you mean {guess!r}?" if guess else ""


def problems_of(measured: Measured, scope: Scope) -> tuple[Problem, ...]:
    """All problems of a scope, the gravest kind first, each kind in natural order."""
    finders = {"failing": _failing, "loss": _losses, "overload": _overloads, "wan": _crossings}
    found = [sorted(finders[kind](measured, scope), key=lambda p: natural(p.id)) for kind in scope.kinds]
    return tuple(problem for kind in found for problem in kind)


def is_removed(problem: Problem, after: Measured, scope: Scope) -> bool:
    """Whether a measured inventory has a problem no more."""
    if problem.kind == "failing":
        return problem.keys.isdisjoint(after.bad)
    if problem.kind == "wan":
        return problem.keys.isdisjoint(after.crossing) and problem.keys.isdisjoint(after.bad)
    if problem.kind == "overload":
        return problem.element.partition(":")[2] not in after.worst
    effect = after.effects.get(problem.element)
    return effect is not None and not any(h.is_bad_news and scope.has(h.job, h.repository) for h in effect.hits)


# --- failing ----------------------------------------------------------------------------------------------------------


def _failing(measured: Measured, scope: Scope) -> Iterator[Problem]:
    """What no server serves, and what is blocked other than by a status."""
    found: dict[tuple[str, str], list[tuple[Ruling, list[Key]]]] = {}
    online: frozenset[Key] | None = None
    for served, decisions in measured.plan.groups:
        ruling = served.ruling
        if ruling.outcome not in BAD or not scope.has(ruling.job, ruling.repository):
            continue
        keys = [decision.key for decision in decisions]
        if ruling.outcome == "blocked":
            online = _bad_when_online(measured) if online is None else online
            keys = [key for key in keys if key in online]
        if keys:
            found.setdefault((ruling.job, ruling.repository), []).append((ruling, keys))
    for (job, repository), rulings in found.items():
        every = frozenset(key for _, keys in rulings for key in keys)
        reasons = dict.fromkeys(_REASON.get(ruling.reason or "", ruling.cause) for ruling, _ in rulings)
        what = f"{job} on {repository}: {'; '.join(reasons)}"
        yield Problem("failing", f"job:{job}:repository:{repository}", (job,), len(every), what, every)


_REASON = {
    "no_eligible_server": "no server may serve it",
    "fc_needs_explicit_gateway": "over Fibre Channel a gateway server has to be selected",
}


def _bad_when_online(measured: Measured) -> frozenset[Key]:
    """What is not served even where every status is online."""
    inventory = measured.inventory
    sections: dict[str, dict[str, Server | Repository]] = {}
    for section, entries in (("servers", inventory.servers), ("repositories", inventory.repositories)):
        down = {name: entry for name, entry in entries.items() if entry.status != "online"}
        sections[section] = {name: entry.model_copy(update={"status": "online"}) for name, entry in down.items()}
    if not any(sections.values()):
        return measured.bad
    made = plan(inventory.changed(**sections), strategy=measured.plan.strategy)
    return frozenset(d.key for served, found in made.groups if served.ruling.outcome in BAD for d in found)


# --- losses -----------------------------------------------------------------------------------------------------------


def _losses(measured: Measured, scope: Scope) -> Iterator[Problem]:
    for element, effect in measured.effects.items():
        hits = [hit for hit in effect.hits if hit.is_bad_news and scope.has(hit.job, hit.repository)]
        if hits:
            jobs = _in_order(hit.job for hit in hits)
            yield Problem("loss", element, jobs, sum(hit.number for hit in hits), f"without {element}")


# --- load -------------------------------------------------------------------------------------------------------------


def _overloads(measured: Measured, scope: Scope) -> Iterator[Problem]:
    for server, (share, element) in measured.worst.items():
        loads = measured.loads[element] if element else measured.survey.loads
        carried = {repository for (name, repository), tasks in loads.on.items() if name == server and tasks > 0}
        jobs = _in_order(
            side.job
            for needs in measured.survey.cases
            if needs.ruled.is_data
            for side in (measured.losses[element].ruled(needs) if element else needs.ruled).sides
            if side.repository in carried and server in side.eligible
        )
        if any(scope.has(job, repository) for job in jobs for repository in carried):
            when = f" without {element}" if element else ""
            what = f"{server} has to carry {share:.0%} of its slots{when}"
            yield Problem("overload", f"server:{server}", jobs, loads.tasks[server], what)


# --- ways -------------------------------------------------------------------------------------------------------------


def _crossings(measured: Measured, scope: Scope) -> Iterator[Problem]:
    ruled_of = {side: needs.ruled for needs in measured.survey.cases for side in needs.ruled.sides}
    found: dict[tuple[str, str], set[Key]] = {}
    known: dict[object, bool] = {}
    for served, decisions in measured.plan.groups:
        ruling = served.ruling
        if ruling.outcome in BAD or not served.way.wan_hops or not scope.has(ruling.job, ruling.repository):
            continue
        key = ruling, tuple((stop.kind, stop.site, stop.side) for stop in served.way.stops)  # who reads, and from where
        if key not in known:
            known[key] = next(ways_within(measured.survey.world, ruled_of[ruling], served), None) is not None
        if known[key]:
            found.setdefault((ruling.job, ruling.repository), set()).update(d.key for d in decisions)
    for (job, repository), keys in found.items():
        what = f"the data of {job} on {repository} crosses a WAN link that it need not"
        yield Problem("wan", f"job:{job}:repository:{repository}", (job,), len(keys), what, frozenset(keys))


def ways_within(world: World, ruled: Ruled, served: Served) -> Iterator[dict[str, frozenset[str]]]:
    """Gateways with which the data would cross no WAN link: for each side that has to change, the servers of a site."""
    role_server = world.network.role_server
    reader = served.proxy if served.proxy not in world.inventory.proxies else role_server("proxy", served.proxy or "")
    now = {stop.side: stop.name for stop in served.way.stops if stop.kind == "gateway"}
    sites: dict[str, dict[str, set[str]]] = {}
    for side in ruled.sides:
        if side.outcome == "assigned":
            by_site = sites.setdefault(side.side, {})
            for candidate in could_serve(world, ruled, side):
                if candidate.eligible:
                    by_site.setdefault(world.inventory.site_of_server(candidate.server), set()).add(candidate.server)
    for name, by_site in sites.items():
        for names in by_site.values():
            if not way(world, ruled.stops, reader, {**now, name: min(names)}).wan_hops:
                yield {name: frozenset(names)}
    if len(sites) == 2:
        for sources in sites["source"].values():
            for targets in sites["target"].values():
                both: dict[str, str | None] = {"source": min(sources), "target": min(targets)}
                if not way(world, ruled.stops, reader, both).wan_hops:
                    yield {"source": frozenset(sources), "target": frozenset(targets)}


def _in_order(names: Iterator[str]) -> tuple[str, ...]:
    return tuple(sorted(set(names), key=natural))
