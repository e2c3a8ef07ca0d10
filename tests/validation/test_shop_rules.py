"""For each rule of a real shop cases it forbids and cases it allows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.domain.results import Violation
from scheduler.validation.judge import RULES, validate
from tests.validation.shop_cases import ALLOWED, FORBIDDEN

PLAIN = (
    "structure",
    "completeness",
    "eligibility",
    "duration",
    "horizon",
    "overlap",
    "reconfiguration",
    "calendar",
    "precedence",
    "release",
    "material",
    "stock",
    "tools",
    "deadline",
    "budgets",
    "header",
)


def names(cases: dict[str, dict[str, object]]) -> list[tuple[str, str]]:
    return [(rule, name) for rule, mine in cases.items() for name in mine]


def test_every_rule_of_the_shop_has_its_cases() -> None:
    shop = {rule.__name__ for rule in RULES} - set(PLAIN)
    assert shop <= set(FORBIDDEN)
    assert shop <= set(ALLOWED)


@pytest.mark.parametrize(("rule", "name"), names(FORBIDDEN))  # type: ignore[arg-type]
def test_forbidden(rule: str, name: str) -> None:
    found = validate(*FORBIDDEN[rule][name]())
    assert {violation.rule for violation in found} == {rule}
    assert all(violation.message.endswith(".") and len(violation.message) > 20 for violation in found)


@pytest.mark.parametrize(("rule", "name"), names(ALLOWED))  # type: ignore[arg-type]
def test_allowed(rule: str, name: str) -> None:
    assert validate(*ALLOWED[rule][name]()) == []


ROWS = (
    "lot",
    "name",
    "resource",
    "configuration",
    "mode",
    "start",
    "end",
    "rec_start",
    "rec_end",
    "position",
    "leave",
    "team",
    "batch",
)
COLUMNS = (
    *(("", name) for name in ROWS),
    *(("carries", name) for name in ("before", "after", "start", "end")),
    *(("pegs", name) for name in ("source", "lot", "consumer", "quantity", "available")),
    *(("lots", name) for name in ("order", "quantity")),
)
WILD = st.one_of(st.integers(-3, 60), st.sampled_from([-(2**63), 2**63 - 1, 2**62, 10**15, 2**40]))
EXTRAS: dict[str, Any] = {
    "leave": st.sampled_from([None, 7, [1], ["x"], np.zeros((2, 2))]),
    "team": st.sampled_from([None, [0.5], "abc"]),
    "batch": st.sampled_from([None, [[0]], np.zeros(1)]),
    "teams": st.sampled_from([None, (), ((),), (("nobody",),), ((3,),), ("fitters",), 5]),
    "carries": st.sampled_from([None, 5, "x"]),
    "overtime": st.sampled_from(
        [None, (("day", 960, 1080),), (("day", 1, 2), ("night", 2**62, -1)), ((1, 2, 3),), (5,)]
    ),
    "refused": st.sampled_from([None, (0,), (7, -1), (0, 0), (2**70,), ("A",)]),
}


@settings(max_examples=200, deadline=None)
@given(case=st.sampled_from(sorted((rule, name) for rule, mine in ALLOWED.items() for name in mine)), data=st.data())
def test_no_schedule_of_a_shop_makes_the_judge_raise(case: tuple[str, str], data: st.DataObject) -> None:
    scenario, made = ALLOWED[case[0]][case[1]]()
    for _ in range(data.draw(st.integers(1, 4))):
        if data.draw(st.integers(0, 3)) == 0:
            name = data.draw(st.sampled_from(sorted(EXTRAS)))
            made = replace(made, **{name: data.draw(EXTRAS[name])})
            continue
        part, name = data.draw(st.sampled_from(COLUMNS))
        owner: Any = getattr(made, part) if part else made
        old = getattr(owner, name, None)
        if isinstance(old, np.ndarray) and old.ndim == 1 and len(old) and old.dtype == np.int64:
            new = old.copy()
            new[data.draw(st.integers(0, len(old) - 1))] = data.draw(WILD)
            made = replace(made, **{part: replace(owner, **{name: new})}) if part else replace(made, **{name: new})
    assert all(isinstance(violation, Violation) and violation.message for violation in validate(scenario, made))
