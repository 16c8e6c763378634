"""Words that came from outside, made harmless for each format that is not text on a terminal."""

from __future__ import annotations

import re
from urllib.parse import quote

from gwplan.render.sheet import visible

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~&@$:=])|(?<=www)(\.)", re.IGNORECASE)


def github_data(text: str) -> str:
    """The message of a workflow command: nothing in it can end the line and begin another command.

    https://github.com/actions/toolkit, packages/core/src/command.ts
    """
    return visible(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def github_property(text: str) -> str:
    """The value of a property of a workflow command."""
    return github_data(text).replace(":", "%3A").replace(",", "%2C")


def markdown(text: str) -> str:
    """A cell or a line of Markdown that shows the words as they are: no markup, no HTML, no link, no mention."""
    return _MARKDOWN.sub(lambda m: f"&#{ord(m[0])};", visible(text))


def uri(path: str) -> str:
    """A file name as a relative reference: percent-encoded, with slashes, never mistaken for a scheme."""
    told = quote(path.replace("\\", "/").encode("utf-8", "surrogatepass"), safe="/~@!$&'()*+,;=")
    return f"./{told}" if told.startswith("//") else told
