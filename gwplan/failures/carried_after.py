"""What the gateways carry more after a loss, or less: only jobs that it reaches are served again."""

from __future__ import annotations

from collections.abc import Mapping

from gwplan.failures.data_wave import Asking, served_again
from gwplan.failures.lost import Lost
from gwplan.failures.needs import Needs, needs_of
from gwplan.failures.replaced import cases_of
from gwplan.planning.carried import Carried
from gwplan.planning.rulings import Ruled, rule
from gwplan.planning.tasks import Case, Work


def carried_after(loss: Lost, changed: Mapping[str, Mapping[Case, Needs]]) -> Carried:
    """``changed`` has what the cases of a job need now that rule otherwise."""
    base, known = loss.base, _Known(loss)
    asked = {name: Asking(needs) for name, needs in changed.items()}
    for work in map(base.works.__getitem__, loss.replaced):
        if work.job.enabled and work.operation == "data":
            needs = {case: known.needs(work, case) for case in cases_of(loss, work)}
            asked[work.name] = Asking(needs, loss.tasks_of(work))
    more = Carried()
    if not asked:
        return more
    wave = base.wave_of_all if any(_heeds_more(loss, name, asking) for name, asking in asked.items()) else base.wave
    for was, now in served_again(wave, loss.world, asked, known.ruled):
        more.subtract(was)
        more.update(now)
    return more


def _heeds_more(loss: Lost, name: str, asking: Asking) -> bool:
    """Whether the load of another proxy may decide about a gateway than with nothing lost."""
    heeded, reads = loss.base.heeded, loss.base.wave.reads(name)
    return any(
        (one.heeds_reader and not one.reading <= heeded) or (not reads and not one.reading.isdisjoint(heeded))
        for one in asking.needs.values()
    )


class _Known:
    """What is known of cases already, because nothing touches them: no server that may come first and no distance to
    one is another."""

    def __init__(self, loss: Lost) -> None:
        self._loss, self._known = loss, loss.base.known
        self._again = frozenset(loss.touched)
        if loss.replaced:
            base = loss.base
            self._again = self._again.union(
                loss.placing, (base.placing[number] for number in loss.farther_in(base.placing_index))
            )

    def ruled(self, work: Work, case: Case) -> Ruled | None:
        needs = self._known.get((work, case, False))
        return needs.ruled if needs is not None and needs not in self._again else None

    def needs(self, work: Work, case: Case) -> Needs:
        needs = self._known.get((work, case, False))
        if needs is not None and needs not in self._again:
            return needs
        world = self._loss.world
        return needs_of(world, rule(world, work, case), self._loss.base.strategy)
