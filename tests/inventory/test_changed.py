"""The inventory as a value: what names what, what follows, frozen in truth, changed into what loading would give."""

from __future__ import annotations

import copy
import gc
import pickle
from typing import Any, ClassVar, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import inventories
from support import inventory_of, merged

from gwplan.findings import InventoryError
from gwplan.inventory import jobs
from gwplan.inventory.any_job import Job
from gwplan.inventory.collector import collector_paused
from gwplan.inventory.document import SECTIONS, model_of
from gwplan.inventory.mentions import mentions, mentions_of
from gwplan.inventory.model import Inventory
from gwplan.inventory.types import RepositoryName, ServerName, SomeOf, WorkloadName
from gwplan.planning.plan import plan

SMALL: dict[str, Any] = {
    "backup_server": "vbr",
    "sites": {"paris": {}},
    "servers": {"vbr": {"os": "windows", "site": "paris"}, "gw": {"os": "windows", "site": "paris"}},
    "fabrics": {"fab": ["gw", "repository:nas"]},
    "repositories": {
        "nas": {"type": "smb", "site": "paris", "gateway_servers": ["gw"], "accessible_from": ["paris"]},
        "hard": {"type": "hardened", "server": "gw"},
        "s3": {"type": "object_storage", "site": "paris"},
    },
    "scale_out_repositories": {"whole": {"performance_tier": {"hard": {"holds": ["vm-02"]}}, "capacity_tier": ["s3"]}},
    "workloads": {"vm": {"platform": "vmware", "site": "paris", "count": 3}},
    "jobs": {
        "daily": {"type": "backup", "workloads": ["vm"], "repository": "nas"},
        "copy": {"type": "backup_copy", "source_jobs": ["daily"], "repository": "whole"},
        "free": {"type": "other", "vendor_type": "SureBackup", "repository": "gone", "steps": [{"a": [1]}]},
    },
}


def errors_of(data: dict[str, Any]) -> list[tuple[str, str]]:
    with pytest.raises(InventoryError) as error:
        inventory_of(data)
    return [(finding.code, finding.message) for finding in error.value.findings]


# --- what names what --------------------------------------------------------------------------------------------------


def test_every_name_is_found_with_its_place_and_kinds() -> None:
    found = [(mention.path, mention.name, mention.names.kinds) for mention in mentions(SMALL)]

    assert sorted(found, key=str) == sorted([
        (("backup_server",), "vbr", ("server",)),
        (("servers", "vbr", "site"), "paris", ("site",)),
        (("servers", "gw", "site"), "paris", ("site",)),
        (("fabrics", "fab", 0), "gw", ("server", "repository")),
        (("fabrics", "fab", 1), "repository:nas", ("server", "repository")),
        (("repositories", "nas", "site"), "paris", ("site",)),
        (("repositories", "nas", "gateway_servers", 0), "gw", ("server",)),
        (("repositories", "nas", "accessible_from", 0), "paris", ("server", "site")),
        (("repositories", "hard", "server"), "gw", ("server",)),
        (("repositories", "s3", "site"), "paris", ("site",)),
        (("scale_out_repositories", "whole", "performance_tier", "hard"), "hard", ("repository",)),
        (("scale_out_repositories", "whole", "performance_tier", "hard", "holds", 0), "vm-02", ("workload",)),
        (("scale_out_repositories", "whole", "capacity_tier", 0), "s3", ("repository",)),
        (("workloads", "vm", "site"), "paris", ("site",)),
        (("jobs", "daily", "workloads", 0), "vm", ("workload",)),
        (("jobs", "daily", "repository"), "nas", ("repository", "scale_out_repository")),
        (("jobs", "copy", "source_jobs", 0), "daily", ("job",)),
        (("jobs", "copy", "repository"), "whole", ("repository", "scale_out_repository")),
    ], key=str)  # fmt: skip


