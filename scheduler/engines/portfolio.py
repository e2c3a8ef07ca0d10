"""Which engine runs when. The only place that names concrete engines."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from scheduler.engines.annealing import HOT, AnnealingEngine
from scheduler.engines.contract import Channel, Engine, Limits, Result, Status
from scheduler.engines.cpsat.engine import CpSatEngine, NeighbourhoodEngine
from scheduler.engines.cpsat.outside import WAITING
from scheduler.engines.cpsat.size import model_size, too_large
from scheduler.engines.decomposition import PartsEngine
from scheduler.engines.dispatch import DispatchEngine, broken_by
from scheduler.engines.tabu import Polish, TabuEngine, suits
from scheduler.engines.unary import relaxed, unary
from scheduler.errors import InputError
from scheduler.problem.bounds import trivial_bound, trivial_source
from scheduler.problem.evaluate import evaluate, levels_of
from scheduler.problem.makespan_bounds import makespan_bound
from scheduler.problem.problem import Problem, Solution

LEAD = 0.15
"""Share of the time that local search gets before the constraint model starts from its schedule."""
LEAD_SECONDS = 3.0
LISTS = 0.1
"""Share of the time for dispatching where the problem has rules: there are many lists to try, and search finds more."""
MANY, MANY_LISTS = 5_000, 0.6
"""Operations beyond which search finds less than more lists do, and their share of the time then."""
TURN_PER_OPERATION = 0.05
"""Seconds of annealing per operation before the model's turn, with one worker."""
WARM = HOT / 4
"""Temperature at which annealing begins from a schedule that was given."""
ANNOUNCED = HOT / 25
"""The same where moving what was announced costs something: it is near already, and hot search moves everything."""
MODEL_PER_SECOND = 600
"""Arcs and intervals a second of the limit must carry for the constraint model to be worth a thread, once there is a
schedule: beyond that a second annealing run finds more (measured on the stories)."""


MODES = 3_000
"""Modes up to which the constraint model is given a thread for a makespan: beyond that it proves nothing in time."""
IN_PARTS = 8_000
"""Operations from which several workers anneal parts of one schedule instead of a schedule each."""
LARGE = 20_000
"""Operations beyond which randomised dispatching takes too long to begin a makespan with."""
PROVING = 0.25
"""Share of the time in which it has to, or a second tabu search takes its place."""
UNPROMISING = 0.5
"""Gap beyond which the constraint model of a sum gives the rest of its time to a second run of annealing: it then has
had POLISH of the time, or more where there is more of it."""
CALM = 3.0
"""How much longer the runs of that second annealing are: where short ones end in one place, longer ones may not."""
PATIENT = 60.0
"""Seconds of a limit within which it does not come to that."""
POLISH = 0.15
"""Share of the time for neighbourhoods of the best schedule at the end."""
ALONE = 0.7
"""Share of tabu search with one worker, before the constraint model has its turn."""
POLISH_SECONDS = 1.0
"""Seconds for neighbourhoods of the best schedule of a run of tabu search."""
BOUNDS = 0.05
"""Share of the time for bounds with one worker; with more they have a thread, and twice that."""


class LinkedEvent(threading.Event):
    """Set when it was set itself or when `outer` is: a stop for one part of a solve that also hears the whole's."""

    def __init__(self, outer: threading.Event) -> None:
        super().__init__()
        self.outer = outer

    def is_set(self) -> bool:
        return super().is_set() or self.outer.is_set()


class PartChannel(Channel):
    """A channel for one part of a solve: shares the whole's incumbent, bound and trace, and can be stopped alone."""

    def __init__(self, whole: Channel) -> None:
        super().__init__(clock=whole.clock, stop=LinkedEvent(whole.stop))
        self.whole = whole
        self._opened = whole._opened

    def __post_init__(self) -> None:
        """Nothing of its own: see __getattr__."""

    def __getattr__(self, name: str) -> Any:
        """What is known (best, objective, bound, trace, failures) is the whole's."""
        return getattr(self.whole, name)

    def offer(self, solution: Solution, objective: tuple[int, ...], source: str) -> bool:
        return self.whole.offer(solution, objective, source)

    def offer_bound(self, bound: float, source: str) -> bool:
        return self.whole.offer_bound(bound, source)


def _moves_cost(problem: Problem) -> bool:
    rules = problem.rules
    return rules is not None and bool((rules.ref_start >= 0).any()) and bool(
        rules.move_fixed or rules.move_rate or rules.move_resource)


