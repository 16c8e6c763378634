"""``gwplan rules``: the vendor's table."""

from __future__ import annotations

from typing import Annotated

import typer

from gwplan.cli import exits, options
from gwplan.cli.output import tell
from gwplan.render.formats import VENDOR_TABLE

EPILOG = exits.epilog("gwplan rules", "gwplan rules copy-wan")


def rules(
    rule: Annotated[str | None, typer.Argument(metavar="[ID]", help="Tell one rule.")] = None,
    format: Annotated[str, options.format_of(VENDOR_TABLE)] = "text",  # noqa: A002 - the option's name
    output: options.Output = None,
    debug: options.Debug = False,
) -> int:
    """Print the vendor's table as it is executed: ids, conditions, servers in order, certainty, page."""
    del debug
    from gwplan.findings import UsageError
    from gwplan.inventory.names import nearest
    from gwplan.planning.rules import BY_ID, ROWS

    if rule is not None and rule not in BY_ID:
        guess = nearest(rule, BY_ID)
        hint = f"did you mean {guess!r}?" if guess else "`gwplan rules` lists them"
        raise UsageError(f"there is no rule {rule!r}; {hint}")
    tell(VENDOR_TABLE[format], ROWS if rule is None else (BY_ID[rule],), output)
    return exits.OK
