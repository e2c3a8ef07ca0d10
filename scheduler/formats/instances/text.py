"""The numbers of an instance file, row by row, with the place of each for messages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, TypeVar

from scheduler.errors import InputError, Mistake

LARGEST = 1_000_000_000
MOST_MISTAKES = 50
T = TypeVar("T")
_TOKEN = re.compile(r"\S+")
_INTEGER = re.compile(r"-?[0-9]+")


class Row(NamedTuple):
    """A line that is not blank; number counts from 1."""

    number: int
    text: str


class Text:
    """The rows of one file. Blank lines and lines that start with '#' do not count."""

    def __init__(self, place: str, content: str):
        self.place = place
        lines = content.splitlines()
        self.rows = [Row(i, line) for i, line in enumerate(lines, 1) if line.strip() and line.lstrip()[0] != "#"]
        self.end = Row(max(len(lines), 1), lines[-1] if lines else "")

    def broken(self, row: Row, index: int | None, what: str, instead: str) -> InputError:
        """The error about the number at `index` of a row; behind its last number where there is none."""
        starts = [match.start() for match in _TOKEN.finditer(row.text)]
        at = len(row.text.rstrip()) if index is None or index >= len(starts) else starts[index]
        return InputError([Mistake((), what, instead, f"{self.place}:{row.number}:{at + 1}")])

    def integers(self, row: Row, count: int | None = None) -> list[int]:
        """The numbers of a row (the first `count`), each from 0 to LARGEST."""
        tokens = row.text.split()[:count]
        try:
            values = [int(token) for token in tokens]
        except ValueError:
            values = []
        # int() also takes '+5', '1_000' and digits of other scripts.
        plain = row.text.isascii() and "_" not in row.text and "+" not in row.text
        if plain and values and min(values) >= 0 and max(values) <= LARGEST:
            return values
        for i, token in enumerate(tokens):
            self._check(row, i, token)
        return values

    def each(self, rows: Sequence[Row], read: Callable[[int, Row], T]) -> list[T]:
        """read(i, row) for each row; raises InputError with the mistakes of all rows (not more than MOST_MISTAKES)."""
        found: list[T] = []
        mistakes: list[Mistake] = []
        for i, row in enumerate(rows):
            try:
                found.append(read(i, row))
            except InputError as error:
                mistakes += error.mistakes
        if mistakes:
            raise InputError(mistakes[:MOST_MISTAKES])
        return found

    def _check(self, row: Row, index: int, token: str) -> None:
        short = token if len(token) <= 20 else token[:17] + "..."
        if not _INTEGER.fullmatch(token):
            raise self.broken(row, index, f"'{short}' is not a whole number", "write digits only")
        if token.startswith("-"):
            raise self.broken(row, index, f"{short} is negative", "write a number of zero or more")
        if len(token) > 10 or int(token) > LARGEST:
            raise self.broken(row, index, f"{short} is too large", f"numbers go up to {LARGEST}")

    def walk(self, row: Row) -> Cursor:
        return Cursor(self, row, self.integers(row))


class Cursor:
    """Takes numbers of one row from left to right."""

    def __init__(self, text: Text, row: Row, values: list[int]):
        self.text, self.row, self.values, self.at = text, row, values, 0

    def take(self, what: str) -> int:
        """The next number; raises InputError, naming `what` is missing, at the end of the row."""
        if self.at >= len(self.values):
            raise self.text.broken(self.row, None, f"the line ends where {what} should stand",
                                   "add what is missing, or correct the counts before it")
        self.at += 1
        return self.values[self.at - 1]

    def pairs(self, count: int, what: str) -> Iterator[tuple[int, int]]:
        for _ in range(count):
            yield self.take(f"a machine of {what}"), self.take(f"a duration of {what}")

    def wrong(self, what: str, instead: str) -> InputError:
        """The error about the number taken last."""
        return self.text.broken(self.row, self.at - 1, what, instead)

    def finish(self, what: str) -> None:
        """Raises InputError if the row goes on."""
        if self.at < len(self.values):
            raise self.text.broken(self.row, self.at, f"{len(self.values) - self.at} numbers too many after {what}",
                                   "remove them, or correct the counts before them")
