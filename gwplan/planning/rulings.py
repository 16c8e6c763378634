"""What the rules say of a case: the row, its tiers with every verdict, and whether a server may serve.

None of it depends on load: load decides who, never whether.
"""

from __future__ import annotations

from typing import NamedTuple

from gwplan.inventory.entries import BEHIND_GATEWAY, DEDUPLICATING, SHARED_FOLDERS
from gwplan.inventory.model import THE_SITE, Inventory
from gwplan.network import Element, Network
from gwplan.planning import rules
from gwplan.planning.blocked import Block, blocked, moves_itself, synthetic_blocked
from gwplan.planning.filters import Ask, Place, judge
from gwplan.planning.pools import Side, accelerator_server, servers
from gwplan.planning.readers import Known, Readers, live_host, readers
from gwplan.planning.rules import BY_ID, Chain, Facts, Row, row_for
from gwplan.planning.trace import Candidate, Ruling, Tier
from gwplan.planning.units import Case, Work


class World:
    """One inventory under one set of failures, with what was already asked of it.

    ``base`` is the same with nothing down: what no failure touches is asked there.
    """

    def __init__(
        self, inventory: Inventory, down: frozenset[Element] = frozenset(), base: World | None = None
    ) -> None:
        self.inventory = inventory
        self.network = Network(inventory, down)
        self.kinds: dict[str, str] = (
            base.kinds if base else {name: _kind(inventory, name) for name in inventory.repositories}
        )
        self._base = base if base and not self.network.changes_routes else None
        self._candidates: dict[Ask, Candidate] = {}
        self._connected: dict[tuple[str, str], bool] = base._connected if base else {}
        self.usable: Known = {}
        if self._base is not None:
            self.network.share_routes(self._base.network)

    def candidate(self, ask: Ask) -> Candidate:
        found = self._candidates.get(ask)
        if found is None:
            if self._base is not None and not self.network.server_down(ask.server):
                found = self._base.candidate(ask)
            else:
                found = Candidate(ask.server, judge(self.network, ask))
            self._candidates[ask] = found
        return found

    def tape_is_direct(self, work: Work, repository: str) -> bool:
        """Whether the tape server itself reaches the repository, judged with everything up where nobody says."""
        told = work.job.direct_connection
        if told is not None:
            return bool(told)
        server = self.network.role_server("tape_server", work.job.tape_server)
        if (server, repository) not in self._connected:
            everything = Network(self.inventory, everything_up=True)
            verdicts = judge(everything, Ask(server, repository, False, None))
            self._connected[server, repository] = all(verdict.ok for verdict in verdicts)
        return self._connected[server, repository]


class Rulings(NamedTuple):
    """All that the rules say of one case of a job's own operation: one ruling per side, and who reads."""

    sides: tuple[Ruling, ...]
    readers: Readers | None
    block: Block | None


def rulings(world: World, work: Work, case: Case) -> Rulings:
    """Of the job's own operation (data, restore, maintenance)."""
    reading = readers(world.network, work, case, world.usable)
    block = blocked(world.network, work, case, reading)
    if case.source is None:
        return Rulings((_ruling(world, work, case, "target", work.operation, reading, block, ()),), reading, block)
    source = _ruling(world, work, case, "source", work.operation, reading, block, ())
    if case.target is None:
        return Rulings((source,), reading, block)
    target = _ruling(world, work, case, "target", work.operation, reading, block, source.tiers)
    return Rulings((source, target), reading, block)


def synthetic_ruling(world: World, work: Work, case: Case) -> Ruling:
    """Of the synthetic operations on the job's target, or on a tape job's source."""
    block = synthetic_blocked(world.network, work, case)
    side = "source" if work.type == "tape" else "target"
    return _ruling(world, work, case, side, "synthetic", None, block, ())


def may_serve(world: World, work: Work, case: Case) -> bool:
    """Whether the target side of a case can be served: what the choice of an extent asks."""
    return rulings(world, work, case).sides[-1].outcome in ("assigned", "none_needed")


