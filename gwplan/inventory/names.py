"""Names: what one may look like, in which order they come, and which one was probably meant."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

MAX_LENGTH = 255
_REFUSED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_MEMBER = re.compile(r"(.+)-([0-9]{2,7})", re.DOTALL)
_DIGITS = re.compile("([0-9]+)")
_AS_ZERO = dict.fromkeys(map(ord, "123456789"), "0")

NaturalKey = tuple[tuple[str | int | Decimal, ...], str]


@lru_cache(1 << 17)  # room for two large estates; an even larger set of names is only sorted a little slower
def natural(name: str) -> NaturalKey:
    """Sorts names as people do: runs of 0-9 compare as numbers, the rest by code point; ties by code point."""
    parts = _DIGITS.split(name)
    runs: list[str | int | Decimal] = list(parts)
    runs[1::2] = [int(run) if len(run) <= MAX_LENGTH else Decimal(run) for run in parts[1::2]]
    return tuple(runs), name


def in_natural_order(names: Iterable[str]) -> list[str]:
    """Names sorted by ``natural``; by code point, much faster, where they differ in nothing but their digits."""
    listed = [*names]
    shapes = {*"\n".join(listed).translate(_AS_ZERO).split("\n")}
    return sorted(listed, key=natural if len(shapes) > 1 else None)


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


def member_meant(item: str, workloads: Mapping[str, Any]) -> str | None:
    """The member of a group that a number with too few or too many zeros means: ``web-7`` is ``web-07``."""
    group, dash, number = item.rpartition("-")
    if not dash or not number.isascii() or not number.isdigit() or len(number) > MAX_LENGTH:
        return None
    meant = f"{group}-{int(number):02d}"
    return meant if meant != item and group_of(meant, workloads) else None


def group_of(item: str, workloads: Mapping[str, Any]) -> str | None:
    """The group that has a member of this name."""
    match = _MEMBER.fullmatch(item)
    entry = workloads.get(match[1]) if match else None
    if match is None or entry is None or entry.count == 1:
        return None
    number = int(match[2])
    return match[1] if 1 <= number <= entry.count and f"{number:02d}" == match[2] else None


class Guess(NamedTuple):
    """A name that was probably meant; ``is_sole``: no other is as near, and it has the same numbers."""

    name: str
    is_sole: bool


class Guesses:
    """Which of many names was probably meant, for any number of words.

    An index finds names that are one slip away; those that are two away are looked for name by name, until the
    comparisons are used up. So the work of all guesses together is linear in the length of names and words.
    """

    def __init__(self, options: Iterable[str]) -> None:
        self.comparisons = 0
        self._options = sorted((option for option in options if len(option) <= MAX_LENGTH), key=natural)
        self._by_case: dict[str, list[str]] = {}
        self._shortened: dict[int, list[str]] = {}
        left = _INDEXED
        for option in self._options:
            self._by_case.setdefault(option.casefold(), []).append(option)
            left -= len(option)
            for key in _shortened(option) if left >= 0 else ():
                alike = self._shortened.setdefault(key, [])
                if len(alike) < _ALIKE:
                    alike.append(option)

    def nearest(self, word: str) -> Guess | None:
        """The name that was probably meant, by the same rules as ``guessed``."""
        if len(word) > MAX_LENGTH or self.comparisons >= _COMPARISONS:
            return None
        found = {option for key in _shortened(word) for option in self._shortened.get(key, ())}
        found.update(self._by_case.get(word.casefold(), ())[:_ALIKE])
        self.comparisons += len(found)
        if (guess := _best(word, found, min(_slips_allowed(word), 1))) or _slips_allowed(word) < 2:
            return guess
        left = max(_COMPARISONS - self.comparisons, 0)
        near = [option for option in self._options if abs(len(option) - len(word)) <= 2][:left]
        self.comparisons += len(near)
        return _best(word, near, 2)


_INDEXED = 1_000_000
_ALIKE = 32
_COMPARISONS = 50_000


def _shortened(name: str) -> set[int]:
    """Hashes of a name, and of the name without each of its characters: two names that are one slip apart share one."""
    return {hash(name), *(hash(name[:at] + name[at + 1 :]) for at in range(len(name)))}


def nearest(word: str, options: Iterable[str]) -> str | None:
    """The option that was probably meant."""
    guess = guessed(word, options)
    return guess.name if guess else None


def guessed(word: str, options: Iterable[str]) -> Guess | None:
    """The option that was probably meant. A long word may have two slips, a short one a single slip; in a word of one
    or two characters only the case may differ."""
    return _best(word, options, _slips_allowed(word)) if len(word) <= MAX_LENGTH else None


def _slips_allowed(word: str) -> int:
    return 0 if len(word) <= 2 else 1 if len(word) <= 4 else 2


def _best(word: str, options: Iterable[str], limit: int) -> Guess | None:
    best: tuple[int, int, NaturalKey] | None = None
    is_alone = True
    for option in options:
        if abs(len(option) - len(word)) > limit or option == word:
            continue
        slips = 0 if option.casefold() == word.casefold() else _slips(word, option, limit)
        if slips <= limit:
            shared = _shared(word, option)
            shared = len(word) if shared == min(len(word), len(option)) else shared
            key = (slips, -shared, natural(option))
            is_alone = best is None or slips < best[0] or (is_alone and slips > best[0])
            best = min(best, key) if best else key
    return Guess(best[2][1], is_alone and _numbers(word) == _numbers(best[2][1])) if best else None


def _numbers(name: str) -> list[int | Decimal | str]:
    """The numbers in a name: two names that differ in a number are mostly two things, not one and its misspelling."""
    return [run for run in natural(name)[0] if not isinstance(run, str)]


def _slips(a: str, b: str, limit: int) -> int:
    """How many characters are wrong, missing, too many or swapped with their neighbour; ``limit`` + 1 for more."""
    if a == b:
        return 0
    if limit == 0 or abs(len(a) - len(b)) > limit:
        return limit + 1
    at = _shared(a, b)
    a, b = a[at:], b[at:]
    rests = [(a[1:], b[1:]), (a[1:], b), (a, b[1:])]
    if a[1:2] and a[0] == b[1:2] and a[1] == b[0]:
        rests.append((a[2:], b[2:]))
    return 1 + min(_slips(*rest, limit - 1) for rest in rests)


def _shared(a: str, b: str) -> int:
    """How many characters two names have in common at their start."""
    low, high = 0, min(len(a), len(b))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if a[low:middle] == b[low:middle] else (low, middle - 1)
    return low
