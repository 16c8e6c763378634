"""Drawn pictures are measured: no label meets another or leaves its box, and no edge runs under a box or a label."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pictures.drawn import Drawn
from strategies import inventories, losses
from support import ROOT, inventory_of

from gwplan import load, plan
from gwplan.inventory.model import Inventory
from gwplan.pictures.model import Picture
from gwplan.pictures.picture import picture
from gwplan.render.pictures.svg import svg

SHIPPED = sorted((ROOT / "inventories").glob("*.yaml"))
HOSTILE = ["<script>alert(1)</script>", "名前" * 20, "W" * 255, "a b " * 60 + "c", '"]; x --> y', "ﷺ", "👩💻 x"]


def views(inventory: Inventory, down: list[str], most: int | None) -> list[Picture]:
    """Every view of an inventory, and its flow held against the plain one."""
    plain, night = plan(inventory), plan(inventory, down=down)
    jobs = list(dict.fromkeys(decision.job for decision in night.decisions))
    return [
        picture(plain, most=most),
        picture(night, against=plain, most=most),
        picture(night, "network", most=most),
        *(picture(night, "job", job=job, most=most) for job in jobs[:4]),
    ]


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_every_shipped_inventory_is_drawn_without_a_fault(file: Any) -> None:
    inventory = load(file)
    first = next(iter(inventory.repositories))
    jobs = list(dict.fromkeys(decision.job for decision in plan(inventory).decisions))
    drawn = [*views(inventory, [f"repository:{first}"], 60), *views(inventory, [f"repository:{first}"], 9)]
    drawn += [picture(plan(inventory), "job", job=job) for job in jobs]

    seen = [Drawn(svg(one)) for one in drawn]
    assert all(one.boxes for one in seen) and seen[0].lines
    assert [fault for one in seen for fault in one.faults()] == []


def test_what_is_measured_would_be_found() -> None:
    """The measure itself: a box that is drawn elsewhere than its words, and a box that is far too wide."""
    text = svg(picture(plan(load(ROOT / "inventories" / "small.yaml"))))
    boxes = Drawn(text).boxes
    proxy, gateway = boxes["proxy:prx01"], boxes["gateway:gw01"]
    at = f'x="{proxy.left:g}" y="{proxy.top:g}" width'
    moved = Drawn(text.replace(at, f'x="{gateway.left:g}" y="{gateway.top:g}" width')).faults()
    widened = Drawn(text.replace(f'{at}="', f'{at}="9')).faults()

    assert {"box proxy:prx01 over gateway:gw01", "'prx01' leaves proxy:prx01"} <= {*moved}
    assert any(fault.endswith(" under 'proxy:prx01'") for fault in widened)


@given(st.data(), st.sampled_from((None, 60, 12, 7)))
def test_random_inventories_are_drawn_without_a_fault(data: st.DataObject, most: int | None) -> None:
    told = data.draw(inventories())
    for one in views(inventory_of(told), data.draw(losses(told)), most):
        assert Drawn(svg(one)).faults() == [], one.title


def test_names_of_every_kind_fit_their_boxes() -> None:
    sites = {f"site {name}"[:255].strip(): {} for name in HOSTILE}
    names = [name[:255].strip() for name in HOSTILE]
    told = {
        "backup_server": "vbr",
        "sites": sites,
        "servers": {"vbr": {"os": "windows", "site": next(iter(sites))},
                    **{name: {"os": "windows", "site": site} for name, site in zip(names, sites, strict=True)}},
        "links": {name: {"between": [next(iter(sites)), site]}
                  for name, site in list(zip(names, sites, strict=True))[1:]},
        "proxies": {name: {"type": "vmware"} for name in names},
        "repositories": {f"{name}"[:255]: {"type": "smb", "site": site, "gateway_servers": [name]}
                         for name, site in zip(names, sites, strict=True)},
        "workloads": {"vm": {"platform": "vmware", "site": next(iter(sites)), "count": 7}},
        "jobs": {f"job {name}"[:255].strip(): {"type": "backup", "workloads": ["vm"], "repository": name[:255]}
                 for name in names},
    }  # fmt: skip

    for one in views(inventory_of(told), [f"server:{names[0]}"], 60):
        assert Drawn(svg(one)).faults() == [], one.title