def _ruling(
    world: World,
    work: Work,
    case: Case,
    side: str,
    operation: str,
    reading: Readers | None,
    block: Block | None,
    source_tiers: tuple[Tier, ...],
) -> Ruling:
    repository = (case.source if side == "source" else case.target) or ""
    row = row_for(_facts(world, work, case, side, operation, repository))
    selection = _selection(world, row, repository)
    reason, cause = block or (None, "")
    outcome, mover, certainty = "assigned", None, row.certainty
    tiers: tuple[Tier, ...] = ()
    if block is not None:
        outcome, certainty = "blocked", rules.INF
    elif row.id == "data-mover":
        outcome, mover = "none_needed", world.inventory.repositories[repository].server
    elif row.chain[:1] == (rules.SOURCE_SERVER,) and moves_itself(world.network, work, case):
        outcome, row, selection, certainty = "none_needed", BY_ID["data-mover"], "none", rules.DOC
        cause = f"{case.source} moves the data to {repository} itself"
    elif _needs_selection(world, row, repository):
        outcome, reason = "failed", "fc_needs_explicit_gateway"
        cause = f"{repository} is reached over Fibre Channel, where a gateway server must be selected explicitly"
    else:
        asking = Side(
            world.network, work, case, side, repository, reading,
            tuple(dict.fromkeys(c.server for tier in source_tiers for c in tier.candidates)),
        )  # fmt: skip
        chain, certainty = _chain(world, work, row, asking)
        tiers = _tiers(world, row, chain, asking, operation, source_tiers)
        if not any(c.eligible for tier in tiers for c in tier.candidates):
            outcome, reason = "failed", "no_eligible_server"
    serving = next((tier for tier in tiers if any(c.eligible for c in tier.candidates)), None)
    eligible = {c.server for tier in tiers for c in tier.candidates if c.eligible}
    return Ruling(
        job=work.name,
        type=work.type,
        operation=operation,
        side=side,
        repository=repository,
        row=row,
        selection=selection,
        certainty=certainty,
        reference=row.reference,
        outcome=outcome,
        reason=reason,
        cause=cause,
        tiers=tiers,
        tier=serving.name if serving else None,
        choice=("only" if len(eligible) == 1 else "ranked" if serving.ranked else "ordered") if serving else None,
        data_mover=mover,
        notes=_notes(work, row, world.kinds[repository]),
    )


# --- which row, which chain -------------------------------------------------------------------------------------------


def _kind(inventory: Inventory, name: str) -> str:
    repository = inventory.repositories[name]
    if repository.type == "hardened":
        return rules.HARDENED
    if repository.type in SHARED_FOLDERS:
        return rules.SHARED
    if repository.type in DEDUPLICATING:
        return rules.DEDUP
    if repository.type in BEHIND_GATEWAY:
        return rules.OBJECT_DIRECT if repository.connection == "direct" else rules.OBJECT_GATEWAY
    return rules.DIRECT


def _facts(world: World, work: Work, case: Case, side: str, operation: str, repository: str) -> Facts:
    kind = world.kinds[repository]
    listed = kind in (rules.SHARED, rules.DEDUP, rules.OBJECT_GATEWAY)
    return Facts(
        type=work.type,
        operation=operation,
        side=side,
        here=kind,
        listed=listed and world.inventory.repositories[repository].gateway_servers is not None,
        platform=case.platform,
        source=world.kinds[case.source] if case.source is not None else "",
        wan=getattr(work.job, "wan_accelerators", None) is not None and operation != "synthetic",
        tape_direct=work.type == "tape" and world.tape_is_direct(work, repository),
    )


def _selection(world: World, row: Row, repository: str) -> str:
    if row.id == "data-mover":
        return "none"
    if world.kinds[repository] == rules.OBJECT_DIRECT:
        return "direct"
    return "explicit" if row.id == "manual-selection" else "automatic"


def _needs_selection(world: World, row: Row, repository: str) -> bool:
    return row.id != "manual-selection" and world.inventory.repositories[repository].is_over_fc


def _chain(world: World, work: Work, row: Row, side: Side) -> tuple[Chain, str]:
    """The row's chain as the edition has it, and how sure it is."""
    kind = world.kinds[side.repository]
    source_is_hardened = side.case.source is not None and world.kinds[side.case.source] == rules.HARDENED
    chain, certainty = row.chain, row.certainty
    if row.edition12 is not None and world.inventory.edition < 13 and source_is_hardened:
        chain, certainty = row.edition12, rules.INF  # hardened_repository_limitations.html, version 12
    if row.id == "read-side" and work.type in rules.COPIES:
        certainty = rules.DOC
    if row.id == "copy-wan" and kind != rules.SHARED:
        certainty = rules.INF
    if chain[0] in (rules.MOUNT_SERVER, rules.SOURCE_MOUNT_SERVER) and servers(chain[0], side) is None:
        return (rules.BACKUP_SERVER,), rules.INF
    return chain, certainty


