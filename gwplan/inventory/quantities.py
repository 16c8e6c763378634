"""Sizes, rates, latencies and times of day: text with a unit to an integer, or an error that says what is right."""

from __future__ import annotations

import re
from decimal import Decimal

SIZE_UNITS = {
    "B": 1,
    **{unit: 1000**power for power, unit in enumerate(("kB", "MB", "GB", "TB", "PB"), 1)},
    **{unit: 1024**power for power, unit in enumerate(("KiB", "MiB", "GiB", "TiB", "PiB"), 1)},
}
RATE_UNITS = {"kbps": 1_000, "Mbps": 1_000_000, "Gbps": 1_000_000_000}
PERCENT_UNITS = {"%": 100}
LATENCY_UNITS = {"us": 1, "ms": 1_000, "s": 1_000_000}
NUMBER = r"[0-9]{1,15}(?:\.[0-9]{1,15})?"

_QUANTITY = re.compile(rf"({NUMBER}) ?([A-Za-z]+|%)")
_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")


def size(value: object) -> int:
    """Bytes: ``"500 GiB"``, ``"1.5TB"``."""
    return _quantity(value, SIZE_UNITS, "a size", "500 GiB")


def rate(value: object) -> int:
    """Bits a second: ``"1 Gbps"``."""
    return _quantity(value, RATE_UNITS, "a rate", "500 Mbps")


def percentage(value: object) -> int:
    """Hundredths of a percent: ``"5 %"``."""
    return _quantity(value, PERCENT_UNITS, "a percentage", "5 %")


def latency(value: object) -> int:
    """Microseconds: ``"12 ms"``."""
    return _quantity(value, LATENCY_UNITS, "a latency", "12 ms")


def time_of_day(value: object) -> str:
    """``"22:00"``, from 00:00 to 23:59; compares as text."""
    if isinstance(value, str) and _TIME.fullmatch(value):
        return value
    raise ValueError('must be a time of day such as "22:00"')


def _quantity(value: object, units: dict[str, int], what: str, example: str) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        raise ValueError(f'must be {what} with its unit, such as "{value} {example.split()[1]}"')
    match = _QUANTITY.fullmatch(value) if isinstance(value, str) else None
    if match is not None and match[2] in units:
        return int(Decimal(match[1]) * units[match[2]])
    if meant := _meant(value, units):
        raise ValueError(f'must be {what} such as "{meant}"')
    raise ValueError(f'must be {what} such as "{example}" ({", ".join(units)})')


def _meant(value: object, units: dict[str, int]) -> str | None:
    """A quantity whose unit is written in another way: ``64G``, ``1 gbps``, ``1 Gbit/s``, ``12 msec``."""
    match = _WRITTEN.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return None
    written = match[2].lower()
    if "Gbps" in units and written[0] in "kmg" and written[1:] in _PER_SECOND:
        written = f"{written[0]}bps"
    written = _UNITS.get(written, f"{written}b" if "GB" in units and written in _LETTERS else written)
    unit = next((unit for unit in units if unit.lower() == written), None)
    return f"{match[1].replace(',', '.')} {unit}" if unit else None


_WRITTEN = re.compile(r"([0-9]{1,15}(?:[.,][0-9]{1,15})?) *([A-Za-z]+(?:/s)?)")
_PER_SECOND = ("", "b", "b/s", "bit", "bits", "bit/s", "bits/s", "bps")
_LETTERS = ("k", "m", "g", "t", "p", "ki", "mi", "gi", "ti", "pi")
_UNITS = {"msec": "ms", "millis": "ms", "sec": "s", "usec": "us", "gbyte": "gb", "mbyte": "mb", "tbyte": "tb"}
