"""Checks of a schedule.json piece by piece; all mistakes are collected."""

from __future__ import annotations

from typing import Any

import numpy as np

from scheduler.errors import InputError, Mistake

KINDS = {str: "a text", int: "a whole number", float: "a number", dict: "a mapping", list: "a list"}


class Checker:
    """Takes pieces out of parsed JSON. A piece that is wrong is noted, and something empty of its kind returned."""

    def __init__(self, place: str):
        self.place = place
        self.mistakes: list[Mistake] = []

    def add(self, where: str, what: str, instead: str) -> None:
        self.mistakes.append(Mistake(tuple(where.split("/")), f"{where} {what}", instead, place=self.place))

    def error(self, what: str, instead: str) -> InputError:
        return InputError([Mistake((), what, instead, place=self.place)])

    def stop(self) -> None:
        """Raises InputError if anything was wrong so far."""
        if self.mistakes:
            raise InputError(self.mistakes)

    def value(self, table: dict[str, Any], key: str, where: str, kinds: tuple[type, ...], null: bool = False) -> Any:
        found = table.get(key)
        if type(found) in kinds or (null and key in table and found is None):
            return found
        what = f"is {found!r:.40}" if key in table else "is missing"
        self.add(where, what, f"it is {KINDS[kinds[-1]]}{' or null' if null else ''}")
        return None

    def mapping(self, table: dict[str, Any], key: str, where: str) -> dict[str, Any]:
        return self.value(table, key, where, (dict,)) or {}

    def sequence(self, table: dict[str, Any], key: str, where: str) -> list[Any]:
        return self.value(table, key, where, (list,)) or []

    def texts(self, table: dict[str, Any], key: str, where: str) -> tuple[str, ...]:
        values = self.sequence(table, key, where)
        if set(map(type, values)) - {str}:
            at = next(i for i, value in enumerate(values) if type(value) is not str)
            self.add(f"{where}/{at}", f"is {values[at]!r:.40}", "it is a text")
            return ()
        try:
            "".join(values).encode()
        except UnicodeEncodeError:
            self.add(where, "has a character that is none (a lone surrogate)", "texts are Unicode")
            return ()
        return tuple(values)

    def integers(self, table: dict[str, Any], key: str, where: str) -> np.ndarray:
        values = self.sequence(table, key, where)
        if set(map(type, values)) - {int}:
            at = next(i for i, value in enumerate(values) if type(value) is not int)
            self.add(f"{where}/{at}", f"is {values[at]!r:.40}", "it is a whole number")
        else:
            try:
                return np.array(values, dtype=np.int64)
            except OverflowError:
                self.add(where, "has a number that is too large", "numbers fit 64 bits")
        return np.empty(0, dtype=np.int64)

    def same(self, a: str, size: int, b: str, other: int) -> None:
        if size != other:
            self.add(a, f"has {size} entries", f"{b} has {other}")

    def lengths(self, table: str, size: int, **columns: Any) -> None:
        for name, column in columns.items():
            self.same(f"{table}/{name}", len(column), f"the first column of {table}", size)

    def within(self, where: str, values: np.ndarray, low: int, count: int | np.ndarray, of: str) -> None:
        """Notes the first value outside [low, count)."""
        wrong = np.flatnonzero((values < low) | (values >= count))
        if len(wrong):
            at = int(wrong[0])
            limit = int(count[at]) if isinstance(count, np.ndarray) else count
            self.add(f"{where}/{at}", f"is {int(values[at])}", f"there are {limit} {of}, counted from 0")
