"""Sizes and times of day as sources write them, in the inventory's words."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

_SIZE = re.compile(r"([0-9]{1,15}(?:[.,][0-9]{1,15})?) ?(B|[KMGTP]i?B)", re.IGNORECASE)
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::[0-9]{2}(?:\.[0-9]+)?)?\s*([AaPp][Mm])?")


@lru_cache(1024)
def size_text(text: str) -> str:
    """`43.5 GB` as VBR writes it, which counts in powers of 1024; nothing for zero or "N/A"."""
    match = _SIZE.fullmatch(text.strip())
    if match is None or float(match[1].replace(",", ".")) == 0:
        return ""
    unit = match[2].upper()
    return f"{match[1].replace(',', '.')} {unit if unit == 'B' else unit[0] + 'iB'}"


def bytes_text(count: int) -> str:
    """A number of bytes, of up to 15 digits, in the largest unit that takes at most one decimal; else nothing."""
    for power, unit in ((4, "TiB"), (3, "GiB"), (2, "MiB")):
        tenths, rest = divmod(count * 10, 1024**power)
        if tenths >= 10 and rest == 0 and tenths < 10**15:
            return f"{tenths // 10}{f'.{tenths % 10}' if tenths % 10 else ''} {unit}"
    return f"{count} B" if 0 <= count < 10**15 else ""


def gib_text(amount: float) -> str:
    """A number of GiB, never written with an exponent; nothing for a number that cannot be a size."""
    if not 0 <= amount < 1e9:
        return ""
    digits = format(round(Decimal(f"{amount:.10g}"), 12), "f")
    return f"{digits.rstrip('0').rstrip('.') if '.' in digits else digits} GiB"


def time_of_day(text: str) -> str:
    """`4:00`, `22:00:00`, `10:00 PM` or a date with one of them, as HH:MM; nothing for anything else."""
    match = next((found for found in _TIME.finditer(text)), None)
    if match is None:
        return ""
    hour, half = int(match[1]), (match[3] or "").lower()
    hour = hour % 12 + (12 if half == "pm" else 0) if half else hour
    return f"{hour:02d}:{match[2]}" if hour < 24 and int(match[2]) < 60 else ""
