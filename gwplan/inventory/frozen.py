"""A mapping that nobody changes: read like any ``dict``, pickled and copied like one, and never written to."""

from __future__ import annotations

from typing import Any, NoReturn, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Frozen(dict[K, V]):
    """A ``dict`` for its speed: a proxy would cost planning a call for every name that it looks up."""

    __slots__ = ()

    def _refuse(self, *_args: Any, **_keys: Any) -> NoReturn:
        raise TypeError("an inventory is not changed in place; `Inventory.changed` makes another")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> tuple[type[Frozen[K, V]], tuple[dict[K, V]]]:
        return Frozen, (dict(self),)


def frozen(value: Any) -> Any:
    """Plain data with nothing in it that can be changed."""
    if isinstance(value, dict):
        return Frozen({key: frozen(item) for key, item in value.items()})
    return tuple(map(frozen, value)) if isinstance(value, list) else value
