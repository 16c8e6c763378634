"""One object of a JSON answer, read without trust: a value of the wrong type is absent, and that is news."""

from __future__ import annotations

from typing import Any, NamedTuple

from gwplan.importers.draft import ZERO_ID, Draft

_Class = type
_WORDS = {str: "text", int: "an integer", bool: "true or false", list: "a list", dict: "an object"}


class Item(NamedTuple):
    """An object and where it came from."""

    data: dict[str, Any]
    origin: str
    draft: Draft
    kind: str = "job"
    """What it becomes, for the report."""

    def has(self, *path: str) -> bool:
        return self._at(path) is not None

    def text(self, *path: str) -> str:
        value = self._at(path)
        if value is None:
            return ""
        if not isinstance(value, str):
            self._complain(path, value, _WORDS[str])
            return ""
        return value.strip()

    def identifier(self, *path: str) -> str:
        """An id; the zero id is how VBR writes that there is none."""
        value = self.text(*path).lower()
        return "" if value == ZERO_ID else value

    def identifiers(self, *path: str) -> list[str]:
        found = self._typed(path, list) or []
        good = [item.lower() for item in found if isinstance(item, str) and item and item != ZERO_ID]
        if any(not isinstance(item, str) for item in found):
            self._complain(path, found, "a list of ids")
        return list(dict.fromkeys(good))

    def flag(self, *path: str) -> bool | None:
        value = self._at(path)
        if isinstance(value, str) and value.lower() in ("true", "false"):
            return value.lower() == "true"
        flag: bool | None = self._typed(path, bool)
        return flag

    def number(self, *path: str) -> int | None:
        value = self._at(path)
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
            return int(value)
        number: int | None = self._typed(path, int)
        if number is not None and abs(number) >= 10**9:
            self._complain(path, number, "a number of at most nine digits")
            return None
        return number

    def decimal(self, *path: str) -> float | None:
        value = self._at(path)
        if isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 10**15:
            return float(value)
        if value is not None:
            self._complain(path, value, "a number of at most fifteen digits")
        return None

    def items(self, *path: str) -> list[Item]:
        found = self._typed(path, list) or []
        if any(not isinstance(item, dict) for item in found):
            self._complain(path, found, "a list of objects")
        return [Item(item, self.origin, self.draft, self.kind) for item in found if isinstance(item, dict)]

    def words(self, key: str) -> list[str]:
        """A word or a list of words: the states of an extent are written in both ways."""
        found = self.data.get(key)
        words = found if isinstance(found, list) else [found]
        return [word for word in words if isinstance(word, str)]

    @property
    def id(self) -> str:
        return self.identifier("id")

    @property
    def name(self) -> str:
        return self.text("name") or self.id or "unnamed"

    @property
    def type(self) -> str:
        return self.text("type")

    @property
    def description(self) -> str | None:
        """What people wrote; VBR's own "Created by …" says nothing and names accounts."""
        text = self.text("description")
        return text if text and "created by" not in text.lower() else None

    def _at(self, path: tuple[str, ...]) -> Any:
        if len(path) == 1:
            return self.data.get(path[0])
        value: Any = self.data
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        return value

    def _typed(self, path: tuple[str, ...], wanted: _Class) -> Any:
        value = self._at(path)
        if value is None:
            return None
        if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
            self._complain(path, value, _WORDS[wanted])
            return None
        return value

    def _complain(self, path: tuple[str, ...], value: Any, wanted: str) -> None:
        name = self.data.get("name")
        shown = repr(value)[:40]
        name = name if isinstance(name, str) else "unnamed"
        why = f"it is {shown}, where {wanted} would be right"
        self.draft.left_out(self.kind, name, why, self.origin, f"value of {'.'.join(path)}")
