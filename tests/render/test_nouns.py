"""Things with their number, in words."""

from __future__ import annotations

import pytest

from gwplan.nouns import counted, numbered, plural


@pytest.mark.parametrize(
    ("noun", "several"),
    [
        ("job", "jobs"), ("entry", "entries"), ("proxy", "proxies"), ("other class", "other classes"), ("day", "days"),
        ("single point of failure", "single points of failure"),
        ("needless way over a WAN link", "needless ways over a WAN link"), ("gateway server", "gateway servers"),
    ],
)  # fmt: skip
def test_a_noun_and_its_plural(noun: str, several: str) -> None:
    assert plural(noun) == several
    assert (counted(1, noun), counted(1200, noun)) == (f"1 {noun}", f"1,200 {several}")
    assert numbered(1200, noun) == f"1200 {several}"
