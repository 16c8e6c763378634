"""An immutable mapping that reads, pickles and copies like a ``dict``."""

from __future__ import annotations

from typing import Any, NoReturn, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Frozen(dict[K, V]):
    """A subclass of ``dict`` for speed: a proxy would add a call to every lookup of planning."""

    __slots__ = ()

    def _refuse(self, *_args: Any, **_keys: Any) -> NoReturn:
        raise TypeError("an inventory is not changed in place; `Inventory.changed` makes another")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> tuple[type[Frozen[K, V]], tuple[dict[K, V]]]:
        return Frozen, (dict(self),)


def frozen(value: Any) -> Any:
    """Plain data, immutable all the way down."""
    if isinstance(value, dict):
        return Frozen({key: frozen(item) for key, item in value.items()})
    return tuple(map(frozen, value)) if isinstance(value, list) else value
