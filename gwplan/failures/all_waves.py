"""Every wave job by job, and what a loss makes of it: a job is served again only if its own rulings differ, or if it
finds another load, which may lead it elsewhere.

Each job finds the load of those before it. Under a loss, that is the load with nothing lost plus the difference that
the jobs served again have made so far. Who reads a task matters only in a wave in which it may decide about a gateway.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from heapq import heapify, heappop, heappush
from typing import NamedTuple

from gwplan.failures.heights import Heights
from gwplan.failures.loss import Loss
from gwplan.failures.needs import Kind
from gwplan.failures.replaced import all_now, cases_of
from gwplan.failures.survey import Survey
from gwplan.planning.ledger import Entry
from gwplan.planning.one_job import OneJob
from gwplan.planning.rulings import Ruled, in_own_name
from gwplan.planning.serving import Serving
from gwplan.planning.tasks import Asked, Case, Work, asked

WaveLoad = tuple[str, str, str]
"""The load of a gateway (``g``) or of a proxy (``p``) in a wave: wave, kind, name."""
_Kinds = Mapping[tuple[Case, bool], Kind]
"""What the cases of a job need, by the case and whether it is that of the synthetic operations."""


class ServedAgain(NamedTuple):
    """The jobs that a loss may lead elsewhere, in their order, and how they are served then."""

    works: list[Work]
    entries: list[Entry]


class AllWaves:
    """The jobs in their order, and the load that each adds with nothing lost."""

    def __init__(self, base: Survey) -> None:
        self._base = base
        self._works = [work for work in base.todo if work.job.enabled]
        self._places = {work.name: at for at, work in enumerate(self._works)}
        self._tasks = [tuple(asked(base.inventory, work, base.placement, base.placement)) for work in self._works]
        self._kinds: list[dict[tuple[Case, bool], Kind]] = [{} for _ in self._works]
        self._ruled: list[dict[Case, Ruled]] = [{} for _ in self._works]
        for one in base.cases:
            at, ruled = self._places[one.job], one.ruled
            self._kinds[at][ruled.case, ruled.synthetic] = one.kind
            if not ruled.synthetic:
                self._ruled[at][ruled.case] = ruled
        self._heeding = _heeding(base.cases_of)
        self._added: list[Counter[WaveLoad]] = []
        self._heights = Heights[WaveLoad]()
        self._led: dict[frozenset[str], defaultdict[WaveLoad, list[int]]] = {}
        counting = _Counting(Serving(base.world, spread=base.strategy == "spread"))
        for at, work in enumerate(self._works):
            added = counting.serve(work, self._tasks[at])
            self._added.append(added)
            self._heights.add(at, added)

    def after(self, loss: Loss) -> ServedAgain:
        """What a loss makes of them."""
        changed = self._changed(loss)
        heeding = self._heeding | _heeding({kind for kinds in changed.values() for kind in kinds.values()})
        counting = _Counting(Serving(loss.world, spread=self._base.strategy == "spread"))
        led_by = self._led_by(heeding)
        line = [self._places[name] for name in changed]
        heapify(line)
        more: Counter[WaveLoad] = Counter()
        spoken: set[WaveLoad] = set()
        found = ServedAgain([], counting.serving.entries)
        while line:
            at = heappop(line)
            work = self._works[at]
            if found.works and found.works[-1] is work:
                continue
            kinds = self._kinds_of(at, loss, changed)
            if work.name not in changed and not any(more[load] for load in _loads(kinds, heeding, contested=True)):
                continue
            found.works.append(work)
            self._keep(loss, at, kinds)
            counting.find({load: self._heights.before(load, at) + more[load] for load in _loads(kinds, heeding)})
            added = counting.serve(work, loss.tasks_of(work) if work.name in loss.replaced else self._tasks[at])
            for load in _differences(more, self._added[at], added):
                if load not in spoken:
                    spoken.add(load)
                    jobs = led_by.get(load, [])
                    for later in jobs[bisect_right(jobs, at) :]:
                        heappush(line, later)
        return found

    def _led_by(self, heeding: frozenset[str]) -> Mapping[WaveLoad, list[int]]:
        """The jobs that a load may lead elsewhere."""
        if heeding not in self._led:
            found = self._led[heeding] = defaultdict(list)
            for at, kinds in enumerate(self._kinds):
                for load in {*_loads(kinds, heeding, contested=True)}:
                    found[load].append(at)
        return self._led[heeding]

    def _changed(self, loss: Loss) -> dict[str, dict[tuple[Case, bool], Kind]]:
        """What the cases need now that another server may serve, by the job; all cases of a job whose chains lie
        elsewhere."""
        found: defaultdict[str, dict[tuple[Case, bool], Kind]] = defaultdict(dict)
        for needs in loss.touched:
            kind = needs.kind
            if needs.job not in loss.replaced and (
                loss.hits(kind) or loss.changes_who(kind) or self._loses_reader(loss, kind)
            ):
                found[needs.job][needs.ruled.case, needs.ruled.synthetic] = loss.then(kind)
        for name in loss.replaced:
            work = self._base.works[name]
            if name in self._places:
                for case in cases_of(loss, work):
                    for now in all_now(loss, work, case):
                        found[name][now.case, now.kind.ruled.synthetic] = loss.then(now.kind)
        return found

    def _loses_reader(self, loss: Loss, kind: Kind) -> bool:
        """Whether one falls who reads where that may decide about a gateway."""
        machine_of = loss.world.machine_of
        return kind.ruled.sides[0].operation in self._heeding and any(
            machine_of[name] in loss.servers for name in kind.reading
        )

    def _kinds_of(self, at: int, loss: Loss, changed: Mapping[str, _Kinds]) -> _Kinds:
        name = self._works[at].name
        now = changed.get(name, {})
        return now if name in loss.replaced else {**self._kinds[at], **now}

    def _keep(self, loss: Loss, at: int, kinds: _Kinds) -> None:
        """Of a case that nothing touches, no server that may come first and no distance to one is another."""
        work, before, known = self._works[at], self._kinds[at], loss.world.ruled
        for (case, synthetic), kind in kinds.items():
            if not synthetic and kind not in loss.touched_kinds and (work, case) not in known:
                is_same = before.get((case, False)) is kind
                known[work, case] = self._ruled[at][case] if is_same else in_own_name(kind.ruled, work, case)


def _heeding(kinds: Iterable[Kind]) -> frozenset[str]:
    """The waves in which who reads may decide which gateway serves."""
    return frozenset(kind.ruled.sides[0].operation for kind in kinds if kind.heeds_reader)


def _loads(kinds: _Kinds, heeding: Container[str], *, contested: bool = False) -> Iterator[WaveLoad]:
    """The loads that some cases weigh on, or those that may lead them elsewhere; of proxies where it matters."""
    for kind in {*kinds.values()}:
        wave = kind.ruled.sides[0].operation
        for names in kind.leading:
            if not contested or len(names) > 1:
                yield from ((wave, "g", name) for name in names)
        if wave in heeding and not (contested and len(kind.reading) == 1):
            yield from ((wave, "p", name) for name in kind.reading)


def _differences(more: Counter[WaveLoad], was: Counter[WaveLoad], now: Counter[WaveLoad]) -> list[WaveLoad]:
    """Add to ``more`` what a job adds now and did not add; the loads that are others."""
    found = [load for load in {**was, **now} if was[load] != now[load]]
    for load in found:
        more[load] += now[load] - was[load]
    return found


class _Counting:
    """Serves jobs, and says what each adds to which load."""

    def __init__(self, serving: Serving) -> None:
        self.serving = serving
        self._loads = {
            (name, kind): loads for name, wave in serving.waves.items() for kind, loads in zip("gp", wave, strict=True)
        }
        self._counts: dict[WaveLoad, int] = {}

    def find(self, heights: Mapping[WaveLoad, int]) -> None:
        """Let the next job find these loads."""
        for load, height in heights.items():
            wave, kind, name = load
            if lacking := height - self._counts.get(load, 0):
                self._loads[wave, kind].add(name, lacking)
                self._counts[load] = height

    def serve(self, work: Work, tasks: Iterable[Asked]) -> Counter[WaveLoad]:
        """One job, and what it adds."""
        marks = {key: len(loads.log) for key, loads in self._loads.items()}
        job = OneJob(self.serving, work)
        for task in tasks:
            job.serve(task)
        added: Counter[WaveLoad] = Counter()
        for (wave, kind), loads in self._loads.items():
            for name in {*loads.log[marks[wave, kind] :]}:
                load = (wave, kind, name)
                added[load] = loads.counts[name] - self._counts.get(load, 0)
                self._counts[load] = loads.counts[name]
        return added
