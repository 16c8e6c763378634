"""What a change assumes and the inventory does not say: told with the change, to be verified before it is made."""

from __future__ import annotations

from collections.abc import Iterable

from gwplan.failures.survey import Survey
from gwplan.inventory.names import natural
from gwplan.planning.rulings import could_serve
from gwplan.remedies.places import Atom


def conditions_of(base: Survey, atoms: Iterable[Atom]) -> tuple[str, ...]:
    """Facts that are not given, and that have to be true for the names to serve where they are added."""
    inventory = base.inventory
    found: dict[str, None] = {}
    for place, name in sorted(atoms, key=lambda atom: (atom[0], natural(atom[1]))):
        if place.kind not in ("list", "mount"):
            continue
        entry = inventory.servers[name]
        for needs in base.cases:
            for side in needs.ruled.sides:
                if place.name in ("", side.repository) and side.outcome != "none_needed":
                    (candidate,) = could_serve(base.world, needs.ruled, side, [name])
                    told = (verdict.why for verdict in candidate.verdicts if not verdict.given)
                    found.update(dict.fromkeys(f"{name}: {why}" for why in told))
        if entry.max_gateway_tasks is None and entry.cores is None and entry.memory is None:
            found[f"{name}: its cores and memory are not given, 4 slots are taken"] = None
    return tuple(found)
