"""``validate`` against a peer that checks the same file's form, and against ``resolve`` of a large estate."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

from generate import Estate, lines
from measure import BIN, GWPLAN, Row, against, run

ROOT = Path(__file__).parent.parent.parent
WORK = ROOT / ".bench"
SMALL = str(ROOT / "inventories" / "small.yaml")


def validations() -> Iterator[Row]:
    """Start to end, as continuous integration waits for it. The peer comes with the group ``bench``."""
    WORK.mkdir(exist_ok=True)
    peer = BIN / "check-jsonschema"
    if peer.exists():
        schema = WORK / "inventory.schema.json"
        subprocess.run([GWPLAN, "schema", "--output", str(schema)], check=True)
        base = run([str(peer), "--schemafile", str(schema), SMALL], 9)
        command = [GWPLAN, "validate", SMALL]
        yield against("`validate inventories/small.yaml`", command, "`check-jsonschema` of the same file", base, 0.6, 9)
    large = WORK / "50k.yaml"
    large.write_text("".join(f"{line}\n" for line in lines(Estate(50_000))), "utf-8")
    base = run([GWPLAN, "resolve", str(large)])
    command = [GWPLAN, "validate", str(large), "--format", "concise"]
    yield against("`validate`, 50,000 machines", command, "`resolve` of the same file", base, 1.2)
