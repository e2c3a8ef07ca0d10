"""Problems with rules for tests: neutral rules, one rule alone, any mixture."""

from __future__ import annotations

from tests.rules.mixture import RULES, problem_with, random_rules_problem
from tests.rules.neutral import ruled, rules_for

__all__ = ["RULES", "problem_with", "random_rules_problem", "ruled", "rules_for"]
