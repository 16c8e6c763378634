"""The page of a report as text: its form, its policy, what it embeds, what it leaves out, and how large it is."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from browser_pages import many_jobs
from support import ROOT, Result, run_cli, text_of

from gwplan.render.report.embedded import embedded as embedded_text

SHIPPED = ("small", "two-sites", "fibre-channel", "object-storage", "scale-out", "pharmax-lab")
VOID = {"meta", "input", "br", "img", "link", "hr"}


class Page(HTMLParser):
    """The elements of a page with their words, and whether each is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not tag.startswith(("rect", "path", "tspan")) or self.open[-1] == tag:
            assert self.open.pop() == tag, tag

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attributes)))

    def handle_data(self, data: str) -> None:
        self.words.append((self.open[-1] if self.open else "", data))

    def of(self, tag: str) -> list[str]:
        return [words for inside, words in self.words if inside == tag]


class Report:
    """Runs the command into a file."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.file, self._monkeypatch = folder, folder / "report.html", monkeypatch

    def run(self, inventory: str | dict[str, Any], *options: str, **environment: str) -> Result:
        if isinstance(inventory, dict):
            (self.folder / "estate.yaml").write_text(text_of({"gwplan": 1, **inventory}), "utf-8")
            inventory = str(self.folder / "estate.yaml")
        told = ["report", inventory, "--output", str(self.file), *options]
        return run_cli(told, environment, self._monkeypatch)

    def page(self, inventory: str | dict[str, Any], *options: str, **environment: str) -> str:
        assert self.run(inventory, *options, **environment) == (0, "", "")
        return self.file.read_text("utf-8")


@pytest.fixture
def report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Report:
    return Report(tmp_path, monkeypatch)


def shipped(name: str) -> str:
    return f"inventories/{name}.yaml"


def embedded(page: str, name: str) -> Any:
    match = re.search(rf'<script type="application/json" id="{name}">(.*?)</script>', page, re.DOTALL)
    assert match is not None
    return json.loads(match[1])


# --- form -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SHIPPED)
def test_each_element_is_closed_and_each_hash_is_that_of_what_stands_there(name: str, report: Report) -> None:
    text = report.page(shipped(name), "--order", "2")
    page = Page(text)
    policy = next(found["content"] or "" for tag, found in page.elements if found.get("http-equiv"))
    hashes = {
        f"'sha256-{base64.b64encode(hashlib.sha256(words.encode()).digest()).decode()}'"
        for pair in re.findall(r"<style>(.*?)</style>|<script>(.*?)</script>", text, re.DOTALL)
        for words in pair
        if words
    }

    assert page.open == []
    assert policy.startswith("default-src 'none'; ")
    assert set(re.findall(r"'sha256-[^']+'", policy)) == hashes
    assert "unsafe" not in policy
    assert page.of("title")[0] == f"{name}.yaml"


def test_the_same_inventory_gives_the_same_bytes(report: Report) -> None:
    once = report.page(shipped("two-sites"), "--order", "2")

    assert report.page(shipped("two-sites"), "--order", "2") == once
    dated = report.page(shipped("two-sites"), "--order", "2", SOURCE_DATE_EPOCH="1700000000")
    assert "<dt>Made on</dt><dd>2023-11-14</dd>" in dated
    assert dated.replace("<div><dt>Made on</dt><dd>2023-11-14</dd></div>\n", "") == once


@pytest.mark.parametrize("name", SHIPPED)
def test_the_verdict_gives_the_numbers_of_the_commands(
    name: str, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(*command: str) -> Any:
        return json.loads(run_cli([*command, "--format", "json"], {}, monkeypatch).out)

    page = report.page(shipped(name))
    verdict = page.partition('<ul class="tiles">')[2].partition("</ul>")[0]
    numbers = {word.rstrip("s").replace("points", "point"): int(number) for number, word in
               re.findall(r"<b>(\d+)</b> <span>([^<]+)</span>", verdict)}  # fmt: skip
    plan, swept = told("resolve", shipped(name)), told("sweep", shipped(name))
    findings = told("validate", shipped(name))["summary"]

    assert numbers == {
        "failed": plan["summary"]["failed"], "blocked": plan["summary"]["blocked"],
        "single point of failure": len(swept["single_points_of_failure"]),
        **{severity: findings[severity] for severity in ("error", "warning", "note")},
    }  # fmt: skip
    assert embedded(page, "sweep") == swept


def test_findings_below_a_severity_are_left_out(report: Report) -> None:
    whole, fewer = (report.page(shipped("pharmax-lab"), "--no-findings-below", least) for least in ("note", "error"))

    assert "▲ warning" in whole
    assert "▲ warning" not in fewer


def test_a_night_is_told_against_the_plan_with_nothing_down(report: Report) -> None:
    page = report.page(shipped("small"), "--down", "gw01", "--scenarios", "tests/golden/scenarios.yaml")

    assert "With server:gw01 down, against the plan with nothing down: 0 jobs lost, 0 blocked" in page
    assert 'id="plain"' in page
    assert "✔ kept" in page
    assert "✘ broken" in page


def test_another_edition_tells_what_that_edition_plans(report: Report) -> None:
    assert "edition 12 takes Windows only for smb" not in report.page(shipped("two-sites"))
    assert "edition 12 takes Windows only for smb" in report.page(shipped("two-sites"), "--edition", "12")


def test_what_changed_since_is_what_diff_says(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    old = report.folder / "old.yaml"
    old.write_text((ROOT / shipped("two-sites")).read_text("utf-8").replace(", gw-par-02]", "]"), "utf-8")
    page = Page(report.page(shipped("two-sites"), "--against", str(old)))
    said = run_cli(["diff", str(old), shipped("two-sites")], {}, monkeypatch).out.splitlines()

    assert said[-1].startswith("better: ")
    assert page.of("li").count(said[-1]) == 1
    assert {line.strip() for line in said if line.startswith("  ")} <= {*page.of("li"), *page.of("td")}


# --- scrubbed ---------------------------------------------------------------------------------------------------------

SECRET = {
    "backup_server": "qzvbr", "default_mount_servers": {"windows": "qzmount"},
    "sites": {"qzparis": {}, "qzlyon": {}},
    "links": {"qzlink": {"between": ["qzparis", "qzlyon"], "kind": "wan", "bandwidth": "1 Gbps"}},
    "failure_domains": {"qzrack": ["qzgw-1", "qzgw-2"]},
    "servers": {
        "qzvbr": {"os": "windows", "site": "qzparis", "description": "qzsecret words"},
        "qzmount": {"os": "windows", "site": "qzparis"},
        "qzgw-1": {"os": "windows", "site": "qzparis", "cores": 2, "memory": "8 GiB", "id": "qzid-1"},
        "qzgw-2": {"os": "linux", "site": "qzlyon", "tags": ["qztag"]},
    },
    "proxies": {"qzproxy": {"type": "vmware", "server": "qzgw-1"}},
    "repositories": {
        "qzrepo": {"type": "smb", "site": "qzparis", "gateway_servers": ["qzgw-1", "qzgw-2"]},
        "qzfar": {"type": "nfs", "site": "qzlyon"},
        "qzext-1": {"type": "smb", "site": "qzparis", "gateway_servers": ["qzgw-1"]},
        "qzext-2": {"type": "smb", "site": "qzparis", "gateway_servers": ["qzgw-2"]},
    },
    "scale_out_repositories": {"qzwhole": {"performance_tier": ["qzext-1", "qzext-2"]}},
    "workloads": {"qzweb": {"platform": "vmware", "site": "qzparis", "count": 3, "disks": 2},
                  "qz\"<it's>": {"platform": "vmware", "site": "qzlyon"}},
    "jobs": {
        "qzdaily": {"type": "backup", "repository": "qzrepo", "workloads": ["qzweb", "qz\"<it's>"]},
        "qzwide": {"type": "backup", "repository": "qzwhole", "workloads": ["qzweb"]},
        "qzcopy": {"type": "backup_copy", "source_jobs": ["qzdaily"], "repository": "qzfar"},
        "qzodd": {"type": "other", "vendor_type": "qztype"},
    },
}  # fmt: skip


def test_a_scrubbed_page_has_no_name_and_the_same_numbers(report: Report) -> None:
    plain = report.page(SECRET, "--order", "2", "--title", "qzdaily of qzparis")
    assert "qzgw-1" in plain
    old = json.loads(json.dumps(SECRET).replace('"qzgw-1", "qzgw-2"]}, "qzfar"', '"qzgw-1"]}, "qzfar"'))
    (report.folder / "qzold.yaml").write_text(text_of({"gwplan": 1, **old}), "utf-8")
    (report.folder / "qzpromises.yaml").write_text(text_of([
        {"name": "qzpromise", "down": ["qzgw-1"], "expect": {"moved_to": "qzgw-2"}}]), "utf-8")  # fmt: skip
    scrubbed = report.page(
        SECRET, "--order", "2", "--title", "qzdaily of qzparis", "--scrub", "--against",
        str(report.folder / "qzold.yaml"), "--scenarios", str(report.folder / "qzpromises.yaml"),
    )  # fmt: skip

    assert re.findall(r".{0,60}qz.{0,20}", scrubbed, re.IGNORECASE) == []
    assert str(report.folder) not in scrubbed
    assert "<h1>job-02 of site-02</h1>" in scrubbed
    for name in ("server-01", "repository-01", "workload-02-01", "link-01", "failure-domain-01"):
        assert name in scrubbed
    for name in ("sweep", "sweep-of-pairs"):
        one, other = embedded(plain, name), embedded(scrubbed, name)
        assert [numbers(result) for result in one["results"]] == [numbers(result) for result in other["results"]]
    one, other = embedded(plain, "aftermaths"), embedded(scrubbed, "aftermaths")
    assert [*one["losses"].values()] == [*other["losses"].values()]


def numbers(result: dict[str, Any]) -> list[Any]:
    counts = [result[key] for key in ("lost", "blocked", "moved")]
    return [*counts, len(result["jobs_lost"]), result["peak"] and result["peak"]["share"]]


def test_what_people_wrote_about_losses_and_promises_is_left_out_of_a_scrubbed_page(
    report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    promises = [{"name": "Jane patches it", "down": ["qzgw-1"], "expect": {"lost": ["Acme"]}}]
    (report.folder / "promises.yaml").write_text(text_of(promises), "utf-8")

    def page(*options: str) -> str:
        reasons = {"server:qzvbr": "Jane of Acme said so", "site:qzparis": "Jane"}
        monkeypatch.setattr("gwplan.cli.sweep.accepted_of", lambda *_: reasons)
        return report.page(SECRET, "--scenarios", str(report.folder / "promises.yaml"), *options)

    plain = page()
    for words in ("Jane patches it", "Acme was expected to be lost", "(accepted: Jane"):
        assert words in plain
    scrubbed = page("--scrub")
    assert re.findall("Jane|Acme", scrubbed) == []
    assert "✘ broken" in scrubbed and "promise 1: " in scrubbed and "(accepted)" in scrubbed


def test_a_scrubbed_page_is_stable(report: Report) -> None:
    assert report.page(SECRET, "--scrub") == report.page(SECRET, "--scrub")


# --- what cannot be -------------------------------------------------------------------------------------------------


def test_an_output_that_cannot_be_written_leaves_nothing(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    where = report.folder / "none" / "report.html"

    found = run_cli(["report", shipped("small"), "--output", str(where)], {}, monkeypatch)

    assert found == (2, "", f"error: cannot write {where}: No such file or directory\n")
    assert not where.parent.exists()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["inventories/none.yaml"], "cannot read inventories/none.yaml: No such file or directory"),
        (["inventories/small.yaml", "--against", "inventories/none.yaml"], "inventories/none.yaml: 1 error"),
        (["inventories/small.yaml", "--scenarios", "inventories/none.yaml"], "inventories/none.yaml: 1 error"),
        (["inventories/small.yaml", "--down", "nobody"], "nothing is called 'nobody'"),
        (["-", "--against", "-"], "standard input can be read once"),
    ],
)
def test_what_cannot_be_read_is_told_and_nothing_written(
    options: list[str], told: str, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = run_cli(["report", *options, "--output", str(report.file)], {}, monkeypatch)

    assert (found.code, found.out) == (2, "")
    assert told in found.err
    assert not report.file.exists()


def test_a_date_that_is_none_is_told(report: Report) -> None:
    found = report.run(shipped("small"), SOURCE_DATE_EPOCH="tomorrow")

    assert found == (2, "", "error: SOURCE_DATE_EPOCH is 'tomorrow', not a number of seconds since 1970\n")


def test_the_page_is_not_written_over_what_it_is_made_of(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    found = run_cli(["report", shipped("small"), "--output", shipped("small")], {}, monkeypatch)

    assert found.code == 2
    assert "which would be lost: give another file" in found.err


# --- size -------------------------------------------------------------------------------------------------------------


def test_a_long_table_stands_in_the_page_as_far_as_it_can_be_read(report: Report) -> None:
    page = report.page(many_jobs(1200))
    jobs = page.partition('id="jobs-table"')[2].partition("</table>")[0]

    assert jobs.count("<tbody>") == 500
    assert "The first 500 of 1,200 rows" in page
    assert len(page.encode()) < 1_300_000
    assert len(embedded(page, "sweep")["fragile"]) == 1200


def test_what_is_long_is_packed_and_nothing_of_it_is_lost() -> None:
    data = {"names": [f"job-{number} </script> é" for number in range(5000)], "numbers": [*range(5000)]}
    short, long = embedded_text(data, 1_000_000), embedded_text(data)
    packed = json.loads(long)["packed"]

    assert "</script>" not in short and json.loads(short) == data
    assert json.loads(zlib.decompress(base64.b64decode(packed), -15)) == data
    assert len(long) < len(short) / 5


def test_the_heat_of_very_many_sites_is_told_of_the_hottest(report: Report) -> None:
    sites = [f"s{number}" for number in range(30)]
    page = report.page({
        "backup_server": "vbr", "sites": {name: {} for name in sites},
        "links": {f"l-{name}": {"between": ["s0", name]} for name in sites[1:]},
        "servers": {"vbr": {"os": "windows", "site": "s0"}},
        "proxies": {"vbr": {"type": "vmware"}},
        "repositories": {f"r-{name}": {"type": "smb", "site": name, "gateway_servers": ["vbr"]} for name in sites},
        "workloads": {"vm": {"platform": "vmware", "site": "s0"}},
        "jobs": {f"j-{n}": {"type": "backup", "workloads": ["vm"], "repository": f"r-{n}"} for n in sites},
    })  # fmt: skip
    heads = re.findall(r"<th scope=\"col\"[^>]*>([^<]+)<", page.partition('id="heat-site"')[2].partition("</thead>")[0])
    first = page.partition('id="heat-site"')[2].partition("<tbody>")[2].partition("</tbody>")[0]

    assert heads[0] == "Lost element" and heads[-1] == "15 others" and len(heads) == 17
    numbers = [float(number) for number in re.findall(r'data-order="([\d.]+)"', first)]
    assert numbers[-1] == 15 * numbers[0] > 0


def test_the_network_is_drawn_and_no_heat_of_sites_where_there_are_none(report: Report) -> None:
    page = Page(report.page("inventories/pharmax-lab.yaml"))
    ids = {attributes.get("id") for _, attributes in page.elements}

    assert "gwplan-network-title" in ids
    assert "heat-type" in ids
    assert "heat-site" not in ids


def test_jobs_that_are_not_planned_are_told_by_the_reason(report: Report) -> None:
    text = "".join(words for _, words in Page(report.page("inventories/pharmax-lab.yaml")).words)

    assert "disabled: Hyper-V-Backup-Copy, PHARMAX-HQ-SVR, VM Copy Job 1" in text
