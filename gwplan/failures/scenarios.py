"""Named scenarios with what is promised of them: an estate's failover promises as a regression test."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, model_validator

from gwplan.failures.compare import WhatIf, what_if
from gwplan.findings import BAD_VALUE, MISSING_KEY, UNKNOWN_KEY, Finding, InventoryError, Spot, UsageError
from gwplan.inventory.build import parse
from gwplan.inventory.form import did_you_mean, shown
from gwplan.inventory.model import Inventory
from gwplan.inventory.names import natural
from gwplan.inventory.places import place
from gwplan.inventory.source import Source
from gwplan.inventory.types import Text
from gwplan.planning.plan import plan

_References = Annotated[
    tuple[Text, ...], BeforeValidator(lambda value: tuple(value) if isinstance(value, list) else (value,))
]


class Promise(BaseModel):
    """What is expected: ``no_loss``; the jobs that are lost (failed or blocked); the servers to which all that moves
    has to move. None where nothing is promised."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    no_loss: bool = False
    lost: _References | None = None
    moved_to: _References | None = None

    @model_validator(mode="before")
    @classmethod
    def _of_a_word(cls, value: Any) -> Any:
        return {"no_loss": True} if value == "no_loss" else value

    @model_validator(mode="after")
    def _can_fail(self) -> Promise:
        if not self.no_loss and self.lost is None and self.moved_to is None:
            raise ValueError("expects nothing, so it can never fail")
        return self


class Scenario(BaseModel):
    """What is taken down, and what is expected then."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Text
    down: _References
    expect: Promise


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a scenario; ``broken`` says which promises were not kept, in words."""

    scenario: Scenario
    found: WhatIf
    broken: tuple[str, ...]


def scenarios_of(source: Source) -> tuple[Scenario, ...]:
    """The scenarios of a file: a list of mappings. Raises InventoryError with everything that is wrong with it."""
    data, findings = parse(source)
    told = list(findings)
    found: list[Scenario] = []
    if not isinstance(data, list) or not data:
        fix = "write a list: `- {name: …, down: […], expect: no_loss}`"
        told.append(Finding(BAD_VALUE, None, f"the scenarios are {shown(data)}, not a list", fix, Spot(())))
        data = []
    for number, raw in enumerate(data):
        given = {key: value for key, value in raw.items() if value is not None} if isinstance(raw, dict) else raw
        try:
            found.append(Scenario.model_validate(given))
        except ValidationError as error:
            told += (_finding(number, problem) for problem in error.errors(include_url=False))
    if told:
        raise InventoryError(place(told, (source,)))
    return tuple(found)


def run_scenarios(inventory: Inventory, scenarios: tuple[Scenario, ...], strategy: str) -> Iterator[Outcome]:
    """Plan each scenario and hold it against its promises. Raises UsageError for a name that nothing has."""
    before = plan(inventory, strategy=strategy)
    for scenario in scenarios:
        try:
            found = what_if(before, down=scenario.down)
        except UsageError as error:
            raise UsageError(f"scenario {scenario.name!r}: {error}") from None
        yield Outcome(scenario, found, tuple(_broken(scenario.expect, found)))


def _broken(promise: Promise, found: WhatIf) -> Iterator[str]:
    kinds = ("lost", "blocked")
    lost = sorted({name for kind in kinds for name in (*found.jobs(kind), *found.operations(kind))}, key=natural)
    if promise.no_loss and lost:
        yield f"no loss was promised, and {', '.join(lost)} is lost"
    if promise.lost is not None and lost != sorted(set(promise.lost), key=natural):
        expected = ", ".join(promise.lost) or "nothing"
        yield f"{expected} was expected to be lost, and it is {', '.join(lost) or 'nothing'}"
    if promise.moved_to is not None:
        to = {change.after.gateway or "nobody" for change in found.of("moved") if change.after}
        if not to:
            yield f"a move to {', '.join(promise.moved_to)} was promised, and nothing moves"
        elif to - set(promise.moved_to):
            elsewhere = ", ".join(sorted(to - set(promise.moved_to), key=natural))
            yield f"a move to {', '.join(promise.moved_to)} was promised, and tasks move to {elsewhere}"


def _finding(number: int, problem: Any) -> Finding:
    kind, path, value = problem["type"], problem["loc"], problem["input"]
    spot = Spot((number, *path[:1]))
    if not path:
        fix = "write `- {name: …, down: […], expect: no_loss}`"
        return Finding(BAD_VALUE, None, f"a scenario is {shown(value)}, not a mapping", fix, spot)
    if kind == "missing":
        return Finding(MISSING_KEY, None, f"a scenario has no `{path[0]}`", f"add `{path[0]}:`", Spot((number,)))
    if kind == "extra_forbidden" and len(path) == 1:
        fix = did_you_mean(path[0], Scenario.model_fields, otherwise=f"use {', '.join(Scenario.model_fields)}")
        return Finding(UNKNOWN_KEY, None, f"a scenario has an unknown key `{path[0]}`", fix, replace(spot, on_key=True))
    if path[0] != "expect":
        return Finding(BAD_VALUE, None, f"the `{path[0]}` of a scenario is {shown(value)}", "write a name", spot)
    fix, message = "use no_loss, lost: [jobs] or moved_to: server", f"a scenario expects {shown(value)}"
    if kind == "value_error":
        message = f"a scenario {problem['ctx']['error']}"
    elif kind == "extra_forbidden":
        message = f"a scenario expects {shown(path[1])}"
        fix = did_you_mean(path[1], Promise.model_fields, otherwise=fix)
    elif len(path) > 1:
        message = f"a scenario expects `{path[1]}` to be {shown(value)}"
    elif isinstance(value, str):
        fix = did_you_mean(value, ("no_loss",), otherwise=fix)
    return Finding(BAD_VALUE, None, message, fix, spot)
