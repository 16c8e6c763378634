"""``gwplan rules``: the vendor's table, and the editions of it."""

from __future__ import annotations

from typing import Annotated

import typer

from gwplan.cli import complete, exits, options
from gwplan.cli.output import tell
from gwplan.render.formats import EDITION_LIST, VENDOR_TABLE

EPILOG = exits.epilog("gwplan rules", "gwplan rules copy-wan --edition 12", "gwplan rules --editions")


def rules(
    rule: Annotated[
        str | None, typer.Argument(metavar="[ID]", autocompletion=complete.row, help="Tell one rule.")
    ] = None,
    edition: Annotated[
        str | None,
        typer.Option(
            "--edition", metavar="VERSION", autocompletion=complete.edition,
            help="The rules of this version or build. [default: 13]",
        ),
    ] = None,
    editions: Annotated[
        bool, typer.Option("--editions", help="List the editions, and what differs from one to the next.")
    ] = False,
    format: Annotated[str, options.format_of(VENDOR_TABLE)] = "text",  # noqa: A002 - the option's name
    output: options.Output = None,
    debug: options.Debug = False,
) -> int:
    """Print the vendor's table as it is executed: ids, conditions, servers in order, certainty, page."""
    del debug
    from gwplan.findings import UsageError
    from gwplan.inventory.names import nearest
    from gwplan.planning.editions import EDITIONS, edition_of, require_known
    from gwplan.render.things import EditionList, VendorTable

    if editions:
        if rule is not None or edition is not None:
            raise UsageError("--editions lists them all: give neither a rule nor --edition")
        tell(EDITION_LIST[format], EditionList(EDITIONS), output)
        return exits.OK
    require_known(edition or "13")
    asked = edition_of(edition or "13")
    row = None if rule is None else asked.row_called(rule)
    if rule is not None and row is None:
        from gwplan.checks import RULES_BY_CODE

        guess = nearest(rule, [row.id for row in asked.rows])
        hint = f"did you mean {guess!r}?" if guess else "`gwplan rules` lists them"
        if rule.upper() in RULES_BY_CODE or rule in {one.name for one in RULES_BY_CODE.values()}:
            raise UsageError(f"{rule} is a rule of `gwplan validate`, not of the vendor's table: `gwplan rule {rule}`")
        raise UsageError(f"there is no rule {rule!r}; {hint}")
    told = VendorTable(asked, asked.rows if row is None else (row,), edition)
    tell(VENDOR_TABLE[format], told, output)
    return exits.OK
