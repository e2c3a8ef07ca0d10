"""A schedule's columns as plain int64 arrays, or what is wrong with their shape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from scheduler.domain.results import Violation
from scheduler.domain.schedule import Schedule

ROWS = ("lot", "name", "resource", "configuration", "mode", "start", "end", "rec_start", "rec_end", "position")
LOTS = ("order", "quantity")
CARRIES = ("before", "after", "start", "end")
PEGS = ("order", "source", "lot", "consumer", "quantity", "available")
RULE = "structure"


@dataclass(frozen=True, eq=False)
class Extras:
    """What only schedules of a real shop have. leave, team, batch [n] or None; carries: columns by name, of one length;
    refused: order numbers."""

    leave: np.ndarray | None
    team: np.ndarray | None
    batch: np.ndarray | None
    teams: tuple[tuple[str, ...], ...]
    carries: dict[str, np.ndarray]
    overtime: tuple[tuple[str, int, int], ...]
    refused: tuple[int, ...]

    @property
    def used(self) -> bool:
        columns = (self.leave, self.team, self.batch)
        return bool(any(c is not None for c in columns) or self.carries or self.overtime or self.refused)


@dataclass(frozen=True, eq=False)
class Columns:
    """rows, lots, pegs: int64 columns by name, of one length each; lot_id, lot_item, peg_component, names: texts."""

    rows: dict[str, np.ndarray]
    lots: dict[str, np.ndarray]
    pegs: dict[str, np.ndarray]
    lot_id: Sequence[str]
    lot_item: Sequence[str]
    peg_component: Sequence[str]
    names: Sequence[str]
    extras: Extras


def _numbers(values: Any) -> np.ndarray | None:
    """The values as int64, None where they are not whole numbers of one dimension."""
    try:
        array = np.asarray(values)
        if array.ndim != 1 or (array.dtype.kind not in "iu" and array.size):
            return None
        if array.dtype.kind == "u" and array.size and int(array.max()) > np.iinfo(np.int64).max:
            return None
        return array.astype(np.int64)
    except (ValueError, TypeError, OverflowError):
        return None


def _texts(values: Any) -> Sequence[str] | None:
    if not isinstance(values, (tuple, list)) or not all(isinstance(value, str) for value in values):
        return None
    return values


def _group(what: str, owner: Any, numbers: tuple[str, ...], texts: tuple[str, ...],
           broken: list[Violation]) -> tuple[dict[str, np.ndarray], dict[str, Sequence[str]]]:
    arrays: dict[str, np.ndarray] = {}
    words: dict[str, Sequence[str]] = {}
    for name in numbers:
        column = _numbers(getattr(owner, name, None))
        if column is None:
            broken.append(Violation(RULE, f"The column '{name}' of the {what} does not hold whole numbers of 64 bits."))
        else:
            arrays[name] = column
    for name in texts:
        column_of_texts = _texts(getattr(owner, name, None))
        if column_of_texts is None:
            broken.append(Violation(RULE, f"The column '{name}' of the {what} does not hold texts."))
        else:
            words[name] = column_of_texts
    lengths = {name: len(column) for name, column in arrays.items()}
    lengths |= {name: len(column) for name, column in words.items()}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"'{name}' {length}" for name, length in lengths.items())
        broken.append(Violation(RULE, f"The columns of the {what} differ in length: {told}."))
    return arrays, words


def columns_of(schedule: Schedule) -> Columns | list[Violation]:
    """The columns of a schedule, or why they cannot be read; then nothing else can be said about it."""
    broken: list[Violation] = []
    rows, _ = _group("operations", schedule, ROWS, (), broken)
    lots, lot_words = _group("lots", schedule.lots, LOTS, ("id", "item"), broken)
    pegs, peg_words = _group("pegs", schedule.pegs, PEGS, ("component",), broken)
    names = _texts(schedule.names)
    if names is None:
        broken.append(Violation(RULE, "The names of the operations are not texts."))
    extras = _extras(schedule, len(rows["start"]) if "start" in rows else 0, broken)
    if broken or names is None:
        return broken
    return Columns(rows, lots, pegs, lot_words["id"], lot_words["item"], peg_words["component"], names, extras)


def _extras(schedule: Schedule, count: int, broken: list[Violation]) -> Extras:
    found: dict[str, np.ndarray | None] = {}
    for name in ("leave", "team", "batch"):
        told = getattr(schedule, name, None)
        column = found[name] = None if told is None else _numbers(told)
        if told is not None and (column is None or len(column) != count):
            text = f"The column '{name}' of the operations does not hold {count} whole numbers."
            broken.append(Violation(RULE, text))
    carries: dict[str, np.ndarray] = {}
    if schedule.carries is not None:
        carries, _ = _group("transports", schedule.carries, CARRIES, (), broken)
    teams = schedule.teams if isinstance(schedule.teams, (tuple, list)) else None
    if teams is None or any(_texts(team) is None for team in teams):
        broken.append(Violation(RULE, "The teams are not lists of crews."))
        teams = ()
    refused = _numbers(schedule.refused)
    if refused is None:
        broken.append(Violation(RULE, "The refused orders are not whole numbers."))
    overtime = schedule.overtime if isinstance(schedule.overtime, (tuple, list)) else None
    if overtime is None or not all(_slot(entry) for entry in overtime):
        broken.append(Violation(RULE, "The overtime is not a list of calendars with start and end."))
        overtime = ()
    return Extras(found["leave"], found["team"], found["batch"], tuple(map(tuple, teams)) if teams else (), carries,
                  tuple((name, int(a), int(b)) for name, a, b in overtime) if overtime else (),
                  () if refused is None else tuple(refused.tolist()))


def _slot(entry: Any) -> bool:
    return (isinstance(entry, (tuple, list)) and len(entry) == 3 and isinstance(entry[0], str)
            and _numbers(entry[1:]) is not None)
