"""A project's settings: ``gwplan.toml``, or ``[tool.gwplan]`` in ``pyproject.toml``, in the current folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gwplan.findings import UsageError


def settings_file() -> tuple[str, dict[str, Any]]:
    """The name of the settings file and what it sets. ``gwplan.toml`` wins; without any file, nothing is set.

    Raises UsageError for a file that cannot be read.
    """
    own, project = Path("gwplan.toml"), Path("pyproject.toml")
    if own.is_file():
        return str(own), _read(own)
    tools = _read(project).get("tool", {}) if project.is_file() else {}
    table = tools.get("gwplan", {}) if isinstance(tools, dict) else {}
    return str(project), table if isinstance(table, dict) else {}


def accepted() -> dict[str, str]:
    """Losses that are accepted, each with its reason, from lines such as ``"server:vbr01" = "one backup server"``."""
    table = settings_file()[1].get("accept", {})
    if not isinstance(table, dict) or not all(isinstance(reason, str) for reason in table.values()):
        raise UsageError('`accept` of the settings maps names to reasons: "server:vbr01" = "why"')
    return dict(table)


def _read(file: Path) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(file.read_text("utf-8"))
    except RecursionError:
        raise UsageError(f"cannot read {file}: it nests too deep") from None
    except (OSError, ValueError) as error:  # ValueError: malformed TOML or UTF-8, or a number that is too long
        raise UsageError(f"cannot read {file}: {str(error).partition('; use sys.')[0]}") from None
