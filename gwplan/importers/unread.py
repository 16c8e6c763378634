"""What a folder holds beside the files that an import reads: told, so that nothing is dropped in silence."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from gwplan.importers.draft import Draft


def tell_unread(folder: Path, suffix: str, draft: Draft) -> None:
    """Report the files of a folder and below that do not end in ``suffix``, by their endings; hidden ones aside."""
    endings: Counter[str] = Counter()
    for file in folder.rglob("*"):
        own = file.relative_to(folder).parts
        if file.suffix.lower() != suffix and not any(part.startswith(".") for part in own) and file.is_file():
            endings[file.suffix.lower()] += 1
    for ending, count in sorted(endings.items()):
        name = f"{f'*{ending}' if ending else 'without an ending'} ×{count}"
        draft.left_out("file", name, f"not read: this source is *{suffix} files", name)
