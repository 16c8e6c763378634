"""What reads our output as its consumers do: the official schema of SARIF, made ready once."""

from __future__ import annotations

import json

from jsonschema import Draft4Validator
from support import ROOT

_SCHEMA = json.loads((ROOT / "tests" / "schemas" / "sarif-2.1.0.json").read_text("utf-8"))
Draft4Validator.check_schema(_SCHEMA)
SARIF = Draft4Validator(_SCHEMA)
