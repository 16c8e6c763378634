"""The page of a report in a real browser: what it asks for, whom it shuts out, and whether its numbers are true."""

from __future__ import annotations

import json
from typing import Any

import pytest
from browser_pages import AXE, AXE_RULES, estate_of, many_jobs
from support import run_cli

SHIPPED = ("small", "two-sites", "fibre-channel", "object-storage", "scale-out", "pharmax-lab")
PARTS = ["Verdict", "The picture", "If this is lost", "Jobs", "Heat", "Gateways", "Findings", "What this rests on"]
HOSTILE = "<img src=x onerror=alert(1)>&\"'`{{ 7*7 }}</script><!--"


def shipped(name: str) -> str:
    return f"inventories/{name}.yaml"


def as_json(command: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    return json.loads(run_cli([*command.split("\n"), "--format", "json"], {}, monkeypatch).out)


# --- the page as a whole ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SHIPPED)
def test_it_asks_for_nothing_and_complains_of_nothing(name: str, opened: Any) -> None:
    it = opened(shipped(name), "--order", "2")
    for value in it.page.eval_on_selector_all("#first option", "all => all.map((one) => one.value)"):
        it.page.select_option("#first", value)

    assert it.page.eval_on_selector_all("section > h2", "all => all.map((one) => one.textContent)") == PARTS
    assert it.asked == [it.file.as_uri()]
    assert it.complaints == []
    assert it.page.evaluate("document.cookie") == ""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["small", "two-sites", "pharmax-lab"])
def test_nobody_is_shut_out(name: str, scheme: str, opened: Any) -> None:
    if not AXE.is_file():
        pytest.skip("no axe-core here: `npm install --prefix ~/.cache/gwplan axe-core`, or set GWPLAN_CONSUMERS")
    it = opened(shipped(name), "--order", "2", color_scheme=scheme)
    it.page.eval_on_selector_all("details", "all => all.forEach((one) => { one.open = true; })")
    it.page.evaluate(AXE.read_text("utf-8"))
    found = it.page.evaluate("(rules) => axe.run(document, { runOnly: rules })", AXE_RULES)

    worst = [(one["id"], one["nodes"][0]) for one in found["violations"]]
    assert [(rule, node["html"], node["failureSummary"]) for rule, node in worst] == []


@pytest.mark.parametrize(("width", "height"), [(360, 740), (768, 1024), (1280, 900), (1920, 1080)])
def test_no_part_is_wider_than_the_window(width: int, height: int, opened: Any) -> None:
    it = opened(shipped("two-sites"), "--order", "2", viewport={"width": width, "height": height})

    assert it.page.evaluate("document.documentElement.scrollWidth") <= width
    outside = (
        "all => all.filter((one) => one.getBoundingClientRect().right > innerWidth + 1).map((one) => one.textContent)"
    )
    assert it.page.eval_on_selector_all("h1, h2, h3, p, select, .tiles li, nav a, section", outside) == []


@pytest.mark.parametrize("width", [360, 1280, 1920])
def test_the_letters_of_pictures_can_be_read(width: int, opened: Any) -> None:
    page = opened(shipped("pharmax-lab"), viewport={"width": width, "height": 900}).page
    high = "all => all.map((one) => Number(one.getAttribute('font-size')) * one.getScreenCTM().a)"
    sizes = page.eval_on_selector_all("svg.gwplan-picture text[font-size]", high)

    assert page.locator("svg.gwplan-picture").count() == 3
    assert all(9.9 <= size <= 17.1 for size in sizes)
    assert page.eval_on_selector_all(
        ".drawing", "all => all.every((one) => one.tabIndex === 0 && one.role === 'region' && one.ariaLabel)")


