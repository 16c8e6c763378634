"""``gwplan recommend`` on the command line: what it writes, what it refuses, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support import ROOT, run_cli, text_of

import gwplan
from gwplan.inventory.files import read_sources
from gwplan.inventory.load import load, load_sources
from gwplan.planning.editions import under_edition
from gwplan.remedies import recommend as module
from gwplan.remedies import search as search_module
from gwplan.remedies.changes import changed

HELP = "inventories/to-be-helped.yaml"


def copied(folder: Path, name: str = "estate.yaml") -> Path:
    file = folder / name
    file.write_text((ROOT / HELP).read_text("utf-8"), "utf-8")
    return file


def test_what_is_applied_is_what_was_recommended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = copied(tmp_path)
    found = gwplan.recommend(load(str(file)))
    meant = changed(load(str(file)), found.to_make)
    result = run_cli(["recommend", str(file), "--apply"], {}, monkeypatch)

    assert result.code == 1
    assert result.err.endswith(f"written: {file}\n")  # after what is examined so far, where that takes long
    assert load(str(file)) == meant
    assert "# one gateway server, and more tasks than it can take" in file.read_text("utf-8")


def test_what_is_applied_under_another_edition_does_not_change_the_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = copied(tmp_path)
    found = gwplan.recommend(under_edition(load(str(file)), "12"), kinds=["loss"])
    meant = changed(load(str(file)), found.to_make)
    result = run_cli(["recommend", str(file), "--for", "loss", "--edition", "12", "--apply"], {}, monkeypatch)

    assert result.code == 1
    assert result.err.endswith(f"written: {file}\n")  # after what is examined so far, where that takes long
    assert result.out.startswith("under the rules of edition 12, whatever the inventory says\n")
    assert load(str(file)) == meant


def test_an_overlay_lays_over_what_was_recommended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, overlay = copied(tmp_path), tmp_path / "better.yaml"
    found = gwplan.recommend(load(str(file)), kinds=["loss"])
    result = run_cli(["recommend", str(file), "--for", "loss", "--overlay", str(overlay)], {}, monkeypatch)

    assert result.code == 1
    assert load_sources(read_sources(str(file)), read_sources(str(overlay))) == changed(load(str(file)), found.to_make)


def test_line_ends_and_the_mark_of_a_file_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "estate.yaml"
    text = (ROOT / HELP).read_text("utf-8").replace("\n", "\r\n")
    file.write_bytes(b"\xef\xbb\xbf" + text.encode())
    run_cli(["recommend", str(file), "--for", "failing", "--apply"], {}, monkeypatch)
    written = file.read_bytes()

    assert written.startswith(b"\xef\xbb\xbf# Something")
    assert written.count(b"\n") == written.count(b"\r\n") == text.count("\n") + 1


def test_a_file_that_may_not_be_written_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = copied(tmp_path)
    before = file.read_text("utf-8")
    file.chmod(0o444)
    result = run_cli(["recommend", str(file), "--apply"], {}, monkeypatch)

    assert (result.code, result.out) == (2, "")
    assert result.err == f"error: cannot write {file}: it is read-only: nothing is written\n"
    assert file.read_text("utf-8") == before


def test_nothing_wrong_is_said_and_well(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "idle.yaml"
    file.write_text("gwplan: 1\nbackup_server: vbr01\nservers: {vbr01: {os: windows}}\n", "utf-8")
    result = run_cli(["recommend", str(file), "--apply"], {}, monkeypatch)

    assert result.code == 0
    assert result.out == (
        "nothing to do: nothing fails, no single loss stops anything, no gateway server is overloaded, "
        "no data crosses a WAN link for nothing\n"
    )
    assert result.err == "nothing is wrong: nothing to write\n"


def test_nothing_that_can_be_helped_is_bad_news_and_nothing_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    result = run_cli(["recommend", "inventories/pharmax-lab.yaml", "--diff"], {}, monkeypatch)

    assert (result.code, result.out, result.err) == (1, "", "no change helps: nothing to write\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--new-server", "lion"], "--new-server lion: there is no site 'lion'; did you mean 'lyon'?"),
        (["--new-server", "lyon:beos"], "--new-server lyon:beos: windows, linux or hyperv is expected, not 'beos'"),
        (["--new-server", "lyon::x"], "--new-server lyon::x: a number of cores is expected, not 'x'"),
        (["--new-server", "lyon::8:x"], "--new-server lyon::8:x: a size such as `16 GiB` is expected, not 'x'"),
        (["--new-server", "a:b:c:d:e"], "--new-server takes SITE[:OS[:CORES[:MEMORY]]], not 'a:b:c:d:e'"),
        (["--job", "vm-wob"], "there is no job 'vm-wob'; did you mean 'vm-web'?"),
        (["--repository", "smb"], "there is no repository 'smb'"),
        (["--for", "ruin"], "--for takes failing, loss, overload, wan, not ruin"),
        (["--only", "server"], "--only takes list, mount, proxy, limit, zone, not server"),
        (["--apply", "--diff"], "--diff shows what --apply would write: give one of the two"),
        (["--overlay", HELP], f"--overlay {HELP}: is {HELP}, which would be lost: give another file"),
    ],
)  # fmt: skip
def test_misuse_is_told(words: list[str], said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    result = run_cli(["recommend", HELP, *words], {}, monkeypatch)

    assert (result.code, result.out, result.err.splitlines()[0]) == (2, "", f"error: {said}")


def test_a_text_that_cannot_be_changed_is_told_with_what_to_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "shared.yaml"
    file.write_text(
        "gwplan: 1\nbackup_server: vbr\nservers: {vbr: {os: windows}, a: {os: windows}, b: {os: windows}}\n"
        "repositories:\n  one: {type: smb, gateway_servers: &both [a]}\n  two: {type: nfs, gateway_servers: *both}\n"
        "proxies: {vbr: {type: vmware}}\nworkloads: {vm: {platform: vmware}}\n"
        "jobs: {j: {type: backup, workloads: [vm], repository: one}}\n",
        "utf-8",
    )
    before = file.read_bytes()
    result = run_cli(["recommend", str(file), "--job", "j", "--for", "loss", "--apply"], {}, monkeypatch)
    changed_file = file.read_bytes() != before

    assert (result.code, changed_file) in ((1, True), (2, False))
    if changed_file:
        assert load(str(file)).repositories["two"].gateway_servers == ("a",)


def test_an_interrupt_leaves_what_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(done: int, of: int) -> None:
        if (done, of) == (3, 17):
            raise KeyboardInterrupt

    inventory = load(str(ROOT / "inventories" / "two-sites.yaml"))
    found = module.recommend(inventory, progress=stop)

    assert not found.is_whole
    assert {problem.kind for problem in found.problems} <= {"failing", "loss", "overload", "wan"}
    assert found.suggestions == ()


def test_an_interrupt_of_the_search_leaves_the_suggestions_so_far(monkeypatch: pytest.MonkeyPatch) -> None:
    inventory = load(str(ROOT / "inventories" / "two-sites.yaml"))

    def stop(done: int, of: int) -> None:
        if (done, of) == (9, 12):
            raise KeyboardInterrupt

    found = module.recommend(inventory, progress=stop)

    assert not found.is_whole
    assert found.smallest_set is not None
    assert found.suggestions


def test_an_interrupted_search_says_no_more_than_it_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    real = module.recommend

    def interrupted(*args: object, **options: object) -> module.Recommendation:
        def stop(done: int, of: int) -> None:
            if done == 3:
                raise KeyboardInterrupt

        return real(*args, **{**options, "progress": stop})  # type: ignore[arg-type]

    monkeypatch.setattr(module, "recommend", interrupted)
    result = run_cli(["recommend", "inventories/small.yaml", "--for", "wan"], {}, monkeypatch)

    assert result.code == 130
    assert result.out == "interrupted: 0 problems found so far, 0 of which can be helped by what was tried so far\n"
    assert result.err.endswith("interrupted: this is what is known so far\n")


def test_what_was_not_looked_at_any_more_is_told_and_how_to_look_at_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_module, "_ALL", 0)
    monkeypatch.setattr(search_module, "_SWEEPS", 1)
    result = run_cli(["recommend", HELP, "--for", "failing,wan"], {}, monkeypatch)

    assert result.code == 1
    assert result.out.startswith(
        "3 failures, all of which can be helped; "
        "3 needless ways over a WAN link, none of which is helped by what could be tried\n"
    )
    assert (
        " on smb-lyon: not looked at, after so many others: --for, --job or --repository narrow what is looked at\n"
    ) in result.out


def test_of_many_reasons_a_few_are_told_and_how_many_are_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sites = [f"s{number}" for number in range(12)]
    file = tmp_path / "sites.json"
    inventory = {
        "gwplan": 1,
        "backup_server": "vbr",
        "sites": {site: {} for site in ["hq", *sites]},
        "links": {f"to-{site}": {"between": ["hq", site]} for site in sites},
        "servers": {"vbr": {"os": "windows", "site": "hq"}},
        "repositories": {f"smb-{site}": {"type": "smb", "site": site, "gateway_servers": ["vbr"]} for site in sites},
    }
    file.write_text(json.dumps(inventory), "utf-8")
    result = run_cli(["recommend", str(file), "--for", "loss"], {}, monkeypatch)
    told = [line for line in result.out.splitlines() if line.startswith("  loss:") or "more loss" in line]

    assert len(told) == 9
    assert told[-1].endswith("more loss problems: for reasons of their own (--format json lists them)")


def test_a_key_is_written_as_yaml_has_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "estate.yaml"
    file.write_text(
        "gwplan: 1\nbackup_server: vbr\nservers: {vbr: {os: windows, cores: 4}, a: {os: windows, cores: 4}}\n"
        "repositories: {'E: #1': {type: smb, gateway_servers: [a]}}\n",
        "utf-8",
    )
    result = run_cli(["recommend", str(file), "--for", "loss"], {}, monkeypatch)

    assert '    write repositories: "E: #1": gateway_servers: [a, vbr]\n' in result.out


def test_only_one_kind_of_change_is_tried_where_that_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    result = run_cli(["recommend", HELP, "--only", "limit", "--format", "json"], {}, monkeypatch)
    document = json.loads(result.out)
    kinds = {change["kind"] for one in document["suggestions"] for change in one["changes"]}

    assert kinds == {"limit"}
    assert document["smallest_set"]["changes"] == []


def test_a_server_is_bought_only_where_that_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "two.yaml"
    file.write_text(
        "gwplan: 1\nbackup_server: vbr\nsites: {a: {}, b: {}}\nlinks: {l: {between: [a, b]}}\n"
        "servers: {vbr: {os: windows, site: a}, gw: {os: windows, site: b}}\n"
        "repositories: {smb: {type: smb, site: b, gateway_servers: [gw], accessible_from: [b]}}\n"
        "workloads: {pc: {platform: agent, site: b}}\n"
        "jobs: {j: {type: agent_backup, workloads: [pc], repository: smb}}\n",
        "utf-8",
    )
    without = gwplan.recommend(load(str(file)), kinds=["loss"])
    found = gwplan.recommend(load(str(file)), kinds=["loss"], new_servers=["b:linux:8:32GiB"])

    assert without.why["loss:server:gw"] == "only with --new-server b"
    assert found.smallest_set is not None
    assert [change.to_dict() for change in found.smallest_set.changes] == [
        {
            "kind": "server", "path": ["servers", "new-b"], "before": None,
            "after": {"os": "linux", "site": "b", "cores": 8, "memory": "32GiB"},
            "text": "buy the server new-b for b (linux, 8 cores, 32GiB)",
        },
        {
            "kind": "list", "path": ["repositories", "smb", "gateway_servers"], "before": ["gw"],
            "after": ["gw", "new-b"], "text": "add new-b to the gateway servers of smb",
        },
    ]  # fmt: skip
    line = ["recommend", str(file), "--for", "loss", "--new-server", "b:linux:8:32GiB", "--apply"]
    result = run_cli(line, {}, monkeypatch)
    assert (result.code, load(str(file)).repositories["smb"].gateway_servers) == (1, ("gw", "new-b"))


@pytest.mark.parametrize("site", ["a:b", "::add-mask::e", "c: d", "x" * 255])
def test_a_server_is_bought_for_a_site_whatever_it_is_called(
    site: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "estate.yaml"
    data = {
        "gwplan": 1, "backup_server": "vbr", "sites": {"a": {}, site: {}},
        "links": {"l": {"between": ["a", site]}},
        "servers": {"vbr": {"os": "windows", "site": "a"}, "gw": {"os": "windows", "site": site}},
        "repositories": {
            "smb": {"type": "smb", "site": site, "gateway_servers": ["gw"], "accessible_from": [site]},
        },
        "workloads": {"pc": {"platform": "agent", "site": site}},
        "jobs": {"j": {"type": "agent_backup", "workloads": ["pc"], "repository": "smb"}},
    }  # fmt: skip
    file.write_text(text_of(data), "utf-8")
    new = f"new-{site}" if len(site) < 200 else "new-server"
    line = ["recommend", str(file), "--for", "loss", "--new-server", f"{site}:linux:8", "--apply"]

    assert run_cli(line, {}, monkeypatch).code == 1
    assert load(str(file)).servers[new].site == site
    assert load(str(file)).repositories["smb"].gateway_servers == ("gw", new)


ESTATE = """gwplan: 1
backup_server: vbr
servers: {vbr: {os: windows, cores: 8, memory: 32 GiB}, gw: {os: windows, cores: 4, memory: 16 GiB}}
repositories: {share: {type: smb, gateway_servers: [gw], max_concurrent_tasks: 4}}
workloads: {pc: {platform: agent}}
jobs: {j: {type: agent_backup, workloads: [pc], repository: share}}
"""


def test_an_only_suggestion_that_is_the_smallest_set_is_told_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "estate.yaml"
    file.write_text(ESTATE, "utf-8")
    plain = run_cli(["recommend", str(file)], {}, monkeypatch).out
    marked = run_cli(["recommend", str(file), "--format", "markdown"], {}, monkeypatch).out
    document = json.loads(run_cli(["recommend", str(file), "--format", "json"], {}, monkeypatch).out)

    assert plain.count("add vbr to the gateway servers of share") == 1
    assert marked.count("add vbr to the gateway servers of share") == 1
    assert "measured: single points 2 → 1" in marked
    assert document["suggestions"][0]["changes"] == document["smallest_set"]["changes"]


def test_a_server_that_may_be_bought_is_suggested_beside_those_that_are_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "estate.yaml"
    file.write_text(ESTATE, "utf-8")
    words = ["recommend", str(file), "--new-server", ":linux:1:32GiB", "--format", "json"]
    suggestions = json.loads(run_cli(words, {}, monkeypatch).out)["suggestions"]

    assert [[change["text"] for change in one["changes"]] for one in suggestions] == [
        ["add vbr to the gateway servers of share"],
        ["buy the server new-server (linux, 1 core, 32GiB)", "add new-server to the gateway servers of share"],
    ]


@pytest.mark.parametrize(
    ("only", "why"),
    [
        ("limit", "it takes changes that --only leaves out: list"),
        ("mount,zone", "it takes changes that --only leaves out: list"),
    ],
)
def test_what_only_leaves_out_is_not_called_impossible(
    only: str, why: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "estate.yaml"
    file.write_text(ESTATE, "utf-8")
    words = ["recommend", str(file), "--for", "loss", "--only", only, "--format", "json"]
    problems = json.loads(run_cli(words, {}, monkeypatch).out)["problems"]

    assert {problem["id"]: problem["why"] for problem in problems} == {
        "loss:server:gw": why,
        "loss:server:vbr": "vbr is the backup server",
    }


def test_the_smallest_set_of_nothing_is_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "estate.yaml"
    file.write_text("gwplan: 1\nbackup_server: vbr\nservers: {vbr: {os: windows}}\n", "utf-8")
    result = run_cli(["recommend", str(file), "--format", "json"], {}, monkeypatch)
    without = run_cli(["recommend", str(file), "--for", "wan", "--format", "json"], {}, monkeypatch)

    assert result.code == without.code == 0
    assert json.loads(result.out)["smallest_set"] == {
        "changes": [], "removes": [], "leaves": [], "proven": True, "bound": 0, "conditions": [], "effect": None,
    }  # fmt: skip
    assert json.loads(without.out)["smallest_set"] is None


@pytest.mark.parametrize(
    ("text", "wanted", "said"),
    [
        (ESTATE, "paris", "there is no site 'paris', nor any: leave the site out, as in `:linux`"),
        (ESTATE.replace("\nservers:", "\nsites: {p: {}}\nservers:").replace("{os: windows,", "{os: windows, site: p,")
         .replace("smb,", "smb, site: p,").replace("agent}", "agent, site: p}"), ":linux",
         "the site is left out: begin with one of p"),
    ],
)  # fmt: skip
def test_a_site_too_many_or_too_few_is_told(
    text: str, wanted: str, said: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "estate.yaml"
    file.write_text(text, "utf-8")
    result = run_cli(["recommend", str(file), "--new-server", wanted], {}, monkeypatch)

    assert (result.code, result.err) == (2, f"error: --new-server {wanted}: {said}\n")


def test_changes_that_would_not_load_are_refused_and_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from gwplan.findings import InventoryError
    from gwplan.remedies import search

    file = tmp_path / "estate.yaml"
    file.write_text(ESTATE, "utf-8")
    unreadable = tmp_path / "unreadable.yaml"
    unreadable.write_text("gwplan: 1\n", "utf-8")

    def refused(*_: object) -> None:
        load(str(unreadable))

    monkeypatch.setattr(search, "changed", refused)
    with pytest.raises(InventoryError) as error:
        refused()
    found = gwplan.recommend(load(str(file)), kinds=["loss"])

    assert found.suggestions == ()
    assert found.why["loss:server:gw"] == (
        f"the changed inventory would not load: {error.value.findings[0].message}"
    )
