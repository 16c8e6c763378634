"""``gwplan diff``: what an edit of the inventory changes in the night."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from gwplan.cli import complete, exits, options
from gwplan.cli.input import named, refuse_stdin_twice
from gwplan.cli.output import refuse_same, show, tell
from gwplan.render.formats import DIFF, UNREADABLE
from gwplan.render.things import COMMENT_LENGTH, Compared, Unreadable, UnreadableSide

if TYPE_CHECKING:
    from gwplan.inventory.model import Inventory
    from gwplan.review.diff import Diff

EPILOG = exits.epilog(
    "gwplan diff main:estate/ estate/",
    "gwplan diff --against main estate/ --format markdown --output comment.md",
    "gwplan diff inventories/small.yaml --edition 12",
    bad_news="the verdict is worse, or with --fail-on changed anything but same",
)


def diff(
    inventories: Annotated[
        list[str],
        typer.Argument(
            metavar="[OLD] NEW", show_default=False,
            help="Files, directories, - (one of them), or REV:PATH as git writes it.",
        ),
    ],
    against: Annotated[
        str | None, typer.Option("--against", metavar="REV", help="OLD is NEW as this revision has it.")
    ] = None,
    edition: options.Edition = None,
    down: options.Down = None,
    strategy: options.Strategy = "nearest",
    job: Annotated[
        list[str] | None,
        typer.Option("--job", metavar="NAME", help="List only this job; repeatable.", autocompletion=complete.job),
    ] = None,
    only: Annotated[
        str | None,
        typer.Option(
            "--only", metavar="KINDS",
            help="List only these: lost, blocked, restored, moved, rebalanced, appeared, gone.",
        ),
    ] = None,
    rebalanced: Annotated[bool, typer.Option("--rebalanced", help="List what only spreads differently, too.")] = False,
    detail: Annotated[bool, typer.Option("--detail", help="List each task, and everything else.")] = False,
    skip: Annotated[
        str | None, typer.Option("--skip", metavar="PARTS", help="Do not look for these: single-points.")
    ] = None,
    fail_on: Annotated[
        Literal["worse", "changed", "never"], typer.Option("--fail-on", help="What ends with exit code 1.")
    ] = "worse",
    max_length: Annotated[
        int, typer.Option("--max-length", metavar="N", min=1, help="In Markdown: the most characters.")
    ] = COMMENT_LENGTH,
    format: Annotated[  # noqa: A002 - the option's name
        str | None, options.format_of(DIFF, "How to print. [default: text, or what --output ends in]")
    ] = None,
    output: options.Output = None,
    debug: options.Debug = False,
) -> int:
    """Say what an edit changes in the night: decisions, findings, single points of failure and loads."""
    del debug
    chosen = options.format_for(format, output, DIFF)
    before, after = _sides(inventories, against, edition)
    refuse_same("--output", output, before, after)
    from gwplan.failures.differences import DIFFERENCES
    from gwplan.planning.editions import require_known

    kinds = options.words_of("--only", only, DIFFERENCES)
    skipped = options.words_of("--skip", skip, ("single-points",))
    if edition is not None:
        require_known(edition)
    old, new = _read(before, after, chosen, output, max_length)
    found = compared(
        old, new, edition, down or [], strategy, is_upgrade=against is None and len(inventories) == 1,
        single_points=not skipped,
    )  # fmt: skip
    _require_jobs(found, job or [])
    shown = [kind for kind in DIFFERENCES if kind in (kinds or DIFFERENCES)]
    if not rebalanced and "rebalanced" not in kinds:
        shown = [kind for kind in shown if kind != "rebalanced"]
    elif rebalanced and "rebalanced" not in shown:
        shown.append("rebalanced")
    title = f"{_called(before)} → {_called(after)}" if before != after else _called(after)
    told = Compared(found, before, after, title, shown, job or (), by_task=detail, max_length=max_length)
    tell(DIFF[chosen], told, output)
    is_bad = found.verdict == "worse" if fail_on == "worse" else found.verdict != "same"
    return exits.BAD_NEWS if is_bad and fail_on != "never" else exits.OK


def _sides(inventories: list[str], against: str | None, edition: str | None) -> tuple[str, str]:
    """What the two sides are called."""
    from gwplan.findings import UsageError

    if len(inventories) > 2 or (len(inventories) == 2 and against is not None):
        raise UsageError("diff takes OLD and NEW, or --against REV and NEW")
    refuse_stdin_twice(*inventories)
    if len(inventories) == 2:
        return inventories[0], inventories[1]
    (where,) = inventories
    if against is not None:
        if where == "-":
            raise UsageError("--against REV needs a file or a directory, which standard input is not")
        path = os.path.relpath(where) + "/" * where.endswith("/") if os.path.isabs(where) else where  # noqa: PTH117
        return f"{against}:./{path}" if not path.startswith(("./", "../")) else f"{against}:{path}", where
    if edition is None:
        raise UsageError("give two inventories, or --against REV, or --edition for one under another edition")
    return where, where


def _read(before: str, after: str, chosen: str, output: str | None, max_length: int) -> tuple[Inventory, Inventory]:
    """Both sides. Everything that keeps either from being read is told, each with its side."""
    from gwplan.cli.git import read_side
    from gwplan.findings import InventoryError
    from gwplan.inventory.load import load_sources

    found: list[Inventory] = []
    failed: list[UnreadableSide] = []
    for word, where in (("before", before), ("after", after))[before == after :]:
        try:
            found.append(load_sources(read_side(where)))
        except InventoryError as error:
            failed.append(UnreadableSide(word, _called(where), error.findings))
    if failed:
        told = Unreadable(after, tuple(failed), max_length)
        if chosen == "text":
            show(UNREADABLE["text"].write(told), stream=sys.stderr)
        else:
            tell(UNREADABLE[chosen], told, output)
        raise InventoryError(finding for side in failed for finding in side.findings)
    return found[0], found[-1]


def _called(where: str) -> str:
    return named(where) if where == "-" else where


def compared(
    old: Inventory, new: Inventory, edition: str | None, down: list[str], strategy: str, *,
    is_upgrade: bool = False, single_points: bool = True,
) -> Diff:  # fmt: skip
    """The two sides compared, as the settings of the project ask."""
    from gwplan.checks import RULES_BY_CODE
    from gwplan.checks.quiet import Selection
    from gwplan.cli.progress import progress
    from gwplan.cli.validate_settings import chosen as chosen_settings
    from gwplan.review.diff import diff as compare
    from gwplan.review.diff import upgrade

    settings = chosen_settings({}, tuple(RULES_BY_CODE))
    selection = Selection(settings["select"], settings["ignore"])
    with progress("losses") as step:
        if is_upgrade:
            return upgrade(
                new, edition or "", down=down, strategy=strategy, single_points=single_points, selection=selection,
                progress=step,
            )  # fmt: skip
        return compare(
            old, new, down=down, strategy=strategy, edition=edition, single_points=single_points, selection=selection,
            progress=step,
        )  # fmt: skip


def _require_jobs(found: Diff, jobs: list[str]) -> None:
    """Raises UsageError for a job that neither side has or decides anything about."""
    from gwplan.findings import UsageError
    from gwplan.inventory.names import nearest

    plans = (found.before, found.after)
    known = {name for made in plans for name in made.inventory.jobs}
    known |= {ruling.job for made in plans for ruling in made.rulings}
    for name in jobs:
        if name not in known:
            guess = nearest(name, known)
            raise UsageError(f"neither side has a job {name!r}{f'; did you mean {guess!r}?' if guess else ''}")
