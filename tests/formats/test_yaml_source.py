"""YAML as written: scalars stay text, every value knows its line and column."""

from __future__ import annotations

import pytest

from scheduler.formats.yaml_source import Node, parse_yaml

TEXT = """\
# a comment
shift: 8:30
flags: {yes: no, on: off}
list:
  - 007
  - {deep: "~", empty: ~}
ümlaut: äöü # columns count characters
shared: &s {x: 1}
again: *s
folded: >-
  two
  words
"""


def tree(text: str) -> Node:
    root, mistakes = parse_yaml(text, "file.yaml")
    assert root is not None
    assert mistakes == []
    return root


def test_scalars_stay_as_written() -> None:
    assert tree(TEXT).plain() == {
        "shift": "8:30", "flags": {"yes": "no", "on": "off"}, "list": ["007", {"deep": "~", "empty": None}],
        "ümlaut": "äöü", "shared": {"x": "1"}, "again": {"x": "1"}, "folded": "two words"}


@pytest.mark.parametrize(("where", "at_key", "place"), [
    (("shift",), False, (2, 8)),
    (("shift",), True, (2, 1)),
    (("flags",), False, (3, 1)),
    (("flags", "on"), False, (3, 22)),
    (("list", 0), False, (5, 5)),
    (("list", 1), False, (6, 5)),
    (("list", 1, "deep"), False, (6, 12)),
    (("list", 1, "empty"), False, (6, 17)),
    (("list", 1, "nothing"), False, (6, 5)),
    (("list", 7), False, (4, 1)),
    (("ümlaut",), False, (7, 9)),
    (("again", "x"), False, (8, 16)),
    (("nothing", "below"), False, (2, 1)),
])
def test_positions(where: tuple[str | int, ...], at_key: bool, place: tuple[int, int]) -> None:
    assert tree(TEXT).position(where, at_key) == place


def test_a_tag_is_never_obeyed() -> None:
    root, mistakes = parse_yaml("a: !!python/object/apply:os.system [echo]\n", "file.yaml")
    assert root is not None
    assert root.plain() == {"a": ["echo"]}
    assert "is not allowed" in mistakes[0].what


def test_the_good_parts_of_a_file_with_duplicates_are_read() -> None:
    root, mistakes = parse_yaml("a: 1\na: 2\nb: 3\n", "file.yaml")
    assert root is not None
    assert root.plain() == {"a": "1", "b": "3"}
    assert [str(m) for m in mistakes] == ["file.yaml:2:1: 'a' stands twice (first in line 1); keep one of them"]
