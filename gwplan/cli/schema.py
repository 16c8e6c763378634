"""``gwplan schema``: the inventory format for editors."""

from __future__ import annotations

from gwplan.cli import app as cli
from gwplan.cli.app import EXIT_CODES, app


@app.command(epilog=f"Example: gwplan schema --output inventory.schema.json\n\n{EXIT_CODES}")
def schema(output: cli.Output = None, debug: cli.Debug = False) -> int:
    """Print the JSON Schema (2020-12) of an inventory, for editors and validators."""
    del debug
    import json

    from gwplan.inventory.json_schema import json_schema

    cli.emit(json.dumps(json_schema(), indent=1) + "\n", output)
    return cli.OK
