"""No name is a command to the runner of a workflow, from any command, in any format, on either stream."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from support import run_cli, text_of

from gwplan.render import formats

NAMES = ("##[stop-commands]x", "::add-mask::e", "  ::debug::x", "a##[group]b", "###[error]x")
MARKUP = "##[add-mask]<b>&'\"]]>|`$(x)"
COMMANDS = {
    "PLAN": (("resolve", "{i}"), ("resolve", "{i}", "--tasks"), ("resolve", "{i}", "--down", "##[add-mask]gw")),
    "STORY": (("explain", "{i}", "{job}"), ("explain", "{i}", "##[none]")),
    "VENDOR_TABLE": (("rules",),),
    "FINDINGS": (("validate", "{i}"), ("validate", "##[none].yaml"), ("validate", "{broken}")),
    "CATALOGUE": (("rule", "--all"), ("rule", "##[none]")),
    "WHATIF": (("whatif", "{i}", "--down", "vbr"), ("whatif", "{i}", "--with", "##[none].yaml")),
    "SCENARIOS": (("whatif", "{i}", "--scenarios", "{scenarios}"),),
    "REPORT": (("report", "{i}", "--title", "{job}"), ("report", "{i}", "--down", "##[none]")),
    "SWEEP": (("sweep", "{i}", "--all"),),
    "GRAPH": (
        ("graph", "{i}"), ("graph", "{i}", "--down", "##[add-mask]gw"), ("graph", "{i}", "--view", "network"),
        ("graph", "{i}", "--view", "job", "--job", "{job}"), ("graph", "{i}", "--focus", "##[none]"),
    ),
}
THINGS = {name: value for name, value in vars(formats).items() if name.isupper() and isinstance(value, dict)}
OURS = re.compile(r"::(?:error|warning|notice) (?:file|title)=")


def test_every_thing_that_has_formats_is_tried() -> None:
    assert set(COMMANDS) == set(THINGS)


@pytest.mark.parametrize("name", (*NAMES, MARKUP))
@pytest.mark.parametrize(("thing", "form"), [(thing, form) for thing in THINGS for form in THINGS[thing]])
def test_the_runner_finds_no_command_but_our_annotations(
    thing: str, form: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "##[x]"
    folder.mkdir()
    for file, more in (("i.yaml", {}), ("broken.yaml", {name: 1})):
        (folder / file).write_text(text_of({
            "gwplan": 1, "backup_server": "vbr",
            "servers": {"vbr": {"os": "windows"}, "##[add-mask]gw": {"os": "linux"}},
            "workloads": {name: {"platform": "vmware"}}, "repositories": {name: {"type": "smb"}},
            "jobs": {name: {"type": "backup", "workloads": [name], "repository": name}}, **more,
        }))  # fmt: skip
    (folder / "s.yaml").write_text(text_of([{"name": name, "down": ["vbr"], "expect": "no_loss"}]))
    paths = {"i": folder / "i.yaml", "broken": folder / "broken.yaml", "scenarios": folder / "s.yaml", "job": name}
    for command in COMMANDS[thing]:
        words = [word.format(**paths) for word in command]
        form_of = [] if thing == "REPORT" else ["--format", form]  # a page has one form
        told = run_cli([*words, *form_of], {"GITHUB_ACTIONS": "true"}, monkeypatch)
        for line in (told.out + "\n" + told.err).splitlines():
            if not OURS.match(line):
                assert "##[" not in line
                assert not line.lstrip().startswith("::")
            assert "\x1b" not in line
