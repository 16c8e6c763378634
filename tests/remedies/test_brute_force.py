"""What is recommended for random estates, held against brute force: every change of one and of two places, planned from
scratch. GWPLAN_ESTATES says how many estates; `make estates` takes thousands."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

import pytest
from brute_force import Changed, State, Tasks, made
from estates import estate
from support import inventory_of

from gwplan.inventory.entries import Server
from gwplan.inventory.model import Inventory
from gwplan.remedies.changes import changed
from gwplan.remedies.recommend import Recommendation, recommend

ESTATES = int(os.environ.get("GWPLAN_ESTATES", "240"))
TOGETHER = 10
"""Estates of one test."""
IN_PAIRS = 4
"""Of so many estates one is tried with two changes, too."""
FOUND = (920, 1013, 2796)
"""Estates beyond the first few that disagreed: an error finding that comes and goes with load, and a name too many."""
LIMITS_FOUND = (541, 659)
"""The same, where limits say which extent is chosen."""
EVERY = 10**6
AVAILABILITY = ("failing", "loss")
UNTRIED = "not all that may help could be tried"


@pytest.mark.parametrize("first", range(0, ESTATES, TOGETHER))
def test_what_is_called_smallest_helped_and_impossible_is_so(first: int) -> None:
    differences = {
        seed: found
        for seed in range(first, first + TOGETHER)
        if (found := [*disagreements(seed, 2 if seed % IN_PAIRS == 0 else 1)])
    }
    assert differences == {}


@pytest.mark.parametrize("seed", FOUND)
def test_what_was_once_found_wrong_is_right(seed: int) -> None:
    assert [*disagreements(seed, 2 if seed % IN_PAIRS == 0 else 1)] == []


@pytest.mark.parametrize("first", range(0, ESTATES // 4, TOGETHER))
def test_data_crosses_a_wan_link_for_nothing_only_where_no_change_helps(first: int) -> None:
    for seed in range(first, first + TOGETHER):
        inventory = inventory_of(estate(seed, servers=3))
        found = recommend(inventory, kinds=["wan"], max_changes=1, top=EVERY)
        assert [*wrongly_impossible(found, Changed(State(inventory)), 1)] == [], seed


@pytest.mark.parametrize("first", range(0, ESTATES // 4, TOGETHER))
def test_lower_limits_help_against_overload_wherever_they_can(first: int) -> None:
    for seed in range(first, first + TOGETHER):
        assert [*missing_limits(seed)] == [], seed


@pytest.mark.parametrize("seed", LIMITS_FOUND)
def test_limits_that_were_once_not_found_are(seed: int) -> None:
    found = recommend(inventory_of(estate(seed, servers=3)), kinds=["overload"], only=["limit"])

    assert [*missing_limits(seed)] == []
    assert found.helped == {problem.id for problem in found.problems}


@pytest.mark.parametrize("first", range(0, ESTATES // 4, TOGETHER))
def test_a_server_that_may_be_bought_helps_wherever_one_can(first: int) -> None:
    for seed in range(first, first + TOGETHER):
        data = estate(seed, servers=3)
        inventory = inventory_of(data)
        site = [*data["sites"]][-1]
        found = recommend(inventory, kinds=AVAILABILITY, new_servers=[f"{site}:linux"], top=EVERY)
        name = next(iter({f"new-{site}"} - {*inventory.servers}))
        new = Server.model_validate({"os": "linux", "site": site})
        before = State(inventory)
        bought = Changed(before, base=inventory.changed(servers={name: new}))
        assert [*wrongly_impossible(found, bought, 1)] == [], seed


def missing_limits(seed: int) -> Iterator[str]:
    """Overload that lower limits would help, and that is said not to be helped by them."""
    inventory = inventory_of(estate(seed, servers=3))
    found = recommend(inventory, kinds=["overload"], only=["limit"], max_changes=2, top=EVERY)
    yield from wrongly_impossible(found, Changed(State(inventory), only="limit"), 2)


def disagreements(seed: int, most: int) -> Iterator[str]:
    """Where brute force over so many changes finds something else than what is recommended."""
    inventory = inventory_of(estate(seed, servers=3))
    found = recommend(inventory, kinds=AVAILABILITY, max_changes=most, top=EVERY)
    tried = Changed(State(inventory))
    yield from wrongly_impossible(found, tried, most)
    yield from wrongly_smallest(found, tried, most)
    yield from wrongly_removed(found, tried.before)
    yield from wrongly_to_buy(found, inventory, most)


def wrongly_impossible(found: Recommendation, tried: Changed, most: int) -> Iterator[str]:
    for problem in found.problems:
        why = found.why.get(problem.id, "")
        if problem.id in found.helped or UNTRIED in why:
            continue
        if problem.kind == "loss" and tried.before.is_fixed(problem.element):
            continue
        for size in range(1, most + 1):
            if chosen := next(tried.removing({problem.id: problem.keys}, size), None):
                yield f"{problem.id} is helped by {tried.told(chosen)}, not: {why}"
                break


def wrongly_smallest(found: Recommendation, tried: Changed, most: int) -> Iterator[str]:
    smallest = found.smallest_set
    if smallest is None:
        return
    yield from wrongly_left(found, tried.before)
    if not smallest.proven or not smallest.changes:
        return
    wanted: Mapping[str, Tasks] = {problem.id: problem.keys for problem in smallest.removes if problem.kind == "loss"}
    texts = [change.text for change in smallest.changes]
    number = len(texts)
    for size in range(1, min(number, most + 1)):
        if chosen := next(tried.removing(wanted, size), None):
            yield f"{tried.told(chosen)} is smaller than {texts}"
    if number <= most and smallest.remedy is not None:
        names = sum(place.kind != "server" for place, _ in smallest.remedy.atoms)
        sets = tried.removing(wanted, number)
        if chosen := next((chosen for chosen in sets if tried.names(chosen) < names), None):
            yield f"{tried.told(chosen)} adds fewer names than {texts}"
    if smallest.bound != number:
        yield f"the bound {smallest.bound} is not that of a proven set"


def wrongly_left(found: Recommendation, before: State) -> Iterator[str]:
    """Losses that the smallest set leaves, though it could remove them together with what removes them alone."""
    smallest = found.smallest_set
    paths = {change.path for change in smallest.changes} if smallest else set()
    for problem in smallest.leaves if smallest else ():
        alone = (one.changes for one in found.suggestions if problem.id in one.removes and len(one.changes) == 1)
        for (change,) in alone:
            both = (*(smallest.changes if smallest else ()), change)
            after = State(changed(before.inventory, both)) if change.path not in paths else before
            losses = [one for one in smallest.removes if one.kind == "loss"] if smallest else []
            is_left = any(after.has(one.id, one.keys, before) for one in (*losses, problem))
            if not is_left and not before.is_harmed_by(after):
                yield f"the smallest set leaves {problem.id}, which {change.text} removes"


def wrongly_removed(found: Recommendation, before: State) -> Iterator[str]:
    """What the smallest set and the first suggestion are said to remove, and do not; and the harm that they do."""
    sets = [(one.changes, {*one.removes}) for one in found.suggestions[:1]]
    if found.smallest_set and found.smallest_set.changes:
        sets.append((found.smallest_set.changes, {problem.id for problem in found.smallest_set.removes}))
    for changes, removes in sets:
        after = State(changed(before.inventory, changes))
        gone = {problem.id for problem in found.problems if not after.has(problem.id, problem.keys, before)}
        if gone != removes:
            yield f"{[change.text for change in changes]} removes {sorted(gone)}, not {sorted(removes)}"
        if before.is_harmed_by(after):
            yield f"{[change.text for change in changes]} does harm"


def wrongly_to_buy(found: Recommendation, inventory: Inventory, most: int) -> Iterator[str]:
    """What is said to help where it is bought, and does not."""
    for name, why in found.why.items():
        head, _, rest = why.partition("only with --new-server ")
        if not head and rest:
            new = rest.split(" --new-server ")
            bought = recommend(inventory, kinds=AVAILABILITY, new_servers=new, max_changes=most)
            if name not in bought.helped:
                yield f"{name}: {why} does not help"


def test_what_the_widest_changes_do_not_remove_narrower_ones_do_not_either() -> None:
    """Brute force rests on it, and leaves them out."""
    for seed in range(0, 40, 4):
        inventory = inventory_of(estate(seed, servers=3))
        tried = Changed(State(inventory))
        problems = {f"loss:{one}": Tasks() for one in tried.before.points}
        for chosen in tried.sets(1) if tried.grows else ():
            for problem, keys in problems.items():
                after = State(made(inventory, *(tried.singles[number][2] for number in chosen)))
                if not after.has(problem, keys, tried.before):
                    assert tried.may_remove({problem: keys}, tried.widest(chosen)), (seed, tried.told(chosen))
