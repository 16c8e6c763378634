"""Plans are equal by value: one made again is, one that says anything else is not."""

from __future__ import annotations

from itertools import pairwise
from operator import ne

import pytest
from planned import FILES, planned
from support import as_object


@pytest.mark.parametrize("stem", [stem for stem in FILES if stem.startswith("themes/")])
def test_plans_that_say_something_else_are_not_equal(stem: str) -> None:
    given, cases = FILES[stem]["given"], FILES[stem]["cases"].values()
    plans = [planned(given, case) for case in cases if "unreadable" not in case]
    said = [[as_object(decision) for decision in made.decisions] for made in plans]

    for (one, other), (says, says_other) in zip(pairwise(plans), pairwise(said), strict=True):
        assert one.decisions == tuple(one.decisions)
        if says != says_other:
            assert one.decisions != other.decisions
            assert one != other
            assert len(says) != len(says_other) or any(map(ne, one.decisions, other.decisions))
