"""Each shape of 50,000 machines against ``yaml.load(CSafeLoader)`` of the same file, and against twice as many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from measure import GWPLAN, PYTHON, Row, Taken, against, ratio, run
from shapes import SHAPES

ROOT = Path(__file__).parent.parent.parent
WORK = ROOT / ".bench"
MACHINES = 50_000
QUICK = ("lists", "automatic proxies", "findings")
AS_LONG = {"groups": "lists"}
"""Shapes of little text, with the one of as many machines whose text they are measured against."""


def shaped(names: Iterable[str] = tuple(SHAPES), times: int = 2) -> Iterator[Row]:
    """Text, JSON, memory, growth and ``validate`` of each shape."""
    WORK.mkdir(exist_ok=True)
    for name in names:
        yield from _rows(name, times)


def sweeps(names: Iterable[str] = tuple(SHAPES)) -> Iterator[Row]:
    """Every single loss of each shape, and every pair of losses, against one plan of it."""
    WORK.mkdir(exist_ok=True)
    sizes = [(name, MACHINES // 10) for name in names] + [("automatic proxies", MACHINES)]
    for name, machines in sizes:
        file = inventory_of(name, machines)
        what, one_plan = f"{name}, {machines:,} machines", "`resolve` of the same file"
        base = run([GWPLAN, "resolve", file])
        yield against(f"{what}: `sweep`", [GWPLAN, "sweep", file], one_plan, base, 5, 1)
        if machines < MACHINES:
            pairs = [GWPLAN, "sweep", file, "--order", "2"]
            yield against(f"{what}: `sweep --order 2`", pairs, one_plan, base, 60, 1)


def inventory_of(name: str, machines: int) -> str:
    """The file of a shape."""
    file = WORK / f"{name.replace(' ', '-')}-{machines}.yaml"
    file.write_text("".join(f"{line}\n" for line in SHAPES[name](machines)), "utf-8")
    return str(file)


def _rows(name: str, times: int) -> Iterator[Row]:
    large, double = inventory_of(name, MACHINES), inventory_of(name, 2 * MACHINES)
    long = AS_LONG.get(name, name)
    base = _reading(large if long == name else inventory_of(long, MACHINES), times)
    baseline = f"`yaml.load(CSafeLoader)` of {'the same file' if long == name else long}"
    text = run([GWPLAN, "resolve", large], times)
    yield ratio(f"{name}: `resolve` as text", text, baseline, base, 0.35)
    as_json = [GWPLAN, "resolve", large, "--format", "json", "--output", str(WORK / "plan.json")]
    document = run(as_json, times)
    yield ratio(f"{name}: as JSON to a file", document, baseline, base, 0.6)
    yield Row(f"{name}: peak memory of the larger of the two", "", max(text.megabytes, document.megabytes), 250, "MB")
    twice = [GWPLAN, "resolve", double]
    yield against(f"{name}: twice the machines", twice, "`resolve` of the same shape", text, 2.1, times)
    command = [GWPLAN, "validate", large, "--format", "concise"]
    yield against(f"{name}: `validate`", command, "`resolve` of the same file", text, 1.2, times)


def _reading(file: str, times: int) -> Taken:
    return run([PYTHON, "-c", f"import yaml; yaml.load(open({file!r}), Loader=yaml.CSafeLoader)"], times)
