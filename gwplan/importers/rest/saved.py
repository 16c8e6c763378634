"""A folder of saved answers of the REST API: every JSON file in it, whatever it is called."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gwplan.importers.draft import Draft, ImportFailed
from gwplan.importers.folder import LARGEST, Folder
from gwplan.importers.rest.answers import Answers
from gwplan.importers.rest.json_text import BadJson, read_json
from gwplan.importers.rest.read import read


def read_saved(folder: Folder) -> Draft:
    """The draft of everything in a folder, in the order of the paths."""
    if not folder.files[".json"]:
        raise ImportFailed(f"{folder.path}: no *.json file in it: save the answers of the VBR REST API there")
    answers = Answers(Draft("rest", str(folder.path)))
    for file in folder.files[".json"]:
        name = folder.name(file)
        data, why = _json(file)
        if why:
            answers.draft.left_out("file", name, why, name)
        else:
            if isinstance(data, dict) and isinstance(data.get("x-api-version"), str):
                answers.draft.revision = data["x-api-version"]
                data = data.get("answer")
            answers.take(data, name)
    folder.tell_unread(".json", answers.draft)
    return read(answers)


def _json(file: Path) -> tuple[Any, str]:
    """The value in a file, or why there is none."""
    try:
        if file.stat().st_size > LARGEST:
            return None, f"is larger than {LARGEST // 1_000_000} MB"
        return read_json(file.read_bytes()), ""
    except BadJson as error:
        return None, str(error)
    except OSError as error:
        return None, str(error.strerror)
