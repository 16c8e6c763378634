"""A folder that an import reads: walked once for the files to read, and for what else is in it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from gwplan.importers.draft import Draft, ImportFailed
from gwplan.inventory.files import files_below

LARGEST = 256_000_000
"""The most bytes of one file, as for a file of an inventory."""
MOST_FILES = 10_000
_ADVICE = {".json": "give a folder of answers alone", ".csv": "give the folder of one collection"}


@dataclass(frozen=True, slots=True)
class Folder:
    """The files in and below a folder that end in the suffixes asked for, in the order of their paths."""

    path: Path
    files: dict[str, list[Path]]
    """Suffix → files."""
    endings: Counter[str]
    """How many files there are of each ending, without hidden ones."""

    def name(self, file: Path) -> str:
        return file.relative_to(self.path).as_posix()

    def tell_unread(self, suffix: str, draft: Draft) -> None:
        """Report the files that do not end in ``suffix``, so that nothing is dropped in silence."""
        for ending, count in sorted(self.endings.items()):
            if ending != suffix:
                name = f"{f'*{ending}' if ending else 'without an ending'} ×{count}"
                draft.left_out("file", name, f"not read: this source is *{suffix} files", name)


def look_into(path: Path, *suffixes: str) -> Folder:
    """Walk a folder. Raises ImportFailed for what is no folder, or holds more files than anybody would save."""
    if not path.is_dir():
        raise ImportFailed(f"{path}: is {'a file' if path.exists() else 'not there'}: give a folder")
    found: dict[str, list[Path]] = {suffix: [] for suffix in suffixes}
    endings: Counter[str] = Counter()
    try:
        for file in files_below(path):
            ending = file.suffix.lower()
            if ending in found:
                found[ending].append(file)
                if len(found[ending]) > MOST_FILES:
                    what = f"more than {MOST_FILES} {ending[1:].upper()} files"
                    raise ImportFailed(f"{path}: {what}: {_ADVICE[ending]}")
            if not any(part.startswith(".") for part in file.relative_to(path).parts):
                endings[ending] += 1
    except OSError as error:
        raise ImportFailed(f"{error.filename}: {error.strerror}") from None
    folder = Folder(path, found, endings)
    for files in found.values():
        files.sort(key=folder.name)
    return folder
