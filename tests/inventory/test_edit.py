"""Edits of texts: what is meant is what the text says afterwards, and nothing else in it changes."""

from __future__ import annotations

from textwrap import dedent

from gwplan.findings import REMOVED, Edit, Renamed
from gwplan.inventory.edit import Edited, Refused, edited, overlay
from gwplan.inventory.source import Source

ESTATE = """\
gwplan: 1
servers:  # all of them
  a: {os: linux, site: paris}
  b:
    os: windows   # b
    site: 'paris'
repositories:
  r:
    type: smb
    gateway_servers:  # why
    - a
    - "b" # x
    # end
  q: &q
    type: nfs
    gateway_servers: [a, b]
  p:
    <<: *q
    site: x
  z: *q
jobs:
  j: {workloads: [
    m,
    n  # n
  ]}
"""


def _after(text: str, *edits: tuple[tuple[str | int, ...], object], is_json: bool = False) -> str:
    made = edited((Source("f.yaml", text, is_json),), [Edit(path, value) for path, value in edits])
    assert isinstance(made, Edited), made
    return made.sources[0].text


def _refused(text: str, *edits: tuple[tuple[str | int, ...], object]) -> Refused:
    made = edited((Source("f.yaml", text),), [Edit(path, value) for path, value in edits])
    assert isinstance(made, Refused)
    return made


def test_an_item_is_put_between_two_others_whose_comments_stay() -> None:
    after = _after(ESTATE, (("repositories", "r", "gateway_servers"), ["a", "c", "b"]))
    assert after == ESTATE.replace('    - "b" # x\n', '    - c\n    - "b" # x\n')


def test_a_list_becomes_a_word_and_the_comment_beside_its_key_stays() -> None:
    after = _after(ESTATE, (("repositories", "r", "gateway_servers"), "auto"))
    assert after == ESTATE.replace(
        'gateway_servers:  # why\n    - a\n    - "b" # x\n', "gateway_servers: auto  # why\n"
    )


def test_a_key_goes_with_its_lines() -> None:
    after = _after(ESTATE, (("repositories", "r", "gateway_servers"), REMOVED), (("servers", "a", "site"), REMOVED))
    gone = '    gateway_servers:  # why\n    - a\n    - "b" # x\n'
    assert after == ESTATE.replace(gone, "").replace("{os: linux, site: paris}", "{os: linux}")


def test_a_quoted_value_stays_quoted_as_it_was() -> None:
    after = _after(ESTATE, (("servers", "b", "site"), "lyon"), (("repositories", "r", "gateway_servers", 1), "bb"))
    assert after == ESTATE.replace("'paris'", "'lyon'").replace('"b" # x', '"bb" # x')


def test_a_key_gets_another_word_where_it_stands() -> None:
    after = _after(ESTATE, (("servers", "a", "os"), Renamed("kind")), (("servers", "a", "os"), Renamed("kind")))
    assert after == ESTATE.replace("{os: linux", "{kind: linux")


def test_an_entry_is_written_as_its_neighbours_are() -> None:
    after = _after(ESTATE, (("servers", "c"), {"os": "linux", "cores": 8}), (("fabrics", "f"), ["a", "c"]))
    new = "    site: 'paris'\n  c:\n    os: linux\n    cores: 8\n"
    assert after == ESTATE.replace("    site: 'paris'\n", new) + "fabrics:\n  f: [a, c]\n"


def test_an_item_of_a_list_in_lines_of_brackets_gets_a_line() -> None:
    after = _after(ESTATE, (("jobs", "j", "workloads"), ["m", "n", "o"]))
    assert after == ESTATE.replace("    n  # n\n", "    n,  # n\n    o\n")


def test_what_a_merge_key_brings_is_overridden_where_it_is_meant() -> None:
    after = _after(ESTATE, (("repositories", "p", "gateway_servers"), ["a"]))
    assert after == ESTATE.replace("    site: x\n", "    site: x\n    gateway_servers: [a]\n")


def test_what_a_merge_key_brings_can_be_taken_away() -> None:
    after = _after(ESTATE, (("repositories", "p", "gateway_servers"), REMOVED))
    assert after == ESTATE.replace("    site: x\n", "    site: x\n    gateway_servers: null\n")


