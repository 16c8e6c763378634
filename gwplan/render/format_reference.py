"""docs/inventory.md: every key of the inventory format with its meaning, values, default and an example."""

from __future__ import annotations

import json
from collections.abc import Container
from typing import Any

from gwplan.inventory.json_schema import json_schema

_FORM = """# The inventory format, version 1

Written from the models that read it; `gwplan schema` prints the same for editors.

## Form

- An inventory is a YAML file, a JSON file, or a directory of them whose sections are merged. Every file says `gwplan: 1`; one of them names the `backup_server`.
- A section is a mapping of names, `name: {...}`. A name has 1 to 255 visible characters and no space at its ends. A reference is always by name.
- An empty entry is `{}`; an optional key that is empty or `null` counts as absent. Keys that begin with `x-` are free, at the top and inside an entry; any other unknown key is an error.
- `true`, `false`, `null` and whole numbers are what they look like; everything else is text as written. Tags are errors; anchors, aliases and merge keys work.
- Sizes are `"500 GiB"` or `"2 TB"`, rates `"1 Gbps"`, latencies `"12 ms"`, times `"22:00"`.
- With `sites`, every server, every repository behind a gateway, every appliance and every workload without a `host` names its `site`.
- Read are 50 levels of nesting, 10,000,000 nodes or machines, and files of 256 MB; a group has at most 1,000,000 members.
"""  # noqa: E501 - a paragraph of Markdown is one line


_EVERY_ENTRY = "These keys can stand in any entry, and at the top of the file."
_EVERY_JOB = "These keys can stand in a job of any type, beside its own."


def inventory_reference() -> str:
    """The whole document, in Markdown."""
    schema = json_schema()
    models = schema["$defs"]
    jobs = _models_in(schema["properties"]["jobs"])
    entry = _common([*jobs, "Site", "Server", "Repository"], models)
    job = {key: rule for key, rule in _common(jobs, models).items() if key not in entry}
    parts = [_FORM, _table("Every entry", {"description": _EVERY_ENTRY, "properties": entry})]
    parts.append(_table("Top of the file", schema, without=entry))
    shown: set[str] = set()
    for section, rule in schema["properties"].items():
        if section == "jobs":
            parts.append(_table("`jobs`: every job", {"description": _EVERY_JOB, "properties": job}))
        for name in _with_inner(_models_in(rule), models):
            if name not in shown:
                without = {**entry, **job} if section == "jobs" else entry
                parts.append(_table(_title(section, name, models), models[name], without=without))
            shown.add(name)
    return "\n".join(part for part in parts if part)


def _common(names: list[str], models: dict[str, Any]) -> dict[str, Any]:
    """The keys that some models have alike."""
    first, *others = (models[name]["properties"] for name in names)
    return {key: rule for key, rule in first.items() if all(other.get(key) == rule for other in others)}


def _title(section: str, name: str, models: dict[str, Any]) -> str:
    kind = models[name]["properties"].get("type", {}).get("const")
    if section == "jobs" and kind:
        return f"`jobs`, type `{kind}`"
    return f"`{section}`: {name}"


def _models_in(rule: Any) -> list[str]:
    """The models that a rule refers to, in its order."""
    if isinstance(rule, dict):
        own = [rule["$ref"].rpartition("/")[2]] if "$ref" in rule else []
        return own + [name for key, value in rule.items() if key != "$ref" for name in _models_in(value)]
    return [name for value in rule for name in _models_in(value)] if isinstance(rule, list) else []


def _with_inner(names: list[str], models: dict[str, Any]) -> list[str]:
    """Some models, each followed by those that its keys take."""
    found: list[str] = []
    for name in names:
        found += [name, *_with_inner(_models_in(models[name].get("properties", {})), models)]
    return list(dict.fromkeys(found))


def _table(title: str, model: dict[str, Any], *, without: Container[str] = ()) -> str:
    required = model.get("required", [])
    lines = [f"## {title}", "", model.get("description", "").replace("\n", " "), ""]
    lines += ["| key | meaning | values | default | example |", "|---|---|---|---|---|"]
    own = {key: rule for key, rule in model["properties"].items() if key not in without}
    if not own:
        return "\n".join([*lines[:3], "It has no keys of its own.", ""])
    for key, rule in own.items():
        values, example = _values(rule)
        if "examples" in rule:
            example = _written(rule["examples"][0])
        default = "**needed**" if key in required else _default(rule)
        cells = (f"`{key}`", rule.get("description", ""), values, default, f"`{key}: {example}`")
        lines.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
    return "\n".join(lines) + "\n"


def _written(value: Any) -> str:
    """A value as YAML has it in one line."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {_written(item)}' for key, item in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    return json.dumps(value) if not isinstance(value, str) or value[0].isdigit() else value


def _default(rule: dict[str, Any]) -> str:
    value = rule.get("default")
    return "" if value in (None, [], {}) or isinstance(value, dict) else f"`{json.dumps(value).strip(chr(34))}`"


def _values(rule: dict[str, Any]) -> tuple[str, str]:
    """What a key takes, and one value as it is written."""
    options = [option for key in ("anyOf", "oneOf") for option in rule.get(key, ()) if option != {"type": "null"}]
    if options:
        told = [_values(option) for option in options]
        return " or ".join(dict.fromkeys(values for values, _ in told)), told[-1][1]
    kind = rule.get("type")
    if "const" in rule:
        return f"`{rule['const']}`", str(rule["const"])
    if "enum" in rule:
        return ", ".join(f"`{value}`" for value in rule["enum"]), str(rule["enum"][-1])
    if "examples" in rule and "pattern" in rule:
        return f"such as `{rule['examples'][0]}`", f'"{rule["examples"][0]}"'
    if kind == "integer":
        most = f" to {rule['maximum']:,}" if "maximum" in rule else " or more"
        return f"a whole number, {rule.get('minimum', 0)}{most}", "4"
    if kind == "boolean":
        return "`true`, `false`", "true"
    if kind == "array":
        pair = rule.get("minItems") == 2
        return "a list of two names" if pair else "a list of names or texts", "[a, b]"
    if kind == "object" or "$ref" in rule:
        return "a mapping", "{...}"
    return ("a version", '"13"') if "pattern" in rule else ("a name or a text", "a")
