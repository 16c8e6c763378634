"""The story of one decision: the row, the tiers with every candidate and verdict, the fallbacks, the data's way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from gwplan.inventory.model import Inventory
from gwplan.network import Network
from gwplan.planning.rank import slots
from gwplan.planning.trace import TIER_WORDS, Candidate, Decision, Rank, Ruling, Tier
from gwplan.render.sheet import Block, Cell

_CLASSES = {0: "the same machine", 1: "the same site or fabric", 2: "another site over LAN", 3: "over a WAN link"}


def explain_blocks(
    inventory: Inventory, network: Network, decisions: Sequence[Decision], *, strategy: str
) -> Iterator[Block]:
    """Tasks that the rules cannot tell apart are told once, with the first of them as the example."""
    groups: dict[int, list[Decision]] = {}
    for decision in decisions:
        groups.setdefault(id(decision.ruling), []).append(decision)
    for alike in groups.values():
        yield from _story(inventory, network, alike, strategy)
        yield ""


def _story(inventory: Inventory, network: Network, alike: list[Decision], strategy: str) -> Iterator[Block]:
    first, ruling = alike[0], alike[0].ruling
    bad = ruling.outcome in ("failed", "blocked")
    head = f"{ruling.job} · {ruling.operation} · {ruling.side} {ruling.repository} · {first.task}"
    answer = first.gateway or (f"{ruling.outcome}: {ruling.reason}" if bad else "no gateway server needed")
    yield Cell(f"{head} → {answer}", "bad" if bad else "head")
    if len(alike) > 1:
        counts = Counter(d.gateway for d in alike if d.gateway)
        spread = ", ".join(f"{name} ×{number}" for name, number in counts.most_common())
        where = f": {spread}" if spread else ""
        yield f"│ {len(alike)} tasks are alike{where}; this is {first.task}, the first by name"
    yield f"├── why: {first.why}"
    yield f"├── rule: {ruling.row.id} ({ruling.certainty}), {ruling.reference}"
    yield f"│   {ruling.row.job}: {ruling.row.when.text}"
    chain = ", then ".join(pool.text for pool in ruling.row.chain)
    if chain:
        yield f"│   names {chain}"
    if first.proxy is not None:
        yield f"├── read by: {first.proxy}" if ruling.operation != "restore" else f"├── written by: {first.proxy}"
    stood = _serving(first)
    for number, (tier, candidates) in enumerate(first.tiers(), 1):
        yield f"├── tier {number}, {TIER_WORDS[tier.name]}: {_how(tier, strategy)}"
        if not candidates:
            yield "│   └── there is nobody in it"
        for i, (candidate, rank) in enumerate(candidates):
            yield from _candidate(inventory, candidate, rank, tier, stood, last=i == len(candidates) - 1, ruling=ruling)
    for note in first.notes:
        yield Cell(f"├── note: {note}", "warn")
    if not bad:
        yield f"├── falls back to: {', '.join(first.fallbacks) or 'nobody: if it is lost, the task fails'}"
        yield f"└── way of the data: {_way(inventory, network, first)}"
    else:
        yield "└── nothing takes over"


def _how(tier: Tier, strategy: str) -> str:
    if not tier.ranked:
        return "the first that may serve"
    if tier.name == "proxy":
        return "ranked by share of its tasks, connectivity class, distance"
    order = "share of slots, connectivity class, distance" if strategy == "spread" else (
        "connectivity class, distance, share of slots")  # fmt: skip
    return f"ranked by {order}"


def _serving(decision: Decision) -> dict[str, int]:
    return {server: number for number, server in enumerate((decision.gateway, *decision.fallbacks)) if server}


def _candidate(
    inventory: Inventory, candidate: Candidate, rank: Rank | None, tier: Tier, stood: dict[str, int], *, last: bool,
    ruling: Ruling,
) -> Iterator[Block]:  # fmt: skip
    branch, stem = ("└──", "   ") if last else ("├──", "│  ")
    serves = candidate.eligible and stood.get(candidate.server) == 0 and tier.name == ruling.tier
    mark = "✔ serves" if serves else "· could serve" if candidate.eligible else "✘ may not serve"
    style = "good" if serves else "" if candidate.eligible else "bad"
    yield Cell(f"│   {branch} {candidate.server} {mark}", style)
    if rank is not None:
        yield f"│   {stem}     rank: {_rank(inventory, candidate.server, rank, tier)}"
    for verdict in candidate.verdicts:
        sign = "✔" if verdict.ok and verdict.given else "?" if verdict.ok else "✘"
        yield Cell(f"│   {stem}     {sign} {verdict.check}: {verdict.why}", "" if verdict.ok else "bad")


def _rank(inventory: Inventory, server: str, rank: Rank, tier: Tier) -> str:
    if tier.name == "proxy":
        share, near, distance = rank
        return f"{_percent(share)} of its tasks taken, {_near(near, distance)}"
    by_share_first = isinstance(rank[0], float)
    share, near, distance = rank[:3] if by_share_first else (rank[2], rank[0], rank[1])
    parts = [f"{_percent(share)} of its {slots(inventory, server)} slots taken", _near(near, distance)]
    text = ", ".join(parts if by_share_first else reversed(parts))
    return text + ("" if rank[3] else ", the proxy's own machine")


def _percent(share: object) -> str:
    return f"{float(str(share)):.0%}"


def _near(near: object, distance: object) -> str:
    far = "no way" if distance == float("inf") else f"distance {distance}"
    return f"{_CLASSES[int(str(near))]} ({far})"


def _way(inventory: Inventory, network: Network, decision: Decision) -> str:
    """Each stop with its site, and the links between the sites of one stop and the next."""
    stops = decision.path
    sites = [_site(inventory, network, decision, stop) for stop in stops]
    text = _stop(stops[0], sites[0])
    for (here, stop, there) in zip(sites, stops[1:], sites[1:], strict=False):
        links = network.route(here, there)[1::2] if here and there and here != there else []
        arrow = f" →[{', '.join(f'{link} ({inventory.links[link].kind})' for link in links)}]→ " if links else " → "
        text += arrow + _stop(stop, there)
    return text


def _stop(name: str, site: str | None) -> str:
    return f"{name} ({site})" if site else name


def _site(inventory: Inventory, network: Network, decision: Decision, name: str) -> str | None:
    del network
    if name in decision.way.machines:
        return inventory.site_of_server(name)
    if name == decision.repository or (name in decision.ends and name in inventory.repositories):
        return inventory.site_of_repository(name)
    if name in inventory.machines:
        return inventory.site_of_machine(name)
    return inventory.site_of_server(name) if name in inventory.servers else None
