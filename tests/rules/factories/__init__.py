"""A tiny factory for each part of each rule, in which the rule decides the result."""

from __future__ import annotations

from tests.rules.factories import equipment, hours, lots, people, relations, supply, what_happened
from tests.rules.kit import PARTS, Part

PARTS.sort(key=lambda p: p.rule)

__all__ = ["PARTS", "Part", "equipment", "hours", "lots", "people", "relations", "supply", "what_happened"]
