"""Tiny problems with rules, one function per rule, and a random mixture of all of them."""

from __future__ import annotations

from tests.rules.neutral import ruled, rules_for

__all__ = ["ruled", "rules_for"]
