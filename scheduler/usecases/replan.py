"""Replan: a new schedule after what happened, which respects the past and moves little of what was announced."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from scheduler.domain.assemble import axis_of
from scheduler.domain.events import FloorEvent, OrderNew, Rush
from scheduler.domain.schedule import Schedule
from scheduler.errors import InputError, Mistake
from scheduler.planning.build import build
from scheduler.usecases.diagnose import diagnose
from scheduler.usecases.replanning.apply import Applier
from scheduler.usecases.replanning.happened import Past
from scheduler.usecases.replanning.moves import Move, moves
from scheduler.usecases.replanning.state import Files, Key
from scheduler.usecases.solve import Options, Outcome, solve
from scheduler.usecases.validate import check_belongs


@dataclass(frozen=True, eq=False)
class Replanned:
    """files: the scenario as it is now, facts and announcement included; outcome: its schedule; moved, gone: announced
    operations that moved, or are no longer made; announced: how many were; facts: how many operations had happened;
    thawed: frozen operations that could not stay frozen."""

    files: Files
    outcome: Outcome
    moved: tuple[Move, ...]
    gone: tuple[Key, ...]
    announced: int
    facts: int
    frozen: int
    thawed: int

    @property
    def share_moved(self) -> float:
        """Part of the announced operations that moved."""
        return len(self.moved) / self.announced if self.announced else 0.0


def replan(files: Files, schedule: Schedule, events: Iterable[tuple[FloorEvent, str]], now: datetime,
           options: Options | None = None) -> Replanned:
    """A new schedule from `now` on. events: with the place of each for messages; those after now are mistakes.

    What the events do not speak of ran as planned, as far as it could. Operations within the policy's `freeze` keep
    time and resource unless what happened stands against it; where no schedule is found so, they are freed. Raises
    InputError with every mistake in the events, in what they make of the scenario, or for a schedule of another one.
    """
    options = options or Options()
    before = files.scenario()
    check_belongs(before, schedule)
    axis = axis_of(files.file)
    moment = now if now.tzinfo else now.replace(tzinfo=ZoneInfo(axis.zone))
    tick = axis.to_ticks(moment)
    if tick < before.now:
        raise InputError([Mistake(("now",), f"{now} lies before {axis.text(before.now)}, the scenario's own now",
                                  "give a later time", place="--now")])
    given = list(events)
    applier = Applier(files, schedule, moment)
    told = applier.apply(given)
    changed = applier.files()
    past = Past(before, build(before), changed.scenario(), schedule, told, tick)
    pins = past.frozen(axis.duration(files.file.policy.replanning.freeze))
    kept = [e for e in changed.floor if e.state in ("pinned", "material") and (e.lot, e.operation) not in past.floor]
    announced = past.announced(set(applier.orders))
    urgent = {event.id for event, _ in given if isinstance(event, (OrderNew, Rush))}

    def attempt(frozen: list, options: Options) -> tuple[Files, Outcome]:  # type: ignore[type-arg]
        pinned = {(e.lot, e.operation) for e in kept if e.state == "pinned"}
        floor = (*past.floor.values(), *kept, *(p for p in frozen if (p.lot, p.operation) not in pinned), *announced)
        file = changed.file.model_copy(update={"now": moment, "floor": None})
        made = Files(file, changed.entries, tuple(floor))
        mistakes = diagnose(file, list(made.entries), floor=floor)
        if mistakes:
            raise InputError(mistakes)
        return made, solve(made.scenario(), options, start=schedule)

    made, outcome = attempt(pins, options)
    thawed = 0
    if outcome.schedule is None and pins and not options.stop.is_set():
        thawed = len(pins)
        made, outcome = attempt([], options)
    moved, gone, count = ([], [], len(announced)) if outcome.schedule is None else moves(
        past, outcome.scenario, outcome.schedule, urgent)
    return Replanned(made, outcome, tuple(moved), tuple(gone), count, len(past.floor), len(pins) - thawed, thawed)



def unpriced(files: Files) -> Files:
    """The same scenario where moving what was announced costs nothing and nothing is frozen: to replan from scratch."""
    policy = files.file.policy
    free = policy.replanning.model_copy(update={"per_move": 0, "per_hour": 0, "other_resource": 0, "freeze": 0})
    return dataclasses.replace(files, file=files.file.model_copy(
        update={"policy": policy.model_copy(update={"replanning": free})}))