def test_without_a_script_everything_can_be_read(opened: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    it = opened(shipped("two-sites"), java_script_enabled=False)
    text = it.page.inner_text("main")

    assert not it.page.is_visible("#ask")
    assert it.page.is_visible("#flow svg")
    for job in as_json(f"resolve\n{shipped('two-sites')}", monkeypatch)["decisions"]:
        assert job["job"] in it.page.text_content("main")
    it.page.click("#jobs summary >> nth=0")
    it.page.locator("#jobs").get_by_text("tier 1").first.wait_for()
    assert "Everything is served, but any of 9 single losses would stop some of it." in text


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_it_prints(paper: str, opened: Any) -> None:
    it = opened(shipped("two-sites"))
    it.page.emulate_media(media="print")
    it.page.set_viewport_size({"width": 680, "height": 1000})
    assert it.page.is_visible("#losses-table-1")  # what is closed on the screen
    cut = "all => all.filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.ariaLabel)"

    assert it.page.pdf(format=paper).startswith(b"%PDF")
    assert not it.page.is_visible("nav")
    assert it.page.eval_on_selector_all(".scroll", cut) == []


# --- if this is lost --------------------------------------------------------------------------------------------------


def tiles(page: Any) -> dict[str, int]:
    """The numbers of the answer by their words, in the singular."""
    told = page.eval_on_selector_all(
        "#answer .tiles li", "all => all.map((one) => [one.children[1].textContent, one.children[0].textContent])"
    )
    return {word: int(number.replace(",", "")) for word, number in told}


def table(page: Any, name: str) -> list[list[str]]:
    """The rows of a table of the answer."""
    return page.eval_on_selector_all(
        "#answer table",
        "(all, name) => all.filter((one) => one.caption.textContent.startsWith(name)).flatMap((one) =>"
        "[...one.tBodies[0].rows].map((row) => [...row.cells].map((cell) => cell.textContent)))",
        name,
    )


def number(word: str, found: dict[str, int]) -> int:
    return next(value for key, value in found.items() if key.replace("tasks", "task").startswith(word))


@pytest.mark.parametrize("name", SHIPPED)
def test_a_loss_costs_what_sweep_and_whatif_say(name: str, opened: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    swept = as_json(f"sweep\n{shipped(name)}", monkeypatch)
    it = opened(shipped(name))

    assert json.loads(it.page.text_content("#sweep")) == swept
    values = it.page.eval_on_selector_all("#first option", "all => all.map((one) => one.value).filter(Boolean)")
    assert sorted(values) == sorted(result["down"][0] for result in swept["results"])
    for result in swept["results"]:
        (down,) = result["down"]
        it.page.select_option("#first", down)
        held_against(it.page, as_json(f"whatif\n{shipped(name)}\n--down\n{down}", monkeypatch), result)


def test_a_pair_costs_what_whatif_says(opened: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    it = opened(shipped("small"), "--order", "2")
    swept = as_json(f"sweep\n{shipped('small')}\n--order\n2", monkeypatch)
    assert json.loads(it.page.text_content("#sweep-of-pairs")) == swept
    values = it.page.eval_on_selector_all("#second option", "all => all.map((one) => one.value).filter(Boolean)")
    for second in values[1:6]:
        it.page.select_option("#first", values[0])
        it.page.select_option("#second", second)
        told = as_json(f"whatif\n{shipped('small')}\n--down\n{values[0]}\n--down\n{second}", monkeypatch)
        held_against(it.page, told, None)


def test_a_pair_that_is_not_told_in_full_stops_what_each_stops(opened: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gwplan.cli.report.MOST_PAIRS", 1)
    page = opened(shipped("small"), "--order", "2").page
    page.select_option("#first", "server:mnt01")
    page.select_option("#second", "server:prx01")
    told = as_json(f"whatif\n{shipped('small')}\n--down\nmnt01\n--down\nprx01", monkeypatch)["next_start"]
    hit = {*told["jobs_lost"], *told["jobs_blocked"], *told["operations_lost"], *told["operations_blocked"]}

    assert page.locator("#answer svg").count() == 0
    assert set(page.inner_text("#answer > p >> nth=1").split(", ")) == hit
    assert "gwplan whatif --down server:mnt01 --down server:prx01" in page.inner_text("#answer .hint")


def held_against(page: Any, told: dict[str, Any], result: dict[str, Any] | None) -> None:
    """What the page answers, held against ``whatif`` and against ``sweep``."""
    found, after = tiles(page), told["next_start"]
    for one in [after, *([result] if result else [])]:
        for change in ("lost", "blocked"):
            jobs = one[f"jobs_{change}"]
            assert number(f"job{'' if len(jobs) == 1 else 's'} {change}", found) == len(jobs)
        assert number("decision", found) == one["moved"]
        lost = [row[0] for row in table(page, "Jobs lost") if not row[0].endswith(" (maintenance)")]
        assert sorted(lost) == sorted(one["jobs_lost"])
    assert number("running task", found) == told["running"]["tasks_failing"]
    assert sum(int(row[3]) for row in table(page, "Moved")) == after["moved"]
    moved: dict[tuple[str, ...], int] = {}
    for change in told["changes"]:
        if change["change"] == "moved" and change["before"]["gateway"] and change["after"]["gateway"]:
            way = f"{change['before']['gateway']} → {change['after']['gateway']}"
            key = (change["job"], change["operation"], way)
            moved[key] = moved.get(key, 0) + 1
    rows = {(job, operation, way): int(count) for job, operation, way, count in table(page, "Moved")}
    assert moved.items() <= rows.items()
    loads = {one["server"]: one for one in told["gateways"] if one["tasks_before"] != one["tasks_after"]}
    shown = {row[0]: row for row in table(page, "Loads that change")}
    assert shown.keys() == loads.keys()
    for server, load in loads.items():
        then = shown[server][2].removeprefix("▲ ").removeprefix("▼ ")
        assert [shown[server][1], then, shown[server][3]] == [
            f"{load[key]:,}" for key in ("tasks_before", "tasks_after", "slots")
        ]


def test_the_picture_is_drawn_again_for_what_is_lost(opened: Any) -> None:
    it = opened(shipped("two-sites"))
    it.page.select_option("#first", "server:gw-par-01")

    assert it.page.eval_on_selector_all(
        "#answer g.node.down", "all => all.map((one) => one.dataset.id)") == ["gateway:gw-par-01"]  # fmt: skip
    assert it.page.text_content("#answer svg > title") == "The night without server:gw-par-01"
    assert it.page.text_content("#answer svg text.note >> nth=0") == it.page.text_content("#answer svg > desc") == (
        "Against the night with nothing down: 0 decisions lost, 0 blocked, 22 moved.")
    assert "▲ 14 → 28, more than its slots" in it.page.eval_on_selector_all(
        "#answer text.then", "all => all.map((one) => one.textContent)")  # fmt: skip
    ids = it.page.eval_on_selector_all("[id]", "all => all.map((one) => one.id)")
    assert len(ids) == len(set(ids))
    assert it.page.locator("#flow g.node.down").count() == 0
    it.page.select_option("#first", "")
    assert not it.page.is_visible("#answer")


# --- tables -----------------------------------------------------------------------------------------------------------


def first_cells(page: Any, table: str) -> list[str]:
    cells = f"#{table} tbody > tr:first-child > th"
    return page.eval_on_selector_all(cells, "all => all.map((one) => one.textContent)")


def test_a_table_is_searched_and_sorted_from_the_keyboard(opened: Any) -> None:
    it = opened(shipped("two-sites"))
    page = it.page
    page.focus("#jobs-table input")
    page.keyboard.type("COPY paris")
    assert set(first_cells(page, "jobs-table")) == {"copy-files", "copy-gold", "copy-silver"}
    assert page.inner_text("#jobs-table .status") == "3 of 11 rows"
    page.fill("#jobs-table input", "")
    head = page.locator("#jobs-table thead button", has_text="Tasks")
    head.focus()
    page.keyboard.press("Enter")
    tasks = "all => all.map((one) => Number(one.dataset.order))"
    rising = page.eval_on_selector_all("#jobs-table tbody tr:first-child td.number", tasks)
    page.keyboard.press("Enter")
    falling = page.eval_on_selector_all("#jobs-table tbody tr:first-child td.number", tasks)

    assert rising == sorted(rising) != falling == sorted(falling, reverse=True)
    assert page.get_attribute("#jobs-table th[aria-sort]", "aria-sort") == "descending"


def test_all_that_does_something_is_reached_with_the_tab_key(opened: Any) -> None:
    page = opened(shipped("small"), "--order", "2").page
    wanted = page.locator("a[href], button, input, select, summary").evaluate_all(
        "all => all.filter((one) => one.checkVisibility()).length")  # fmt: skip
    reached = set()
    for _ in range(wanted + 60):
        page.keyboard.press("Tab")
        reached.add(page.evaluate(
            "() => { const all = [...document.querySelectorAll('a[href], button, input, select, summary')];"
            "return all.indexOf(document.activeElement); }"))  # fmt: skip

    assert len(reached - {-1}) == wanted


def test_a_long_table_is_made_as_it_is_shown(opened: Any) -> None:
    it = opened(many_jobs(1200))
    page = it.page
    assert len(first_cells(page, "jobs-table")) == 500
    page.fill("#jobs-table input", "job-1199")
    assert first_cells(page, "jobs-table") == ["job-1199"]
    page.click("#jobs-table summary")
    page.locator("#jobs-table").get_by_text("tier 1, selected gateway server").first.wait_for()  # made after the click
    page.fill("#jobs-table input", "")
    page.click("#jobs-table .further")
    page.click("#jobs-table .further")
    assert len(first_cells(page, "jobs-table")) == 1200
    assert not page.is_visible("#jobs-table .further")
    assert nodes_put_in_by_a_search(page, "job-11") == 111
    assert nodes_put_in_by_a_search(page, "") == 500
    assert len(first_cells(page, "jobs-table")) == 500
    assert it.complaints == []


def nodes_put_in_by_a_search(page: Any, words: str) -> int:
    """How many nodes a search adds to the table: what makes one wait."""
    return page.evaluate(
        "(words) => { const field = document.querySelector('#jobs-table input');"
        "const seen = new MutationObserver(() => {});"
        "seen.observe(document.querySelector('#jobs-table table'), { childList: true, subtree: true });"
        "field.value = words; field.dispatchEvent(new Event('input'));"
        "return seen.takeRecords().reduce((sum, one) => sum + one.addedNodes.length, 0); }", words)  # fmt: skip


def test_a_browser_that_cannot_unpack_says_so(opened: Any) -> None:
    it = opened(many_jobs(1200))
    it.page.add_init_script("delete window.DecompressionStream")
    it.page.reload()

    assert it.page.inner_text("main > p.hint").startswith("This browser cannot unpack what is long in this page")
    assert len(first_cells(it.page, "jobs-table")) == 500


def test_a_long_table_says_without_a_script_how_to_see_the_rest(opened: Any) -> None:
    page = opened(many_jobs(501), java_script_enabled=False).page

    assert len(first_cells(page, "jobs-table")) == 500
    assert "The first 500 of 501 rows" in page.inner_text("#jobs")


# --- what was written by others ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", [HOSTILE, "x" * 255, "東京データセンター第一", "--><svg/onload=alert(1)>", "javascript:alert(1)"]
)
def test_a_name_is_shown_as_it_is(name: str, opened: Any) -> None:
    it = opened(estate_of(name), "--title", name, "--order", "2")
    page = it.page
    page.select_option("#first", f"server:{name}")

    assert it.complaints == []
    assert it.asked == [it.file.as_uri()]
    assert page.inner_text("h1") == name
    assert page.title() == name
    assert any(name in one for one in first_cells(page, "jobs-table"))
    assert name in page.inner_text("#answer")
    assert page.locator("img, iframe, object, embed, base, link, form[action]").count() == 0
    assert set(page.eval_on_selector_all("a[href]", "all => all.map((one) => one.protocol)")) <= {"file:", "https:"}
    assert page.locator("script").count() == page.locator("script[type='application/json']").count() + 1


def test_no_attribute_of_the_page_is_a_handler_or_a_style(opened: Any) -> None:
    page = opened(shipped("two-sites"), "--order", "2").page
    page.select_option("#first", "server:gw-par-01")

    assert page.evaluate(
        "() => [...document.querySelectorAll('*')].flatMap((one) => [...one.attributes])"
        ".filter((one) => one.name === 'style' || one.name.startsWith('on')).map((one) => one.name)") == []  # fmt: skip
    assert page.evaluate(
        "() => [...document.querySelectorAll('a[href]')].map((one) => one.getAttribute('href'))"
        ".filter((one) => !one.startsWith('#') && !one.startsWith('https://helpcenter.veeam.com/'))") == []  # fmt: skip


@pytest.mark.parametrize("data", [
    {"backup_server": "vbr", "servers": {"vbr": {"os": "windows"}}},
    {"backup_server": "vbr", "servers": {"vbr": {"os": "windows"}}, "repositories": {"r": {"type": "smb"}}},
])  # fmt: skip
def test_an_inventory_without_jobs_is_told_in_words(data: dict[str, Any], opened: Any) -> None:
    it = opened(data)

    assert it.complaints == []
    assert "No job is declared." in it.page.inner_text("#jobs")
