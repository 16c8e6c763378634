"""The ``gwplan`` command. ``--version`` answers before anything heavy is imported."""

import os
import sys


def main() -> None:
    """Run the command line and exit with its code."""
    if sys.argv[1:] == ["--version"]:
        from gwplan import __version__

        print(f"gwplan {__version__}")  # noqa: T201 - the one print outside cli/
        return
    from gwplan.cli.main import run

    sys.exit(run(sys.argv[1:]))


def script() -> None:
    """The same for a process of its own, which ends at once instead of taking a plan apart object by object."""
    try:
        main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    script()
