"""Earliest starts and latest ends of operations in a shop with rules, and whether the horizon cuts off nothing better.

Two arguments bound the ends.

1. Caps (budgets, deadlines, the value of a schedule we have): a cap on the makespan bounds every end; an order that is
   made has a completion bounded by its deadline, and by what its lateness may cost at most once all others cost the
   least they can. What must precede a bounded operation is bounded too.
2. Time can be cut out. After the tick `rest` no window opens or closes, no pool changes, and no date (release, due
   date, pin, announced start) is left. Take a best schedule and a stretch after `rest` in which nothing runs, prepares
   or is carried, longer than every lag and campaign: cut one tick out of it. All durations stay, all waiting gets
   shorter or stays, loads keep their order, no cost rises. So some best schedule has only short idle stretches after
   `rest`, and ends by `rest` plus all durations, preparations and transports plus that many stretches.

Within the last window of a calendar that ends, the calendar counts as open for good; the horizon is exact only if no
operation reaches that end: nobody says here whether the shop is closed later or just not described.
"""

from __future__ import annotations

from dataclasses import dataclass

from scheduler.engines.cpsat.rules.shop import NEVER, Shop
from scheduler.problem.problem import MICRO, TERMS

GUESS = 4
MATERIAL, REFUSAL = TERMS.index("material"), TERMS.index("refusal")


@dataclass(eq=False)
class Spans:
    """Per operation the earliest start and the latest end; end: no operation ends later; exact: cuts off nothing
    better."""

    low: list[int]
    latest: list[int]
    end: int
    exact: bool