def test_an_alias_gets_words_of_its_own() -> None:
    after = _after(ESTATE, (("repositories", "z", "gateway_servers"), ["b"]))
    assert after == ESTATE.replace("  z: *q\n", "  z: {<<: *q, gateway_servers: [b]}\n")


def test_an_anchored_entry_that_others_share_is_refused_with_the_text_to_write_by_hand() -> None:
    assert _refused(ESTATE, (("repositories", "q", "gateway_servers"), ["a"])) == Refused(
        "it would change what was not meant, as an anchor or a merge key shares the text",
        "repositories:\n  q:\n    gateway_servers: [a]\n",
    )


def test_an_edit_of_all_that_share_a_text_is_made_where_it_is_written() -> None:
    text = "gwplan: 1\nx-base: &base {kind: smb}\nrepositories:\n  a: {<<: *base}\n  b: *base\n  c:\n    <<: [*base]\n"
    edits = [(("repositories", name, "kind"), Renamed("type")) for name in "abc"]
    assert _after(text, *edits) == text.replace("kind:", "type:")


def test_an_edit_of_some_that_share_a_text_is_made_beside_it() -> None:
    text = "gwplan: 1\nx-base: &base {type: smb}\nrepositories:\n  a: {<<: *base}\n  b: *base\n"
    after = _after(text, (("repositories", "a", "type"), "nfs"))
    assert after == text.replace("a: {<<: *base}", "a: {<<: *base, type: nfs}")


def test_keys_that_all_go_make_room_for_others() -> None:
    text = "gwplan: 1\nservers:\n  a:\n    # here\n    os: linux\n  b:\n"
    after = _after(text, (("servers", "a"), {"cores": 4}))
    assert after == text.replace("os: linux", "cores: 4")


def test_two_edits_to_one_place_are_refused() -> None:
    where = ("jobs", "j", "workloads")
    made = _refused(ESTATE, ((*where, 1), "nn"), (where, ["a"]))
    assert made.reason == "two edits speak of one place: jobs.j.workloads"


def test_what_is_not_there_cannot_be_taken_away() -> None:
    assert _refused(ESTATE, (("servers", "c"), REMOVED)).reason == "nothing stands at servers.c"


def test_a_key_does_not_get_the_word_of_another() -> None:
    made = _refused(ESTATE, (("servers", "a", "os"), Renamed("site")))
    assert made.reason == "`site` is there already, beside `os`"


def test_json_stays_json() -> None:
    text = '{"a": {\n  "b": [],\n  "d": 1\n}}'
    after = _after(text, (("a", "b"), ["x"]), (("a", "c"), "true"), is_json=True)
    assert after == '{"a": {\n  "b": ["x"],\n  "d": 1,\n  "c": "true"\n}}'


def test_of_several_files_that_is_edited_which_has_the_place() -> None:
    one, two = (
        Source("a.yaml", "gwplan: 1\nservers:\n  a: {os: linux}\n"),
        Source("b.yaml", "gwplan: 1\nsites:\n  x:\n"),
    )
    made = edited((one, two), [Edit(("sites", "x", "description"), "X"), Edit(("servers", "b"), {})])
    assert isinstance(made, Edited)
    assert [source.text for source in made.sources] == [
        "gwplan: 1\nservers:\n  a: {os: linux}\n  b: {}\n",
        "gwplan: 1\nsites:\n  x: {description: X}\n",
    ]
    assert made.diff == dedent("""\
        --- a.yaml
        +++ a.yaml
        @@ -1,3 +1,4 @@
         gwplan: 1
         servers:
           a: {os: linux}
        +  b: {}
        --- b.yaml
        +++ b.yaml
        @@ -1,3 +1,3 @@
         gwplan: 1
         sites:
        -  x:
        +  x: {description: X}
        """)


def test_an_overlay_says_the_edits_and_no_more() -> None:
    edits = [Edit(("servers", "a", "site"), REMOVED), Edit(("repositories", "r", "gateway_servers", 1), REMOVED)]
    assert overlay((Source(None, ESTATE),), edits) == dedent("""\
        servers:
          a:
            site: null
        repositories:
          r:
            gateway_servers: [a]
        """)
