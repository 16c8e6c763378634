"""Example mappings for messages, filled in with what was written where a mapping belongs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gwplan.inventory.key_examples import EXAMPLES


def filled_section(section: str, value: Any) -> str:
    """A section, such as ``sites: {paris: {}, lyon: {}}`` for a list of these names."""
    items = value if isinstance(value, list) else [value]
    if section == "sites" and items and all(map(_is_short, items)):
        return f"{section}: {_short({item: {} for item in items}, EXAMPLES[section])}"
    example: dict[str, Any] = EXAMPLES[section]
    first: Any = items[0] if items else None
    if isinstance(first, dict) and _is_short(first.get("name")):
        entry = {key: inner for key, inner in first.items() if key != "name"}
        return f"{section}: {_short({str(first['name']): entry or next(iter(example.values()))}, example)}"
    if _is_short(first):
        example = {str(first): next(iter(example.values()))}
    return f"{section}: {_flow(example)}"


def filled_entry(section: str, value: Any) -> str:
    """An entry, such as ``{platform: vmware}`` for the text ``vmware``."""
    example: dict[str, Any] = next(iter(EXAMPLES[section].values()), {})
    key = _KEY_OF_A_LONE_VALUE.get(section, "")
    names = value if isinstance(value, list) else [value]
    is_given = isinstance(value, list) == isinstance(example.get(key), list) and names and all(map(_is_short, names))
    return _short({key: value}, example) if key and is_given else _flow(example)


def filled_key(key: str, value: Any) -> str | None:
    """The value of a key that takes a mapping of keys; None for a key that takes none."""
    fill = _FILLS.get(key)
    return fill(value) if fill else None


_KEY_OF_A_LONE_VALUE = {
    "links": "between", "servers": "os", "proxies": "type", "wan_accelerators": "server", "tape_servers": "server",
    "repositories": "type", "scale_out_repositories": "performance_tier", "workloads": "platform",
}  # fmt: skip


def _pair(value: Any) -> str:
    source, target = value if isinstance(value, list) and len(value) == 2 else ("NAME", "NAME")
    return _short({"source": source, "target": target}, {"source": "NAME", "target": "NAME"})


def _tier(value: Any) -> str:
    return _flow({"extents": [value if _is_short(value) else "NAME"], "move": True})


def _schedule(value: Any) -> str:
    time = value[:5] if isinstance(value, str) else ""
    return f'{{start: "{time if time[2:3] == ":" and time.isascii() and _is_short(time) else "22:00"}"}}'


_FILLS: dict[str, Callable[[Any], str]] = {
    "schedule": _schedule,
    "wan_accelerators": _pair,
    "capacity_tier": _tier,
    "nfs": lambda _: "{squash: no_root_squash, security: sys}",
    "default_mount_servers": lambda _: "{windows: SERVER, linux: SERVER}",
}


def _is_short(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) < 60


def _short(value: Any, otherwise: Any) -> str:
    text = _flow(value)
    return text if len(text) <= 100 else _flow(otherwise)


def _flow(value: Any) -> str:
    """A value as YAML writes it within a line."""
    if isinstance(value, dict):
        pairs = ", ".join(f"{_flow(key)}: {_flow(inner)}" for key, inner in value.items())
        return f"{{{pairs}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_flow, value))}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
