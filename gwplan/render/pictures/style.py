"""How a drawn picture looks: on light and dark screens, and printed in black and white; the same text for every one."""

from __future__ import annotations

import re

LIGHT = {
    "paper": "#fff", "band": "#f3f5f8", "ink": "#17212b", "soft": "#4a5866", "box": "#fff", "line": "#788695",
    "data": "#4f6475", "offload": "#7a45b8", "bad": "#b3261e", "moved": "#a34800", "busy": "#8a5a00",
    "good": "#21733f", "trough": "#d5dbe1", "source": "#66727e", "proxy": "#1d64b4", "gateway": "#0b7070",
    "repository": "#6a3fa0",
}  # fmt: skip
DARK = {
    "paper": "#10161c", "band": "#18212a", "ink": "#e6ebf0", "soft": "#a9b6c2", "box": "#212c37", "line": "#768698",
    "data": "#8ea3b5", "offload": "#b58ce8", "bad": "#ff8a80", "moved": "#ffac5f", "busy": "#f0b64a",
    "good": "#6cc58b", "trough": "#3a4754", "source": "#9aa7b3", "proxy": "#6fb1ff", "gateway": "#4fc3c3",
    "repository": "#bd9af0",
}  # fmt: skip
PRINT = {
    "paper": "#fff", "band": "#fff", "ink": "#000", "soft": "#000", "box": "#fff", "line": "#000", "data": "#444",
    "offload": "#444", "bad": "#000", "moved": "#000", "busy": "#000", "good": "#555", "trough": "#fff",
    "source": "#000", "proxy": "#000", "gateway": "#000", "repository": "#000",
}  # fmt: skip

_FONTS = '"Segoe UI","Helvetica Neue",Arial,"DejaVu Sans","Noto Sans CJK SC",sans-serif'
_RULES = """\
.of text{fill:var(--ink);white-space:pre}
.of .paper{fill:var(--paper)}
.of .title{font-weight:600}
.of .head{font-weight:600;fill:var(--soft)}
.of .band rect{fill:var(--band)}
.of .band text{font-weight:600;fill:var(--soft)}
.of .note{fill:var(--soft)}
.of .box{fill:var(--box);stroke:var(--line)}
.of .label{font-weight:600}
.of .facts{fill:var(--soft)}
.of .stripe{fill:var(--source)}
.of .proxy .stripe{fill:var(--proxy)}
.of .gateway .stripe{fill:var(--gateway)}
.of .repository .stripe{fill:var(--repository)}
.of .stub .stripe{fill:var(--bad)}
.of .trough{fill:var(--trough)}
.of .share{fill:var(--good)}
.of .busy .share{fill:var(--busy)}
.of .over .share{fill:var(--bad)}
.of .over .box,.of .stub .box{stroke:var(--bad);stroke-width:2}
.of .stub .box{stroke-dasharray:5 3}
.of .idle .box{stroke-dasharray:2 3}
.of .down .box{stroke:var(--bad);stroke-dasharray:8 3;stroke-width:2}
.of .down .label{text-decoration:line-through}
.of .edge,.of .sample{fill:none;stroke:var(--data)}
.of .offload{stroke:var(--offload)}
.of .unserved{stroke:var(--bad)}
.of .fallback{stroke:var(--data);stroke-dasharray:3 4}
.of .offload{stroke-dasharray:14 3 2 3}
.of .wan{stroke-dasharray:10 4}
.of .offload.wan{stroke-dasharray:8 5 2 5}
.of .moved{stroke:var(--moved)}
.of .fabric{stroke:var(--gateway);stroke-dasharray:1 4;stroke-linecap:round}
.of .rail{fill:none;stroke:var(--line);stroke-width:3}
.of .struck{fill:var(--bad);text-decoration:line-through}
.of .gone{stroke:var(--line);stroke-dasharray:1 5;stroke-linecap:round}
.of .cut{stroke:var(--bad);stroke-dasharray:8 3}
.of .head-data{fill:var(--data)}
.of .head-offload{fill:var(--offload)}
.of .head-unserved{fill:var(--bad)}
.of .head-moved,.of .diamond{fill:var(--moved)}
.of .head-gone{fill:var(--line)}
"""


def _style() -> str:
    """Colours are variables, each with its light value before it for viewers that know no variables."""
    rules = _RULES.replace(".of ", ".gwplan-picture ")
    both = re.sub(r"([a-z]+):(var\(--([a-z]+)\))", lambda m: f"{m[1]}:{LIGHT[m[3]]};{m[1]}:{m[2]}", rules)
    return (
        f".gwplan-picture{{{_variables(LIGHT)};font-family:{_FONTS}}}\n"
        f"@media (prefers-color-scheme:dark){{.gwplan-picture{{{_variables(DARK)}}}}}\n"
        f"@media print{{.gwplan-picture{{{_variables(PRINT)}}}\n"
        f".gwplan-picture .band rect{{stroke:#999}}.gwplan-picture .trough{{stroke:#000}}}}\n{both}"
    )


def _variables(colours: dict[str, str]) -> str:
    return ";".join(f"--{name}:{colour}" for name, colour in colours.items())


STYLE = _style()
