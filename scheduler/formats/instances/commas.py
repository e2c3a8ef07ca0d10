"""Rows of numbers that are separated by commas."""

from __future__ import annotations

import re
from decimal import Decimal

from scheduler.errors import InputError, Mistake
from scheduler.formats.instances.text import LARGEST, Row, Text

_NUMBER = re.compile(r"[0-9]{1,12}(\.[0-9]{1,20})?")


def decimals(text: Text, row: Row, places: int) -> list[Decimal]:
    """The numbers of a row, from 0 to LARGEST, with at most that many decimals. Raises InputError with its place."""
    found, at = [], 0
    for cell in row.text.split(","):
        start = at + len(cell) - len(cell.lstrip())
        at += len(cell) + 1
        word = cell.strip()
        if not _NUMBER.fullmatch(word) or Decimal(word) > LARGEST:
            raise _wrong(text, row, start, f"'{word[:20]}' is not a number from 0 to {LARGEST}", "write digits only")
        value = Decimal(word)
        if value != round(value, places):
            raise _wrong(text, row, start, f"{word} has more than {places} decimals", "round it")
        found.append(value)
    return found


def whole(text: Text, row: Row) -> list[int]:
    """The whole numbers of a row, from 0 to LARGEST. Raises InputError with its place."""
    return [int(value) for value in decimals(text, row, 0)]


def _wrong(text: Text, row: Row, column: int, what: str, instead: str) -> InputError:
    return InputError([Mistake((), what, instead, f"{text.place}:{row.number}:{column + 1}")])
