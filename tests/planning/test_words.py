"""What plans say of the cases, word for word: a golden text for each file of cases, with each line under the first case
that says it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from planned import FILES, planned
from support import ROOT

from gwplan.planning.decision import Decision
from gwplan.planning.plan import Plan

FOLDER = ROOT / "tests" / "golden" / "words"


@pytest.mark.parametrize("stem", FILES)
def test_words(stem: str) -> None:
    data, said, lines = FILES[stem], set[str](), list[str]()
    for name, case in data["cases"].items():
        if "unreadable" not in case:
            new = dict.fromkeys(line for line in _said(planned(data["given"], case)) if line not in said)
            said.update(new)
            lines += [name, *(f"  {line}" for line in new)] if new else []
    shown = "\n".join(lines) + "\n"
    file = FOLDER / f"{stem.replace('/', '-')}.txt"
    if os.environ.get("GWPLAN_GOLDEN") == "write":
        file.parent.mkdir(exist_ok=True)
        file.write_text(shown, "utf-8")

    assert shown == file.read_text("utf-8")


def test_no_golden_text_is_left_over() -> None:
    assert {file.stem for file in FOLDER.glob("*.txt")} == {stem.replace("/", "-") for stem in FILES}


def _said(made: Plan) -> Iterator[str]:
    for decision in made.decisions:
        yield from _said_of(decision)
    for load in made.gateways:
        yield f"{load.server}: tasks {load.tasks}, at once {load.at_once}, disks {load.disks}, slots {load.slots}"


    yield from (f"{job} is not covered" for job in made.not_covered)
    yield from (f"{job} has nothing of {source}" for job, source in made.idle)
    for (job, machine), ranks in made.extents.items():
        yield f"{job}, {machine}, extents: {', '.join(f'{name} {rank}' for name, rank in ranks)}"


def _said_of(decision: Decision) -> Iterator[str]:
    where = f"{decision.job} {decision.operation} {decision.side}"
    yield f"{where}: {decision.outcome}, {decision.certainty}, {' > '.join(decision.path)}: {decision.why}"
    for stop in decision.way.stops:
        fc = " over Fibre Channel" if stop.over_fc is True else ""
        yield f"{stop.kind} {stop.what}: {stop.name} in {stop.site}{fc}, {stop.side or 'no'} side"
    yield from (f"{where}, note: {note}" for note in decision.notes)
    for tier, candidates in decision.tiers():
        for candidate, rank in candidates:
            yield f"{where}, {tier.name}: {candidate.server}{f', {rank}' if rank else ''}"
            for verdict in candidate.verdicts:
                ok = "ok" if verdict.ok is True else "refused" if verdict.ok is False else repr(verdict.ok)
                yield f"{verdict.check} {ok}{'' if verdict.given else ', not given'}: {verdict.why}"
