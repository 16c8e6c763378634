"""What differs between two inventories: entries by id, by name, by being otherwise equal, and the keys that differ."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import inventories
from support import inventory_of, merged

from gwplan.inventory.difference import difference
from gwplan.planning.plan import plan

BASE = {
    "backup_server": "vbr",
    "sites": {"paris": {}, "lyon": {}},
    "servers": {
        "vbr": {"os": "windows", "site": "paris"},
        "gw01": {"os": "windows", "site": "paris", "memory": "16 GiB"},
        "gw02": {"os": "linux", "site": "lyon"},
    },
    "proxies": {"gw02": {"type": "vmware"}},
    "repositories": {"nas": {"type": "smb", "site": "paris", "gateway_servers": ["gw01"]}},
    "failure_domains": {"rack": ["gw01", "nas"]},
    "workloads": {"web": {"platform": "vmware", "site": "paris", "count": 3}},
    "jobs": {"daily": {"type": "backup", "workloads": ["web-02"], "repository": "nas"}},
}


def edits(old: dict[str, Any], new: dict[str, Any]) -> list[tuple[Any, ...]]:
    found = difference(inventory_of(old), inventory_of(new)).edits
    return [
        (e.kind, e.name, e.change, *([f"was {e.was}"] if e.was else []), *(["guessed"] if e.guessed else []),
         *(tuple(key) for key in e.keys))
        for e in found
    ]  # fmt: skip


def renaming(data: Any, names: dict[str, str]) -> Any:
    """Plain data with other names, wherever they stand."""
    if isinstance(data, dict):
        return {names.get(key, key): renaming(value, names) for key, value in data.items()}
    if isinstance(data, list):
        return [renaming(value, names) for value in data]
    return names.get(data, data) if isinstance(data, str) else data


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"servers": {"gw01": {"memory": "32 GiB"}}},
         [("server", "gw01", "changed", ("memory", "16 GiB", "32 GiB"))]),
        ({"servers": {"gw01": {"memory": "16384 MiB"}}}, []),
        ({"servers": {"gw01": {"memory": "1.5TB", "cores": 4, "status": "offline"}}},
         [("server", "gw01", "changed", ("cores", None, 4), ("memory", "16 GiB", "1.5 TB"),
           ("status", "online", "offline"))]),
        ({"jobs": {"daily": {"change_rate": "0.5%"}}}, [("job", "daily", "changed", ("change_rate", None, "0.5 %"))]),
        ({"links": {"mpls": {"between": ["paris", "lyon"], "latency": "2 ms"}}}, [("link", "mpls", "added")]),
        ({"servers": {"gw03": {"os": "linux", "site": "lyon"}}}, [("server", "gw03", "added")]),
        ({"repositories": {"nas": {"gateway_servers": "auto"}}},
         [("repository", "nas", "changed", ("gateway_servers", ["gw01"], "auto"))]),
        ({"repositories": {"nas": {"accessible_from": []}}},
         [("repository", "nas", "changed", ("accessible_from", None, []))]),
        ({"failure_domains": {"rack": ["gw01"]}},
         [("failure_domain", "rack", "changed", ("members", ["gw01", "nas"], ["gw01"]))]),
        ({"failure_domains": {"rack": ["nas", "gw01"]}}, []),
        ({"product_version": "12", "default_mount_servers": {"windows": "gw01"}},
         [("inventory", "product_version", "changed", ("product_version", "13", "12")),
          ("inventory", "default_mount_servers", "changed", ("default_mount_servers", None, {"windows": "gw01"}))]),
        ({"jobs": {"daily": {"schedule": {"start": "22:00"}}}},
         [("job", "daily", "changed", ("schedule", {}, {"start": "22:00"}))]),
        ({"jobs": {"else": {"type": "other", "vendor_type": "X"}}}, [("job", "else", "added")]),
    ],
)  # fmt: skip
def test_entries_and_keys(change: dict[str, Any], expected: list[tuple[Any, ...]]) -> None:
    assert edits(BASE, merged(BASE, change)) == expected


def test_a_job_of_another_type_tells_every_key_that_differs() -> None:
    other = {"type": "other", "vendor_type": "X", "workloads": None, "repository": None}
    new = merged(BASE, {"jobs": {"daily": other}})

    assert edits(BASE, new) == [
        ("job", "daily", "changed", ("type", "backup", "other"), ("workloads", ["web-02"], None),
         ("repository", "nas", None), ("vendor_type", None, "X"))
    ]  # fmt: skip


@pytest.mark.parametrize(
    "names",
    [
        {"gw01": "a"}, {"gw02": "a"}, {"vbr": "a"}, {"nas": "a"}, {"daily": "a"}, {"rack": "a"}, {"paris": "a"},
        {"web": "a", "web-02": "a-02"}, {"gw01": "a", "gw02": "b", "nas": "c", "web": "d", "web-02": "d-02"},
    ],
)  # fmt: skip
def test_a_rename_is_guessed_and_what_only_names_it_has_not_changed(names: dict[str, str]) -> None:
    found = difference(inventory_of(BASE), inventory_of(renaming(BASE, names)))

    assert {(edit.change, edit.guessed, edit.keys) for edit in found.edits} == {("renamed", True, ())}
    assert {(edit.was, edit.name) for edit in found.edits} == {
        (was, name) for was, name in names.items() if was != "web-02"
    }
    assert found.before.backup_server == names.get("vbr", "vbr")


def test_a_proxy_that_stands_on_its_own_name_stays_on_its_server() -> None:
    new = merged(BASE, {"proxies": {"gw02": None, "prx": {"type": "vmware", "server": "gw02"}}})

    assert edits(BASE, new) == [("proxy", "prx", "renamed", "was gw02", "guessed")]
    found = difference(inventory_of(BASE), inventory_of(new))
    assert found.before.proxies["prx"].server == "gw02"


def test_two_that_are_alike_are_not_guessed() -> None:
    new = renaming(merged(BASE, {"servers": {"twin": {"os": "linux", "site": "lyon"}}}), {"gw02": "a", "twin": "b"})
    old = merged(BASE, {"servers": {"twin": {"os": "linux", "site": "lyon"}}})
    kinds = {(kind, change) for kind, _, change, *_ in edits(old, new) if kind == "server"}

    assert kinds == {("server", "added"), ("server", "removed")}


def with_ids(data: dict[str, Any], **ids: str) -> dict[str, Any]:
    return merged(data, {"servers": {name: {"id": given} for name, given in ids.items()}})


def test_an_id_decides_whatever_the_names() -> None:
    old = with_ids(BASE, gw01="1", gw02="2")
    new = with_ids(renaming(BASE, {"gw01": "gw02", "gw02": "gw01"}), gw02="1", gw01="2")

    assert [edit[:4] for edit in edits(old, new) if edit[0] == "server"] == [
        ("server", "gw01", "renamed", "was gw02"),
        ("server", "gw02", "renamed", "was gw01"),
    ]


def test_a_renamed_entry_tells_what_else_differs() -> None:
    old, new = with_ids(BASE, gw01="1"), with_ids(renaming(BASE, {"gw01": "a"}), a="1")

    assert edits(old, merged(new, {"servers": {"a": {"memory": "8 GiB"}}})) == [
        ("server", "a", "renamed", "was gw01", ("memory", "16 GiB", "8 GiB"))
    ]


def test_two_ids_that_differ_are_no_guess() -> None:
    old, new = with_ids(BASE, gw01="1"), with_ids(renaming(BASE, {"gw01": "a"}), a="2")

    assert [edit for edit in edits(old, new) if edit[0] == "server"] == [
        ("server", "a", "added"), ("server", "gw01", "removed"),
    ]  # fmt: skip


def test_one_name_with_two_ids_is_two_things() -> None:
    old, new = with_ids(BASE, gw01="1"), with_ids(BASE, gw01="2")

    assert edits(old, new) == [("server", "gw01", "added"), ("server", "gw01", "removed")]
    assert difference(inventory_of(old), inventory_of(new)).before.servers.keys() == inventory_of(old).servers.keys()
    assert edits(old, BASE) == [("server", "gw01", "changed", ("id", "1", None))]
    assert edits(BASE, new) == [("server", "gw01", "changed", ("id", None, "2"))]


def test_a_name_that_another_thing_takes_is_not_its_own_any_more() -> None:
    """gw01 goes, gw02 takes its name, and a third thing is called gw02."""
    old = with_ids(BASE, gw01="1", gw02="2")
    new = with_ids(renaming(BASE, {"gw01": "gw02", "gw02": "gw01"}), gw01="2", gw02="3")

    assert [edit[:4] for edit in edits(old, new) if edit[0] == "server"] == [
        ("server", "gw01", "removed"), ("server", "gw01", "renamed", "was gw02"), ("server", "gw02", "added"),
    ]  # fmt: skip


def test_an_id_that_two_entries_have_says_nothing() -> None:
    old = with_ids(BASE, gw01="1", gw02="1")

    assert edits(old, old) == []
    assert edits(old, with_ids(BASE, gw01="1", gw02="3")) == [("server", "gw02", "changed", ("id", "1", "3"))]


def test_what_is_gone_makes_room_for_what_takes_its_name() -> None:
    old = merged(with_ids(BASE, gw01="1"), {"servers": {"spare": {"os": "linux", "site": "lyon", "cores": 2}}})
    new = with_ids(renaming(BASE, {"gw01": "spare"}), spare="1")

    assert edits(old, new) == [("server", "spare", "removed"), ("server", "spare", "renamed", "was gw01")]
    before = difference(inventory_of(old), inventory_of(new)).before
    assert (before.servers["spare"].os, before.servers["spare (before)"].os) == ("windows", "linux")


@given(inventories())
def test_an_inventory_does_not_differ_from_itself(data: dict[str, Any]) -> None:
    assert edits(data, data) == []


@given(inventories(), st.data())
def test_under_other_names_it_is_the_same_world(data: dict[str, Any], more: st.DataObject) -> None:
    """With ids, however many are renamed at once, names of the plan are all that differs."""
    for section, entries in data.items():
        if isinstance(entries, dict) and all(isinstance(entry, dict) for entry in entries.values()):
            for number, entry in enumerate(entries.values()):
                entry["id"] = f"{section} {number}"
    machines = [f"vm-{n:02d}" for n in range(1, 4)] + [f"pc-{n:02d}" for n in range(1, 3)]
    taken = {name for section in data.values() if isinstance(section, dict) for name in section}
    chosen = more.draw(st.lists(st.sampled_from(sorted(taken - {"tape", "windows", "linux"})), unique=True, max_size=6))
    names = {name: f"{name}x" for name in chosen}
    names |= {m: f"{names[m.partition('-')[0]]}-{m[-2:]}" for m in machines if m.partition("-")[0] in names}
    for section in ("proxies", "wan_accelerators", "tape_servers"):
        for name, entry in data[section].items():
            entry.setdefault("server", name)  # else a rename of one would not be a rename of the other
    new = renaming(data, names)
    found = difference(inventory_of(data), inventory_of(new))

    assert {(edit.change, edit.keys) for edit in found.edits} <= {("renamed", ())}
    before, after = plan(found.before), plan(inventory_of(new))
    assert [d.to_dict() for d in before.decisions] == [d.to_dict() for d in after.decisions]
