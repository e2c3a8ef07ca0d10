"""All cases of the shop's rules: FORBIDDEN and ALLOWED map a rule to its cases, by name a scenario and a schedule."""

from __future__ import annotations

from tests.validation import shop_cases_floor, shop_cases_links, shop_cases_lots, shop_cases_things
from tests.validation.shop_kit import ALLOWED, FORBIDDEN

__all__ = ["ALLOWED", "FORBIDDEN", "shop_cases_floor", "shop_cases_links", "shop_cases_lots", "shop_cases_things"]
