"""What the gateways carry more after a loss, or less: only jobs that it reaches are served again."""

from __future__ import annotations

from collections.abc import Mapping

from gwplan.failures.data_wave import Asking, served_again
from gwplan.failures.lost import Lost
from gwplan.failures.needs import Kind
from gwplan.failures.replaced import cases_of
from gwplan.planning.carried import Carried
from gwplan.planning.rulings import Ruled, in_own_name
from gwplan.planning.tasks import Case, Work


def carried_after(loss: Lost, changed: Mapping[str, Mapping[Case, Kind]]) -> Carried:
    """``changed`` has what the cases of a job need now that rule otherwise."""
    base = loss.base
    asked = {name: Asking(kinds) for name, kinds in changed.items()}
    for work in map(base.works.__getitem__, loss.replaced):
        if work.job.enabled and work.operation == "data":
            kinds = {case: loss.then(loss.kind_of(work, case)) for case in cases_of(loss, work)}
            asked[work.name] = Asking(kinds, loss.tasks_of(work))
    more = Carried()
    if not asked:
        return more

    def kept(work: Work, case: Case) -> Ruled | None:
        kind = base.kind_of(work, case)
        return in_own_name(kind.ruled, work, case) if kind is not None and kind not in loss.touched_kinds else None

    wave = base.wave_of_all if any(_heeds_more(loss, name, asking) for name, asking in asked.items()) else base.wave
    for was, now in served_again(wave, loss.world, asked, kept):
        more.subtract(was)
        more.update(now)
    return more


def _heeds_more(loss: Lost, name: str, asking: Asking) -> bool:
    """Whether the load of another proxy may decide about a gateway than with nothing lost."""
    heeded, reads = loss.base.heeded, loss.base.wave.reads(name)
    return any(
        (one.heeds_reader and not one.reading <= heeded) or (not reads and not one.reading.isdisjoint(heeded))
        for one in {*asking.kinds.values()}
    )
