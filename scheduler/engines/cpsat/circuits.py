"""Reconfigurations: working time, and the circuit of immediate successors on every resource that needs it."""

from __future__ import annotations

from scheduler.engines.cpsat.draft import Draft, Expr
from scheduler.engines.cpsat.spans import Spans


def add_working_time(m: Draft) -> None:
    """W(start) of every operation on the calendars of resources with setups, in clocks[operation, calendar].

    start = W + closed time before it. With one window that is a constant. Otherwise a literal per closed period,
    start at or after its end, adds its length: exact at every possible start, and only enforced where the operation
    is on that calendar.
    """
    f = m.facts
    wanted = {
        (f.owner[k], f.calendar_of[r]) for r in range(f.problem.resources) if f.with_setups[r] for k in m.spans.on(r)
    }
    for o, c in sorted(wanted):
        m.clocks[o, c] = _clock(m, o, c)


def _clock(m: Draft, o: int, c: int) -> Expr:
    f, calendar = m.facts, m.facts.calendars[c]
    here = [k for k in m.spans.live[o] if f.calendar_of[f.resource[k]] == c]
    low, high = min(m.spans.low[k] for k in here), max(m.spans.high[k] for k in here)
    hinted = m.hinted("start", o)
    inside = hinted is not None and m.hint is not None and f.calendar_of[f.resource[m.hint.mode[o]]] == c
    closed: Expr = low - calendar.work(low)
    passed: list[Expr] = []
    for i in calendar.gaps:
        if low < calendar.start[i] <= high:
            literal = m.literal(None if hinted is None else hinted >= calendar.start[i])
            m.cp.add(m.start[o] >= calendar.start[i]).only_enforce_if(literal)
            m.cp.add(m.start[o] < calendar.start[i]).only_enforce_if(~literal)
            if passed:
                m.cp.add_implication(literal, passed[-1])
            passed.append(literal)
            closed = closed + (calendar.start[i] - calendar.end[i - 1]) * literal
    if not passed:
        return m.start[o] - closed
    least, most = calendar.work(low), calendar.work(high)
    value = calendar.work(hinted) if inside and hinted is not None else least
    work = m.integer(least, most, value)
    link = m.cp.add(m.start[o] == work + closed)
    if len(here) < len(m.spans.live[o]):
        on = m.literal(inside)
        m.cp.add(sum(m.present[k] for k in here) == on)
        link.only_enforce_if(on)
    return work


def excluded(spans: Spans, before: int, after: int) -> bool:
    """Whether precedence, time windows or an order that is kept rule out that mode `after` runs right after mode
    `before` on their resource; -1 for none."""
    f = spans.facts
    if f.kept_after and (before < 0 or before in f.kept_after) and (after < 0 or after in f.kept_before):
        return f.kept_after.get(before, before) != after and f.kept_before.get(after, after) != before
    if before < 0 or after < 0:
        return False
    a, b = f.owner[before], f.owner[after]
    if a == b or (f.ancestors[a] >> b) & 1:
        return True
    return bool(spans.low[before] + f.duration[before] > spans.high[after])


def add_circuits(m: Draft) -> None:
    """The modes on a resource in one circuit through a dummy node; an arc a -> b enforces W(b) >= W(a) + duration +
    setup.

    Setups are looked up by configuration. The arc out of the dummy carries the change from the initial configuration.
    """
    f = m.facts
    m.arcs = [{} for _ in range(f.problem.resources)]
    m.entering_arcs = [[] for _ in range(f.n)]
    for r, with_setups in enumerate(f.with_setups):
        if with_setups and not m.stopped():
            _add_circuit(m, r, m.spans.on(r))


def _add_circuit(m: Draft, r: int, modes: list[int]) -> None:
    f = m.facts
    c = f.calendar_of[r]
    node = {k: i + 1 for i, k in enumerate(modes)}
    follows = m.hint.follows if m.hint else set()
    rows: list[tuple[int, int, Expr]] = []

    def arc(before: int, after: int) -> Expr:
        literal = m.literal((before, after) in follows)
        m.arcs[r][before, after] = literal
        rows.append((node.get(before, 0), node.get(after, 0), literal))
        return literal

    for b in modes:
        if len(m.spans.live[f.owner[b]]) > 1:
            rows.append((node[b], node[b], ~m.present[b]))
        if not excluded(m.spans, b, -1):
            arc(b, -1)
        if not excluded(m.spans, -1, b):
            _arrive(m, r, -1, b, arc(-1, b), m.clocks[f.owner[b], c])
        for a in modes:
            if not excluded(m.spans, a, b):
                _arrive(m, r, a, b, arc(a, b), m.clocks[f.owner[b], c])
    if all(len(m.spans.live[f.owner[b]]) > 1 for b in modes):
        chosen = None if m.hint is None else not any(m.chosen(b) for b in modes)
        unused = m.literal(chosen)
        rows.append((0, 0, unused))
        for b in modes:
            # operations of zero duration could otherwise form a circuit that leaves the dummy out
            m.cp.add_implication(unused, ~m.present[b])
    if modes:
        m.cp.add_circuit(rows)


def _arrive(m: Draft, r: int, before: int, after: int, literal: Expr, clock: Expr) -> None:
    f = m.facts
    state = f.state[before] if before >= 0 else int(f.problem.initial_state[r])
    time, cost = f.setup(r, state, f.state[after])
    if cost:
        m.entering_arcs[f.owner[after]].append((cost, literal, r))
    if before >= 0:
        ready = m.clocks[f.owner[before], f.calendar_of[r]] + f.duration[before] + time
        m.cp.add(clock >= ready).only_enforce_if(literal)
        if f.duration[before] == f.duration[after] == 0 and f.calendar(after).gaps:
            # the end of a window and the start of the next are the same working time
            m.cp.add(m.start[f.owner[after]] >= m.start[f.owner[before]]).only_enforce_if(literal)
    elif time:
        m.cp.add(clock >= time).only_enforce_if(literal)