class PortfolioEngine:
    """Dispatching, then annealing beside the constraint model, sharing one incumbent and one bound.

    With two or more workers annealing runs in one thread and CP-SAT with the rest; with one they take turns. Under a
    deterministic limit each takes half of it, one after the other, which repeats exactly as long as no wall-clock limit
    ends a part first. Where the model would be too large, annealing takes all workers, a seed each, or a part each of
    one schedule where that is large. Problems that tabu search knows go another way: see _makespan.
    """

    name = "auto"

    def solve(self, problem: Problem, start: Solution | None, limits: Limits, channel: Channel) -> Result:
        if suits(problem):
            return self._makespan(problem, start, limits, channel)
        if not unary(problem) and not too_large(problem, limits.seconds):
            WAITING.warm()
        opened = channel.seconds()
        hot = HOT if start is None else ANNOUNCED if _moves_cost(problem) else WARM
        first = start
        if first is None:
            lists = 0.3 if problem.rules is None else MANY_LISTS if problem.operations > MANY else LISTS
            share = Limits(seconds=limits.seconds * lists, seed=limits.seed)
            first, _ = DispatchEngine().construct(problem, share, channel)
        elif not broken_by(problem, first, measures := evaluate(problem, first)):
            channel.offer(first, levels_of(problem, measures), "start")
        if start is not None and problem.rules is not None:
            # what was announced may be worth little after a breakdown
            DispatchEngine().construct(problem, Limits(seconds=limits.seconds * LISTS, seed=limits.seed), channel)
            first = channel.best or first
        channel.offer_bound(float(trivial_bound(problem)), trivial_source(problem))
        if unary(problem):
            for plain in relaxed(problem):
                _bounds(plain, limits.seconds * BOUNDS, channel)

        def left(share: float = 1.0) -> Limits:
            return Limits(max(0.01, (limits.seconds - channel.seconds() + opened) * share), None, limits.target_gap,
                          limits.seed, max(1, limits.workers))

        if limits.deterministic is not None:
            results = self._in_turns(problem, first, limits, channel, hot)
        elif unary(problem) or too_large(problem, limits.seconds) or (
                channel.best is not None and model_size(problem) > MODEL_PER_SECOND * limits.seconds):
            results = self._annealing_only(problem, first, left(), channel, hot)
        elif limits.workers == 1:
            turn = min(0.4, (0.5 + problem.operations * TURN_PER_OPERATION) / limits.seconds)
            results = _members([
                ("annealing", lambda: AnnealingEngine(hot=hot).solve(problem, first, left(turn), channel)),
                ("cpsat", lambda: CpSatEngine().solve(problem, channel.best or first, left(), channel))],
                channel, in_turns=True)
        else:
            lead = Limits(min(LEAD_SECONDS, limits.seconds * LEAD), seed=limits.seed)
            results = _members([("annealing", lambda: AnnealingEngine(hot=hot).solve(problem, first, lead, channel))],
                               channel)
            mine = (results[0].solution if results else None) or first
            results += self._side_by_side(problem, mine, left(), channel, hot)
        return _combined(problem, results, channel)

    def _makespan(self, problem: Problem, start: Solution | None, limits: Limits, channel: Channel) -> Result:
        """Tabu search in one thread; in another bounds, then, where the constraint model is small enough to prove
        anything, that, a second tabu search with polishing, and neighbourhoods of the best; else the second tabu search
        alone. With one worker one after the other."""
        opened = channel.seconds()
        channel.offer_bound(float(trivial_bound(problem)), trivial_source(problem))
        if start is not None:
            channel.offer(start, levels_of(problem, evaluate(problem, start)), "start")
        elif problem.operations > LARGE:
            rules = replace(limits, seconds=limits.seconds * BOUNDS)
            start, _ = DispatchEngine().construct(problem, rules, channel)
        provable = len(problem.mode_resource) <= MODES
        if provable:
            WAITING.warm()

        def left(share: float = 1.0) -> Limits:
            rest = (limits.seconds - channel.seconds() + opened) * share
            return replace(limits, seconds=max(0.01, rest), deterministic=None, workers=max(1, limits.workers - 1))

        def tabu(seed: int, given: Limits, part: Channel, polish: Polish | None = None) -> Result:
            return TabuEngine(polish).solve(problem, start, replace(given, seed=seed), part)

        def neighbourhoods(given: Limits, part: Channel) -> Result:
            return NeighbourhoodEngine().solve(problem, channel.best, given, part)

        if limits.deterministic is not None or limits.workers == 1:
            half = None if limits.deterministic is None else limits.deterministic / 2
            if half is None:
                _bounds(problem, limits.seconds * BOUNDS, channel)

            def turn(share: float) -> Limits:
                return replace(left(share) if half is None else limits, deterministic=half, workers=1)

            members: list[Member] = [("tabu", lambda: tabu(limits.seed, turn(ALONE if provable else 1.0), channel))]
            if provable:
                members.append(("cpsat", lambda: CpSatEngine().solve(
                    problem, channel.best, turn(1.0 if half else 1 - POLISH / (1 - ALONE)), channel)))
            if provable and half is None:
                members.append(("neighbourhoods", lambda: neighbourhoods(turn(1.0), channel)))
            return _combined(problem, _members(members, channel, in_turns=True), channel)
        search = PartChannel(channel)

        def polish(solution: Solution) -> Solution | None:
            # a channel of its own: this is not about the best schedule of all
            alone = Channel(stop=LinkedEvent(search.stop))
            given = replace(left(), seconds=min(POLISH_SECONDS, left().seconds), workers=1)
            found = NeighbourhoodEngine().solve(problem, solution, given, alone)
            channel.failures += alone.failures
            before = levels_of(problem, evaluate(problem, solution))
            return found.solution if found.objective is not None and found.objective < before else None

        def prove() -> Result:
            _bounds(problem, limits.seconds * BOUNDS * 2, channel)
            if provable and not search.stop.is_set():
                for result in _members([("cpsat", lambda: CpSatEngine().solve(
                        problem, channel.best, left(PROVING), search))], channel):
                    if result.status in ("optimal", "infeasible"):
                        search.stop.set()
                        return result
                return _combined(problem, _members([
                    ("tabu", lambda: tabu(limits.seed + 1, left(1 - POLISH), search, polish)),
                    ("neighbourhoods", lambda: neighbourhoods(left(), search))], channel, in_turns=True), channel)
            return tabu(limits.seed + 1, left(), search)

        return _combined(problem, _members([("tabu", prove), ("tabu", lambda: tabu(limits.seed, limits, search))],
                                           channel), channel)

    def _in_turns(self, problem: Problem, start: Solution | None, limits: Limits, channel: Channel,
                  hot: float) -> list[Result]:
        half = Limits(limits.seconds, (limits.deterministic or 0) / 2, limits.target_gap, limits.seed, 1)
        return _members([("annealing", lambda: AnnealingEngine(hot=hot).solve(problem, start, half, channel)),
                         ("cpsat", lambda: CpSatEngine().solve(problem, channel.best or start, half, channel))],
                        channel, in_turns=True)

    def _annealing_only(self, problem: Problem, start: Solution | None, limits: Limits, channel: Channel,
                  hot: float) -> list[Result]:
        if problem.rules is None and problem.operations >= IN_PARTS and limits.workers > 1:
            return [PartsEngine(hot=hot).solve(problem, start, limits, channel)]

        def run(seed: int) -> Result:
            alone = Limits(limits.seconds, None, limits.target_gap, seed, 1)
            return AnnealingEngine(hot=hot).solve(problem, start, alone, channel)

        return _members([("annealing", partial(run, limits.seed + i)) for i in range(limits.workers)], channel)

    def _side_by_side(self, problem: Problem, start: Solution | None, limits: Limits, channel: Channel,
                  hot: float) -> list[Result]:
        search, opened = PartChannel(channel), channel.seconds()

        def left(share: float = 0.0) -> Limits:
            """What is left but for a share of all the time."""
            rest = limits.seconds * (1 - share) + opened - channel.seconds()
            return Limits(max(0.01, rest), None, limits.target_gap, limits.seed + 1, max(1, limits.workers - 1))

        def prove() -> Result:
            polish = 0.0 if problem.rules is not None else POLISH
            proving, model = replace(left(polish), seed=limits.seed), PartChannel(channel)

            def give_up() -> None:
                gap = channel.gap()
                # without a schedule it may be the only one to find one, or to prove that there is none
                if gap is not None and gap > UNPROMISING:
                    model.stop.set()

            timer = threading.Timer(limits.seconds * max(POLISH, limits.seconds / PATIENT), give_up)
            timer.daemon = True
            if problem.rules is None:
                timer.start()
            try:
                # annealing goes on from its own: not every schedule known before can be read as a list
                for result in _members([("cpsat", lambda: CpSatEngine().solve(
                        problem, channel.best or start, proving, model))], channel):
                    if result.status in ("optimal", "infeasible"):
                        search.stop.set()
                        return result
            finally:
                timer.cancel()
            if problem.rules is not None:
                return AnnealingEngine(hot=WARM).solve(problem, channel.best or start, left(), search)
            members: list[Member] = [("neighbourhoods", lambda: NeighbourhoodEngine().solve(
                problem, channel.best or start, left(), search))]
            if left(polish).seconds > limits.seconds * polish:
                members.insert(0, ("annealing", lambda: AnnealingEngine(hot=hot, calm=CALM).solve(
                    problem, start, left(polish), search)))
            return _combined(problem, _members(members, channel, in_turns=True), channel)

        return _members([("annealing", prove), ("annealing", lambda: AnnealingEngine(hot=hot).solve(
            problem, start, limits, search))], channel)