@pytest.mark.parametrize(
    ("section", "entry", "places"),
    [
        ("repositories", {"mount_server": "a"}, {("mount_server",): "a"}),
        ("repositories", {"mount_server": {"windows": "a", "linux": "b"}}, {
            ("mount_server", "windows"): "a", ("mount_server", "linux"): "b"}),
        ("repositories", {"gateway_servers": "auto"}, {}),
        ("scale_out_repositories", {"performance_tier": ["a"]}, {("performance_tier", 0): "a"}),
        ("scale_out_repositories", {"capacity_tier": {"extents": ["a"]}}, {("capacity_tier", "extents", 0): "a"}),
        ("workloads", {"host": "a"}, {("host",): "a"}),
        ("workloads", {"host": ["a", 7]}, {("host", 0): "a", ("host", 1): "7"}),
        ("jobs", {"type": "backup_copy", "wan_accelerators": {"source": "a", "target": None}}, {
            ("wan_accelerators", "source"): "a"}),
        ("jobs", {"type": "other", "repository": "a"}, {}),
    ],
)  # fmt: skip
def test_short_forms_and_nested_ones_are_walked(section: str, entry: Any, places: dict[Any, str]) -> None:
    found = {mention.path[2:]: mention.name for mention in mentions_of(section, "x", entry)}

    assert found == places


def test_what_is_wrong_beside_a_wrong_key_is_told_too() -> None:
    data = merged(SMALL, {"proxies": {"p": {"type": "wmware", "server": "gone"}}, "servers": {"gw": {"os": "dos"}}})

    assert errors_of(data) == [
        ("GW013", "`os` of gw is 'dos'"),
        ("GW013", "`type` of p is 'wmware'"),
        ("GW001", "`server` of p names server 'gone', which is not in the inventory"),
    ]


def test_a_default_mount_server_that_is_not_there_is_told_by_its_key() -> None:
    assert errors_of(SMALL | {"default_mount_servers": {"windows": "gone"}}) == [
        ("GW001", "`default_mount_servers.windows` names server 'gone', which is not in the inventory")
    ]


def test_no_kind_is_said_where_no_two_things_can_share_a_name() -> None:
    data = merged(SMALL, {"jobs": {"daily": {"repository": "repository:nas"}}})

    assert errors_of(data)[0] == (
        "GW001",
        "`repository` of daily names repository or scale-out repository 'repository:nas', which is not in the "
        "inventory",
    )


def test_a_free_key_of_another_job_says_nothing_to_the_planner() -> None:
    job = inventory_of(SMALL).jobs["free"]

    assert (job.target, job.listed, job.feeds_on) == (None, (), ())


# --- a type of job that nobody has heard of ---------------------------------------------------------------------------


class Mirror(Job):
    takes: ClassVar = ("vmware",)
    type: Literal["mirror"]
    mirrors: SomeOf[ServerName]
    source_repository: RepositoryName
    repository: RepositoryName
    workloads: SomeOf[WorkloadName] | None = None


def test_a_new_type_of_job_is_its_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(jobs.JOB_TYPES, "mirror", Mirror)
    mirror = {"type": "mirror", "mirrors": ["gw"], "source_repository": "nas", "repository": "whole"}

    inventory = inventory_of(merged(SMALL, {"jobs": {"mirror": mirror}}))

    assert isinstance(inventory.jobs["mirror"], Mirror)
    assert inventory.holdings.workloads["mirror"] == ("vm-01", "vm-02", "vm-03")
    assert inventory.holdings.levels["mirror"] == 1
    assert inventory.holdings.writers["hard"] == ("copy", "mirror")
    wrong = {**mirror, "mirrors": ["gw", "gv"], "workloads": ["vm-04"], "retries": -1}
    assert errors_of(merged(SMALL, {"jobs": {"mirror": wrong}})) == [
        ("GW001", "`mirrors` of mirror names server 'gv', which is not in the inventory"),
        ("GW001", "`workloads` of mirror names workload 'vm-04', which is not in the inventory"),
        ("GW013", "`retries` of mirror is -1"),
    ]


# --- frozen -----------------------------------------------------------------------------------------------------------


def _mappings(value: Any) -> list[Any]:
    inner: list[Any] = []
    if isinstance(value, dict):
        inner = [value, *value.values()]
    elif hasattr(value, "__pydantic_extra__"):
        inner = [*value.__dict__.values(), value.__pydantic_extra__ or {}]
    elif isinstance(value, tuple):
        inner = list(value)
    return [found for item in inner for found in ([item] if item is value else _mappings(item))]


