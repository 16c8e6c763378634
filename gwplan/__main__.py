"""The ``gwplan`` command. ``--version`` answers before anything heavy is imported."""

import sys


def main() -> None:
    """Run the command line and exit with its code."""
    if sys.argv[1:] == ["--version"]:
        from gwplan import __version__

        print(f"gwplan {__version__}")  # noqa: T201 - the one print outside cli/
        return
    from gwplan.cli.app import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
