"""``gwplan rules``: the vendor's table."""

from __future__ import annotations

from typing import Annotated

import typer

from gwplan.cli import app as cli
from gwplan.cli.app import EXIT_CODES, app


@app.command(epilog=f"Examples: gwplan rules\n\ngwplan rules copy-wan\n\n{EXIT_CODES}")
def rules(
    rule: Annotated[str | None, typer.Argument(metavar="[ID]", help="Tell one rule.")] = None,
    format: cli.Format = "text",  # noqa: A002 - the option's name
    output: cli.Output = None,
    debug: cli.Debug = False,
) -> int:
    """Print the vendor's table as it is executed: ids, conditions, servers in order, certainty, page."""
    del debug
    from gwplan.findings import UsageError
    from gwplan.inventory.names import nearest
    from gwplan.planning.editions.v13 import V13
    from gwplan.render.rules_text import rule_blocks, rule_object, rules_blocks

    row = None if rule is None else V13.row_called(rule)
    if rule is not None and row is None:
        guess = nearest(rule, [row.id for row in V13.rows])
        hint = f"did you mean {guess!r}?" if guess else "`gwplan rules` lists them"
        raise UsageError(f"there is no rule {rule!r}; {hint}")
    chosen = V13.rows if row is None else (row,)
    if format == "json":
        import json

        document = {"format": "gwplan.rules/1", "rules": [rule_object(row) for row in chosen]}
        cli.emit(json.dumps(document, indent=1) + "\n", output)
    else:
        cli.show(rules_blocks() if row is None else rule_blocks(chosen[0]), output)
    return cli.OK
