"""The ``gwplan`` command. ``--version`` answers before anything heavy is imported."""

import os
import sys

TYPE_CHECKING = False

if TYPE_CHECKING:
    from types import TracebackType


def _uncaught(kind: type[BaseException], error: BaseException, trace: "TracebackType | None") -> None:
    """End the process at an interrupt that comes before ``script`` has begun, just as ``script`` does later."""
    if issubclass(kind, KeyboardInterrupt):
        os._exit(130)
    sys.__excepthook__(kind, error, trace)


sys.excepthook = _uncaught


def main() -> None:
    """Run the command line and exit with its code."""
    if sys.argv[1:] == ["--version"]:
        from gwplan import __version__

        print(f"gwplan {__version__}")  # noqa: T201 - the one print outside cli/
        return
    from gwplan.cli.main import run

    sys.exit(run(sys.argv[1:]))


def script() -> None:
    """Run ``main`` in a process of its own, which ends at once instead of taking a plan apart object by object.

    From here on an interrupt ends it quietly. A standard stream that is closed leads to the null device, so that no
    file opened later is taken for it.
    """
    code = 0
    try:
        sys.unraisablehook = _unraisable
        _open_streams()
        main()
        sys.stdout.flush()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0
    except KeyboardInterrupt:
        code = 130
    except OSError:  # from --version only: `run` lets none out
        code = 2
    try:
        sys.stderr.flush()
    finally:  # if standard error itself cannot be written, nobody can be told
        os._exit(code)


def _open_streams() -> None:
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        if getattr(sys, name) is None:
            held = os.open(os.devnull, os.O_RDONLY if mode == "r" else os.O_WRONLY)
            if held != number:
                os.dup2(held, number)
                os.close(held)
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115 - a number


def _unraisable(unraisable: "sys.UnraisableHookArgs") -> None:
    """End the command at an interrupt that Python would otherwise drop, because it came in a library's callback."""
    if unraisable.exc_type is KeyboardInterrupt:
        os._exit(130)
    sys.__unraisablehook__(unraisable)


if __name__ == "__main__":
    script()
