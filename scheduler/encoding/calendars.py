"""Calendars of the resources as windows in ticks, one for all resources that work at the same times."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from scheduler.domain.scenario import Resource, Scenario
from scheduler.problem.problem import FAR


class Calendars(NamedTuple):
    """calendar [R]: calendar of each resource; the windows of calendar k are window_first[k] to window_first[k + 1].

    start, end: ticks; work: working ticks before the window.
    """

    calendar: np.ndarray
    first: np.ndarray
    start: np.ndarray
    end: np.ndarray
    work: np.ndarray


def unlimited(scenario: Scenario, resource: Resource) -> bool:
    """Whether the resource works around the clock once its last closure is over."""
    return resource.calendar is None or scenario.plant.calendars[resource.calendar].weekly is None


def calendars(scenario: Scenario, horizon: int) -> Calendars:
    """Calendars expanded to the horizon (ticks); those without weekly shifts never end (FAR)."""
    keys = [(r.calendar, r.closures, r.available_from) for r in scenario.resources]
    index = {key: k for k, key in enumerate(dict.fromkeys(keys))}
    starts, ends, works = [], [], []
    for key in index:
        resource = scenario.resources[keys.index(key)]
        start, end = scenario.windows(resource, int(FAR) if unlimited(scenario, resource) else horizon)
        work = np.zeros(len(start), dtype=np.int64)
        np.cumsum((end - start)[:-1], out=work[1:])
        starts.append(start)
        ends.append(end)
        works.append(work)
    first = np.concatenate(([0], np.cumsum([len(s) for s in starts]))).astype(np.int64)
    return Calendars(np.array([index[key] for key in keys], dtype=np.int64), first, np.concatenate(starts),
                     np.concatenate(ends), np.concatenate(works))
