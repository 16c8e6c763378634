"""``make bench``: speed and memory as ratios against named baselines, measured in the same run.

The numbers are kept in ``.bench/bench.json``, too; ``--before FILE`` compares them with such a file row by row.
``make bench BENCH=--quick`` measures a few shapes in half a minute; ``BENCH=shapes`` names a group.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import platform
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from generate import TIERS, Estate, lines
from imports import imports
from measure import GWPLAN, PYTHON, Row, against, differences, ratio, report, run
from shaped import QUICK, inventory_of, shaped
from shaped import sweeps as sweeps_of_shapes
from validate import validations

ROOT = Path(__file__).parent.parent.parent
WORK = ROOT / ".bench"
SMALL = str(ROOT / "inventories" / "small.yaml")


def inventory(name: str, estate: Estate) -> str:
    """The file of a generated inventory."""
    file = WORK / name
    file.write_text("".join(f"{line}\n" for line in lines(estate)), "utf-8")
    return str(file)


def plans() -> Iterator[Row]:
    """Reading and planning of 50,000 and 100,000 machines."""
    large, double = inventory("50k.yaml", Estate(50_000)), inventory("100k.yaml", Estate(100_000))
    output = str(WORK / "plan.json")
    safe = f"import yaml; yaml.load(open({large!r}), Loader=yaml.CSafeLoader)"
    base = run([PYTHON, "-c", safe])
    name = "`yaml.load(CSafeLoader)` of the same file"
    text = run([GWPLAN, "resolve", large])
    yield ratio("`resolve`, 50,000 machines, as text", text, name, base, 0.35)
    as_json = [GWPLAN, "resolve", large, "--format", "json", "--output", output]
    document = run(as_json)
    yield ratio("`resolve`, 50,000 machines, as JSON to a file", document, name, base, 0.6)
    drawn = [GWPLAN, "graph", large, "--output", str(WORK / "night.svg")]
    yield against("`graph`, 50,000 machines, as SVG to a file", drawn, "`resolve` of the same file, as text", text, 1.2)
    yield Row("peak memory of the larger of the two", "", max(text.megabytes, document.megabytes), 250, "MB")
    twice = [GWPLAN, "resolve", double]
    yield against("`resolve`, 100,000 machines, as text", twice, "`resolve`, 50,000 machines", text, 2.1)


def starts() -> Iterator[Row]:
    """Start-up."""
    bare = run([PYTHON, "-c", "pass"], 15)
    yield against("`gwplan --version`", [GWPLAN, "--version"], "`python -c pass`", bare, 2, 15)
    imports = "import typer, rich.table, yaml, pydantic, networkx"
    base = run([PYTHON, "-c", imports], 9)
    command = [GWPLAN, "resolve", SMALL]
    yield against("`gwplan resolve inventories/small.yaml`", command, f"`python -c '{imports}'`", base, 0.8, 9)


def sweeps() -> Iterator[Row]:
    """Every single loss and every pair, against one plan of the same file."""
    large, larger = inventory("L.yaml", TIERS["L"]), inventory("XL.yaml", TIERS["XL"])
    base, bigger = run([GWPLAN, "resolve", large]), run([GWPLAN, "resolve", larger])
    name = "`resolve` of the same file"
    single = run([GWPLAN, "sweep", large])
    yield ratio("`sweep`, L: 10,000 machines, 154 elements", single, name, base, 3)
    pairs = run([GWPLAN, "sweep", large, "--order", "2"], 1)
    yield ratio("`sweep --order 2`, L: all 11,781 pairs", pairs, name, base, 30)
    yield against("`sweep`, XL: 30,000 machines, 489 elements", [GWPLAN, "sweep", larger], name, bigger, 5, 1)
    all_pairs = [GWPLAN, "sweep", larger, "--order", "2"]
    yield against("`sweep --order 2`, XL: all 119,316 pairs", all_pairs, name, bigger, 60, 1)
    memory = max(single.megabytes, pairs.megabytes) / base.megabytes
    yield against("`recommend`, L", [GWPLAN, "recommend", large], "`sweep` of the same file", single, 12, 1)
    yield Row("peak memory of the sweeps of L", name, memory, 2)
    yield from sweeps_of_shapes()


def diffs() -> Iterator[Row]:
    """What an edit changes: both sides read, planned and checked, and each edit asked for its effect."""
    old = inventory("50k.yaml", Estate(50_000))
    edited, more = _edited(old, "50k-edited.yaml", _EDITS), _edited(old, "50k-20-edits.yaml", _EDITS + _MORE_EDITS)
    base, swept = run([GWPLAN, "resolve", old]), run([GWPLAN, "sweep", old], 1)
    one, command = "`resolve` of one", [GWPLAN, "diff", old]
    taken = run([*command, edited, "--skip", "single-points"])
    yield ratio("`diff --skip single-points`, 50,000 machines, 6 edits", taken, one, base, 2.6)
    yield Row("its peak memory", one, taken.megabytes / base.megabytes, 1.6)
    several = [*command, more, "--skip", "single-points"]
    yield against("`diff --skip single-points`, 50,000 machines, 20 edits", several, one, base, 6, 1)
    limit = 2.6 + 2 * swept.seconds / base.seconds
    yield against("`diff`, 50,000 machines, 6 edits", [*command, edited], one, base, limit, 1)
    yield against("`diff`, 50,000 machines, 20 edits", [*command, more], one, base, 2 * limit, 1)


def _edited(file: str, name: str, edits: Iterable[tuple[str, str]]) -> str:
    """The file of an inventory in which some texts that stand there once are others."""
    text = Path(file).read_text("utf-8")
    for before, after in edits:
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    (WORK / name).write_text(text, "utf-8")
    return str(WORK / name)


_EDITS = (
    ("  gw-003: {os: linux, site: site-003, cores: 4,", "  gw-003: {os: linux, site: site-003, cores: 12,"),
    ("  gw-007: {", "  gw-007: {description: renewed, "),
    ("mount_server: mnt-002, gateway_servers: [gw-002, gw-022]}\n  repo-003",
     "mount_server: mnt-002, gateway_servers: [gw-022]}\n  repo-003"),
    ("  gw-039: {", "  gw-040: {os: linux, site: site-019, cores: 8, memory: 32 GiB}\n  gw-039: {"),
    ("  job-0002:\n    {type: backup,", "  job-0002:\n    {type: backup, enabled: false,"),
    ("vm-000000: {platform: vmware,", "vm-000000: {tags: [gold], platform: vmware,"),
)  # fmt: skip
"""A server with more cores, a remark, a shorter list, a new server, a job that is disabled, a tag."""
_MORE_EDITS = (
    ("  gw-001: {os: windows, site: site-001, cores: 8, memory: 32 GiB}",
     "  gw-001: {os: windows, site: site-001, cores: 8, memory: 24 GiB}"),
    ("  mnt-001: {os: windows, ", "  mnt-001: {os: linux, "),
    ("gateway_servers: [gw-004, gw-024]}\n  repo-005", "gateway_servers: [gw-024, gw-004]}\n  repo-005"),
    ("gateway_servers: [gw-006, gw-026]}\n  repo-007", "gateway_servers: [gw-006, gw-026, gw-007]}\n  repo-007"),
    ("  repo-000: {", "  repo-000: {max_concurrent_tasks: 16, "),
    ("hub-001: {between: [site-000, site-001], bandwidth: 1 Gbps, latency: 6 ms}",
     "hub-001: {between: [site-000, site-001], bandwidth: 1 Gbps, latency: 7 ms}"),
    ("hub-002: {between: [site-000, site-002], bandwidth: 1 Gbps",
     "hub-002: {between: [site-000, site-002], bandwidth: 2 Gbps"),
    ("  prx-001: {type: vmware, max_concurrent_tasks: 8}", "  prx-001: {type: vmware, max_concurrent_tasks: 9}"),
    ("  job-0005:\n    {type: backup, repository: repo-005, schedule: {start: '21:00'}",
     "  job-0005:\n    {type: backup, repository: repo-005, schedule: {start: '21:30'}"),
    ("  job-0007:\n    {type: backup,", "  job-0007:\n    {type: backup, retention: 14,"),
    ("  site-001: {}", "  site-001: {location: cellar}"),
    ("  mnt-000: {os: windows,", "  mnt-000: {os: windows, os_version: '2022',"),
    ("vm-000100: {platform: vmware, site: site-000, disks: 2, size: 200 GiB}",
     "vm-000100: {platform: vmware, site: site-000, disks: 2, size: 900 GiB}"),
    ("  prx-002: {os: windows, site: site-002, cores: 8,", "  prx-002: {os: windows, site: site-002, cores: 10,"),
)  # fmt: skip
"""Fourteen of each kind that there is, most of which change nothing by themselves: the worst case."""


def pages() -> Iterator[Row]:
    """The page of a report, against the sweep that it holds."""
    large, huge = inventory("L.yaml", TIERS["L"]), inventory("50k.yaml", Estate(50_000))
    page = WORK / "report.html"
    base = run([GWPLAN, "sweep", large], 1)
    taken = run([GWPLAN, "report", large, "--output", str(page)], 1)
    yield ratio("`report`, L: 10,000 machines, 154 elements", taken, "`sweep` of the same file", base, 3)
    yield Row("its page", "", page.stat().st_size / 1e6, 2, "MB")
    run([GWPLAN, "report", huge, "--output", str(page)], 1)
    yield Row("the page of 50,000 machines", "", page.stat().st_size / 1e6, 6, "MB")
    for name in ("automatic proxies", "copies of copies", "fabrics", "small jobs", "tree"):
        file = inventory_of(name, 10_000)
        swept = run([GWPLAN, "sweep", file], 1)
        drawn = run([GWPLAN, "report", file, "--output", str(page)], 1)
        yield ratio(f"{name}, 10,000 machines: `report`", drawn, "`sweep` of the same file", swept, 3)
        yield Row(f"{name}, 10,000 machines: its page", "", page.stat().st_size / 1e6, 2, "MB")


GROUPS = {
    "plans": plans, "diffs": diffs, "starts": starts, "shapes": shaped, "sweeps": sweeps, "validations": validations,
    "imports": imports, "pages": pages,
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("groups", nargs="*", choices=[*GROUPS, []], help="which groups; all if none is named")
    parser.add_argument("--quick", action="store_true", help="a few shapes alone, each measured once")
    parser.add_argument("--before", type=Path, help="an earlier bench.json to compare with")
    arguments = parser.parse_args()
    before = json.loads(arguments.before.read_text("utf-8"))["rows"] if arguments.before else []
    chosen = arguments.groups or list(GROUPS)
    WORK.mkdir(exist_ok=True)
    rows = [*shaped(QUICK, 1)] if arguments.quick else [row for name in chosen for row in GROUPS[name]()]
    machine = f"{platform.python_implementation()} {platform.python_version()} on {platform.machine()}, {_processor()}"
    kept = {"machine": machine, "rows": [dataclasses.asdict(row) for row in rows]}
    (WORK / "bench.json").write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", "utf-8")
    print(f"{machine}\n\n{report(rows)}")
    if before:
        print(f"\n{differences(kept['rows'], before)}")
    sys.exit(0 if all(row.is_met for row in rows) else 1)


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    names = [line.partition(": ")[2] for line in info.read_text().splitlines() if line.startswith("model name")] if (
        info.exists()) else []  # fmt: skip
    return f"{len(names)} × {names[0]}" if names else platform.processor()


if __name__ == "__main__":
    main()
