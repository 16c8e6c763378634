"""``gwplan recommend``: what to do about what is wrong, each change proven; and the changes made, where asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from gwplan.cli import complete, exits, options
from gwplan.cli.input import read_inventory
from gwplan.cli.output import complain, emit, refuse_same, show_diff, tell
from gwplan.render.formats import RECOMMENDATION
from gwplan.render.things import Recommended

if TYPE_CHECKING:
    from gwplan.findings import Edit
    from gwplan.inventory.edit import Edited
    from gwplan.inventory.model import Inventory
    from gwplan.remedies.recommend import Recommendation

EPILOG = exits.epilog(
    "gwplan recommend inventories/two-sites.yaml",
    "gwplan recommend inventories/two-sites.yaml --for loss --diff",
    "gwplan recommend inventories/two-sites.yaml --new-server lyon:linux:8:32GiB",
    bad_news="something is wrong, whether it can be helped or not",
)


def recommend(
    inventory: options.InventoryPath,
    about: Annotated[
        str | None, typer.Option("--for", metavar="KINDS", help="Only these problems: failing, loss, overload, wan.")
    ] = None,
    job: Annotated[
        list[str] | None,
        typer.Option("--job", metavar="NAME", help="Only this job; repeatable.", autocompletion=complete.job),
    ] = None,
    repository: Annotated[
        list[str] | None,
        typer.Option(
            "--repository",
            metavar="NAME",
            help="Only this repository; repeatable.",
            autocompletion=complete.repository,
        ),
    ] = None,
    max_changes: Annotated[
        int, typer.Option("--max-changes", metavar="N", min=1, help="The most changes for one problem.")
    ] = 2,
    new_server: Annotated[
        list[str] | None,
        typer.Option(
            "--new-server", metavar="SITE[:OS[:CORES[:MEMORY]]]", help="A server that may be bought; repeatable."
        ),
    ] = None,
    only: Annotated[
        str | None, typer.Option("--only", metavar="KINDS", help="Only these changes: list, mount, proxy, limit, zone.")
    ] = None,
    top: Annotated[int, typer.Option("--top", metavar="N", min=0, help="The most suggestions.")] = 10,
    strategy: options.Strategy = "nearest",
    edition: options.Edition = None,
    overlay: Annotated[
        str | None, typer.Option("--overlay", metavar="FILE", help="Write the changes as an overlay for whatif --with.")
    ] = None,
    diff: Annotated[bool, typer.Option("--diff", help="Print the changes as a diff of the inventory's text.")] = False,
    apply: Annotated[bool, typer.Option("--apply", help="Make the changes in the inventory's own files.")] = False,
    format: Annotated[str, options.format_of(RECOMMENDATION)] = "text",  # noqa: A002 - the option's name
    output: options.Output = None,
    debug: options.Debug = False,
) -> int:
    """Look for changes that remove what is wrong, plan and sweep each changed inventory, and say what cannot be helped.

    --overlay, --diff and --apply write the smallest set of changes; where there is none, the first suggestion.
    """
    del debug
    from gwplan.findings import UsageError

    if apply and inventory == "-":
        raise UsageError("--apply needs a file or a folder: standard input cannot be written")
    if apply and diff:
        raise UsageError("--diff shows what --apply would write: give one of the two")
    refuse_same("--overlay", overlay, inventory, output)
    loaded = read_inventory(inventory, format, output, edition)
    if apply:
        from gwplan.cli.rewrite import must_be_writable

        must_be_writable(loaded.text)
    from gwplan.cli.progress import progress
    from gwplan.remedies.places import CHANGE_KINDS
    from gwplan.remedies.problems import KINDS
    from gwplan.remedies.recommend import recommend as search

    kinds = options.words_of("--for", about, KINDS) or list(KINDS)
    changes = options.words_of("--only", only, CHANGE_KINDS[:-1]) or list(CHANGE_KINDS)
    with progress("losses and changes") as step:
        found = search(
            loaded, kinds=kinds, jobs=job or (), repositories=repository or (), only=changes,
            new_servers=new_server or (), max_changes=max_changes, top=top, strategy=strategy, progress=step,
        )  # fmt: skip
    made = _edited(loaded, found) if found.to_make and (diff or apply) else None
    if diff:
        show_diff(made.diff if made else "", output)
    else:
        tell(RECOMMENDATION[format], Recommended(found, kinds, edition), output)
    if not found.is_whole:
        complain("interrupted: this is what is known so far")
        return exits.INTERRUPTED
    _write(loaded, found, overlay, made if apply else None, asked=bool(overlay) or diff or apply)
    return exits.BAD_NEWS if found.problems else exits.OK


def _write(
    inventory: Inventory, found: Recommendation, overlay: str | None, made: Edited | None, *, asked: bool
) -> None:
    if asked and not found.to_make:
        complain("no change helps: nothing to write" if found.problems else "nothing is wrong: nothing to write")
        return
    if overlay is not None:
        from gwplan.inventory.edit import overlay as as_overlay

        emit(as_overlay(inventory.text, _edits(found)), overlay)
        complain(f"written: {overlay}")
    if made is not None:
        from gwplan.cli.rewrite import rewrite

        for name in rewrite(made.rewritten):
            complain(f"written: {name}")


def _edited(inventory: Inventory, found: Recommendation) -> Edited:
    """The text with the changes, which says exactly what was planned. Raises UsageError where that cannot be."""
    from gwplan.findings import UsageError
    from gwplan.inventory.edit import Refused, edited
    from gwplan.inventory.load import load_sources
    from gwplan.planning.editions import under_edition
    from gwplan.remedies.changes import changed

    made = edited(inventory.text, _edits(found))
    if isinstance(made, Refused):
        raise UsageError(f"the text cannot be changed: {made.reason}; write by hand:\n{made.by_hand}")
    if under_edition(load_sources(made.sources), inventory.product_version) != changed(inventory, found.to_make):
        raise UsageError("the changed text would not say what was planned: nothing is written")
    return made


def _edits(found: Recommendation) -> list[Edit]:
    from gwplan.findings import Edit

    return [Edit(change.path, change.after) for change in found.to_make]
