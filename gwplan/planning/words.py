"""The sentences of a ruling: why this server, or why none, and what the reader should know."""

from __future__ import annotations

from collections.abc import Iterable

from gwplan.planning.trace import Ruling, Tier

TIER_WORDS = {
    "selected": "selected gateway server",
    "proxy": "backup proxy",
    "hyperv-host": "Hyper-V host",
    "mount-server": "mount server",
    "backup-server": "backup server",
    "source-repository": "server of the source repository",
    "source-gateway": "gateway of the source repository",
    "wan-accelerator": "WAN accelerator",
    "tape-server": "tape server",
}


def why(ruling: Ruling, gateway: str | None) -> str:
    """Why this server, or why none."""
    here = ruling.repository
    if ruling.outcome == "none_needed":
        mover = f" on {ruling.data_mover}" if ruling.data_mover else ""
        return ruling.cause or f"{here} runs its own data mover{mover}, so no gateway server is needed"
    if gateway is None:
        return ruling.cause or f"no server may serve {here}: {_refusals(ruling.tiers)}"
    count = len(ruling.eligible)
    words = TIER_WORDS[ruling.tier or ""]
    if ruling.choice == "only":
        text = f"{gateway}, {words}, is the only server that may serve {here}"
    elif ruling.choice == "ranked":
        text = f"{gateway} stood first, by nearness and load, of {count} servers that may serve {here} as {words}"
    else:
        text = f"{gateway} is the first {words} that may serve {here}"
    passed = ruling.tiers[: [tier.name for tier in ruling.tiers].index(ruling.tier or "")]
    if passed:
        text += f"; before it: {_refusals(passed) or 'nothing to choose from'}"
    return text


def _refusals(tiers: Iterable[Tier]) -> str:
    refused = [
        f"{candidate.server}: {verdict.why}"
        for tier in tiers
        for candidate in tier.candidates
        if (verdict := candidate.refusal) is not None
    ]
    text = "; ".join(refused[:4])
    return text + (f"; and {len(refused) - 4} more" if len(refused) > 4 else "") if refused else "there is no candidate"


def notes(ruling: Ruling, gateway: str | None) -> tuple[str, ...]:
    """What the reader should know of the rule and of facts that the inventory does not give."""
    candidate = ruling.candidate(gateway) if gateway else None
    missing = (verdict.why for verdict in candidate.verdicts if not verdict.given) if candidate else ()
    return (*ruling.notes, *missing)
