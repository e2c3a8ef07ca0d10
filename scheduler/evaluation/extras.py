"""Money that a plain shop does not know: overtime that was bought, and moving what was announced."""

from __future__ import annotations

import numpy as np

from scheduler.domain.scenario import MICRO, Scenario, rate_per_tick
from scheduler.domain.schedule import Schedule
from scheduler.evaluation.matched import Matched, facts
from scheduler.evaluation.opening import bought
from scheduler.evaluation.sharing import split

HOUR = 3_600_000


def overtime_shares(scenario: Scenario, schedule: Schedule, carrier: np.ndarray, accounts: int) -> tuple[
        np.ndarray, int]:
    """Hundredths of overtime of each account [accounts], and what nobody used. carrier [n]: account of each row.

    Each amount is split by the ticks that operations on resources of its calendar run inside it, by largest
    remainder; where only preparations lie inside it by theirs, and where only crews of that calendar used it by the
    ticks of what they ran.
    """
    shares, left = np.zeros(accounts, dtype=np.int64), 0
    for name, start, end, cents in bought(scenario, schedule).values():
        there = np.array([r.calendar == name for r in scenario.resources], dtype=bool)[schedule.resource]
        crewed = _crewed(scenario, schedule, name)
        for rows, begins, ends in ((there, schedule.start, schedule.end),
                                   (there, schedule.rec_start, schedule.rec_end),
                                   (crewed, schedule.start, schedule.end)):
            inside = np.where(rows, np.maximum(0, np.minimum(ends, end) - np.maximum(begins, start)), 0)
            used = np.zeros(accounts, dtype=np.int64)
            np.add.at(used, carrier, inside)
            who = np.flatnonzero(used)
            if len(who):
                amount = np.array([[cents]], dtype=np.int64)
                shares[who] += split(amount, np.zeros(len(who), dtype=np.int64), used[who])[:, 0]
                break
        else:
            left += cents
    return shares, left


def _crewed(scenario: Scenario, schedule: Schedule, calendar: str) -> np.ndarray:
    """Which rows were run by a crew that works on the calendar, [n] bool."""
    if schedule.team is None:
        return np.zeros(len(schedule), dtype=bool)
    crews = {name for name, crew in scenario.plant.crews.items()
             if crew.calendar == calendar or any(shift.calendar == calendar for shift in crew.shifts)}
    used = np.array([any(name in crews for name in team) for team in schedule.teams], dtype=bool)
    return np.asarray(used[schedule.team])


def announced(scenario: Scenario, schedule: Schedule, found: Matched) -> tuple[np.ndarray, np.ndarray]:
    """(start, resource) of each row as the last schedule put it, [n]; -1: not announced, or it already happened."""
    start, resource = np.full(len(schedule), -1, dtype=np.int64), np.full(len(schedule), -1, dtype=np.int64)
    index = {r.id: i for i, r in enumerate(scenario.resources)}
    done = facts(scenario, schedule, found)
    for i, (lot, name) in enumerate(zip(schedule.lot.tolist(), schedule.name.tolist())):
        for entry in found.entries.get((schedule.lots.id[lot], schedule.names[name]), ()):
            if entry.state == "announced" and entry.start is not None and not done[i]:
                start[i] = scenario.axis.to_ticks(entry.start)
                resource[i] = index.get(entry.resource or "", -1)
    return start, resource


def moving_micros(scenario: Scenario, schedule: Schedule, found: Matched) -> np.ndarray:
    """What moving each row from where it was announced costs, in micros, [n]."""
    price, axis = scenario.policy.replanning, scenario.axis
    start, resource = announced(scenario, schedule, found)
    away = np.where(start >= 0, np.abs(schedule.start - start), 0)
    rate = rate_per_tick(price.per_hour, HOUR, axis.tick)
    later = np.where(away > axis.duration(price.tolerance), price.per_move * MICRO + rate * away, 0)
    other = (start >= 0) & (resource >= 0) & (resource != schedule.resource)
    return np.asarray(later + other * price.other_resource * MICRO)