def test_nothing_in_an_inventory_can_be_changed() -> None:
    inventory = inventory_of(SMALL)
    plan(inventory)
    found = [mapping for value in vars(inventory).values() for mapping in _mappings(value) if mapping]

    assert len(found) > 12
    for mapping in (*found, inventory.holdings.levels, inventory.holdings.writers, inventory.holdings.workloads):
        for change in (
            lambda m: m.__setitem__("zz", 1), lambda m: m.pop(next(iter(m))), lambda m: m.update(zz=1),
            lambda m: m.__delitem__(next(iter(m))), lambda m: m.setdefault("zz", 1), lambda m: m.__ior__({"zz": 1}),
            lambda m: m.clear(), lambda m: m.popitem(),
        ):  # fmt: skip
            with pytest.raises(TypeError, match="not changed in place"):
                change(mapping)
    with pytest.raises(AttributeError):
        inventory.servers = {}  # type: ignore[misc]


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda value: pickle.loads(pickle.dumps(value))])
def test_an_inventory_is_copied_and_pickled_whole(copied: Any) -> None:
    inventory = inventory_of(SMALL)
    before = plan(inventory)

    other = copied(inventory)

    assert other == inventory
    assert other.holdings == inventory.holdings
    assert plan(other).decisions == before.decisions
    with pytest.raises(TypeError, match="not changed in place"):
        other.servers["zz"] = 1


# --- changed ----------------------------------------------------------------------------------------------------------

FACTS = ("fabrics", "failure_domains", "allowed", "machines", "holdings", "extent_of", "held_on", "hardened_on")


