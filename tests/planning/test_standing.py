"""A standing keeps its order while load comes and goes, just as sorting everything again would."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gwplan.planning.rank import Loads, Member, Standing

NAMES = [f"gw{number}" for number in range(6)]
STEPS = st.lists(st.tuples(st.sampled_from(NAMES), st.integers(1, 3), st.booleans()), max_size=40)


@given(STEPS)
def test_the_order_is_that_of_a_fresh_standing(steps: list[tuple[str, int, bool]]) -> None:
    loads = Loads()
    members = [Member(name, (number % 2,), 1 + number % 3, (number % 2,)) for number, name in enumerate(NAMES)]
    kept = Standing(loads, members)

    for name, tasks, ended in steps:
        (loads.release if ended else loads.add)(name, tasks)
        assert kept.names() == Standing(loads, members).names()