# --- tiers ------------------------------------------------------------------------------------------------------------


def _tiers(
    world: World, row: Row, chain: Chain, side: Side, operation: str, source_tiers: tuple[Tier, ...]
) -> tuple[Tier, ...]:
    other = None if operation == "synthetic" else _other_end(world, row, side)
    refused_there = {
        c.server: tuple(verdict for verdict in c.verdicts if not verdict.ok)
        for tier in source_tiers
        for c in tier.candidates
    }
    tiers = []
    for pool in chain:
        found = servers(pool, side)
        if found is None:
            continue
        candidates = []
        for server in found:
            candidate = world.candidate(Ask(server, side.repository, pool is rules.SOURCE_SERVER, other))
            if pool is rules.SOURCE_GATEWAY and refused_there.get(server):
                candidate = Candidate(server, (*candidate.verdicts, *refused_there[server]))
            candidates.append(candidate)
        tiers.append(Tier(pool.tier, pool.ranked, tuple(candidates)))
    return tuple(tiers)


def _other_end(world: World, row: Row, side: Side) -> Place | None:
    """Where the data comes from or goes to, on the far side of the gateway."""
    inventory, case, work = world.inventory, side.case, side.work
    if work.type in ("rescan", "health_check"):
        return None
    if getattr(work.job, "wan_accelerators", None):  # its data comes from an accelerator, not from the other repository
        is_accelerator = row.id == "copy-wan"
        far = side.side if not is_accelerator else "source" if side.side == "target" else "target"
        server = accelerator_server(world.network, work, far)
        return Place(f"the WAN accelerator {server}", inventory.site_of_server(server))
    if work.type in rules.TWO_SIDED:
        name = case.target if side.side == "source" else case.source
        assert name is not None
        zoned = name if inventory.repositories[name].is_over_fc else None
        return Place(name, inventory.site_of_repository(name), zoned)
    if work.type == "tape":
        server = world.network.role_server("tape_server", work.job.tape_server)
        return Place(f"the tape server {work.job.tape_server}", inventory.site_of_server(server))
    host = side.readers.host if side.readers else live_host(world.network, case)
    site = inventory.site_of_server(host) if host else case.site
    where = "where the data is read" if work.type in rules.BACKUPS else "where the data goes"
    return Place(f"{site}, {where}" if site != THE_SITE else f"the site {where}", site)


# --- notes ------------------------------------------------------------------------------------------------------------

_PLUGIN_PAGES = {
    "oracle_rman": "plugins_rman_hana_object_storage.html",
    "sap_hana": "plugins_sap_hana_object_storage.html",
    "sap_on_oracle": "plugins_sap_orcl_object_storage.html",
    "mssql": "plugins_mssql_object_storage.html",
    "db2": "plugins_db2_object_storage.html",
}


def _notes(work: Work, row: Row, kind: str) -> tuple[str, ...]:
    """Where another page of the vendor reads differently from the table."""
    if row.id == "rescan":
        return ("the table names nothing after the mount server; gateway_server.html#auto says elsewhere that "
                "selection fails over to the next available option, without naming one here",)  # fmt: skip
    if row.id == "health-check":
        return ("the table names the mount server and nothing after it; backup_health_check.html speaks of the "
                "gateway server",)  # fmt: skip
    if row.id in ("tape-direct", "tape-otherwise"):
        return ("backup_to_tape_hiw.html names the tape server for automatic selection in every case",)
    if row.id == "plugin-backup" and kind == rules.OBJECT_DIRECT:
        return (f"{_PLUGIN_PAGES[work.job.plugin]} names the mount server for object storage in direct mode",)
    if row.id == "agent-backup" and kind == rules.OBJECT_DIRECT:
        return ("agents_object_storage.html lets the agent itself move the data to object storage in direct mode",)
    return ()
