"""``import`` of a large estate against libraries that read the same bytes three times and write the inventory once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import yaml
from estates import health_check, rest_answers
from measure import GWPLAN, PYTHON, Row, Taken, against, ratio, run

WORK = Path(__file__).parent.parent.parent / ".bench"
_READS = {
    "rest": "json.loads(open(f, 'rb').read())",
    "health-check": "list(csv.DictReader(open(f, encoding='utf-8', newline='')))",
}


def imports() -> Iterator[Row]:
    """A new file, a file that has half of it, and twice as much."""
    for source, make in (("rest", rest_answers), ("health-check", health_check)):
        folder, double, half = (WORK / f"{source}-{size}" for size in ("50k", "100k", "25k"))
        files = make(folder, 50_000)
        out = str(WORK / f"{source}.yaml")
        command = [GWPLAN, "import", source, str(folder), "--output", out]
        taken = run(command, 3)
        name = f"reading the same bytes 3 × with `{'json' if source == 'rest' else 'csv'}`, `yaml.dump(CSafeDumper)`"
        base = _libraries(source, files, Path(out))
        yield ratio(f"`import {source}`, 50,000 machines", taken, name, base, 1)
        make(double, 100_000)
        twice = [GWPLAN, "import", source, str(double), "--output", out]
        yield against(f"`import {source}`, 100,000 machines", twice, "50,000 machines", taken, 2.1, 1)
        make(half, 25_000)
        run([GWPLAN, "import", source, str(half), "--output", out], 1)
        into = [GWPLAN, "import", source, str(folder), "--into", out, "--output", f"{out}.new"]
        yield against(f"`import {source} --into` a file with half of them", into, "a new file", taken, 2.5, 1)


def _libraries(source: str, files: list[Path], inventory: Path) -> Taken:
    data = inventory.with_suffix(".json")
    data.write_text(json.dumps(yaml.load(inventory.read_bytes(), Loader=yaml.CSafeLoader)), "utf-8")
    read = f"[{_READS[source]} for _ in range(3) for f in {[str(file) for file in files]!r}]"
    write = f"yaml.dump(json.load(open({str(data)!r})), open(os.devnull, 'w'), Dumper=yaml.CSafeDumper)"
    return run([PYTHON, "-c", f"import csv, json, os, yaml; {read}; {write}"])
