"""Operations, their modes and starts; precedence with transport; one operation at a time."""

from __future__ import annotations

from ortools.sat.python import cp_model

from scheduler.engines.cpsat.draft import Draft, Expr


def add_operations(m: Draft) -> None:
    """Start within the windows of the chosen resource; exactly one mode; end; an interval per mode (optional only
    where there are several)."""
    f, s = m.facts, m.spans
    m.intervals = [[] for _ in range(f.problem.resources)]
    for o, live in enumerate(s.live):
        ranges = {k: _ranges(m, k) for k in live}
        if len(live) == 1:
            k = live[0]
            start = m.within(ranges[k], m.hinted("start", o))
            m.start.append(start)
            m.end.append(start + f.duration[k])
            m.present[k] = m.always()
            m.intervals[f.resource[k]].append((k, m.cp.new_fixed_size_interval_var(start, f.duration[k], "")))
        else:
            _add_choice(m, o, live, ranges)


def _ranges(m: Draft, mode: int) -> list[tuple[int, int]]:
    calendar = m.facts.calendar(mode)
    return calendar.ranges(m.facts.duration[mode], m.spans.low[mode], m.spans.high[mode])


def _add_choice(m: Draft, o: int, live: list[int], ranges: dict[int, list[tuple[int, int]]]) -> None:
    f = m.facts
    start = m.within([r for k in live for r in ranges[k]], m.hinted("start", o))
    durations = [f.duration[k] for k in live]
    for k in live:
        m.present[k] = m.literal(m.chosen(k))
        m.cp.add_linear_expression_in_domain(start, _domain(ranges[k])).only_enforce_if(m.present[k])
    m.cp.add_exactly_one(m.present[k] for k in live)
    least, most = min(durations), max(durations)
    end: Expr = start + least
    if least < most:
        earliest = min(m.spans.low[k] + f.duration[k] for k in live)
        latest = max(m.spans.high[k] + f.duration[k] for k in live)
        end = m.integer(earliest, latest, m.hinted("end", o))
        m.cp.add(
            end == start + least + sum((f.duration[k] - least) * m.present[k] for k in live if f.duration[k] > least)
        )
    m.start.append(start)
    m.end.append(end)
    for k in live:
        # of start and length only: with the variable end in it, CP-SAT 9.15 claimed false optima (lengths of zero)
        interval = m.cp.new_optional_fixed_size_interval_var(start, f.duration[k], m.present[k], "")
        m.intervals[f.resource[k]].append((k, interval))


def _domain(ranges: list[tuple[int, int]]) -> cp_model.Domain:
    return cp_model.Domain.from_intervals([list(r) for r in ranges])


def add_precedence(m: Draft) -> None:
    """Start after the end of each predecessor plus the least transport any choice of resources needs."""
    for o, before in enumerate(m.facts.pred):
        for a in before:
            m.cp.add(m.start[o] >= m.end[a] + _least_lag(m, a, o))


def _least_lag(m: Draft, a: int, o: int) -> int:
    if not m.facts.moves:
        return 0
    return min(m.facts.lag(k, x) for k in m.spans.live[a] for x in m.spans.live[o])


def add_transport(m: Draft) -> None:
    """More transport where the chosen locations need it: one constraint per pair of locations, enforced by both."""
    f = m.facts
    if not f.moves:
        return
    at: dict[tuple[int, int], Expr] = {}
    for o, before in enumerate(f.pred):
        for a in before:
            least = _least_lag(m, a, o)
            for x in sorted({f.location[f.resource[k]] for k in m.spans.live[a]}):
                for y in sorted({f.location[f.resource[k]] for k in m.spans.live[o]}):
                    lag = f.transport[x][y]
                    if lag > least:
                        m.cp.add(m.start[o] >= m.end[a] + lag).only_enforce_if(_at(m, a, x, at), _at(m, o, y, at))


def _at(m: Draft, o: int, location: int, made: dict[tuple[int, int], Expr]) -> Expr:
    """Literal: operation o runs at this location."""
    f = m.facts
    if (o, location) not in made:
        here = [k for k in m.spans.live[o] if f.location[f.resource[k]] == location]
        if len(here) == len(m.spans.live[o]):
            made[o, location] = m.always()
        elif len(here) == 1:
            made[o, location] = m.present[here[0]]
        else:
            literal = m.literal(m.hint and m.hint.mode[o] in here)
            m.cp.add(sum(m.present[k] for k in here) == literal)
            made[o, location] = literal
    return made[o, location]


def add_no_overlap(m: Draft) -> None:
    """One operation at a time on every resource."""
    for row in m.intervals:
        if len(row) > 1:
            m.cp.add_no_overlap([interval for _, interval in row])
