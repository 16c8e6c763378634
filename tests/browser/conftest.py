"""Pages of reports in a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from support import run_cli, text_of


class Opened:
    """A page, and what it asked for or complained of."""

    def __init__(self, page: Any, file: Path) -> None:
        self.page, self.file = page, file
        self.asked: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(file.as_uri())


Open = Callable[..., Opened]


@pytest.fixture
def opened(chromium: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """Opens the report of an inventory, given as a file or as plain data, with more options of the command."""
    contexts: list[Any] = []

    def open_page(inventory: str | dict[str, Any], *options: str, **context: Any) -> Opened:
        where = inventory
        if isinstance(where, dict):
            (tmp_path / "estate.yaml").write_text(text_of({"gwplan": 1, **where}), "utf-8")
            where = str(tmp_path / "estate.yaml")
        file = tmp_path / "report.html"
        result = run_cli(["report", where, "--output", str(file), *options], {}, monkeypatch)
        assert result == (0, "", "")
        contexts.append(chromium.new_context(**{"viewport": {"width": 1280, "height": 900}, **context}))
        return Opened(contexts[-1].new_page(), file)

    yield open_page
    for context in contexts:
        context.close()
