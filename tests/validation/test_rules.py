"""For each rule one case it forbids and one it allows, each a small step from the other."""

from __future__ import annotations

import pytest

from scheduler.validation.judge import RULES
from tests.validation import cases_floor, cases_supply
from tests.validation.hand import rules, says
from tests.validation.kit import CASES
from tests.validation.shop_cases import ALLOWED, FORBIDDEN

assert cases_floor
assert cases_supply


def test_every_rule_has_its_cases() -> None:
    rules_there = {rule.__name__ for rule in RULES}
    assert set(CASES) | set(FORBIDDEN) == rules_there
    assert set(CASES) | set(ALLOWED) == rules_there


@pytest.mark.parametrize("rule", CASES)
def test_forbidden(rule: str) -> None:
    scenario, made = CASES[rule][0]()
    found = says(scenario, made, rule)
    assert found
    assert all(violation.message.endswith(".") and len(violation.message) > 20 for violation in found)


@pytest.mark.parametrize("rule", CASES)
def test_allowed(rule: str) -> None:
    scenario, made = CASES[rule][1]()
    assert rules(scenario, made) == set()


def test_every_rule_says_what_it_forbids_and_allows() -> None:
    for rule in RULES:
        assert "Forbids" in (rule.__doc__ or "")
        assert "Allows" in (rule.__doc__ or "")


def test_sentences_name_names_and_times() -> None:
    scenario, made = CASES["precedence"][0]()
    (violation,) = says(scenario, made, "precedence")
    assert (violation.order, violation.operation, violation.resource, violation.time) == (
        "A1",
        "A1/paint",
        "booth1",
        503,
    )
    assert violation.message == (
        "Operation A1/paint starts on booth1 at 2024-01-01T08:23+00:00, before A1/body/press, which it waits for, ends "
        "at 2024-01-01T08:14+00:00, plus 10 min of transport from press1."
    )
