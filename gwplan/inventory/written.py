"""A value of an entry as a text would have it: plain data, with units where the format has units."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, get_args

from pydantic import BaseModel, BeforeValidator

from gwplan.inventory import quantities
from gwplan.inventory.types import AUTO, auto_or_list

_UNITS = {
    quantities.size: quantities.SIZE_UNITS,
    quantities.rate: quantities.RATE_UNITS,
    quantities.latency: quantities.LATENCY_UNITS,
    quantities.percentage: quantities.PERCENT_UNITS,
}


def written(model: type[BaseModel], key: str, value: Any) -> Any:
    """What is written under a key of a model; None where nothing is."""
    readers = _readers(model, key)
    if value is None:
        return AUTO if auto_or_list in readers else None
    if isinstance(value, (tuple, frozenset)) and not value and not _is_absent_none(model, key):
        return None
    units = next((_UNITS[reader] for reader in readers if reader in _UNITS), None)
    return quantity(value, units) if units and type(value) is int else _plain(value)


def quantity(amount: int, units: Mapping[str, int]) -> str:
    """An amount in the unit in which it is shortest: ``16 GiB``, ``1.5 TB``."""
    told = []
    for unit, size in units.items():
        number = (Decimal(amount) / size).normalize()
        if number * size == amount and (number >= 1 or size == min(units.values())):
            told.append(f"{number:f} {unit}")
    return min(told, key=len) if told else f"{amount} {next(iter(units))}"


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        fields = type(value).model_fields
        said = {key: written(type(value), key, item) for key, item in value.__dict__.items()}
        return {fields[k].alias or k: v for k, v in said.items() if v is not None and v != fields[k].default}
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return list(map(_plain, value)) if isinstance(value, (tuple, list)) else value


def _is_absent_none(model: type[BaseModel], key: str) -> bool:
    """Whether an empty list says something, because an absent one is None."""
    field = model.model_fields.get(key)
    return field is not None and field.default is None


@lru_cache(512)
def _readers(model: type[BaseModel], key: str) -> frozenset[Any]:
    """The functions that read what is written under a key."""
    field = model.model_fields.get(key)
    return frozenset(_functions(field.annotation, field.metadata)) if field else frozenset()


def _functions(annotation: Any, metadata: Any) -> list[Any]:
    found = [one.func for one in metadata if isinstance(one, BeforeValidator)]
    for part in get_args(annotation):
        found += _functions(part, getattr(part, "__metadata__", ()))
    return found
