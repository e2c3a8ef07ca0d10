"""Durations, money and dates as they are written in scenarios and held inside.

Inside, a duration is an integer of milliseconds, money an integer of hundredths of the currency unit.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer, WithJsonSchema

MILLIS = {"ms": 1, "s": 1000, "min": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000}
UNIT_NAMES = "ms, s, min, h, d or w"
DAY_MILLIS = 86_400_000
MAX_MILLIS = 300 * 365 * DAY_MILLIS
CENTS = 100
MICRO = 1_000_000
_DURATION = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*([A-Za-z]*)\s*$")
_MINUTE_FORMS = {"m": "min", "mins": "min", "minute": "min", "minutes": "min", "hour": "h", "hours": "h", "hr": "h",
                 "day": "d", "days": "d", "sec": "s", "secs": "s", "second": "s", "seconds": "s", "week": "w",
                 "weeks": "w"}


def parse_duration(value: Any) -> int:
    """Milliseconds of '90 s', '15 min', '1.5 h', '2 d', '1 w' or sums such as '1 h 30 min'.

    Raises ValueError, with what would be right, on a missing or unknown unit or a negative number.
    """
    if isinstance(value, bool) or value is None:
        raise ValueError(f"{value!r} is not a duration; write a number and a unit, such as '15 min'")
    if isinstance(value, (int, float)):
        if value == 0:
            return 0
        raise ValueError(f"{value} has no unit; write '{value} min', or another of {UNIT_NAMES}")
    text = str(value).strip()
    parts = re.findall(r"[-+]?\d+(?:\.\d+)?\s*[A-Za-z]*", text)
    if not parts or "".join(parts).replace(" ", "") != text.replace(" ", ""):
        raise ValueError(f"'{text}' is not a duration; write a number and a unit, such as '15 min'")
    if len(text) > 100:
        raise ValueError(f"'{text[:20]}...' is too long a duration; write at most 300 years")
    total = Decimal(0)
    for part in parts:
        found = _DURATION.match(part)
        if not found:
            raise ValueError(f"'{text}' is negative; write a duration of zero or more, such as '15 min'")
        number, unit = found.groups()
        if not unit:
            if Decimal(number) == 0 and len(parts) == 1:
                return 0
            raise ValueError(f"'{text}' has no unit; write '{number} min', or another of {UNIT_NAMES}")
        if unit not in MILLIS:
            better = _MINUTE_FORMS.get(unit.lower(), unit.lower() if unit.lower() in MILLIS else "")
            raise ValueError(f"unknown unit '{unit}'; write "
                             + (f"'{number} {better}'" if better else f"one of {UNIT_NAMES}"))
        total += Decimal(number) * MILLIS[unit]
    if total > MAX_MILLIS:
        raise ValueError(f"'{text}' is too long a duration; write at most 300 years")
    return int(total.to_integral_value())


def format_duration(millis: int) -> str:
    """The shortest exact writing of `millis`, for instance '1.5 h' as '90 min'."""
    for unit in ("w", "d", "h", "min", "s"):
        if millis and millis % MILLIS[unit] == 0 and (unit not in ("w",) or millis // MILLIS[unit] > 1):
            return f"{millis // MILLIS[unit]} {unit}"
    return f"{millis} ms" if millis else "0 min"


def parse_money(value: Any) -> int:
    """Hundredths of the currency unit of 12, 12.5 or '12.50'. Raises ValueError on finer amounts."""
    if isinstance(value, bool) or value is None or not isinstance(value, (int, float, str, Decimal)):
        raise ValueError(f"{value!r} is not an amount of money; write a number such as 12.50")
    try:
        cents = Decimal(str(value).strip()) * CENTS
    except ArithmeticError:
        raise ValueError(f"'{value}' is not an amount of money; write a number such as 12.50") from None
    if not cents.is_finite() or cents != cents.to_integral_value():
        raise ValueError(f"{value} is finer than a hundredth; write at most two decimals")
    if abs(cents) > 10**13:
        raise ValueError(f"{value} is too large an amount; write less than 100 000 000 000")
    return int(cents)


def parse_cost(value: Any) -> int:
    cents = parse_money(value)
    if cents < 0:
        raise ValueError(f"{value} is negative; write an amount of zero or more")
    return cents


def format_money(cents: int, currency: str = "") -> str:
    """'1,234.50 EUR' for 123450 hundredths."""
    sign = "-" if cents < 0 else ""
    text = f"{sign}{abs(cents) // CENTS:,}.{abs(cents) % CENTS:02d}"
    return f"{text} {currency}" if currency else text


def _decimal(cents: int) -> float:
    return cents / CENTS


Duration = Annotated[
    int, BeforeValidator(parse_duration), PlainSerializer(format_duration),
    WithJsonSchema({"type": ["string", "integer"], "pattern": r"^\s*(0|(\d+(\.\d+)?\s*(ms|s|min|h|d|w)\s*)+)$",
                    "examples": ["15 min", "1.5 h", "2 d"]}),
]
Money = Annotated[int, BeforeValidator(parse_money), PlainSerializer(_decimal),
                  WithJsonSchema({"type": ["number", "string"], "examples": [12, 12.5]})]
Cost = Annotated[int, BeforeValidator(parse_cost), PlainSerializer(_decimal),
                 WithJsonSchema({"type": ["number", "string"], "minimum": 0, "examples": [12, 12.5]})]


class Model(BaseModel):
    """Base of everything that is an object in a scenario: frozen, and unknown fields are mistakes."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, arbitrary_types_allowed=False)
