"""The inventory format as a JSON Schema, for editors."""

from __future__ import annotations

from typing import Any

from gwplan.inventory.document import Document
from gwplan.inventory.key_examples import example
from gwplan.inventory.meanings import meaning, meaning_of


def json_schema() -> dict[str, Any]:
    """The format as a JSON Schema, draft 2020-12, for editors: what one file can be checked for by itself."""
    schema = Document.model_json_schema()
    schema["properties"]["jobs"]["additionalProperties"].pop("discriminator")  # OpenAPI's, not JSON Schema's
    for name, model in (("Document", schema), *schema["$defs"].items()):
        _open_to_null_and_free_keys(model)
        _describe(name, model)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "gwplan inventory, version 1"}


def _open_to_null_and_free_keys(model: dict[str, Any]) -> None:
    """An optional key may be null, an entry or a section empty, and keys that begin with ``x-`` are free."""
    required = model.get("required", [])
    for name, rule in model.get("properties", {}).items():
        rule.pop("title", None)
        values = rule.get("additionalProperties")
        if isinstance(values, dict) and "oneOf" not in values:
            rule["additionalProperties"] = {"anyOf": [values, {"type": "null"}]}
        if name not in required and {"type": "null"} not in rule.get("anyOf", []):
            kept = {key: rule.pop(key) for key in ("description", "default") if key in rule}
            model["properties"][name] = {**kept, "anyOf": [rule, {"type": "null"}]}
    if model.get("additionalProperties") is False:
        model["patternProperties"] = {"^x-": {}}


def _describe(name: str, model: dict[str, Any]) -> None:
    if meant := meaning_of(name):
        model["description"] = meant
    for key, rule in model.get("properties", {}).items():
        if "description" not in rule and (meant := meaning(name, key)):
            model["properties"][key] = {"description": meant, **rule}
        if (shown := example(name, key)) is not None:
            model["properties"][key]["examples"] = [shown]
