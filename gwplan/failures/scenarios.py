"""Named scenarios with what is promised of them: an estate's failover promises as a regression test."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gwplan.failures.whatif import WhatIf, compare
from gwplan.findings import BAD_VALUE, MISSING_KEY, UNKNOWN_KEY, Finding, InventoryError, Spot, UsageError
from gwplan.inventory.build import parse
from gwplan.inventory.form import as_written, did_you_mean, shown
from gwplan.inventory.model import Inventory
from gwplan.inventory.names import natural
from gwplan.inventory.places import place
from gwplan.inventory.source import Source
from gwplan.planning.plan import plan

_KEYS = ("name", "down", "expect")
_PROMISES = ("no_loss", "lost", "moved_to")


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is taken down, and what is expected: ``no_loss``; the jobs that are lost (failed or blocked); the servers
    that everything that moves is moved to. None where nothing is promised of it."""

    name: str
    down: tuple[str, ...]
    no_loss: bool
    lost: tuple[str, ...] | None
    moved_to: tuple[str, ...] | None


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
        errors = list(_errors(number, raw))
        told += errors
        if not errors:
            found.append(_scenario(raw))
    if told:
        raise InventoryError(place(told, (source,)))
    return tuple(found)


def run_scenarios(inventory: Inventory, scenarios: tuple[Scenario, ...], strategy: str) -> Iterator[Outcome]:
    """Plan each scenario and hold it against its promises. Raises UsageError for a name that nothing has."""
    before = plan(inventory, strategy=strategy)
    for scenario in scenarios:
        try:
            after = plan(inventory, down=scenario.down, strategy=strategy)
        except UsageError as error:
            raise UsageError(f"scenario {scenario.name!r}: {error}") from None
        found = compare(before, after)
        yield Outcome(scenario, found, tuple(_broken(scenario, found)))


def _broken(scenario: Scenario, found: WhatIf) -> Iterator[str]:
    lost = sorted({*found.jobs("lost"), *found.jobs("blocked")}, key=natural)
    if scenario.no_loss and lost:
        yield f"no loss was promised, and {', '.join(lost)} is lost"
    if scenario.lost is not None and lost != sorted(set(scenario.lost), key=natural):
        expected = ", ".join(scenario.lost) or "nothing"
        yield f"{expected} was expected to be lost, and it is {', '.join(lost) or 'nothing'}"
    if scenario.moved_to is not None:
        to = {change.after.gateway or "nobody" for change in found.of("moved") if change.after}
        if not to:
            yield f"a move to {', '.join(scenario.moved_to)} was promised, and nothing moves"
        elif to - set(scenario.moved_to):
            elsewhere = ", ".join(sorted(to - set(scenario.moved_to), key=natural))
            yield f"a move to {', '.join(scenario.moved_to)} was promised, and tasks move to {elsewhere}"


def _names(value: Any) -> tuple[str, ...]:
    return tuple(map(as_written, value)) if isinstance(value, list) else (as_written(value),)


def _scenario(raw: dict[str, Any]) -> Scenario:
    expect = raw["expect"] if isinstance(raw["expect"], dict) else {raw["expect"]: True}
    lost, moved_to = expect.get("lost"), expect.get("moved_to")
    return Scenario(
        as_written(raw["name"]),
        _names(raw["down"]),
        bool(expect.get("no_loss")),
        None if lost is None else _names(lost),
        None if moved_to is None else _names(moved_to),
    )


def _errors(number: int, raw: Any) -> Iterator[Finding]:
    if not isinstance(raw, dict):
        fix = "write `- {name: …, down: […], expect: no_loss}`"
        yield Finding(BAD_VALUE, None, f"a scenario is {shown(raw)}, not a mapping", fix, Spot((number,)))
        return
    for key in raw:
        if key not in _KEYS:
            fix = did_you_mean(key, _KEYS, otherwise=f"use {', '.join(_KEYS)}")
            yield Finding(UNKNOWN_KEY, None, f"a scenario has an unknown key `{key}`", fix, Spot((number, key), True))
    for key in _KEYS:
        if raw.get(key) is None:
            yield Finding(MISSING_KEY, None, f"a scenario has no `{key}`", f"add `{key}:`", Spot((number,)))
    expect = raw.get("expect")
    if isinstance(expect, dict) and all(value in (None, False) for value in expect.values()):
        fix = "use no_loss, lost: [jobs] or moved_to: server"
        message = "a scenario expects nothing, so it can never fail"
        yield Finding(BAD_VALUE, None, message, fix, Spot((number, "expect")))
    promises = expect if isinstance(expect, dict) else {expect: True}
    for promise in promises if expect is not None else ():
        if promise not in _PROMISES or (promise != "no_loss" and not isinstance(expect, dict)):
            fix = did_you_mean(str(promise), _PROMISES, otherwise="use no_loss, lost: [jobs] or moved_to: server")
            message = f"a scenario expects {shown(promise)}"
            yield Finding(BAD_VALUE, None, message, fix, Spot((number, "expect")))