Member = tuple[str, Callable[[], Result]]
"""A part of a solve by name."""


def _members(members: list[Member], channel: Channel, in_turns: bool = False) -> list[Result]:
    """Runs all but the last in threads (kernels release the interpreter) and the last one here, or one after the other.

    One that raises is told (see Channel.fail) and costs nothing that is known already. Raises only InputError, what
    interrupts, and the last error where all failed and nothing is known.
    """
    results: list[Result | None] = [None] * len(members)
    errors: list[Exception] = []
    fatal: list[BaseException] = []

    def run(i: int) -> None:
        name, part = members[i]
        try:
            results[i] = part()
        except (InputError, KeyboardInterrupt, SystemExit) as error:
            fatal.append(error)
        except Exception as error:
            channel.fail(name, error)
            errors.append(error)

    threads = [threading.Thread(target=run, args=(i,), daemon=True) for i in range(len(members) - 1)]
    for thread in threads:
        thread.start()
        if in_turns:
            thread.join()
    run(len(members) - 1)
    for thread in threads:
        thread.join()
    found = [r for r in results if r is not None]
    if fatal or (not found and channel.best is None):
        raise (fatal or errors)[-1]
    return found


def _combined(problem: Problem, results: list[Result], channel: Channel) -> Result:
    """One result of several: the channel's best, the strongest status, the conflict or the missed deadlines of
    whoever knows."""
    status: Status = "not_found"
    if channel.best is not None and channel.objective is not None:
        proven = any(r.status == "optimal" and r.objective == channel.objective for r in results)
        closed = len(problem.levels) == 1 and channel.bound is not None and channel.bound >= channel.objective[0]
        status = "optimal" if proven or closed else "feasible"
        return Result(status, channel.best, channel.objective, channel.bound, channel.bound_source,
                      trace=tuple(channel.trace), failures=tuple(channel.failures))
    for result in results:
        if result.status == "infeasible":
            return Result("infeasible", None, None, result.bound, result.bound_source, result.conflict,
                          trace=tuple(channel.trace), failures=tuple(channel.failures))
    closest = min((r for r in results if r.solution is not None), key=lambda r: len(r.missed), default=None)
    return Result(status, closest.solution if closest else None, closest.objective if closest else None,
                  channel.bound, channel.bound_source, missed=closest.missed if closest else (),
                  trace=tuple(channel.trace), failures=tuple(channel.failures))


