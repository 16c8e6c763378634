"""What the rules say of a case: the row, its tiers with every verdict, and whether a server may serve.

None of it depends on load: load decides who, never whether.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from gwplan.inventory.model import THE_SITE
from gwplan.planning import table
from gwplan.planning.blocked import Block, Question, blocked, synthetic_blocked
from gwplan.planning.filters import Ask, Far
from gwplan.planning.legs import far_stop, legs, legs_in_place
from gwplan.planning.pools import Side, servers
from gwplan.planning.readers import Readers, readers, reading
from gwplan.planning.table import Chain, Facts, Row
from gwplan.planning.tasks import Case, Work
from gwplan.planning.trace import Candidate, Ruling, Stop, Tier
from gwplan.planning.world import World


@dataclass(frozen=True, eq=False, slots=True)
class Ruled:
    """All that the rules say of one case: a ruling per side, source first, who reads, and the way of the data.

    ``synthetic``: the synthetic operations on the case's chains, and not the job's own operation. ``kind``: one and the
    same object for all that the rules cannot tell apart in one world.
    """

    work: Work
    case: Case
    sides: tuple[Ruling, ...]
    stops: tuple[Stop, ...]
    readers: Readers | None = None
    synthetic: bool = False
    kind: object = field(default_factory=object, repr=False)

    @property
    def is_data(self) -> bool:
        """Whether its load counts in the data wave."""
        return self.work.operation == "data" and not self.synthetic


def rule(world: World, work: Work, case: Case) -> Ruled:
    """What the rules say of the job's own operation (data, restore, maintenance). The world keeps it: placing asks
    before serving does."""
    found: Ruled | None = world.ruled.get((work, case))
    if found is None:
        found = world.ruled[work, case] = in_own_name(rule_alike(world, work, case), work, case)
    return found


def as_asked(work: Work, case: Case) -> Case:
    """What the rules are asked about: where backups are moved, they do not ask for any workload."""
    moves_backups = case.source is not None and case.target is not None and work.job.through_proxies is None
    return case._replace(site=None) if moves_backups else case


def rule_alike(world: World, work: Work, case: Case, *, synthetic: bool = False) -> Ruled:
    """What is ruled of a job, in the name of whichever job asked first that the rules cannot tell from it."""
    make = _rule_synthetic if synthetic else _rule
    key = (work.asks, as_asked(work, case), make)
    known: Ruled | None = world.alike.get(key)
    if known is None:
        known = world.alike[key] = make(world, work, case)
    return known


def in_own_name(known: Ruled, work: Work, case: Case) -> Ruled:
    """What was ruled of an alike job, said of this one."""
    if known.work is work and known.case == case:
        return known
    return replace(known, work=work, case=case, sides=tuple([replace(side, job=work.name) for side in known.sides]))


def _rule(world: World, work: Work, case: Case) -> Ruled:
    reading_it = readers(world, work, case)
    asked = [_Asked.of(Side(world, work, case, side, work.operation, reading_it)) for side in work.job.sides]
    stops = legs(world, work, case, reading_it, {one.side.side for one in asked if not one.row.needs_none})
    block = blocked(Question(world.network, work, case, reading_it, stops))
    sides: list[Ruling] = []
    for one in asked:
        sides.append(_ruling(one, stops, block, sides[0].tiers if sides else ()))
    return Ruled(work, case, tuple(sides), stops, reading_it)


def rule_synthetic(world: World, work: Work, case: Case) -> Ruled:
    """What the rules say of the synthetic operations on the chains of a case: on the job's target, or on a tape job's
    source."""
    return in_own_name(rule_alike(world, work, case, synthetic=True), work, case)


def _rule_synthetic(world: World, work: Work, case: Case) -> Ruled:
    side = "target" if case.source is None else "source"
    stops = legs_in_place(world, case, side)
    block = synthetic_blocked(world.network, work, case)
    asked = _Asked.of(Side(world, work, case, side, "synthetic"))
    return Ruled(work, case, (_ruling(asked, stops, block, ()),), stops, synthetic=True)


def rule_again(world: World, ruled: Ruled) -> Ruled:
    """The same case in another world."""
    return (rule_synthetic if ruled.synthetic else rule)(world, ruled.work, ruled.case)


def could_serve(
    world: World, ruled: Ruled, ruling: Ruling, names: Iterable[str] | None = None
) -> tuple[Candidate, ...]:
    """Servers as candidates of one side of a case, as if people had selected them: by default all that there are."""
    side = Side(world, ruled.work, ruled.case, ruling.side, ruling.operation, ruled.readers)
    far = None if ruled.synthetic else _far(side, ruled.stops, table.SELECTED)
    hardened = world.inventory.hardened_on
    asks = (
        Ask(name, ruling.repository, table.SELECTED.id if name in hardened else "", far)
        for name in (world.inventory.servers if names is None else names)
    )
    return tuple(map(world.candidate, asks))


def may_serve(world: World, work: Work, case: Case) -> bool:
    """Whether the target side of a case can be served: what the choice of an extent asks."""
    return rule_alike(world, work, case).sides[-1].is_served


class _Asked(NamedTuple):
    """One side, and the row of the table that speaks of it."""

    side: Side
    facts: Facts
    row: Row

    @classmethod
    def of(cls, side: Side) -> _Asked:
        facts = _facts(side)
        return cls(side, facts, side.world.edition.row(facts))


def _ruling(asked: _Asked, stops: tuple[Stop, ...], block: Block | None, source_tiers: tuple[Tier, ...]) -> Ruling:
    side, facts, row = asked
    repository = side.repository
    side = side._replace(source_tiers=source_tiers)
    chain, certainty = _chain(side, row, facts)
    reason, cause, mover = None, "", None
    tiers: tuple[Tier, ...] = ()
    outcome = "assigned"
    if block is not None:
        outcome, certainty = "blocked", table.INFERRED
        reason, cause = block
    elif row.needs_none:
        outcome = "none_needed"
        mover, cause = _own_mover(side)
    elif _must_be_selected(side, row):
        outcome, reason = "failed", "fc_needs_explicit_gateway"
        cause = f"{repository} is reached over Fibre Channel, where a gateway server must be selected explicitly"
    else:
        tiers = _tiers(side, chain, stops)
        if not any(tier.eligible for tier in tiers):
            outcome, reason = "failed", "no_eligible_server"
    return Ruling(
        job=side.work.name,
        type=side.work.type,
        operation=side.operation,
        side=side.side,
        repository=repository,
        row=row,
        selection=_selection(side, row),
        certainty=certainty,
        outcome=outcome,
        reason=reason,
        cause=cause,
        tiers=tiers,
        data_mover=mover,
        notes=row.notes_on(facts),
        load_is_disputed=row.load_elsewhere.test(facts),
    )


def _facts(side: Side) -> Facts:
    world, work, case = side.world, side.work, side.case
    kind = world.kinds[side.repository]
    can_list = kind in (table.SHARED, table.DEDUP, table.OBJECT_GATEWAY)
    own = side.operation != "synthetic"
    return Facts(
        type=work.type,
        operation=side.operation,
        side=side.side,
        here=kind,
        listed=can_list and world.inventory.repositories[side.repository].gateway_servers is not None,
        platform=case.platform,
        source=world.kinds[case.source] if case.source is not None else "",
        wan=own and work.job.accelerators is not None,
        tape_direct=work.job.tape is not None and world.tape_is_direct(work, side.repository),
        reading=reading(work, case),
        plugin=work.job.of_plugin,
        provider=world.inventory.repositories[side.repository].provider if kind == table.OBJECT_DIRECT else "",
    )


def _chain(side: Side, row: Row, facts: Facts) -> tuple[Chain, str]:
    """The row's tiers for these facts, and how sure they are."""
    chain = side.world.edition.chain(row, facts)
    if chain and chain[0].otherwise is not None and servers(chain[0], side) is None:
        return (chain[0].otherwise,), table.INFERRED
    evacuates = side.side == "source" and side.work.job.reads_in_maintenance
    if evacuates and side.world.inventory.repositories[side.repository].status == "maintenance":
        return chain, table.INFERRED  # no page says who reads an extent that is evacuated
    return chain, row.certainty_of(facts)