def changes(data: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Changes as an overlay has them: whole entries, or None for those that go; some leave nothing that loads."""
    servers, repositories, every = list(data["servers"]), list(data["repositories"]), st.sampled_from

    def with_keys(
        section: str, keys: st.SearchStrategy[dict[str, Any]], *, has: str | None = None
    ) -> st.SearchStrategy[dict[str, Any]]:
        names = [name for name, entry in data[section].items() if has is None or has in entry]
        return st.builds(lambda name, more: {section: {name: {**data[section][name], **more}}}, every(names), keys)

    named = st.lists(every([*servers, "gone"]), min_size=1, max_size=3, unique=True)
    status = every(("online", "offline", "maintenance"))
    return st.one_of(
        with_keys("servers", st.fixed_dictionaries({"status": status})),
        with_keys("servers", st.fixed_dictionaries({"site": every([*data["sites"], "gone", None])})),
        with_keys("repositories", st.fixed_dictionaries({"status": every(("online", "sealed", "offline"))})),
        with_keys("repositories", st.fixed_dictionaries({"gateway_servers": named})),
        with_keys("repositories", st.fixed_dictionaries({"mount_server": st.builds(dict, linux=every(servers))})),
        with_keys("repositories", st.fixed_dictionaries({"type": every(("smb", "object_storage", "hardened"))})),
        with_keys("repositories", st.fixed_dictionaries({"accessible_from": named})),
        with_keys("jobs", st.fixed_dictionaries({"priority": every(("high", "normal")), "enabled": st.booleans()})),
        with_keys("jobs", st.fixed_dictionaries({"repository": every([*repositories, "whole"])}), has="repository"),
        with_keys("workloads", st.fixed_dictionaries({"platform": every(("vmware", "hyperv", "agent"))})),
        with_keys("workloads", st.fixed_dictionaries({"count": st.integers(1, 4)})),
        st.builds(lambda site: {"servers": {"new": {"os": "linux", "site": site}}}, every(list(data["sites"]))),
        st.builds(lambda name: {"servers": {name: {"os": "linux", "site": "s0"}}}, every(repositories)),
        st.builds(lambda a, b: {"links": {"new": {"between": [a, b]}}}, every(list(data["sites"])), every(["s0", "x"])),
        st.builds(lambda name: {"servers": {name: None}}, every(servers)),
        st.builds(lambda name: {"jobs": {name: None}}, every(list(data["jobs"]))),
        st.builds(lambda name: {"fabrics": {"fab": [name, "m0"]}}, every([*repositories, "server:m1", "gone"])),
        st.builds(lambda hosts: {"clusters": {"cl": hosts}}, named),
        st.builds(lambda name: {"backup_server": name}, every([*servers, "gone"])),
        st.builds(lambda version: {"product_version": version}, every(("12", "13.0.1", "13@2026-03-03", "14"))),
        st.just({"servers": {"a\u202eb": {"os": "linux", "site": "s0"}}}),
    )


def outcome(make: Any) -> Inventory | list[tuple[str, str]]:
    try:
        return make()
    except InventoryError as error:
        return sorted((finding.code, finding.message) for finding in error.findings)


@pytest.mark.parametrize(
    "change",
    [
        {"workloads": {"vm": {"platform": "agent", "site": "paris"}}},
        {"repositories": {"s3": {"type": "smb", "site": "paris"}}},
        {"repositories": {"nas": {**SMALL["repositories"]["nas"], "accessible_from": ["gw"]}}},
        {"repositories": {"hard": {"type": "hardened", "server": "vbr"}}},
        {"servers": {"nas": {"os": "linux", "site": "paris"}}},
        {"servers": {"gw": None}},
        {"jobs": {"daily": {**SMALL["jobs"]["daily"], "repository": "whole"}}},
        {"jobs": {"daily": {"type": "backup_copy", "source_jobs": ["copy"], "repository": "nas"}}},
        {"fabrics": {"fab": ["vbr"]}, "failure_domains": {"rack": ["nas", "gw"]}},
    ],
)
def test_each_thing_that_follows_follows_a_change(change: dict[str, Any]) -> None:
    inventory = inventory_of(SMALL)
    for fact in FACTS:
        getattr(inventory, fact)
    new = {key: {name: _model(key, entry) for name, entry in value.items()} for key, value in change.items()}

    made = outcome(lambda: inventory.changed(**new))
    loaded = outcome(lambda: inventory_of(_changed_text(SMALL, change)))

    assert made == loaded
    if isinstance(made, Inventory):
        assert [getattr(made, fact) for fact in FACTS] == [getattr(loaded, fact) for fact in FACTS]


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_changed_is_what_loading_the_changed_text_gives(data: st.DataObject) -> None:
    text = data.draw(inventories())
    inventory = inventory_of(text)
    for fact in data.draw(st.sets(st.sampled_from(FACTS))):
        getattr(inventory, fact)
    for _ in range(2):
        change = data.draw(changes(text))
        new = {
            key: {name: _model(key, entry) for name, entry in value.items()} if key in SECTIONS else value
            for key, value in change.items()
        }
        text = _changed_text(text, change)

        loaded = outcome(lambda text=text: inventory_of(text))
        inventory_or_news = outcome(lambda inventory=inventory, new=new: inventory.changed(**new))

        assert inventory_or_news == loaded
        if not isinstance(inventory_or_news, Inventory):
            return
        inventory = inventory_or_news
        for fact in FACTS:
            assert getattr(inventory, fact) == getattr(loaded, fact)


def _model(section: str, entry: Any) -> Any:
    model = model_of(section, entry)
    return tuple(entry) if isinstance(entry, list) else entry and model and model.model_validate(entry)


def _changed_text(text: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    text = dict(text)
    for key, value in change.items():
        both = {**text.get(key, {}), **value} if isinstance(value, dict) else value
        text[key] = {k: v for k, v in both.items() if v is not None} if isinstance(value, dict) else both
    return text


def test_what_a_change_does_not_touch_is_shared() -> None:
    inventory = inventory_of(SMALL)
    plan(inventory)
    offline = inventory.servers["gw"].model_copy(update={"status": "offline"})

    other = inventory.changed(servers={"gw": offline})

    assert other.servers["gw"].status == "offline"
    assert inventory.servers["gw"].status == "online"
    assert other.jobs is inventory.jobs
    assert vars(other)["holdings"] is inventory.holdings
    assert vars(other)["machines"] is inventory.machines


# --- versions ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", ["12", "13", "12.3.2.3617", "13.0.1.1071", "13.1", "13@2026-03-03"])
def test_versions_whose_rules_are_known(version: str) -> None:
    assert inventory_of(SMALL | {"product_version": version}).product_version == version


@pytest.mark.parametrize("version", ["11", "14", "130", "13.", "13@2025-10-17", "12@2026-03-03", "13.1@2026-03-03"])
def test_versions_whose_rules_are_not_known(version: str) -> None:
    with pytest.raises(InventoryError) as error:
        inventory_of(SMALL | {"product_version": version})

    (finding,) = error.value.findings
    assert finding.code == "GW013"
    assert finding.fix == (
        'the rules of "12", "13", "13@2026-03-03" are known: write one of them, or a build such as "13.0.1.1071"'
    )


@pytest.mark.parametrize("was_enabled", [True, False])
def test_the_collector_is_as_it_was_after_a_pause(was_enabled: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gc, "isenabled", lambda: was_enabled)
    called: list[str] = []
    monkeypatch.setattr(gc, "disable", lambda: called.append("disable"))
    monkeypatch.setattr(gc, "enable", lambda: called.append("enable"))

    with collector_paused():
        assert called == ["disable"]

    assert called == (["disable", "enable"] if was_enabled else ["disable"])
