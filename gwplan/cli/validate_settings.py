"""The settings of ``validate``: what the command line says, else the settings file, else the default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gwplan.cli.settings import settings_file
from gwplan.findings import UsageError
from gwplan.render.formats import FINDINGS

FAIL_ON = ("error", "warning", "note", "never")

_OF_OTHERS = ("accept",)
"""Settings for other commands."""
_DEFAULTS: dict[str, Any] = {
    "select": ("GW",),
    "ignore": (),
    "fail-on": "error",
    "format": "text",
    "baseline": None,
}


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting with where it comes from: a file, ``command line`` or ``default``."""

    values: Mapping[str, Any]
    origins: Mapping[str, str]

    def __getitem__(self, key: str) -> Any:
        return self.values[key]


def chosen(given: Mapping[str, Any], codes: tuple[str, ...]) -> Settings:
    """``given`` has what the command line says, None where it is silent. Raises UsageError for what makes no sense."""
    values, origins = dict(_DEFAULTS), dict.fromkeys(_DEFAULTS, "default")
    file, table = settings_file()
    for key, value in table.items():
        if key not in _OF_OTHERS:
            values[key], origins[key] = _checked(key, value, file), file
    for key, value in given.items():
        if value is not None:
            values[key], origins[key] = value, "command line"
    for key in ("select", "ignore"):
        values[key] = tuple(_code(code, codes, origins[key]) for item in values[key] for code in item.split(","))
    return Settings(values, origins)


def _checked(key: str, value: Any, file: str) -> Any:
    from gwplan.inventory.form import did_you_mean

    if key not in _DEFAULTS:
        hint = did_you_mean(key, _DEFAULTS, otherwise=f"it takes {', '.join(_DEFAULTS)}")
        raise UsageError(f"{file}: there is no setting {key!r}; {hint}")
    if key in ("select", "ignore"):
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise UsageError(f"{file}: {key} is a list of codes or prefixes of codes, such as ['GW05']")
        return tuple(value)
    choices = {"fail-on": FAIL_ON, "format": tuple(FINDINGS)}.get(key)
    if not isinstance(value, str) or (choices and value not in choices):
        raise UsageError(f"{file}: {key} is one of {', '.join(choices)}" if choices else f"{file}: {key} is a text")
    return value


def _code(given: str, codes: tuple[str, ...], origin: str) -> str:
    from gwplan.inventory.names import nearest

    code = given.strip().upper()
    code = "GW" if code == "ALL" else code
    if not code or not any(known.startswith(code) for known in codes):
        guess = nearest(code, codes)
        hint = f"did you mean {guess}?" if guess else "`gwplan rule --all` lists them"
        raise UsageError(f"{origin}: no code begins with {given.strip()!r}; {hint}")
    return code
