"""Whatever a row says is what happens: changing any cell of the table changes a plan of some case."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from typing import Any

import pytest
from support import ROOT, as_object, data_in, inventory_of, merged

from gwplan.inventory.model import Inventory
from gwplan.planning.editions import EDITIONS
from gwplan.planning.editions.v13 import V13
from gwplan.planning.plan import plan_in
from gwplan.planning.table import (
    ALWAYS,
    BACKUP_SERVER,
    MOUNT_SERVER,
    SELECTED,
    TAPE_SERVER,
    Choice,
    Edition,
    Line,
    Pool,
    Row,
    When,
)
from gwplan.planning.world import World

FOLDER = ROOT / "tests" / "cases" / "planning"
NEVER = When("never", lambda _: False)
Told = list[dict[str, Any]]


def changed_row(edition: Edition, row: Row, **cells: Any) -> Edition:
    return replace(edition, rows=tuple(replace(r, **cells) if r is row else r for r in edition.rows))


def mutants(edition: Edition) -> Iterator[tuple[str, Edition]]:
    """The edition with one cell changed, for every cell that edition 13 does not have as it is."""
    for row in edition.rows:
        if edition is V13 or row not in V13.rows:
            yield from mutants_of_row(edition, row)
    for line in edition.lines if edition is V13 else ():
        yield from mutants_of_line(edition, line)
    for kind, systems in sorted(edition.systems.items()):
        for system in sorted(systems) if edition is V13 or systems != V13.systems[kind] else ():
            fewer = {**edition.systems, kind: systems - {system}}
            yield f"systems:{kind}:{system}", replace(edition, systems=fewer)
    for pool in edition.hardened_serves:
        yield f"hardened:{pool}", replace(edition, hardened_serves=edition.hardened_serves - {pool})
    yield "fibre-channel", replace(edition, fc_needs_selection=not edition.fc_needs_selection)


def mutants_of_row(edition: Edition, row: Row) -> Iterator[tuple[str, Edition]]:
    yield f"{row.id}:when", changed_row(edition, row, when=NEVER)
    yield f"{row.id}:certainty", changed_row(edition, row, certainty="undocumented")
    yield f"{row.id}:reference", changed_row(edition, row, reference="elsewhere.html")
    for number, (when, _) in enumerate(row.unless):
        others = tuple(x for i, x in enumerate(row.unless) if i != number)
        yield f"{row.id}:unless:{number}", changed_row(edition, row, unless=(*others, (when, "undocumented")))
    for number in range(len(row.notes)):
        notes = tuple(x for i, x in enumerate(row.notes) if i != number)
        yield f"{row.id}:note:{number}", changed_row(edition, row, notes=notes)
    for number, choice in enumerate(row.choices):
        for at, pool in enumerate(choice.chain or ()):
            assert choice.chain is not None
            chain = (*choice.chain[:at], other_than(pool), *choice.chain[at + 1 :])
            choices = tuple(Choice(c.when, chain) if i == number else c for i, c in enumerate(row.choices))
            yield f"{row.id}:choice:{number}:{pool.id}", changed_row(edition, row, choices=choices)
        if choice.chain is None:
            yield f"{row.id}:column", changed_row(edition, row, choices=(Choice(ALWAYS, (SELECTED,)),))


def mutants_of_line(edition: Edition, line: Line) -> Iterator[tuple[str, Edition]]:
    """The third column. Whether a type of job that no row speaks of has it changes nothing."""
    column = None if line.synthetic else (MOUNT_SERVER,)
    lines = tuple(replace(one, synthetic=column) if one is line else one for one in edition.lines)
    if line.types and not {"rescan", "health_check"} & set(line.types):
        yield f"{line.job}:synthetic", replace(edition, lines=lines)
    for at, pool in enumerate(line.synthetic or ()):
        assert line.synthetic is not None
        chain = (*line.synthetic[:at], other_than(pool), *line.synthetic[at + 1 :])
        lines = tuple(replace(one, synthetic=chain) if one is line else one for one in edition.lines)
        yield f"{line.job}:synthetic:{pool.id}", replace(edition, lines=lines)


def other_than(pool: Pool) -> Pool:
    return BACKUP_SERVER if pool is not BACKUP_SERVER else Pool("proxies", "proxy", "")


ROWS = {row.id for edition in EDITIONS for row in edition.rows}
MUTANTS = [
    pytest.param(edition, name, mutant, id=f"{edition.id}-{name}")
    for edition in EDITIONS
    for name, mutant in mutants(edition)
]


class Estate:
    """The inventory of a case, and what an edition says of it: planned once, when somebody asks."""

    def __init__(self, file: str, data: dict[str, Any], down: tuple[str, ...]) -> None:
        self.file, self.down = file, down
        self._data, self._said = data, dict[str, Told]()

    @cached_property
    def inventory(self) -> Inventory:
        return inventory_of(self._data)

    def said(self, edition: Edition) -> Told:
        if edition.id not in self._said:
            self._said[edition.id] = self.plan(edition)
        return self._said[edition.id]

    def plan(self, edition: Edition) -> Told:
        world = World(self.inventory, edition=edition)
        return [as_object(decision) for decision in plan_in(world, self.down).decisions]

    def differs(self, mutant: Edition, edition: Edition) -> bool:
        try:
            return self.plan(mutant) != self.said(edition)
        except ValueError:  # no row speaks any more
            return True


@pytest.fixture(scope="module")
def estates() -> list[Estate]:
    return [
        Estate(file.stem, merged(data["given"], case.get("change", {})), tuple(case.get("down", ())))
        for file in sorted(FOLDER.rglob("*.yaml"))
        for data in (data_in(file),)
        for case in data["cases"].values()
        if "unreadable" not in case
    ]


@pytest.mark.parametrize(("edition", "name", "mutant"), MUTANTS)
def test_changing_a_cell_changes_a_plan(edition: Edition, name: str, mutant: Edition, estates: list[Estate]) -> None:
    row = name.partition(":")[0]
    likely = sorted(estates, key=lambda estate: estate.file != row)
    of_row = (estate for estate in likely if row not in ROWS or any(d["rule"] == row for d in estate.said(edition)))

    assert any(estate.differs(mutant, edition) for estate in of_row)


def test_other_than_gives_another_pool() -> None:
    assert other_than(BACKUP_SERVER) is not BACKUP_SERVER
    assert other_than(TAPE_SERVER) is BACKUP_SERVER
