"""Names: what one may look like, in which order they come, and which one was probably meant."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

MAX_LENGTH = 255
_REFUSED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_MEMBER = re.compile(r"(.+)-([0-9]{2,7})", re.DOTALL)
_DIGITS = re.compile("([0-9]+)")

NaturalKey = tuple[tuple[str | int, ...], str]


@lru_cache(1 << 17)  # two large estates; a set of names that is larger still is sorted a little slower
def natural(name: str) -> NaturalKey:
    """Sorts names as people do: runs of 0-9 compare as numbers, the rest by code point; ties by code point."""
    runs: list[str | int] = list(_DIGITS.split(name))
    runs[1::2] = [int(run) for run in runs[1::2]]
    return tuple(runs), name


def name_error(name: str) -> str | None:
    """Why a text cannot be a name, as in "the name …", or None."""
    if name.isascii() and name.isprintable() and 0 < len(name) <= MAX_LENGTH and name[0] != " " != name[-1]:
        return None
    if not name:
        return "is empty"
    if len(name) > MAX_LENGTH:
        return f"has {len(name)} characters, {MAX_LENGTH} are read"
    for char in name:
        if unicodedata.category(char) in _REFUSED:
            return f"holds U+{ord(char):04X}, a control or invisible character"
    if name[0].isspace() or name[-1].isspace():
        return "has a space at one of its ends"
    return None


def members(name: str, count: int) -> Iterable[str]:
    """The names of the machines that a workload entry stands for: itself, or ``web-01`` … ``web-40``."""
    return (name,) if count == 1 else (f"{name}-{number:02d}" for number in range(1, count + 1))


def members_of(item: str, workloads: Mapping[str, Any]) -> Iterable[str]:
    """The machines that an item of ``workloads`` names: a group by its own name, or one member; nothing if unknown."""
    entry = workloads.get(item)
    if entry is not None:
        return members(item, entry.count)
    return (item,) if group_of(item, workloads) else ()


def group_of(item: str, workloads: Mapping[str, Any]) -> str | None:
    """The group that has a member of this name."""
    match = _MEMBER.fullmatch(item)
    entry = workloads.get(match[1]) if match else None
    if match is None or entry is None or entry.count == 1:
        return None
    number = int(match[2])
    return match[1] if 1 <= number <= entry.count and f"{number:02d}" == match[2] else None


def nearest(word: str, options: Iterable[str]) -> str | None:
    """The option that was probably meant: at most two slips away, one in a short word; a tiny one only
    in another case."""
    limit = 0 if len(word) <= 2 else 1 if len(word) <= 4 else 2
    best: tuple[int, int, NaturalKey] | None = None
    for option in options:
        if abs(len(option) - len(word)) > limit or option == word:
            continue
        slips = 0 if option.casefold() == word.casefold() else _slips(word, option, limit)
        if slips <= limit:
            shared = next((i for i, (a, b) in enumerate(zip(word, option, strict=False)) if a != b), len(word))
            best = min(best, key) if (key := (slips, -shared, natural(option))) and best else key
    return best[2][1] if best else None


def _slips(a: str, b: str, limit: int) -> int:
    """How many characters are wrong, missing, too many or swapped with their neighbour; ``limit`` + 1 for more."""
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, char in enumerate(a, 1):
        before, above, row = row, before, [i]
        for j, other in enumerate(b, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (char != other))
            if i > 1 and j > 1 and char == b[j - 2] and a[i - 2] == other:
                cost = min(cost, above[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
    return row[-1]
