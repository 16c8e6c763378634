"""What a project's settings file says: ``gwplan.toml``, or ``[tool.gwplan]`` of ``pyproject.toml``, in this folder."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from gwplan.findings import UsageError


def settings() -> dict[str, Any]:
    """The settings of the current folder; empty without a file. Raises UsageError for one that cannot be read."""
    own, project = Path("gwplan.toml"), Path("pyproject.toml")
    if own.is_file():
        return _read(own)
    table = _read(project).get("tool", {}).get("gwplan", {}) if project.is_file() else {}
    return table if isinstance(table, dict) else {}


def accepted() -> dict[str, str]:
    """Losses that are accepted, each with its reason: ``[accept]`` as ``"server:vbr01" = "one backup server"``."""
    table = settings().get("accept", {})
    if not isinstance(table, dict) or not all(isinstance(reason, str) for reason in table.values()):
        raise UsageError('`accept` of the settings maps names to reasons: "server:vbr01" = "why"')
    return dict(table)


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"cannot read {file}: {error}") from None
