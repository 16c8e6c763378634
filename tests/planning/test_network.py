"""Ways between sites under failures: the same in both directions, and none from or to what is down."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import inventory_of

from gwplan.inventory.model import Inventory
from gwplan.network import Element, Hops, Network

SITES = ("a", "b", "c", "d")


@pytest.fixture(scope="module")
def estate() -> Inventory:
    """A ring a–b–c–a with d behind c; two links join a and b."""
    return inventory_of(
        {
            "backup_server": "vbr",
            "sites": {site: {} for site in SITES},
            "links": {
                "ab-slow": {"between": ["a", "b"], "kind": "wan", "latency": "20 ms"},
                "ab": {"between": ["a", "b"], "kind": "lan"},
                "bc": {"between": ["c", "b"], "kind": "lan"},
                "ca": {"between": ["c", "a"], "kind": "wan"},
                "cd": {"between": ["c", "d"], "kind": "lan"},
            },
            "servers": {"vbr": {"os": "windows", "site": "a"}},
        }
    )


LOSSES: list[frozenset[Element]] = [
    frozenset(),
    frozenset({("link", "ab")}),
    frozenset({("link", "ab"), ("link", "ab-slow")}),
    frozenset({("site", "b")}),
    frozenset({("site", "c")}),
    frozenset({("site", "a"), ("link", "cd")}),
]


@pytest.mark.parametrize("down", LOSSES, ids=lambda down: " ".join(sorted(f"{kind}:{name}" for kind, name in down)))
def test_a_way_is_the_same_in_both_directions_and_avoids_what_is_down(
    estate: Inventory, down: frozenset[Element]
) -> None:
    alone, shared = Network(estate, down), Network(estate, down, Network(estate))

    for a, b in product(SITES, SITES):
        hops = shared.hops(a, b)
        assert hops == shared.hops(b, a) == alone.hops(a, b)
        way = shared.route(a, b)
        assert bool(way) == (hops is not None)
        lost = {name for _, name in down}
        assert lost.isdisjoint(way)


@pytest.mark.parametrize(
    ("down", "hops", "way"),
    [
        (frozenset(), Hops(10, 0), ["a", "ab", "b"]),
        (frozenset({("link", "ab")}), Hops(110, 1), ["a", "ca", "c", "bc", "b"]),
        (frozenset({("link", "ab"), ("link", "ca")}), Hops(120, 1), ["a", "ab-slow", "b"]),
    ],
)
def test_of_parallel_links_the_cheapest_that_is_up_counts(
    estate: Inventory, down: frozenset[Element], hops: Hops, way: list[str]
) -> None:
    network = Network(estate, down)

    assert network.hops("a", "b") == hops
    assert network.route("a", "b") == way


@given(st.data())
def test_what_is_lost_matters_only_to_the_ways_that_lead_over_it(data: st.DataObject) -> None:
    """A network that asks its base for all else says what one that asks everything itself says."""
    number = data.draw(st.integers(2, 7))
    sites = [f"s{i}" for i in range(number)]
    pairs = st.tuples(st.sampled_from(sites), st.sampled_from(sites)).filter(lambda pair: pair[0] != pair[1])
    ends = data.draw(st.lists(pairs, max_size=12))
    links = {
        f"l{i}": {"between": list(pair), "kind": data.draw(st.sampled_from(["lan", "wan"]))}
        for i, pair in enumerate(ends)
    }
    inventory = inventory_of(
        {
            "backup_server": "vbr",
            "sites": {site: {} for site in sites},
            "links": links,
            "servers": {"vbr": {"os": "windows", "site": "s0"}},
        }
    )
    elements = [*(("site", site) for site in sites), *(("link", name) for name in links)]
    down = data.draw(st.frozensets(st.sampled_from(elements), max_size=3))
    asked = data.draw(st.permutations([*product(sites, sites)]))
    alone, shared = Network(inventory, down), Network(inventory, down, Network(inventory))

    for a, b in asked:
        assert shared.hops(a, b) == alone.hops(a, b)
        assert shared.route(a, b) == alone.route(a, b)
