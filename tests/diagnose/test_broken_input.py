"""Every kind of broken input, with every line that must be said about it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scheduler.errors import InputError
from scheduler.loading import load, read_mistakes
from tests.diagnose.cases import CASES, FULL, GOOD, broken, expected


@pytest.mark.parametrize("name", CASES)
def test_all_mistakes_are_said(name: str, tmp_path: Path) -> None:
    path = broken(name, tmp_path)
    with pytest.raises(InputError) as caught:
        load(path)
    assert [str(m) for m in caught.value.mistakes] == expected()[name]


def test_every_stored_message_has_a_case_and_a_place() -> None:
    stored = expected()
    assert list(stored) == list(CASES)
    for lines in stored.values():
        assert lines
        for line in lines:
            assert re.match(r"(scenario|orders|floor)\.(yaml|csv):\d+:\d+: .+; .+", line), line
            assert "Input should" not in line


@pytest.mark.parametrize("folder", [GOOD, FULL], ids=lambda path: path.name)
def test_the_good_scenarios_have_no_mistake(folder: Path) -> None:
    assert read_mistakes(folder) == []
    assert read_mistakes(folder / "scenario.yaml") == []
