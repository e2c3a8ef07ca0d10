"""Tabu search for the makespan where nothing but operations, arcs, resources and reconfigurations counts.

It runs in chunks of moves whose parameters are drawn anew each time; after a chunk without gain it sometimes goes back
to the best schedule of the run. A run that no longer gains ends: its best enters a small elite, and the next run begins
from another dispatching schedule until the elite is full, then from a schedule between two of the elite. The first run
begins with the best of many randomised dispatching schedules, or one that is given. The same seed and deterministic
limit repeat exactly. Sources: see tabu_kernel and tabu_elite.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from scheduler.engines.contract import Channel, Limits, Result
from scheduler.engines.midway import positions
from scheduler.engines.tabu_elite import Elite, Kept, kept_of, put_back, relink
from scheduler.engines.tabu_graph import MOST, TOP, Net, Tour, longest, rebuild
from scheduler.engines.tabu_kernel import search
from scheduler.engines.tabu_start import construct, remaining
from scheduler.errors import InputError, Mistake
from scheduler.problem.evaluate import evaluate, levels_of, timed
from scheduler.problem.problem import FAR, Problem, Solution

UNIT = 3_000_000
"""Moves times operations in a chunk, and in one unit of deterministic work."""
CHUNK = 20_000
"""Moves in a chunk at most."""
TENURES = (2, 5, 8, 12, 16)
"""Eighths of the length of the critical path for which a mode left stays tabu."""
LONGER = (0, 2, 6)
"""Twice the weight of the ticks that a mode takes more."""
EXACT = (1, 1, 5)
"""Candidates looked at exactly, of which 1 is none."""
EXACT_UP_TO = 5_000
"""Operations beyond which none is, as each look passes over all of them."""
FIRST_PATIENCE, PATIENCE = 100_000, 50_000
"""Moves without gain after which the first run and a later one ends."""
BACK = 0.15
"""Odds of going back to the best schedule of the run after a chunk without gain."""
ADOPT = 0.2
"""Odds of taking over a better schedule of somebody else after a chunk without gain."""
STARTS = 12
"""Randomised dispatching schedules at least."""
MANY, SHORT, LONG = 600, 0.3, 1.0
"""Operations from which randomised dispatching has LONG seconds instead of SHORT: more gained nothing that tabu search
did not find as soon (measured)."""
NEARLY = 1.01
"""Times the best makespan up to which the best of a run is polished."""
TRUST, GAINED = 5, 2
"""How often that may be in vain at first, and how often more after each time it was not."""
FRESH = 8
"""Randomised dispatching schedules of which a later run takes the best."""


def suits(problem: Problem) -> bool:
    """Whether the makespan is all that counts, and nothing but reconfigurations stands between operations: no closed
    time, no transport, nothing fixed, no limits on anything else."""
    if problem.rules is not None or problem.levels != ("makespan",) or not problem.operations:
        return False
    open_ = np.diff(problem.window_first)
    always = (open_ == 1).all() and (problem.window_start == 0).all()
    fixed = [a for a in (problem.fixed_mode, problem.fixed_start) if len(a) and (a >= 0).any()]
    return bool(always and not problem.transport.any() and not fixed
                and (problem.deadline >= FAR).all() and (problem.budgets >= FAR).all())


def net_of(problem: Problem) -> Net:
    def ints(a: np.ndarray) -> np.ndarray:
        return np.ascontiguousarray(a, dtype=np.int64)

    owner = np.repeat(np.arange(problem.operations), np.diff(problem.mode_first))
    pairs = np.unique(problem.mode_resource * problem.operations + owner) // problem.operations
    room = np.concatenate(([0], np.cumsum(np.bincount(pairs, minlength=problem.resources))))
    return Net(ints(problem.mode_first), ints(problem.mode_resource), ints(problem.mode_duration),
               ints(problem.mode_state), ints(np.array([problem.setup_time.any()])), ints(problem.initial_state),
               ints(problem.states), ints(problem.setup_first), ints(problem.setup_time),
               ints(problem.pred_first), ints(problem.pred), ints(problem.succ_first), ints(problem.succ),
               ints(problem.release), np.flatnonzero(np.diff(problem.succ_first) == 0).astype(np.int64), ints(room))


def tour_of(net: Net, seed: int) -> Tour:
    n, modes, room, resources = len(net.release), len(net.mode_resource), int(net.room[-1]), len(net.room) - 1

    def ints(*shape: int) -> np.ndarray:
        return np.zeros(shape, dtype=np.int64)

    luck = np.array([(seed * 2685821657736338717 + 88172645463325252) % (1 << 64) or 1], dtype=np.uint64)
    counts = ints(4)
    counts[1] = MOST
    return Tour(mode=ints(n), duration=ints(n), seq=ints(room), length=ints(resources), before=ints(n), after=ints(n),
                place=ints(n), head=ints(n), tail=ints(n), order=ints(n), rank=ints(n), dirty=ints(n), buffer=ints(n),
                path=ints(n), tabu=ints(modes), best_mode=ints(n), best_seq=ints(room), best_length=ints(resources),
                counts=counts, luck=luck, top=ints(TOP + 1, 3), top_value=ints(TOP + 1), other_head=ints(n),
                other_tail=ints(n))


Polish = Callable[[Solution], Solution | None]
"""Makes a better schedule of one, None where it finds none."""


class TabuSearch:
    """The state of one search, the best schedule it has seen and the best of the run it is in. polish: see
    _polished."""

    def __init__(self, problem: Problem, seed: int, polish: Polish | None = None) -> None:
        self.problem, self.net = problem, net_of(problem)
        self.tour = tour_of(self.net, seed)
        self.random = np.random.default_rng(seed)
        self.elite = Elite()
        self.best: Kept | None = None
        self.run: Kept | None = None
        self.idle, self.patience = 0, FIRST_PATIENCE
        self.polish, self.trust = polish, TRUST
        self.chunk = min(CHUNK, max(200, UNIT // problem.operations))
        self.work = remaining(self.net)
        self.fastest = np.minimum.reduceat(self.net.mode_duration, self.net.mode_first[:-1])
        self.room = np.zeros((4, max(len(self.work), len(self.net.room))), dtype=np.int64)

    def start(self, seconds: Any, limit: float, trials: int) -> Iterator[None]:
        """Randomised dispatching until `limit` by the clock `seconds`, at least STARTS and at most `trials` times; half
        of the parameters near those of the best so far. Yields after the first STARTS and at the end."""
        luck, best = self.random, MOST
        given: tuple[float, ...] = (5.0, 4.0, 0.05)
        for i in range(trials):
            if i == STARTS:
                yield
            if i >= STARTS and seconds() >= limit:
                break
            drawn = self._parameters()
            if i >= STARTS and luck.random() < 0.6:
                drawn = tuple(x * float(np.exp(luck.normal() * w)) for x, w in zip(given, (0.2, 0.25, 0.5)))
            found = self._construct(*drawn)
            if found < best:
                best, given = found, drawn
                self.keep(found)
        assert self.best is not None
        self.go(self.best)
        yield

    def _parameters(self) -> tuple[float, ...]:
        """Urgency, dearness and noise of `construct`, drawn."""
        luck = self.random
        return (float(luck.choice([1, 5, 20, 50])), float(luck.choice([0, 1, 2, 4, 8, 16])),
                float(luck.choice([0.02, 0.05, 0.1, 0.3])))

    def _construct(self, urgency: float, dear: float, noise: float) -> int:
        return int(construct(self.net, self.tour, self.work, self.fastest, max(1, int(urgency)), int(8 * dear),
                             int(1000 * min(0.5, noise)), self.room))

    def begin(self, solution: Solution) -> None:
        """From a schedule that is given."""
        s, resource = self.tour, self.problem.mode_resource[solution.mode]
        s.mode[:] = solution.mode
        s.length[:] = np.bincount(resource, minlength=len(s.length))
        order, place = positions(resource, np.argsort(solution.rank, kind="stable"), len(s.length))
        s.seq[self.net.room[resource[order]] + place] = order
        self.keep(int(rebuild(self.net, s)))

    def keep(self, makespan: int) -> None:
        """Notes the schedule in the tour where it is the best so far."""
        if self.best is None or makespan < self.best.makespan:
            self.best = self.run = kept_of(self.tour, makespan)
            self.idle = 0

    def go(self, kept: Kept) -> None:
        put_back(self.net, self.tour, kept)

    def step(self, target: int, moves: int) -> bool:
        """A chunk of moves; whether it found a better schedule than ever."""
        s, luck = self.tour, self.random
        assert self.best is not None
        assert self.run is not None
        done, before = int(s.counts[0]), self.best.makespan
        s.counts[1] = self.run.makespan
        tenure, longer, exact = (int(luck.choice(choices)) for choices in (TENURES, LONGER, EXACT))
        found = int(search(self.net, s, moves, target, tenure, longer, exact if len(s.mode) <= EXACT_UP_TO else 1))
        done = int(s.counts[0]) - done
        if found < self.run.makespan:
            self.run, self.idle = Kept(found, s.best_mode.copy(), s.best_seq.copy(), s.best_length.copy()), 0
            if found < self.best.makespan:
                self.best = self.run
        else:
            self.idle += done
            if self.idle >= self.patience or done < moves:
                self._next_run()
            elif luck.random() < BACK:
                self.go(self.run)
        return self.best.makespan < before

    def _next_run(self) -> None:
        """Ends the run and begins another, from a schedule between two of the elite where it is full."""
        assert self.run is not None
        assert self.best is not None
        if self.polish and self.trust > 0 and self.run.makespan <= self.best.makespan * NEARLY:
            self._polished(self.polish)
        self.elite.admit(self.run)
        pair = self.elite.pair(self.random)
        if pair is None:
            found = [(self._construct(*self._parameters()), i, kept_of(self.tour, 0)) for i in range(FRESH)]
            self.go(min(found)[2])
        else:
            relink(self.net, self.tour, *pair, self.random)
        self.run = kept_of(self.tour, int(longest(self.net, self.tour)))
        self.tour.tabu[:] = 0
        self.idle, self.patience = 0, PATIENCE

    def _polished(self, polish: Polish) -> None:
        """Lets somebody else improve the best of the run. Trust in that falls with each time in vain."""
        assert self.run is not None
        found = polish(self.solution(self.run))
        self.trust += GAINED if found is not None else -1
        if found is not None:
            self.begin(found)
            self.run = kept_of(self.tour, int(longest(self.net, self.tour)))

    def solution(self, kept: Kept | None = None) -> Solution:
        """That schedule, the best one unless given, timed."""
        kept = kept or self.best
        assert kept is not None
        rank = np.zeros(len(kept.mode), dtype=np.int64)
        for r, size in enumerate(kept.length.tolist()):
            rank[kept.seq[self.net.room[r]: self.net.room[r] + size]] = np.arange(size)
        found = timed(self.problem, kept.mode.copy(), rank)
        assert found is not None
        return found


class TabuEngine:
    """Tabu search from `start`, or from randomised dispatching. Never claims a bound of its own."""

    name = "tabu"

    def __init__(self, polish: Polish | None = None) -> None:
        self.polish = polish
        self.moves = 0

    def solve(self, problem: Problem, start: Solution | None, limits: Limits, channel: Channel) -> Result:
        """Raises InputError for problems it is not made for (see suits)."""
        if not suits(problem):
            raise InputError([Mistake(("engine",), "tabu search knows only the makespan of operations without "
                                      "transport, closed time or other rules",
                                      "use auto or annealing", place="--engine")])
        opened = channel.seconds()
        run = TabuSearch(problem, limits.seed, self.polish)
        budget = None if limits.deterministic is None else max(1, int(limits.deterministic * UNIT / problem.operations))
        if start is not None:
            run.begin(start)
            self._publish(run, channel)
        else:
            share = opened + min(limits.seconds / 8, SHORT if problem.operations < MANY else LONG)
            for _ in run.start(channel.seconds, share, STARTS * 5000 if budget is None else STARTS * 3):
                self._publish(run, channel)
                if channel.gap() == 0:
                    break
        while True:
            target = 0 if channel.bound is None else int(np.ceil(channel.bound - 1e-6))
            best = run.best
            spent = channel.seconds() - opened
            assert best is not None
            left = run.chunk if budget is None else min(run.chunk, budget - int(run.tour.counts[0]))
            gap = channel.gap()
            if best.makespan <= target or spent >= limits.seconds or channel.stop.is_set() or left <= 0 or (
                    gap is not None and gap <= limits.target_gap):
                break
            if run.idle and channel.objective is not None and channel.objective[0] < best.makespan and (
                    channel.best is not None and run.random.random() < ADOPT):
                run.begin(channel.best)
            before = channel.seconds()
            if run.step(target, left):
                self._publish(run, channel)
            if budget is None:
                took = max(1e-4, channel.seconds() - before)
                run.chunk = int(min(CHUNK, run.chunk * 2, max(100, run.chunk * 0.2 / took)))
        self.moves = int(run.tour.counts[0])
        found = run.solution()
        objective = levels_of(problem, evaluate(problem, found))
        return Result("feasible", found, objective, None, trace=tuple(channel.trace))

    def _publish(self, run: TabuSearch, channel: Channel) -> None:
        found = run.solution()
        channel.offer(found, levels_of(run.problem, evaluate(run.problem, found)), self.name)
