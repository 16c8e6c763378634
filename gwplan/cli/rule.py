"""``gwplan rule``: what a code of ``validate`` means, offline."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from gwplan.cli import app as cli
from gwplan.cli import complete
from gwplan.cli.app import EXIT_CODES, app


@app.command(epilog=f"Examples: gwplan rule GW050\n\ngwplan rule --all --format markdown\n\n{EXIT_CODES}")
def rule(
    code: Annotated[
        str | None,
        typer.Argument(metavar="[CODE]", autocompletion=complete.code, help="A code, or the name of a rule."),
    ] = None,
    all_: Annotated[bool, typer.Option("--all", help="Every rule.")] = False,
    format: Annotated[  # noqa: A002 - the option's name
        Literal["text", "json", "markdown"], typer.Option("--format", help="How to print.")
    ] = "text",
    output: cli.Output = None,
    debug: cli.Debug = False,
) -> int:
    """Explain a rule of `validate`: why it matters, what is wrong and right, what to do, the vendor's page."""
    del debug
    from gwplan.checks import RULES, RULES_BY_CODE
    from gwplan.findings import UsageError
    from gwplan.inventory.names import nearest
    from gwplan.render.catalogue import explained, listed, rule_data, rules_page

    if (code is None) != all_:
        raise UsageError("name a code, or say --all")
    chosen = RULES
    if code is not None:
        by_name = {one.name: one for one in RULES}
        found = RULES_BY_CODE.get(code.upper()) or by_name.get(code)
        if found is None:
            guess = nearest(code.upper(), RULES_BY_CODE) or nearest(code, by_name)
            hint = f"did you mean {guess!r}?" if guess else "`gwplan rule --all` lists them"
            raise UsageError(f"there is no rule {code!r}; {hint}")
        chosen = (found,)
    if format == "json":
        import json

        document = {"format": "gwplan.checks/1", "rules": [rule_data(one) for one in chosen]}
        cli.emit(json.dumps(document, indent=1) + "\n", output)
    elif format == "markdown":
        cli.emit(rules_page(chosen), output)
    else:
        cli.show(listed(chosen) if all_ else explained(chosen[0]), output)
    return cli.OK
