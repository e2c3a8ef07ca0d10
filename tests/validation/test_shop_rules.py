"""For each rule of a real shop cases it forbids and cases it allows."""

from __future__ import annotations

import pytest

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
