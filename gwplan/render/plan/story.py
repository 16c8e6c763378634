"""The story of one decision: the row, the tiers with every candidate and verdict, the fallbacks, the data's way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from gwplan.inventory.model import Inventory
from gwplan.inventory.names import natural
from gwplan.network import Network
from gwplan.nouns import counted
from gwplan.planning.decision import Decision
from gwplan.planning.placement import UNLIMITED
from gwplan.planning.plan import Plan
from gwplan.planning.rank import slots
from gwplan.planning.trace import Candidate, Rank, Ruling, Tier
from gwplan.planning.words import TIER_WORDS
from gwplan.render.sheet import Block, Branch, some, under
from gwplan.render.things import Story

_SOME = 8
_CLASSES = {0: "the same machine", 1: "the same site or fabric", 2: "another site over LAN", 3: "over a WAN link"}


def story_blocks(story: Story) -> Iterator[Block]:
    """Tasks that the rules cannot tell apart are told once, with the first of them as the example."""
    yield from under(story.edition)
    groups: dict[Ruling, list[Decision]] = {}
    for decision in story.decisions:
        groups.setdefault(decision.ruling, []).append(decision)
    for alike in groups.values():
        yield from head(alike)
        yield from reasons(alike[0])
        yield from extents(story.plan, alike[0])
        yield from readers(story.plan.inventory, alike[0])
        yield from _tiers(story, alike[0])
        yield from end(story, alike[0])
        yield ""


def head(alike: list[Decision]) -> Iterator[Block]:
    first, ruling = alike[0], alike[0].ruling
    bad = _is_bad(ruling)
    head = f"{ruling.job} · {ruling.operation} · {ruling.side} {ruling.repository} · {first.task}"
    answer = first.gateway or (f"{ruling.outcome}: {ruling.reason}" if bad else "no gateway server needed")
    yield Branch(0, f"{head} → {answer}", "bad" if bad else "head")
    if len(alike) > 1:
        counts = Counter(d.gateway for d in alike if d.gateway)
        where = ", ".join(f"{name} ×{number}" for name, number in counts.most_common())
        yield Branch(1, f"{len(alike)} tasks are alike{f': {where}' if where else ''}; this is the first by name")


def reasons(decision: Decision) -> Iterator[Block]:
    ruling = decision.ruling
    if len(decision.workloads) > 1:
        listed = ", ".join(decision.workloads[:8]) + (" …" if len(decision.workloads) > 8 else "")
        yield Branch(1, f"one task for {len(decision.workloads)} workloads: {listed}")
    yield Branch(1, f"why: {decision.why}")
    yield Branch(1, f"rule: {ruling.row.id} ({ruling.certainty}), {ruling.reference}")
    yield Branch(2, f"{ruling.row.line.job}: {ruling.row.when.text}")


def extents(plan: Plan, decision: Decision) -> Iterator[Block]:
    """Why the chain is on this extent of a scale-out repository, as far as the inventory says."""
    inventory, chosen = plan.inventory, decision.repository
    whole = inventory.extent_of.get(chosen) or _capacity_of(inventory, chosen)
    if whole is None or decision.side != "target" or decision.operation == "synthetic":
        return
    held = {**inventory.held_in_capacity.get(whole, {}), **inventory.held_on[whole]}
    ranks = next((found for name in decision.workloads if (found := plan.extents.get((decision.job, name)))), None)
    if ranks is None:
        if any(held.get(machine) == chosen for machine in decision.workloads):
            yield Branch(1, f"extent: {chosen} of {whole}, which holds the chain already")
        return
    yield Branch(1, f"extent: {chosen} of {whole}: the least share of its tasks taken, then the most free space, name")
    for extent, (share, taken_space) in ranks:
        yield Branch(2, f"{extent}: {_room(inventory, extent, share, taken_space)}", "good" if extent == chosen else "")
    network, tiers = plan.world.network, inventory.scale_out_repositories[whole]
    capacity = tiers.capacity_tier.extents if tiers.capacity_tier else {}
    tier = capacity if chosen in capacity else tiers.performance_tier
    for extent in sorted({*tier}.difference(extent for extent, _ in ranks), key=natural):
        why = "takes no new chains: it is sealed" if network.sealed(extent) else network.repository_down(extent)
        yield Branch(2, f"✘ {extent}: {why or 'no server may serve it'}", "bad")


def _capacity_of(inventory: Inventory, repository: str) -> str | None:
    """The scale-out repository that has it in its capacity tier."""
    for name, whole in inventory.scale_out_repositories.items():
        if whole.capacity_tier and repository in whole.capacity_tier.extents:
            return name
    return None


def _room(inventory: Inventory, extent: str, share: object, less: object) -> str:
    entry = inventory.repositories[extent]
    limit = entry.max_concurrent_tasks or UNLIMITED
    taken = f"{round(float(str(share)) * limit)} of its {limit} tasks taken"
    unlimited = "" if entry.max_concurrent_tasks else f" (without a limit, {UNLIMITED} count)"
    free = f", {-int(str(less)) / 10**12:.4g} TB free" if less else ""
    return taken + unlimited + free


def readers(inventory: Inventory, decision: Decision) -> Iterator[Block]:
    if decision.proxy is not None:
        writes = decision.type in ("restore", "replication_from_backup")
        yield Branch(1, f"{'written' if writes else 'read'} by: {decision.proxy}")
        for proxy, rank in decision.readers or ():
            yield Branch(2, f"{proxy}: {_reading_rank(inventory, proxy, rank)}")


def _tiers(story: Story, decision: Decision) -> Iterator[Block]:
    for number, (tier, candidates) in enumerate(decision.tiers(), 1):
        yield Branch(1, f"tier {number}, {TIER_WORDS[tier.name]}: {how(tier, story.plan.strategy)}")
        if not candidates:
            yield Branch(2, "there is nobody in it")
        for candidate, rank in candidates:
            serves = candidate.eligible and candidate.server == decision.gateway and tier.name == decision.tier
            yield from _candidate(story, candidate, rank, tier, serves=serves)


def end(story: Story, decision: Decision) -> Iterator[Block]:
    for note in decision.notes:
        yield Branch(1, f"note: {note}", "warn")
    if _is_bad(decision.ruling):
        yield Branch(1, "falls back to: nobody")
        return
    if decision.gateway is not None:
        most = len(decision.fallbacks) if story.verbose else _SOME
        others = some(decision.fallbacks, most) or "nobody: if it is lost, the task fails"
        yield Branch(1, f"falls back to: {others}")
    yield Branch(1, f"way of the data: {_way(story.plan.inventory, story.plan.world.network, decision)}")


def _is_bad(ruling: Ruling) -> bool:
    return ruling.outcome in ("failed", "blocked")


def _candidate(story: Story, candidate: Candidate, rank: Rank | None, tier: Tier, *, serves: bool) -> Iterator[Block]:
    """A server with its rank, and what refuses it or is not known of it; each verdict where ``verbose``."""
    mark = "✔ serves" if serves else "· could serve" if candidate.eligible else "✘ may not serve"
    yield Branch(2, f"{candidate.server} {mark}", "good" if serves else "" if candidate.eligible else "bad")
    if rank is not None:
        yield Branch(3, f"rank: {_rank(story.plan.inventory, candidate.server, rank, tier)}")
    passed = [verdict for verdict in candidate.verdicts if verdict.ok and verdict.given]
    if passed and not story.verbose:
        whole = len(passed) == len(candidate.verdicts)
        yield Branch(3, f"passes {'all ' if whole else ''}{counted(len(passed), 'check')}")
    for verdict in candidate.verdicts if story.verbose else [v for v in candidate.verdicts if v not in passed]:
        sign = "✔" if verdict.ok and verdict.given else "?" if verdict.ok else "✘"
        yield Branch(3, f"{sign} {verdict.check}: {verdict.why}", "" if verdict.ok else "bad")


def how(tier: Tier, strategy: str) -> str:
    if not tier.ranked:
        return "the first that may serve"
    if tier.name == "proxy":
        return "ranked by share of its tasks, connectivity class, distance, name"
    order = "share of slots, connectivity class, distance" if strategy == "spread" else (
        "connectivity class, distance, share of slots")  # fmt: skip
    return f"ranked by {order}, name"


def _rank(inventory: Inventory, server: str, rank: Rank, tier: Tier) -> str:
    if tier.name == "proxy":
        share, near, distance = rank
        return f"{_percent(share)} of its tasks taken, {_near(near, distance)}"
    by_share_first = isinstance(rank[0], float)
    share, near, distance = rank[:3] if by_share_first else (rank[2], rank[0], rank[1])
    parts = [f"{_percent(share)} of its {slots(inventory, server)} slots taken", _near(near, distance)]
    text = ", ".join(parts if by_share_first else reversed(parts))
    return text + ("" if rank[3] else ", the proxy's own machine")


def _reading_rank(inventory: Inventory, proxy: str, rank: Rank) -> str:
    """What puts a proxy in its place, in the order in which it compares."""
    *preferences, elsewhere, share, distance = rank
    entry = inventory.proxies[proxy]
    parts = []
    if preferences:
        parts = ["no affinity" if preferences[0] else "preferred by affinity", f"transport {entry.transport_mode}"]
    parts.append("another site" if elsewhere else "the same site")
    parts.append(f"{_percent(share)} of its {entry.max_concurrent_tasks} tasks taken")
    return ", ".join([*parts, f"distance {distance}"])


def _percent(share: object) -> str:
    return f"{float(str(share)):.0%}"


def _near(near: object, distance: object) -> str:
    far = "no way" if distance == float("inf") else f"distance {distance}"
    return f"{_CLASSES[int(str(near))]} ({far})"


def _way(inventory: Inventory, network: Network, decision: Decision) -> str:
    """Each stop with its site, and the links between the sites of one stop and the next."""
    stops = list(zip(decision.path, decision.way.sites, strict=False))
    text = _stop(*stops[0])
    for (_, here), (name, there) in pairwise(stops):
        links = network.route(here, there)[1::2] if here and there and here != there else []
        shown = ", ".join(f"{link} ({inventory.links[link].kind})" for link in links)
        text += (f" →[{shown}]→ " if links else " → ") + _stop(name, there)
    return text


def _stop(name: str, site: str | None) -> str:
    return f"{name} ({site})" if site else name
