"""The ``gwplan`` command line: its commands in the order of ``gwplan --help``, and one run to its exit code."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from keyword import iskeyword
from typing import Annotated

import typer

from gwplan import __version__
from gwplan.cli import output
from gwplan.cli.exits import INTERRUPTED, OK, epilog, tell_error
from gwplan.cli.options import Debug

COMMANDS = {
    "resolve": "Which gateway server serves each job and task.",
    "explain": "Why: the whole story of a decision.",
    "whatif": "What fails, and what takes over, when something is lost.",
    "sweep": "Every single loss, or pair, and what it costs.",
    "diff": "What an edit, or another edition, changes in the night.",
    "recommend": "Which changes would remove what is wrong.",
    "graph": "The night, the network or one job as a picture.",
    "report": "One page that opens offline, to hand over and to query.",
    "validate": "What is wrong, fragile or against the manual.",
    "rule": "Why a rule of `validate` matters.",
    "rules": "The vendor's table as it is executed.",
    "init": "Write an inventory to begin with.",
    "schema": "The JSON Schema of an inventory or a document.",
    "import": "Make an inventory from an estate that exists.",
}
"""Each command with its line in ``gwplan --help``. It is what a file of its name offers under its name."""


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code. No exception leaves here."""
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # or pydantic looks through every installed package
    gc.disable()  # one command, one plan: the process ends before a collection would pay
    try:
        result = _app(arguments)(args=list(arguments), prog_name="gwplan", standalone_mode=False)
        sys.stdout.flush()
        return result if isinstance(result, int) else OK
    except KeyboardInterrupt:
        return INTERRUPTED
    except (output.PipeClosed, BrokenPipeError):
        output.silence()
        return OK
    except Exception as error:
        return tell_error(error, debug="--debug" in arguments)


def _app(arguments: Sequence[str]) -> typer.Typer:
    """The command that the arguments begin with; all of them where they begin with none, as for help and completion."""
    app = typer.Typer(
        name="gwplan",
        add_completion=True,
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
        help="Says which gateway server Veeam Backup & Replication picks for every job and task, why, and what takes "
        "over.",
        epilog=epilog("gwplan resolve inventories/small.yaml"),
    )
    app.callback(invoke_without_command=True)(_main)
    for name in arguments[:1] if arguments and arguments[0] in COMMANDS else COMMANDS:
        own_name = f"{name}_" if iskeyword(name) else name
        module = import_module(f"gwplan.cli.{own_name}")
        command = getattr(module, own_name)
        if isinstance(command, typer.Typer):
            app.add_typer(command, name=name, short_help=COMMANDS[name])
        else:
            app.command(name, epilog=module.EPILOG, short_help=COMMANDS[name])(command)
    return app


def _main(
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
    debug: Debug = False,
) -> int:
    del debug
    if version:
        output.emit(f"gwplan {__version__}\n")
        raise typer.Exit(OK)
    return OK
