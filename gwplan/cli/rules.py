"""``gwplan rules``: the vendor's table."""

from __future__ import annotations

from typing import Annotated

import typer

from gwplan.cli import complete, exits, options
from gwplan.cli.output import tell
from gwplan.render.formats import VENDOR_TABLE

EPILOG = exits.epilog("gwplan rules", "gwplan rules copy-wan")


def rules(
    rule: Annotated[
        str | None, typer.Argument(metavar="[ID]", autocompletion=complete.row, help="Tell one rule.")
    ] = None,
    format: Annotated[str, options.format_of(VENDOR_TABLE)] = "text",  # noqa: A002 - the option's name
    output: options.Output = None,
    debug: options.Debug = False,
) -> int:
    """Print the vendor's table as it is executed: ids, conditions, servers in order, certainty, page."""
    del debug
    from gwplan.findings import UsageError
    from gwplan.inventory.names import nearest
    from gwplan.planning.editions.v13 import V13
    from gwplan.render.formats import VendorTable

    row = None if rule is None else V13.row_called(rule)
    if rule is not None and row is None:
        from gwplan.checks import RULES_BY_CODE

        guess = nearest(rule, [row.id for row in V13.rows])
        hint = f"did you mean {guess!r}?" if guess else "`gwplan rules` lists them"
        if rule.upper() in RULES_BY_CODE or rule in {one.name for one in RULES_BY_CODE.values()}:
            raise UsageError(f"{rule} is a rule of `gwplan validate`, not of the vendor's table: `gwplan rule {rule}`")
        raise UsageError(f"there is no rule {rule!r}; {hint}")
    tell(VENDOR_TABLE[format], VendorTable(V13, V13.rows if row is None else (row,)), output)
    return exits.OK
