"""``--fix``, ``--unsafe-fixes`` and ``--diff`` of ``validate``: what is mended in the files, and what is told of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from gwplan.cli.output import complain, show_diff
from gwplan.cli.rewrite import rewrite
from gwplan.findings import Finding, UsageError
from gwplan.nouns import numbered

if TYPE_CHECKING:
    from gwplan.checks.fix import Found, Mended
    from gwplan.inventory.source import Source


@dataclass(frozen=True, slots=True)
class Unread:
    """Why the texts of an inventory cannot be read."""

    findings: tuple[Finding, ...]


Texts: TypeAlias = "tuple[Source, ...] | Unread"


@dataclass(frozen=True, slots=True)
class Fixing:
    """What ``--fix``, ``--unsafe-fixes`` and ``--diff`` ask for."""

    unsafe: bool
    only_diff: bool
    output: str | None = None

    def refuse_nonsense(
        self,
        inventories: Sequence[str],
        told_as: str | None,
        *,
        watch: bool,
        writes_baseline: bool,
    ) -> None:
        """Raises UsageError for options that do not go together."""
        if "-" in inventories:
            raise UsageError("standard input cannot be written: give a file to --fix, --unsafe-fixes or --diff")
        if watch or (self.only_diff and writes_baseline):
            raise UsageError(
                f"--fix, --unsafe-fixes and --diff do not go with {'--watch' if watch else '--write-baseline'}"
            )
        if self.only_diff and told_as not in (None, "text"):
            raise UsageError(f"--diff prints a diff: leave --format {told_as} out")

    def mend(self, read: list[Texts], find: Callable[[Texts], Found]) -> tuple[list[Texts], tuple[Finding, ...]]:
        """Mend all inventories and write their files, or print the diff; and say what was mended and what was not.

        Returns the texts as the files now have them, and what was mended. Raises UsageError, with nothing written.
        """
        from gwplan.checks.fix import fix

        made = [None if isinstance(texts, Unread) else fix(texts, find, unsafe=self.unsafe) for texts in read]
        mended = [one for one in made if one is not None]
        pairs = [pair for one in mended for pair in zip(one.before, one.after, strict=True) if pair[0] != pair[1]]
        if self.only_diff:
            from gwplan.inventory.edit.difference import compared

            show_diff("".join(line for before, after in pairs for line in compared(before, after)), self.output)
        else:
            rewrite(pairs)
        self._tell(mended)
        if self.only_diff:
            return read, ()
        after = [texts if one is None else one.after for texts, one in zip(read, made, strict=True)]
        return after, tuple(finding for one in mended for finding in one.fixed)

    def _tell(self, mended: list[Mended]) -> None:
        verb = "would fix" if self.only_diff else "fixed"
        for finding in (finding for one in mended for finding in one.fixed):
            complain(f"{verb} {_place(finding)}{finding.code} {finding.message}: {finding.fix}")
        for one in (refused for fixed in mended for refused in fixed.refused):
            complain(f"not fixed: {_place(one.finding)}{one.finding.code} {one.finding.message}: {one.refusal.reason}")
            complain("write by hand:")
            complain("\n".join(f"  {line}" for line in one.refusal.by_hand.splitlines()))
        count = sum(len(one.fixed) for one in mended)
        files = len(
            {
                after.name
                for one in mended
                for before, after in zip(one.before, one.after, strict=True)
                if before != after
            }
        )
        complain(f"{verb} {numbered(count, 'finding')}" + (f" in {numbered(files, 'file')}" if count else ""))


def _place(finding: Finding) -> str:
    return f"{finding.location}: " if finding.location else ""
