"""An example of each rule, wrong and right: data in the files beside this one, which are read when somebody asks."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import NamedTuple

import yaml


class Example(NamedTuple):
    """Two entries of an inventory, as people write them."""

    wrong: str
    right: str


def example_of(code: str) -> Example | None:
    """The example of a rule; None for the one that has no text to show."""
    return _examples().get(code)


@cache
def _examples() -> dict[str, Example]:
    """Every example by its code, theme by theme."""
    texts = (file.read_text("utf-8") for file in files(__name__).iterdir() if file.name.endswith(".yaml"))
    return {code: Example(**entry) for text in texts for code, entry in yaml.safe_load(text).items()}