def rounded(micros: int) -> int:
    """Micros as whole hundredths, half up."""
    return (micros + MICRO // 2) // MICRO


def spans(shop: Shop, caps: list[int], focus: int = NEVER) -> Spans:
    """Bounds under the caps (one per measure, NEVER: none). focus: where nothing can be proved, nothing after this
    tick is looked at."""
    low, low_end = heads(shop)
    least, made = floors(shop)
    jobs = _job_bounds(shop, caps, low_end, least, made)
    steady = _steady(shop)
    latest = _latest(shop, jobs, min(caps[1], steady))
    exact = all(e <= _known(shop, o) for o, e in enumerate(latest) if not shop.fact[o])
    if not exact:
        described = max((_known(shop, o) for o in range(shop.n)), default=0)
        limit = min(focus if focus < NEVER else _guess(shop), described)
        latest = _latest(shop, jobs, min(caps[1], limit))
    return Spans(low, latest, max([*latest, int(shop.rules.now), 1]), exact)


def heads(shop: Shop) -> tuple[list[int], list[int]]:
    """(earliest start, earliest end) of each operation if no resource were ever busy and all overtime bought."""
    low, low_end = [0] * shop.n, [0] * shop.n
    for o in shop.order:
        if shop.fact[o]:
            low[o], low_end[o] = shop.fixed_start[o], shop.fixed_end[o]
            continue
        ready = max(shop.release[o], shop.fixed_start[o])
        for arc in shop.arcs_to[o]:
            if shop.implied(o, arc.before):
                lag = min((shop.lag(k, m) for k in shop.modes[arc.before] for m in shop.modes[o]), default=0)
                done = low_end[arc.before]
                if arc.head is not None:
                    done = low[arc.before] + min(shop.least_ticks(k, arc.head[k]) for k in shop.modes[arc.before])
                    done = min(done, low_end[arc.before])
                ready = max(ready, done + arc.least + lag)
        low[o] = ready
        low_end[o] = ready + min(shop.least_ticks(m, shop.duration[m]) for m in shop.modes[o])
    return low, low_end


def floors(shop: Shop) -> tuple[list[int], list[int]]:
    """Per account the least weighted money, and for jobs the least if they are made."""
    p, rules = shop.problem, shop.rules
    weights = [int(w) for w in p.weights]
    sure: list[dict[int, int]] = [{MATERIAL: int(f)} for f in p.fixed_cost]
    # weighted micros of operations whose term is open or that may be left out, and the terms they may go to
    open_micros, open_terms = [0] * p.accounts, [set[int]() for _ in range(p.accounts)]
    for o, modes in enumerate(shop.modes):
        a, terms = shop.account[o], {int(rules.mode_term[m]) for m in modes}
        cost = [int(p.mode_cost[m]) - (int(rules.mode_shared[m]) if shop.batchable(m) else 0) for m in modes]
        if len(terms) == 1 and rules.branch[o] < 0:
            term = next(iter(terms))
            sure[a][term] = sure[a].get(term, 0) + min(cost)
        elif len(terms) > 1 or min(cost) < 0:
            least = min(weights[int(rules.mode_term[m])] * c for m, c in zip(modes, cost))
            open_micros[a] += least if rules.branch[o] < 0 else min(0, least)
            open_terms[a] |= terms
    made = []
    for a in range(p.accounts):
        # each sum that is rounded twice loses less than one unit
        rest = (open_micros[a] - MICRO * sum(weights[t] for t in open_terms[a])) // MICRO
        made.append(sum(weights[t] * rounded(x) for t, x in sure[a].items()) + (rest if open_terms[a] else 0))
    found = list(made)
    for j in range(p.jobs):
        if rules.refuse_cost[j] < NEVER:
            found[j] = min(made[j], weights[REFUSAL] * rounded(int(rules.refuse_cost[j])))
    return found, made


def _job_bounds(shop: Shop, caps: list[int], low_end: list[int], least: list[int], made: list[int]) -> list[int]:
    """Latest completion of each job if it is made, NEVER where there is none."""
    p = shop.problem
    bound = [min(NEVER, int(d)) for d in p.deadline]
    weight, due, release = p.weight.tolist(), p.due.tolist(), p.job_release.tolist()
    lead = _least_leads(shop, low_end)
    for j in range(p.jobs):
        if weight[j] > 0 and caps[2] < NEVER and due[j] < NEVER:
            bound[j] = min(bound[j], due[j] + max(0, caps[2]) // weight[j])
        if weight[j] > 0 and caps[3] < NEVER:
            bound[j] = min(bound[j], release[j] + (caps[3] - sum(lead) + lead[j]) // weight[j])
        rate = int(p.late_rate[j])
        if caps[0] < NEVER and int(p.weights[3]) > 0 and rate > 0 and due[j] < NEVER:
            units = max(0, caps[0] - (sum(least) - least[j]) - made[j]) // int(p.weights[3])
            bound[j] = min(bound[j], due[j] + (units * MICRO + MICRO // 2 - 1) // rate)
    return bound


def _least_leads(shop: Shop, low_end: list[int]) -> list[int]:
    """Least priority x lead time of each job."""
    p, found = shop.problem, []
    for j in range(p.jobs):
        done = [low_end[o] for o in shop.own[j]]
        sure = [low_end[o] for o in shop.own[j] if shop.rules.branch[o] < 0]
        first = max(sure) if sure else min([*done, int(p.job_release[j])])
        value = int(p.weight[j]) * (first - int(p.job_release[j]))
        found.append(min(0, value) if shop.rules.refuse_cost[j] < NEVER else value)
    return found


def floor(shop: Shop, measure: str) -> int:
    """A bound of a measure that costs nothing."""
    if measure == "money":
        return sum(floors(shop)[0])
    low_end = heads(shop)[1]
    if measure == "makespan":
        sure = [e for o, e in enumerate(low_end) if not shop.conditional(o)]
        return max(sure, default=0)
    return sum(_least_leads(shop, low_end)) if measure == "lead_time" else 0


def _latest(shop: Shop, jobs: list[int], limit: int) -> list[int]:
    supply = shop.rules.supply
    latest = [min(limit, int(shop.rules.latest_end[o]),
                  jobs[a] if a < len(jobs) and not supply[o] else NEVER) for o, a in enumerate(shop.account)]
    for o in reversed(shop.order):
        if shop.fact[o]:
            latest[o] = shop.fixed_end[o]
            continue
        for arc in shop.arcs_from[o]:
            b = arc.after
            if shop.fact[b] or not shop.implied(o, b) or latest[b] >= NEVER:
                continue
            room = 0 if arc.head is not None else min(shop.least_ticks(m, shop.duration[m]) for m in shop.modes[b])
            lag = min(shop.lag(k, m) for k in shop.modes[o] for m in shop.modes[b])
            latest[o] = min(latest[o], latest[b] - room - arc.least - lag)
    return latest


def _known(shop: Shop, o: int) -> int:
    """How far the calendars that operation o may use are described."""
    used = {c for m in shop.modes[o] for c in (
        shop.calendar_of[m], shop.setup_calendar_of[m], int(shop.problem.calendar[shop.resource[m]]))}
    return min((shop.clocks[c].last for c in used if shop.clocks[c].segments), default=0)


def _rest(shop: Shop) -> int:
    """The tick after which nothing given changes any more."""
    p, rules = shop.problem, shop.rules
    dates = [int(rules.now), *shop.release, *(s + 1 for s in shop.fixed_start),
             *(int(t) for t in rules.pool_time if t < NEVER), *(int(t) + 1 for t in rules.ref_start),
             *(int(e) + 1 for e in rules.fixed_end), *(int(d) + 1 for d in p.due if d < NEVER)]
    for clock in shop.clocks:
        if clock.segments:
            last = clock.segments[-1]
            dates.append(last.end if last.ids else last.start)
    return max(dates)


def _steady(shop: Shop) -> int:
    """Argument 2: the tick by which some best schedule is over."""
    p, rules = shop.problem, shop.rules
    busy = 0
    for modes in shop.modes:
        busy += max(_worst(shop, m) for m in modes)
    transport = int(p.transport.max(initial=0))
    carried = len(p.pred) if rules.vehicle_pool >= 0 else 0
    idle = max([0, int(rules.campaign.max(initial=0)), int(rules.arc_min.max(initial=0)) + transport]) + 1
    return _rest(shop) + busy + carried * transport + (2 * shop.n + carried + 1) * idle


def _worst(shop: Shop, m: int) -> int:
    """Most ticks of run and preparation of a mode once nothing changes any more."""
    p, r = shop.problem, shop.resource[m]
    segments = shop.clocks[shop.calendar_of[m]].segments
    ticks = -(-shop.duration[m] * int(shop.rules.pace) // max(1, segments[-1].rate)) + 1 if segments else 0
    if shop.unlimited[r]:
        return ticks
    a, size = int(p.setup_first[r]), int(p.states[r])
    return ticks + max((int(p.setup_time[a + x * size + shop.state[m]]) for x in range(size)), default=0)


def _guess(shop: Shop) -> int:
    return _rest(shop) + GUESS * (_steady(shop) - _rest(shop))
