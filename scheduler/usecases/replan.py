"""Replan: a new schedule after what happened, which respects the past and moves little of what was announced."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from scheduler.domain.assemble import axis_of
from scheduler.domain.events import FloorEvent, OrderNew, Rush
from scheduler.domain.floor import FloorEntry
from scheduler.domain.results import Costs
from scheduler.domain.scenario import Scenario
from scheduler.domain.schedule import Schedule
from scheduler.errors import InputError, Mistake
from scheduler.evaluation.costs import costs as costs_of
from scheduler.planning.build import build
from scheduler.usecases.diagnose import diagnose
from scheduler.usecases.replanning.ahead import announced, frozen
from scheduler.usecases.replanning.apply import Applier
from scheduler.usecases.replanning.happened import Past
from scheduler.usecases.replanning.leftover import fits, leftovers, modes_of, regrouped
from scheduler.usecases.replanning.moves import Move, moves
from scheduler.usecases.replanning.prepared import prepared
from scheduler.usecases.replanning.state import Files, Key, Told
from scheduler.usecases.replanning.supplies import bought_now, merged, ready, supplied
from scheduler.usecases.solve import Options, Outcome, solve
from scheduler.usecases.validate import check_belongs

SHORT = 5.0
"""Seconds up to which nobody looks first whether the frozen operations can stay."""
PINNED_SHARE = 0.5
"""Of the time limit for keeping what is frozen, where a first look finds no schedule that does."""
LOOK = 0.05
"""Of the time limit for that first look."""


class Delivery(NamedTuple):
    """When an order is delivered, in ticks: as announced and now; None where it was or is not made."""

    order: str
    announced: int | None
    now: int | None


@dataclass(frozen=True, eq=False)
class Replanned:
    """files: the scenario as it is now, facts and announcement included; outcome: its schedule; moved, gone: announced
    operations that moved, or are no longer made; announced: how many were; facts: how many operations had happened;
    frozen: how many of them stayed frozen; thawed: those that could not. before: what the schedule announced cost;
    deliveries: of all orders that are there or were.
    """

    files: Files
    outcome: Outcome
    moved: tuple[Move, ...]
    gone: tuple[Key, ...]
    announced: int
    facts: int
    frozen: int
    thawed: int
    before: Costs
    deliveries: tuple[Delivery, ...]

    @property
    def share_moved(self) -> float:
        """Part of the announced operations that moved."""
        return len(self.moved) / self.announced if self.announced else 0.0


class _Floor(NamedTuple):
    """What the new scenario begins with. pins: old ones; frozen: pins that may be given up."""

    files: Files
    sure: list[FloorEntry]
    pins: list[FloorEntry]
    frozen: list[FloorEntry]
    announced: list[FloorEntry]
    ready: dict[Key, tuple[int, str]]


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
    _check(changed, told)
    past = Past(before, build(before), changed.scenario(), schedule, told, tick)
    if past.mistakes:
        raise InputError(past.mistakes)
    floor = _floor(changed, past, moment)
    floor = floor._replace(files=_promised(floor.files, before, schedule))
    made, outcome, thawed = _solved(floor, schedule, options)
    urgent = {event.id for event, _ in given if isinstance(event, (OrderNew, Rush))}
    count = sum(row.key not in past.floor for row in past.rows)
    moved, gone, count = ([], [], count) if outcome.schedule is None else moves(
        past, outcome.scenario, outcome.schedule, urgent, floor.ready)
    costs = costs_of(before, schedule)
    return Replanned(made, outcome, tuple(moved), tuple(gone), count, len(past.floor), len(floor.frozen) - thawed,
                     thawed, costs, _deliveries(past, costs, outcome))


def unpriced(files: Files) -> Files:
    """The same scenario where moving what was announced costs nothing and nothing is frozen: to replan from scratch."""
    policy = files.file.policy
    free = policy.replanning.model_copy(update={"per_move": 0, "per_hour": 0, "other_resource": 0, "freeze": 0})
    return dataclasses.replace(files, file=files.file.model_copy(
        update={"policy": policy.model_copy(update={"replanning": free})}))


def _promised(files: Files, before: Scenario, schedule: Schedule) -> Files:
    """The same with what was announced as orders that must be made, but for those with a hard deadline, which what
    happened may have made impossible."""
    policy = files.file.policy
    if not policy.refuse_orders or policy.replanning.may_be_refused:
        return files
    made = {name for j, name in enumerate(before.orders.id) if j not in schedule.refused}
    return dataclasses.replace(files, entries=tuple(
        entry.model_copy(update={"must_make": True}) if entry.id in made and entry.deadline is None else entry
        for entry in files.entries))


def _check(changed: Files, told: Told) -> None:
    """Raises InputError for what the events make wrong about orders, with the place of the event."""
    mistakes = diagnose(changed.file.model_copy(update={"floor": None}), list(changed.entries))
    ids = [entry.id for entry in changed.entries]
    if mistakes:
        raise InputError([dataclasses.replace(m, place=told.orders.get(ids[int(m.where[1])], m.place))
                          if m.where[:1] == ("orders",) and len(m.where) > 1 else m for m in mistakes])


def _floor(changed: Files, past: Past, moment: datetime) -> _Floor:
    """The files of the new scenario, facts and material being what it begins with."""
    file = changed.file.model_copy(update={"now": moment, "floor": None})
    file, done = prepared(past, file)
    facts, material, entries = [*past.floor.values(), *done], supplied(past), changed.entries
    after = Files(file, entries, (*facts, *material)).scenario()
    plan = build(after)
    modes = modes_of(after, plan)
    _check_places(past, modes)
    others = regrouped(past.plan, plan)
    if lost := [fact for fact in facts if not fits(fact, modes) or fact.lot.partition("/")[0] in others]:
        orders, kept = leftovers(past, lost, [*after.orders.id, *plan.lots.id], after.catalog.components)
        facts, entries = [*(fact for fact in facts if fact not in lost), *kept], (*entries, *orders)
        after = Files(file, entries, (*facts, *material)).scenario()
        plan = build(after)
        modes = modes_of(after, plan)
    needs = {(plan.lots.id[lot], name) for lot, name in zip(plan.pegs.consumer.tolist(), plan.pegs.component)}
    material = [e for e in merged(material, bought_now(past, after, plan)) if (e.lot, e.operation) in needs]
    late = ready(past, after, plan, material)
    happened = {(e.lot, e.operation) for e in facts}
    pins = [e for e in changed.floor if e.state == "pinned" and (e.lot, e.operation) not in happened and fits(e, modes)]
    pinned = {(e.lot, e.operation) for e in pins}
    stays = [e for e in frozen(past, past.axis.duration(file.policy.replanning.freeze),
                               {key: until for key, (until, _) in late.items()}, modes.keys() - pinned)
             if fits(e, modes)]
    return _Floor(Files(file, entries, ()), [*facts, *material], pins, stays, announced(past, modes.keys()), late)


def _check_places(past: Past, modes: dict[Key, set[tuple[str, str, int]]]) -> None:
    """Raises InputError where an event says that something ran where it cannot."""
    wrong = []
    for key, place in past.told.placed.items():
        able = sorted({resource for resource, _, _ in modes.get(key, ())})
        where = past.floor[key].resource
        if able and where not in able:
            wrong.append(Mistake((), f"'{'/'.join(key)}' cannot run on '{where}'", f"what can: {', '.join(able)}",
                                 place))
    if wrong:
        raise InputError(wrong)


def _solved(floor: _Floor, schedule: Schedule, options: Options) -> tuple[Files, Outcome, int]:
    """The new scenario, its outcome, and how many operations were freed that should have stayed."""
    def attempt(pins: list[FloorEntry], options: Options) -> tuple[Files, Outcome]:
        made = dataclasses.replace(floor.files, floor=(*floor.sure, *floor.pins, *pins, *floor.announced))
        if mistakes := diagnose(made.file, list(made.entries), floor=made.floor):
            raise InputError([_told(m, made.floor) for m in mistakes])
        return made, solve(made.scenario(), options, start=schedule)

    if not floor.frozen:
        return *attempt([], options), 0
    limit = options.time_limit or floor.files.file.policy.time_limit / 1000
    quick = dataclasses.replace(options, engine="annealing", time_limit=limit * LOOK, listen=None, tell=None)
    if limit > SHORT and attempt(floor.frozen, quick)[1].schedule is None:
        options = dataclasses.replace(options, time_limit=limit * PINNED_SHARE)
    made, outcome = attempt(floor.frozen, options)
    if outcome.schedule is not None or options.stop.is_set():
        return made, outcome, 0
    return *attempt([], options), len(floor.frozen)


def _told(mistake: Mistake, floor: tuple[FloorEntry, ...]) -> Mistake:
    """A mistake about what happened, with the operation in place of the number of its entry."""
    if mistake.where[:1] != ("floor",) or len(mistake.where) == 1:
        return mistake
    entry = floor[int(mistake.where[1])]
    return dataclasses.replace(mistake, place=f"{entry.lot}/{entry.operation} ({entry.state})")


def _deliveries(past: Past, before: Costs, outcome: Outcome) -> tuple[Delivery, ...]:
    """Orders of the announced schedule, then new ones; what was left over of cancelled ones is not delivered."""
    old = {name: int(before.delivery[j]) for j, name in enumerate(past.before.orders.id)
           if j not in past.schedule.refused}
    new: dict[str, int] = {}
    if outcome.schedule is not None and outcome.costs is not None:
        orders = outcome.scenario.orders
        new = {name: int(outcome.costs.delivery[j]) for j, name in enumerate(orders.id)
               if j not in outcome.schedule.refused
               and (name in past.after.orders.id)}
    return tuple(Delivery(name, old.get(name), new.get(name)) for name in dict.fromkeys((*old, *new)))
