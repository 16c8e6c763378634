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
app.command(epilog=resolve.EPILOG, short_help="Which gateway server serves each job and task.")(resolve.resolve)
app.command(epilog=explain.EPILOG, short_help="Why: the whole story of a decision.")(explain.explain)
app.command(epilog=whatif.EPILOG, short_help="What fails, and what takes over, when something is lost.")(whatif.whatif)
app.command(epilog=sweep.EPILOG, short_help="Every single loss, or pair, and what it costs.")(sweep.sweep)
app.command(epilog=diff.EPILOG, short_help="What an edit, or another edition, changes in the night.")(diff.diff)
app.command(epilog=recommend.EPILOG, short_help="Which changes would remove what is wrong.")(recommend.recommend)
app.command(epilog=graph.EPILOG, short_help="The night, the network or one job as a picture.")(graph.graph)
app.command(epilog=report.EPILOG, short_help="One page that opens offline, to hand over and to query.")(report.report)
app.command(epilog=validate.EPILOG, short_help="What is wrong, fragile or against the manual.")(validate.validate)
app.command(epilog=rule.EPILOG, short_help="Why a rule of `validate` matters.")(rule.rule)
app.command(epilog=rules.EPILOG, short_help="The vendor's table as it is executed.")(rules.rules)
app.command(epilog=init.EPILOG, short_help="Write an inventory to begin with.")(init.init)
app.command(epilog=schema.EPILOG, short_help="The JSON Schema of an inventory or a document.")(schema.schema)
app.add_typer(import_.import_app, name="import", short_help="Make an inventory from an estate that exists.")


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code. No exception leaves here."""
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # or pydantic looks through every installed package
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
