"""Words that came from outside, made harmless for each output: each writer passes its words through here at its edge.

JSON needs nothing of this: it is written in ASCII, and gives the words back as they are.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any
from urllib.parse import quote
from xml.etree.ElementTree import Element, SubElement

_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_LINE_COMMAND = re.compile(r"^((?:\x1b\[[0-9;]*m|\s)*)::", re.MULTILINE)
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~&@$:=])|(?<=www)(\.)", re.IGNORECASE)


def visible(text: str) -> str:
    """The text with everything that could move the cursor, hide or reorder it shown as an escape."""
    if text.isprintable():
        return text
    return "".join(map(_shown, text))


def _shown(char: str) -> str:
    if char == "\t":
        return " "
    if unicodedata.category(char) not in _INVISIBLE:
        return char
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def log(text: str) -> str:
    """Text for the log of a workflow: GitHub's runner obeys ``##[…]`` anywhere, and ``::`` where a line begins.

    https://github.com/actions/runner, src/Runner.Common/ActionCommand.cs. GitLab's runner obeys only escape sequences,
    which ``visible`` has shown already.
    """
    return _LINE_COMMAND.sub(r"\1\\x3a:", text.replace("##[", "\\x23#["))


def visible_in(data: Any) -> Any:
    """Plain data with every text in it visible, for JSON whose readers print what they find."""
    if isinstance(data, dict):
        return {key: visible_in(value) for key, value in data.items()}
    if isinstance(data, list):
        return [visible_in(value) for value in data]
    return visible(data) if isinstance(data, str) else data


def xml(parent: Element, tag: str, *lines: str, **attributes: str) -> Element:
    """A new element of these lines and attributes. What ``visible`` lets through, XML can hold."""
    element = SubElement(parent, tag, {name: visible(value) for name, value in attributes.items()})
    element.text = "\n".join(map(visible, lines)) or None
    return element


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


_REFERENCE = re.compile(r"((?:&#(?:64|35|38|36|126);|[!%])(?=\w|&#91;)|\b[Gg][Hh](?=-\d))")


_DISPUTED = frozenset("|\\<>")
"""What not every reader takes for text in a cell's code; a log obeys ``##[`` there, too."""


def prose(text: str) -> str:
    """The same for a comment, where a sign before a word would mention somebody or link to something: a break stands
    between the two, as a host looks for mentions in what a page shows, whatever its source says."""
    return _REFERENCE.sub(r"\1&#8203;", markdown(text))


def code(text: str) -> str:
    """A code span of one line, also in a cell: nothing in it can end it, and nobody is mentioned in it."""
    shown = visible(text)
    if not shown.strip() or not _DISPUTED.isdisjoint(shown) or "##[" in shown:
        return prose(shown)
    longest = max((len(run) for run in re.findall("`+", shown)), default=0)
    fence = "`" * (longest + 1)
    space = " " if shown.startswith(("`", " ")) or shown.endswith(("`", " ")) else ""
    return f"{fence}{space}{shown}{space}{fence}"


def uri(path: str) -> str:
    """A file name as a relative reference: percent-encoded, with slashes, never mistaken for a scheme."""
    told = quote(path.replace("\\", "/").encode("utf-8", "surrogatepass"), safe="/~@!$&'()*+,;=")
    return f"./{told}" if told.startswith("//") else told