def _selection(side: Side, row: Row) -> str:
    if row.needs_none:
        return "none"
    if side.world.kinds[side.repository] == table.OBJECT_DIRECT:
        return "direct"
    return "explicit" if row.is_selected else "automatic"


def _must_be_selected(side: Side, row: Row) -> bool:
    over_fc = side.world.inventory.repositories[side.repository].is_over_fc
    return side.world.edition.fc_needs_selection and over_fc and not row.is_selected


def _own_mover(side: Side) -> tuple[str | None, str]:
    """The server that moves the data of a side that needs no gateway, and why where the repository does not say it."""
    if side.world.kinds[side.repository] in table.RUNS_A_DATA_MOVER:
        return side.world.inventory.repositories[side.repository].server, ""
    return None, f"{side.case.source} moves the data to {side.repository} itself"


# --- tiers ------------------------------------------------------------------------------------------------------------


def _tiers(side: Side, chain: Chain, stops: tuple[Stop, ...]) -> tuple[Tier, ...]:
    tiers = []
    for pool in chain:
        found = servers(pool, side)
        if found is None:
            continue
        far = None if side.operation == "synthetic" else _far(side, stops, pool)
        tier = _tier(side.world, pool, found, side.repository, far)
        if pool is table.SOURCE_GATEWAY:
            tier = replace(tier, candidates=_refused_there_too(tier.candidates, side.source_tiers))
        tiers.append(tier)
    return tuple(tiers)


def _tier(world: World, pool: table.Pool, names: tuple[str, ...], repository: str, far: Far | None) -> Tier:
    """Jobs that ask the same share the answer."""
    key = (pool.id, names, repository, far)
    found = world.tiers.get(key)
    if found is None:
        hardened = world.inventory.hardened_on
        asks = (Ask(name, repository, pool.id if name in hardened else "", far) for name in names)
        found = world.tiers[key] = Tier(pool.tier, pool.ranked, tuple(map(world.candidate, asks)))
    return found


def _refused_there_too(candidates: tuple[Candidate, ...], source_tiers: tuple[Tier, ...]) -> tuple[Candidate, ...]:
    """A gateway of the source has to pass the checks of both sides."""
    refused = {c.server: tuple(v for v in c.verdicts if not v.ok) for tier in source_tiers for c in tier.candidates}
    return tuple(
        Candidate(c.server, (*c.verdicts, *refused[c.server])) if refused.get(c.server) else c for c in candidates
    )


def _far(side: Side, stops: tuple[Stop, ...], pool: table.Pool) -> Far | None:
    """Where the data comes from or goes to, on the far side of the gateway."""
    stop = far_stop(stops, side.side, as_accelerator=pool is table.WAN_ACCELERATOR)
    if stop is None:
        return None
    if stop.kind in ("workload", "reader") and stop.site is not None:
        where = "where the data is read" if side.work.job.from_workloads else "where the data goes"
        return Far(f"{stop.site}, {where}" if stop.site != THE_SITE else f"the site {where}", stop.site)
    return Far(stop.what, stop.site)
