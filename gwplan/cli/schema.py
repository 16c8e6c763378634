"""``gwplan schema``: the inventory format for editors."""

from __future__ import annotations

from gwplan.cli import exits, options
from gwplan.cli.output import emit

EPILOG = exits.epilog("gwplan schema --output inventory.schema.json")


def schema(output: options.Output = None, debug: options.Debug = False) -> int:
    """Print the JSON Schema (2020-12) of an inventory, for editors and validators."""
    del debug
    import json

    from gwplan.inventory.json_schema import json_schema

    emit(json.dumps(json_schema(), indent=1) + "\n", output)
    return exits.OK
