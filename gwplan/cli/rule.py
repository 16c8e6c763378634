"""``gwplan rule``: what a code of ``validate`` means, offline."""

from __future__ import annotations

from typing import Annotated

import typer

from gwplan.cli import complete, exits, options
from gwplan.cli.output import tell
from gwplan.render.formats import CATALOGUE

EPILOG = exits.epilog("gwplan rule GW050", "gwplan rule --all --format markdown")


def rule(
    code: Annotated[
        str | None,
        typer.Argument(metavar="[CODE]", autocompletion=complete.code_or_name, help="A code, or the name of a rule."),
    ] = None,
    all_: Annotated[bool, typer.Option("--all", help="Every rule.")] = False,
    format: Annotated[str, options.format_of(CATALOGUE)] = "text",  # noqa: A002 - the option's name
    output: options.Output = None,
    debug: options.Debug = False,
) -> int:
    """Explain a rule of `validate`: why it matters, what is wrong and right, what to do, the vendor's page."""
    del debug
    from gwplan.checks import RULES, RULES_BY_CODE
    from gwplan.findings import UsageError
    from gwplan.inventory.names import nearest

    if (code is None) != all_:
        raise UsageError("name a code, or say --all")
    chosen = RULES
    if code is not None:
        by_name = {one.name: one for one in RULES}
        found = RULES_BY_CODE.get(code.upper()) or by_name.get(code)
        if found is None:
            from gwplan.planning.editions import EDITIONS

            if any(edition.row_called(code) for edition in EDITIONS):
                raise UsageError(f"{code} is a row of the vendor's table: `gwplan rules {code}`")
            guess = nearest(code.upper(), RULES_BY_CODE) or nearest(code, by_name)
            hint = f"did you mean {guess!r}?" if guess else "`gwplan rule --all` lists them"
            raise UsageError(f"there is no rule {code!r}; {hint}")
        chosen = (found,)
    tell(CATALOGUE[format], chosen, output)
    return exits.OK
