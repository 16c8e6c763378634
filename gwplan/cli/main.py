"""The ``gwplan`` command line: its commands in the order of ``gwplan --help``, and one run to its exit code."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from gwplan import __version__
from gwplan.cli import (
    diff,
    explain,
    graph,
    import_,
    init,
    output,
    recommend,
    report,
    resolve,
    rule,
    rules,
    schema,
    sweep,
    validate,
    whatif,
)
from gwplan.cli.exits import INTERRUPTED, OK, epilog, tell_error
from gwplan.cli.options import Debug

app = typer.Typer(
    name="gwplan",
    add_completion=True,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help="Says which gateway server Veeam Backup & Replication picks for every job and task, why, and what takes over.",
    epilog=epilog("gwplan resolve inventories/small.yaml"),
)
app.command(epilog=diff.EPILOG)(diff.diff)
app.command(epilog=explain.EPILOG)(explain.explain)
app.command(epilog=graph.EPILOG)(graph.graph)
app.command(epilog=init.EPILOG)(init.init)
app.command(epilog=recommend.EPILOG)(recommend.recommend)
app.command(epilog=report.EPILOG)(report.report)
app.command(epilog=resolve.EPILOG)(resolve.resolve)
app.command(epilog=rule.EPILOG)(rule.rule)
app.command(epilog=rules.EPILOG)(rules.rules)
app.command(epilog=schema.EPILOG)(schema.schema)
app.command(epilog=sweep.EPILOG)(sweep.sweep)
app.command(epilog=validate.EPILOG)(validate.validate)
app.command(epilog=whatif.EPILOG)(whatif.whatif)
app.add_typer(import_.import_app, name="import")


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code. Nothing but the code leaves here."""
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # else it looks through every installed package
    gc.disable()  # one command, one plan: the process ends before a collection would pay
    try:
        result = app(args=list(arguments), prog_name="gwplan", standalone_mode=False)
        sys.stdout.flush()
        return result if isinstance(result, int) else OK
    except KeyboardInterrupt:
        return INTERRUPTED
    except (output.PipeClosed, BrokenPipeError):
        output.silence()
        return OK
    except Exception as error:
        return tell_error(error, debug="--debug" in arguments)


@app.callback(invoke_without_command=True)
def main(
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
    debug: Debug = False,
) -> int:
    del debug
    if version:
        output.emit(f"gwplan {__version__}\n")
        raise typer.Exit(OK)
    return OK
