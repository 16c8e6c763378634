"""Things that hang together through what they touch, held against the closure taken step by step."""

from hypothesis import given
from hypothesis import strategies as st

from gwplan.inventory.components import components

TOUCHED = st.lists(st.frozensets(st.integers(0, 9), max_size=3), max_size=12)


@given(TOUCHED)
def test_things_are_together_that_a_chain_of_shared_touches_joins(touched: list[frozenset[int]]) -> None:
    expected: list[list[int]] = []
    left = list(range(len(touched)))
    while left:
        part, names = [left[0]], set(touched[left[0]])
        while more := [at for at in left if at not in part and not names.isdisjoint(touched[at])]:
            part += more
            names.update(*(touched[at] for at in more))
        expected.append(sorted(part))
        left = [at for at in left if at not in part]
    assert components(range(len(touched)), touched.__getitem__) == expected


def test_many_that_share_one_thing_cost_no_more_than_their_number() -> None:
    number = 200_000
    assert components(range(number), lambda at: (at, "shared")) == [list(range(number))]
