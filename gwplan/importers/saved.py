"""A folder of saved answers of the REST API: every JSON file in it, whatever it is called."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from gwplan.importers.draft import Draft, ImportFailed
from gwplan.importers.rest import Answers, read
from gwplan.importers.unread import tell_unread

LARGEST = 256_000_000
"""Bytes of one file that are read, as of one file of an inventory."""
MOST_FILES = 10_000


def read_saved(folder: Path) -> Draft:
    """The draft of everything in a folder, in the order of the paths."""
    files = json_files(folder)
    if not files:
        raise ImportFailed(f"{folder}: no *.json file in it: save the answers of the VBR REST API there")
    answers = Answers(Draft("rest", str(folder)))
    for file in files:
        name = file.relative_to(folder).as_posix()
        data, why = read_json(file)
        if why:
            answers.draft.left_out("file", name, why, name)
        else:
            if isinstance(data, dict) and isinstance(data.get("x-api-version"), str):
                answers.draft.revision = data["x-api-version"]
                data = data.get("answer")
            answers.take(data, name)
    tell_unread(folder, ".json", answers.draft)
    return read(answers)


def json_files(folder: Path) -> list[Path]:
    """The JSON files of a folder and below. Raises ImportFailed for what is no folder or has no end."""
    if not folder.is_dir():
        raise ImportFailed(f"{folder}: is {'a file' if folder.exists() else 'not there'}: give a folder")
    found = []
    try:
        for file in folder.rglob("*"):
            if file.suffix.lower() == ".json" and file.is_file():
                found.append(file)
                if len(found) > MOST_FILES:
                    raise ImportFailed(f"{folder}: more than {MOST_FILES} JSON files: give a folder of answers alone")
    except OSError as error:
        raise ImportFailed(f"{error.filename}: {error.strerror}") from None
    return sorted(found, key=lambda file: file.relative_to(folder).as_posix())


def read_json(file: Path) -> tuple[Any, str]:
    """The value in a file, or why there is none."""
    try:
        if file.stat().st_size > LARGEST:
            return None, f"is larger than {LARGEST // 1_000_000} MB"
        return json.loads(file.read_bytes()), ""
    except RecursionError:
        return None, "is nested too deep"
    except UnicodeDecodeError:
        return None, "is no text in UTF-8, UTF-16 or UTF-32"
    except ValueError as error:
        begins = file.read_bytes()[:200].lstrip()[:1]
        return None, "is HTML, not JSON" if begins == b"<" else f"is no JSON: {error}"
    except OSError as error:
        return None, str(error.strerror)
