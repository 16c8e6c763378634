"""A standing keeps its order while load comes and goes, just as sorting everything again would."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from gwplan.inventory.names import natural
from gwplan.planning.rank import Loads, Member, Standing


class Step(NamedTuple):
    """Some tasks begin or end on a server; then somebody may look who stands where."""

    at: int
    tasks: int
    looked: bool


STEPS = st.lists(st.builds(Step, st.integers(0, 30), st.integers(-3, 3), st.booleans()), min_size=12, max_size=60)
LINE = st.tuples(st.integers(0, 1), st.integers(1, 3), st.integers(0, 1))
LINES = st.one_of(st.lists(LINE, min_size=1, max_size=8), st.lists(LINE, min_size=12, max_size=24))
"""Few are sorted again, many are moved."""


def line_of(lines: list[tuple[int, int, int]]) -> list[Member]:
    """In any order, and with numbers in their names, which are read as numbers."""
    return [Member(f"gw{n * 7 % 25}", (before,), cap, (after,)) for n, (before, cap, after) in enumerate(lines)]


def in_order(members: list[Member], tasks: Counter[str]) -> list[str]:
    return [m.name for m in sorted(members, key=lambda m: (*place(m, tasks), natural(m.name)))]


def place(member: Member, tasks: Counter[str]) -> tuple[object, ...]:
    return member.before, tasks[member.name] / member.capacity, member.after


@given(LINES, STEPS)
def test_the_order_is_that_of_sorting_again(lines: list[tuple[int, int, int]], steps: list[Step]) -> None:
    loads, members, tasks = Loads(), line_of(lines), Counter[str]()
    kept = Standing(loads, members)

    for step in steps:
        name = members[step.at % len(members)].name
        tasks[name] += step.tasks
        (loads.release if step.tasks < 0 else loads.add)(name, abs(step.tasks))
        if step.looked:
            assert kept.names() == in_order(members, tasks)
            assert kept.ranks() == tuple((n, kept.rank(n)) for n in in_order(members, tasks))


@given(LINES, STEPS)
def test_a_task_s_own_machine_comes_first_of_those_that_only_their_name_tells_apart(
    lines: list[tuple[int, int, int]], steps: list[Step]
) -> None:
    loads, members, tasks = Loads(), line_of(lines), Counter[str]()
    kept = Standing(loads, members)

    for step in steps:
        member = members[step.at % len(members)]
        tasks[member.name] += step.tasks
        loads.add(member.name, step.tasks)
        order = in_order(members, tasks)
        alike = [m.name for m in members if place(m, tasks) == place(member, tasks)]
        first = min(map(order.index, alike))
        rest = [name for name in order if name != member.name]
        assert kept.names_for(member.name) == [*rest[:first], member.name, *rest[first:]]
        assert kept.names_for("a stranger") == kept.names_for(None) == order


@given(LINES, STEPS, st.lists(st.integers(0, 3), max_size=30))
def test_turns_are_who_stands_first_one_task_after_the_other(
    lines: list[tuple[int, int, int]], steps: list[Step], weights: list[int]
) -> None:
    loads, members, tasks = Loads(), line_of(lines), Counter[str]()
    kept = Standing(loads, members)
    for step in steps:
        name = members[step.at % len(members)].name
        tasks[name] += step.tasks
        loads.add(name, step.tasks)
    before = dict(loads.counts)

    turns = kept.turns(weights)

    assert loads.counts == before
    for first, weight in zip(turns.first, weights, strict=True):
        assert first == in_order(members, tasks)[0]
        tasks[first] += weight
    assert [*kept.after(turns)] == in_order(members, tasks)


def test_whoever_names_the_same_line_shares_it() -> None:
    loads = Loads()
    members = line_of([(0, 1, 0)])

    assert loads.standing("line", members) is loads.standing("line", ())
    assert loads.standing("line", ()) is not loads.standing("other", ())
