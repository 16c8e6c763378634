"""``gwplan schema``: the inventory format for editors, and the documents that gwplan prints for programs."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from gwplan.cli import exits, options
from gwplan.cli.output import emit

EPILOG = exits.epilog("gwplan schema --output inventory.schema.json")


Document = Annotated[
    Literal["inventory", "plan", "findings", "whatif", "sweep", "diff", "graph", "recommendation", "import"],
    typer.Argument(
        metavar="DOCUMENT", help="inventory, plan, findings, whatif, sweep, diff, graph, recommendation or import."
    ),
]


def schema(document: Document = "inventory", output: options.Output = None, debug: options.Debug = False) -> int:
    """Print the JSON Schema (2020-12) of an inventory, or of a document that `--format json` prints."""
    del debug
    import json

    if document == "inventory":
        from gwplan.inventory.json_schema import json_schema

        found = json_schema()
    else:
        from gwplan.render.output_schema import output_schema

        found = output_schema(document)
    emit(json.dumps(found, indent=1) + "\n", output)
    return exits.OK