class FromDispatch:
    """An engine that begins from the best dispatching rule where no start is given: CP-SAT cold often finds nothing."""

    def __init__(self, inner: Engine, constructor: DispatchEngine) -> None:
        self.name, self.inner, self.constructor = inner.name, inner, constructor

    def solve(self, problem: Problem, start: Solution | None, limits: Limits, channel: Channel) -> Result:
        opened = channel.seconds()
        WAITING.warm()
        if start is None:
            start, _ = self.constructor.construct(problem, replace(limits, seconds=limits.seconds * 0.2), channel)
        left = replace(limits, seconds=max(0.01, limits.seconds - channel.seconds() + opened))
        return self.inner.solve(problem, start, left, channel)


def _bounds(problem: Problem, seconds: float, channel: Channel) -> None:
    """Offers ever better bounds for so long; where that fails it is told, and the bounds so far hold."""
    try:
        _offer_bounds(problem, seconds, channel)
    except Exception as error:
        channel.fail("bounds", error)


def _offer_bounds(problem: Problem, seconds: float, channel: Channel) -> None:
    for value in makespan_bound(problem, seconds, channel.objective[0] if channel.objective else None, channel.stop):
        channel.offer_bound(float(value), "loads with heads and tails")
        if channel.gap() == 0:
            break


ENGINES: dict[str, Callable[[], Engine]] = {
    "auto": PortfolioEngine, "dispatch": DispatchEngine, "annealing": AnnealingEngine, "tabu": TabuEngine,
    "cpsat": lambda: FromDispatch(CpSatEngine(), DispatchEngine())}


def engine(name: str) -> Engine:
    """The engine of that name; raises KeyError for any other."""
    return ENGINES[name]()


__all__ = ["ENGINES", "PortfolioEngine", "engine"]
